//! A unit with hooks: where they run, what they are told, and what a script that fails does. And a dry run, which ends when the
//! hooks before have run.
//!
//! ```
//! use cmdlib::op;
//! use testlib::{HookPhase, LuTest};
//!
//! LuTest::three_nodes_five_instances()
//!     .run(op::InstanceStartup::new("web1"))
//!     .hooks("instance-start", ["node1"], ["node1"])
//!     .hook_env(HookPhase::Post, [("GANETI_INSTANCE_STATUS", "down"), ("GANETI_POST_INSTANCE_STATUS", "up")])
//!     .succeeded();
//! ```
//!
//! A script that fails before stops the run; one that fails after is a warning:
//!
//! ```
//! use cmdlib::op;
//! use testlib::LuTest;
//!
//! let mut t = LuTest::three_nodes_five_instances();
//! t.hooks().pre_fails("node1", "10-check", "not on a Friday");
//! t.run(op::InstanceStartup::new("web1")).changed_nothing().hook_aborted("Friday");
//! t.hooks().post_fails("node1", "90-tell", "nobody listens");
//! t.run(op::InstanceStartup::new("web1")).warned("nobody listens").succeeded();
//! ```
//!
//! A dry run asks, and does nothing:
//!
//! ```
//! use cmdlib::op::{self, Common};
//! use cmdlib::rpc::{InstanceStart, NodeInfo};
//! use testlib::LuTest;
//!
//! let dry = Common { dry_run: true, ..Common::default() };
//! LuTest::three_nodes_five_instances()
//!     .run(op::InstanceStartup { common: dry, ..op::InstanceStartup::new("web1") })
//!     .called::<NodeInfo>()
//!     .never_called::<InstanceStart>()
//!     .hooks("instance-start", ["node1"], [])
//!     .changed_nothing()
//!     .succeeded();
//! ```
