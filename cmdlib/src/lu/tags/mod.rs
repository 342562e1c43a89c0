//! Tags: labels that people put on objects and search by.

mod del;
mod get;
mod search;
mod set;
mod target;

pub use del::TagsDel;
pub use get::TagsGet;
pub use search::TagsSearch;
pub use set::TagsSet;
