//! A unit that waits. The clock of the bench moves when somebody sleeps, when a script says that an answer takes its time, or
//! when the test moves it; a test itself never waits.
//!
//! ```
//! use cmdlib::op;
//! use cmdlib::rpc::TestDelay;
//! use testlib::LuTest;
//!
//! let mut t = LuTest::new();
//! t.rpc().on::<TestDelay>().after_seconds(2.5).healthy();
//! t.run(op::TestDelay { on_nodes: vec!["node1".into()], ..op::TestDelay::new(2.5) }).succeeded();
//! ```
//!
//! Somebody ends the wait after four seconds:
//!
//! ```
//! use std::rc::Rc;
//!
//! use cmdlib::host::Waited;
//! use cmdlib::op;
//! use testlib::LuTest;
//!
//! let mut t = LuTest::new();
//! t.doorbell(|bell, clock| {
//!     let clock = Rc::clone(clock);
//!     bell.expect_open().returning(|| Ok("/run/bell".to_owned()));
//!     bell.expect_close().return_const(());
//!     bell.expect_accept().returning_st(move |_| {
//!         clock.advance(4.0);
//!         Waited::Reached
//!     });
//!     bell.expect_receive().returning_st(|_| Waited::Reached);
//! });
//! let run = t.run(op::TestDelay { interruptible: true, ..op::TestDelay::new(10.0) }).succeeded();
//! assert!(run.log().iter().any(|(_, text)| text.contains("interrupted after 4 seconds")));
//! ```
