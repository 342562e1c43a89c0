//! The command with a given report: arguments, configuration, sources, baseline.

use std::process::Stdio;

use expect_test::{Expect, expect};

use crate::scratch::{Scratch, run};

const HELD: [&str; 4] = ["--no-run", "report.json", "--fail-under", "20"];

#[track_caller]
fn could_not_measure(scratch: &Scratch, words: &[&str], expect: Expect) {
    let run = scratch.gate(words);
    expect.assert_eq(&run.err);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
}

#[test]
fn bad_arguments_end_with_2() {
    let scratch = Scratch::new();
    for words in [&["--fail-under", "110"][..], &["--format", "xml"], &["--bogus"], &["stray"], &["--no-run"]] {
        let run = scratch.gate(words);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{words:?}");
        assert!(run.err.starts_with("error: "), "{}", run.err);
    }
    assert_eq!(run(&mut scratch.command(&[])).code, 2);
}

#[test]
fn help_names_the_exit_codes_the_environment_and_the_configuration() {
    let help = Scratch::new().gate(&["--help"]);
    assert_eq!(help.code, 0);
    for word in ["EXIT CODES", "GATE=1", "LLVM_PROFDATA", "[product]", "--no-install", "[[beside]]"] {
        assert!(help.out.contains(word), "{word}");
    }
    let widest = help.out.lines().map(str::len).max();
    assert!(widest <= Some(100), "a line has {widest:?} columns");
}

#[test]
fn the_other_commands_explain_themselves_as_well() {
    for (name, words) in [
        ("errors", ["EXIT CODES", "[errors]", "--no-run", "--json"]),
        ("pinned", ["EXIT CODES", "Pin: compile-error", "--may-not-compile", "--json"]),
    ] {
        let help = run(&mut Scratch::new().command(&[name, "--help"]));
        assert_eq!(help.code, 0);
        for word in words {
            assert!(help.out.contains(word), "{name}: {word}");
        }
        let widest = help.out.lines().map(str::len).max();
        assert!(widest <= Some(100), "{name}: a line has {widest:?} columns");
    }
}

#[test]
fn waivers_are_judged_on_the_day_that_is_given() {
    let scratch = Scratch::new();
    scratch.fake("rustc", "rustc");
    scratch.gate(&["--no-run", "report.json", "--fail-under", "20", "--update"]);
    scratch.replace("coverage.baseline", "table.rs 83.33 1", "table.rs 100.00 0");
    let toml = scratch.read("coverage.toml");
    let waiver = "[[waiver]]\nfor = \"cmdlib/src/table.rs\"\nreason = \"soon\"\nuntil = 2026-12-31\n";
    scratch.write("coverage.toml", &format!("{toml}\n{waiver}"));
    let on = |day: &str| scratch.gate(&["--no-run", "report.json", "--fail-under", "20", "--today", day]);
    let run = on("2026-12-31");
    assert!(run.code == 0 && run.out.contains("waived until 2026-12-31: soon"), "{}", run.out);
    let run = on("2027-01-01");
    assert!(run.code == 1 && run.out.contains("its waiver ended with 2026-12-31"), "{}", run.out);
    assert_eq!(on("soon").code, 2);
}

#[test]
fn reports_of_shards_are_merged() {
    let scratch = Scratch::new();
    let one = scratch.gate(&HELD);
    let words: Vec<&str> = HELD.iter().copied().chain(["--no-run", "report.json"]).collect();
    let two = scratch.gate(&words);
    assert_eq!((one.code, one.out), (two.code, two.out));
}

#[test]
fn the_configuration_in_the_help_can_be_read() {
    let help = Scratch::new().gate(&["--help"]).out;
    let text = help.split("coverage.toml\n  [product]").nth(1).unwrap();
    coverage::config::Config::read(&format!("[product]{text}"), "help").unwrap();
}

#[test]
fn a_report_that_is_not_there() {
    could_not_measure(
        &Scratch::new(),
        &["--no-run", "nowhere.json"],
        expect![[r#"
        could not measure: there is no report: No such file or directory (os error 2)
          where     nowhere.json
          expected  a file as `cargo llvm-cov --workspace --json --output-path FILE` writes it
          do        make it, or leave out `--no-run`
    "#]],
    );
}

#[test]
fn a_report_of_other_sources() {
    let scratch = Scratch::new();
    scratch.write("cmdlib/src/generic.rs", "pub fn never() {}\n");
    could_not_measure(
        &scratch,
        &HELD,
        expect![[r#"
        could not measure: the report knows a line 23 of a file with 1 line
          where     cmdlib/src/generic.rs
          expected  a report of these sources
          do        make it anew, or let the gate do so: leave out `--no-run`
    "#]],
    );
    let scratch = Scratch::new();
    std::fs::remove_file(scratch.path("cmdlib/src/generic.rs")).unwrap();
    could_not_measure(
        &scratch,
        &HELD,
        expect![[r#"
        could not measure: the report names cmdlib/src/generic.rs, which is not there
          where     the report
          expected  a report of these sources
          do        make it anew, or let the gate do so: leave out `--no-run`
    "#]],
    );
}

#[test]
fn a_file_that_no_mod_names_is_found() {
    let scratch = Scratch::new();
    scratch.write("cmdlib/src/lu/tags/forgotten.rs", "pub fn check() -> u32 { 3 }\n");
    let run = scratch.fake("rustc", "rustc").gate(&HELD);
    expect![[r#"
        each LU, worst first
          tags/set           50.0 %  (9/18)
              cmdlib/src/lu/tags/set.rs:5  in check
              cmdlib/src/lu/tags/set.rs:7  in check
              cmdlib/src/lu/tags/set.rs:9-14  in check
          instance/startup  100.0 %  (11/11)

        cmdlib               55.7 %  (29/52)
        testlib              83.3 %  (5/6)          not judged

        what to test next, longest first
          6 lines    cmdlib/src/lu/tags/set.rs:9-14  in check
          3 lines    cmdlib/src/generic.rs:2-4       in never
          3 lines    cmdlib/src/generic.rs:6-8       in inl
          3 lines    cmdlib/src/generic.rs:9-11      in konst
          3 lines    cmdlib/src/generic.rs:13-15     in given
          1 line     cmdlib/src/lu/tags/set.rs:5     in check
          1 line     cmdlib/src/lu/tags/set.rs:7     in check
          1 line     cmdlib/src/table.rs:6

          1. cmdlib/src/lu/tags/forgotten.rs was not measured: it has a function body (`check`), but no line in the report; is it in no `mod`, turned off by a `cfg`, or the report made without `--workspace`?
        note: there is no baseline yet: only the thresholds judge (`cargo gate --update` writes one)
        could not measure: 1 finding
    "#]].assert_eq(&run.out);
    assert_eq!(run.code, 2);
    let run = scratch.gate(&["--no-run", "report.json", "--update"]);
    assert_eq!(run.code, 2);
    assert!(!scratch.path("coverage.baseline").exists(), "what was not measured is not written down");
}

#[test]
fn a_file_that_is_not_in_the_report_and_no_rust() {
    let scratch = Scratch::new();
    scratch.write("cmdlib/src/broken.rs", "pub fn check( {\n");
    could_not_measure(
        &scratch,
        &HELD,
        expect![[r#"
        could not measure: a file is not in the report and can't be parsed: cannot parse string into token stream
          where     cmdlib/src/broken.rs
          expected  Rust that says whether it has a function body
          do        correct it, or name it in `product.except`
    "#]],
    );
}

#[test]
fn configurations_that_judge_nothing() {
    let scratch = Scratch::new();
    scratch.replace("coverage.toml", "cmdlib/src/lu/*/**/*.rs", "cmdlib/src/units/*.rs");
    could_not_measure(
        &scratch,
        &HELD,
        expect![[r#"
        could not measure: `cmdlib/src/units/*.rs` means no file, so nothing would be judged
          where     coverage.toml, `units.sources`
          expected  patterns that mean files of this workspace
          do        correct the pattern, or take it out
    "#]],
    );
    let scratch = Scratch::new();
    scratch.replace("coverage.toml", "cmdlib/src/lu/*/**/*.rs", "testlib/src/*.rs");
    could_not_measure(
        &scratch,
        &HELD,
        expect![[r#"
        could not measure: the unit `testlib/src/lib.rs` is no file of the product
          where     coverage.toml
          expected  patterns in `units.sources` that mean files of `product.sources`
          do        correct one of the two
    "#]],
    );
    let scratch = Scratch::new();
    scratch.write("coverage.toml", "");
    could_not_measure(
        &scratch,
        &HELD,
        expect![[r#"
        could not measure: the configuration is empty
          where     coverage.toml
          expected  [product] name, sources, threshold; [units] name, sources, threshold; further [[beside]], [baseline], [run]
          do        correct the file; `coverage gate --help` shows one
    "#]],
    );
    could_not_measure(
        &scratch,
        &["--config", "other.toml"],
        expect![[r#"
        could not measure: the configuration can't be read: No such file or directory (os error 2)
          where     other.toml
          expected  a TOML that says what the product is
          do        write one (`coverage gate --help` shows one), or name it with `--config FILE`
    "#]],
    );
}

#[test]
fn excepted_files_need_not_be_measured() {
    let scratch = Scratch::new();
    scratch.write("cmdlib/src/windows.rs", "pub fn only_there() {}\n");
    assert_eq!(scratch.gate(&HELD).code, 2);
    scratch.replace(
        "coverage.toml",
        "threshold = 90\n\n[units]",
        "except = [\"cmdlib/src/windows.rs\"]\nthreshold = 90\n\n[units]",
    );
    assert_eq!(scratch.gate(&HELD).code, 0);
}

#[test]
fn outside_of_a_workspace() {
    let scratch = Scratch::new();
    let outside = scratch.home();
    let result = run(scratch.command(&["gate"]).current_dir(&outside));
    assert!(result.code == 2 && result.err.contains("there is no workspace here"), "{}", result.err);
}

#[test]
fn a_manifest_that_can_not_be_read() {
    let scratch = Scratch::new();
    scratch.write("Cargo.toml", "[workspace");
    could_not_measure(
        &scratch,
        &HELD,
        expect![[r#"
            could not measure: the manifest is no TOML: unclosed table, expected `]`
              where     Cargo.toml of the workspace
              expected  a manifest that cargo reads
              do        correct it until `cargo metadata` runs
        "#]],
    );
    std::fs::write(scratch.path("Cargo.toml"), [0xff]).unwrap();
    could_not_measure(
        &scratch,
        &HELD,
        expect![[r#"
            could not measure: the manifest can't be read: stream did not contain valid UTF-8
              where     Cargo.toml of the workspace
              expected  a manifest that cargo reads
              do        correct it until `cargo metadata` runs
        "#]],
    );
}

#[test]
fn a_package_alone_is_its_own_workspace() {
    let scratch = Scratch::new();
    scratch.write("Cargo.toml", "[package]\nname = \"alone\"\n");
    assert_eq!(scratch.gate(&HELD).code, 0);
}

#[test]
fn a_source_file_that_can_not_be_read() {
    let scratch = Scratch::new();
    std::fs::write(scratch.path("cmdlib/src/types.rs"), [0xff]).unwrap();
    could_not_measure(
        &scratch,
        &HELD,
        expect![[r#"
        could not measure: a source file can't be read: stream did not contain valid UTF-8
          where     cmdlib/src/types.rs
          expected  Rust in UTF-8
          do        correct it, or name it in `product.except`
    "#]],
    );
}

#[test]
fn from_a_folder_inside_the_workspace() {
    let scratch = Scratch::new();
    let inside = scratch.path("cmdlib/src");
    let result =
        run(scratch.command(&["gate", "--no-run", "../../report.json", "--fail-under", "20"]).current_dir(inside));
    assert_eq!(result.code, 0, "{}", result.err);
}

#[test]
fn update_writes_a_baseline_that_then_judges() {
    let scratch = Scratch::new();
    scratch.fake("rustc", "rustc");
    let run = scratch.gate(&["--no-run", "report.json", "--fail-under", "20", "--update"]);
    assert_eq!(run.code, 0);
    assert!(run.out.contains("note: coverage.baseline written: 4 files"), "{}", run.out);
    expect![[r#"
        # What each file had reached. Written by `cargo gate --update`; `cargo gate --help` says how it is judged.
        # path, percentage of lines, uncovered lines
        compiler: rustc 1.90.0 (fake)
        system: fake-system
        product: 55.76 23
        cmdlib/src/generic.rs 23.52 13
        cmdlib/src/lu/instance/startup.rs 100.00 0
        cmdlib/src/lu/tags/set.rs 50.00 9
        cmdlib/src/table.rs 83.33 1
    "#]]
    .assert_eq(&scratch.read("coverage.baseline"));

    assert!(!scratch.gate(&HELD).out.contains("note"));
    scratch.replace("coverage.baseline", "table.rs 83.33 1", "table.rs 100.00 0");
    let run = scratch.gate(&HELD);
    assert!(run.code == 1 && run.out.contains("table.rs fell from 100.00 % with 0 lines uncovered"), "{}", run.out);
    let run = scratch.gate(&["--no-run", "report.json", "--fail-under", "20", "--update"]);
    assert_eq!(run.code, 1, "what fell stays red");
    assert!(scratch.read("coverage.baseline").contains("table.rs 100.00 0"));
}

#[test]
fn update_needs_a_compiler_to_record() {
    could_not_measure(
        &Scratch::new(),
        &["--no-run", "report.json", "--update"],
        expect![[r#"
        could not measure: the baseline can't be written: it records the compiler, and there is none
          where     `rustc -vV`
          expected  the compiler that the report was made with
          do        install Rust with rustup
    "#]],
    );
}

#[test]
fn a_baseline_that_can_not_be_written() {
    let scratch = Scratch::new();
    scratch.fake("rustc", "rustc").replace(
        "coverage.toml",
        "[run]",
        "[baseline]\nfile = \"nowhere/coverage.baseline\"\n\n[run]",
    );
    could_not_measure(
        &scratch,
        &["--no-run", "report.json", "--update"],
        expect![[r#"
        could not measure: the baseline can't be written: No such file or directory (os error 2)
          where     nowhere/coverage.baseline
          expected  a file that can be written
          do        correct its permissions, or the path
    "#]],
    );
}

#[test]
fn a_baseline_that_can_not_be_read_is_no_pass() {
    let scratch = Scratch::new();
    scratch.write("coverage.baseline", "");
    could_not_measure(
        &scratch,
        &HELD,
        expect![[r#"
        could not measure: the baseline is empty
          where     coverage.baseline
          expected  `compiler: ..`, `system: ..`, `product: PERCENT UNCOVERED`, then sorted lines `PATH PERCENT UNCOVERED`
          do        take the committed file again, then write it with `cargo gate --update`
    "#]],
    );
}

#[test]
fn without_a_compiler_only_the_thresholds_judge() {
    let scratch = Scratch::new();
    scratch.write("coverage.baseline", "compiler: rustc 1.90.0 (fake)\nsystem: fake-system\nproduct: 99.00 0\n");
    let run = scratch.gate(&HELD);
    assert!(run.code == 0 && run.out.contains("this is unknown: only the thresholds judge"), "{}", run.out);
}

#[test]
fn a_reader_that_closes_the_pipe_is_no_error() {
    let scratch = Scratch::new();
    let mut command = scratch.command(&["gate", "--no-run", "report.json", "--fail-under", "20", "--format", "json"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}
