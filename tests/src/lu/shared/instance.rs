//! Naming an instance and looking at its state.

use cmdlib::error::{Code, Failure, Refusal};
use cmdlib::ids::InstanceId;
use cmdlib::lu::shared::instance::{Named, check_node_online, check_not_offline, hook_nodes, same_id, stopped_by_user};
use cmdlib::objects::Instance;
use cmdlib::op::NonEmpty;
use cmdlib::rpc::InstanceRuntime;
use serde_json::json;
use testlib::Level::Instance as InstanceLevel;
use testlib::{LuRun, LuTest, exclusive, granted};

fn bench() -> LuTest {
    LuTest::three_nodes_five_instances()
}

/// The name of what is found, or the refusal.
#[track_caller]
fn find(t: &mut LuTest, name: &'static str, expected: Option<&str>) -> LuRun {
    let expected = expected.map(NonEmpty::from);
    t.check(move |cx| Named::find(name, expected.as_ref(), cx).map(|found| found.name))
}

/// The name of an instance that is looked up again after it was found by this one.
#[track_caller]
fn again(t: &mut LuTest, name: &'static str, id: InstanceId) -> LuRun {
    t.holding([exclusive(InstanceLevel, name)]);
    let named = Named { id, name: format!("{name}.example.com") };
    t.check(move |cx| named.again(cx).map(|found| found.name.clone()))
}

#[test]
fn an_instance_is_found_by_the_first_part_of_its_name() {
    find(&mut bench(), "web1", None).returned("web1.example.com");
}

#[test]
fn an_instance_is_found_by_its_full_name() {
    find(&mut bench(), "web1.example.com", None).returned("web1.example.com");
}

#[test]
fn d109_an_instance_that_does_not_exist_is_not_found() {
    find(&mut bench(), "nobody", None).refused(Code::UnknownEntity, "there is no instance 'nobody'");
}

#[test]
fn no_name_at_all_finds_nothing() {
    find(&mut bench(), "", None).refused(Code::UnknownEntity, "there is no instance ''");
}

#[test]
fn a_name_that_two_instances_begin_with_finds_neither() {
    let mut t = bench();
    t.config().instance("mail.a.example.com");
    t.config().instance("mail.b.example.com");
    find(&mut t, "mail", None).refused(Code::UnknownEntity, "mail");
}

#[test]
fn the_instance_that_is_expected_is_found() {
    let mut t = bench();
    let id = t.config().id_of_instance("web1");
    find(&mut t, "web1", Some(id.as_str())).returned("web1.example.com");
}

#[test]
fn another_instance_than_expected_is_refused() {
    find(&mut bench(), "web1", Some("another")).refused(Code::NotUnique, "instance 'web1' has uuid");
}

#[test]
fn d47_an_instance_that_is_only_planned_is_refused_with_a_code() {
    let mut t = bench();
    t.config().instance("planned1").forthcoming();
    find(&mut t, "planned1", None).refused(Code::WrongState, "instance 'planned1' is only planned");
}

#[test]
fn without_an_expectation_any_object_will_do() {
    let id: InstanceId = "some".into();
    assert_eq!(same_id("node", "node1", &id, None), Ok(()));
}

#[test]
fn the_refusal_of_another_object_names_both_ids() {
    let id: InstanceId = "some".into();
    let refusal = same_id("node", "node1", &id, Some(&"other".into())).unwrap_err();
    assert_eq!(refusal.text, "node 'node1' has uuid some, expected was other: was it replaced meanwhile?");
}

// -- once its lock is held

#[test]
fn an_instance_is_found_again() {
    let mut t = bench();
    let id = t.config().id_of_instance("web1");
    again(&mut t, "web1", id).returned("web1.example.com");
}

#[test]
fn d108_h81_an_instance_that_has_vanished_is_not_found_again() {
    let mut t = bench();
    let id = t.config().id_of_instance("web1");
    t.when(granted(InstanceLevel), |cluster| {
        cluster.remove_instance("web1");
    });
    again(&mut t, "web1", id).refused(Code::UnknownEntity, "there is no instance 'web1'");
}

#[test]
fn an_instance_that_was_replaced_by_another_of_its_name_is_not_found_again() {
    let mut t = bench();
    again(&mut t, "web1", "the-one-before".into()).refused(Code::UnknownEntity, "there is no instance 'web1'");
}

#[test]
fn an_instance_that_was_renamed_is_refused() {
    let mut t = bench();
    let id = t.config().id_of_instance("web1");
    t.when(granted(InstanceLevel), |cluster| {
        cluster.rename_instance("web1", "web9");
    });
    again(&mut t, "web1", id).refused(Code::WrongState, "instance 'web1' was renamed to 'web9' meanwhile: try again");
}

// -- states

#[track_caller]
fn state_of_web1(t: &mut LuTest) -> LuRun {
    t.check(|cx| check_not_offline(&*cx.config().named::<Instance>("web1.example.com")?))
}

#[test]
fn an_instance_that_is_marked_offline_is_refused() {
    let mut t = bench();
    t.config().instance("web1").offline();
    state_of_web1(&mut t).refused(Code::WrongState, "instance 'web1' is marked offline");
}

#[test]
fn an_instance_that_is_up_or_down_is_not_refused() {
    let mut t = bench();
    t.config().instance("web1").up();
    state_of_web1(&mut t).succeeded();
    t.config().instance("web1").down();
    state_of_web1(&mut t).succeeded();
}

#[test]
fn a_node_that_is_marked_offline_is_refused() {
    let mut t = bench();
    let node = t.config().node("node2").offline().id();
    t.check(move |cx| check_node_online(&node, cx)).refused(Code::WrongState, "node node2 is marked offline");
}

#[test]
fn a_drained_node_is_not_refused() {
    let mut t = bench();
    let node = t.config().node("node2").drained().id();
    t.check(move |cx| check_node_online(&node, cx)).succeeded();
}

#[test]
fn a_node_that_does_not_exist_is_refused() {
    bench().check(|cx| check_node_online(&"gone".into(), cx)).refused(Code::UnknownEntity, "there is no node 'gone'");
}

// -- stopped by its user

/// Whether `web1` counts as stopped by its user when its node tells this of it.
#[track_caller]
fn stopped(t: &mut LuTest, runtime: InstanceRuntime) -> LuRun {
    t.check(move |cx| {
        let web1 = cx.config().named::<Instance>("web1.example.com")?;
        Ok::<_, Refusal>(stopped_by_user(&web1, &runtime, cx))
    })
}

fn watched() -> LuTest {
    let mut t = bench();
    t.config().instance("web1").hvparam("user_shutdown", true);
    t
}

#[test]
fn an_instance_in_the_state_shutdown_was_stopped_by_its_user() {
    stopped(&mut watched(), InstanceRuntime::stopped_by_user(128, 1)).returned(true);
}

#[test]
fn a_running_instance_was_not() {
    stopped(&mut watched(), InstanceRuntime::running(128, 1)).returned(false);
}

#[test]
fn an_instance_that_its_node_does_not_know_was_not() {
    stopped(&mut watched(), InstanceRuntime::default()).returned(false);
}

#[test]
fn an_instance_whose_state_is_not_told_was_not() {
    let told = json!({"memory": 128});
    let runtime = InstanceRuntime { told: told.as_object().expect("an object").clone() };
    stopped(&mut watched(), runtime).returned(false);
}

#[test]
fn a_kvm_instance_that_is_not_watched_was_not() {
    stopped(&mut bench(), InstanceRuntime::stopped_by_user(128, 1)).returned(false);
}

#[test]
fn that_it_is_watched_may_be_set_for_all_instances_of_the_cluster() {
    let mut t = bench();
    t.config().hvparam("kvm", "user_shutdown", true);
    stopped(&mut t, InstanceRuntime::stopped_by_user(128, 1)).returned(true);
}

#[test]
fn h49_that_it_is_watched_may_be_set_for_its_operating_system() {
    let mut t = bench();
    t.config().os_hvparam("debian+default", "kvm", "user_shutdown", true);
    stopped(&mut t, InstanceRuntime::stopped_by_user(128, 1)).returned(true);
}

#[test]
fn other_hypervisors_tell_without_being_told_to_look() {
    let mut t = bench();
    t.config().instance("web1").hypervisor("xen-pvm");
    stopped(&mut t, InstanceRuntime::stopped_by_user(128, 1)).returned(true);
}

// -- where hooks run

/// The nodes for hooks about an instance, by name.
#[track_caller]
fn nodes_for_hooks(t: &mut LuTest, name: &'static str) -> LuRun {
    t.exec(move |cx| {
        let config = cx.config();
        let instance = config.named::<Instance>(name)?;
        Ok::<Vec<String>, Failure>(hook_nodes(&instance, cx).iter().map(|node| config.node_name(node)).collect())
    })
}

#[test]
fn hooks_run_on_the_master_and_both_nodes_of_a_mirrored_instance() {
    nodes_for_hooks(&mut bench(), "db1.example.com").returned(json!([
        "node1.example.com",
        "node2.example.com",
        "node3.example.com"
    ]));
}

#[test]
fn hooks_run_once_on_a_primary_node_that_is_the_master() {
    nodes_for_hooks(&mut bench(), "web1.example.com").returned(json!(["node1.example.com"]));
}

#[test]
fn hooks_run_on_the_master_alone_if_the_disks_of_the_instance_are_not_in_the_configuration() {
    let mut t = bench();
    let disk = t.config().snapshot().named::<Instance>("db1.example.com").unwrap().disks[0].clone();
    t.config().broken("a disk is gone", |draft| drop(draft.remove(&disk)));
    nodes_for_hooks(&mut t, "db1.example.com").returned(json!(["node1.example.com"]));
}
