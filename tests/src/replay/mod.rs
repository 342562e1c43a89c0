//! Replay: what it makes of traces, well-formed and not, of rules, and of the corpus if it is there.

mod channels;
mod corpus;
mod delays;
mod evacuations;
mod files;
mod networks;
mod recorded;
mod rules;
mod suite;
mod summary;
mod systems;
mod traces;
mod verdicts;
mod volumes;
