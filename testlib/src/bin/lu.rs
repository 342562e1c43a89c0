//! The command `lu`. All of it lives in the library, so that tests reach it and other crates get their own in one line.

use std::process::ExitCode;

fn main() -> ExitCode {
    testlib::cli::main(cmdlib::lu::UNITS)
}
