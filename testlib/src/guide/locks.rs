//! The locks of a unit: which it asks for, which it holds while it acts, and what it does when they are taken. The big lock of
//! the cluster is left out. Each run is done twice, once for each way of taking locks, and compared.
//!
//! ```
//! use cmdlib::op;
//! use cmdlib::rpc::InstanceStart;
//! use testlib::Level::{Instance, NodeRes};
//! use testlib::{LuTest, exclusive};
//!
//! LuTest::three_nodes_five_instances()
//!     .run(op::InstanceStartup::new("web1"))
//!     .locked([exclusive(Instance, "web1"), exclusive(NodeRes, "node1")])
//!     .held_during::<InstanceStart>([exclusive(Instance, "web1")])
//!     .succeeded();
//! ```
//!
//! Another job has one, and does not give it back in time:
//!
//! ```
//! use cmdlib::op;
//! use testlib::{Level, LuTest};
//!
//! let mut t = LuTest::three_nodes_five_instances();
//! t.locks().taken(Level::Instance, "web1");
//! t.run(op::InstanceStartup::new("web1")).lock_timed_out();
//! ```
//!
//! A unit that takes what is free does without it, and says so:
//!
//! ```
//! use cmdlib::op;
//! use cmdlib::rpc::LvList;
//! use testlib::{Level, LuTest, clusters};
//!
//! let mut t = LuTest::with(clusters::two_groups());
//! t.locks().taken(Level::Node, "node2");
//! t.run(op::GroupVerifyDisks { is_strict: false, ..op::GroupVerifyDisks::new("default") })
//!     .called_on::<LvList>(["node1", "node3"])
//!     .warned("node2")
//!     .succeeded();
//! ```
