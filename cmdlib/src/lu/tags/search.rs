//! `TagsSearch` finds the tags of all objects that match a pattern.
//!
//! | | |
//! |---|---|
//! | locks | none |
//! | refusals | `wrong_input`: the pattern is none |
//!
//! The labels are `/cluster`, `/instances/..`, `/nodes/..`, `/nodegroup/..` and `/network/..`: plural for the older kinds,
//! singular for the newer ones, since users' programs read them so (D09).
//!
//! Source: ganeti 3.1, cmdlib/tags.py.

use std::collections::BTreeSet;

use regex::Regex;

use crate::cx::{Check, Exec, Expand};
use crate::error::{Failure, Refusal};
use crate::locking::Locks;
use crate::op::{self, IntoArg, NonEmpty};
use crate::unit::LogicalUnit;

/// Finds the tags of all objects that match a pattern.
pub struct TagsSearch {
    op: op::TagsSearch,
}

impl LogicalUnit for TagsSearch {
    type Op = op::TagsSearch;
    /// The pattern.
    type Plan = Regex;

    fn expand(op: Self::Op, _: &Expand) -> Result<(Self, Locks<Self>), Refusal> {
        Ok((Self { op }, Locks::none()))
    }

    fn check(&self, _: &Check) -> Result<Self::Plan, Refusal> {
        let wrong = |error: regex::Error| Refusal::wrong_input(format!("`pattern` is no regular expression: {error}"));
        Regex::new(&self.op.pattern).map_err(wrong)
    }

    fn exec(&self, pattern: &mut Self::Plan, cx: &Exec) -> Result<Vec<(NonEmpty, NonEmpty)>, Failure> {
        let config = cx.config();
        let mut found = Vec::new();
        let mut search = |path: String, tags: &BTreeSet<String>| {
            let matching = tags.iter().filter(|tag| pattern.is_match(tag));
            found.extend(matching.map(|tag| (path.as_str().into_arg(), tag.into_arg())));
        };
        search("/cluster".to_owned(), &config.cluster.tags);
        config.instances.values().for_each(|it| search(format!("/instances/{}", it.name), &it.tags));
        config.nodes.values().for_each(|it| search(format!("/nodes/{}", it.name), &it.tags));
        config.nodegroups.values().for_each(|it| search(format!("/nodegroup/{}", it.name), &it.tags));
        config.networks.values().for_each(|it| search(format!("/network/{}", it.name), &it.tags));
        Ok(found)
    }
}
