//! Contexts: what a phase may do is what its context has. `View` reads and logs; `Asking` also asks nodes, asks the
//! allocator, and gives locks back; `Check` also reserves; `Exec` also acts. Each dereferences to the weaker one, so a
//! helper takes the weakest that it needs.
//!
//! Contexts are shared references without lifetimes, look-ups return owned `Arc`s: nothing stays borrowed.

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
