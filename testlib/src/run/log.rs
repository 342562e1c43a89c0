//! What a test says of log lines.

use std::panic::Location;

use cmdlib::record::LogKind;

use super::{LuRun, log_lines};
use crate::finding::{Finding, Topic};

impl LuRun {
    /// A line of this kind was logged that contains `part`.
    #[track_caller]
    pub fn logged(mut self, kind: LogKind, part: &str) -> Self {
        let at = Location::caller();
        let lines = log_lines(&self.once.journal);
        if !lines.iter().any(|(_, of, text)| *of == kind && text.contains(part)) {
            let finding = Finding::new(Topic::Log, "a line was not logged");
            let finding = finding.wanted(format!("{}: ..{part}..", kind.as_str()), at);
            let finding = if lines.is_empty() { finding.got("nothing was logged") } else { finding };
            let text =
                |(number, kind, text): (usize, LogKind, String)| format!("{}: {text} in step {number}", kind.as_str());
            self.note(lines.into_iter().map(text).fold(finding, Finding::got));
        }
        self
    }

    /// A warning was logged that contains `part`.
    #[track_caller]
    pub fn warned(self, part: &str) -> Self {
        self.logged(LogKind::Warning, part)
    }

    /// No warning was logged.
    #[track_caller]
    pub fn never_warned(mut self) -> Self {
        let at = Location::caller();
        for (number, kind, text) in log_lines(&self.once.journal) {
            if kind == LogKind::Warning {
                let finding = Finding::new(Topic::Log, "a warning was logged");
                self.note(finding.wanted("no warning", at).got(format!("{text} in step {number}")));
            }
        }
        self
    }
}
