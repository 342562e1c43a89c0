//! Tests of the bench: what every assertion, verdict, script and check says when it holds, when it fails, and when it is
//! misused.

mod config;
mod first;
mod golden;
mod units;
