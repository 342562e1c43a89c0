//! A unit-test framework for logical units of Ganeti's command library.
//!
//! A test needs an opcode and a verdict. What it does not script is answered by healthy nodes, consistent with the cluster; all
//! locks are granted; the processor is the real one, and so is the configuration store. Each run is done twice, once for each
//! way of taking locks, and compared; what must hold after any run is checked after every run (`Invariant`).
//!
//! ```
//! use cmdlib::error::Code;
//! use cmdlib::op;
//! use cmdlib::rpc::{InstanceStart, NodeInfo};
//! use testlib::Level::{Instance, NodeRes};
//! use testlib::{LuTest, MiB, exclusive, free_memory};
//!
//! let mut t = LuTest::three_nodes_five_instances();
//! t.rpc().on::<NodeInfo>().node("node1").replies(free_memory(MiB(64)));
//! t.run(op::InstanceStartup::new("web1"))
//!     .locked([exclusive(Instance, "web1"), exclusive(NodeRes, "node1")])
//!     .never_called::<InstanceStart>()
//!     .refused(Code::InsufficientResources, "node1");
//! ```
//!
//! A recipe for each kind of test: [`guide`].
//!
//! Locks are granted by a mock. With [`LuTest::real_locks`], or for all tests with `LU_LOCKS=real` in the environment, they are
//! granted by the real lock manager: reports and journals stay the same.
//!
//! What is not modelled: time that calls take (a script can let the clock move), nodes that keep a state of their own (they
//! answer from the configuration), other jobs (a test changes the cluster at the moment when a lock is granted, or says that a
//! lock is taken).

mod again;
mod alone;
mod bench;
#[cfg(feature = "cli")]
pub mod cli;
pub mod clusters;
mod config;
pub mod contracts;
mod diff;
mod disturbance;
mod failure;
mod finding;
pub mod guide;
mod healthy;
mod heard;
mod hooks;
mod host;
mod iallocator;
mod invariants;
mod jobs;
mod journal;
mod library;
mod locks;
mod meaning;
mod moment;
mod names;
pub mod odd;
mod own_tests;
pub mod put_back;
mod record;
pub mod replay;
mod report;
mod rpc;
mod run;
mod runs;
mod scope;
mod secrets;
mod stage;
#[cfg(feature = "proptest")]
pub mod strategies;
pub mod sweep;

pub use bench::LuTest;
pub use cmdlib::hooks::HookPhase;
pub use cmdlib::locking::{Level, Strategy};
pub use cmdlib::record::LogKind;
pub use config::*;
pub use failure::{Failed, failure_of};
pub use healthy::{Healthy, NODE_MEMORY_MIB, NODE_MEMORY_OWN_MIB, NODE_STORAGE_MIB, free_memory};
pub use hooks::MockHooks;
pub use host::{BEGIN, MockClock, MockDoorbell, MockNet, MockRandom};
pub use iallocator::{AllocatorReply, ScriptedIallocator};
pub use invariants::Invariant;
pub use journal::Journal;
pub use library::Library;
pub use locks::{LockNamed, MockLocks, all_exclusive, all_shared, exclusive, shared};
pub use moment::{Moment, executing, granted};
pub use own_tests::Campaign;
pub use rpc::{ScriptEntry, ScriptedRpc, Times};
pub use run::{Judged, LuRun};
