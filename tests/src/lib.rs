//! The tests of the library, mirroring `cmdlib/src`: one module per logical unit in `lu`, and the rest beside it. One test
//! binary. A test is a sentence, states one fact, and goes through the public API.
#![cfg(test)]

mod bench;
mod cli;
mod config;
mod iallocator;
mod lu;
mod net;
mod op;
mod params;
mod pinned;
mod processor;
mod put_back;
mod replay;
