//! A unit that changes the configuration: the lines of the change are complete, and serial numbers and times move by
//! themselves.
//!
//! ```
//! use cmdlib::op::{self, TagKind};
//! use testlib::Level::Instance;
//! use testlib::{LuTest, exclusive};
//!
//! let mut t = LuTest::three_nodes_five_instances();
//! t.run(op::TagsSet { name: Some("web1".to_owned()), ..op::TagsSet::new(TagKind::Instance, ["blue"]) })
//!     .locked([exclusive(Instance, "web1")])
//!     .changed(["instances[web1].tags: [] -> [\"blue\"]"])
//!     .succeeded();
//! ```
//!
//! What is refused changed nothing, which is checked after every run: a test of a refusal need not say it.
//!
//! ```
//! use cmdlib::error::Code;
//! use cmdlib::op::{self, TagKind};
//! use testlib::LuTest;
//!
//! LuTest::new().run(op::TagsDel::new(TagKind::Cluster, ["blue"])).refused(Code::UnknownEntity, "blue");
//! ```
//!
//! A change that the test does not know of fails it, and the report has the line to copy:
//!
//! ```
//! use cmdlib::op::{self, TagKind};
//! use testlib::{LuTest, failure_of};
//!
//! let failed = failure_of(|| {
//!     let run = LuTest::new().run(op::TagsSet::new(TagKind::Cluster, ["blue"]));
//!     run.changed(["cluster.tags: [] -> [\"red\"]"]).succeeded();
//! });
//! assert!(failed.message.contains("cluster.tags: [] -> [\"blue\"]"));
//! ```
