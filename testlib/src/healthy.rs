//! Healthy nodes: what nodes answer when nothing is wrong, consistent with the configuration. One typed answer per call; a
//! call of the table without one does not compile.

use cmdlib::config::Snapshot;
use cmdlib::objects::{AdminSource, AdminState, Instance, Node};
use cmdlib::params::DiskTemplate;
use cmdlib::rpc::{
    AllInstancesInfo, AnyCall, Assembled, BlockdevAssemble, BlockdevShutdown, BridgesExist, Call, DrbdNeedsActivation,
    HooksRunner, HvInfo, HypervisorValidateParams, IallocatorRunner, InstanceInfo, InstanceReboot, InstanceRuntime,
    InstanceShutdown, InstanceStart, LvList, LvStatus, NodeInfo, NodeInfoReply, NodePowercycle, OsDiagnose, OsEntry,
    SpaceInfo, TestDelay,
};
use indexmap::IndexMap;
use serde_json::Value;

/// What a healthy node answers to a call.
#[diagnostic::on_unimplemented(
    message = "healthy nodes have no answer to `{Self}`",
    label = "say what a healthy node answers: implement `testlib::Healthy` for it"
)]
pub trait Healthy: Call {
    /// Returns the answer; the text says why there is none.
    ///
    /// # Errors
    /// The configuration does not say what the answer is.
    fn answer(&self, node: &Node, config: &Snapshot) -> Result<Self::Reply, String>;
}

/// The memory of a healthy node, in MiB.
pub const NODE_MEMORY_MIB: i64 = 32_768;
/// What its own system needs of it, in MiB.
pub const NODE_MEMORY_OWN_MIB: i64 = 1_024;
/// The storage of each kind that a healthy node has, in MiB.
pub const NODE_STORAGE_MIB: i64 = 1_048_576;

/// Answers one kind of call.
pub(crate) fn answer_one<C: Healthy>(
    call: &dyn AnyCall,
    node: &Node,
    config: &Snapshot,
) -> Option<Result<Value, String>> {
    let call = call.as_any().downcast_ref::<C>()?;
    Some(call.answer(node, config).map(|reply| cmdlib::field::Field::write(&reply)))
}

macro_rules! answer_all {
    ($($call:ident),+ $(,)?) => {
        /// Answers any call of the table.
        pub(crate) fn answer_any(call: &dyn AnyCall, node: &Node, config: &Snapshot) -> Option<Result<Value, String>> {
            None$(.or_else(|| answer_one::<$call>(call, node, config)))+
        }
    };
}
cmdlib::for_each_call!(answer_all);

fn runs(instance: &Instance) -> bool {
    instance.admin_state == AdminState::Up && !instance.forthcoming
}

fn number(params: &cmdlib::field::Params, key: &str) -> i64 {
    params.get(key).and_then(Value::as_i64).unwrap_or(0)
}

fn runtime(instance: &Instance, config: &Snapshot) -> InstanceRuntime {
    let beparams = config.instance_beparams(instance);
    let (memory, vcpus) = (number(&beparams, "maxmem"), number(&beparams, "vcpus"));
    if runs(instance) {
        InstanceRuntime::running(memory, vcpus)
    } else if instance.admin_state_source == AdminSource::User {
        InstanceRuntime::stopped_by_user(memory, vcpus)
    } else {
        InstanceRuntime::default()
    }
}

impl Healthy for InstanceInfo {
    fn answer(&self, node: &Node, config: &Snapshot) -> Result<InstanceRuntime, String> {
        let instance = config.named::<Instance>(&self.instance).map_err(|gone| gone.to_string())?;
        let here = instance.primary_node == node.uuid;
        Ok(if here { runtime(&instance, config) } else { InstanceRuntime::default() })
    }
}

impl Healthy for AllInstancesInfo {
    fn answer(&self, node: &Node, config: &Snapshot) -> Result<IndexMap<String, InstanceRuntime>, String> {
        let here = config.instances.values().filter(|it| it.primary_node == node.uuid && runs(it));
        Ok(here.map(|it| (it.name.clone(), runtime(it, config))).collect())
    }
}

impl Healthy for NodeInfo {
    fn answer(&self, node: &Node, config: &Snapshot) -> Result<NodeInfoReply, String> {
        let units = self.storage.as_ref().and_then(|of| of.0.iter().find(|(id, _)| *id == node.uuid));
        let space = |kind: &str, name: &str| {
            // A node has a few physical volumes, and plenty of everything else.
            let (size, free) = if kind == "lvm-pv" { (4, 4) } else { (NODE_STORAGE_MIB, NODE_STORAGE_MIB / 2) };
            SpaceInfo { kind: kind.to_owned(), name: name.to_owned(), free: Some(free), size: Some(size) }
        };
        let storage =
            units.map_or_else(Vec::new, |(_, units)| units.iter().map(|unit| space(&unit.kind, &unit.key)).collect());
        let here = config.instances.values().filter(|it| it.primary_node == node.uuid && runs(it));
        let used: i64 = here.map(|it| number(&config.instance_beparams(it), "maxmem")).sum();
        let hv = memory_info(NODE_MEMORY_MIB - NODE_MEMORY_OWN_MIB - used);
        let boot_id = "00000000-0000-4000-8000-00000000b007".to_owned();
        Ok(NodeInfoReply { boot_id, storage, hypervisors: self.hypervisors.iter().map(|_| hv.clone()).collect() })
    }
}

fn memory_info(free_mib: i64) -> HvInfo {
    let members = [
        ("memory_total", NODE_MEMORY_MIB),
        ("memory_free", free_mib),
        ("memory_dom0", NODE_MEMORY_OWN_MIB),
        ("cpu_total", 16),
        ("cpu_dom0", 1),
        ("cpu_nodes", 1),
        ("cpu_sockets", 1),
    ];
    HvInfo(members.into_iter().map(|(key, value)| (key.to_owned(), value.into())).collect())
}

/// Returns what a node tells of itself that has so much memory free.
///
/// ```
/// let reply = testlib::free_memory(testlib::MiB(64));
/// assert_eq!(reply.hypervisors[0].number("memory_free"), Some(64));
/// ```
#[must_use]
pub fn free_memory(free: impl Into<crate::Mebibytes>) -> NodeInfoReply {
    let free_mib = i64::try_from(free.into().0).unwrap_or(i64::MAX);
    NodeInfoReply { boot_id: String::new(), storage: Vec::new(), hypervisors: vec![memory_info(free_mib)] }
}

macro_rules! nothing_to_tell {
    ($($call:ident)+) => { $(impl Healthy for $call {
        fn answer(&self, _: &Node, _: &Snapshot) -> Result<Value, String> {
            Ok(Value::Null)
        }
    })+ };
}
nothing_to_tell! {
    BridgesExist HypervisorValidateParams InstanceStart InstanceShutdown InstanceReboot BlockdevShutdown TestDelay
}

impl Healthy for BlockdevAssemble {
    fn answer(&self, _: &Node, _: &Snapshot) -> Result<Assembled, String> {
        let disk = self.disk.disk();
        let name = &self.disk.instance().name;
        let path = match (disk.dev_type, disk.logical_id.as_pair()) {
            (DiskTemplate::Drbd, _) => format!("/dev/drbd{}", self.index),
            (DiskTemplate::Plain, Some((group, volume))) => format!("/dev/{group}/{volume}"),
            (_, Some((_, path))) => path.to_owned(),
            (_, None) => String::new(),
        };
        Ok(Assembled::Device {
            path,
            link: Some(format!("/var/run/ganeti/instance-disks/{name}:{}", self.index)),
            uri: None,
        })
    }
}

impl Healthy for LvList {
    fn answer(&self, node: &Node, config: &Snapshot) -> Result<IndexMap<String, LvStatus>, String> {
        let mut volumes = IndexMap::new();
        for instance in config.instances.values() {
            let of_nodes = config.volumes_of(instance).map_err(|gone| gone.to_string())?;
            for volume in of_nodes.get(&node.uuid).into_iter().flatten() {
                let status = LvStatus { size: "1024.00".into(), inactive: false, online: instance.disks_active };
                volumes.insert(volume.clone(), status);
            }
        }
        Ok(volumes)
    }
}

impl Healthy for DrbdNeedsActivation {
    fn answer(&self, _: &Node, _: &Snapshot) -> Result<Vec<String>, String> {
        Ok(Vec::new())
    }
}

impl Healthy for OsDiagnose {
    fn answer(&self, _: &Node, _: &Snapshot) -> Result<Vec<OsEntry>, String> {
        let entry = |name: &str, variants: &[&str]| OsEntry {
            name: name.to_owned(),
            path: format!("/srv/ganeti/os/{name}"),
            valid: true,
            diagnosis: String::new(),
            variants: variants.iter().map(|it| (*it).to_owned()).collect(),
            parameters: Vec::new(),
            api_versions: vec![20],
            trusted: true,
        };
        Ok(vec![entry("debian", &["wheezy", "squeeze"]), entry("busybox", &["default"])])
    }
}

impl Healthy for NodePowercycle {
    fn answer(&self, _: &Node, _: &Snapshot) -> Result<Option<String>, String> {
        Ok(Some("Reboot scheduled in 5 seconds".to_owned()))
    }
}

impl Healthy for HooksRunner {
    fn answer(&self, _: &Node, _: &Snapshot) -> Result<Vec<cmdlib::hooks::ScriptResult>, String> {
        Ok(Vec::new())
    }
}

impl Healthy for IallocatorRunner {
    fn answer(&self, _: &Node, _: &Snapshot) -> Result<String, String> {
        Err("what an allocator replies depends on it alone: script it with `t.iallocator()`".to_owned())
    }
}
