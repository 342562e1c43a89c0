//! The report as one page of HTML: units with their lines, error places, mutants and API class; a treemap; the slowest
//! tests; the sources with hits. One file that opens from disk: nothing is loaded from anywhere.

pub mod command;
mod inputs;
mod render;
pub mod treemap;
