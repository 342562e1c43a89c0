//! Which locks a logical unit wishes for.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use crate::cx::Declare;
use crate::error::Refusal;
use crate::locking::{Level, LockLevel, Mode};

/// The locks wanted of one level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Want<V: LockLevel> {
    /// None means the whole level.
    names: Option<BTreeSet<V::Key>>,
    opportunistic: Option<usize>,
}

impl<V: LockLevel> Want<V> {
    /// Wants these.
    pub fn these(names: impl IntoIterator<Item = V::Key>) -> Self {
        Self { names: Some(names.into_iter().collect()), opportunistic: None }
    }

    /// Wants the whole level, objects added meanwhile included. This is a marker and no list of names.
    #[must_use]
    pub fn all() -> Self {
        Self { names: None, opportunistic: None }
    }

    /// Wants those of these that are free, but at least `minimum`.
    pub fn opportunistic(names: impl IntoIterator<Item = V::Key>, minimum: usize) -> Self {
        Self { names: Some(names.into_iter().collect()), opportunistic: Some(minimum) }
    }

    fn request(self, mode: Mode) -> Request {
        let names = self.names.map(|names| names.iter().map(|name| Arc::from(name.as_ref())).collect());
        Request { level: V::LEVEL, mode, names, opportunistic: self.opportunistic }
    }
}

/// A wish of one level, as the processor sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The level.
    pub level: Level,
    /// How the locks are to be held.
    pub mode: Mode,
    /// Which; none means the whole level.
    pub names: Option<BTreeSet<Arc<str>>>,
    /// With a number: those that are free suffice, if they are so many.
    pub opportunistic: Option<usize>,
}

type Later<L> = Box<dyn Fn(&L, &crate::cx::View) -> Result<Request, Refusal>>;

/// What is wished of one level: known now, or told when all lower levels are granted.
pub(crate) enum Wish<L> {
    Now(Request),
    Later(Level, Mode, Later<L>),
}

impl<L> Wish<L> {
    pub(crate) fn level(&self) -> Level {
        match self {
            Self::Now(request) => request.level,
            Self::Later(level, ..) => *level,
        }
    }

    fn mode(&self) -> Mode {
        match self {
            Self::Now(request) => request.mode,
            Self::Later(_, mode, _) => *mode,
        }
    }
}

/// The wishes of a logical unit, level by level.
pub struct Locks<L> {
    pub(crate) wishes: Vec<Wish<L>>,
}

impl<L> fmt::Debug for Locks<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.wishes.iter().map(|wish| (wish.level(), wish.mode()))).finish()
    }
}

impl<L: 'static> Locks<L> {
    /// Wishes for nothing but the shared lock of the cluster, which all have.
    #[must_use]
    pub fn none() -> Self {
        Self { wishes: Vec::new() }
    }

    /// Wishes for these, shared.
    #[must_use]
    pub fn shared<V: LockLevel>(self, names: impl IntoIterator<Item = V::Key>) -> Self {
        self.now(Mode::Shared, Want::<V>::these(names))
    }

    /// Wishes for these, exclusive.
    #[must_use]
    pub fn exclusive<V: LockLevel>(self, names: impl IntoIterator<Item = V::Key>) -> Self {
        self.now(Mode::Exclusive, Want::<V>::these(names))
    }

    /// Wishes for the whole level.
    #[must_use]
    pub fn all<V: LockLevel>(self, mode: Mode) -> Self {
        self.now(mode, Want::<V>::all())
    }

    /// Wishes for what is known now.
    #[must_use]
    pub fn now<V: LockLevel>(mut self, mode: Mode, want: Want<V>) -> Self {
        self.wishes.push(Wish::Now(want.request(mode)));
        self
    }

    /// Wishes for what `want` says when all lower levels are granted.
    #[must_use]
    pub fn later<V: LockLevel>(mut self, mode: Mode, want: fn(&L, &Declare<V>) -> Result<Want<V>, Refusal>) -> Self {
        let request =
            move |lu: &L, view: &crate::cx::View| want(lu, &Declare::new(view)).map(|want| want.request(mode));
        self.wishes.push(Wish::Later(V::LEVEL, mode, Box::new(request)));
        self
    }

    /// Returns the levels of which locks are wished, in order; and whether what is wished is known now.
    #[must_use]
    pub fn levels(&self) -> Vec<(Level, bool)> {
        let of = |level: Level| self.wishes.iter().filter(move |wish| wish.level() == level);
        let known = |wish: &Wish<L>| matches!(wish, Wish::Now(request) if request.opportunistic.is_none());
        let wished = Level::ALL.into_iter().filter(|level| of(*level).next().is_some());
        wished.map(|level| (level, of(level).all(known))).collect()
    }

    /// Returns what is wished of a level.
    ///
    /// # Errors
    /// The unit refuses.
    pub fn requests(&self, lu: &L, level: Level, cx: &crate::cx::View) -> Result<Vec<Request>, Refusal> {
        let of_level = self.wishes.iter().filter(|wish| wish.level() == level);
        of_level
            .map(|wish| match wish {
                Wish::Now(request) => Ok(request.clone()),
                Wish::Later(_, _, tell) => tell(lu, cx),
            })
            .collect()
    }

    /// Returns what the programmer of the unit did wrong, if anything: two wishes of one level with different modes.
    #[must_use]
    pub fn contradiction(&self) -> Option<String> {
        self.wishes.iter().find_map(|wish| {
            let other =
                self.wishes.iter().find(|other| other.level() == wish.level() && other.mode() != wish.mode())?;
            Some(format!("locks of level {} are wished {} and {}", wish.level(), wish.mode(), other.mode()))
        })
    }
}
