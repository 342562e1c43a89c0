//! Hooks: scripts on nodes that run before and after a logical unit, and after a written configuration.
//!
//! Source: ganeti 3.1, hooksmaster.py and the hooks manual.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::config::Data;
use crate::cx::View;
use crate::error::Failure;
use crate::field::{Field, Misfit};
use crate::ids::NodeId;
use crate::rpc::CallError;
use crate::unit::{LogicalUnit, ResultOf};

/// Variables of a logical unit, without their prefix.
pub type Env = BTreeMap<String, String>;
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// The general variables, which all scripts get and no unit may have.
pub const GENERAL: [&str; 9] = [
    "PATH",
    "GANETI_HOOKS_VERSION",
    "GANETI_OP_CODE",
    "GANETI_DATA_DIR",
    "GANETI_HOOKS_PHASE",
    "GANETI_HOOKS_PATH",
    "GANETI_OBJECT_TYPE",
    "GANETI_CLUSTER",
    "GANETI_MASTER",
];
const SEARCH_PATH: &str = "/sbin:/bin:/usr/sbin:/usr/bin";
const DATA_DIR: &str = "/var/lib/ganeti";
const VERSION: &str = "2";

/// Returns the environment of scripts: the general variables, the unit's, and after the execution those of then as well.
///
/// # Errors
/// The unit has a variable of a general name: an error of its programmer.
pub(crate) fn environment(
    op: &str,
    run: Option<&HookRun>,
    path: &str,
    phase: HookPhase,
    before: &Env,
    after: Option<&Env>,
    config: &Data,
) -> Result<Env, Failure> {
    let own = before.iter().map(|(name, value)| (["GANETI_", name].concat(), value.clone()));
    let later = after.into_iter().flatten().map(|(name, value)| (["GANETI_POST_", name].concat(), value.clone()));
    let mut env: Env = own.chain(later).collect();
    if let Some(name) = GENERAL.into_iter().find(|name| env.contains_key(*name)) {
        return Err(Failure::new(format!("the unit's hook variable {name} has the name of a general one")));
    }
    let mut put = |name: &str, value: &str| drop(env.insert(name.to_owned(), value.to_owned()));
    put("PATH", SEARCH_PATH);
    put("GANETI_HOOKS_VERSION", VERSION);
    put("GANETI_OP_CODE", op);
    put("GANETI_DATA_DIR", DATA_DIR);
    put("GANETI_HOOKS_PHASE", phase.as_str());
    put("GANETI_HOOKS_PATH", path);
    put("GANETI_CLUSTER", &config.cluster.cluster_name);
    put("GANETI_MASTER", &config.master_name());
    if let Some(run) = run {
        put("GANETI_OBJECT_TYPE", run.object.as_str());
    }
    Ok(env)
}
