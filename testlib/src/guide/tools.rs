//! Which tool finds which kind of bug. From top to bottom more is found that nobody thought of, and less is said about what is right.
//!
//! | tool | what it finds | such as |
//! |---|---|---|
//! | [a scripted test](#a-scripted-test) | a wrong decision, where somebody thought of the case | D12: what a unit tells depends on the order of nodes |
//! | [checks after every run](#checks-after-every-run) | a lock, reservation or secret that is lost, a change without its lock, an error of a programmer | D79: the locks depend on the way of taking them |
//! | [fault sweep](#fault-sweep) | an answer that fails, and nobody thought of it | D13: all nodes fail, and the list is empty without a warning |
//! | [interference sweep](#interference-sweep) | what was looked up before the locks were held | D06: the object is gone by then |
//! | [odd clusters](#odd-clusters) | what only fits the usual cluster | a node without a group's parameters, an instance without disks |
//! | [lock contracts](#lock-contracts) | what is decided by without a lock; a lock that nobody needs | D07: read, changed and written without one |
//! | [defects put back](#defects-put-back) | a test that is missing | a unit without its post hooks passes all its tests |
//! | [properties](#properties) | an opcode or a cluster that nobody thought of | D17: a type error instead of a refusal |
//! | [the real lock manager](#the-real-lock-manager) | locks that no manager grants: upgrades, the wrong order | a run that waits for ever |
//! | [replay](#replay) | a difference from the reference, or from yesterday | D14: an option without effect |
//! | [coverage](#coverage) | a refusal that no test reaches | an error text that was never read |
//!
//! # A scripted test
//! One case and its outcome, in the words of the field. It stays when all else has found nothing: it says what is right.
//!
//! ```
//! use cmdlib::error::Code;
//! use cmdlib::op;
//! use cmdlib::rpc::NodeInfo;
//! use testlib::{LuTest, MiB, free_memory};
//!
//! let mut t = LuTest::three_nodes_five_instances();
//! t.rpc().on::<NodeInfo>().replies(free_memory(MiB(64)));
//! t.run(op::InstanceStartup::new("web1")).refused(Code::InsufficientResources, "node1");
//! ```
//!
//! # Checks after every run
//! They are on without a word ([`Invariant`](crate::Invariant)), and find what the test is not about:
//!
//! ```
//! use testlib::{LuTest, failure_of};
//!
//! let failed = failure_of(|| {
//!     let mut t = LuTest::new();
//!     let node = t.config().id_of_node("node1");
//!     let run = t.exec(move |cx| cx.update(&node, |node| _ = node.tags.insert("seen".to_owned())).map(|_| ()));
//!     drop(run.succeeded());
//! });
//! assert!(failed.message.contains("something was changed without its lock"));
//! assert!(failed.message.contains("it needs the exclusive lock node/node1"));
//! ```
//!
//! # Fault sweep
//! Each answer from outside fails once, in each way in which it can. Whoever goes on must tell; whoever does not must say where
//! it was, and leave nothing behind.
//!
//! ```
//! use cmdlib::op;
//! use testlib::LuTest;
//!
//! let faults = LuTest::three_nodes_five_instances().fault_sweep(op::InstanceShutdown::new("web1")).holds();
//! assert!(faults.points() >= 4, "{faults}");
//! ```
//!
//! # Interference sweep
//! At each grant of locks another job has changed what the run is about.
//!
//! ```
//! use cmdlib::op;
//! use testlib::LuTest;
//!
//! let others = LuTest::three_nodes_five_instances().interference_sweep(op::InstanceShutdown::new("web1")).holds();
//! assert!(others.to_string().contains("cluster.remove_instance(\"web1\");"));
//! ```
//!
//! # Odd clusters
//! All clusters of [`odd`](crate::odd), and all opcodes that parameters allow; for whole tables of units, as both sweeps
//! ([`sweep::all`](crate::sweep::all)). Here for the first unit of the library:
//!
//! ```
//! let swept = testlib::sweep::all(&cmdlib::lu::UNITS[..1]).only_odd_clusters().holds();
//! assert!(swept.runs() > testlib::odd::ALL.len());
//! ```
//!
//! # Lock contracts
//! Over all runs of the units' tests, with other jobs ([`contracts`](crate::contracts)). It runs the test binary that it stands
//! in; in `testlib/examples/own-lu` it stands in a crate with a unit of its own.
//!
//! ```no_run
//! testlib::contracts::of(cmdlib::lu::UNITS)
//!     .explained("TestDelay: needless lock node", "other jobs are to wait for it")
//!     .run()
//!     .holds();
//! ```
//!
//! # Defects put back
//! Does a test fail if the unit forgets a lock, ignores an error, skips its hooks? ([`put_back`](crate::put_back)) It runs the
//! same tests, hundreds in a process, each with a defect of its own.
//!
//! ```no_run
//! testlib::put_back::of(cmdlib::lu::UNITS).run().holds();
//! ```
//!
//! # Properties
//! Clusters, opcodes and failing nodes by chance (feature `proptest`). What fails is made small, and printed as a test to keep.
//!
//! ```
//! # #[cfg(feature = "proptest")]
//! let held = testlib::strategies::properties(&cmdlib::lu::UNITS[..2]).cases(10).on_failing_nodes().hold();
//! # #[cfg(feature = "proptest")]
//! assert_eq!(held.cases(), 20);
//! ```
//!
//! # The real lock manager
//! The same test, with locks that are really taken. `LU_LOCKS=real cargo test` does so for all.
//!
//! ```
//! use cmdlib::op;
//! use testlib::{Level, LuTest};
//!
//! let mut t = LuTest::three_nodes_five_instances();
//! t.real_locks().locks().taken(Level::Instance, "web1");
//! t.run(op::InstanceStartup::new("web1")).lock_timed_out();
//! ```
//!
//! # Replay
//! A run that was right, the reference's or one's own, is the same today ([`replay`](crate::replay)).
//!
//! ```
//! use cmdlib::op;
//! use testlib::{LuTest, replay};
//!
//! let run = LuTest::three_nodes_five_instances().run(op::InstanceShutdown::new("web1")).succeeded();
//! replay::trace(&run.record().unwrap());
//! ```
//!
//! # Coverage
//! `cargo gate` holds each unit to 90 % of its lines, `cargo coverage errors` each place that refuses or fails to a test that reaches
//! it. Sweeps and campaigns do not count: lines that they pass are not lines that somebody tested.
