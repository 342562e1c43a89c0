//! The committed baseline: what each file of the product had reached, a line a file.

use std::collections::BTreeMap;
use std::fmt;

use crate::files;
use crate::percent::Percent;
use crate::report::Lines;
use crate::trouble::Trouble;

const HEAD: &str =
    "# What each file had reached. Written by `cargo gate --update`; `cargo gate --help` says how it is judged.
# path, percentage of lines, uncovered lines
";

/// The compiler and system that a count was made with: others count other lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// As `rustc --version` prints it.
    pub compiler: String,
    /// The target triple.
    pub system: String,
}

/// What was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// Percentage of lines.
    pub percent: Percent,
    /// Number of lines that did not run.
    pub uncovered: u64,
}

impl Mark {
    /// The mark of these lines.
    #[must_use]
    pub fn of(lines: Lines) -> Self {
        Self { percent: lines.percent(), uncovered: lines.uncovered() }
    }

    /// Whether `now` is a fall: a lower percentage *and* more uncovered lines. One of them alone is what moving and
    /// deleting covered code looks like.
    #[must_use]
    pub fn falls_to(self, now: Self) -> bool {
        now.percent < self.percent && now.uncovered > self.uncovered
    }

    /// Whether `now` is better and should be written down.
    #[must_use]
    pub fn rises_to(self, now: Self) -> bool {
        now.percent > self.percent
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.percent.exact(), self.uncovered)
    }
}

/// The baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    /// What it was counted with.
    pub machine: Machine,
    /// The product as a whole.
    pub product: Mark,
    /// Each file.
    pub files: BTreeMap<String, Mark>,
}

impl Baseline {
    /// Reads a baseline; `place` is what messages call it.
    ///
    /// # Errors
    /// When it is empty, a line can't be read, the lines are not sorted, or the head is incomplete.
    pub fn read(text: &str, place: &str) -> Result<Self, Trouble> {
        let wrong = |what: String, place: String| {
            Trouble::new(what, place)
                .expected("`compiler: ..`, `system: ..`, `product: PERCENT UNCOVERED`, then sorted lines `PATH PERCENT UNCOVERED`")
                .remedy("take the committed file again, then write it with `cargo gate --update`")
        };
        if text.trim().is_empty() {
            return Err(wrong("the baseline is empty".to_owned(), place.to_owned()));
        }
        let (mut compiler, mut system, mut product) = (None, None, None);
        let mut marks: BTreeMap<String, Mark> = BTreeMap::new();
        for (here, line) in files::lines(text, place) {
            let slot = if let Some(value) = line.strip_prefix("compiler: ") {
                compiler.replace(value.to_owned())
            } else if let Some(value) = line.strip_prefix("system: ") {
                system.replace(value.to_owned())
            } else {
                let Some((path, mark)) = entry(line) else {
                    return Err(wrong(format!("`{line}` can't be read"), here));
                };
                if path == "product:" {
                    product.replace(mark).map(|mark: Mark| mark.to_string())
                } else if let Err(what) = files::add_sorted(&mut marks, path, mark) {
                    return Err(wrong(what, here));
                } else {
                    None
                }
            };
            if slot.is_some() {
                return Err(wrong(format!("`{line}` says a second time what was said before"), here));
            }
        }
        match (compiler, system, product) {
            (Some(compiler), Some(system), Some(product)) => {
                Ok(Self { machine: Machine { compiler, system }, product, files: marks })
            }
            _ => Err(wrong("the head of the baseline is incomplete".to_owned(), place.to_owned())),
        }
    }
}

fn entry(line: &str) -> Option<(String, Mark)> {
    let mut parts = line.rsplitn(3, ' ');
    let uncovered = parts.next()?.parse().ok()?;
    let percent = parts.next()?.parse().ok()?;
    let path = parts.next().filter(|path| !path.is_empty())?;
    Some((path.to_owned(), Mark { percent, uncovered }))
}

impl fmt::Display for Baseline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HEAD)?;
        writeln!(f, "compiler: {}\nsystem: {}\nproduct: {}", self.machine.compiler, self.machine.system, self.product)?;
        self.files.iter().try_for_each(|(path, mark)| writeln!(f, "{path} {mark}"))
    }
}
