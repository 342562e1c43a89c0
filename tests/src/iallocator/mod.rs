//! Tests of asking an allocator: the document it gets, what it may reply, and which one is asked.

mod choose;
mod document;
mod reply;
mod samples;

use cmdlib::iallocator::{ChangeGroup, Evacuation, Reply};
use testlib::{LuRun, LuTest};

/// Returns the request to move these instances to these groups.
fn change_group(t: &mut LuTest, instances: &[&str], targets: &[&str]) -> ChangeGroup {
    let targets = targets.iter().map(|name| t.config().id_of_group(name)).collect();
    ChangeGroup { instances: instances.iter().map(|it| format!("{it}.example.com")).collect(), targets }
}

/// Asks the allocator `hail`. The run's result tells what the reply says.
#[track_caller]
fn ask(t: &mut LuTest, request: ChangeGroup) -> LuRun {
    t.exec(move |cx| cx.allocate("hail", request.clone()).map(told))
}

/// As `ask`, before anything is executed.
#[track_caller]
fn ask_in_check(t: &mut LuTest, request: ChangeGroup) -> LuRun {
    t.check(move |cx| cx.allocate("hail", request.clone()).map(told))
}

fn told(reply: Reply<Evacuation>) -> String {
    match reply {
        Reply::No(why) => format!("no: {why}"),
        Reply::Yes(Evacuation { moved, failed, jobs }) => {
            let moved: Vec<String> =
                moved.iter().map(|it| format!("{} to {} on {}", it.instance, it.group, it.nodes.join(", "))).collect();
            let failed: Vec<String> =
                failed.iter().map(|it| format!("{} stays ({})", it.instance, it.reason)).collect();
            let jobs: Vec<String> = jobs.iter().map(|job| format!("job of {}", job.0.len())).collect();
            [moved, failed, jobs].concat().join("; ")
        }
    }
}
