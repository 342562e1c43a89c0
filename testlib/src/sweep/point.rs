//! Where something can go wrong in a run: at the nth answer of one kind. A point means the same in each run, whatever the unit
//! does before it.

use std::collections::BTreeMap;
use std::fmt;

use cmdlib::hooks::HookPhase;
use cmdlib::rpc::{AnyCall, Call, HooksRunner, IallocatorRunner};

/// What is answered at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Target {
    /// A call to nodes, by its name on the wire and its type's name.
    Call(&'static str, &'static str),
    /// A run of a unit's scripts.
    Hooks(HookPhase),
    /// A run of the scripts for a changed configuration.
    ConfigUpdate,
    /// A run of the allocator.
    Allocator,
    Resolve,
    Ping,
    /// The socket that ends a wait is opened.
    Open,
    /// Somebody is waited for at it.
    Accept,
    /// Something is waited for from whoever came.
    Receive,
    /// The configuration is stored.
    Write,
    /// Jobs are submitted.
    Submit,
}

/// A point of a run: the nth answer of a kind, from one node or from all that are asked together.
///
/// In an expectation, what is not said matches anything. In [`inject`](crate::LuTest::inject) a call without a node means all
/// nodes, and without a number the first.
///
/// ```
/// use cmdlib::rpc::BlockdevAssemble;
/// use testlib::sweep::Point;
///
/// let point = Point::call::<BlockdevAssemble>().node("node2").nth(2);
/// assert_eq!(point.to_string(), "blockdev_assemble @node2, call 2");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    pub(crate) target: Target,
    pub(crate) node: Option<String>,
    pub(crate) nth: Option<usize>,
}

impl Point {
    pub(crate) fn at(target: Target) -> Self {
        Self { target, node: None, nth: None }
    }

    /// A call to nodes.
    #[must_use]
    pub fn call<C: Call>() -> Self {
        Self::at(Target::Call(C::NAME, ""))
    }

    /// A run of the unit's hook scripts of a phase.
    #[must_use]
    pub fn hooks(phase: HookPhase) -> Self {
        Self::at(Target::Hooks(phase))
    }

    /// A run of the hook scripts for a changed configuration.
    #[must_use]
    pub fn config_update_hooks() -> Self {
        Self::at(Target::ConfigUpdate)
    }

    /// A run of the allocator.
    #[must_use]
    pub fn allocator() -> Self {
        Self::at(Target::Allocator)
    }

    /// A host name that is looked up.
    #[must_use]
    pub fn resolve() -> Self {
        Self::at(Target::Resolve)
    }

    /// A host that is pinged.
    #[must_use]
    pub fn ping() -> Self {
        Self::at(Target::Ping)
    }

    /// The socket that ends a wait is opened.
    #[must_use]
    pub fn doorbell_open() -> Self {
        Self::at(Target::Open)
    }

    /// Somebody is waited for at the socket that ends a wait.
    #[must_use]
    pub fn doorbell_accept() -> Self {
        Self::at(Target::Accept)
    }

    /// Something is waited for from whoever came to the socket that ends a wait.
    #[must_use]
    pub fn doorbell_receive() -> Self {
        Self::at(Target::Receive)
    }

    /// The configuration is stored.
    #[must_use]
    pub fn write() -> Self {
        Self::at(Target::Write)
    }

    /// Jobs are submitted.
    #[must_use]
    pub fn submit() -> Self {
        Self::at(Target::Submit)
    }

    /// Only what this node answers.
    #[must_use]
    pub fn node(mut self, name: &str) -> Self {
        self.node = Some(name.to_owned());
        self
    }

    /// Only the nth answer of this kind (of this node, if one is named), from 1 on.
    #[must_use]
    pub fn nth(mut self, nth: usize) -> Self {
        self.nth = Some(nth);
        self
    }

    /// Tells whether a point of a run is one of those that this one means.
    pub(crate) fn covers(&self, point: &Self) -> bool {
        let node = |wanted: &String| point.node.as_ref().is_some_and(|name| is_node(wanted, name));
        self.is_about(&point.target)
            && self.node.as_ref().is_none_or(node)
            && self.nth.is_none_or(|nth| point.nth == Some(nth))
    }

    /// Tells whether this is what is answered there.
    pub(super) fn is_about(&self, target: &Target) -> bool {
        match (&self.target, target) {
            (Target::Call(one, _), Target::Call(two, _)) => one == two,
            (one, two) => one == two,
        }
    }

    /// Returns the point as a test writes it.
    pub(super) fn rust(&self) -> String {
        let mut text = match &self.target {
            Target::Call(_, name) => format!("Point::call::<{name}>()"),
            Target::Hooks(HookPhase::Pre) => "Point::hooks(HookPhase::Pre)".to_owned(),
            Target::Hooks(HookPhase::Post) => "Point::hooks(HookPhase::Post)".to_owned(),
            Target::ConfigUpdate => "Point::config_update_hooks()".to_owned(),
            Target::Allocator => "Point::allocator()".to_owned(),
            Target::Resolve => "Point::resolve()".to_owned(),
            Target::Ping => "Point::ping()".to_owned(),
            Target::Open => "Point::doorbell_open()".to_owned(),
            Target::Accept => "Point::doorbell_accept()".to_owned(),
            Target::Receive => "Point::doorbell_receive()".to_owned(),
            Target::Write => "Point::write()".to_owned(),
            Target::Submit => "Point::submit()".to_owned(),
        };
        if let Some(node) = &self.node {
            text += &format!(".node({node:?})");
        }
        if let Some(nth) = self.nth.filter(|nth| *nth > 1) {
            text += &format!(".nth({nth})");
        }
        text
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.target {
            Target::Call(procedure, _) => f.write_str(procedure)?,
            Target::Hooks(phase) => write!(f, "{} hooks", phase.as_str())?,
            Target::ConfigUpdate => f.write_str("config-update hooks")?,
            Target::Allocator => f.write_str("allocator")?,
            Target::Resolve => f.write_str("resolve")?,
            Target::Ping => f.write_str("ping")?,
            Target::Open => f.write_str("doorbell open")?,
            Target::Accept => f.write_str("doorbell accept")?,
            Target::Receive => f.write_str("doorbell receive")?,
            Target::Write => f.write_str("write")?,
            Target::Submit => f.write_str("submit")?,
        }
        match (&self.target, &self.node) {
            (_, Some(node)) => write!(f, " @{node}")?,
            (Target::Call(..) | Target::Hooks(_) | Target::ConfigUpdate, None) => f.write_str(" @all")?,
            _ => {}
        }
        let noun = match self.target {
            Target::Call(..) => "call",
            _ => "time",
        };
        self.nth.filter(|nth| *nth > 1).map_or(Ok(()), |nth| write!(f, ", {noun} {nth}"))
    }
}

/// Returns what a call counts as.
pub(crate) fn target_of(call: &dyn AnyCall) -> Target {
    if let Some(hooks) = call.as_any().downcast_ref::<HooksRunner>() {
        if hooks.path == "config-update" {
            return Target::ConfigUpdate;
        }
        return Target::Hooks(if hooks.phase == "pre" { HookPhase::Pre } else { HookPhase::Post });
    }
    if call.as_any().is::<IallocatorRunner>() {
        return Target::Allocator;
    }
    Target::Call(call.procedure(), call.type_name())
}

/// Tells whether a node's full name is meant by `wanted`.
pub(crate) fn is_node(wanted: &str, name: &str) -> bool {
    name.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// How often something was answered so far, by kind and node.
#[derive(Default)]
pub(super) struct Counts(BTreeMap<(Target, Option<String>), usize>);

impl Counts {
    /// Counts an answer, and returns its number, from 1 on.
    pub(super) fn next(&mut self, target: &Target, node: Option<&str>) -> usize {
        let count = self.0.entry((*target, node.map(str::to_owned))).or_default();
        *count += 1;
        *count
    }

    /// Returns how often it was.
    pub(super) fn of(&self, target: &Target, node: Option<&str>) -> usize {
        self.0.get(&(*target, node.map(str::to_owned))).copied().unwrap_or_default()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}
