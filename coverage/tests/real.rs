//! The gate on a real workspace with the real tools: what the fakes can't show.

use std::process::Command;

use crate::scratch::{Run, Scratch, fixtures, run, say};

/// The binary in the environment of this test, without what an enclosing counted run sets.
fn gate(scratch: &Scratch, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_coverage"));
    command.arg("gate").args(words);
    alone(command, scratch)
}

/// A command in the folder of the scratch.
fn alone(mut command: Command, scratch: &Scratch) -> Command {
    command.current_dir(scratch.path(""));
    for name in ["CARGO_TARGET_DIR", "RUSTFLAGS", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER", "CARGO_ENCODED_RUSTFLAGS"]
    {
        command.env_remove(name);
    }
    command
}

/// Tells whether the tools are there, after the gate was run.
fn has_tools(of: &Run) -> bool {
    // The only skip: a machine without the tools must be able to run `cargo test`.
    let missing = of.code == 2 && of.err.contains("tools are missing");
    if missing {
        say("skipped: cargo-llvm-cov or LLVM's tools are not there; `cargo gate` installs them");
    }
    !missing
}

fn is_counted() -> bool {
    std::env::var_os("GATE").is_some()
}

/// Takes some seconds: it compiles three small crates, twice. Not in a counted run, whose environment would leak in.
#[test]
fn a_real_run_gives_the_committed_report_again_and_again() {
    if is_counted() {
        return;
    }
    let scratch = Scratch::new();
    let words = ["--no-install", "--format", "json", "--fail-under", "20"];
    let first = run(&mut gate(&scratch, &words));
    if !has_tools(&first) {
        return;
    }
    assert_eq!(first.code, 0, "{}", first.err);
    let second = run(&mut gate(&scratch, &words));
    assert_eq!(first.out, second.out, "the same tree, the same lines");

    // A test that is gone leaves no counts behind.
    scratch.replace("checks/tests/all.rs", "assert_eq!(testlib::bench(200), Ok(200));", "");
    let fewer = run(&mut gate(&scratch, &words));
    assert!(fewer.out.contains("\"covered\": 9,\n      \"lines\": 11"), "{}", fewer.out);

    // The committed report was made from these sources; where the compiler is the same, so are the numbers.
    std::fs::copy(fixtures().join("demo/checks/tests/all.rs"), scratch.path("checks/tests/all.rs")).unwrap();
    let committed = run(&mut gate(&scratch, &["--no-run", "report.json", "--format", "json", "--fail-under", "20"]));
    assert_eq!(committed.code, 0, "{}", committed.err);
    let rustc = Command::new("rustc").arg("--version").output().unwrap();
    if String::from_utf8_lossy(&rustc.stdout).starts_with("rustc 1.95.") {
        assert_eq!(first.out, committed.out);
    }

    scratch.replace("checks/tests/all.rs", "Ok(2));", "Ok(3));");
    let failing = run(&mut gate(&scratch, &words));
    assert!(failing.code == 2 && failing.err.contains("test starts ... FAILED"), "{}", failing.err);
}

/// The tests in two parts, each with its own report: merged they cover what one run of all does.
#[test]
fn reports_of_real_shards_are_worth_one_of_all() {
    if is_counted() {
        return;
    }
    let scratch = Scratch::new();
    let words = ["--no-install", "--format", "json", "--fail-under", "20"];
    let whole = run(&mut gate(&scratch, &words));
    if !has_tools(&whole) {
        return;
    }
    for (report, tests) in [("1.json", ["starts", "sets_tags"]), ("2.json", ["helpers", "the_gate_is_on"])] {
        let mut command = Command::new("cargo");
        command.args(["llvm-cov", "--workspace", "--json", "--output-path", report, "--", "--exact"]).args(tests);
        let part = run(alone(command, &scratch).env("GATE", "1").env_remove("LU_TRACES"));
        assert_eq!(part.code, 0, "{}", part.err);
    }
    let merged = |reports: &[&str]| {
        let reports = reports.iter().flat_map(|report| ["--no-run", report]);
        run(&mut gate(&scratch, &words[1..].iter().copied().chain(reports).collect::<Vec<_>>()))
    };
    assert_eq!(merged(&["1.json", "2.json"]).out, whole.out);
    assert_ne!(merged(&["1.json"]).out, whole.out, "a part covers less");
}
