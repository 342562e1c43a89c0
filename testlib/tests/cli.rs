//! The command `lu` as a process: pipes, exit codes, standard streams. What it says is tested in the crate `tests`.
#![expect(clippy::unwrap_used, reason = "helpers of tests are outside of `#[test]`, and end the test as it does")]

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use testlib::MockConfig;

const GET: &str = r#"{"OP_ID": "OP_TAGS_GET", "kind": "cluster"}"#;

fn lu<const N: usize>(arguments: [&str; N]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lu"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// A cluster's file; each test has its own.
fn config(test: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}.data"));
    std::fs::write(&path, MockConfig::new().snapshot().write().to_string()).unwrap();
    path.into_os_string().into_string().unwrap()
}

fn ended(output: &Output) -> (Option<i32>, &str) {
    (output.status.code(), text(&output.stderr))
}

#[test]
fn the_exit_code_is_that_of_the_process() {
    let config = config("exit_code");
    let list = lu(["list"]).output().unwrap();
    assert_eq!(ended(&list), (Some(0), ""));
    assert!(text(&list.stdout).starts_with("opcode "));
    let refused = r#"{"OP_ID": "OP_INSTANCE_STARTUP", "instance_name": "web1"}"#;
    assert_eq!(ended(&lu(["try", "--config", &config, "--opcode", refused]).output().unwrap()), (Some(1), ""));
    let unusable = lu(["try", "--config", "/nowhere", "--opcode", GET]).output().unwrap();
    assert_eq!(unusable.status.code(), Some(2));
    assert!(text(&unusable.stderr).starts_with("error: the file can't be read"));
}

#[test]
fn standard_input_is_read() {
    let config = config("standard_input");
    let mut child = lu(["try", "--config", &config, "--opcode", "-"]).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(GET.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(ended(&output), (Some(0), ""));
    assert!(text(&output.stdout).contains("success: []"));
}

#[test]
fn a_reader_that_closes_the_pipe_is_no_error() {
    let config = config("closed_pipe");
    let get = ["try", "--config", &config, "--opcode", GET];
    for mut command in [lu(["list"]), lu(["--help"]), lu(get)] {
        let mut child = command.spawn().unwrap();
        drop(child.stdout.take());
        assert_eq!(ended(&child.wait_with_output().unwrap()), (Some(0), ""));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn an_output_that_is_full_is_one() {
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = lu(["list"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).starts_with("error: the output can't be written"), "{}", text(&output.stderr));
}

#[test]
fn the_same_input_gives_the_same_output() {
    let config = config("same_output");
    let run = || lu(["try", "--config", &config, "--opcode", GET]).output().unwrap().stdout;
    assert_eq!(run(), run());
}
