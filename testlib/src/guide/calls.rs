//! A unit that calls nodes. What a test does not script is answered by healthy nodes; a call that it scripts belongs to the
//! script, and what no entry matches is a finding.
//!
//! A node that says no:
//!
//! ```
//! use cmdlib::op;
//! use cmdlib::rpc::InstanceStart;
//! use testlib::LuTest;
//!
//! let mut t = LuTest::three_nodes_five_instances();
//! t.rpc().on::<InstanceStart>().node("node1").fails("no kernel");
//! t.run(op::InstanceStartup::new("web1")).called_on::<InstanceStart>(["node1"]).failed("no kernel");
//! ```
//!
//! One that is not there, one that is offline, and one that talks nonsense. The rest of the call is left to the healthy ones:
//!
//! ```
//! use cmdlib::op;
//! use cmdlib::rpc::LvList;
//! use testlib::{LuTest, clusters};
//!
//! let mut t = LuTest::with(clusters::two_groups());
//! t.config().node("node3").offline();
//! t.rpc().on::<LvList>().node("node1").unreachable();
//! t.rpc().on::<LvList>().node("node2").malformed();
//! t.run(op::GroupVerifyDisks::new("default")).called_on::<LvList>(["node1", "node2"]).succeeded();
//! ```
//!
//! An answer that depends on the arguments, and on how often was asked:
//!
//! ```
//! use cmdlib::op;
//! use cmdlib::rpc::BlockdevAssemble;
//! use testlib::LuTest;
//!
//! let mut t = LuTest::three_nodes_five_instances();
//! t.rpc().on::<BlockdevAssemble>().with_named("as primary", |call| call.as_primary).fails("no such device");
//! t.rpc().on::<BlockdevAssemble>().any_times().healthy();
//! t.run(op::InstanceStartup::new("web2")).failed("disk");
//! ```
//!
//! An entry that names another node than the unit asks tells so twice: the call that nobody expected, with the entry that came
//! nearest and its line, and the entry that was not used up.
//!
//! ```
//! use cmdlib::op;
//! use cmdlib::rpc::InstanceStart;
//! use testlib::{LuTest, failure_of};
//!
//! let failed = failure_of(|| {
//!     let mut t = LuTest::three_nodes_five_instances();
//!     t.rpc().on::<InstanceStart>().node("node2").fails("no kernel");
//!     t.run(op::InstanceStartup::new("web1")).failed("no kernel");
//! });
//! assert!(failed.message.contains("nearest  instance_start @node2   differs in: node"));
//! assert!(failed.message.contains("script not used up"));
//! ```
