//! Clusters, opcodes and faults of nodes by chance, for properties (feature `proptest`).
//!
//! [`properties`] tries all units of a table: what must hold after any run holds on any cluster, for any opcode, whatever nodes
//! answer. In one's own properties the same strategies are used with proptest as always:
//!
//! ```
//! use cmdlib::op::TagsSearch;
//! use proptest::test_runner::{Config, TestRunner};
//! use serde_json::json;
//! use testlib::LuTest;
//! use testlib::strategies::{GroupSetting, clusters};
//!
//! let mut runner = TestRunner::new(Config { cases: 20, failure_persistence: None, ..Config::default() });
//! let all_tags_are_found = |plan: testlib::strategies::ClusterPlan| {
//!     let groups = plan.groups.iter().enumerate().filter(|(_, it)| it.settings.contains(&GroupSetting::Tag));
//!     let tagged = groups.map(|(index, _)| json!([format!("/nodegroup/group{}", index + 2), "of-group"]));
//!     let mut t = LuTest::with(plan.config());
//!     t.run(TagsSearch::new("^of-group$")).returned(tagged.collect::<Vec<_>>());
//!     Ok(())
//! };
//! runner.run(&clusters(), all_tags_are_found).unwrap();
//! ```
//!
//! Here live strategies, and what runs, judges and prints their cases. Plans are plain data that become clusters, opcodes and
//! scripts late, so that each part shrinks by itself. Nothing knows a unit, and parameters are known by name
//! only to `meaning`.

mod build;
mod case;
mod cluster;
mod faults;
mod lines;
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
