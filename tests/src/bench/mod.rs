//! Tests of the bench: what every assertion, verdict, script and check says when it holds, when it fails, and when it is
//! misused.

mod allocator;
mod both_ways;
mod calls;
mod changes;
mod config;
mod golden;
mod healthy;
mod hooks;
mod host;
mod invariants;
mod jobs;
mod locks;
mod log;
mod real_locks;
mod recording;
mod report;
mod runs;
mod scripts;
mod secrets;
mod stages;
mod story;
mod sweeps;
pub(crate) mod units;
mod untyped;
mod verdicts;
