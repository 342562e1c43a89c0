use cmdlib::rpc::BlockdevAssemble;
use cmdlib::rpc::BlockdevShutdown;
use serde_json::json;
use testlib::{LuTest, MiB};

#[test]
fn instance_reboot_on_a_cluster_found_by_chance() {
    let mut t = LuTest::new();
    t.config().group("group2");
    t.config().group("group3").exclusive_storage().tag("of-group");
    t.config().instance("inst1").on("node1").blockdev("/dev/disk/by-id/lun1-0", MiB(1024)).blockdev("/dev/disk/by-id/lun1-1", MiB(2048)).blockdev("/dev/disk/by-id/lun1-2", MiB(3072)).no_nics().up();
    t.rpc().on::<BlockdevAssemble>().node("node1").times(0..=5).healthy();
    t.rpc().on::<BlockdevAssemble>().node("node1").any_times().fails("no, on purpose");
    t.rpc().on::<BlockdevShutdown>().node("node1").times(0..=3).healthy();
    t.rpc().on::<BlockdevShutdown>().node("node1").any_times().replies_raw(json!(-1));
    t.rpc().on::<BlockdevAssemble>().healthy();
    t.rpc().on::<BlockdevShutdown>().healthy();
    t.run_json(&json!({"OP_ID":"OP_INSTANCE_REBOOT","instance_name":"inst1.example.com","reboot_type":"full","instance_uuid":"1a5a0000-0000-4000-8000-000000000001","comment":"%s {} \\\"","reason":[[1]]})).failed("the disks of instance 'inst1' could not be activated; see the warnings");
}
