//! A unit that only reads: what it returns, and that it does nothing else.
//!
//! ```
//! use cmdlib::op::{self, TagKind};
//! use serde_json::json;
//! use testlib::LuTest;
//!
//! let mut t = LuTest::new();
//! t.config().tag("rack:1");
//! t.run(op::TagsGet::new(TagKind::Cluster)).locked_nothing().called_nobody().changed_nothing().returned(json!(["rack:1"]));
//! ```
//!
//! A result that is large is read after the verdict: `let run = t.run(..).succeeded();`, then `run.config()`, `run.log()`,
//! `run.calls::<..>()`.
