//! All that happens, as one text: for the happy path of a unit, beside the tests that state one fact each. An empty literal is
//! filled in by `UPDATE_EXPECT=1 cargo test`; read what it wrote before you commit it.
//!
//! ```
//! use cmdlib::op::{self, TagKind};
//! use expect_test::expect;
//! use testlib::LuTest;
//!
//! LuTest::new()
//!     .run(op::TagsSet::new(TagKind::Cluster, ["blue"]))
//!     .story(expect![[r#"
//!         1 locks      lock    cluster/BGL shared
//!         2 locks      start   all locks are held
//!         3 exec       config  cluster.tags: [] -> ["blue"]
//!     "#]])
//!     .succeeded();
//! ```
