//! What a run without faults teaches: where it can be disturbed, and what it looks like when it is not.

use std::collections::BTreeMap;

use cmdlib::processor::Ended;
use cmdlib::record::{LogKind, NodeCall, Phase};
use cmdlib::rpc::AnyCall;

use crate::bench::Once;
use crate::journal::{Journal, Step, What};
use crate::sweep::fault::{Planned, faults_of_call};
use crate::sweep::point::{Target, target_of};
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

/// The run without faults.
pub(super) struct Learned {
    pub(super) cases: Vec<Case>,
    /// Spoilt answers that were left out, since a unit can't tell them from one that is tried.
    pub(super) alike: usize,
    pub(super) warnings: Vec<String>,
    pub(super) result: Option<String>,
}

/// How often something was answered so far, as the injection counts it.
#[derive(Default)]
struct Counts(BTreeMap<(String, Option<String>), usize>);

impl Counts {
    fn next(&mut self, target: &Target, node: Option<&str>) -> usize {
        let key = match target {
            Target::Call(procedure, _) => (*procedure).to_owned(),
            other => format!("{other:?}"),
        };
        let count = self.0.entry((key, node.map(str::to_owned))).or_default();
        *count += 1;
        *count
    }
}

impl Learned {
    pub(super) fn of(once: &Once) -> Self {
        let mut learned =
            Self { cases: Vec::new(), alike: 0, warnings: warnings(&once.journal), result: result(&once.ended) };
        let mut counts = Counts::default();
        for step in &once.journal.steps {
            match &step.what {
                What::Call { call, nodes } => learned.call(&**call, nodes, step, once, &mut counts),
                What::Changed(_) => learned.outside(Target::Write, Fault::Refused, step.phase, &mut counts),
                What::Jobs { .. } => learned.outside(Target::Submit, Fault::Refused, step.phase, &mut counts),
                _ => {}
            }
        }
        for asked in &once.journal.asked {
            let phase = asked.phase;
            match asked.kind {
                "resolve" => learned.outside(Target::Resolve, Fault::Refused, phase, &mut counts),
                "ping" => learned.outside(Target::Ping, Fault::Opposite, phase, &mut counts),
                "socket_accept" => {
                    learned.outside(Target::Open, Fault::Refused, phase, &mut counts);
                    learned.outside(Target::Accept, Fault::Opposite, phase, &mut counts);
                }
                "socket_recv" => learned.outside(Target::Receive, Fault::Opposite, phase, &mut counts),
                _ => {}
            }
        }
        learned
    }

    fn outside(&mut self, target: Target, fault: Fault, phase: Phase, counts: &mut Counts) {
        let nth = counts.next(&target, None);
        let point = Point { target, node: None, nth: Some(nth) };
        self.cases.push(Case { point, fault, phase, nodes: Vec::new(), about: None });
    }

    fn call(&mut self, call: &dyn AnyCall, nodes: &[NodeCall], step: &Step, once: &Once, counts: &mut Counts) {
        let asked: Vec<&NodeCall> = nodes.iter().filter(|node| node.contacted).collect();
        if asked.is_empty() {
            return;
        }
        let names = &once.journal.names;
        let target = target_of(call);
        let together = counts.next(&target, None);
        let about = call.instance().map(|name| names.name(&name));
        let mut in_all: Vec<Fault> = Vec::new();
        for node in &asked {
            let nth = counts.next(&target, Some(&node.name));
            let name = names.name(&node.name);
            let point = match target {
                Target::Allocator => Point { target: target.clone(), node: None, nth: Some(together) },
                _ => Point { target: target.clone(), node: Some(name.clone()), nth: Some(nth) },
            };
            let (faults, alike) = faults_of_call(call, &target, &node.answer);
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
