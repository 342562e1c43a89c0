//! The command `lu` with the units of this crate.

use std::process::ExitCode;

fn main() -> ExitCode {
    testlib::cli::main(tests::library())
}
