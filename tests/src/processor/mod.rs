//! Tests of the processor: the order of phases, both ways of taking locks, hooks, and that nothing is left behind on any
//! exit.

mod attempts;
mod hooks;
mod locks;
mod outside;
mod panics;
mod phases;
mod storage;
mod units;
