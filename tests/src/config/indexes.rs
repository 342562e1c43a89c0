//! The indexes after any change are those that a fresh load of the written document would make.

use std::collections::BTreeSet;

use cmdlib::config::{ByName, Config, Draft, Snapshot};
use cmdlib::field::Field;
use cmdlib::ids::{DiskId, GroupId, Id, InstanceId, NodeId};
use cmdlib::objects::{Disk, Instance, LogicalId, Network, Node, NodeGroup};
use serde_json::{Value, json};

use super::documents::{changed, small_store};
use super::store::change;

/// Compares everything that is answered from an index with what a fresh load answers.
#[track_caller]
fn check_indexes(snapshot: &Snapshot, what: &str) {
    let fresh = Snapshot::read(&snapshot.write()).unwrap();
    for node in known_nodes(snapshot) {
        assert_eq!(snapshot.instances_of_node(&node), fresh.instances_of_node(&node), "instances of {node}, {what}");
    }
    for group in known_groups(snapshot) {
        assert_eq!(snapshot.members(&group), fresh.members(&group), "members of {group}, {what}");
    }
    for disk in known_disks(snapshot) {
        assert_eq!(snapshot.owner(&disk), fresh.owner(&disk), "owner of {disk}, {what}");
    }
    check_names::<Instance>(snapshot, &fresh, what);
    check_names::<Node>(snapshot, &fresh, what);
    check_names::<NodeGroup>(snapshot, &fresh, what);
    check_names::<Network>(snapshot, &fresh, what);
}

/// Compares what each name, each beginning of one, and each name of the past leads to.
#[track_caller]
fn check_names<T: ByName>(snapshot: &Snapshot, fresh: &Snapshot, what: &str) {
    let past = WORDS.iter().map(|word| (*word).to_owned());
    let names = T::table(snapshot).values().map(|object| object.name().to_owned());
    for name in names.chain(past) {
        let beginnings = name.match_indices('.').map(|(end, _)| name[..end].to_owned());
        for asked in beginnings.chain([name.clone(), name.to_uppercase()]) {
            assert_eq!(snapshot.find::<T>(&asked), fresh.find::<T>(&asked), "{asked:?}, {what}");
            let exactly = |of: &Snapshot| of.named::<T>(&asked).map(|object| object.id().clone());
            assert_eq!(exactly(snapshot), exactly(fresh), "exactly {asked:?}, {what}");
        }
    }
}

fn known_nodes(snapshot: &Snapshot) -> BTreeSet<NodeId> {
    let primaries = snapshot.instances.values().map(|instance| instance.primary_node.clone());
    snapshot.nodes.ids().cloned().chain(primaries).chain((0..9).map(|index| id("node", index))).collect()
}

fn known_groups(snapshot: &Snapshot) -> BTreeSet<GroupId> {
    let named = snapshot.nodes.values().map(|node| node.group.clone());
    snapshot.nodegroups.ids().cloned().chain(named).chain((0..4).map(|index| id("group", index))).collect()
}

fn known_disks(snapshot: &Snapshot) -> BTreeSet<DiskId> {
    let named = snapshot.instances.values().flat_map(|instance| instance.disks.clone());
    snapshot.disks.ids().cloned().chain(named).collect()
}

fn id<T>(kind: &str, index: u64) -> Id<T> {
    Id::new(format!("{kind}{index}"))
}

/// Checks the indexes after one change of the small cluster.
#[track_caller]
fn check_after<R>(what: &str, mutate: impl FnOnce(&mut Draft) -> R) {
    let store = small_store();
    change(&store, |draft| Ok(mutate(draft)));
    check_indexes(&store.snapshot(), what);
}

#[test]
fn the_indexes_of_a_load_lead_where_the_document_says() {
    let snapshot = changed(|_| {});
    let ids = |ids: BTreeSet<InstanceId>| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    assert_eq!(ids(snapshot.instances_of_node(&"node1".into())), "web1");
    assert_eq!(ids(snapshot.instances_of_node(&"node2".into())), "db1 web1");
    assert_eq!(ids(snapshot.instances_of_node(&"node3".into())), "");
    assert_eq!(ids(snapshot.instances_of_group(&"group-default".into())), "db1 web1");
    assert_eq!(snapshot.members(&"group-rack-b".into()), BTreeSet::from(["node3".into()]));
    assert_eq!(snapshot.owner(&"disk-web1".into()), Some(&"web1".into()));
    assert_eq!(snapshot.owner(&"disk-spare".into()), None);
}

#[test]
fn each_kind_of_change_keeps_the_indexes_right() {
    let web1 = || InstanceId::new("web1");
    check_after("a new name", |draft| draft.update(&web1(), |it| it.name = "www.example.com".to_owned()));
    check_after("another case", |draft| draft.update(&web1(), |it| it.name = "WEB1.example.com".to_owned()));
    check_after("a change that no index sees", |draft| draft.update(&web1(), |it| it.disks_active = false));
    check_after("a new primary node", |draft| draft.update(&web1(), |it| it.primary_node = "node3".into()));
    check_after("no disk any more", |draft| draft.update(&web1(), |it| it.disks.clear()));
    check_after("one more disk", |draft| draft.update(&web1(), |it| it.disks.push("disk-spare".into())));
    check_after("no instance any more", |draft| draft.remove(&web1()));
    check_after("a node in another group", |draft| {
        draft.update(&NodeId::new("node2"), |it| it.group = "group-rack-b".into())
    });
    check_after("a new name of a node", |draft| {
        draft.update(&NodeId::new("node2"), |it| it.name = "two.example.com".to_owned())
    });
    check_after("no node any more", |draft| draft.remove(&NodeId::new("node2")));
    check_after("a new name of a group", |draft| {
        draft.update(&GroupId::new("group-default"), |it| it.name = "rack-a".to_owned())
    });
    check_after("no group any more", |draft| draft.remove(&GroupId::new("group-default")));
    check_after("a new name of a network", |draft| {
        draft.update(&Id::<Network>::new("net-lan"), |it| it.name = "dmz".to_owned())
    });
    check_after("no network any more", |draft| draft.remove(&Id::<Network>::new("net-lan")));
    check_after("a mirror to another node", |draft| {
        draft.update(&DiskId::new("disk-web1"), |it| it.logical_id = mirror(&"node1".into(), &"node3".into()))
    });
    check_after("a mirror that is none any more", |draft| {
        draft.update(&DiskId::new("disk-web1"), |it| it.dev_type = cmdlib::params::DiskTemplate::Plain)
    });
    check_after("no disk in its instance any more", |draft| draft.remove(&DiskId::new("disk-web1")));
}

#[test]
fn a_disk_that_two_instances_had_belongs_to_the_other_when_one_lets_go() {
    let store = small_store();
    change(&store, |draft| draft.update(&InstanceId::new("db1"), |it| it.disks.push("disk-web1".into())));
    check_indexes(&store.snapshot(), "shared");
    change(&store, |draft| draft.update(&InstanceId::new("db1"), |it| it.disks.truncate(2)));
    check_indexes(&store.snapshot(), "let go");
    assert_eq!(store.snapshot().owner(&"disk-web1".into()), Some(&"web1".into()));
}

fn mirror(one: &NodeId, two: &NodeId) -> LogicalId {
    LogicalId::drbd((one, two), 11000, (0, 0), "hush")
}

/// Few, so that first components are ambiguous now and then; in two cases, since case means nothing.
const WORDS: [&str; 6] = ["web", "WEB", "db", "mail", "www", "lan"];

/// A generator of numbers that look random and are the same in each run (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end
    }

    fn id<T>(&mut self, kind: &str, end: u64) -> Id<T> {
        id(kind, self.below(end))
    }

    fn word(&mut self) -> &'static str {
        WORDS[self.below(WORDS.len() as u64) as usize]
    }

    /// Returns a name that no other object has: it ends in the number of the step.
    fn name(&mut self, step: u64) -> String {
        match self.below(3) {
            0 => format!("{}.{}.n{step}", self.word(), self.word()),
            1 => format!("{}.n{step}.example", self.word()),
            _ => format!("n{step}"),
        }
    }

    fn instance(&mut self, step: u64) -> Value {
        let disks: Vec<String> = (0..self.below(4)).map(|_| self.id::<Disk>("disk", 12).to_string()).collect();
        json!({
            "uuid": self.id::<Instance>("instance", 8).as_str(), "name": self.name(step),
            "primary_node": self.id::<Node>("node", 6).as_str(), "os": "debian", "hypervisor": "kvm", "disks": disks,
        })
    }

    fn node(&mut self, step: u64) -> Value {
        json!({
            "uuid": self.id::<Node>("node", 6).as_str(), "name": self.name(step), "primary_ip": "", "secondary_ip": "",
            "group": self.id::<NodeGroup>("group", 4).as_str(),
        })
    }

    fn disk(&mut self) -> Value {
        let mut disk = json!({"uuid": self.id::<Disk>("disk", 12).as_str(), "dev_type": "plain", "size": 1});
        if self.below(2) == 0 {
            let (one, two) = (self.id::<Node>("node", 6), self.id::<Node>("node", 6));
            disk["dev_type"] = json!("drbd");
            disk["logical_id"] = json!([one.as_str(), two.as_str(), 11000, 0, 0, "hush"]);
        }
        disk
    }

    /// Makes one change. What is gone already stays so: a refusal is no change.
    fn change(&mut self, draft: &mut Draft, step: u64) -> String {
        match self.below(12) {
            0 | 1 => format!("put {:?}", draft.insert(Instance::read(&self.instance(step)).unwrap()).uuid),
            2 => format!("put {:?}", draft.insert(Node::read(&self.node(step)).unwrap()).uuid),
            3 => format!("put {:?}", draft.insert(Disk::read(&self.disk()).unwrap()).uuid),
            4 => format!("removed {:?}", draft.remove(&self.id::<Instance>("instance", 8)).map(|it| it.uuid.clone())),
            5 => format!("removed {:?}", draft.remove(&self.id::<Node>("node", 6)).map(|it| it.uuid.clone())),
            6 => format!("removed {:?}", draft.remove(&self.id::<Disk>("disk", 12)).map(|it| it.uuid.clone())),
            7 => self.update(draft, "instance", |it: &mut Instance, numbers| it.name = numbers.name(step)),
            8 => self.update(draft, "instance", |it: &mut Instance, numbers| it.primary_node = numbers.id("node", 6)),
            9 => self.update(draft, "instance", |it: &mut Instance, numbers| it.disks.push(numbers.id("disk", 12))),
            10 => self.update(draft, "node", |it: &mut Node, numbers| it.group = numbers.id("group", 4)),
            _ => self.update(draft, "disk", |it: &mut Disk, numbers| {
                it.logical_id = mirror(&numbers.id("node", 6), &numbers.id("node", 6));
            }),
        }
    }

    fn update<T: cmdlib::config::Entity>(
        &mut self,
        draft: &mut Draft,
        kind: &str,
        mutate: impl FnOnce(&mut T, &mut Self),
    ) -> String {
        let id: Id<T> = self.id(kind, 12);
        format!("updated {id}: {}", draft.update(&id, |it| mutate(it, self)).is_ok())
    }
}

/// Makes changes for a while, some in one draft, and checks the indexes after each draft.
fn check_many_changes(store: &Config, seed: u64) {
    let mut numbers = Numbers(seed);
    for step in 0..150 {
        let changes = 1 + numbers.below(3);
        let (what, _) = change(store, |draft| {
            Ok((0..changes).map(|part| numbers.change(draft, step * 3 + part)).collect::<Vec<_>>().join(", "))
        });
        check_indexes(&store.snapshot(), &format!("seed {seed}, step {step}: {what}"));
    }
}

#[test]
fn many_changes_keep_the_indexes_right() {
    for seed in 1..=3 {
        check_many_changes(&small_store(), seed);
    }
}

#[test]
fn objects_filed_under_another_uuid_keep_the_indexes_right() {
    let snapshot = changed(|document| {
        document["nodes"]["node3"]["uuid"] = json!("elsewhere");
        document["instances"]["db1"]["uuid"] = json!("nowhere");
    });
    let store = Config::new(snapshot, cmdlib::config::MemoryStorage);
    change(&store, |draft| {
        draft.update(&NodeId::new("node3"), |it| it.name = "three.example.com".to_owned())?;
        draft.update(&InstanceId::new("db1"), |it| it.primary_node = "node1".into())
    });
    check_indexes(&store.snapshot(), "misfiled");
}
