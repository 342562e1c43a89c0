//! What parameters mean beyond their shape, by their names: names of objects, tags, addresses. The only place that knows them;
//! an opcode whose parameters have names of their own is made from their shapes alone.

use std::collections::BTreeSet;

use cmdlib::config::{ByName, Snapshot, Table};
use cmdlib::field::Params;
use cmdlib::objects::{Instance, Network, Node, NodeGroup};
use cmdlib::shape::Parameter;
use serde_json::{Value, json};

/// A kind of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    Instance,
    Node,
    Group,
    Network,
}

/// What parameters of these names are in every opcode.
const OBJECTS: [(&str, Named); 10] = [
    ("instance_name", Named::Instance),
    ("instances", Named::Instance),
    ("node_name", Named::Node),
    ("nodes", Named::Node),
    ("on_nodes", Named::Node),
    ("target_node", Named::Node),
    ("remote_node", Named::Node),
    ("group_name", Named::Group),
    ("target_groups", Named::Group),
    ("network_name", Named::Network),
];

/// What a parameter means.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Meaning {
    /// The name of an object.
    Object(Named),
    /// The name of a network that is to be made.
    NewNetwork,
    /// The name of an object of the kind that the member `kind` says.
    OfKind,
    /// A tag of the object that `kind` and `name` say.
    TagOfKind,
    /// The uuid of the object that another member names.
    UuidOf(&'static str, Named),
    /// Fixed values: usual ones, and odd ones.
    Fixed(Vec<Value>, Vec<Value>),
}

/// Returns what a parameter of an opcode with these parameters means; none if its shape says all.
pub(crate) fn meaning(name: &str, all: &[Parameter]) -> Option<Meaning> {
    let has = |wanted: &str| all.iter().any(|it| it.name == wanted);
    let object = |name: &str| OBJECTS.iter().find(|(known, _)| *known == name).copied();
    if let Some((owner, kind)) = owner_of(name).and_then(object) {
        return Some(Meaning::UuidOf(owner, kind));
    }
    match name {
        // An opcode that says a network's addresses makes one.
        "network_name" if has("network") => Some(Meaning::NewNetwork),
        "name" if has("kind") => Some(Meaning::OfKind),
        "tags" if has("kind") => Some(Meaning::TagOfKind),
        _ => object(name).map(|(_, kind)| Meaning::Object(kind)).or_else(|| fixed(name)),
    }
}

/// Returns the parameter that names the object whose uuid this one is.
fn owner_of(name: &str) -> Option<&'static str> {
    let named = name.strip_suffix("_uuids").map(|stem| format!("{stem}s")).or_else(|| {
        let stem = name.strip_suffix("_uuid")?;
        Some(if OBJECTS.iter().any(|(known, _)| *known == stem) { stem.to_owned() } else { format!("{stem}_name") })
    })?;
    OBJECTS.iter().map(|(known, _)| *known).find(|known| *known == named)
}

fn fixed(name: &str) -> Option<Meaning> {
    let (usual, odd) = match name {
        "tags" => (json!(["new", "a:b"]), json!(["no spaces", "", "x".repeat(129)])),
        "network" => (json!(["10.9.0.0/24", "10.9.8.0/28"]), json!(["10.0.1.0/24", "10.9.0.0/31", "0.0.0.0/0"])),
        "gateway" => (json!(["10.9.0.1"]), json!(["10.9.0.0", "10.8.0.1"])),
        "add_reserved_ips" => (json!(["10.9.0.7", "10.9.0.8"]), json!(["10.9.0.1", "10.8.0.1", "0.0.0.0"])),
        "network6" => (json!(["2001:db8:9::/64"]), json!(["::/0", "2001:db8:9::/128"])),
        "gateway6" => (json!(["2001:db8:9::1"]), json!(["2001:db8:8::1", "::"])),
        "mac_prefix" => (json!(["aa:00:09"]), json!(["aa:00", "zz:00:09", "AA:00:09"])),
        "iallocator" => (json!(["hail"]), json!(["no-such-allocator", "/bin/hail"])),
        "output_fields" => {
            (json!(["name", "valid", "node_status", "variants", "parameters", "hidden"]), json!(["no_such_field"]))
        }
        "names" => (json!(["debian", "busybox", "debian+wheezy"]), json!(["no-such-os"])),
        "pattern" => (json!([".", "of-", "^/cluster"]), json!(["(", "no such tag", "(a+)+$"])),
        "duration" => (json!([1, 2.5]), json!([0, -1, 0.001])),
        "repeat" => (json!([0, 1, 3]), json!([2])),
        "hvparams" => (json!([{}, {"acpi": true}]), json!([{"no_such": 1}, {"acpi": "maybe"}, {"kernel_path": null}])),
        "beparams" => (json!([{}, {"vcpus": 2}]), json!([{"no_such": 1}, {"maxmem": "much"}, {"minmem": 1 << 20}])),
        _ => return None,
    };
    let list = |values: Value| values.as_array().cloned().unwrap_or_default();
    Some(Meaning::Fixed(list(usual), list(odd)))
}

impl Meaning {
    /// Returns values for a parameter of an opcode whose other members are known so far: usual ones, and odd ones.
    pub(crate) fn values(&self, op: &Params, cluster: &Snapshot) -> (Vec<Value>, Vec<Value>) {
        match self {
            Self::Object(kind) => (names_of(*kind, cluster), odd_names(*kind, cluster)),
            Self::NewNetwork => (vec![json!("new-net")], odd_names(Named::Network, cluster)),
            Self::OfKind => match kind_of(op) {
                Some(kind) => (names_of(kind, cluster), odd_names(kind, cluster)),
                None => (vec![Value::Null], vec![json!("cluster"), json!("")]),
            },
            Self::TagOfKind => {
                let new = [json!("new"), json!("a:b")];
                let odd = vec![json!("no spaces"), json!(""), json!("x".repeat(129))];
                (tags_of(op, cluster).into_iter().chain(new).collect(), odd)
            }
            Self::UuidOf(owner, kind) => {
                let named: Vec<&str> = match op.get(*owner) {
                    Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
                    name => name.and_then(Value::as_str).into_iter().collect(),
                };
                let right = named.iter().filter_map(|name| uuid_of(*kind, name, cluster)).map(Value::from).collect();
                (right, vec![json!("no-such-uuid"), json!("00000000-0000-4000-8000-000000000000")])
            }
            Self::Fixed(usual, odd) => (usual.clone(), odd.clone()),
        }
    }
}

/// Returns the kind of the object that an opcode names by `kind` and `name`; none for the cluster.
pub(crate) fn kind_of(op: &Params) -> Option<Named> {
    match op.get("kind").and_then(Value::as_str)? {
        "instance" => Some(Named::Instance),
        "node" => Some(Named::Node),
        "nodegroup" => Some(Named::Group),
        "network" => Some(Named::Network),
        _ => None,
    }
}

/// Returns the names of all objects of a kind, in full.
pub(crate) fn all_names(kind: Named, cluster: &Snapshot) -> Vec<&str> {
    fn names<T: ByName>(table: &Table<T>) -> Vec<&str> {
        table.values().map(|it| it.name()).collect()
    }
    match kind {
        Named::Instance => names(&cluster.instances),
        Named::Node => names(&cluster.nodes),
        Named::Group => names(&cluster.nodegroups),
        Named::Network => names(&cluster.networks),
    }
}

/// Returns the names of all objects of a kind, in full and in short.
fn names_of(kind: Named, cluster: &Snapshot) -> Vec<Value> {
    let all = all_names(kind, cluster);
    let short = all.iter().filter_map(|name| name.split_once('.')).map(|(short, _)| short);
    all.iter().copied().chain(short).map(Value::from).collect()
}

/// Returns names of no object of a kind, or of one that they hardly name.
fn odd_names(kind: Named, cluster: &Snapshot) -> Vec<Value> {
    let some = all_names(kind, cluster).first().map(|name| (*name).to_owned());
    let uuid = some.as_ref().and_then(|name| uuid_of(kind, name, cluster));
    let upper = some.as_ref().map(|name| name.to_uppercase());
    let of_another_kind = if kind == Named::Node { Named::Group } else { Named::Node };
    let other = all_names(of_another_kind, cluster).first().map(|name| (*name).to_owned());
    let odd = [Some("no-such".to_owned()), uuid, upper, other, some.map(|name| format!("{name}."))];
    odd.into_iter().flatten().map(Value::from).collect()
}

fn uuid_of(kind: Named, name: &str, cluster: &Snapshot) -> Option<String> {
    Some(match kind {
        Named::Instance => cluster.find::<Instance>(name).ok()?.to_string(),
        Named::Node => cluster.find::<Node>(name).ok()?.to_string(),
        Named::Group => cluster.find::<NodeGroup>(name).ok()?.to_string(),
        Named::Network => cluster.find::<Network>(name).ok()?.to_string(),
    })
}

/// Returns the tags of the object that an opcode names.
fn tags_of(op: &Params, cluster: &Snapshot) -> Vec<Value> {
    fn of<T: ByName>(name: &str, cluster: &Snapshot, tags: fn(&T) -> &BTreeSet<String>) -> Vec<Value> {
        let found = cluster.find::<T>(name).and_then(|id| cluster.get(&id));
        found.map_or_else(|_| Vec::new(), |it| tags(&it).iter().map(|tag| json!(tag)).collect())
    }
    let name = op.get("name").and_then(Value::as_str).unwrap_or_default();
    match kind_of(op) {
        None => cluster.cluster.tags.iter().map(|tag| json!(tag)).collect(),
        Some(Named::Instance) => of::<Instance>(name, cluster, |it| &it.tags),
        Some(Named::Node) => of::<Node>(name, cluster, |it| &it.tags),
        Some(Named::Group) => of::<NodeGroup>(name, cluster, |it| &it.tags),
        Some(Named::Network) => of::<Network>(name, cluster, |it| &it.tags),
    }
}
