//! Clusters, opcodes and faults of nodes by chance, for properties (feature `proptest`).
//!
//! [`properties`] tries all units of a table: what must hold after any run holds on any cluster, for any opcode, whatever nodes
//! answer. In one's own properties the same strategies are used with proptest as always:
//!
//! ```
//! use cmdlib::op;
//! use proptest::prelude::*;
//! use testlib::LuTest;
//! use testlib::strategies::clusters;
//!
//! let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig { cases: 8, failure_persistence: None, ..Default::default() });
//! runner.run(&clusters(), |plan| {
//!     let mut t = LuTest::with(plan.config());
//!     let groups = plan.groups.len() + 1;
//!     let op = op::TagsSearch::new("^of-group$");
//!     let tagged = t.run(op).succeeded();
//!     prop_assert!(tagged.config().nodegroups.len() == groups);
//!     Ok(())
//! }).unwrap();
//! ```
//!
//! Here live strategies, and what runs, judges and prints their cases. Plans are plain data that become clusters, opcodes and
//! scripts late, so that each part shrinks by itself. Only `meaning` knows parameters by name; nothing knows a unit.

mod allocator;
mod build;
mod case;
mod cluster;
mod faults;
mod lines;
mod meaning;
mod opcodes;
mod properties;
mod shapes;

pub use case::CasePlan;
pub use cluster::{
    ClusterPlan, GroupPlan, GroupSetting, InstancePlan, InstanceSetting, NetworkPlan, NetworkSetting, NicPlan,
    NodePlan, NodeSetting, Setting, State, Storage, clusters,
};
pub use faults::{FaultPlan, faults};
pub use opcodes::{Opcode, OpcodePlan, opcodes};
pub use properties::{Ends, Held, Properties, properties, test_of};
