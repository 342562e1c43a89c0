//! What a person waiting sees: one line on a terminal, nothing in a pipe.

use std::io::Write;
use std::time::{Duration, Instant};

const REDRAW: Duration = Duration::from_millis(100);
const WIDTH_MAX: usize = 78;

/// The line on standard error.
#[derive(Debug)]
pub(super) struct Progress {
    watched: bool,
    start: Instant,
    drawn: Option<Instant>,
}

impl Progress {
    pub(super) fn new(watched: bool) -> Self {
        Self { watched, start: Instant::now(), drawn: None }
    }

    /// Shows what is being done, unless that was shown a moment ago.
    pub(super) fn show(&mut self, err: &mut dyn Write, doing: impl FnOnce() -> String) {
        if !self.watched || self.drawn.is_some_and(|drawn| drawn.elapsed() < REDRAW) {
            return;
        }
        self.drawn = Some(Instant::now());
        let line = format!("{:>4} s  {}", self.start.elapsed().as_secs(), doing());
        let line: String = line.chars().filter(|each| !each.is_control()).take(WIDTH_MAX).collect();
        let _ = write!(err, "\r\x1b[K{line}").and_then(|()| err.flush());
    }

    /// Takes the line away, so that other words can be printed.
    pub(super) fn clear(&mut self, err: &mut dyn Write) {
        if self.drawn.take().is_some() {
            let _ = write!(err, "\r\x1b[K").and_then(|()| err.flush());
        }
    }
}
