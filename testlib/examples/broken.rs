//! What a test says when it fails: `cargo run -p testlib --example broken`.
//!
//! The test below is wrong on purpose, in several ways; its report tells what to do about each.

use cmdlib::error::Code;
use cmdlib::op;
use cmdlib::rpc::{BlockdevAssemble, InstanceStart};
use testlib::Level::{Instance, NodeRes};
use testlib::{LuTest, exclusive, failure_of};

fn a_start_that_nobody_wrote_down_right() {
    let mut t = LuTest::three_nodes_five_instances();
    // The mirrored instance `web2` has its disk on node1 and node2; nobody says what node1 answers.
    t.rpc().on::<BlockdevAssemble>().node("node2").times(2).fails("no such device");
    t.run(op::InstanceStartup::new("web2"))
        .locked([exclusive(Instance, "web2"), exclusive(NodeRes, "node2")])
        .never_called::<BlockdevAssemble>()
        .called::<InstanceStart>()
        .changed(["instances[web2].admin_state: up -> down"])
        .warned("disk/0")
        .refused(Code::InsufficientResources, "memory");
}

fn main() {
    let failed = failure_of(a_start_that_nobody_wrote_down_right);
    use std::io::Write as _;
    // A reader that closes early has seen enough.
    let _ = writeln!(std::io::stdout().lock(), "panicked at {}:{}\n{}", failed.file, failed.line, failed.message);
}
