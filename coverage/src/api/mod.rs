//! The API coverage matrix: which call is tested by which tests, and by which way.
//!
//! Tests write a line for each call that they make (`runs`), the runner says how each test ended ([`crate::results`]), the
//! catalogue says which calls there are (`calls`); `matrix` is made of these three. `baseline` holds it to what was
//! reached, `page` reads and writes hand-kept pages, `diff` says where such a page and the matrix differ. Nothing here
//! knows what a call is: the project's own are opcodes, another's may be methods of a client.

pub mod baseline;
pub mod calls;
pub mod command;
pub mod diff;
pub mod matrix;
pub mod measure;
pub mod page;
pub mod render;
pub mod runs;
