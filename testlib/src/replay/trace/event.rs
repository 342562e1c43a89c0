//! What crosses the boundary of a logical unit.

use std::collections::BTreeMap;
use std::rc::Rc;

use cmdlib::jobs::Submission;
use cmdlib::locking::Level;
use indexmap::IndexMap;
use serde_json::Value;

/// The name of a lock within its level.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum LockName {
    /// The whole level.
    All,
    /// One lock.
    One(String),
}

/// What is asked of a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LockKind {
    /// To hold it with others.
    Shared,
    /// To hold it alone.
    Exclusive,
    /// To give it back.
    Release,
}

/// A lock, and what is asked of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedLock {
    /// Its level.
    pub level: Level,
    /// Its name.
    pub name: LockName,
    /// What is asked.
    pub kind: LockKind,
}

/// How locks are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LockCall {
    /// They were waited for; whether they were granted.
    Wait(bool),
    /// They are changed at once.
    Try,
    /// What was free was taken: these.
    Opportunistic(Vec<(Level, LockName)>),
    /// All of this level was given back.
    FreeLevel(Level),
    /// All of this level was made shared.
    DowngradeLevel(Level),
}

/// One node of a call.
#[derive(Debug, Clone, PartialEq)]
pub struct CalledNode {
    /// What the call named it by: its uuid, or its name if the configuration has none of that uuid.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Whether it was called.
    pub contacted: bool,
    /// The arguments as they went to it.
    pub args: Rc<Vec<Value>>,
    /// What it answered.
    pub answer: Answer,
}

/// What a node answered.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// This.
    Ok(Value),
    /// No, because.
    Fail(String),
    /// Nothing usable.
    Failed(String),
    /// It was not called.
    Offline,
}

/// A call to one or more nodes.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Its name on the wire.
    pub procedure: String,
    /// Its nodes.
    pub nodes: Vec<CalledNode>,
    /// How long answers are waited for, in seconds.
    pub timeout: Option<f64>,
}

/// Something that the machine was asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// What kind of thing.
    pub kind: String,
    /// About what.
    pub args: Vec<Value>,
    /// What came back; an error as a list.
    pub answer: Result<Value, Vec<Value>>,
    /// So many seconds passed.
    pub took: f64,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Locks were asked for, or given back.
    Locks(LockCall, Vec<AskedLock>),
    /// All locks are held, and the checks begin.
    Start,
    /// Another attempt was prepared.
    Retry,
    /// Nodes were called.
    Call(Call),
    /// The daemon that keeps the configuration was asked; our configuration does it itself. With the arguments, but for the client.
    Daemon(String, Vec<Value>),
    /// Something was drawn by chance.
    Random(String, Value),
    /// The machine was asked.
    Host(Question),
    /// Time passed: seconds.
    Sleep(f64),
    /// Jobs were submitted, and what became of each.
    Jobs(Vec<Vec<Value>>, Vec<Submission>),
    /// Something was logged: the kind and the content.
    Log(String, Value),
}

/// The environment of scripts.
pub(super) type Env = BTreeMap<String, Value>;
/// Arguments by node.
pub(super) type PerNode = IndexMap<String, Vec<Value>>;
