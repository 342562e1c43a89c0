//! Reads what `git diff` prints: which lines of which files are new.
//!
//! Lines of a hunk are counted by its head, so that a removed line `-- a/x` or an added one `++ b/x` is never taken for
//! the name of a file. Whatever does not fit is an error: a patch that was cut is not a small patch.

use crate::lines::Span;

/// A file that is there after the change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patched {
    /// Its path.
    pub path: String,
    /// Its path before, if it is another or the file is not new.
    pub before: Option<String>,
    /// What was changed in it.
    pub hunks: Vec<Hunk>,
    /// Whether git saw no text in it: it has no lines then.
    pub is_binary: bool,
}

/// One place of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hunk {
    /// The removed lines; `None` if only lines were added.
    pub removed: Option<Span>,
    /// The added lines; `None` if only lines were removed.
    pub added: Option<Span>,
    /// The line of the old file behind which the hunk stands.
    pub behind: u64,
    /// The line of the new file behind which it stands.
    pub after: u64,
}

/// A whole patch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Patch {
    /// The files that are there after it, in its order.
    pub files: Vec<Patched>,
    /// The files that are gone after it.
    pub gone: Vec<String>,
}

/// Reads a patch with prefixes `a/` and `b/`.
///
/// # Errors
/// Says which line can't be read, and why.
pub fn read(text: &str) -> Result<Patch, String> {
    let mut lines = Lines { rest: text.split_inclusive('\n'), number: 0, peeked: None };
    let mut patch = Patch::default();
    while let Some(line) = lines.next() {
        if line.trim().is_empty() {
            continue;
        }
        let Some(names) = line.strip_prefix("diff --git ") else {
            let kind =
                if line.starts_with("diff --c") { "a merge compared with both parents" } else { "no head of a file" };
            return Err(format!("line {}: `{}` is {kind}", lines.number, line.trim_end()));
        };
        let entry = Entry::read(names.trim_end(), &mut lines)?;
        match entry.into_file(&mut patch) {
            Some(()) => {}
            None => return Err(format!("line {}: a file without a name", lines.number)),
        }
    }
    Ok(patch)
}

struct Lines<'a> {
    rest: std::str::SplitInclusive<'a, char>,
    number: u64,
    peeked: Option<&'a str>,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Option<&'a str> {
        let line = self.peeked.take().or_else(|| self.rest.next())?;
        self.number += 1;
        Some(line)
    }

    fn peek(&mut self) -> Option<&'a str> {
        if self.peeked.is_none() {
            self.peeked = self.rest.next();
        }
        self.peeked
    }
}

/// What stands between two heads.
#[derive(Default)]
struct Entry {
    old: Option<String>,
    new: Option<String>,
    is_gone: bool,
    is_new: bool,
    is_binary: bool,
    hunks: Vec<Hunk>,
}

impl Entry {
    fn read(names: &str, lines: &mut Lines<'_>) -> Result<Self, String> {
        let mut entry = Self::default();
        // Where nothing else names the file (a new mode, an empty or binary file), both names are the same.
        if let Some(name) = same_names(names) {
            (entry.old, entry.new) = (Some(name.clone()), Some(name));
        }
        while let Some(line) = lines.peek() {
            if line.starts_with("diff --") {
                break;
            }
            let line = lines.next().unwrap_or_default();
            let here = lines.number;
            let wrong = |what: &str| format!("line {here}: {what}: `{}`", line.trim_end());
            let name = |text: &str, prefix| unquoted(text, prefix).ok_or_else(|| wrong("a name that can't be read"));
            let words = line.trim_end_matches(['\n', '\r']);
            if words.starts_with("new file mode ") {
                entry.is_new = true;
            } else if words.starts_with("deleted file mode ") {
                entry.is_gone = true;
            } else if let Some(from) = words.strip_prefix("rename from ").or(words.strip_prefix("copy from ")) {
                entry.old = Some(name(from, "")?);
            } else if let Some(to) = words.strip_prefix("rename to ").or(words.strip_prefix("copy to ")) {
                entry.new = Some(name(to, "")?);
            } else if let Some(from) = words.strip_prefix("--- ") {
                if from != "/dev/null" {
                    entry.old = Some(name(from, "a/")?);
                }
            } else if let Some(to) = words.strip_prefix("+++ ") {
                if to != "/dev/null" {
                    entry.new = Some(name(to, "b/")?);
                }
            } else if words.starts_with("@@ ") {
                entry.hunks.extend(hunks(words, lines).map_err(|what| wrong(&what))?);
            } else if words.starts_with("Binary files ") {
                entry.is_binary = true;
            } else if words.starts_with("GIT binary patch") {
                entry.is_binary = true;
                while lines.peek().is_some_and(|line| !line.starts_with("diff --")) {
                    lines.next();
                }
            } else if !HEADERS.iter().any(|header| words.starts_with(header)) && !words.is_empty() {
                return Err(wrong("a line that belongs to no hunk"));
            }
        }
        Ok(entry)
    }

    fn into_file(self, patch: &mut Patch) -> Option<()> {
        if self.is_gone {
            patch.gone.push(self.old?);
            return Some(());
        }
        let before = self.old.filter(|_| !self.is_new);
        patch.files.push(Patched { path: self.new?, before, hunks: self.hunks, is_binary: self.is_binary });
        Some(())
    }
}

/// Lines of a head that say nothing that matters here.
const HEADERS: &[&str] = &["index ", "old mode ", "new mode ", "similarity index ", "dissimilarity index "];

/// Reads `@@ -a,b +c,d @@` and the lines that it announces. Lines of context, if there are any, part one place from the
/// next.
fn hunks(head: &str, lines: &mut Lines<'_>) -> Result<Vec<Hunk>, String> {
    let ranges = head.strip_prefix("@@ -").and_then(|rest| rest.split_once(" @@")).map(|(ranges, _)| ranges);
    let (old, new) = ranges.and_then(|ranges| ranges.split_once(" +")).ok_or("a head that can't be read")?;
    let (mut old, mut new) = Side::read(old).zip(Side::read(new)).ok_or("a head that can't be read")?;
    let mut hunks = Vec::new();
    let mut open: Option<Hunk> = None;
    while old.left > 0 || new.left > 0 {
        let line = lines.next().ok_or("the patch ends inside of a hunk")?;
        let is_missing = "a hunk with more lines than its head says";
        match line.as_bytes().first() {
            Some(b'-') => {
                let here = open.get_or_insert(Hunk::at(&old, &new));
                grow(&mut here.removed, old.take().ok_or(is_missing)?);
            }
            Some(b'+') => {
                let here = open.get_or_insert(Hunk::at(&old, &new));
                grow(&mut here.added, new.take().ok_or(is_missing)?);
            }
            Some(b' ' | b'\n' | b'\r') => {
                hunks.extend(open.take());
                old.take().zip(new.take()).ok_or(is_missing)?;
            }
            Some(b'\\') => {}
            _ => return Err("a hunk with a line that is neither added, removed nor kept".to_owned()),
        }
    }
    hunks.extend(open);
    // `\ No newline at end of file`, of the last line.
    while lines.peek().is_some_and(|line| line.starts_with('\\')) {
        lines.next();
    }
    Ok(hunks)
}

impl Hunk {
    fn at(old: &Side, new: &Side) -> Self {
        Self { removed: None, added: None, behind: old.before(), after: new.before() }
    }
}

fn grow(span: &mut Option<Span>, line: u64) {
    span.get_or_insert(Span { start: line, end: line }).end = line;
}

/// The lines of one side that are still to come.
struct Side {
    next: u64,
    left: u64,
}

impl Side {
    /// Reads `start,count`, or `start` for one line. Of no lines, `start` is the one before.
    fn read(text: &str) -> Option<Self> {
        let (start, count) = text.split_once(',').unwrap_or((text, "1"));
        let (start, left): (u64, u64) = (start.parse().ok()?, count.parse().ok()?);
        start.checked_add(left)?;
        Some(Self { next: start + u64::from(left == 0), left })
    }

    fn before(&self) -> u64 {
        self.next.saturating_sub(1)
    }

    fn take(&mut self) -> Option<u64> {
        self.left = self.left.checked_sub(1)?;
        self.next += 1;
        Some(self.next - 1)
    }
}

/// The name in `a/NAME b/NAME`, if both are the same. Names with spaces are not quoted there, so nothing else tells
/// where the first one ends.
fn same_names(names: &str) -> Option<String> {
    if let Some(quoted) = names.strip_prefix('"') {
        let end = quoted.match_indices('"').map(|(at, _)| at).find(|at| !escaped(&quoted[..*at]))?;
        let (old, new) = names.split_at(end + 2);
        let (old, new) = (unquoted(old, "a/")?, unquoted(new.trim_start(), "b/")?);
        return (old == new).then_some(old);
    }
    let half = names.len().checked_sub(1)? / 2;
    let (old, new) = (names.get(..half)?, names.get(half + 1..)?);
    let (old, new) = (old.strip_prefix("a/")?, new.strip_prefix("b/")?);
    (old == new).then(|| old.to_owned())
}

/// Whether the character behind `text` is escaped: an odd number of backslashes stands before it.
fn escaped(text: &str) -> bool {
    text.bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1
}

/// A name as git writes it, without prefix: in quotes with C's escapes if a byte of it needs them, else bare; a bare
/// one with spaces has a tab behind it.
fn unquoted(text: &str, prefix: &str) -> Option<String> {
    let Some(quoted) = text.strip_prefix('"') else {
        return Some(text.trim_end_matches('\t').strip_prefix(prefix)?.to_owned());
    };
    let mut bytes = quoted.trim_end_matches('\t').strip_suffix('"')?.bytes();
    let mut name = Vec::new();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            name.push(byte);
            continue;
        }
        name.push(match bytes.next()? {
            b'a' => 7,
            b'b' => 8,
            b't' => b'\t',
            b'n' => b'\n',
            b'v' => 11,
            b'f' => 12,
            b'r' => b'\r',
            same @ (b'"' | b'\\') => same,
            high @ b'0'..=b'3' => {
                let mut digit =
                    || bytes.next().filter(u8::is_ascii_digit).map(|digit| digit - b'0').filter(|digit| *digit < 8);
                (high - b'0') * 64 + digit()? * 8 + digit()?
            }
            _ => return None,
        });
    }
    Some(String::from_utf8_lossy(&name).strip_prefix(prefix)?.to_owned())
}
