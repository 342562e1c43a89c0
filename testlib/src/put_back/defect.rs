//! What can be put back, and its words.

use std::fmt;
use std::str::FromStr;

use cmdlib::locking::Level;

/// A deliberate defect of one unit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Defect {
    /// The unit's name.
    pub unit: String,
    /// What is wrong with it.
    pub what: What,
}

/// What is wrong with a unit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// It does not wish for the locks of a level.
    DropLock(Level),
    /// It wishes for the first of several locks of a level only.
    NarrowLock(Level),
    /// It shares locks that it must hold alone.
    ShareLock(Level),
    /// It takes an error of this call for a healthy answer.
    IgnoreError(String),
    /// Its hooks do not run.
    SkipHooks(HookSide),
    /// It writes what it would write after this call before it.
    WriteBefore(String),
    /// It keeps the locks of a level that it should give back.
    ForgetRelease(Level),
    /// It keeps the locks of a level exclusive that it should make shared.
    ForgetDowngrade(Level),
    /// Its check looks at the configuration as it was before the wait for locks.
    StaleSnapshot,
}

/// When hooks run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HookSide {
    /// Before the execution.
    Pre,
    /// After it.
    Post,
}

impl HookSide {
    pub(crate) const ALL: [Self; 2] = [Self::Pre, Self::Post];

    /// Returns the side as calls to nodes name it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pre => "pre",
            Self::Post => "post",
        }
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DropLock(level) => write!(f, "drop lock {level}"),
            Self::NarrowLock(level) => write!(f, "narrow lock {level}"),
            Self::ShareLock(level) => write!(f, "share lock {level}"),
            Self::IgnoreError(call) => write!(f, "ignore error {call}"),
            Self::SkipHooks(side) => write!(f, "skip hooks {}", side.as_str()),
            Self::WriteBefore(call) => write!(f, "write before {call}"),
            Self::ForgetRelease(level) => write!(f, "forget release {level}"),
            Self::ForgetDowngrade(level) => write!(f, "forget downgrade {level}"),
            Self::StaleSnapshot => f.write_str("stale snapshot"),
        }
    }
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.unit, self.what)
    }
}

impl FromStr for What {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let unknown = || {
            let levels: Vec<&str> = Level::ALL.into_iter().map(Level::as_str).collect();
            format!(
                "there is no defect '{text}' (there are: drop lock, narrow lock, share lock, forget release and forget downgrade \
                 of a level ({}); ignore error and write before of a call; skip hooks pre or post; stale snapshot)",
                levels.join(", ")
            )
        };
        let level = |name: &str| Level::ALL.into_iter().find(|level| level.as_str() == name);
        let words: Vec<&str> = text.split_whitespace().collect();
        let what = match words[..] {
            ["drop", "lock", of] => level(of).map(Self::DropLock),
            ["narrow", "lock", of] => level(of).map(Self::NarrowLock),
            ["share", "lock", of] => level(of).map(Self::ShareLock),
            ["forget", "release", of] => level(of).map(Self::ForgetRelease),
            ["forget", "downgrade", of] => level(of).map(Self::ForgetDowngrade),
            ["ignore", "error", call] => Some(Self::IgnoreError(call.to_owned())),
            ["write", "before", call] => Some(Self::WriteBefore(call.to_owned())),
            ["skip", "hooks", of] => HookSide::ALL.into_iter().find(|side| side.as_str() == of).map(Self::SkipHooks),
            ["stale", "snapshot"] => Some(Self::StaleSnapshot),
            _ => None,
        };
        what.ok_or_else(unknown)
    }
}

impl FromStr for Defect {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (unit, what) =
            text.split_once(": ").ok_or_else(|| format!("'{text}' is no defect: wanted 'Unit: what is wrong'"))?;
        Ok(Self { unit: unit.to_owned(), what: what.parse()? })
    }
}
