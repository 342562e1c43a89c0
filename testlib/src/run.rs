//! What happened in a run, and what a test says of it: expectations note findings, one verdict judges and panics once.

use std::collections::BTreeSet;
use std::panic::Location;

use cmdlib::error::Code;
use cmdlib::hooks::HookPhase;
use cmdlib::iallocator;
use cmdlib::jobs::Job;
use cmdlib::locking::{Level, Lock, LockName};
use cmdlib::op;
use cmdlib::processor::Ended;
use cmdlib::record::LogKind;
use cmdlib::rpc::{AnyCall, Call, HooksRunner};
use expect_test::Expect;
use serde_json::Value;

use crate::bench::Once;
use crate::finding::{Finding, Topic};
use crate::journal::{Journal, Step, What, call_text, lock_text};
use crate::locks::LockNamed;
use crate::report::{self, Wanted};
use crate::rpc::plural;
use crate::scope::key_of;

/// A run that waits for its verdict.
///
/// Expectations (`locked`, `called`, `changed`, ..) note what is wrong; a verdict (`succeeded`, `returned`, `refused`,
/// `failed`, ..) judges, and fails the test once with the whole report. A run that is never judged fails the test.
#[must_use = "a run is judged by a verdict: succeeded(), returned(..), refused(..), failed(..)"]
pub struct LuRun {
    title: String,
    once: Once,
    findings: Vec<Finding>,
    story: Option<Expect>,
    judged: bool,
    at: &'static Location<'static>,
}

impl std::fmt::Debug for LuRun {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LuRun({}: {})", self.title, self.once.ended)
    }
}

impl Drop for LuRun {
    fn drop(&mut self) {
        if !self.judged && !std::thread::panicking() {
            panic!("{}:{}: the run of {} was never judged: end it with a verdict such as .succeeded()", self.at.file(), self.at.line(), self.title);
        }
    }
}

/// A run after its verdict, to be read.
#[derive(Debug)]
pub struct Judged {
    once: Once,
}

impl Judged {
    /// The steps of the run.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.once.journal
    }

    /// The lines that were logged: kind and text.
    #[must_use]
    pub fn log(&self) -> Vec<(LogKind, String)> {
        log_lines(&self.once.journal).into_iter().map(|(_, kind, text)| (kind, text)).collect()
    }

    /// The configuration after the run.
    #[must_use]
    pub fn config(&self) -> &cmdlib::config::Snapshot {
        &self.once.after
    }

    /// The configuration before the run.
    #[must_use]
    pub fn config_before(&self) -> &cmdlib::config::Snapshot {
        &self.once.before
    }

    /// The calls of one kind, in order, each with the names of the nodes that were called.
    #[must_use]
    pub fn calls<C: Call>(&self) -> Vec<(C, Vec<String>)> {
        let of = |(_, call, nodes): (usize, &dyn AnyCall, Vec<String>)| Some((call.as_any().downcast_ref::<C>()?.clone(), nodes));
        calls(&self.once.journal).into_iter().filter_map(of).collect()
    }

    /// The jobs that were submitted, completed.
    #[must_use]
    pub fn jobs(&self) -> Vec<Vec<Value>> {
        submitted(&self.once.journal)
    }
}

impl std::fmt::Debug for Once {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.ended)
    }
}

fn calls(journal: &Journal) -> Vec<(usize, &dyn AnyCall, Vec<String>)> {
    fn of(step: &Step) -> Option<(usize, &dyn AnyCall, Vec<String>)> {
        let What::Call { call, nodes } = &step.what else { return None };
        let contacted = nodes.iter().filter(|node| node.contacted).map(|node| node.name.clone()).collect();
        Some((step.number, &**call, contacted))
    }
    journal.steps.iter().filter_map(of).collect()
}

fn log_lines(journal: &Journal) -> Vec<(usize, LogKind, String)> {
    let of = |step: &Step| match &step.what {
        What::Log(line) => Some((step.number, line.kind, journal.names.readable(&line.text))),
        _ => None,
    };
    journal.steps.iter().filter_map(of).collect()
}

fn submitted(journal: &Journal) -> Vec<Vec<Value>> {
    let of = |step: &Step| match &step.what {
        What::Jobs { jobs, .. } => Some(jobs.clone()),
        _ => None,
    };
    journal.steps.iter().filter_map(of).flatten().collect()
}

impl LuRun {
    pub(crate) fn new(title: String, once: Once, findings: Vec<Finding>, at: &'static Location<'static>) -> Self {
        let findings = once.findings.iter().cloned().chain(findings).collect();
        Self { title, once, findings, story: None, judged: false, at }
    }

    fn note(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    #[track_caller]
    fn lock(&self, named: &LockNamed) -> Lock {
        let states = [&self.once.before, &self.once.after];
        let name = named.name.as_ref().map_or(LockName::All, |name| LockName::One(key_of(named.level, name, &states, named.at).into()));
        Lock { level: named.level, name, mode: named.mode }
    }

    fn asked(&self) -> BTreeSet<Lock> {
        let of = |step: &Step| match &step.what {
            What::Locks { request, .. } => request.clone(),
            _ => Vec::new(),
        };
        self.once.journal.steps.iter().flat_map(of).filter(|lock| lock.level != Level::Cluster).collect()
    }

    fn lock_finding(&self, lock: &Lock, title: &str, at: &'static Location<'static>) -> Finding {
        let names = &self.once.journal.names;
        let text = lock_text(lock, names);
        let other = self.asked().into_iter().find(|asked| asked.level == lock.level && asked.name == lock.name);
        let got = match other {
            Some(other) => format!("asked as {}", lock_text(&other, names)),
            None => "never asked".to_owned(),
        };
        Finding::new(Topic::Locks, title).wanted(text, at).got(got)
    }

    /// These locks were asked for, besides the big lock of the cluster, and no others.
    #[track_caller]
    pub fn locked(mut self, locks: impl IntoIterator<Item = LockNamed>) -> Self {
        let at = Location::caller();
        let wanted: Vec<LockNamed> = locks.into_iter().collect();
        let asked = self.asked();
        let mut expected = BTreeSet::new();
        for named in &wanted {
            let lock = self.lock(named);
            if !asked.contains(&lock) {
                self.note(self.lock_finding(&lock, "a lock was not asked for", named.at));
            }
            expected.insert(lock);
        }
        for lock in asked.difference(&expected) {
            if expected.iter().any(|wanted| wanted.level == lock.level && wanted.name == lock.name) {
                continue;
            }
            let text = lock_text(lock, &self.once.journal.names);
            self.note(Finding::new(Topic::Locks, "a lock was asked for that is not in the list").wanted("no other lock", at).got(text));
        }
        self
    }

    /// These locks were asked for, whatever else was.
    #[track_caller]
    pub fn locked_also(mut self, locks: impl IntoIterator<Item = LockNamed>) -> Self {
        for named in locks {
            let lock = self.lock(&named);
            if !self.asked().contains(&lock) {
                self.note(self.lock_finding(&lock, "a lock was not asked for", named.at));
            }
        }
        self
    }

    /// No lock was asked for, besides the big lock of the cluster.
    #[track_caller]
    pub fn locked_nothing(self) -> Self {
        self.locked([])
    }

    /// This lock was never asked for, in whatever mode.
    #[track_caller]
    pub fn never_locked(mut self, level: Level, name: &str) -> Self {
        let at = Location::caller();
        let key = key_of(level, name, &[&self.once.before, &self.once.after], at);
        let one = LockName::One(key.into());
        if let Some(lock) = self.asked().into_iter().find(|lock| lock.level == level && (lock.name == one || lock.name == LockName::All)) {
            let names = &self.once.journal.names;
            let got = lock_text(&lock, names);
            self.note(Finding::new(Topic::Locks, "a lock was asked for").wanted(format!("never {level}/{name}"), at).got(got));
        }
        self
    }

    /// These locks were held, at least in these modes, during every call of this kind.
    #[track_caller]
    pub fn held_during<C: Call>(mut self, locks: impl IntoIterator<Item = LockNamed>) -> Self {
        let at = Location::caller();
        let wanted: Vec<(Lock, &'static Location<'static>)> = locks.into_iter().map(|named| (self.lock(&named), named.at)).collect();
        let mut seen = false;
        let mut findings = Vec::new();
        for step in &self.once.journal.steps {
            let What::Call { call, .. } = &step.what else { continue };
            if call.procedure() != C::NAME {
                continue;
            }
            seen = true;
            for (lock, at) in &wanted {
                let held = |name: LockName| step.held.get(&(lock.level, name)).is_some_and(|mode| *mode >= lock.mode);
                if !held(lock.name.clone()) && !held(LockName::All) {
                    findings.push(
                        Finding::new(Topic::Locks, "a lock was not held during a call")
                            .wanted(format!("{} during {}", lock_text(lock, &self.once.journal.names), C::NAME), at)
                            .got(format!("not held in step {}", step.number)),
                    );
                }
            }
        }
        if !seen {
            findings.push(Finding::new(Topic::Locks, "a call was never made").wanted(format!("locks held during {}", C::NAME), at).got("no such call"));
        }
        self.findings.extend(findings);
        self
    }

    /// These locks were given back before the end.
    #[track_caller]
    pub fn released(mut self, locks: impl IntoIterator<Item = LockNamed>) -> Self {
        let of = |step: &Step| match &step.what {
            What::Released(locks) => locks.clone(),
            _ => Vec::new(),
        };
        let released: Vec<Lock> = self.once.journal.steps.iter().flat_map(of).collect();
        for named in locks {
            let lock = self.lock(&named);
            if !released.contains(&lock) {
                let text = lock_text(&lock, &self.once.journal.names);
                self.note(Finding::new(Topic::Locks, "a lock was not given back before the end").wanted(text, named.at).got("held to the end, or never"));
            }
        }
        self
    }

    /// All locks held of this level were made shared before the end.
    #[track_caller]
    pub fn downgraded(mut self, level: Level) -> Self {
        let at = Location::caller();
        let downgraded = |step: &Step| matches!(&step.what, What::Downgraded(locks) if locks.iter().any(|lock| lock.level == level));
        if !self.once.journal.steps.iter().any(downgraded) {
            self.note(Finding::new(Topic::Locks, "locks were not downgraded").wanted(format!("those of level {level}"), at).got("no downgrade of that level"));
        }
        self
    }

    fn count<C: Call>(&self, matches: impl Fn(&C) -> bool) -> usize {
        let is = |call: &dyn AnyCall| call.as_any().downcast_ref::<C>().is_some_and(&matches);
        calls(&self.once.journal).iter().filter(|(_, call, _)| is(*call)).count()
    }

    fn calls_made(&self) -> String {
        let names = &self.once.journal.names;
        let made: Vec<String> = calls(&self.once.journal)
            .iter()
            .filter(|(_, call, _)| call.procedure() != HooksRunner::NAME)
            .map(|(number, call, nodes)| {
                let nodes: Vec<String> = nodes.iter().map(|node| names.name(node)).collect();
                format!("{number} {} @{}", call_text(*call, None, names), nodes.join(", @"))
            })
            .collect();
        if made.is_empty() { "no call was made".to_owned() } else { format!("calls made: {}", made.join("; ")) }
    }

    /// This call was made.
    #[track_caller]
    pub fn called<C: Call>(mut self) -> Self {
        let at = Location::caller();
        if self.count::<C>(|_| true) == 0 {
            self.note(Finding::new(Topic::Order, "a call was not made").wanted(C::NAME, at).got(self.calls_made()));
        }
        self
    }

    /// This call was made so often: a call to several nodes counts once.
    #[track_caller]
    pub fn called_times<C: Call>(mut self, times: usize) -> Self {
        let at = Location::caller();
        let count = self.count::<C>(|_| true);
        if count != times {
            let wanted = format!("{} of {}", plural(times, "call"), C::NAME);
            self.note(Finding::new(Topic::Order, "a call was made more or less often").wanted(wanted, at).got(plural(count, "call")));
        }
        self
    }

    /// This call was made with arguments for which `matches` holds; `what` says in reports which those are.
    #[track_caller]
    pub fn called_with<C: Call>(mut self, what: &str, matches: impl Fn(&C) -> bool) -> Self {
        let at = Location::caller();
        if self.count::<C>(matches) == 0 {
            let made = self.count::<C>(|_| true);
            let got = format!("{} of it, none like that", plural(made, "call"));
            self.note(Finding::new(Topic::Order, "a call was not made like that").wanted(format!("{} with {what}", C::NAME), at).got(got));
        }
        self
    }

    /// This call was made to these nodes, all calls of the kind together, and to no others.
    #[track_caller]
    pub fn called_on<'a, C: Call>(mut self, nodes: impl IntoIterator<Item = &'a str>) -> Self {
        let at = Location::caller();
        let states = [&self.once.before, &self.once.after];
        let wanted: BTreeSet<String> = nodes.into_iter().map(|name| {
            let key = key_of(Level::Node, name, &states, at);
            self.once.journal.names.name(&key)
        }).collect();
        let of_kind = calls(&self.once.journal).into_iter().filter(|(_, call, _)| call.procedure() == C::NAME);
        let got: BTreeSet<String> = of_kind.flat_map(|(_, _, nodes)| nodes).map(|node| self.once.journal.names.name(&node)).collect();
        if wanted != got {
            let list = |names: &BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>().join(", ");
            let finding = Finding::new(Topic::Order, "a call went to other nodes");
            self.note(finding.wanted(format!("{} @{}", C::NAME, list(&wanted)), at).got(format!("@{}", list(&got))));
        }
        self
    }

    /// This call was never made.
    #[track_caller]
    pub fn never_called<C: Call>(mut self) -> Self {
        let at = Location::caller();
        let made: Vec<usize> = calls(&self.once.journal).iter().filter(|(_, call, _)| call.procedure() == C::NAME).map(|(number, ..)| *number).collect();
        for number in made {
            self.note(Finding::new(Topic::Order, "a call was made").wanted(format!("never {}", C::NAME), at).got(format!("in step {number}")));
        }
        self
    }

    /// No node was called, be it by hooks.
    #[track_caller]
    pub fn called_nobody(mut self) -> Self {
        let at = Location::caller();
        if !calls(&self.once.journal).is_empty() {
            self.note(Finding::new(Topic::Order, "calls were made").wanted("no call", at).got(self.calls_made()));
        }
        self
    }

    /// The calls were made in this order, others between them or not; by their names on the wire.
    #[track_caller]
    pub fn called_in_order<'a>(mut self, procedures: impl IntoIterator<Item = &'a str>) -> Self {
        let at = Location::caller();
        let wanted: Vec<&str> = procedures.into_iter().collect();
        let made: Vec<&'static str> = calls(&self.once.journal).iter().map(|(_, call, _)| call.procedure()).collect();
        let mut rest = made.iter();
        if let Some(missing) = wanted.iter().find(|name| !rest.any(|made| made == *name)) {
            let finding = Finding::new(Topic::Order, "calls were made in another order");
            self.note(finding.wanted(wanted.join(", "), at).got(format!("{}; '{missing}' does not come there", made.join(", "))));
        }
        self
    }

    /// The unit changed this, and nothing else. Lines are as a report shows them, `instances[web1].admin_state: down -> up`;
    /// serial numbers and times of changes are left out.
    #[track_caller]
    pub fn changed<'a>(mut self, lines: impl IntoIterator<Item = &'a str>) -> Self {
        let at = Location::caller();
        let wanted: BTreeSet<String> = lines.into_iter().map(str::to_owned).collect();
        let got: BTreeSet<String> = self.once.changes.lines(&self.once.journal.names).into_iter().collect();
        for line in wanted.difference(&got) {
            self.note(self.not_changed(line, &got, at));
        }
        for line in got.difference(&wanted) {
            self.note(Finding::new(Topic::Config, "something else was changed").wanted("no other change", at).got(line.clone()));
        }
        self
    }

    fn not_changed(&self, line: &str, got: &BTreeSet<String>, at: &'static Location<'static>) -> Finding {
        let path = line.split(": ").next().unwrap_or(line);
        let finding = Finding::new(Topic::Config, "a change was not made").wanted(line, at);
        match got.iter().find(|other| other.split(": ").next() == Some(path)) {
            Some(other) => finding.got(other.clone()),
            None => finding.got("it stayed as it was"),
        }
    }

    /// The unit changed this, whatever else it did.
    #[track_caller]
    pub fn changed_also(mut self, line: &str) -> Self {
        let at = Location::caller();
        let got: BTreeSet<String> = self.once.changes.lines(&self.once.journal.names).into_iter().collect();
        if !got.contains(line) {
            self.note(self.not_changed(line, &got, at));
        }
        self
    }

    /// The unit changed nothing at all, not even a serial number.
    #[track_caller]
    pub fn changed_nothing(mut self) -> Self {
        let at = Location::caller();
        let wrote = |step: &Step| matches!(step.what, What::Changed(_));
        if self.once.journal.steps.iter().any(wrote) {
            let lines = self.once.changes.lines(&self.once.journal.names);
            let got = if lines.is_empty() { "only serial numbers".to_owned() } else { lines.join("; ") };
            self.note(Finding::new(Topic::Config, "something was changed").wanted("no change", at).got(got));
        }
        self
    }

    /// The configuration was written so often.
    #[track_caller]
    pub fn wrote_times(mut self, times: usize) -> Self {
        let at = Location::caller();
        let count = self.once.journal.steps.iter().filter(|step| matches!(step.what, What::Changed(_))).count();
        if count != times {
            self.note(Finding::new(Topic::Config, "the configuration was written more or less often").wanted(plural(times, "write"), at).got(plural(count, "write")));
        }
        self
    }

    /// A line of this kind was logged that contains `part`.
    #[track_caller]
    pub fn logged(mut self, kind: LogKind, part: &str) -> Self {
        let at = Location::caller();
        let lines = log_lines(&self.once.journal);
        if !lines.iter().any(|(_, of, text)| *of == kind && text.contains(part)) {
            let all: Vec<String> = lines.iter().map(|(number, kind, text)| format!("{number} {}: {text}", kind.as_str())).collect();
            let got = if all.is_empty() { "nothing was logged".to_owned() } else { all.join("; ") };
            self.note(Finding::new(Topic::Log, "a line was not logged").wanted(format!("{}: ..{part}..", kind.as_str()), at).got(got));
        }
        self
    }

    /// A warning was logged that contains `part`.
    #[track_caller]
    pub fn warned(self, part: &str) -> Self {
        self.logged(LogKind::Warning, part)
    }

    /// No warning was logged.
    #[track_caller]
    pub fn never_warned(mut self) -> Self {
        let at = Location::caller();
        for (number, kind, text) in log_lines(&self.once.journal) {
            if kind == LogKind::Warning {
                self.note(Finding::new(Topic::Log, "a warning was logged").wanted("no warning", at).got(format!("step {number}: {text}")));
            }
        }
        self
    }

    fn hook_calls(&self) -> Vec<(HooksRunner, BTreeSet<String>)> {
        let names = &self.once.journal.names;
        let of = |step: &Step| match &step.what {
            What::Call { call, nodes } => {
                let call = call.as_any().downcast_ref::<HooksRunner>()?.clone();
                Some((call, nodes.iter().map(|node| names.name(&node.name)).collect()))
            }
            _ => None,
        };
        self.once.journal.steps.iter().filter_map(of).collect()
    }

    /// Hooks of this path ran on these nodes before, and on these after. A phase that did not run has no nodes.
    #[track_caller]
    pub fn hooks<'a>(mut self, path: &str, pre: impl IntoIterator<Item = &'a str>, post: impl IntoIterator<Item = &'a str>) -> Self {
        let at = Location::caller();
        let wanted = [("pre", pre.into_iter().map(str::to_owned).collect::<BTreeSet<_>>()), ("post", post.into_iter().map(str::to_owned).collect())];
        for (phase, wanted) in wanted {
            let ran = self.hook_calls().into_iter().filter(|(call, _)| call.path == path && call.phase == phase);
            let got: BTreeSet<String> = ran.flat_map(|(_, nodes)| nodes).collect();
            if got != wanted {
                let list = |nodes: &BTreeSet<String>| if nodes.is_empty() { "no node".to_owned() } else { nodes.iter().cloned().collect::<Vec<_>>().join(", ") };
                let finding = Finding::new(Topic::Hooks, format!("hooks ran elsewhere in phase {phase}"));
                self.note(finding.wanted(format!("{path} on {}", list(&wanted)), at).got(list(&got)));
            }
        }
        self
    }

    /// No hooks ran.
    #[track_caller]
    pub fn no_hooks(mut self) -> Self {
        let at = Location::caller();
        for (call, nodes) in self.hook_calls() {
            let nodes: Vec<String> = nodes.into_iter().collect();
            let got = format!("{} {} on {}", call.path, call.phase, nodes.join(", "));
            self.note(Finding::new(Topic::Hooks, "hooks ran").wanted("no hooks", at).got(got));
        }
        self
    }

    /// In this phase the hooks of the unit had these variables, with these values, whatever else they had. An empty list of
    /// names that must be absent is usual: see `hook_env_without`.
    #[track_caller]
    pub fn hook_env<'a>(mut self, phase: HookPhase, variables: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let at = Location::caller();
        let Some((call, _)) = self.unit_hooks(phase) else {
            self.note(Finding::new(Topic::Hooks, "no hooks ran").wanted(format!("phase {}", phase.as_str()), at).got("no such phase"));
            return self;
        };
        for (name, value) in variables {
            let got = call.env.get(name);
            if got.is_none_or(|got| self.once.journal.names.readable(got) != value && got != value) {
                let got = got.map_or("it is absent".to_owned(), |got| format!("{name}={}", self.once.journal.names.readable(got)));
                let finding = Finding::new(Topic::Hooks, format!("a hook variable differs in phase {}", phase.as_str()));
                self.note(finding.wanted(format!("{name}={value}"), at).got(got));
            }
        }
        self
    }

    /// In this phase the hooks of the unit did not have these variables.
    #[track_caller]
    pub fn hook_env_without<'a>(mut self, phase: HookPhase, names: impl IntoIterator<Item = &'a str>) -> Self {
        let at = Location::caller();
        let env = self.unit_hooks(phase).map(|(call, _)| call.env).unwrap_or_default();
        for name in names {
            if let Some(value) = env.get(name) {
                self.note(Finding::new(Topic::Hooks, "a hook variable is there").wanted(format!("no {name}"), at).got(format!("{name}={value}")));
            }
        }
        self
    }

    fn unit_hooks(&self, phase: HookPhase) -> Option<(HooksRunner, BTreeSet<String>)> {
        self.hook_calls().into_iter().find(|(call, _)| call.phase == phase.as_str() && call.path != "config-update")
    }

    /// These jobs were submitted, and no others. What every opcode has (comment, reason, priority, dependencies) is not
    /// compared: see `Judged::jobs`.
    #[track_caller]
    pub fn submitted(mut self, jobs: impl IntoIterator<Item = Job>) -> Self {
        let at = Location::caller();
        let plain = |mut op: op::Any| {
            *op.common_mut() = op::Common::default();
            op
        };
        let wanted: Vec<Vec<op::Any>> = jobs.into_iter().map(|job| job.0.into_iter().map(plain).collect()).collect();
        let read = |op: &Value| op::Any::read(op).map(plain).map_err(|refusal| refusal.text);
        let got: Vec<Vec<Result<op::Any, String>>> = submitted(&self.once.journal).iter().map(|job| job.iter().map(read).collect()).collect();
        let same = wanted.len() == got.len()
            && wanted.iter().zip(&got).all(|(one, two)| one.len() == two.len() && one.iter().zip(two).all(|(one, two)| two.as_ref() == Ok(one)));
        if !same {
            let names = &self.once.journal.names;
            let text = |ops: &[Value]| ops.iter().map(|op| names.readable(&op.to_string())).collect::<Vec<_>>().join(", ");
            let wanted: Vec<String> = wanted.iter().map(|job| text(&job.iter().map(op::Any::write).collect::<Vec<_>>())).collect();
            let got: Vec<String> = submitted(&self.once.journal).iter().map(|job| text(job)).collect();
            let finding = Finding::new(Topic::Jobs, "other jobs were submitted");
            self.note(finding.wanted(format!("{}: {}", plural(wanted.len(), "job"), wanted.join(" | ")), at).got(format!("{}: {}", plural(got.len(), "job"), got.join(" | "))));
        }
        self
    }

    /// No job was submitted.
    #[track_caller]
    pub fn submitted_nothing(self) -> Self {
        self.submitted([])
    }

    /// These requests were made to the allocator, and no others.
    #[track_caller]
    pub fn allocated(mut self, requests: impl IntoIterator<Item = iallocator::Request>) -> Self {
        let at = Location::caller();
        let wanted: Vec<iallocator::Request> = requests.into_iter().collect();
        let of = |step: &Step| match &step.what {
            What::Allocator { request, .. } => Some(request.clone()),
            _ => None,
        };
        let got: Vec<iallocator::Request> = self.once.journal.steps.iter().filter_map(of).collect();
        if wanted != got {
            let text = |requests: &[iallocator::Request]| self.once.journal.names.readable(&format!("{requests:?}"));
            let finding = Finding::new(Topic::Allocator, "other requests were made to the allocator");
            let finding = finding.wanted(text(&wanted), at).got(text(&got));
            self.note(finding);
        }
        self
    }

    /// The document that the allocator got is such that `holds`; `what` says in reports what that means.
    #[track_caller]
    pub fn document(mut self, what: &str, holds: impl Fn(&Value) -> bool) -> Self {
        let at = Location::caller();
        let of = |step: &Step| match &step.what {
            What::Allocator { document, .. } => Some(document.clone()),
            _ => None,
        };
        let documents: Vec<Value> = self.once.journal.steps.iter().filter_map(of).collect();
        if !documents.iter().any(holds) {
            let got = if documents.is_empty() { "the allocator was not asked" } else { "it is not so" };
            self.note(Finding::new(Topic::Allocator, "the allocator's document differs").wanted(what, at).got(got));
        }
        self
    }

    /// The whole journal is this text. Run with `UPDATE_EXPECT=1` it is written into the test.
    pub fn story(mut self, expect: Expect) -> Self {
        self.story = Some(expect);
        self
    }

    /// The run succeeded, with whatever result.
    #[track_caller]
    pub fn succeeded(self) -> Judged {
        let good = matches!(self.once.ended, Ended::Success(_));
        self.judge(good, &Wanted::new("success"))
    }

    /// The run succeeded with this result.
    #[track_caller]
    pub fn returned(self, result: impl Into<Value>) -> Judged {
        let result = result.into();
        let good = matches!(&self.once.ended, Ended::Success(got) if *got == result);
        let names = &self.once.journal.names;
        let mut wanted = Wanted::new(format!("success: {}", names.readable(&result.to_string())));
        if let (false, Ended::Success(got)) = (good, &self.once.ended) {
            wanted = wanted.compared(&result, got);
        }
        self.judge(good, &wanted)
    }

    /// The run was refused with this code, by a text that contains `part`.
    #[track_caller]
    pub fn refused(self, code: Code, part: &str) -> Judged {
        let text = |text: &str| text.contains(part) || self.once.journal.names.readable(text).contains(part);
        let good = matches!(&self.once.ended, Ended::Refused(refusal) if refusal.code == code && text(&refusal.text));
        self.judge(good, &Wanted::new(format!("refused ({code}): ..{part}..")))
    }

    /// The execution failed, with a text that contains `part`.
    #[track_caller]
    pub fn failed(self, part: &str) -> Judged {
        let text = |text: &str| text.contains(part) || self.once.journal.names.readable(text).contains(part);
        let good = matches!(&self.once.ended, Ended::Failed(failure) if text(&failure.text));
        self.judge(good, &Wanted::new(format!("failed: ..{part}..")))
    }

    /// A script that ran before stopped the run, with an output that contains `part`.
    #[track_caller]
    pub fn hook_aborted(self, part: &str) -> Judged {
        let good = matches!(&self.once.ended, Ended::HooksAborted(scripts) if scripts.iter().any(|it| it.output.contains(part)));
        self.judge(good, &Wanted::new(format!("aborted by hooks: ..{part}..")))
    }

    /// The locks were not granted in time.
    #[track_caller]
    pub fn lock_timed_out(self) -> Judged {
        let good = self.once.ended == Ended::LockTimeout;
        self.judge(good, &Wanted::new("locks not granted in time"))
    }

    /// The run ended in an error of a programmer, with a text that contains `part`. For tests of the processor.
    #[track_caller]
    pub fn internal_error(self, part: &str) -> Judged {
        let good = match &self.once.ended {
            Ended::Internal(why) | Ended::BadResult(why) => why.contains(part),
            _ => false,
        };
        self.judge(good, &Wanted::new(format!("internal error: ..{part}..")))
    }

    #[track_caller]
    fn judge(mut self, good: bool, wanted: &Wanted) -> Judged {
        self.judged = true;
        let findings = crate::finding::folded(std::mem::take(&mut self.findings));
        if !good || !findings.is_empty() {
            let report = report::render(&self.title, &self.once, wanted, good, &findings);
            panic!("{report}");
        }
        if let Some(story) = self.story.take() {
            story.assert_eq(&self.once.journal.to_string());
        }
        let Self { once, .. } = &mut self;
        Judged { once: once.take() }
    }
}

impl Once {
    /// Takes all of it, for whoever holds only a reference.
    fn take(&mut self) -> Self {
        Self {
            strategy: self.strategy,
            ended: self.ended.clone(),
            before: self.before.clone(),
            after: self.after.clone(),
            changes: std::mem::take(&mut self.changes),
            journal: std::mem::take(&mut self.journal),
            findings: std::mem::take(&mut self.findings),
            locks_left: std::mem::take(&mut self.locks_left),
            reserved: std::mem::take(&mut self.reserved),
        }
    }
}
