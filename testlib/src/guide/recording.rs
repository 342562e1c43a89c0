//! A run that was right is kept as one line of JSON, and replayed: it fails when the unit asks, locks, changes or ends otherwise
//! one day.
//!
//! ```
//! use cmdlib::op;
//! use testlib::{LuTest, replay};
//!
//! let run = LuTest::three_nodes_five_instances().run(op::InstanceStartup::new("web1")).succeeded();
//! let line = run.record().unwrap();
//! replay::trace(&line);
//! ```
//!
//! A file of such lines is replayed by `replay::trace("its path")` and by `lu replay`.
//!
//! A bug is pinned by what *should* have happened: a report is a cluster's file, a job and what nodes answered, and
//! `lu record --test` writes them as a test without a verdict. With the verdict that is right it is red, and its report shows
//! the bug; the fix turns it green. What remains is short:
//!
//! ```
//! use cmdlib::error::Code;
//! use cmdlib::op;
//! use cmdlib::rpc::NodeInfo;
//! use testlib::{LuTest, MiB, free_memory};
//!
//! // The report: an instance was started on a node without memory for it.
//! let mut t = LuTest::three_nodes_five_instances();
//! t.rpc().on::<NodeInfo>().node("node1").replies(free_memory(MiB(64)));
//! t.run(op::InstanceStartup::new("web1")).refused(Code::InsufficientResources, "node1");
//! ```
