//! What an allocator may reply. A reply that breaks a rule is worth nothing: nothing of it is used (R53).

use std::collections::BTreeSet;

use indexmap::IndexSet;
use serde_json::Value;

use crate::config::Data;
use crate::field::{Field, Misfit, member};
use crate::iallocator::Kind;
use crate::ids::{GroupId, NodeId};
use crate::jobs::Job;
use crate::objects::{Instance, Node, NodeGroup};
use crate::op;

/// A reply that keeps the rules.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply<T> {
    /// It can be done, like this.
    Yes(T),
    /// It can't, for this reason.
    No(String),
}

/// Where instances go, and the jobs that bring them there.
#[derive(Debug, Clone, PartialEq)]
pub struct Evacuation {
    /// Instances that find a place.
    pub moved: Vec<Moved>,
    /// Instances that don't.
    pub failed: Vec<NotMoved>,
    /// The jobs.
    pub jobs: Vec<Job>,
}

/// An instance that finds a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Its name.
    pub instance: String,
    /// The name of its new group.
    pub group: String,
    /// The names of its new nodes.
    pub nodes: Vec<String>,
}

/// An instance that finds no place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotMoved {
    /// Its name.
    pub instance: String,
    /// Why.
    pub reason: String,
}

pub(crate) fn read<R: Kind>(value: &Value, request: &R, config: &Data) -> Result<Reply<R::Result>, String> {
    let members = value.as_object().ok_or_else(|| Misfit::new("an object", value).to_string())?;
    let success: bool = member(members, "success").map_err(|misfit| misfit.to_string())?;
    let info: Option<String> = member(members, "info").map_err(|misfit| misfit.to_string())?;
    // Success is looked at first: with a no, the result may be anything (D135).
    if !success {
        return Ok(Reply::No(info.unwrap_or_else(|| "it gives no reason".to_owned())));
    }
    if !members.contains_key("info") {
        return Err("its reply has no info".to_owned());
    }
    // Old allocators say `nodes` for the result.
    let result = members.get("result").or_else(|| members.get("nodes")).ok_or("its reply has no result")?;
    request.read(result, config).map(Reply::Yes)
}

/// The opcodes that may bring an instance elsewhere.
const MOVES: [&str; 3] = ["OP_INSTANCE_FAILOVER", "OP_INSTANCE_MIGRATE", "OP_INSTANCE_REPLACE_DISKS"];

type Parts = (Vec<(String, String, Vec<String>)>, Vec<(String, Option<String>)>, Vec<Vec<Value>>);

impl Evacuation {
    /// Reads the result of a request about the instances `asked`; without `targets` they may go to any group.
    pub(crate) fn checked(
        result: &Value,
        asked: &[String],
        targets: &[GroupId],
        config: &Data,
    ) -> Result<Self, String> {
        let (mut moved, failed, jobs) = read_as::<Parts>(result)?;
        each_once(asked, moved.iter().map(|it| &it.0).chain(failed.iter().map(|it| &it.0)))?;
        for (instance, group, nodes) in &mut moved {
            let id = config.find::<NodeGroup>(group).map_err(|gone| format!("instance '{instance}': {gone}"))?;
            let found = config.get(&id).map_err(|gone| format!("instance '{instance}': {gone}"))?;
            found.name.clone_into(group);
            if !targets.is_empty() && !targets.contains(&id) {
                return Err(format!("instance '{instance}' goes to node group '{group}', which is no target"));
            }
            if nodes.is_empty() {
                return Err(format!("instance '{instance}' goes to no node"));
            }
            nodes_for(instance, nodes, nodes.len(), config)?;
        }
        let moved = moved.into_iter().map(|(instance, group, nodes)| Moved { instance, group, nodes }).collect();
        let no_reason = || "no reason given".to_owned();
        let failed = failed
            .into_iter()
            .map(|(instance, reason)| NotMoved { instance, reason: reason.unwrap_or_else(no_reason) });
        let jobs = jobs.iter().map(|job| read_job(job, asked, config)).collect::<Result<_, _>>()?;
        Ok(Self { moved, failed: failed.collect(), jobs })
    }
}

/// Reads a result of the right form.
pub(super) fn read_as<T: Field>(result: &Value) -> Result<T, String> {
    T::read(result).map_err(|misfit| misfit.within("result").to_string())
}

/// Checks that a reply tells once about each instance that it was asked about, and about no other.
pub(super) fn each_once<'a>(asked: &[impl AsRef<str>], told: impl Iterator<Item = &'a String>) -> Result<(), String> {
    let asked: IndexSet<&str> = asked.iter().map(AsRef::as_ref).collect();
    let mut seen = BTreeSet::new();
    for name in told {
        if !asked.contains(name.as_str()) {
            return Err(format!("it was not asked about instance '{name}'"));
        }
        if !seen.insert(name.as_str()) {
            return Err(format!("it tells twice about instance '{name}'"));
        }
    }
    match asked.iter().find(|name| !seen.contains(*name)) {
        Some(name) => Err(format!("it tells nothing about instance '{name}'")),
        None => Ok(()),
    }
}

/// Finds the nodes that an instance is to have: as many as it needs, all different, all known.
pub(super) fn nodes_for(
    instance: &str,
    names: &[String],
    required: usize,
    config: &Data,
) -> Result<Vec<NodeId>, String> {
    if names.len() != required {
        return Err(format!("number of nodes of instance '{instance}': expected {required}, found {}", names.len()));
    }
    let mut nodes = Vec::new();
    for name in names {
        let node = config.named::<Node>(name).map_err(|gone| format!("instance '{instance}': {gone}"))?;
        if nodes.contains(&node.uuid) {
            return Err(format!("instance '{instance}' gets node '{name}' twice"));
        }
        nodes.push(node.uuid.clone());
    }
    Ok(nodes)
}

fn read_job(job: &[Value], asked: &[String], config: &Data) -> Result<Job, String> {
    let read = |value: &Value| {
        let id = value.get("OP_ID").and_then(Value::as_str).unwrap_or("an opcode without OP_ID");
        if !MOVES.contains(&id) {
            return Err(format!("{id} does not move an instance (allowed: {})", MOVES.join(", ")));
        }
        let op = op::Any::read(value).map_err(|refusal| refusal.text)?;
        let name = value.get("instance_name").and_then(Value::as_str).unwrap_or_default();
        let about = config.find::<Instance>(name).ok().and_then(|id| config.get(&id).ok());
        if !about.is_some_and(|it| asked.contains(&it.name)) {
            return Err(format!("{id} is about instance '{name}', about which it was not asked"));
        }
        for key in ["remote_node", "target_node"] {
            if let Some(node) = value.get(key).and_then(Value::as_str) {
                config.find::<Node>(node).map_err(|gone| format!("{id} of instance '{name}': {gone}"))?;
            }
        }
        Ok(op)
    };
    job.iter().map(read).collect::<Result<_, _>>().map(Job)
}
