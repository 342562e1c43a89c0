//! Tests of asking an allocator: the requests, the document it gets, what it may reply, and which one is asked. The documents
//! are compared with those of the reference, and given to the real program, where these are at hand.

mod choose;
mod document;
mod hail;
mod placed;
mod recorded;
mod reply;
mod requests;
mod samples;
mod wire;

use cmdlib::config::Snapshot;
use cmdlib::cx::Asking;
use cmdlib::error::Problem;
use cmdlib::iallocator::{ChangeGroup, Evacuation, Kind, Placement, Reply, Request};
use cmdlib::ids::NodeId;
use testlib::{LuRun, LuTest};

/// Returns the request to move these instances to these groups.
fn change_group(t: &mut LuTest, instances: &[&str], targets: &[&str]) -> ChangeGroup {
    let targets = targets.iter().map(|name| t.config().id_of_group(name)).collect();
    ChangeGroup { instances: instances.iter().map(|it| format!("{it}.example.com")).collect(), targets }
}

/// Asks the allocator `hail`. The run's result tells what the reply says.
#[track_caller]
fn ask(t: &mut LuTest, request: impl Into<Request>) -> LuRun {
    let request = request.into();
    t.exec(move |cx| answer(cx, &request))
}

/// As `ask`, before anything is executed.
#[track_caller]
fn ask_in_check(t: &mut LuTest, request: impl Into<Request>) -> LuRun {
    let request = request.into();
    t.check(move |cx| answer(cx, &request))
}

fn answer(cx: &Asking, request: &Request) -> Result<String, Problem> {
    match request {
        Request::Allocate(request) => answer_to(cx, request),
        Request::AllocateSecondary(request) => answer_to(cx, request),
        Request::MultiAllocate(request) => answer_to(cx, request),
        Request::Relocate(request) => answer_to(cx, request),
        Request::NodeEvacuate(request) => answer_to(cx, request),
        Request::ChangeGroup(request) => answer_to(cx, request),
    }
}

fn answer_to<K: Kind<Result: Told>>(cx: &Asking, request: &K) -> Result<String, Problem> {
    Ok(told(cx.allocate("hail", request.clone())?, &cx.config()))
}

fn told(reply: Reply<impl Told>, config: &Snapshot) -> String {
    match reply {
        Reply::No(why) => format!("no: {why}"),
        Reply::Yes(result) => result.told(config),
    }
}

/// What a yes says, in words.
trait Told {
    fn told(self, config: &Snapshot) -> String;
}

impl Told for NodeId {
    fn told(self, config: &Snapshot) -> String {
        config.node_name(&self)
    }
}

impl Told for Vec<NodeId> {
    fn told(self, config: &Snapshot) -> String {
        self.into_iter().map(|node| node.told(config)).collect::<Vec<_>>().join(", ")
    }
}

impl Told for Placement {
    fn told(self, config: &Snapshot) -> String {
        let placed = self.placed.into_iter().map(|(name, nodes)| format!("{name} on {}", nodes.told(config)));
        let failed = self.failed.into_iter().map(|name| format!("{name} nowhere"));
        placed.chain(failed).collect::<Vec<_>>().join("; ")
    }
}

impl Told for Evacuation {
    fn told(self, _: &Snapshot) -> String {
        let moved = self.moved.iter().map(|it| format!("{} to {} on {}", it.instance, it.group, it.nodes.join(", ")));
        let failed = self.failed.iter().map(|it| format!("{} stays ({})", it.instance, it.reason));
        let jobs = self.jobs.iter().map(|job| format!("job of {}", job.0.len()));
        moved.chain(failed).chain(jobs).collect::<Vec<_>>().join("; ")
    }
}
