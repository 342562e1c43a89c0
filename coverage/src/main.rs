//! The binary `coverage`. All of it lives in the library, so that tests reach it.

use std::process::ExitCode;

fn main() -> ExitCode {
    coverage::cli::main()
}
