//! Tools found, tried, installed or refused, and the counted run, with fake programs as the whole path.
#![cfg(unix)]

use std::path::{Path, PathBuf};

use coverage::tools::{candidates, newest_first};
use expect_test::{Expect, expect};

use crate::scratch::{Run, Scratch, run};

const LOW: [&str; 2] = ["--fail-under", "20"];

/// A path with rustc, cargo and rustup only.
fn bare() -> Scratch {
    let scratch = Scratch::new();
    scratch.fake("rustc", "rustc").fake("cargo", "cargo").fake("rustup", "rustup");
    scratch
}

/// With cargo-llvm-cov and LLVM 19.
fn complete() -> Scratch {
    let scratch = bare();
    scratch
        .fake("cargo-llvm-cov", "cargo-llvm-cov")
        .fake("llvm-cov", "llvm-cov-19")
        .fake("llvm-profdata", "llvm-profdata-19");
    scratch
}

fn with(scratch: &Scratch, words: &[&str], variables: &[(&str, &str)]) -> Run {
    let words: Vec<&str> = ["gate"].iter().chain(words).copied().collect();
    run(scratch.command(&words).envs(variables.iter().copied()))
}

#[track_caller]
fn could_not_measure(run: &Run, expect: Expect) {
    expect.assert_eq(&run.err);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
}

#[test]
fn the_counted_run_has_no_traces_and_says_that_the_gate_is_on() {
    let scratch = complete();
    let run = with(&scratch, &LOW, &[("LU_TRACES", "/somewhere")]);
    assert_eq!((run.code, run.err.as_str()), (0, ""), "quiet in a pipe");
    expect![[r#"
        cargo metadata --no-deps --format-version 1
        trial compiled
        llvm-cov tried
        cargo-llvm-cov clean --workspace
        cargo-llvm-cov --no-clean --no-fail-fast --workspace --json --output-path demo/target/coverage/report.json
        GATE=1 LU_TRACES=absent
    "#]]
    .assert_eq(&scratch.log());
}

#[test]
fn nextest_runs_the_tests_where_it_is_asked_for() {
    let scratch = complete();
    let asked = with(&scratch, &["--fail-under", "20", "--runner", "nextest"], &[]);
    assert_eq!(asked.code, 0, "{}", asked.err);
    let wanted = "cargo-llvm-cov nextest --no-clean --no-fail-fast --workspace --json --output-path";
    assert!(scratch.log().contains(wanted), "{}", scratch.log());
    let scratch = complete();
    scratch.replace("coverage.toml", "[run]", "[run]\nrunner = \"nextest\"");
    assert_eq!(with(&scratch, &LOW, &[]).code, 0);
    assert!(scratch.log().contains(wanted), "{}", scratch.log());
    let failing = with(&scratch, &LOW, &[("FAKE_FAILING", "1")]);
    assert!(failing.err.contains("cargo install --locked cargo-nextest"), "{}", failing.err);
}

#[test]
fn a_second_run_tries_nothing_and_rebuilds_nothing() {
    let scratch = complete();
    let first = scratch.gate(&LOW);
    let before = scratch.log().len();
    let second = scratch.gate(&LOW);
    assert_eq!(first.out, second.out);
    expect![[r#"
        cargo metadata --no-deps --format-version 1
        cargo-llvm-cov clean --profraw-only
        cargo-llvm-cov --no-clean --no-fail-fast --workspace --json --output-path demo/target/coverage/report.json
        GATE=1 LU_TRACES=absent
    "#]]
    .assert_eq(&scratch.log()[before..]);
    // Other dependencies give programs other names: those that lie there must not be counted.
    let before = scratch.write("Cargo.lock", "version = 4\n").log().len();
    scratch.gate(&LOW);
    assert!(scratch.log()[before..].contains("cargo-llvm-cov clean --workspace"));
    // So does somebody else who builds there.
    std::fs::create_dir_all(scratch.path("target/llvm-cov-target/debug/deps")).unwrap();
    let before = scratch.write("target/llvm-cov-target/debug/deps/cmdlib-0123", "").log().len();
    scratch.gate(&LOW);
    assert!(scratch.log()[before..].contains("cargo-llvm-cov clean --workspace"));
}

#[test]
fn failing_tests_are_shown() {
    let run = with(&complete(), &[], &[("FAKE_FAILING", "1")]);
    let mut lines: Vec<&str> = run.err.lines().collect();
    lines[..2].sort_unstable(); // two pipes have no order between them
    expect![[r#"
        error: test failed
        test a_test ... FAILED
        could not measure: the counted run failed with exit status: 101
          where     `cargo llvm-cov --workspace --json`, output above
          expected  a workspace that builds, and tests that pass
          do        make `GATE=1 cargo test --workspace` pass"#]]
    .assert_eq(&lines.join("\n"));
    assert_eq!((run.code, run.out.as_str()), (2, ""));
}

#[test]
fn the_report_of_an_earlier_run_is_not_judged() {
    let scratch = complete();
    assert_eq!(scratch.gate(&LOW).code, 0);
    could_not_measure(
        &with(&scratch, &LOW, &[("FAKE_SILENT", "1")]),
        expect![[r#"
        could not measure: there is no report: No such file or directory (os error 2)
          where     target/coverage/report.json
          expected  a report from a run that went well
          do        run it by hand: `cargo llvm-cov --workspace --json`
    "#]],
    );
}

#[test]
fn no_install_names_the_commands() {
    could_not_measure(
        &bare().gate(&["--no-install"]),
        expect![[r#"
        could not measure: tools are missing: llvm-cov and llvm-profdata; cargo-llvm-cov
          where     looked at LLVM_COV and LLVM_PROFDATA, the toolchain, the path, target/tools/bin
          expected  tools that read this compiler's profiles, or leave to install them (no `--no-install`)
          do        rustup component add llvm-tools
                    cargo install --locked cargo-llvm-cov --root target/tools
    "#]],
    );
    let scratch = complete();
    std::fs::remove_file(scratch.home().join("bin/cargo-llvm-cov")).unwrap();
    could_not_measure(
        &scratch.gate(&["--no-install"]),
        expect![[r#"
        could not measure: tools are missing: cargo-llvm-cov
          where     looked at LLVM_COV and LLVM_PROFDATA, the toolchain, the path, target/tools/bin
          expected  tools that read this compiler's profiles, or leave to install them (no `--no-install`)
          do        cargo install --locked cargo-llvm-cov --root target/tools
    "#]],
    );
    assert!(!scratch.log().contains("install"));
}

#[test]
fn what_is_missing_is_installed_and_said() {
    let scratch = bare();
    let run = scratch.gate(&LOW);
    expect![[r#"
        gate: llvm-cov and llvm-profdata missing, running `rustup component add llvm-tools`
        gate: cargo-llvm-cov missing, running `cargo install --locked cargo-llvm-cov --root target/tools`
    "#]]
    .assert_eq(&run.err);
    assert_eq!(run.code, 0);
    assert!(
        scratch
            .log()
            .contains("rustup component add llvm-tools\ncargo install --locked cargo-llvm-cov --root target/tools\n")
    );
    let before = scratch.log().len();
    assert_eq!(scratch.gate(&["--no-install", LOW[0], LOW[1]]).code, 0);
    assert!(!scratch.log()[before..].contains("install"), "what was installed is found");
}

#[test]
fn an_install_that_fails_or_helps_nothing() {
    let scratch = bare();
    scratch.fake("cargo-llvm-cov", "cargo-llvm-cov");
    could_not_measure(
        &with(&scratch, &[], &[("FAKE_BROKEN", "1")]),
        expect![[r#"
        gate: llvm-cov and llvm-profdata missing, running `rustup component add llvm-tools`
        error: no network
        could not measure: a tool is missing and installing it failed with exit status: 1
          where     `rustup component add llvm-tools`
          expected  llvm-cov and llvm-profdata installed
          do        run the command by hand and see what it says; without rustup, set LLVM_COV and LLVM_PROFDATA
    "#]],
    );
    could_not_measure(
        &with(&scratch, &[], &[("FAKE_USELESS", "1")]),
        expect![[r#"
        gate: llvm-cov and llvm-profdata missing, running `rustup component add llvm-tools`
        could not measure: llvm-tools was installed, but none that works is found
          where     looked at LLVM_COV and LLVM_PROFDATA, the toolchain, the path, target/tools/bin
          expected  tools that read this compiler's profiles
          do        set LLVM_COV and LLVM_PROFDATA to tools as new as the compiler's LLVM (`rustc -vV` names it)
    "#]],
    );
    std::fs::remove_file(scratch.home().join("bin/rustup")).unwrap();
    could_not_measure(
        &scratch.gate(&[]),
        expect![[r#"
        gate: llvm-cov and llvm-profdata missing, running `rustup component add llvm-tools`
        could not measure: a tool is missing and can't be installed: No such file or directory (os error 2)
          where     `rustup component add llvm-tools`
          expected  llvm-cov and llvm-profdata installed
          do        run the command by hand and see what it says; without rustup, set LLVM_COV and LLVM_PROFDATA
    "#]],
    );
}

#[test]
fn tools_that_can_not_read_the_profile_are_passed_over() {
    let scratch = bare();
    scratch.fake("cargo-llvm-cov", "cargo-llvm-cov");
    scratch.fake("llvm-cov-old", "llvm-cov-22").fake("llvm-profdata", "llvm-profdata-22");
    scratch.fake("llvm-cov-liar", "llvm-cov-21").fake("llvm-profdata", "llvm-profdata-21");
    could_not_measure(
        &scratch.gate(&["--no-install"]),
        expect![[r#"
        could not measure: tools are missing: llvm-cov and llvm-profdata
          where     looked at LLVM_COV and LLVM_PROFDATA, the toolchain, the path, target/tools/bin
                    llvm-cov-22 on the path: a command failed with exit status: 1: unsupported profile version
                    llvm-cov-21 on the path: its report of a small program is wrong
          expected  tools that read this compiler's profiles, or leave to install them (no `--no-install`)
          do        rustup component add llvm-tools
    "#]],
    );
    scratch.fake("llvm-cov", "llvm-cov-19").fake("llvm-profdata", "llvm-profdata-19");
    assert_eq!(scratch.gate(&["--no-install", LOW[0], LOW[1]]).code, 0);
}

#[test]
fn named_tools_that_do_not_work_are_said() {
    let scratch = complete();
    let fake = |name: &str| crate::scratch::fixtures().join("fakes").join(name).display().to_string();
    let run = with(&scratch, &LOW, &[("LLVM_COV", &fake("llvm-cov-old")), ("LLVM_PROFDATA", &fake("llvm-profdata"))]);
    assert!(run.code == 0 && run.out.contains("note: LLVM_COV and LLVM_PROFDATA: a command failed"), "{}", run.out);
    let run = with(&scratch, &LOW, &[("LLVM_COV", &fake("llvm-cov"))]);
    assert!(run.code == 0 && run.out.contains("are used only if both are set"), "{}", run.out);
}

#[test]
fn without_a_compiler_nothing_can_be_measured() {
    could_not_measure(
        &Scratch::new().gate(&[]),
        expect![[r#"
        could not measure: a command can't be started: No such file or directory (os error 2)
          where     `rustc -vV`
          expected  a Rust toolchain whose tools run
          do        run the command by hand; install Rust with rustup if it is missing
    "#]],
    );
}

#[test]
fn tools_that_answer_nonsense() {
    could_not_measure(
        &with(&complete(), &[], &[("FAKE_MUTE", "1")]),
        expect![[r#"
        could not measure: the compiler does not say what it is
          where     `rustc -vV`
          expected  `rustc VERSION` and a line `host: SYSTEM`
          do        install Rust with rustup, or correct `RUSTC`
    "#]],
    );
    could_not_measure(
        &with(&complete(), &[], &[("FAKE_MUDDLED", "1")]),
        expect![[r#"
        could not measure: cargo's answer can't be read: expected value at line 1 column 1
          where     `cargo metadata`
          expected  an object with `target_directory`
          do        run it by hand and see what it says
    "#]],
    );
    could_not_measure(
        &with(&complete(), &[], &[("FAKE_UNCLEAN", "1")]),
        expect![[r#"
        could not measure: a command failed with exit status: 1: it printed nothing
          where     `cargo-llvm-cov llvm-cov clean --workspace`
          expected  cargo-llvm-cov takes old profiles away
          do        remove target/llvm-cov-target by hand
    "#]],
    );
    could_not_measure(
        &with(&complete(), &[], &[("FAKE_UNINSTRUMENTED", "1")]),
        expect![[r#"
        could not measure: a command failed with exit status: 1: error: can't find crate for profiler_builtins
          where     the trial program in target/tools
          expected  a compiler that builds with `-C instrument-coverage`
          do        build a small program with `rustc -C instrument-coverage` by hand, and see what it says
    "#]],
    );
}

#[test]
fn an_old_report_that_can_not_be_taken_away() {
    let scratch = complete();
    std::fs::create_dir_all(scratch.path("target/coverage/report.json")).unwrap();
    let run = scratch.gate(&LOW);
    assert!(run.code == 2 && run.err.contains("the old report can't be taken away"), "{}", run.err);
}

#[test]
fn arguments_and_variables_of_the_configuration_reach_the_counted_run() {
    let scratch = complete();
    let run_table = "arguments = [\"--all-features\"]\nset = { LU_TRACES = \"given\" }";
    scratch.replace("coverage.toml", "unset = [\"LU_TRACES\"]", run_table);
    assert_eq!(scratch.gate(&LOW).code, 0);
    assert!(scratch.log().ends_with("report.json --all-features\nGATE=1 LU_TRACES=given\n"), "{}", scratch.log());
}

#[test]
fn candidates_are_named_ones_own_ones_then_the_newest() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = |name: &str| {
        std::fs::write(folder.path().join(name), "").unwrap();
        folder.path().join(name)
    };
    for name in
        ["llvm-cov-9", "llvm-profdata-9", "llvm-cov-19", "llvm-profdata-19", "llvm-cov-22", "llvm-cov", "llvm-profdata"]
    {
        file(name);
    }
    let named = Some((PathBuf::from("/my/cov"), PathBuf::from("/my/profdata")));
    let found = candidates(named, Path::new("/nowhere"), &[folder.path().to_owned()]);
    let origins: Vec<&str> = found.iter().map(|pair| pair.origin.as_str()).collect();
    assert_eq!(
        origins,
        ["LLVM_COV and LLVM_PROFDATA", "llvm-cov-19 on the path", "llvm-cov-9 on the path", "llvm-cov on the path"]
    );
    let own = candidates(None, folder.path(), &[]);
    assert_eq!(own[0].origin, "the toolchain's own");
    let names = ["llvm-cov-9", "llvm-cov-19", "llvm-cov-x", "llvm-covx", "gcov"].map(str::to_owned);
    assert_eq!(newest_first(names), ["-19", "-9"]);
}
