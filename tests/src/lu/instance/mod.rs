//! Units about one instance, and what their tests have in common.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use cmdlib::rpc::{Call, Encode, Wire};
use serde_json::Value;
use testlib::{Judged, LuTest, clusters};

mod clean_up;
mod reboot;
mod shutdown;
mod startup;

/// What the first call of a kind sent to its node: an argument of it, in wire form.
fn sent<C: Call, W: Wire>(judged: &Judged, argument: impl Fn(&C) -> &W) -> Value {
    let (call, nodes) = judged.calls::<C>().into_iter().next().expect("the run was judged: the call was made");
    let node = judged.config().find(&nodes[0]).expect("a node that was called exists");
    let to = Encode { node, config: judged.config().clone() };
    argument(&call).wire(&to).expect("the call was made before").value()
}

/// Does the same on every odd cluster, and says on which of them it went wrong.
#[expect(clippy::print_stderr, reason = "a report does not know the name of its cluster")]
fn on_odd_clusters(test: impl Fn(LuTest)) {
    for (name, config) in clusters::odd() {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| test(LuTest::with(config)))) {
            eprintln!("on the odd cluster '{name}':");
            resume_unwind(panic);
        }
    }
}
