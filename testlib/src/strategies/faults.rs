//! Nodes that fail by chance. Which call a fault hits is found out by a run without it: faults hit what is called.

use cmdlib::rpc::{AnyCall, Trouble};
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::sample::select;
use serde_json::{Value, json};

use crate::journal::{Journal, What};
use crate::rpc::{ScriptedRpc, Times};

const WHY: &str = "no, on purpose";
const ALLOCATOR: &str = "iallocator_runner";

/// What a node does instead of what it should.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum How {
    Refused,
    Unreachable,
    Offline,
    /// It answers this.
    Replies(Value),
    /// It answers as it should, but for one part.
    Spoilt(u8, Value),
}

/// A fault, before it is known what is called: the call is one of those of a run, by number.
#[derive(Debug, Clone, PartialEq)]
pub struct FaultPlan {
    call: u16,
    /// Whether all later calls of the kind, to this node, fail as well.
    lasting: bool,
    /// Whether all nodes that are called fail.
    everywhere: bool,
    how: How,
}

/// Faults of nodes: calls that are refused, go unanswered, meet a node that went offline, or are answered by nonsense; once or
/// from then on, on one node or all. They shrink to a refusal of the first call.
pub fn faults() -> impl Strategy<Value = FaultPlan> {
    let nonsense =
        || select(vec![json!(null), json!([]), json!({}), json!(-1), json!("x"), json!([null]), json!([[]])]);
    let how = prop_oneof![
        2 => Just(How::Refused),
        1 => Just(How::Unreachable),
        1 => Just(How::Offline),
        1 => nonsense().prop_map(How::Replies),
        3 => (any::<u8>(), nonsense()).prop_map(|(part, value)| How::Spoilt(part, value)),
    ];
    (any::<u16>(), any::<bool>(), any::<bool>(), how).prop_map(|(call, lasting, everywhere, how)| FaultPlan {
        call,
        lasting,
        everywhere,
        how,
    })
}

/// A fault of a script.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fault {
    procedure: &'static str,
    /// The name of the call's type.
    call: &'static str,
    node: Option<String>,
    /// So many calls before it are answered as they should be.
    before: usize,
    lasting: bool,
    how: How,
}

/// A call to one node.
struct Contact<'a> {
    call: &'a dyn AnyCall,
    node: String,
    nth: usize,
    answer: &'a Result<Value, Trouble>,
}

fn contacts(journal: &Journal) -> Vec<Contact<'_>> {
    let mut all: Vec<Contact<'_>> = Vec::new();
    for step in &journal.steps {
        let What::Call { call, nodes } = &step.what else { continue };
        for node in nodes.iter().filter(|node| node.contacted) {
            let name = journal.names.name(&node.name);
            let same = |it: &&Contact<'_>| it.call.procedure() == call.procedure() && it.node == name;
            let nth = all.iter().filter(same).count();
            all.push(Contact { call: &**call, node: name, nth, answer: &node.answer });
        }
    }
    all
}

impl FaultPlan {
    /// Returns the fault, where a run has made these calls; none if it made none, or the call has a fault already.
    pub(super) fn after(&self, journal: &Journal, others: &[Fault]) -> Option<Fault> {
        let contacts = contacts(journal);
        let contact = contacts.get(usize::from(self.call) % contacts.len().max(1))?;
        let procedure = contact.call.procedure();
        let how = match (&self.how, contact.answer) {
            (How::Spoilt(part, value), Ok(answer)) => How::Replies(spoilt(answer, *part, value)),
            (How::Spoilt(_, value), Err(_)) => How::Replies(value.clone()),
            (how, _) => how.clone(),
        };
        let one = !self.everywhere || procedure == ALLOCATOR;
        let fault = Fault {
            procedure,
            call: contact.call.type_name(),
            node: one.then(|| contact.node.clone()),
            before: if one { contact.nth } else { 0 },
            lasting: self.lasting,
            how,
        };
        let taken = |it: &Fault| {
            it.procedure == fault.procedure && (it.node.is_none() || fault.node.is_none() || it.node == fault.node)
        };
        (!others.iter().any(taken)).then_some(fault)
    }
}

/// Puts a value in the place of one part of an answer.
fn spoilt(answer: &Value, part: u8, value: &Value) -> Value {
    fn count(value: &Value) -> usize {
        1 + match value {
            Value::Array(items) => items.iter().map(count).sum(),
            Value::Object(members) => members.values().map(count).sum(),
            _ => 0,
        }
    }
    fn put(at: &mut Value, part: &mut usize, value: &Value) -> bool {
        if *part == 0 {
            *at = value.clone();
            return true;
        }
        *part -= 1;
        match at {
            Value::Array(items) => items.iter_mut().any(|item| put(item, part, value)),
            Value::Object(members) => members.values_mut().any(|member| put(member, part, value)),
            _ => false,
        }
    }
    let mut answer = answer.clone();
    let mut part = usize::from(part) % count(&answer);
    put(&mut answer, &mut part, value);
    answer
}

impl Fault {
    fn times(&self) -> Times {
        if self.lasting { Times::from(0..) } else { Times::from(0..=1) }
    }

    fn answer(&self) -> Result<Value, Trouble> {
        match &self.how {
            How::Refused => Err(Trouble::Refused(WHY.to_owned())),
            How::Unreachable => Err(Trouble::Unreachable("connection timed out".to_owned())),
            How::Offline => Err(Trouble::Offline),
            How::Replies(value) | How::Spoilt(_, value) => Ok(value.clone()),
        }
    }

    /// Returns the lines of a test that script the fault.
    fn rust(&self) -> Vec<String> {
        let node = self.node.as_ref().map(|node| format!(".node({node:?})")).unwrap_or_default();
        let on = format!("t.rpc().on::<{}>(){node}", self.call);
        let skip = (self.before > 0).then(|| format!("{on}.times(0..={}).healthy();", self.before));
        let times = if self.lasting { ".any_times()" } else { ".times(0..=1)" };
        let how = match &self.how {
            How::Refused => format!("fails({WHY:?})"),
            How::Unreachable => "unreachable()".to_owned(),
            How::Offline => "offline()".to_owned(),
            How::Replies(value) | How::Spoilt(_, value) => format!("replies_raw(serde_json::json!({value}))"),
        };
        skip.into_iter().chain([format!("{on}{times}.{how};")]).collect()
    }
}

/// Returns the first fault of each call: what follows for the rest of the call follows once.
fn firsts(faults: &[Fault]) -> impl Iterator<Item = &Fault> {
    let is_first = |index: usize| !faults[..index].iter().any(|it| it.procedure == faults[index].procedure);
    faults.iter().enumerate().filter(move |(index, it)| is_first(*index) && it.procedure != ALLOCATOR).map(|(_, it)| it)
}

/// Enters faults into a script; what has none is answered by healthy nodes.
pub(super) fn script(faults: &[Fault], rpc: &mut ScriptedRpc) {
    for fault in faults {
        if fault.before > 0 {
            rpc.enter(fault.procedure, fault.node.as_deref(), Times::from(0..=fault.before), None);
        }
        rpc.enter(fault.procedure, fault.node.as_deref(), fault.times(), Some(fault.answer()));
    }
    firsts(faults).for_each(|fault| rpc.enter(fault.procedure, None, Times::from(0..), None));
}

/// Returns the same as lines of a test.
pub(super) fn lines(faults: &[Fault]) -> Vec<String> {
    let rest = firsts(faults).map(|fault| format!("t.rpc().on::<{}>().healthy();", fault.call));
    faults.iter().flat_map(Fault::rust).chain(rest).collect()
}

/// Returns the types of the calls that have faults.
pub(super) fn types(faults: &[Fault]) -> impl Iterator<Item = &str> {
    faults.iter().filter(|it| cmdlib::rpc::names().any(|name| name == it.procedure)).map(|it| it.call)
}
