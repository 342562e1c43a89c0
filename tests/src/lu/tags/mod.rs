//! Units that deal with tags.

mod del;
mod get;
mod search;
mod set;
