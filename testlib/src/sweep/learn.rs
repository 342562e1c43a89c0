//! What a run without faults teaches: where it can be disturbed, and what it looks like when it is not.

use cmdlib::processor::Ended;
use cmdlib::record::{LogKind, NodeCall, Phase};
use cmdlib::rpc::AnyCall;

use crate::bench::Once;
use crate::journal::{Journal, Step, What};
use crate::sweep::fault::{Planned, faults_of_call};
use crate::sweep::point::{Counts, Target, target_of};
use crate::sweep::{Fault, Point};

/// One fault at one point of a run.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) point: Point,
    pub(super) fault: Fault,
    pub(super) phase: Phase,
    /// The objects that somebody must be told about if the run goes on without the answer: nodes, each of them; and the
    /// instance that the call is about, which stands for all of them. Nothing if the answer is usable.
    pub(super) nodes: Vec<String>,
    pub(super) about: Option<String>,
}

impl Case {
    /// Tells whether a unit can't tell this from the other one: an answer that never came, from one that was lost.
    pub(super) fn is_like(&self, lost: &Self) -> bool {
        (&self.fault, &lost.fault) == (&Fault::Unreachable, &Fault::LostReply) && self.point == lost.point
    }
}

/// The run without faults.
pub(super) struct Learned {
    pub(super) cases: Vec<Case>,
    /// Spoilt answers that were left out, since a unit can't tell them from one that is tried.
    pub(super) alike: usize,
    pub(super) warnings: Vec<String>,
    pub(super) result: Option<String>,
    counts: Counts,
}

impl Learned {
    pub(super) fn of(once: &Once) -> Self {
        let Learner { cases, alike, counts, .. } = Learner::of(once, None);
        Self { cases, alike, warnings: warnings(&once.journal), result: result(&once.ended), counts }
    }

    /// Returns the refusals that another run may meet where this one asked nothing, one at each point.
    pub(super) fn refusals_beyond(&self, once: &Once) -> Vec<Case> {
        let mut cases = Learner::of(once, Some(&self.counts)).cases;
        cases.retain(|it| it.fault == Fault::Refused && !self.cases.iter().any(|known| known.point == it.point));
        cases
    }
}

struct Learner<'a> {
    once: &'a Once,
    /// How much was asked in a run that is known: only refusals of what goes beyond it are looked for.
    known: Option<&'a Counts>,
    counts: Counts,
    cases: Vec<Case>,
    alike: usize,
}

impl<'a> Learner<'a> {
    fn of(once: &'a Once, known: Option<&'a Counts>) -> Self {
        let mut learner = Self { once, known, counts: Counts::default(), cases: Vec::new(), alike: 0 };
        for step in &once.journal.steps {
            match &step.what {
                What::Call { call, nodes } => learner.call(&**call, nodes, step),
                What::Changed(_) => learner.outside(Target::Write, Fault::Refused, step.phase),
                What::Jobs { .. } => learner.outside(Target::Submit, Fault::Refused, step.phase),
                _ => {}
            }
        }
        for asked in &once.journal.asked {
            let phase = asked.phase;
            match asked.kind {
                "resolve" => learner.outside(Target::Resolve, Fault::Refused, phase),
                "ping" => learner.outside(Target::Ping, Fault::Opposite, phase),
                "socket_accept" => {
                    learner.outside(Target::Open, Fault::Refused, phase);
                    learner.outside(Target::Accept, Fault::Opposite, phase);
                }
                "socket_recv" => learner.outside(Target::Receive, Fault::Opposite, phase),
                _ => {}
            }
        }
        learner
    }

    fn outside(&mut self, target: Target, fault: Fault, phase: Phase) {
        let nth = self.counts.next(&target, None);
        let point = Point { target, node: None, nth: Some(nth) };
        self.cases.push(Case { point, fault, phase, nodes: Vec::new(), about: None });
    }

    fn call(&mut self, call: &dyn AnyCall, nodes: &[NodeCall], step: &Step) {
        let asked: Vec<&NodeCall> = nodes.iter().filter(|node| node.contacted).collect();
        if asked.is_empty() {
            return;
        }
        let target = target_of(call);
        let together = self.counts.next(&target, None);
        let numbers: Vec<usize> = asked.iter().map(|node| self.counts.next(&target, Some(&node.name))).collect();
        if let Some(known) = self.known {
            let mut numbered = asked.iter().zip(&numbers);
            if numbered.all(|(node, nth)| *nth <= known.of(&target, Some(&node.name))) {
                return;
            }
        }
        let names = &self.once.journal.names;
        let about = call.instance().map(|name| names.name(&name));
        let mut in_all: Vec<Fault> = Vec::new();
        for (node, nth) in asked.iter().zip(numbers) {
            let name = names.name(&node.name);
            let point = match target {
                Target::Allocator => Point { target, node: None, nth: Some(together) },
                _ => Point { target, node: Some(name.clone()), nth: Some(nth) },
            };
            let (faults, alike) = match self.known {
                Some(_) => (vec![Planned::unusable(Fault::Refused)], 0),
                None => faults_of_call(call, &target, &node.answer),
            };
            self.alike += alike;
            for Planned { fault, unusable } in faults {
                // Spoilt answers differ from node to node: all at once means all kinds of failures.
                if !matches!(fault, Fault::Malformed(_)) && !in_all.contains(&fault) {
                    in_all.push(fault.clone());
                }
                let nodes = if unusable && target != Target::Allocator { vec![name.clone()] } else { Vec::new() };
                let about = about.clone().filter(|_| unusable);
                self.cases.push(Case { point: point.clone(), fault, phase: step.phase, nodes, about });
            }
        }
        if asked.len() > 1 {
            let point = Point { target, node: None, nth: Some(together) };
            let nodes: Vec<String> = asked.iter().map(|node| names.name(&node.name)).collect();
            self.cases.extend(in_all.into_iter().map(|fault| Case {
                point: point.clone(),
                fault,
                phase: step.phase,
                nodes: nodes.clone(),
                about: about.clone(),
            }));
        }
    }
}

/// Returns the warnings of a run, with names.
pub(crate) fn warnings(journal: &Journal) -> Vec<String> {
    let of = |step: &Step| match &step.what {
        What::Log(line) if line.kind == LogKind::Warning => Some(journal.names.readable(&line.text)),
        _ => None,
    };
    journal.steps.iter().filter_map(of).collect()
}

pub(super) fn result(ended: &Ended) -> Option<String> {
    match ended {
        Ended::Success(result) => Some(result.to_string()),
        _ => None,
    }
}
