//! Units of another crate: made by the same macros, run by the same bench. `testlib/examples/own-lu` is a whole workspace with a
//! unit of its own, its tests, its command `lu` and its gate, to be copied.
//!
//! ```
//! use cmdlib::cx::{Check, Exec, Expand};
//! use cmdlib::error::{Failure, Refusal};
//! use cmdlib::ids::NodeId;
//! use cmdlib::locking::Locks;
//! use cmdlib::objects::Node;
//! use cmdlib::unit::LogicalUnit;
//! use testlib::{Library, LuTest};
//!
//! cmdlib::opcode! {
//!     /// Tells how warm a node is.
//!     NodeWarmth = "OP_NODE_WARMTH" (
//!         /// The node.
//!         node_name: cmdlib::op::NonEmpty,
//!     ) {} -> u64
//! }
//!
//! cmdlib::calls! {
//!     /// Tells how warm it is.
//!     question Warmth = "warmth" in |c| 60, Online, Nothing () => u64;
//! }
//!
//! /// Tells how warm a node is.
//! pub struct Thermometer(NodeId);
//!
//! impl LogicalUnit for Thermometer {
//!     type Op = NodeWarmth;
//!     /// How warm it is.
//!     type Plan = u64;
//!
//!     fn expand(op: NodeWarmth, cx: &Expand) -> Result<(Self, Locks<Self>), Refusal> {
//!         Ok((Self(cx.find::<Node>(&op.node_name)?), Locks::none()))
//!     }
//!     fn check(&self, cx: &Check) -> Result<u64, Refusal> {
//!         Ok(cx.ask(&self.0, Warmth {})?)
//!     }
//!     fn exec(&self, warmth: &mut u64, _: &Exec) -> Result<u64, Failure> {
//!         Ok(*warmth)
//!     }
//! }
//!
//! cmdlib::units! {
//!     /// The units of this crate.
//!     pub const UNITS: NodeWarmth => Thermometer;
//! }
//!
//! fn library() -> Library {
//!     Library::new(UNITS).answers(|_: &Warmth, _, _| Ok(21))
//! }
//!
//! LuTest::new().units(library()).run(NodeWarmth::new("node1")).returned(21);
//! ```
