//! The scripted allocator: replies by kind of request, several in a row. A request that nobody scripted is a finding.

use std::marker::PhantomData;

use cmdlib::iallocator::{Allocate, AllocateSecondary, Evacuation, Kind, MultiAllocate, Relocate};
use cmdlib::op;
use cmdlib::rpc::IallocatorRunner;
use serde_json::{Value, json};

use crate::rpc::ScriptedRpc;

/// What the allocator is told to reply in a test.
#[derive(Debug)]
pub struct ScriptedIallocator<'a> {
    pub(crate) rpc: &'a mut ScriptedRpc,
}

impl<'a> ScriptedIallocator<'a> {
    /// Begins a reply to a kind of request.
    pub fn on<K: Kind>(self) -> AllocatorReply<'a, K> {
        AllocatorReply { rpc: self.rpc, jobs: Vec::new(), failed: Vec::new(), kind: PhantomData }
    }
}

/// A reply in the making.
#[must_use = "a reply is scripted by saying what it is"]
pub struct AllocatorReply<'a, K> {
    rpc: &'a mut ScriptedRpc,
    jobs: Vec<Vec<Value>>,
    failed: Vec<Value>,
    kind: PhantomData<fn() -> K>,
}

fn is_of_kind<K: Kind>(call: &IallocatorRunner) -> bool {
    let document: Result<Value, _> = serde_json::from_str(&call.document);
    document.is_ok_and(|document| document["request"]["type"] == K::NAME)
}

impl<'a, K: Kind> AllocatorReply<'a, K> {
    /// It says no, and why.
    #[track_caller]
    pub fn fails(self, why: impl Into<String>) -> &'a mut ScriptedRpc {
        self.replies_raw(json!({"success": false, "info": why.into(), "result": null}))
    }

    /// It replies this JSON, whatever the form should be.
    #[track_caller]
    pub fn replies_raw(self, reply: Value) -> &'a mut ScriptedRpc {
        self.replies_text(reply.to_string())
    }

    /// It replies this text.
    #[track_caller]
    pub fn replies_text(self, text: impl Into<String>) -> &'a mut ScriptedRpc {
        let kind = format!("a request of kind {}", K::NAME);
        self.rpc.on::<IallocatorRunner>().with_named(&kind, is_of_kind::<K>).replies(text.into())
    }

    /// The program itself fails.
    #[track_caller]
    pub fn breaks(self, why: impl Into<String>) -> &'a mut ScriptedRpc {
        let kind = format!("a request of kind {}", K::NAME);
        self.rpc.on::<IallocatorRunner>().with_named(&kind, is_of_kind::<K>).fails(why)
    }
}

/// Says yes, with this result.
fn yes(result: &Value) -> Value {
    json!({"success": true, "info": "", "result": result})
}

impl<'a> AllocatorReply<'a, Allocate> {
    /// It finds these nodes, the primary one first.
    #[track_caller]
    pub fn places<'b>(self, nodes: impl IntoIterator<Item = &'b str>) -> &'a mut ScriptedRpc {
        self.replies_raw(yes(&nodes.into_iter().map(full).collect()))
    }
}

impl<'a> AllocatorReply<'a, MultiAllocate> {
    /// It finds no place for this one.
    pub fn no_place_for(mut self, instance: &str) -> Self {
        self.failed.push(full(instance).into());
        self
    }

    /// It finds places for these: instances, each with its nodes, the primary one first.
    #[track_caller]
    pub fn places<'b>(self, placed: impl IntoIterator<Item = (&'b str, Vec<&'b str>)>) -> &'a mut ScriptedRpc {
        let all = |nodes: Vec<&str>| nodes.into_iter().map(full).collect::<Vec<_>>();
        let placed: Vec<Value> = placed.into_iter().map(|(name, nodes)| json!([full(name), all(nodes)])).collect();
        let result = json!([placed, self.failed]);
        self.replies_raw(yes(&result))
    }
}

impl<'a> AllocatorReply<'a, AllocateSecondary> {
    /// It finds this secondary node.
    #[track_caller]
    pub fn finds(self, node: &str) -> &'a mut ScriptedRpc {
        self.replies_raw(yes(&full(node).into()))
    }
}

impl<'a> AllocatorReply<'a, Relocate> {
    /// It finds this node to go to.
    #[track_caller]
    pub fn finds(self, node: &str) -> &'a mut ScriptedRpc {
        self.replies_raw(yes(&json!([full(node)])))
    }
}

impl<'a, K: Kind<Result = Evacuation>> AllocatorReply<'a, K> {
    /// One more job, which the allocator proposes as it is.
    pub fn job(mut self, ops: impl IntoIterator<Item = op::Any>) -> Self {
        self.jobs.push(ops.into_iter().map(|op| op.write()).collect());
        self
    }

    /// It finds a place for all: instances, each with its new group and node. Without jobs of its own, one migration each.
    #[track_caller]
    pub fn moves<'b>(self, moves: impl IntoIterator<Item = (&'b str, &'b str, &'b str)>) -> &'a mut ScriptedRpc {
        let moves: Vec<_> = moves.into_iter().map(|(i, g, n)| (full(i), g.to_owned(), full(n))).collect();
        let mut jobs = self.jobs.clone();
        if jobs.is_empty() {
            jobs = moves
                .iter()
                .map(|(instance, ..)| vec![op::Any::from(op::InstanceMigrate::new(instance.clone())).write()])
                .collect();
        }
        let moved: Vec<Value> = moves.iter().map(|(instance, group, node)| json!([instance, group, [node]])).collect();
        self.replies_raw(yes(&json!([moved, [], jobs])))
    }

    /// It finds no place for these, each with a reason.
    #[track_caller]
    pub fn finds_no_place<'b>(self, failed: impl IntoIterator<Item = (&'b str, &'b str)>) -> &'a mut ScriptedRpc {
        let failed: Vec<Value> = failed.into_iter().map(|(instance, why)| json!([full(instance), why])).collect();
        self.replies_raw(yes(&json!([[], failed, []])))
    }
}

/// Allocators speak of full names.
fn full(name: &str) -> String {
    if name.contains('.') { name.to_owned() } else { format!("{name}.example.com") }
}

impl crate::run::Judged {
    /// The documents that the allocator got, in order.
    #[must_use]
    pub fn documents(&self) -> Vec<Value> {
        let of = |step: &crate::journal::Step| match &step.what {
            crate::journal::What::Allocator { document, .. } => Some(document.clone()),
            _ => None,
        };
        self.journal().steps.iter().filter_map(of).collect()
    }
}
