//! The job queue as it was recorded.

use std::cell::RefCell;
use std::collections::VecDeque;

use cmdlib::jobs::{JobQueue, Submission};
use serde_json::Value;

use crate::replay::trace::{Event, Trace};

pub(super) struct RecordedJobs {
    answers: RefCell<VecDeque<Submission>>,
    /// The id of the next job of which nothing was recorded.
    next: RefCell<u64>,
}

impl RecordedJobs {
    pub(super) fn new(trace: &Trace) -> Self {
        let answers = trace.events.iter().filter_map(|event| match event {
            Event::Jobs(_, answers) => Some(answers),
            _ => None,
        });
        let answers: VecDeque<Submission> = answers.flatten().cloned().collect();
        let highest = answers.iter().map(|it| if let Submission::Accepted(id) = it { *id } else { 0 }).max();
        Self { answers: RefCell::new(answers), next: RefCell::new(highest.unwrap_or(0) + 1) }
    }
}

impl JobQueue for RecordedJobs {
    fn submit(&self, jobs: &[Vec<Value>]) -> Vec<Submission> {
        let answer = || {
            self.answers.borrow_mut().pop_front().unwrap_or_else(|| {
                let mut next = self.next.borrow_mut();
                *next += 1;
                Submission::Accepted(*next - 1)
            })
        };
        jobs.iter().map(|_| answer()).collect()
    }
}
