use cmdlib::rpc::BlockdevAssemble;
use cmdlib::rpc::BlockdevShutdown;
use serde_json::json;
use testlib::{LuTest, MiB};

#[test]
fn instance_reboot_on_a_cluster_found_by_chance() {
    let mut t = LuTest::new();
    t.config().group("group2").alloc_policy("last_resort").diskparam("drbd", "metavg", "slowvg").tag("of-group");
    t.config().node("node2").drained().not_master_capable();
    t.config().node("node3").group("group2").ndparam("oob_program", "/bin/ipmi");
    t.config().instance("inst1").on("node2").rbd(MiB(1024)).rbd(MiB(2048)).nic(|nic| nic).nic(|nic| nic.bridged("br9")).stopped_by_user();
    t.config().instance("inst2").on("node2").osparam("locale", "C").osparam_private("userpw", "instance-os-secret-0001").blockdev("/dev/disk/by-id/lun2-0", MiB(1024)).blockdev("/dev/disk/by-id/lun2-1", MiB(2048)).blockdev("/dev/disk/by-id/lun2-2", MiB(3072)).nic(|nic| nic).nic(|nic| nic.bridged("br9")).forthcoming();
    t.config().instance("inst3").on("node2").beparam("vcpus", 2).beparam("minmem", 64).tag("of-instance").blockdev("/dev/disk/by-id/lun3-0", MiB(1024)).stopped_by_user();
    t.config().instance("inst4").on("node3").hypervisor("xen-pvm").tag("of-instance").plain(MiB(1024)).plain(MiB(2048)).plain(MiB(3072)).nic(|nic| nic).nic(|nic| nic).disks_active(true);
    t.rpc().on::<BlockdevAssemble>().node("node2").times(0..=2).healthy();
    t.rpc().on::<BlockdevAssemble>().node("node2").times(0..=1).replies_raw(json!(["b10c0000-0000-4000-8000-000000000001.rbd.disk0",[[]],null]));
    t.rpc().on::<BlockdevShutdown>().node("node2").times(0..=2).healthy();
    t.rpc().on::<BlockdevShutdown>().node("node2").times(0..=1).replies_raw(json!([[]]));
    t.rpc().on::<BlockdevAssemble>().healthy();
    t.rpc().on::<BlockdevShutdown>().healthy();
    t.run_json(&json!({"OP_ID":"OP_INSTANCE_REBOOT","instance_name":"inst1","reboot_type":"full","ignore_secondaries":false,"debug_level":null})).failed("the disks of instance 'inst1' could not be activated; see the warnings");
}
