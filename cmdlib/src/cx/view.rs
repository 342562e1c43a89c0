//! Reading and logging.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use crate::config::{ByName, Entity, Gone, Snapshot};
use crate::cx::Run;
use crate::ids::Id;
use crate::locking::LockLevel;
use crate::record::LogKind;

/// Reads the configuration and writes the log.
#[derive(Clone)]
pub struct View {
    pub(crate) run: Rc<Run>,
}

impl View {
    /// Returns the state of the configuration: in `check` the same one all along, in `exec` the current one. Bind it before
    /// keeping references into it.
    #[must_use]
    pub fn config(&self) -> Snapshot {
        self.run.snapshot()
    }

    /// Returns an object.
    ///
    /// # Errors
    /// It is not, or no longer, in the configuration.
    pub fn get<T: Entity>(&self, id: &Id<T>) -> Result<Arc<T>, Gone> {
        self.config().get(id)
    }

    /// Returns the id of the object that a user means by `name`.
    ///
    /// # Errors
    /// No object, or more than one, is meant.
    pub fn find<T: ByName>(&self, name: &str) -> Result<Id<T>, Gone> {
        self.config().find(name)
    }

    /// Logs something to know.
    #[track_caller]
    pub fn info(&self, text: impl Into<String>) {
        self.run.log(LogKind::Info, text.into());
    }

    /// Logs that something was left undone, or could not be looked at.
    #[track_caller]
    pub fn warn(&self, text: impl Into<String>) {
        self.run.log(LogKind::Warning, text.into());
    }

    /// Logs what may help.
    #[track_caller]
    pub fn hint(&self, text: impl Into<String>) {
        self.run.log(LogKind::Hint, text.into());
    }

    /// Logs a plain line.
    #[track_caller]
    pub fn message(&self, text: impl Into<String>) {
        self.run.log(LogKind::Message, text.into());
    }

    /// Logs a step of several.
    #[track_caller]
    pub fn step(&self, number: usize, of: usize, text: &str) {
        self.run.log(LogKind::Step, format!("{number}/{of} {text}"));
    }

    /// Returns what is held of a level that the unit wished for; what it never wished for is an error of its programmer.
    pub(crate) fn wished<V: LockLevel>(&self) -> BTreeSet<V::Key> {
        let wished = self.run.held.borrow().level(V::LEVEL).is_some();
        assert!(wished, "the unit never wished for locks of level {}", V::LEVEL);
        self.held_keys::<V>()
    }

    pub(crate) fn held_keys<V: LockLevel>(&self) -> BTreeSet<V::Key> {
        let names = self.run.held.borrow().names(V::LEVEL, &self.config());
        names.iter().map(|name| V::Key::from(name)).collect()
    }
}
