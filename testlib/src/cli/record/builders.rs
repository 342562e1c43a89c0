//! A cluster as the builders that make it: a ready-made one, or one statement an object. What comes of them is compared with
//! the cluster; where it differs in anything but ids, times and serial numbers, there are none.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use cmdlib::config::Snapshot;
use cmdlib::objects::{AdminState, Instance, Node};
use cmdlib::params::DiskTemplate;
use serde_json::Value;

use crate::clusters;
use crate::config::{InstanceBuilder, MiB, MockConfig, NodeBuilder};

/// What makes a cluster.
pub(super) struct Made {
    /// The expression that makes the bench.
    pub(super) begin: &'static str,
    /// Paths that it uses.
    pub(super) uses: Vec<&'static str>,
    pub(super) statements: Vec<String>,
}

/// A statement, and what it does.
struct Statement {
    text: String,
    run: Box<dyn Fn(&mut MockConfig)>,
}

/// The expression that makes a bench with a ready-made cluster, the paths that it uses, and the cluster.
type ReadyMade = (&'static str, &'static [&'static str], fn() -> MockConfig);

/// Returns what makes a cluster; none if builders can't.
pub(super) fn statements(cluster: &Snapshot) -> Option<Made> {
    let wanted = comparable(cluster);
    let ready: [ReadyMade; 4] = [
        ("LuTest::new()", &[], clusters::empty),
        ("LuTest::three_nodes()", &[], clusters::three_nodes),
        ("LuTest::three_nodes_five_instances()", &[], clusters::three_nodes_five_instances),
        ("LuTest::with(clusters::two_groups())", &["testlib::clusters"], clusters::two_groups),
    ];
    for (begin, uses, make) in ready {
        if comparable(&make().snapshot()) == wanted {
            return Some(Made { begin, uses: uses.to_vec(), statements: Vec::new() });
        }
    }
    let statements = all(cluster)?;
    // A builder panics where the real system would refuse.
    let built = catch_unwind(AssertUnwindSafe(|| {
        let mut config = MockConfig::new();
        statements.iter().for_each(|it| (it.run)(&mut config));
        config.snapshot()
    }));
    if comparable(&built.ok()?) != wanted {
        return None;
    }
    let statements: Vec<String> = statements.into_iter().map(|it| it.text).collect();
    let uses = |unit: &str| statements.iter().any(|text| text.contains(&format!("{unit}(")));
    let units = [("GiB", "testlib::GiB"), ("MiB", "testlib::MiB")];
    let uses = units.into_iter().filter(|(unit, _)| uses(unit)).map(|(_, path)| path).collect();
    Some(Made { begin: "LuTest::new()", uses, statements })
}

/// Returns a cluster with numbers in place of uuids, and without times and serial numbers.
fn comparable(cluster: &Snapshot) -> Value {
    plain(&cluster.write(), &mut BTreeMap::new())
}

fn plain(value: &Value, ids: &mut BTreeMap<String, usize>) -> Value {
    let mut id = |text: &str| {
        let number = ids.len();
        format!("#{}", ids.entry(text.to_owned()).or_insert(number))
    };
    match value {
        Value::String(text) if is_uuid(text) => id(text).into(),
        Value::Array(items) => items.iter().map(|item| plain(item, ids)).collect(),
        Value::Object(members) => {
            let members = members.iter().filter(|(key, _)| !matches!(key.as_str(), "ctime" | "mtime" | "serial_no"));
            let mut out = serde_json::Map::new();
            for (key, member) in members {
                let key = if is_uuid(key) {
                    let number = ids.len();
                    format!("#{}", ids.entry(key.clone()).or_insert(number))
                } else {
                    key.clone()
                };
                out.insert(key, plain(member, ids));
            }
            out.into()
        }
        other => other.clone(),
    }
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

fn all(cluster: &Snapshot) -> Option<Vec<Statement>> {
    let mut statements = Vec::new();
    for tag in &cluster.cluster.tags {
        let text = format!("t.config().tag({tag:?});");
        let tag = tag.clone();
        statements.push(Statement { text, run: Box::new(move |config| _ = config.tag(&tag)) });
    }
    let allocator = cluster.cluster.default_iallocator.clone();
    if !allocator.is_empty() {
        let text = format!("t.config().default_iallocator({allocator:?});");
        statements.push(Statement { text, run: Box::new(move |config| _ = config.default_iallocator(&allocator)) });
    }
    for group in cluster.nodegroups.values().filter(|group| group.name != "default") {
        let text = format!("t.config().group({:?});", group.name);
        let name = group.name.clone();
        statements.push(Statement { text, run: Box::new(move |config| _ = config.group(&name)) });
    }
    for node in cluster.nodes.values() {
        statements.extend(of_node(node, cluster)?);
    }
    for instance in cluster.instances.values() {
        statements.push(of_instance(instance, cluster)?);
    }
    Some(statements)
}

/// A setter: its text, and what it does.
type NodeSetter = (String, Box<dyn for<'a> Fn(NodeBuilder<'a>) -> NodeBuilder<'a>>);

fn of_node(node: &Node, cluster: &Snapshot) -> Option<Option<Statement>> {
    let name = short(&node.name, cluster);
    let mut setters: Vec<NodeSetter> = Vec::new();
    let group = cluster.get(&node.group).ok()?.name.clone();
    if group != "default" {
        setters.push((format!("group({group:?})"), Box::new(move |it| it.group(&group))));
    }
    if node.offline {
        setters.push(("offline()".to_owned(), Box::new(|it| it.offline())));
    }
    if node.drained {
        setters.push(("drained()".to_owned(), Box::new(|it| it.drained())));
    }
    if !node.vm_capable {
        setters.push(("not_vm_capable()".to_owned(), Box::new(|it| it.not_vm_capable())));
    }
    if !node.master_capable {
        setters.push(("not_master_capable()".to_owned(), Box::new(|it| it.not_master_capable())));
    }
    for tag in node.tags.clone() {
        setters.push((format!("tag({tag:?})"), Box::new(move |it| it.tag(&tag))));
    }
    // It is there from the beginning.
    if name == "node1" && setters.is_empty() {
        return Some(None);
    }
    let text: String = setters.iter().map(|(text, _)| format!(".{text}")).collect();
    let text = format!("t.config().node({name:?}){text};");
    let run = move |config: &mut MockConfig| {
        setters.iter().fold(config.node(&name), |builder, (_, set)| set(builder));
    };
    Some(Some(Statement { text, run: Box::new(run) }))
}

/// A setter: its text, and what it does.
type InstanceSetter = (String, Box<dyn for<'a> Fn(InstanceBuilder<'a>) -> InstanceBuilder<'a>>);

fn of_instance(instance: &Instance, cluster: &Snapshot) -> Option<Statement> {
    let name = short(&instance.name, cluster);
    let node = short(&cluster.get(&instance.primary_node).ok()?.name, cluster);
    let mut setters: Vec<InstanceSetter> = Vec::new();
    setters.push((format!("on({node:?})"), Box::new(move |it| it.on(&node))));
    if instance.disks.is_empty() {
        setters.push(("diskless()".to_owned(), Box::new(|it| it.diskless())));
    }
    for id in &instance.disks {
        let disk = cluster.get(id).ok()?;
        let mebibytes = u64::try_from(disk.size).ok()?;
        let (size, text) = (MiB(mebibytes), size_text(mebibytes));
        setters.push(match disk.dev_type {
            DiskTemplate::Plain => (format!("plain({text})"), Box::new(move |it| it.plain(size))),
            DiskTemplate::File => (format!("file({text})"), Box::new(move |it| it.file(size))),
            DiskTemplate::Drbd => {
                let nodes = cluster.nodes_of(instance).ok()?;
                let other = nodes.iter().find(|id| **id != instance.primary_node)?;
                let other = short(&cluster.get(other).ok()?.name, cluster);
                (format!("drbd({other:?}, {text})"), Box::new(move |it| it.drbd(&other, size)))
            }
            _ => return None,
        });
    }
    match instance.admin_state {
        AdminState::Up => setters.push(("up()".to_owned(), Box::new(|it| it.up()))),
        AdminState::Offline => setters.push(("offline()".to_owned(), Box::new(|it| it.offline()))),
        AdminState::Down => {}
    }
    for tag in instance.tags.clone() {
        setters.push((format!("tag({tag:?})"), Box::new(move |it| it.tag(&tag))));
    }
    let text: String = setters.iter().map(|(text, _)| format!(".{text}")).collect();
    let text = format!("t.config().instance({name:?}){text};");
    let run = move |config: &mut MockConfig| {
        setters.iter().fold(config.instance(&name), |builder, (_, set)| set(builder));
    };
    Some(Statement { text, run: Box::new(run) })
}

fn size_text(mebibytes: u64) -> String {
    if mebibytes > 0 && mebibytes.is_multiple_of(1024) {
        format!("GiB({})", mebibytes / 1024)
    } else {
        format!("MiB({mebibytes})")
    }
}

/// Returns a name as builders take it.
fn short(name: &str, cluster: &Snapshot) -> String {
    let domain = cluster.cluster.cluster_name.split_once('.').map_or("", |(_, domain)| domain);
    name.strip_suffix(domain).and_then(|rest| rest.strip_suffix('.')).unwrap_or(name).to_owned()
}
