//! Arguments as they go to nodes and are read by them.

use std::cell::Cell;
use std::rc::Rc;

use cmdlib::field::Field;
use cmdlib::hooks::ScriptResult;
use cmdlib::objects::{Instance, Private};
use cmdlib::rpc::{
    self, AnnotatedDisks, Args, Argument, Call as _, DisksOfSeveral, Encode, FullInstance, InstanceMetadata, Wire,
};
use expect_test::{Expect, expect};
use serde_json::{Value, json};

/// What becomes of arguments that a node got.
fn told(procedure: &str, args: Value) -> String {
    let config = testlib::clusters::three_nodes().snapshot();
    let to = Encode { node: config.cluster.master_node.clone(), config };
    let Value::Array(args) = args else { panic!("arguments are a list") };
    match rpc::read(procedure, &args) {
        None => "there is no such call".to_owned(),
        Some(Err(misfit)) => misfit.to_string(),
        Some(Ok(call)) => json!(*call.args(&to).unwrap()).to_string(),
    }
}

#[track_caller]
fn check(procedure: &str, args: Value, expected: Expect) {
    expected.assert_eq(&told(procedure, args));
}

#[test]
fn a_call_that_the_table_does_not_have_is_not_read() {
    check("pet_feed", json!([]), expect!["there is no such call"]);
}

#[test]
fn arguments_are_counted() {
    check("export_remove", json!([]), expect!["expected the arguments (export), got []"]);
    check("vg_list", json!(["xenvg"]), expect![[r#"expected no arguments, got ["xenvg"]"#]]);
    check("node_ensure_daemon", json!(["noded"]), expect![[r#"expected the arguments (daemon, run), got ["noded"]"#]]);
}

#[test]
fn an_argument_of_the_wrong_type_is_named() {
    check("node_ensure_daemon", json!(["noded", "yes"]), expect![[r#"run: expected true or false, got "yes""#]]);
    check("instance_shutdown", json!(["web1", 120, []]), expect![[r#"instance: expected an object, got "web1""#]]);
    check(
        "instance_shutdown",
        json!([{"name": "web1"}, 120, []]),
        expect!["instance.secondary_nodes: expected a value, got nothing"],
    );
    check(
        "blockdev_remove",
        json!([{"dev_type": "raid", "size": 1}]),
        expect![[
            r#"disk.dev_type: expected one of blockdev, diskless, drbd, ext, file, gluster, plain, rbd, sharedfile, got "raid""#
        ]],
    );
    check(
        "blockdev_rename",
        json!([[[{"dev_type": "plain"}, []]]]),
        expect!["disks[0][0].size: expected a value, got nothing"],
    );
    check(
        "export_start",
        json!([{"magic": 5}, "h", 1, {}, "c", ["file", ["/f"]]]),
        expect!["options.magic: expected a text, got a value that is not shown"],
    );
    check(
        "import_start",
        json!([{}, {"secondary_nodes": [], "disks_info": []}, "c", ["raw", []]]),
        expect![[
            r#"target: expected file and a path, raw and a disk, or script, a disk and its index, got ["raw",[]]"#
        ]],
    );
    check("upload_file", json!([["/etc/hosts"]]), expect![[r#"file: expected a list of 7, got ["/etc/hosts"]"#]]);
}

#[test]
fn what_was_read_goes_out_as_it_came_with_members_that_nobody_knows() {
    let disk = json!({"dev_type": "plain", "size": 1024, "dynamic_params": {}, "odd": [null, 1.0]});
    let instance = json!({"name": "web1", "secondary_nodes": ["n"], "disks_info": [disk], "odd": {"deep": null}});
    let nic = json!({"mac": "aa:00:00:00:00:01", "netinfo": {"name": "net1"}});
    let calls = [
        ("instance_start", json!([instance, true, []])),
        ("blockdev_getmirrorstatus_multi", json!([[disk, disk]])),
        ("drbd_needs_activation", json!([[disk]])),
        ("hotplug_device", json!([instance, "hotadd", "nic", nic, null, 0])),
        ("hotplug_device", json!([instance, "hotadd", "disk", disk, ["/dev/x", null], 0])),
        ("finalize_export", json!([instance, [false, {"dev_type": "plain", "size": 1}]])),
        ("blockdev_rename", json!([[[{"dev_type": "plain", "size": 1}, ["xenvg", "new"]]]])),
        ("import_start", json!([{"compress": "gzip", "odd": 1}, instance, "disk0", ["script", [disk, 0]]])),
        ("node_info", json!([null, [["kvm", {}]]])),
        ("node_info", json!([[["lvm-vg", "xenvg", [true]]], []])),
    ];
    for (procedure, args) in calls {
        assert_eq!(told(procedure, args.clone()), args.to_string(), "{procedure}");
    }
}

#[test]
fn the_metadata_service_is_told_parameters_by_how_secret_they_are() {
    let config = testlib::clusters::three_nodes_five_instances().snapshot();
    let instance = config.instances.values().find(|it| it.name.starts_with("web1")).unwrap();
    let params = |text: &str| Private([("pw".to_owned(), json!(text))].into_iter().collect());
    let told = InstanceMetadata::of(instance, None, Some(params("priv-marker")), params("s3cret-marker"));
    assert!(!format!("{told:?}").contains("marker"));
    let to = Encode { node: instance.primary_node.clone(), config: config.clone() };
    let sent = told.wire(&to).unwrap().value();
    assert_eq!((&sent["name"], &sent["osparams_private"]["pw"]), (&json!(instance.name), &json!("priv-marker")));
    assert_eq!((sent.get("osparams_public"), &sent["osparams_secret"]["pw"]), (None, &json!("s3cret-marker")));
    assert_eq!(InstanceMetadata::from_wire(&sent).unwrap().wire(&to).unwrap().value(), sent);
}

#[test]
fn an_instance_that_was_read_goes_out_as_it_was_sent_whatever_the_configuration() {
    let config = testlib::clusters::three_nodes_five_instances().snapshot();
    let other = testlib::clusters::three_nodes().snapshot();
    for instance in config.instances.values() {
        let to = Encode { node: instance.primary_node.clone(), config: config.clone() };
        let sent = FullInstance::of(instance).wire(&to).unwrap().value();
        let read = FullInstance::from_wire(&sent).unwrap();
        let elsewhere = Encode { node: "nowhere".into(), config: other.clone() };
        assert_eq!(read.wire(&elsewhere).unwrap().value(), sent);
        assert_eq!(read.name(), instance.name);
    }
}

#[test]
fn disks_of_several_instances_are_one_list() {
    let config = testlib::clusters::three_nodes_five_instances().snapshot();
    let of = |it: &std::sync::Arc<Instance>| AnnotatedDisks::of(&config.disks_of(it).unwrap(), it);
    let all = DisksOfSeveral(config.instances.values().map(of).collect());
    let to = Encode { node: config.cluster.master_node.clone(), config: config.clone() };
    let sent = all.wire(&to).unwrap().value();
    assert_eq!(sent.as_array().unwrap().len(), config.disks.len());
    assert_eq!(DisksOfSeveral::from_wire(&sent).unwrap().wire(&to).unwrap().value(), sent);
}

#[test]
fn what_two_sides_know_each_other_by_does_not_show() {
    let options = json!({"magic": "s3cret-marker", "compress": "none"});
    let args = [options, json!("host"), json!(1), json!({"secondary_nodes": [], "disks_info": []})];
    let args: Vec<Value> = args.into_iter().chain([json!("disk0"), json!(["file", ["/f"]])]).collect();
    let call = rpc::read("export_start", &args).unwrap().unwrap();
    assert!(!format!("{call:?}").contains("s3cret-marker"));
    let mut wrong = args;
    wrong[0] = json!({"magic": ["s3cret-marker"]});
    assert!(!rpc::read("export_start", &wrong).unwrap().unwrap_err().to_string().contains("s3cret-marker"));
}

#[test]
fn arguments_are_made_once_when_somebody_looks_at_them() {
    let made = Rc::new(Cell::new(0));
    let counter = Rc::clone(&made);
    let count = move || {
        counter.set(counter.get() + 1);
        json!("made")
    };
    let args: Args = [Argument::later(count)].into_iter().collect();
    let copy = args.clone();
    assert_eq!(made.get(), 0, "nobody has looked");
    assert_eq!(
        (&args[..], &copy[..], &**args.values()),
        (&[json!("made")][..], &[json!("made")][..], &[json!("made")][..])
    );
    assert_eq!(made.get(), 1, "copies share what was made");
    let other = |text: &str| -> Args { [Argument::from(json!(text))].into_iter().collect() };
    assert_eq!(format!("{args:?}"), r#"Args([String("made")])"#);
    assert_eq!((args == other("made"), args == other("another"), args == copy), (true, false, true));
}

#[test]
fn an_environment_that_was_read_goes_out_as_it_came() {
    check(
        "hooks_runner",
        json!(["instance-start", "pre", {"GANETI_INSTANCE_NAME": "web1", "PATH": "/bin"}]),
        expect![[r#"["instance-start","pre",{"GANETI_INSTANCE_NAME":"web1","PATH":"/bin"}]"#]],
    );
    let read = rpc::HooksRunner::read(&[json!("p"), json!("pre"), json!({"GANETI_A": "1"})]).unwrap();
    assert_eq!(read.env.values_of_unit().collect::<Vec<_>>(), ["1"], "which are the unit's is not known");
}

#[test]
fn what_became_of_a_script_is_read_as_it_was_written() {
    for status in [0, 1, 2] {
        let told = json!(["10-check", status, "some output"]);
        assert_eq!(ScriptResult::read(&told).unwrap().write(), told);
    }
    let misfit = ScriptResult::read(&json!(["10-check", 7, ""])).unwrap_err();
    assert_eq!(misfit.to_string(), r#"expected a status of 0, 1 or 2, got ["10-check",7,""]"#);
}

#[test]
fn what_a_call_refers_to_is_looked_up_before_its_arguments_are_made() {
    let config = testlib::clusters::three_nodes_five_instances().snapshot();
    let other = testlib::clusters::three_nodes().snapshot();
    let elsewhere = Encode { node: other.cluster.master_node.clone(), config: other.clone() };
    for instance in config.instances.values().filter(|it| !it.disks.is_empty()) {
        let gone = FullInstance::of(instance).wire(&elsewhere).unwrap_err();
        assert!(gone.to_string().contains(&instance.disks[0].to_string()), "{}: {gone}", instance.name);
    }
}
