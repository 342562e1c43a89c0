//! The guide: a recipe for each kind of test of a logical unit. All of them run.
//!
//! | what the unit, or the test, is about | recipe |
//! |---|---|
//! | it only reads | [`reads`] |
//! | it changes the configuration | [`changes`] |
//! | it calls nodes, and they fail | [`calls`] |
//! | it asks an allocator, and submits jobs | [`allocator`] |
//! | it has hooks; a dry run | [`hooks`] |
//! | its locks | [`locks`] |
//! | what another job does meanwhile | [`interference`] |
//! | it waits, and time passes | [`time`] |
//! | it asks the machine: names, hosts | [`host`] |
//! | a helper without a unit, or a unit up to a phase | [`helpers`] |
//! | all that happens, as one text | [`story`] |
//! | a run that was right is kept; a bug is pinned | [`recording`] |
//! | units of another crate | [`foreign`] |
//!
//! Which tool finds which kind of bug, beyond such tests: [`tools`].
//!
//! A test says what it is about, and nothing else: the rest of the cluster is ready-made, nodes are healthy, locks are free, and
//! what must hold after any run is checked after every run ([`Invariant`](crate::Invariant)).

pub mod allocator;
pub mod calls;
pub mod changes;
pub mod foreign;
pub mod helpers;
pub mod hooks;
pub mod host;
pub mod interference;
pub mod locks;
pub mod reads;
pub mod recording;
pub mod story;
pub mod time;
pub mod tools;
