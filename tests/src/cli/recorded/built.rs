use cmdlib::op;
use cmdlib::rpc::{BlockdevAssemble, InstanceStart};
use serde_json::json;
use testlib::{GiB, LuTest, MiB};

// It ended so: failed: cannot start instance 'web1': node node1, call instance_start: no kernel
// Say what should have happened by a verdict: .succeeded(), .refused(code, text), .failed(text)
pub(super) fn instance_startup_of_web1() {
    let mut t = LuTest::new();
    t.config().node("node2");
    t.config().node("node3").offline().tag("old");
    t.config().instance("web1").on("node1").drbd("node2", GiB(1));
    t.config().instance("db1").on("node2").plain(MiB(512)).up();
    t.rpc().on::<BlockdevAssemble>().node("node2").replies_raw(json!("/dev/drbd7"));
    t.rpc().on::<InstanceStart>().node("node1").fails("no kernel");
    t.rpc().on::<BlockdevAssemble>().healthy();
    t.run(op::InstanceStartup::new("web1"));
}
