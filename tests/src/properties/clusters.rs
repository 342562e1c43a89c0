//! Clusters by chance: all valid, of all shapes, and as small as can be when something is wrong.

use std::collections::BTreeSet;

use cmdlib::config::Snapshot;
use cmdlib::objects::AdminState;
use expect_test::expect;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{TestError, TestRunner};
use testlib::strategies::{ClusterPlan, clusters};

fn drawn(count: usize) -> Vec<ClusterPlan> {
    let mut runner = TestRunner::deterministic();
    let strategy = clusters();
    (0..count).map(|_| strategy.new_tree(&mut runner).expect("nothing is filtered").current()).collect()
}

#[test]
fn every_cluster_is_valid() {
    for plan in drawn(150) {
        plan.config().check().unwrap_or_else(|why| panic!("{why}\n{plan}"));
    }
}

/// The shapes that rule R87 lists, and some that users have.
fn shapes(state: &Snapshot) -> BTreeSet<&'static str> {
    let mut shapes = BTreeSet::new();
    let mut note = |shape: &'static str, is: bool| {
        is.then(|| shapes.insert(shape));
    };
    let cluster = &state.cluster;
    note("two groups", state.nodegroups.len() > 1);
    note("no LVM", cluster.volume_group_name.is_none());
    note("OS parameters", !cluster.osparams.is_empty());
    note("secret OS parameters", !cluster.osparams_private_cluster.is_empty());
    note("a default VLAN", cluster.nicparams["default"]["vlan"] == ".7");
    note("tags", !cluster.tags.is_empty());
    let candidates = state.nodes.values().filter(|node| node.master_candidate).count() as i64;
    note("more candidates than the pool", candidates > cluster.candidate_pool_size);
    for node in state.nodes.values() {
        note("drained node", node.drained);
        note("offline node", node.offline);
        note("not VM capable", !node.vm_capable);
        note("not master capable", !node.master_capable);
        note(if node.primary_ip == node.secondary_ip { "single-homed" } else { "dual-homed" }, true);
        note("exclusive storage", state.exclusive_storage(node).unwrap_or(false));
    }
    for network in state.networks.ids() {
        let connected = state.nodegroups.values().any(|group| group.networks.contains_key(network.as_str()));
        note(if connected { "connected network" } else { "unconnected network" }, true);
    }
    for instance in state.instances.values() {
        let disks: Vec<_> = instance.disks.iter().filter_map(|id| state.get(id).ok()).collect();
        note("without disks", disks.is_empty());
        for disk in &disks {
            note(disk.dev_type.as_str(), true);
            let elsewhere = disk
                .tree()
                .into_iter()
                .filter_map(|part| part.logical_id.as_pair())
                .any(|(group, _)| group == "fastvg");
            note("second volume group", elsewhere);
        }
        note("across groups", state.groups_of(instance).is_ok_and(|groups| groups.len() > 1));
        note("forthcoming", instance.forthcoming);
        note("stopped from within", instance.admin_state == AdminState::Down && instance.disks_active);
        note("without interfaces", instance.nics.is_empty());
        note("in a network", instance.nics.iter().any(|nic| nic.network.is_some() && nic.ip.is_some()));
        note("another hypervisor", instance.hypervisor != "kvm");
        note(instance.admin_state.as_str(), true);
    }
    shapes
}

#[test]
fn clusters_have_all_odd_shapes() {
    let met: BTreeSet<&str> = drawn(200).iter().flat_map(|plan| shapes(&plan.config().snapshot())).collect();
    expect![[r#"
        OS parameters
        a default VLAN
        across groups
        another hypervisor
        blockdev
        connected network
        down
        drained node
        drbd
        dual-homed
        exclusive storage
        ext
        file
        forthcoming
        gluster
        in a network
        more candidates than the pool
        no LVM
        not VM capable
        not master capable
        offline
        offline node
        plain
        rbd
        second volume group
        secret OS parameters
        sharedfile
        single-homed
        stopped from within
        tags
        two groups
        unconnected network
        up
        without disks
        without interfaces"#]]
    .assert_eq(&met.into_iter().collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_cluster_shrinks_to_what_matters() {
    let mut runner = TestRunner::deterministic();
    let result = runner.run(&clusters(), |plan| {
        let state = plan.config().snapshot();
        let across = |it: &cmdlib::objects::Instance| state.groups_of(it).is_ok_and(|groups| groups.len() > 1);
        let fails = state.instances.values().any(|it| across(it) && it.admin_state == AdminState::Up);
        if fails { Err(proptest::test_runner::TestCaseError::fail("an instance across groups is up")) } else { Ok(()) }
    });
    let Err(TestError::Fail(_, plan)) = result else { panic!("{result:?}") };
    expect![[r#"
        .group("group2")
        .node("node2").group("group2")
        .instance("inst1").on("node1").drbd("node2", MiB(1024)).up()
    "#]]
    .assert_eq(&plan.to_string());
}
