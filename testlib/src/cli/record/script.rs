//! The answers that a run was given, as a script.

use std::collections::BTreeSet;

use cmdlib::rpc::Trouble;

use super::super::answers::{Answer, Answers};
use super::test::spaced;
use crate::bench::Once;
use crate::journal::What;

/// What the bench says of a node that does not answer.
const TIMED_OUT: &str = "connection timed out";

/// Returns the statements; adds the paths that they use.
pub(super) fn statements(once: &Once, answers: &Answers, uses: &mut BTreeSet<String>) -> Vec<String> {
    let names = &once.journal.names;
    let made = |answer: &Answer| calls(once, answer.call.wire);
    let given: Vec<_> = answers.given().into_iter().filter(|(answer, _)| made(answer) > 0).collect();
    let mut statements = Vec::new();
    let mut left: Vec<(&str, usize)> = Vec::new();
    for (answer, nodes) in given {
        let call = answer.call.path.rsplit("::").next().unwrap_or_default();
        uses.insert(answer.call.path.to_owned());
        let reply = reply(&answer.answer, uses);
        // The scripted answers of a node come before its healthy ones, in their order.
        for (node, times) in nodes {
            let times_text = if times > 1 { format!(".times({times})") } else { String::new() };
            statements.push(format!("t.rpc().on::<{call}>().node({:?}){times_text}.{reply};", names.name(&node)));
            match left.iter_mut().find(|(of, _)| *of == answer.call.wire) {
                Some((_, count)) => *count += times,
                None => left.push((answer.call.wire, times)),
            }
        }
    }
    for (wire, scripted) in left {
        if calls(once, wire) > scripted {
            let of = answers.given().into_iter().find(|(answer, _)| answer.call.wire == wire);
            let path = of.map_or(wire, |(answer, _)| answer.call.path);
            statements.push(format!("t.rpc().on::<{}>().healthy();", path.rsplit("::").next().unwrap_or_default()));
        }
    }
    statements
}

/// Returns how many nodes were asked, all calls of a kind together.
fn calls(once: &Once, wire: &str) -> usize {
    let nodes = once.journal.steps.iter().map(|step| match &step.what {
        What::Call { call, nodes } if call.procedure() == wire => nodes.len(),
        _ => 0,
    });
    nodes.sum()
}

fn reply(answer: &Result<serde_json::Value, Trouble>, uses: &mut BTreeSet<String>) -> String {
    let mut trouble = |variant: &str, text: &str| {
        uses.insert("cmdlib::rpc::Trouble".to_owned());
        format!("answers(|_, _, _| Err(Trouble::{variant}({text:?}.to_owned())))")
    };
    match answer {
        Ok(payload) => {
            uses.insert("serde_json::json".to_owned());
            let text = payload.as_str().filter(|text| text.starts_with('{'));
            let document = text.and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
            match document {
                // An allocator's reply: JSON as text.
                Some(document) => format!("replies(json!({}).to_string())", spaced(&document)),
                None => format!("replies_raw(json!({}))", spaced(payload)),
            }
        }
        Err(Trouble::Refused(why)) => format!("fails({why:?})"),
        Err(Trouble::Offline) => "offline()".to_owned(),
        Err(Trouble::Unreachable(why)) if why == TIMED_OUT => "unreachable()".to_owned(),
        Err(Trouble::Unreachable(why)) => trouble("Unreachable", why),
        Err(Trouble::Malformed(why)) => trouble("Malformed", why),
        Err(Trouble::NotSent(why)) => trouble("NotSent", why),
    }
}
