//! Hooks: scripts on nodes that run before and after a logical unit, and after a written configuration.
//!
//! Source: ganeti 3.1, hooksmaster.py and the hooks manual.

mod env;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::cx::View;
use crate::field::{Field, Misfit};
use crate::ids::NodeId;
use crate::rpc::CallError;
use crate::unit::{LogicalUnit, ResultOf};

pub use env::{Env, Environment, GENERAL};

/// Nodes on which scripts run.
pub type NodeSet = BTreeSet<NodeId>;

/// The kind of object that a unit is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HookObject {
    /// The cluster.
    Cluster,
    /// A node.
    Node,
    /// A node group.
    Group,
    /// An instance.
    Instance,
    /// A network.
    Network,
}

impl HookObject {
    fn as_str(self) -> &'static str {
        match self {
            Self::Cluster => "CLUSTER",
            Self::Node => "NODE",
            Self::Group => "GROUP",
            Self::Instance => "INSTANCE",
            Self::Network => "NETWORK",
        }
    }
}

/// The answers of the nodes in one phase.
pub type Answers = Vec<(NodeId, Result<Vec<ScriptResult>, CallError>)>;

/// Hears the answers of scripts, and may change the unit's result.
pub type Answered<L> = fn(&L, &Answers, &mut ResultOf<L>);

/// The hooks of a logical unit: all of it, or nothing.
pub struct Hooks<L: LogicalUnit> {
    /// The folder of its scripts, without the phase.
    pub path: &'static str,
    /// What it is about.
    pub object: HookObject,
    /// Tells its variables; called before each phase.
    pub env: fn(&L, &L::Plan, &View) -> Env,
    /// Tells the nodes of the phase before and the phase after.
    pub nodes: fn(&L, &L::Plan, &View) -> (NodeSet, NodeSet),
    /// Hears the answers of the phase after, and may change the result.
    pub answered: Option<Answered<L>>,
}

/// The two phases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HookPhase {
    /// Before the execution: a failing script stops it.
    Pre,
    /// After it: a failing script is a warning.
    Post,
}

impl HookPhase {
    /// Returns the phase's name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pre => "pre",
            Self::Post => "post",
        }
    }
}

/// What became of one script on one node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptResult {
    /// The script.
    pub script: String,
    /// What became of it.
    pub status: ScriptStatus,
    /// What it printed.
    pub output: String,
}

/// What became of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScriptStatus {
    /// It was not run: not executable, or of an unfit name.
    Skipped,
    /// It ran and failed.
    Failed,
    /// It ran.
    Succeeded,
}

impl Field for ScriptResult {
    fn read(value: &Value) -> Result<Self, Misfit> {
        let (script, status, output) = <(String, i64, String)>::read(value)?;
        let status = match status {
            0 => ScriptStatus::Skipped,
            1 => ScriptStatus::Failed,
            2 => ScriptStatus::Succeeded,
            _ => return Err(Misfit::new("a status of 0, 1 or 2", value)),
        };
        Ok(Self { script, status, output })
    }
    fn write(&self) -> Value {
        let status: i64 = match self.status {
            ScriptStatus::Skipped => 0,
            ScriptStatus::Failed => 1,
            ScriptStatus::Succeeded => 2,
        };
        (self.script.clone(), status, self.output.clone()).write()
    }
}

/// A script that stopped a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedScript {
    /// The node that it ran on, by name.
    pub node: String,
    /// The script.
    pub script: String,
    /// What it printed.
    pub output: String,
}

/// What the processor needs to know of a unit's hooks.
#[derive(Debug, Clone)]
pub struct HookRun {
    /// The folder of the scripts, without the phase.
    pub path: &'static str,
    /// What the hooks are about.
    pub object: HookObject,
    /// The nodes on which scripts run before.
    pub pre: NodeSet,
    /// The nodes on which scripts run after.
    pub post: NodeSet,
}
