//! Contexts: what a phase may do is what its context has. `View` reads and logs; `Asking` also asks nodes, asks the
//! allocator, and gives locks back; `Check` also reserves; `Exec` also acts. Each dereferences to the weaker one, so a
//! helper takes the weakest that it needs.
//!
//! Contexts are shared references without lifetimes, look-ups return owned `Arc`s: nothing stays borrowed.
//!
//! # What does not compile
//!
//! This does, and what differs from it in one word does not:
//! ```
//! use cmdlib::cx::{Check, Declare, Exec, Expand, View};
//! use cmdlib::ids::{GroupId, NodeId};
//! use cmdlib::locking::{Locks, Mode};
//! use cmdlib::objects::{Instance, Node, NodeGroup};
//! use cmdlib::rpc::{NodePowercycle, OsDiagnose};
//!
//! fn look(cx: &View) { cx.info("a log line"); }
//! fn ask(cx: &Check, node: &NodeId) { let _ = cx.ask(node, OsDiagnose {}); }
//! fn act(cx: &Exec, node: &NodeId, action: NodePowercycle) { let _ = cx.tell(node, action); }
//! fn write(cx: &Exec) { let _ = cx.update_cluster(|cluster| cluster.candidate_pool_size = 3); }
//! fn submit(cx: &Exec) { let _ = cx.submit(Vec::new()); }
//! fn wait(cx: &Exec) { cx.sleep(1.0); }
//! fn downgrade(cx: &Exec) { cx.downgrade::<Node>(); }
//! fn later(cx: &Declare<Node>) { let _ = cx.held::<NodeGroup>(); }
//! fn wish(name: String) -> Locks<()> { Locks::none().shared::<Instance>([name]) }
//! ```
//!
//! Looking does not ask nodes:
//! ```compile_fail,E0599
//! fn look(cx: &cmdlib::cx::View, node: &cmdlib::ids::NodeId) { let _ = cx.ask(node, cmdlib::rpc::OsDiagnose {}); }
//! ```
//! Resolving names does not ask nodes:
//! ```compile_fail,E0599
//! fn expand(cx: &cmdlib::cx::Expand, node: &cmdlib::ids::NodeId) { let _ = cx.ask(node, cmdlib::rpc::OsDiagnose {}); }
//! ```
//! A check does not act on nodes:
//! ```compile_fail,E0599
//! fn act(cx: &cmdlib::cx::Check, node: &cmdlib::ids::NodeId, action: cmdlib::rpc::NodePowercycle) { let _ = cx.tell(node, action); }
//! ```
//! nor by asking for it:
//! ```compile_fail,E0277
//! fn act(cx: &cmdlib::cx::Check, node: &cmdlib::ids::NodeId, action: cmdlib::rpc::NodePowercycle) { let _ = cx.ask(node, action); }
//! ```
//! A check does not change the configuration:
//! ```compile_fail,E0599
//! fn write(cx: &cmdlib::cx::Check) { let _ = cx.update_cluster(|cluster| cluster.candidate_pool_size = 3); }
//! ```
//! A check submits no job:
//! ```compile_fail,E0599
//! fn submit(cx: &cmdlib::cx::Check) { let _ = cx.submit(Vec::new()); }
//! ```
//! A check does not wait:
//! ```compile_fail,E0599
//! fn wait(cx: &cmdlib::cx::Check) { cx.sleep(1.0); }
//! ```
//! A check does not downgrade locks:
//! ```compile_fail,E0599
//! fn downgrade(cx: &cmdlib::cx::Check) { cx.downgrade::<cmdlib::objects::Node>(); }
//! ```
//! What is held of a later level can't be asked for while an earlier one is chosen:
//! ```compile_fail,E0277
//! use cmdlib::{cx::Declare, objects::{Node, NodeGroup}};
//! fn later(cx: &Declare<NodeGroup>) { let _ = cx.held::<Node>(); }
//! ```
//! A lock is not wished by the name of another kind of object:
//! ```compile_fail,E0271
//! use cmdlib::{ids::NodeId, locking::Locks, objects::Instance};
//! fn wish(name: NodeId) -> Locks<()> { Locks::none().shared::<Instance>([name]) }
//! ```
//! An id of one kind does not find an object of another:
//! ```compile_fail,E0308
//! use cmdlib::{cx::View, ids::NodeId, objects::Instance};
//! fn find(cx: &View, id: &NodeId) -> std::sync::Arc<Instance> { cx.get(id).unwrap() }
//! ```
//! A refusal does not become a failure, nor the reverse:
//! ```compile_fail,E0277
//! use cmdlib::error::{Failure, Refusal};
//! fn exec(checked: Result<(), Refusal>) -> Result<(), Failure> { Ok(checked?) }
//! ```
//! ```compile_fail,E0277
//! use cmdlib::error::{Failure, Refusal};
//! fn check(done: Result<(), Failure>) -> Result<(), Refusal> { Ok(done?) }
//! ```
//! An argument of a call has a wire form:
//! ```compile_fail,E0277
//! struct Unsendable;
//! cmdlib::calls! {
//!     /// Feeds the pet.
//!     action PetFeed = "pet_feed" in |c| 60, Online, Nothing (
//!         /// What it gets.
//!         food: Unsendable,
//!     ) => ();
//! }
//! ```

mod asking;
mod check;
mod exec;
mod expand;
mod run;
mod view;

pub use asking::Asking;
pub(crate) use asking::read as read_answer;
pub use check::Check;
pub use exec::Exec;
pub use expand::{Declare, Expand};
pub(crate) use run::Run;
pub use view::View;
