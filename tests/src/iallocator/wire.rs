//! A request as a document of the reference has it, read back: as typed requests, so that writing them again can be compared.

use cmdlib::config::Snapshot;
use cmdlib::field::Params;
use cmdlib::iallocator::{
    Allocate, AllocateSecondary, ChangeGroup, MultiAllocate, NewDisk, NodeEvacuate, Relocate, Request,
};
use cmdlib::ids::{GroupId, NodeId};
use cmdlib::objects::{Instance, Node};
use cmdlib::op::EvacuationMode;
use cmdlib::params::DiskTemplate;
use serde_json::Value;

/// Reads the request of a document. What can be computed (space, number of nodes) is not read.
pub(super) fn read(request: &Value, config: &Snapshot, ignore_soft_errors: bool) -> Request {
    match text(request, "type").as_str() {
        "allocate" => allocate(request).into(),
        "multi-allocate" => MultiAllocate { instances: list(request, "instances", allocate) }.into(),
        "allocate-secondary" => AllocateSecondary { instance: text(request, "name") }.into(),
        "relocate" => {
            let node = |name: &Value| -> NodeId { config.find::<Node>(name.as_str().unwrap()).unwrap() };
            let instance = config.find::<Instance>(&text(request, "name")).unwrap();
            Relocate { instance, from: list(request, "relocate_from", node) }.into()
        }
        "node-evacuate" => {
            let modes = [EvacuationMode::All, EvacuationMode::Primary, EvacuationMode::Secondary];
            let mode = modes.into_iter().find(|mode| mode.as_str() == text(request, "evac_mode")).unwrap();
            NodeEvacuate { instances: texts(request, "instances"), mode, ignore_soft_errors }.into()
        }
        "change-group" => {
            let targets = list(request, "target_groups", |id| GroupId::new(id.as_str().unwrap()));
            ChangeGroup { instances: texts(request, "instances"), targets }.into()
        }
        other => panic!("no kind of request is called {other}"),
    }
}

fn allocate(request: &Value) -> Allocate {
    let number = |key: &str| request[key].as_i64().unwrap();
    let group = request["group_name"].as_str().map(str::to_owned);
    let nodes = request.get("restrict-to-nodes").map(|_| texts(request, "restrict-to-nodes"));
    let params = |value: &Value| -> Params { value.as_object().unwrap().clone() };
    Allocate {
        name: text(request, "name"),
        memory: number("memory"),
        vcpus: number("vcpus"),
        spindle_use: number("spindle_use"),
        disks: list(request, "disks", |disk| {
            let mut members = params(disk);
            members.shift_remove("dev_type").unwrap();
            NewDisk { size: members.shift_remove("size").unwrap().as_i64().unwrap(), members }
        }),
        template: DiskTemplate::parse(&text(request, "disk_template")).unwrap(),
        group,
        os: text(request, "os"),
        tags: texts(request, "tags"),
        nics: list(request, "nics", params),
        hypervisor: text(request, "hypervisor"),
        nodes,
    }
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap().to_owned()
}

fn list<T>(value: &Value, key: &str, read: impl Fn(&Value) -> T) -> Vec<T> {
    value[key].as_array().unwrap().iter().map(read).collect()
}

fn texts(value: &Value, key: &str) -> Vec<String> {
    list(value, key, |it| it.as_str().unwrap().to_owned())
}
