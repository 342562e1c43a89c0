//! The scripted RPC runner: what a test scripts belongs to the script, the rest is answered by healthy nodes. Nothing here
//! panics inside a unit: what should not have happened is noted, answered "failed", and judged at the end.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Bound, RangeBounds};
use std::panic::Location;
use std::rc::Rc;

use cmdlib::config::Snapshot;
use cmdlib::field::Field;
use cmdlib::objects::Node;
use cmdlib::rpc::{AnyCall, Call, Message, Transport, Trouble};
use serde_json::Value;

use crate::finding::{Finding, Topic};
use crate::host::MockClock;
use crate::journal::{Recorder, call_text};
use crate::library::OwnAnswer;
use crate::names::Names;

/// How often an entry of a script answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    min: usize,
    max: usize,
}

impl Times {
    const ANY: Self = Self { min: 0, max: usize::MAX };

    fn from_range(range: &impl RangeBounds<usize>) -> Self {
        let min = match range.start_bound() {
            Bound::Included(min) => *min,
            Bound::Excluded(min) => min + 1,
            Bound::Unbounded => 0,
        };
        let max = match range.end_bound() {
            Bound::Included(max) => *max,
            Bound::Excluded(max) => max.saturating_sub(1),
            Bound::Unbounded => usize::MAX,
        };
        Self { min, max }
    }
}

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.min, self.max) {
            (min, max) if min == max => f.write_str(&plural(min, "call")),
            (min, usize::MAX) => write!(f, "at least {}", plural(min, "call")),
            (min, max) => write!(f, "{min} to {}", plural(max, "call")),
        }
    }
}

/// Returns a number with its noun.
pub(crate) fn plural(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

impl From<usize> for Times {
    fn from(times: usize) -> Self {
        Self { min: times, max: times }
    }
}

macro_rules! times_from_ranges {
    ($($range:ty)+) => { $(impl From<$range> for Times {
        fn from(range: $range) -> Self {
            Self::from_range(&range)
        }
    })+ };
}
times_from_ranges! {
    std::ops::Range<usize> std::ops::RangeInclusive<usize> std::ops::RangeFrom<usize> std::ops::RangeTo<usize>
    std::ops::RangeToInclusive<usize>
}

/// Arguments that are longer, whole instances for example, are not shown.
const SHOWN_MAX: usize = 120;

type Matcher = Rc<dyn Fn(&dyn AnyCall) -> bool>;
type Answer = Rc<dyn Fn(usize, &dyn AnyCall, &str) -> Result<Value, Trouble>>;

#[derive(Clone)]
enum Reply {
    Answer(Answer),
    Healthy,
}

#[derive(Clone)]
struct Entry {
    procedure: &'static str,
    node: Option<String>,
    matcher: Option<(Matcher, Rc<str>)>,
    times: Option<Times>,
    delay_seconds: f64,
    reply: Reply,
    at: &'static Location<'static>,
}

/// What nodes are told to answer in a test.
#[derive(Clone, Default)]
pub struct ScriptedRpc {
    entries: Vec<Entry>,
    pub(crate) strict: bool,
    /// Calls of which healthy nodes answer what no entry does.
    rest_healthy: Vec<&'static str>,
    /// Calls of the test's own, which healthy nodes answer as well.
    pub(crate) own: Vec<OwnAnswer>,
}

impl fmt::Debug for ScriptedRpc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ScriptedRpc({} entries)", self.entries.len())
    }
}

impl ScriptedRpc {
    /// Begins an entry for a call. From now on that call belongs to the script: one that no entry matches is a finding.
    ///
    /// ```
    /// use testlib::LuTest;
    /// use cmdlib::rpc::InstanceStart;
    /// let mut t = LuTest::three_nodes_five_instances();
    /// t.rpc().on::<InstanceStart>().node("node1").fails("no kernel");
    /// # t.run(cmdlib::op::InstanceStartup::new("web1")).failed("no kernel");
    /// ```
    #[track_caller]
    pub fn on<C: Call>(&mut self) -> ScriptEntry<'_, C> {
        let entry = Entry {
            procedure: C::NAME,
            node: None,
            matcher: None,
            times: None,
            delay_seconds: 0.0,
            reply: Reply::Healthy,
            at: Location::caller(),
        };
        ScriptEntry { script: self, entry, call: PhantomData }
    }

    /// Lets a node answer a call by its name on the wire as long as there is `more`; the rest of such calls is left to the
    /// healthy nodes.
    #[cfg(feature = "cli")]
    pub(crate) fn recorded(
        &mut self,
        procedure: &'static str,
        node: String,
        more: impl Fn() -> bool + 'static,
        answer: impl Fn() -> Result<Value, Trouble> + 'static,
    ) {
        self.rest_healthy.push(procedure);
        self.entries.push(Entry {
            procedure,
            node: Some(node),
            matcher: Some((Rc::new(move |_| more()), "an answer that is left".into())),
            times: Some(Times::ANY),
            delay_seconds: 0.0,
            reply: Reply::Answer(Rc::new(move |_, _, _| answer())),
            at: Location::caller(),
        });
    }

    /// Leaves what no entry answers of this call to the healthy nodes, however many entries follow.
    pub(crate) fn rest_healthy<C: Call>(&mut self) -> &mut Self {
        self.rest_healthy.push(C::NAME);
        self
    }

    /// Returns what a healthy node answers, if healthy nodes know the call.
    pub(crate) fn healthy(&self, call: &dyn AnyCall, node: &Node, config: &Snapshot) -> Option<Result<Value, String>> {
        of_healthy(&self.own, call, node, config)
    }

    /// Enters an answer for a call that is known by its name only, on one node or all; none is a healthy one.
    #[cfg(feature = "proptest")]
    #[track_caller]
    pub(crate) fn enter(
        &mut self,
        procedure: &'static str,
        node: Option<&str>,
        times: Times,
        answer: Option<Result<Value, Trouble>>,
    ) {
        let reply = match answer {
            Some(answer) => Reply::Answer(Rc::new(move |_, _, _| answer.clone())),
            None => Reply::Healthy,
        };
        self.entries.push(Entry {
            procedure,
            node: node.map(str::to_owned),
            matcher: None,
            times: Some(times),
            delay_seconds: 0.0,
            reply,
            at: Location::caller(),
        });
    }

    /// Forgets the script: each run has its own.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.rest_healthy.clear();
        self.strict = false;
    }

    /// Makes every call that is not scripted a finding.
    pub fn strict(&mut self) -> &mut Self {
        self.strict = true;
        self
    }
}

/// An entry in the making: which call it answers, and how. It is entered by saying how.
#[must_use = "an entry is entered by saying what the node answers"]
pub struct ScriptEntry<'a, C> {
    script: &'a mut ScriptedRpc,
    entry: Entry,
    call: PhantomData<fn() -> C>,
}

impl<'a, C: Call> ScriptEntry<'a, C> {
    /// Answers only this node.
    pub fn node(mut self, name: impl Into<String>) -> Self {
        self.entry.node = Some(name.into());
        self
    }

    /// Answers only calls for which `matches` holds.
    pub fn with(self, matches: impl Fn(&C) -> bool + 'static) -> Self {
        self.with_named("a condition", matches)
    }

    /// As `with`, and says in reports what the condition is.
    pub fn with_named(mut self, name: &str, matches: impl Fn(&C) -> bool + 'static) -> Self {
        let matcher = move |call: &dyn AnyCall| call.as_any().downcast_ref::<C>().is_some_and(&matches);
        self.entry.matcher = Some((Rc::new(matcher), name.into()));
        self
    }

    /// Answers so often: a number or a range. An entry without this answers once; one without a node, each node once.
    pub fn times(mut self, times: impl Into<Times>) -> Self {
        self.entry.times = Some(times.into());
        self
    }

    /// Answers as often as it is asked, be it never.
    pub fn any_times(mut self) -> Self {
        self.entry.times = Some(Times::ANY);
        self
    }

    /// Lets so many seconds of the mock clock pass before it answers.
    pub fn after_seconds(mut self, seconds: f64) -> Self {
        self.entry.delay_seconds = seconds;
        self
    }

    /// The node does as it is told and answers this.
    pub fn replies(self, reply: C::Reply) -> &'a mut ScriptedRpc {
        let reply = reply.write();
        self.replies_raw(reply)
    }

    /// The node answers this JSON, whatever the form should be.
    pub fn replies_raw(self, reply: Value) -> &'a mut ScriptedRpc {
        self.enter(move |_, _, _| Ok(reply.clone()))
    }

    /// The node says no, and why.
    pub fn fails(self, why: impl Into<String>) -> &'a mut ScriptedRpc {
        let why = why.into();
        self.enter(move |_, _, _| Err(Trouble::Refused(why.clone())))
    }

    /// The node gives no answer.
    pub fn unreachable(self) -> &'a mut ScriptedRpc {
        self.enter(|_, _, _| Err(Trouble::Unreachable("connection timed out".to_owned())))
    }

    /// The node went offline: the call is not made.
    pub fn offline(self) -> &'a mut ScriptedRpc {
        self.enter(|_, _, _| Err(Trouble::Offline))
    }

    /// The node answers something of an entirely wrong form.
    pub fn malformed(self) -> &'a mut ScriptedRpc {
        self.replies_raw(serde_json::json!({"malformed": ["on", "purpose"]}))
    }

    /// Computes the answer from the number of the occurrence (from 0), the call and the node's name. It keeps no state: it runs
    /// once for each way of taking locks.
    pub fn answers(
        self,
        answer: impl Fn(usize, &C, &str) -> Result<C::Reply, Trouble> + 'static,
    ) -> &'a mut ScriptedRpc {
        self.enter(move |occurrence, call, node| {
            let call = call.as_any().downcast_ref::<C>().ok_or_else(|| Trouble::NotSent("another call".to_owned()))?;
            answer(occurrence, call, node).map(|reply| reply.write())
        })
    }

    /// Leaves these calls to the healthy nodes.
    pub fn healthy(mut self) -> &'a mut ScriptedRpc {
        self.entry.times = self.entry.times.or(Some(Times::ANY));
        self.script.entries.push(self.entry);
        self.script
    }

    fn enter(
        mut self,
        answer: impl Fn(usize, &dyn AnyCall, &str) -> Result<Value, Trouble> + 'static,
    ) -> &'a mut ScriptedRpc {
        self.entry.reply = Reply::Answer(Rc::new(answer));
        self.script.entries.push(self.entry);
        self.script
    }
}

/// An entry in one run: how often it has answered, by node.
struct Used {
    entry: Entry,
    count: Cell<usize>,
    nodes: RefCell<Vec<String>>,
}

impl Used {
    fn concerns(&self, message: &Message<'_>, names: &Names) -> bool {
        self.here(message, names) && self.matches(message)
    }

    fn here(&self, message: &Message<'_>, names: &Names) -> bool {
        let here = |node: &String| *node == message.name || *node == names.name(&message.name);
        self.entry.node.as_ref().is_none_or(here)
    }

    fn matches(&self, message: &Message<'_>) -> bool {
        self.entry.matcher.as_ref().is_none_or(|(matches, _)| matches(message.call))
    }

    fn has_more(&self, message: &Message<'_>) -> bool {
        match (self.entry.times, &self.entry.node) {
            (Some(times), _) => self.count.get() < times.max,
            (None, Some(_)) => self.count.get() < 1,
            (None, None) => !self.nodes.borrow().contains(&message.name),
        }
    }

    fn text(&self) -> String {
        let node = self.entry.node.as_ref().map(|node| format!(" @{node}")).unwrap_or_default();
        let matcher = self.entry.matcher.as_ref().map(|(_, name)| format!(" with {name}")).unwrap_or_default();
        format!("{}{node}{matcher}", self.entry.procedure)
    }

    fn wanted(&self) -> Times {
        self.entry.times.unwrap_or(Times { min: 1, max: 1 })
    }
}

fn of_healthy(own: &[OwnAnswer], call: &dyn AnyCall, node: &Node, config: &Snapshot) -> Option<Result<Value, String>> {
    let own = own.iter().find_map(|answer| answer(call, node, config));
    own.or_else(|| crate::healthy::answer_any(call, node, config))
}

/// The nodes in one run.
pub(crate) struct Nodes {
    entries: Vec<Used>,
    strict: bool,
    rest_healthy: Vec<&'static str>,
    own: Vec<OwnAnswer>,
    recorder: Rc<Recorder>,
    clock: Rc<MockClock>,
    names: Names,
    findings: RefCell<Vec<Finding>>,
}

impl Nodes {
    pub(crate) fn new(script: &ScriptedRpc, recorder: &Rc<Recorder>, clock: &Rc<MockClock>, names: Names) -> Rc<Self> {
        let used = |entry: &Entry| Used { entry: entry.clone(), count: Cell::new(0), nodes: RefCell::default() };
        Rc::new(Self {
            entries: script.entries.iter().map(used).collect(),
            strict: script.strict,
            rest_healthy: script.rest_healthy.clone(),
            own: script.own.clone(),
            recorder: Rc::clone(recorder),
            clock: Rc::clone(clock),
            names,
            findings: RefCell::default(),
        })
    }

    /// Returns what went wrong, entries that were not used up included.
    pub(crate) fn findings(&self) -> Vec<Finding> {
        let mut findings = self.findings.take();
        for used in self.entries.iter().filter(|used| used.count.get() < used.wanted().min) {
            let no_such_node = used.entry.node.as_ref().and_then(|name| self.names.no_such_node(name));
            findings.push(
                Finding::new(Topic::Script, "script not used up")
                    .wanted(format!("{} of {}", used.wanted(), used.text()), used.entry.at)
                    .got(plural(used.count.get(), "call"))
                    .hint(no_such_node.unwrap_or_else(|| self.why_unused(used).to_owned())),
            );
        }
        findings
    }

    fn of_call(&self, message: &Message<'_>) -> impl DoubleEndedIterator<Item = &Used> {
        let procedure = message.call.procedure();
        self.entries.iter().filter(move |used| used.entry.procedure == procedure)
    }

    fn why_unused(&self, used: &Used) -> &'static str {
        let earlier = self.entries.iter().take_while(|other| !std::ptr::eq(*other, used));
        let may_swallow = |other: &Used| {
            let more = other.count.get() > 0 && other.entry.procedure == used.entry.procedure;
            more && other.entry.times.is_some_and(|times| times.max == usize::MAX)
        };
        if earlier.into_iter().any(may_swallow) {
            "an entry before it takes all: entries answer in the order in which they are made"
        } else {
            "does the unit get there, and does it ask this node?"
        }
    }

    fn answer(&self, message: &Message<'_>, config: &Snapshot) -> Result<Value, Trouble> {
        let mut of_call = self.of_call(message).peekable();
        if of_call.peek().is_none() {
            if self.strict {
                return self.unexpected(message, "the script is strict, and has no entry for this call");
            }
            return self.healthy(message, config);
        }
        let Some(used) = of_call.find(|used| used.concerns(message, &self.names) && used.has_more(message)) else {
            if self.rest_healthy.contains(&message.call.procedure()) {
                return self.healthy(message, config);
            }
            let used_up = self.of_call(message).any(|used| used.concerns(message, &self.names));
            let why = if used_up {
                "no answer is left: allow more by `.times(..)`, or leave the rest to `.healthy()` nodes"
            } else {
                "no entry matches: make one, or leave the rest of this call to `.healthy()` nodes"
            };
            return self.unexpected(message, why);
        };
        let occurrence = used.count.replace(used.count.get() + 1);
        used.nodes.borrow_mut().push(message.name.clone());
        self.clock.advance(used.entry.delay_seconds);
        match &used.entry.reply {
            Reply::Answer(answer) => answer(occurrence, message.call, &message.name),
            Reply::Healthy => self.healthy(message, config),
        }
    }

    /// Returns what a healthy node answers, whatever the script says, if that can be told.
    pub(crate) fn healthy_answer(&self, message: &Message<'_>, config: &Snapshot) -> Option<Value> {
        of_healthy(&self.own, message.call, config.nodes.get(&message.node)?, config)?.ok()
    }

    fn healthy(&self, message: &Message<'_>, config: &Snapshot) -> Result<Value, Trouble> {
        let Some(node) = config.nodes.get(&message.node) else {
            return self.unexpected(message, "the node is not in the configuration");
        };
        match of_healthy(&self.own, message.call, node, config) {
            Some(Ok(reply)) => Ok(reply),
            Some(Err(why)) => self.unexpected(message, &why),
            None => self.unexpected(message, crate::healthy::no_answer(message.call)),
        }
    }

    fn unexpected(&self, message: &Message<'_>, why: &str) -> Result<Value, Trouble> {
        let got =
            format!("{} in step {}", call_text(message.call, Some(&message.name), &self.names), self.recorder.next());
        let mut finding = Finding::new(Topic::Rpc, "unexpected call").got(got).hint(why);
        // The first of those that come nearest.
        let nearness = |used: &Used| (used.here(message, &self.names), used.matches(message), used.has_more(message));
        if let Some(nearest) = self.of_call(message).rev().max_by_key(|used| nearness(used)) {
            let mut differs = Vec::new();
            if !nearest.here(message, &self.names) {
                differs.push("node".to_owned());
            }
            let matcher = nearest.entry.matcher.as_ref().filter(|_| !nearest.matches(message));
            if let Some((_, name)) = matcher {
                differs.push(format!("arguments (not {name})"));
                let arguments = self.names.readable(&format!("{:?}", message.call));
                finding = if arguments.len() <= SHOWN_MAX { finding.got(arguments) } else { finding };
            }
            if !nearest.has_more(message) {
                differs.push(format!("number: it has answered {}", plural(nearest.count.get(), "time")));
            }
            finding =
                finding.nearest(format!("{}   differs in: {}", nearest.text(), differs.join(", ")), nearest.entry.at);
        }
        self.findings.borrow_mut().push(finding);
        Err(Trouble::Refused("the test did not expect this call".to_owned()))
    }
}

impl Transport for Nodes {
    fn send(&self, batch: &[Message<'_>], config: &Snapshot) -> Vec<Result<Value, Trouble>> {
        batch.iter().map(|message| self.answer(message, config)).collect()
    }
}
