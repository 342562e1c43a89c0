//! What is read of other programs.

use std::process::Command;

use coverage::process;
use coverage::progress::Progress;

/// Cargo's own words on standard error came between two lines of a test's report, and were read as its reason.
#[test]
fn standard_output_is_read_apart_from_errors() {
    let mut command = Command::new("sh");
    command.args(["-c", "echo panicked at; echo error: test failed >&2; echo why"]);
    let ran = process::watch(&mut command, "running", &mut Progress::on_stderr()).unwrap();
    assert_eq!(ran.out, "panicked at\nwhy\n");
    assert!(ran.text.contains("error: test failed\n"), "{}", ran.text);
}
