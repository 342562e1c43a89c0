//! The mock job queue: it takes every job, and counts their ids from 1001.

use std::cell::Cell;

use cmdlib::jobs::{JobQueue, Submission};
use serde_json::Value;

const FIRST_ID: u64 = 1001;

/// Takes jobs.
pub(crate) struct MockQueue {
    next: Cell<u64>,
    /// What it says to all of them instead.
    rejects: Option<String>,
}

impl MockQueue {
    pub(crate) fn new(rejects: Option<String>) -> Self {
        Self { next: Cell::new(FIRST_ID), rejects }
    }
}

impl JobQueue for MockQueue {
    fn submit(&self, jobs: &[Vec<Value>]) -> Vec<Submission> {
        let take = |_| match &self.rejects {
            Some(why) => Submission::Rejected(why.clone()),
            None => Submission::Accepted(self.next.replace(self.next.get() + 1)),
        };
        jobs.iter().map(take).collect()
    }
}
