//! Running other programs.

use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead as _, BufReader, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use crate::progress::Progress;
use crate::trouble::Trouble;

const TICK: Duration = Duration::from_millis(100);
// A process that a test leaves behind may hold the pipes open for ever.
const PATIENCE: Duration = Duration::from_secs(2);

/// Cargo, as it calls itself when it runs the gate.
#[must_use]
pub fn cargo() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The compiler that cargo uses.
#[must_use]
pub fn rustc() -> OsString {
    std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())
}

/// Takes away what cargo sets for the gate itself: it says nothing about the tests, and would make build scripts run
/// again.
pub fn forget_own_package(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
}

/// The name of a program without its folder, for messages.
#[must_use]
pub fn short(program: &OsStr) -> String {
    let path = std::path::Path::new(program);
    path.file_name().unwrap_or(program).to_string_lossy().into_owned()
}

/// Runs a command and returns what it printed on standard output.
///
/// # Errors
/// When it can't be started or fails; the message has the last line that it printed on standard error.
pub fn ask(command: &mut Command) -> Result<String, Trouble> {
    let shown = shown(command);
    let wrong = |what: String| {
        Trouble::new(what, format!("`{shown}`"))
            .expected("a Rust toolchain whose tools run")
            .remedy("run the command by hand; install Rust with rustup if it is missing")
    };
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| wrong(format!("a command can't be started: {error}")))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    let last = errors.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it printed nothing");
    Err(wrong(format!("a command failed with {}: {last}", output.status)))
}

/// The command as one would type it.
#[must_use]
pub fn shown(command: &Command) -> String {
    let words = command.get_args().map(|word| word.to_string_lossy().into_owned());
    std::iter::once(short(command.get_program())).chain(words).collect::<Vec<_>>().join(" ")
}

/// How a command ended, and what it printed.
#[derive(Debug)]
pub struct Ran {
    /// How it ended.
    pub status: ExitStatus,
    /// Both outputs, to be shown. Lines of one may stand anywhere between those of the other.
    pub text: String,
    /// What it printed on standard output, to be read.
    pub out: String,
}

/// Runs a command, keeps what it prints, and shows the latest line as progress.
///
/// # Errors
/// When it can't be started.
pub fn watch(command: &mut Command, doing: &str, progress: &mut Progress) -> io::Result<Ran> {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let (sender, lines) = mpsc::channel();
    let stdout = child.stdout.take().map(|out| forward(out, Stream::Out, sender.clone()));
    let stderr = child.stderr.take().map(|err| forward(err, Stream::Err, sender));
    let (mut text, mut out) = (String::new(), String::new());
    let mut last = String::new();
    let mut ended: Option<Instant> = None;
    progress.show(doing, "");
    loop {
        match lines.recv_timeout(TICK) {
            Ok((stream, line)) => {
                text.push_str(&line);
                if stream == Stream::Out {
                    out.push_str(&line);
                }
                if !line.trim().is_empty() {
                    last = line;
                }
            }
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) if ended.is_some_and(|ended| ended.elapsed() > PATIENCE) => break,
            Err(RecvTimeoutError::Timeout) => {
                if ended.is_none() && child.try_wait()?.is_some() {
                    ended = Some(Instant::now());
                }
            }
        }
        progress.show(doing, &last);
    }
    // The readers end by themselves; who is still held by a left-over process ends with the gate.
    drop((stdout, stderr));
    let status = child.wait()?;
    progress.clear();
    Ok(Ran { status, text, out })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stream {
    Out,
    Err,
}

fn forward(
    source: impl Read + Send + 'static,
    stream: Stream,
    lines: Sender<(Stream, String)>,
) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut source = BufReader::new(source);
        let mut line = Vec::new();
        while source.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            if lines.send((stream, String::from_utf8_lossy(&line).into_owned())).is_err() {
                break;
            }
            line.clear();
        }
    })
}
