//! The machine in a test: a clock that moves when it is told, and mockall mocks of the network and of the socket that ends a
//! wait.

use cmdlib::error::Code;
use cmdlib::host::{HostName, Unresolved, Waited};
use expect_test::expect;
use testlib::{BEGIN, LuTest};

use super::golden::golden;
use super::units::{How, bench, care};

#[test]
fn every_test_begins_at_the_same_time() {
    LuTest::new().exec(|cx| Ok::<_, cmdlib::error::Failure>(cx.now())).returned(BEGIN);
}

#[test]
fn sleeping_takes_no_time_but_the_clocks() {
    bench().run(care(How::Waiting)).returned(1.5);
}

#[test]
fn every_name_resolves_and_nothing_listens() {
    bench().run(care(How::Pinging)).refused(Code::Environment, "nobody listens");
}

#[test]
fn the_network_does_what_the_test_expects_in_both_ways() {
    let mut t = bench();
    t.net(|net| {
        let host = HostName { name: "pets.example.com".to_owned(), ip: "192.0.2.7".to_owned() };
        net.expect_resolve().times(1).returning_st(move |_| Ok(host.clone()));
        net.expect_ping().times(1).withf(|ip, port, _| ip == "192.0.2.7" && *port == 1811).return_const(true);
    });
    t.run(care(How::Pinging)).succeeded();
}

#[test]
fn a_name_does_not_resolve() {
    let mut t = bench();
    t.net(|net| {
        let unresolved = Unresolved { name: "pets.example.com".to_owned(), text: "no such host".to_owned() };
        net.expect_resolve().return_const_st(Err(unresolved));
    });
    t.run(care(How::Pinging)).refused(Code::Resolver, "no such host");
}

#[test]
fn a_question_to_the_network_that_the_test_did_not_expect_fails() {
    let fails = || {
        let mut t = bench();
        t.net(|net| _ = net.expect_ping().return_const(true));
        t.run(care(How::Pinging)).succeeded()
    };
    golden(
        fails,
        expect![[r#"
        panicked at here:-2
        PetCare(node2): wanted success, got internal error: panic: MockNet::resolve("pets"): No matching expectation found
          it ended in phase 'check', after step 3
          1. the unit has an error   (Invariant::NoInternalError)
               got      panic: MockNet::resolve("pets"): No matching expectation found
               hint     the panic's own message, above this report, has its line
        journal
          1 locks      lock    cluster/BGL shared
          2 locks      lock    node/node2 exclusive
          3 locks      start   all locks are held
    "#]],
    );
}

#[test]
fn a_question_to_the_network_that_never_came_fails() {
    let fails = || {
        let mut t = bench();
        t.net(|net| _ = net.expect_ping().times(1).return_const(true));
        t.run(care(How::NotAtAll)).succeeded()
    };
    golden(
        fails,
        expect![[r#"
        panicked at host.rs
        MockNet::ping: Expectation(<anything>) called 0 time(s) which is fewer than expected 1
    "#]],
    );
}

#[test]
fn nobody_rings_and_the_time_passes() {
    bench().run(care(How::Listening)).returned("TimedOut");
}

#[test]
fn somebody_rings() {
    let mut t = bench();
    t.doorbell(|bell, clock| {
        bell.expect_open().return_const(Ok("/run/bell".to_owned()));
        bell.expect_close().return_const(());
        let clock = std::rc::Rc::clone(clock);
        bell.expect_accept().returning_st(move |_| {
            clock.advance(4.0);
            Waited::Reached
        });
        bell.expect_receive().withf(|left| (*left - 6.0).abs() < 0.001).return_const(Waited::Reached);
    });
    t.run(care(How::Listening)).returned("Reached");
}

#[test]
fn the_bell_can_not_be_put_up() {
    let mut t = bench();
    t.doorbell(|bell, _| _ = bell.expect_open().return_const(Err("no room".to_owned())));
    t.run(care(How::Listening)).failed("no room");
}

#[test]
fn what_is_expected_of_the_network_stays_for_the_next_run() {
    let mut t = bench();
    t.net(|net| {
        net.expect_resolve().returning(|name| Ok(HostName { name: name.to_owned(), ip: "192.0.2.7".to_owned() }));
        net.expect_ping().return_const(true);
    });
    t.run(care(How::Pinging)).succeeded();
    t.run(care(How::Pinging)).succeeded();
}
