//! Replaying recorded runs of the reference against our logical units.
//!
//! A trace holds a configuration, an opcode, all that the outside answered, and what came of it. It is run by the real
//! processor, with seams that answer as recorded, and compared channel by channel. Where the reference is wrong, rules say
//! what our run shows instead. `corpus` reads files, `trace` knows what they say, `seams` answer, `channels` compare,
//! `rules` correct, `verdict` judges, `summary` and `report` tell it. Nothing here knows a logical unit but the functions
//! that rules name.

mod channels;
mod check;
mod corpus;
mod healthy;
mod json;
mod report;
mod rules;
mod seams;
mod summary;
mod trace;
mod verdict;

pub use channels::{Changes, Channel, Channels, Difference, GivenBack, LockMode, Locks, NodeCall, Outcome};
pub use check::{trace, trace_with};
pub use corpus::{Corpus, FOLDER_VARIABLE, TraceError};
pub use report::side_by_side;
pub use rules::{OwnDefect, RuleError, Rules};
pub use seams::Unrecorded;
pub use summary::{Counts, PARDONED_OF_ALL, PARDONED_OF_ONE, Summary};
pub(crate) use trace::BENCH;
pub use trace::{
    Answer, AskedLock, Call, CalledNode, Change, Ending, Event, LockCall, LockKind, LockName, Mode, Question, Trace,
};
pub use verdict::{Verdict, run, run_with};
