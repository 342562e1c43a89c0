//! The committed baseline: how many mutants of each file survived, and of which kind of run that is.

use std::collections::BTreeMap;
use std::fmt;

use crate::files;
use crate::percent::Percent;
use crate::trouble::Trouble;

use super::score::{Count, Score};

const HEAD: &str = "# What came of the mutants. Written by `coverage mutants --update`; it only rises.
# path, percentage caught of the viable, survivors
";

/// What was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The share of the viable that was caught.
    pub percent: Percent,
    /// Survivors.
    pub survivors: u64,
}

impl Mark {
    fn of(count: Count) -> Self {
        Self { percent: count.percent(), survivors: count.missed }
    }

    /// A lower percentage *and* more survivors: one of them alone is what moving and deleting code looks like.
    fn falls_to(self, now: Self) -> bool {
        now.percent < self.percent && now.survivors > self.survivors
    }
}

/// The baseline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Baseline {
    /// Of which run it is: `all`, or a sample with its seed.
    pub kind: String,
    /// All together.
    pub total: Mark,
    /// Each file.
    pub files: BTreeMap<String, Mark>,
}

impl Baseline {
    /// Reads a baseline; `place` is what messages call it.
    ///
    /// # Errors
    /// When it is empty, a line can't be read, or the lines are not sorted.
    pub fn read(text: &str, place: &str) -> Result<Self, Trouble> {
        let wrong = |what: String, place: String| {
            Trouble::new(what, place)
                .expected("`kind: ..`, `total: PERCENT SURVIVORS`, then sorted lines `PATH PERCENT SURVIVORS`")
                .remedy("take the committed file again, then write it with `coverage mutants --update`")
        };
        let (mut kind, mut total, mut marks) = (None, None, BTreeMap::<String, Mark>::new());
        for (here, line) in files::lines(text, place) {
            if let Some(name) = line.strip_prefix("kind: ") {
                kind = Some(name.to_owned());
                continue;
            }
            let Some((path, mark)) = entry(line) else { return Err(wrong(format!("`{line}` can't be read"), here)) };
            if path == "total:" {
                total = Some(mark);
            } else {
                files::add_sorted(&mut marks, path, mark).map_err(|what| wrong(what, here))?;
            }
        }
        match (kind, total) {
            (Some(kind), Some(total)) => Ok(Self { kind, total, files: marks }),
            _ => Err(wrong("the baseline is empty, or its head is incomplete".to_owned(), place.to_owned())),
        }
    }
}

fn entry(line: &str) -> Option<(String, Mark)> {
    let mut parts = line.rsplitn(3, ' ');
    let survivors = parts.next()?.parse().ok()?;
    let percent = parts.next()?.parse().ok()?;
    Some((parts.next()?.to_owned(), Mark { percent, survivors }))
}

impl fmt::Display for Baseline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = |mark: &Mark| format!("{} {}", mark.percent.exact(), mark.survivors);
        write!(f, "{HEAD}kind: {}\ntotal: {}\n", self.kind, line(&self.total))?;
        self.files.iter().try_for_each(|(path, mark)| writeln!(f, "{path} {}", line(mark)))
    }
}

/// What is wrong with a score.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Judged {
    /// Why it does not hold. Empty: held.
    pub findings: Vec<String>,
    /// What one should know.
    pub notes: Vec<String>,
}

/// Holds a score to the threshold and, if it is of the same kind, to the baseline.
#[must_use]
pub fn judge(score: &Score, threshold: Percent, baseline: Option<&Baseline>) -> Judged {
    let mut judged = Judged::default();
    let (total, percent) = (score.total, score.total.percent());
    if percent < threshold {
        judged.findings.push(format!(
            "{percent} % of the viable mutants were caught ({} of {}), wanted {} %",
            total.caught,
            total.viable(),
            threshold.brief()
        ));
    }
    if score.earlier > 0 {
        judged.notes.push(format!("{} outcomes are from before the tree changed (`--survivors`)", score.earlier));
    }
    let Some(baseline) = baseline else {
        judged.notes.push("there is no baseline: only the threshold judges".to_owned());
        return judged;
    };
    if baseline.kind != score.kind.to_string() {
        judged.notes.push(format!(
            "the baseline is of `{}`, this is `{}`: only the threshold judges",
            baseline.kind, score.kind
        ));
        return judged;
    }
    let now = score.files.iter().map(|(path, file)| (path.as_str(), file.count));
    for (path, count) in now.chain([("all files", total)]) {
        let before = if path == "all files" { Some(baseline.total) } else { baseline.files.get(path).copied() };
        let Some(before) = before else {
            judged.notes.push(format!("{path} is new: `--update` writes it down"));
            continue;
        };
        let now = Mark::of(count);
        if before.falls_to(now) {
            judged.findings.push(format!(
                "{path} fell from {} % with {} survivors to {} % with {}",
                before.percent, before.survivors, now.percent, now.survivors
            ));
        } else if now.percent > before.percent {
            judged
                .notes
                .push(format!("{path} rose from {} % to {} %: `--update` writes it down", before.percent, now.percent));
        }
    }
    judged
}

/// The baseline after `--update`: what fell keeps its mark.
#[must_use]
pub fn updated(score: &Score, before: Option<&Baseline>) -> Baseline {
    let kind = score.kind.to_string();
    let before = before.filter(|before| before.kind == kind);
    let kept = |mark: Option<Mark>, now: Mark| mark.filter(|mark| mark.falls_to(now)).unwrap_or(now);
    Baseline {
        total: kept(before.map(|before| before.total), Mark::of(score.total)),
        files: score
            .files
            .iter()
            .map(|(path, file)| {
                let mark = before.and_then(|before| before.files.get(path)).copied();
                (path.clone(), kept(mark, Mark::of(file.count)))
            })
            .collect(),
        kind,
    }
}
