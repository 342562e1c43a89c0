//! What another job does while locks are waited for. The change happens when locks of the level are granted, counts as the
//! cluster's, and is made once for each way of taking locks.
//!
//! The object moves: the unit acts on what is true now.
//!
//! ```
//! use cmdlib::op;
//! use cmdlib::rpc::InstanceStart;
//! use testlib::Level::Instance;
//! use testlib::{LuTest, granted};
//!
//! let mut t = LuTest::three_nodes_five_instances();
//! t.when(granted(Instance), |cluster| {
//!     cluster.move_instance("web1", "node2");
//! });
//! t.run(op::InstanceStartup::new("web1")).called_on::<InstanceStart>(["node2"]).succeeded();
//! ```
//!
//! It vanishes: the unit refuses, and does not crash.
//!
//! ```
//! use cmdlib::error::Code;
//! use cmdlib::op;
//! use testlib::Level::Instance;
//! use testlib::{LuTest, granted};
//!
//! let mut t = LuTest::three_nodes_five_instances();
//! t.when(granted(Instance), |cluster| {
//!     cluster.remove_instance("web1");
//! });
//! t.run(op::InstanceStartup::new("web1")).refused(Code::UnknownEntity, "web1");
//! ```
