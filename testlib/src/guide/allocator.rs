//! A unit that asks an allocator and submits jobs. Healthy nodes know no reply: a test scripts it.
//!
//! ```
//! use cmdlib::iallocator::ChangeGroup;
//! use cmdlib::jobs::Job;
//! use cmdlib::op;
//! use testlib::{LuTest, clusters};
//!
//! let mut t = LuTest::with(clusters::two_groups());
//! t.config().default_iallocator("hail");
//! t.iallocator().on::<ChangeGroup>().moves([("split1", "rack-b", "node4"), ("web1", "rack-b", "node3")]);
//! let migrate = |name: &str| Job(vec![op::InstanceMigrate::new(name).into()]);
//! t.run(op::GroupEvacuate::new("default"))
//!     .document("it is to change groups", |document| document["request"]["type"] == "change-group")
//!     .submitted([migrate("split1.example.com"), migrate("web1.example.com")])
//!     .succeeded();
//! ```
//!
//! It says no, or the program itself fails; then nothing is submitted:
//!
//! ```
//! use cmdlib::iallocator::ChangeGroup;
//! use cmdlib::op;
//! use testlib::{LuTest, clusters};
//!
//! let mut t = LuTest::with(clusters::two_groups());
//! t.config().default_iallocator("hail");
//! t.iallocator().on::<ChangeGroup>().fails("the racks are full");
//! t.run(op::GroupEvacuate::new("default")).submitted_nothing().failed("the racks are full");
//! t.iallocator().on::<ChangeGroup>().breaks("exit code 1");
//! t.run(op::GroupEvacuate::new("default")).submitted_nothing().failed("exit code 1");
//! ```
//!
//! A queue that takes no jobs:
//!
//! ```
//! # use cmdlib::iallocator::ChangeGroup;
//! # use cmdlib::op;
//! # use testlib::{LuTest, clusters};
//! # let mut t = LuTest::with(clusters::two_groups());
//! # t.config().default_iallocator("hail");
//! # t.iallocator().on::<ChangeGroup>().moves([("split1", "rack-b", "node4"), ("web1", "rack-b", "node3")]);
//! t.rejects_jobs("the queue is drained");
//! let refused = serde_json::json!([false, "the queue is drained"]);
//! t.run(op::GroupEvacuate::new("default")).returned(serde_json::json!({"jobs": [refused, refused]}));
//! ```
