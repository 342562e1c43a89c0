//! Units about one instance, and what their tests have in common.

use cmdlib::rpc::{Call, Encode, Wire};
use serde_json::Value;
use testlib::Judged;

mod reboot;
mod shutdown;
mod startup;

/// What the first call of a kind sent to its node: an argument of it, in wire form.
fn sent<C: Call, W: Wire>(judged: &Judged, argument: impl Fn(&C) -> &W) -> Value {
    let (call, nodes) = judged.calls::<C>().into_iter().next().expect("the run was judged: the call was made");
    let node = judged.config().find(&nodes[0]).expect("a node that was called exists");
    argument(&call).wire(&Encode { node, config: judged.config().clone() }).expect("the call was made before")
}
