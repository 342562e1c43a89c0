//! Less than a unit: a helper by itself, with the context of a check or of an execution.
//!
//! ```
//! use cmdlib::error::Code;
//! use cmdlib::lu::shared::memory::check_free_memory;
//! use cmdlib::rpc::NodeInfo;
//! use testlib::{LuTest, MiB, free_memory};
//!
//! let mut t = LuTest::new();
//! let node = t.config().id_of_node("node1");
//! t.rpc().on::<NodeInfo>().replies(free_memory(MiB(64)));
//! t.check(move |cx| check_free_memory(&node, 65, "kvm", "a test", cx)).refused(Code::InsufficientResources, "64 MiB");
//! ```
//!
//! A helper that changes or acts needs the locks that its unit would hold:
//!
//! ```
//! use testlib::{Level, LuTest, exclusive};
//!
//! let mut t = LuTest::new();
//! let node = t.config().id_of_node("node1");
//! t.holding([exclusive(Level::Node, "node1")])
//!     .exec(move |cx| cx.update(&node, |node| _ = node.tags.insert("seen".to_owned())).map(|_| ()))
//!     .changed(["nodes[node1].tags: [] -> [\"seen\"]"])
//!     .succeeded();
//! ```
//!
//! A unit up to a phase, with its own locks: here those of a stop, seen from its check.
//!
//! ```
//! use cmdlib::lu::instance::InstanceShutdown;
//! use cmdlib::objects::Instance;
//! use cmdlib::op;
//! use testlib::LuTest;
//!
//! LuTest::three_nodes_five_instances()
//!     .at_check::<InstanceShutdown, _>(op::InstanceShutdown::new("db1"), |_, cx| Ok(cx.held::<Instance>().len() as u64))
//!     .returned(1);
//! ```
