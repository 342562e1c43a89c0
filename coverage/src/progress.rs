//! What a person waiting sees: one line on a terminal, nothing in a pipe.

use std::io::{self, IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

const REDRAW: Duration = Duration::from_millis(100);
const WIDTH_MAX: usize = 78;

/// The line on standard error.
#[derive(Debug)]
pub struct Progress {
    live: bool,
    start: Instant,
    drawn: Option<Instant>,
}

impl Progress {
    /// Draws only if standard error is a terminal.
    #[must_use]
    pub fn on_stderr() -> Self {
        Self { live: io::stderr().is_terminal(), start: Instant::now(), drawn: None }
    }

    /// Shows what is being done, and the latest that it said.
    pub fn show(&mut self, doing: &str, said: &str) {
        if !self.live || self.drawn.is_some_and(|drawn| drawn.elapsed() < REDRAW) {
            return;
        }
        self.drawn = Some(Instant::now());
        let line = format!("{:>4} s  {doing}  {}", self.start.elapsed().as_secs(), said.trim());
        let line: String = line.chars().filter(|each| !each.is_control()).take(WIDTH_MAX).collect();
        let _ = write!(io::stderr(), "\r\x1b[K{line}");
        let _ = io::stderr().flush();
    }

    /// Takes the line away, so that other words can be printed.
    pub fn clear(&mut self) {
        if self.live && self.drawn.take().is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }

    /// Prints a line that stays, on a terminal and in a pipe. Standard error may be closed: that is no failure.
    pub fn say(&mut self, text: &str) {
        self.clear();
        let _ = writeln!(io::stderr(), "{}", text.trim_end());
    }
}
