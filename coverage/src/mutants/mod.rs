//! A front to cargo-mutants for the units: which mutants are tried, what came of them by unit, and the baseline that only
//! rises. cargo-mutants makes the mutants and runs the tests; nothing here changes a source file.

pub mod baseline;
pub mod command;
mod drive;
mod known;
pub mod outcomes;
pub mod render;
pub mod score;
