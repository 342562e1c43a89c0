//! The gate on a real workspace with the real tools: what the fakes can't show.

use std::process::Command;

use crate::scratch::{Scratch, fixtures, run};

/// The binary in the environment of this test, without what an enclosing counted run sets.
fn gate(scratch: &Scratch, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_coverage"));
    command.arg("gate").args(words).current_dir(scratch.path(""));
    for name in ["CARGO_TARGET_DIR", "RUSTFLAGS", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER", "CARGO_ENCODED_RUSTFLAGS"]
    {
        command.env_remove(name);
    }
    command
}

/// Takes some seconds: it compiles three small crates, twice. Not in a counted run, whose environment would leak in.
#[test]
fn a_real_run_gives_the_committed_report_again_and_again() {
    if std::env::var_os("GATE").is_some() {
        return;
    }
    let scratch = Scratch::new();
    let words = ["--no-install", "--format", "json", "--fail-under", "20"];
    let first = run(&mut gate(&scratch, &words));
    if first.code == 2 && first.err.contains("tools are missing") {
        // The only skip: a machine without the tools must be able to run `cargo test`.
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
