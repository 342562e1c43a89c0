//! What the machine is asked: names that are looked up, hosts that are pinged. Without a script every name resolves, and nothing
//! listens; with one, what is not expected is a failure of the test.
//!
//! ```
//! use cmdlib::error::{Code, Refusal};
//! use cmdlib::host::{HostName, Unresolved};
//! use testlib::LuTest;
//!
//! let unresolved = |why: Unresolved| Refusal::new(Code::Resolver, why.to_string());
//! let mut t = LuTest::new();
//! t.net(|net| {
//!     net.expect_resolve().returning(|name| Ok(HostName { name: name.to_owned(), ip: "192.0.2.7".to_owned() }));
//!     net.expect_ping().return_const(true);
//! });
//! t.check(move |cx| {
//!     let host = cx.resolve("web9.example.com").map_err(unresolved)?;
//!     Ok::<_, Refusal>(cx.ping(&host.ip, 1811, 2.0))
//! })
//! .returned(true);
//! ```
