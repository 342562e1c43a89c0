//! H79: a unit worked on a configuration that it had read before it waited for its locks.
//!
//! The report: an instance was started on its old node, although another job had moved it a moment before; the job log shows
//! that the start had waited for the instance's lock.

use cmdlib::op;
use cmdlib::rpc::InstanceStart;
use testlib::Level::{Instance, NodeRes};
use testlib::{LuTest, exclusive, granted};

#[test]
fn an_instance_that_moves_while_its_lock_is_waited_for_is_started_on_its_new_node() {
    let mut t = LuTest::three_nodes_five_instances();
    t.when(granted(Instance), |cluster| {
        cluster.move_instance("web1", "node2");
    });
    t.run(op::InstanceStartup::new("web1"))
        .locked([exclusive(Instance, "web1"), exclusive(NodeRes, "node2")])
        .called_on::<InstanceStart>(["node2"])
        .succeeded();
}
