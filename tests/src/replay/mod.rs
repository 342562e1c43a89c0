//! Replay: what it makes of traces, well-formed and not, of rules, and of the corpus if it is there.

mod channels;
mod corpus;
mod files;
mod rules;
mod summary;
mod traces;
mod verdicts;
