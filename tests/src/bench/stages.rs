//! Contexts without a unit, and units up to a phase: judged like any run.

use cmdlib::error::{Code, Failure, Problem, Refusal};
use cmdlib::objects::{Node, NodeGroup};
use expect_test::expect;
use serde_json::json;
use testlib::Level::{Instance, Node as NodeLevel, NodeGroup as GroupLevel};
use testlib::{all_shared, exclusive, shared};

use super::golden::golden;
use super::units::{How, PetCare, PetFeed, PetLook, bench, care};

#[test]
fn a_helper_of_the_check_returns() {
    bench().check(|cx| Ok::<_, Refusal>(cx.config().nodes.len() as u64)).returned(3);
}

#[test]
fn a_problem_of_the_check_is_a_refusal() {
    bench().check(|_| Err::<(), _>(Problem::new(Code::WrongState, "not now"))).refused(Code::WrongState, "not now");
}

#[test]
fn a_problem_of_the_execution_is_a_failure() {
    bench().exec(|_| Err::<(), _>(Problem::new(Code::WrongState, "not now"))).failed("not now");
}

#[test]
fn a_helper_that_does_not_return_what_is_wanted_fails() {
    golden(
        || bench().check(|cx| Ok::<_, Refusal>(cx.config().nodes.len() as u64)).returned(4),
        expect![[r#"
            panicked at here:+1
            check without a unit: wanted success: 4, got success: 3
            result   (- wanted, + got)
              -4
              +3
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
        "#]],
    );
}

#[test]
fn a_helper_holds_what_the_test_says() {
    let mut t = bench();
    t.holding([exclusive(NodeLevel, "node2"), exclusive(NodeLevel, "node3"), all_shared(GroupLevel)]);
    let held = |cx: &cmdlib::cx::Check| {
        Ok::<_, Refusal>((cx.held::<Node>().len() as u64, cx.held::<NodeGroup>().len() as u64))
    };
    t.check(held)
        .locked([exclusive(NodeLevel, "node2"), exclusive(NodeLevel, "node3"), all_shared(GroupLevel)])
        .returned(json!([2, 1]));
}

#[test]
fn holding_a_level_in_two_modes_is_a_mistake() {
    let fails = || {
        let mut t = bench();
        t.holding([exclusive(NodeLevel, "node2"), shared(NodeLevel, "node3")]);
        t.check(|_| Ok::<(), Refusal>(())).succeeded()
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        here:-3: all locks of level node are held in one mode, as a unit would hold them
    "#]],
    );
}

#[test]
fn what_a_helper_was_not_given_it_cannot_read() {
    let never = "the unit never wished for locks of level node";
    bench().check(|cx| Ok::<_, Refusal>(cx.held::<Node>().len() as u64)).locked_nothing().internal_error(never);
}

#[test]
fn holding_is_for_the_next_stage_only() {
    let mut t = bench();
    let count = |cx: &cmdlib::cx::Check| Ok::<_, Refusal>(cx.held::<Node>().len() as u64);
    t.holding([exclusive(NodeLevel, "node2")]).check(count).returned(1);
    t.check(count).internal_error("never wished");
}

#[test]
fn holding_what_does_not_exist_is_a_mistake() {
    golden(
        || bench().holding([exclusive(Instance, "web11")]).check(|_| Ok::<(), Refusal>(())).succeeded(),
        expect![[r#"
            panicked at here:+1
            here:+1: there is no instance 'web11'; did you mean 'web1'? (there are: db1, diskless1, file1, web1, web2)
        "#]],
    );
}

#[test]
fn a_helper_of_the_execution_changes_and_acts() {
    let mut t = bench();
    let node = t.config().id_of_node("node2");
    t.holding([exclusive(NodeLevel, "node2")]);
    t.exec(move |cx| {
        cx.tell(&node, PetFeed { pet: "rex".to_owned(), grams: 1 })?;
        cx.update(&node, |node| _ = node.tags.insert("fed".to_owned())).map(|_| ())
    })
    .called_on::<PetFeed>(["node2"])
    .changed(["nodes[node2].tags: [] -> [\"fed\"]"])
    .succeeded();
}

#[test]
fn a_helper_is_judged_like_any_run() {
    let fails = || {
        let mut t = bench();
        let node = t.config().id_of_node("node2");
        t.exec(move |cx| cx.update(&node, |node| _ = node.tags.insert("fed".to_owned())).map(|_| ())).succeeded()
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        exec without a unit: success: null, but not as it should be
          1. something was changed without its lock   (Invariant::LockContract)
               got      nodes[node2] in step 3 [here:-2]
               hint     it needs the exclusive lock node/node2
        changes
          nodes[node2].tags: [] -> ["fed"]
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      start   all locks are held
          3 exec       config  nodes[node2].tags: [] -> ["fed"]   [here:-2]
    "#]],
    );
}

#[test]
fn a_helper_has_scripted_nodes() {
    let mut t = bench();
    let node = t.config().id_of_node("node2");
    t.rpc().on::<PetLook>().node("node2").replies("asleep".to_owned());
    t.check(move |cx| cx.ask(&node, PetLook { pet: "rex".to_owned() })).returned("asleep");
}

#[test]
fn a_unit_is_met_in_its_check_with_its_locks() {
    bench()
        .at_check::<PetCare, _>(care(How::Well), |_, cx| Ok(cx.held::<Node>().len() as u64))
        .locked([exclusive(NodeLevel, "node2")])
        .changed_nothing()
        .returned(1);
}

#[test]
fn a_unit_is_met_in_its_execution_with_its_locks() {
    use cmdlib::unit::LogicalUnit;
    bench()
        .at_exec::<PetCare, _>(care(How::Well), |lu, cx| lu.exec(&mut false, cx))
        .locked([exclusive(NodeLevel, "node2")])
        .called::<PetFeed>()
        .succeeded();
}

#[test]
fn a_unit_that_refuses_before_is_not_met() {
    let run =
        bench().at_check::<PetCare, _>(care(How::RefusingAtOnce), |_, _| -> Result<(), Refusal> { panic!("met") });
    run.refused(Code::WrongInput, "at night");
}

#[test]
fn a_unit_that_is_met_fails_under_its_own_name() {
    golden(
        || bench().at_exec::<PetCare, _>(care(How::NotAtAll), |_, _| Err::<(), _>(Failure::new("met"))).succeeded(),
        expect![[r#"
            panicked at here:+1
            OP_PET_CARE(node2) in exec: wanted success, got failed: met
              it ended in phase 'exec', after step 2
            journal
              1 locks      lock    cluster/BGL shared
              2 locks      start   all locks are held
        "#]],
    );
}
