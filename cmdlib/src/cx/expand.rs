//! The contexts in which locks are wished for.

use std::collections::BTreeSet;
use std::marker::PhantomData;
use std::ops::Deref;

use crate::config::{Entity, Reserved};
use crate::cx::View;
use crate::error::{Code, Refusal};
use crate::ids::Id;
use crate::locking::{After, LockLevel};
use crate::record::Event;

/// Resolves names, and reserves the ids of what is going to be added.
pub struct Expand {
    pub(crate) view: View,
}

impl Deref for Expand {
    type Target = View;
    fn deref(&self) -> &View {
        &self.view
    }
}

impl Expand {
    /// Draws the id of an object to be added, and reserves it until the end of the run.
    ///
    /// # Errors
    /// No free one was drawn in many tries: the source of chance is broken.
    #[track_caller]
    pub fn new_id<T: Entity>(&self) -> Result<Id<T>, Refusal> {
        let run = &self.view.run;
        for _ in 0..64 {
            let uuid = run.seams.host.random.uuid();
            run.note(&Event::Drawn { kind: "uuid", value: &uuid });
            if run.seams.config.reserve(run.seams.owner, Reserved::Uuid(uuid.clone())).is_ok() {
                return Ok(Id::new(uuid));
            }
        }
        Err(Refusal::new(Code::Internal, "no free uuid was drawn in 64 tries"))
    }
}

/// Tells the locks of a level when those of all lower ones are held.
pub struct Declare<V> {
    view: View,
    level: PhantomData<fn() -> V>,
}

impl<V> Deref for Declare<V> {
    type Target = View;
    fn deref(&self) -> &View {
        &self.view
    }
}

impl<V: LockLevel> Declare<V> {
    pub(crate) fn new(view: &View) -> Self {
        Self { view: view.clone(), level: PhantomData }
    }

    /// Returns what is held of an earlier level; if the whole level is held, all that exists of it.
    ///
    /// # Panics
    /// The unit never wished for locks of that level: an error of its programmer, which ends as an internal error.
    #[must_use]
    pub fn held<W: LockLevel>(&self) -> BTreeSet<W::Key>
    where
        V: After<W>,
    {
        self.view.wished::<W>()
    }
}
