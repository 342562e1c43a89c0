//! The command `lu`: replays recorded runs, tries opcodes on a cluster's file, records what they do, lists the logical units.
//!
//! A room for each subcommand (`replay`, `attempt`, `record`, `list`), and one for each thing they share: `arguments` and help,
//! reading of files (`input`), of a `config.data` (`cluster`), of opcodes and job files (`opcodes`), of what nodes answer
//! (`answers`), all that is run together (`subject`), the one error (`trouble`), what must not be printed (`secrets`), the
//! line for whoever waits (`progress`). Nothing here decides what a unit does, and only `record` writes a file.

mod answers;
mod arguments;
mod attempt;
mod cluster;
mod input;
mod list;
mod opcodes;
mod progress;
mod record;
mod redact;
mod replay;
mod secrets;
mod subject;
mod trouble;

use std::ffi::OsString;
use std::io::{self, ErrorKind, IsTerminal as _, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::Parser as _;

use self::arguments::{Arguments, Command};
use self::trouble::Trouble;
use crate::library::Library;

/// What was asked for holds, or was done.
const GOOD: u8 = 0;
/// It does not hold: too few traces held, the opcode was refused or failed.
const BAD: u8 = 1;
/// The input can't be used: arguments, files, opcodes.
const UNUSABLE: u8 = 2;

/// What the command reads and writes, besides the files that it is told to read.
pub struct Streams<'a> {
    /// Standard input; read if an argument is `-`.
    pub input: &'a mut dyn Read,
    /// Standard output: what was asked for.
    pub out: &'a mut dyn Write,
    /// Standard error: what is wrong.
    pub err: &'a mut dyn Write,
    /// Whether somebody watches standard error, and is shown how far long work is.
    pub watched: bool,
}

/// Does what the command line of this process asks, with these units: `testlib::cli::main(my_crate::UNITS)` is the whole
/// `main` of a crate that has its own. With calls of its own as well, it gives a [`Library`].
#[must_use]
pub fn main(library: impl Into<Library>) -> ExitCode {
    let library = library.into();
    // Units that panic are caught by the processor, and told as its outcome; what they print on the way is noise.
    std::panic::set_hook(Box::new(|_| {}));
    let (mut input, mut out, mut err) = (io::stdin().lock(), io::stdout().lock(), io::stderr());
    let watched = err.is_terminal();
    let mut streams = Streams { input: &mut input, out: &mut out, err: &mut err, watched };
    let done = catch_unwind(AssertUnwindSafe(|| run(library, std::env::args_os(), &mut streams)));
    ExitCode::from(done.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().copied();
        let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("it says nothing");
        let _ = writeln!(io::stderr(), "error: `lu` itself panicked, which is a bug of it: {text}");
        UNUSABLE
    }))
}

/// Does what a command line asks, with these units, and returns the exit code. The first argument is the command's name.
///
/// ```
/// use testlib::cli::{Streams, run};
///
/// let (mut out, mut err) = (Vec::new(), Vec::new());
/// let mut streams = Streams { input: &mut std::io::empty(), out: &mut out, err: &mut err, watched: false };
/// let code = run(cmdlib::lu::UNITS, ["lu", "list"], &mut streams);
/// assert_eq!(code, 0);
/// assert!(String::from_utf8(out).unwrap().contains("OP_INSTANCE_STARTUP"));
/// ```
pub fn run<A: Into<OsString> + Clone>(
    library: impl Into<Library>,
    arguments: impl IntoIterator<Item = A>,
    streams: &mut Streams<'_>,
) -> u8 {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        // Help is an "error" to clap, too.
        Err(error) => {
            let text = error.render().to_string();
            if error.use_stderr() {
                complain(streams, &text);
                return UNUSABLE;
            }
            return print(streams, &text, GOOD);
        }
    };
    let library = library.into();
    let done = match arguments.command {
        Command::Replay(wanted) => replay::replay(&wanted, library.units, streams),
        Command::Try(wanted) => attempt::attempt(&wanted, &library, streams),
        Command::Record(wanted) => record::record(&wanted, &library, streams),
        Command::List(wanted) => list::list(&wanted, library.units).map(|text| (text, GOOD)),
    };
    match done {
        Ok((text, code)) => print(streams, &text, code),
        Err(trouble) => {
            complain(streams, &format!("{trouble}\n"));
            UNUSABLE
        }
    }
}

/// Writes what was asked for. A reader that has seen enough closes the pipe; the outcome stays what it is.
fn print(streams: &mut Streams<'_>, text: &str, code: u8) -> u8 {
    let written = streams.out.write_all(text.as_bytes()).and_then(|()| streams.out.flush());
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            let trouble = Trouble::new(format!("the output can't be written: {error}"), "standard output");
            complain(streams, &format!("{trouble}\n"));
            UNUSABLE
        }
        _ => code,
    }
}

/// Writes what is wrong. If nobody can hear it, the exit code still says so.
fn complain(streams: &mut Streams<'_>, text: &str) {
    let _ = streams.err.write_all(text.as_bytes()).and_then(|()| streams.err.flush());
}
