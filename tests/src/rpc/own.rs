//! What is made here, read and written again: values that stand in arguments and results, and whose they are.

use std::sync::Arc;

use cmdlib::field::{Field, Params};
use cmdlib::jobs::Submission;
use cmdlib::objects::{Instance, Private};
use cmdlib::op::{Any, IntoArg, NonEmpty, PrivateByOs, QueryStatus};
use cmdlib::rpc::{
    self, AnnotatedDisks, AnnotatedNic, Encode, FileDetails, FullInstance, InstanceMetadata, Magic, PlainDisk, Wire,
};
use serde_json::{Value, json};

/// An instance of a ready-made cluster, and where its arguments go.
fn web1() -> (Arc<Instance>, Encode) {
    let config = testlib::clusters::three_nodes_five_instances().snapshot();
    let instance = config.get(&config.find::<Instance>("web1").unwrap()).unwrap();
    (instance, Encode { node: config.cluster.master_node.clone(), config })
}

#[track_caller]
fn goes_around<T: Field + std::fmt::Debug>(value: Value) {
    assert_eq!(T::read(&value).unwrap().write(), value);
}

#[test]
fn what_became_of_a_job_goes_around() {
    for value in [json!([true, 7]), json!([false, "drained"]), json!([true, "later"]), json!([false, 7])] {
        goes_around::<Submission>(value);
    }
    let misfit = Submission::read(&json!([1, 2])).unwrap_err().to_string();
    assert_eq!(misfit, "expected true and a job id, or false and a text, got [1,2]");
    assert!(Submission::read(&json!([true, null])).is_err());
}

#[test]
fn the_status_of_a_field_is_a_number() {
    for number in 0..5 {
        goes_around::<QueryStatus>(json!(number));
    }
    assert_eq!(QueryStatus::read(&json!(true)), Ok(QueryStatus::Unknown));
    assert!(QueryStatus::read(&json!(5)).is_err());
}

#[test]
fn every_opcode_says_what_it_returns() {
    for id in Any::IDS {
        assert!(Any::result(id).is_some(), "{id}");
    }
    assert!(Any::result("OP_PET_FEED").is_none() && Any::parameters("OP_PET_FEED").is_none());
    assert_eq!(Any::check_result("OP_TAGS_SET", &json!(null)), Some(Ok(())));
    assert!(Any::check_result("OP_TAGS_GET", &json!([""])).is_some_and(|it| it.is_err()));
    assert!(Any::check_result("OP_PET_FEED", &json!(null)).is_none());
}

#[test]
fn a_file_goes_around_with_its_details() {
    goes_around::<FileDetails>(json!(["/etc/hosts", [4, "bm8="], 420, "root", "root", 1.0, 2.0]));
}

#[test]
fn where_a_transfer_goes_is_told_again() {
    let (_, to) = web1();
    let disk = json!({"dev_type": "plain", "size": 1, "logical_id": ["xenvg", "a"], "uuid": "u", "nodes": []});
    for value in [json!(["file", ["/srv/export/web1"]]), json!(["raw", [disk]]), json!(["script", [disk, 0]])] {
        assert_eq!(rpc::ImportExportIo::from_wire(&value).unwrap().wire(&to).unwrap().value(), value);
    }
}

#[test]
fn what_two_sides_know_each_other_by_does_not_show() {
    let magic = Magic::read(&json!("abracadabra")).unwrap();
    assert_eq!((format!("{magic:?}").as_str(), magic.write()), ("Magic(..)", json!("abracadabra")));
}

#[test]
fn private_parameters_of_systems_go_around() {
    goes_around::<PrivateByOs>(json!({"debian": {"password": "hush-hush"}}));
}

#[test]
fn an_instance_takes_parameters_of_its_system_along() {
    let (instance, to) = web1();
    let private = Private([("password".to_owned(), json!("hush-hush"))].into_iter().collect::<Params>());
    let full = FullInstance::with_osparams(&instance, &private);
    assert_eq!(full.instance().name, instance.name);
    assert_eq!(full.wire(&to).unwrap().value()["osparams"]["password"], "hush-hush");
    let metadata = InstanceMetadata::of(&instance, Some(Params::new()), Some(private), Private::default());
    assert_eq!(metadata.name(), instance.name);
    assert_eq!(metadata.wire(&to).unwrap().value()["osparams_private"]["password"], "hush-hush");
}

#[test]
fn parts_of_an_instance_know_what_they_are() {
    let (instance, to) = web1();
    let disks: Vec<_> = instance.disks.iter().map(|id| to.config.get(id).unwrap()).collect();
    let annotated = AnnotatedDisks::of(&disks, &instance);
    assert_eq!(annotated.disks().map(|disk| disk.uuid.clone()).collect::<Vec<_>>(), instance.disks);
    assert_eq!(annotated.owner(), Some(instance.name.as_str()));
    let plain = PlainDisk::of(&disks[0], &instance);
    assert_eq!((plain.disk().uuid.clone(), plain.owner()), (disks[0].uuid.clone(), Some(instance.name.as_str())));
    assert_eq!(AnnotatedNic::of(&instance.nics[0]).nic(), &instance.nics[0]);
}

#[test]
fn a_text_by_reference_is_an_argument() {
    let name: NonEmpty = (&"web1".to_owned()).into_arg();
    assert_eq!(name.to_string(), "web1");
    let maybe: Option<String> = "web1".into_arg();
    assert_eq!(maybe.as_deref(), Some("web1"));
}

#[test]
fn a_call_about_no_disk_is_about_no_instance() {
    let none = rpc::read("blockdev_rename", &[json!([])]).unwrap().unwrap();
    assert_eq!(none.instance(), None);
    let (instance, to) = web1();
    let disk = to.config.get(&instance.disks[0]).unwrap();
    let disk = rpc::AnnotatedDisk::of(&disk, &instance).wire(&to).unwrap().value();
    let read = rpc::read("blockdev_rename", &[json!([[disk, ["xenvg", "new"]]])]).unwrap().unwrap();
    assert_eq!(read.instance(), None, "a node is not told whose disk it is");
}
