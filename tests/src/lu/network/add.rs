//! `NetworkAdd`: what is stored, which addresses no instance will get, and what does not fit together.

use cmdlib::config::Snapshot;
use cmdlib::cx::{Check, Exec};
use cmdlib::error::{Code, Failure};
use cmdlib::field::Field;
use cmdlib::hooks::HookPhase::{Post, Pre};
use cmdlib::lu::network::NetworkAdd as Unit;
use cmdlib::objects::Network;
use cmdlib::op::{Common, IntoArg, NetworkAdd};
use cmdlib::unit::LogicalUnit;
use serde_json::{Value, json};
use testlib::{Invariant, Level, LogKind, LuRun, LuTest, MockConfig, all_shared, clusters, exclusive};

/// A network of 16 addresses that has nothing to do with those of the nodes.
fn net1() -> NetworkAdd {
    NetworkAdd::new("net1", "10.9.1.0/28")
}

/// The network in which the nodes have their primary addresses, and the cluster its own.
fn of_the_nodes() -> NetworkAdd {
    NetworkAdd::new("net1", "192.0.2.0/24")
}

fn some<T>(text: &str) -> Option<T>
where
    for<'a> &'a str: IntoArg<T>,
{
    Some(text.into_arg())
}

fn run(op: NetworkAdd) -> LuRun {
    LuTest::three_nodes().run(op)
}

fn stored(state: &Snapshot) -> Network {
    (*state.named::<Network>("net1").expect("it was added")).clone()
}

/// Runs the opcode and returns the network that it adds.
#[track_caller]
fn added(op: NetworkAdd) -> Network {
    stored(run(op).succeeded().config())
}

/// The positions of the addresses that are kept from instances.
#[track_caller]
fn kept(network: &Network) -> Vec<usize> {
    let marks = network.ext_reservations.as_deref().expect("a network has a pool");
    marks.char_indices().filter(|(_, mark)| *mark == '1').map(|(index, _)| index).collect()
}

/// The request is refused before any script runs, and nothing is changed (R05).
#[track_caller]
fn refused_as_wrong_input(op: NetworkAdd, part: &str) {
    run(op).no_hooks().changed_nothing().refused(Code::WrongInput, part);
}

// -- what is stored

#[test]
fn the_network_is_all_that_changes() {
    run(net1()).changed(["networks[net1]: (none) -> {net1}"]).returned(Value::Null);
}

#[test]
fn it_is_written_at_once() {
    run(net1()).wrote_times(1).succeeded();
}

#[test]
fn the_serial_number_of_the_cluster_counts_it() {
    let judged = run(net1()).succeeded();
    assert_eq!(judged.config().cluster.serial_no, judged.config_before().cluster.serial_no + 1);
}

#[test]
fn all_that_was_given_is_stored() {
    let network = added(NetworkAdd {
        gateway: some("10.9.1.1"),
        network6: some("2001:db8:9::/64"),
        gateway6: some("2001:db8:9::1"),
        mac_prefix: some("aa:00:55"),
        tags: ["b", "a"].into_arg(),
        ..net1()
    });
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    assert_eq!(network.network, "10.9.1.0/28");
    assert_eq!(text(&network.gateway), "10.9.1.1");
    assert_eq!(text(&network.network6), "2001:db8:9::/64");
    assert_eq!(text(&network.gateway6), "2001:db8:9::1");
    assert_eq!(text(&network.mac_prefix), "aa:00:55");
    assert_eq!(network.tags, ["a", "b"].map(str::to_owned).into());
}

#[test]
fn what_was_not_given_stays_empty() {
    let network = added(net1());
    let optional = [network.gateway, network.network6, network.gateway6, network.mac_prefix];
    assert_eq!(optional, [None, None, None, None]);
}

#[test]
fn no_instance_has_an_address_yet() {
    assert_eq!(added(net1()).reservations.as_deref(), Some("0000000000000000"));
}

#[test]
fn the_first_and_the_last_address_are_kept() {
    assert_eq!(kept(&added(net1())), [0, 15]);
}

#[test]
fn the_gateway_is_kept() {
    assert_eq!(kept(&added(NetworkAdd { gateway: some("10.9.1.4"), ..net1() })), [0, 4, 15]);
}

#[test]
fn the_addresses_that_are_listed_are_kept() {
    let op = NetworkAdd { add_reserved_ips: Some(["10.9.1.7", "10.9.1.5"].into_arg()), ..net1() };
    assert_eq!(kept(&added(op)), [0, 5, 7, 15]);
}

#[test]
fn an_empty_list_of_addresses_is_none() {
    assert_eq!(kept(&added(NetworkAdd { add_reserved_ips: Some(Vec::new()), ..net1() })), [0, 15]);
}

#[test]
fn a_tag_that_is_given_twice_is_one() {
    assert_eq!(added(NetworkAdd { tags: ["a", "a"].into_arg(), ..net1() }).tags, ["a".to_owned()].into());
}

// -- one way of writing (R18)

#[test]
fn a_hardware_prefix_is_stored_in_lower_case() {
    assert_eq!(added(NetworkAdd { mac_prefix: some("AA:00:5F"), ..net1() }).mac_prefix.as_deref(), Some("aa:00:5f"));
}

#[test]
fn a_netmask_is_stored_as_a_length() {
    assert_eq!(added(NetworkAdd::new("net1", "10.9.1.0/255.255.255.240")).network, "10.9.1.0/28");
}

#[test]
fn an_ipv6_network_is_stored_in_its_short_form() {
    let op = NetworkAdd { network6: some("2001:DB8:9:0:0::/64"), ..net1() };
    assert_eq!(added(op).network6.as_deref(), Some("2001:db8:9::/64"));
}

#[test]
fn an_ipv6_gateway_is_stored_in_its_short_form() {
    let op = NetworkAdd { network6: some("2001:db8:9::/64"), gateway6: some("2001:DB8:9:0::0001"), ..net1() };
    assert_eq!(added(op).gateway6.as_deref(), Some("2001:db8:9::1"));
}

// -- addresses of nodes and cluster

#[test]
fn the_addresses_of_nodes_and_cluster_are_kept() {
    assert_eq!(kept(&added(of_the_nodes())), [0, 1, 2, 3, 254, 255]);
}

#[test]
fn secondary_addresses_are_kept_as_well() {
    assert_eq!(kept(&added(NetworkAdd::new("net1", "198.51.100.0/24"))), [0, 1, 2, 3, 255]);
}

#[test]
fn they_are_not_kept_where_that_is_not_wanted() {
    assert_eq!(kept(&added(NetworkAdd { conflicts_check: false, ..of_the_nodes() })), [0, 255]);
}

#[test]
fn whose_addresses_are_kept_is_told() {
    run(of_the_nodes()).logged(LogKind::Info, "192.0.2.2 (node node2)").succeeded();
}

#[test]
fn that_the_address_of_the_cluster_is_kept_is_told() {
    run(of_the_nodes()).logged(LogKind::Info, "192.0.2.254 (the cluster)").succeeded();
}

#[test]
fn nothing_is_told_where_nothing_is_kept() {
    assert_eq!(run(net1()).succeeded().log(), []);
}

#[test]
fn d55_an_address_that_a_node_has_twice_is_no_reason_to_warn() {
    let mut t = LuTest::three_nodes();
    t.config().single_homed();
    let judged = t.run(of_the_nodes()).never_warned().succeeded();
    assert_eq!(kept(&stored(judged.config())), [0, 1, 2, 3, 254, 255]);
}

#[test]
fn a_gateway_that_is_a_node_is_warned_about() {
    run(NetworkAdd { gateway: some("192.0.2.2"), ..of_the_nodes() }).warned("192.0.2.2").succeeded();
}

#[test]
fn a_gateway_that_is_the_cluster_is_warned_about() {
    run(NetworkAdd { gateway: some("192.0.2.254"), ..of_the_nodes() }).warned("the cluster").succeeded();
}

#[test]
fn a_node_on_the_last_address_of_the_network_is_warned_about() {
    run(NetworkAdd::new("net1", "192.0.2.0/30")).warned("node node3").succeeded();
}

#[test]
fn an_address_of_ipv6_is_in_no_pool() {
    let mut t = LuTest::three_nodes();
    t.config().node("node3").change(|node| node.primary_ip = "2001:db8::3".to_owned());
    let judged = t.run(of_the_nodes()).succeeded();
    assert_eq!(kept(&stored(judged.config())), [0, 1, 2, 254, 255]);
}

#[test]
fn a_listed_address_that_is_a_node_is_refused() {
    refused_as_wrong_input(
        NetworkAdd { add_reserved_ips: Some(["192.0.2.2"].into_arg()), ..of_the_nodes() },
        "192.0.2.2",
    );
}

#[test]
fn a_listed_address_that_is_a_node_is_taken_where_nodes_are_not_looked_at() {
    let op = NetworkAdd { add_reserved_ips: Some(["192.0.2.2"].into_arg()), conflicts_check: false, ..of_the_nodes() };
    assert_eq!(kept(&added(op)), [0, 2, 255]);
}

// -- locks

#[test]
fn all_nodes_are_locked_while_their_addresses_are_looked_at() {
    run(net1()).locked([all_shared(Level::Node), exclusive(Level::Network, "net1")]).succeeded();
}

#[test]
fn no_node_is_locked_where_nodes_are_not_looked_at() {
    run(NetworkAdd { conflicts_check: false, ..net1() }).locked([exclusive(Level::Network, "net1")]).succeeded();
}

// -- names

#[test]
fn a_name_that_a_network_has_is_refused() {
    let mut t = LuTest::three_nodes();
    t.config().network("net1");
    t.run(net1()).no_hooks().changed_nothing().refused(Code::AlreadyExists, "'net1'");
}

#[test]
fn a_name_that_is_the_uuid_of_a_network_is_refused() {
    let mut t = LuTest::three_nodes();
    let id = t.config().network("net7").id();
    t.run(NetworkAdd::new(id.as_str(), "10.9.1.0/28")).refused(Code::AlreadyExists, "already");
}

#[test]
fn a_name_that_a_network_got_while_locks_were_waited_for_is_refused() {
    let mut t = LuTest::three_nodes();
    t.when(testlib::granted(Level::Node), |config: &mut MockConfig| drop(config.network("net1").id()));
    t.run(net1()).no_hooks().changed_nothing().refused(Code::AlreadyExists, "'net1'");
}

#[test]
fn d53_of_two_additions_of_one_name_the_second_fails() {
    let mut t = LuTest::three_nodes();
    t.allow(Invariant::LockContract, "the other job's network has a lock of its own");
    let both = |lu: &Unit, cx: &Exec| {
        let check: &Check = cx;
        let mut plan = lu.check(check).map_err(|refusal| Failure::new(refusal.text))?;
        let of_the_other = json!({"uuid": "of-the-other-job", "name": "net1", "network": "10.9.2.0/24"});
        cx.add_network(Network::read(&of_the_other).expect("it is complete"))?;
        lu.exec(&mut plan, cx)
    };
    let judged = t.at_exec::<Unit, ()>(net1(), both).failed("'net1' exists already");
    assert_eq!(judged.config().networks.len(), 1);
}

#[test]
fn d52_a_name_with_a_blank_is_refused() {
    refused_as_wrong_input(NetworkAdd::new("my net", "10.9.1.0/28"), "' '");
}

#[test]
fn d52_a_name_with_a_line_break_is_refused() {
    refused_as_wrong_input(NetworkAdd::new("net1\n", "10.9.1.0/28"), "'\\n'");
}

#[test]
fn d52_a_name_with_a_control_character_is_refused() {
    refused_as_wrong_input(NetworkAdd::new("net\u{7}1", "10.9.1.0/28"), "'\\u{7}'");
}

#[test]
fn d52_a_bad_name_is_refused_before_any_lock() {
    run(NetworkAdd::new("my net", "10.9.1.0/28")).locked_nothing().refused(Code::WrongInput, "my net");
}

#[test]
fn a_name_of_other_scripts_is_taken() {
    run(NetworkAdd::new("büro-2.net_a/b", "10.9.1.0/28")).succeeded();
}

// -- tags

#[test]
fn d02_a_tag_that_is_none_is_wrong_input() {
    refused_as_wrong_input(NetworkAdd { tags: ["two words"].into_arg(), ..net1() }, "two words");
}

#[test]
fn d02_a_tag_that_is_too_long_is_wrong_input() {
    let long = "x".repeat(129);
    refused_as_wrong_input(NetworkAdd { tags: [long.as_str()].into_arg(), ..net1() }, "128");
}

#[test]
fn more_tags_than_an_object_may_have_are_refused() {
    let tags = (0..4097).map(|number| format!("t{number}").as_str().into_arg()).collect();
    refused_as_wrong_input(NetworkAdd { tags, ..net1() }, "4097");
}

#[test]
fn as_many_tags_as_an_object_may_have_are_taken() {
    let tags = (0..4096).map(|number| format!("t{number}").as_str().into_arg()).collect();
    assert_eq!(added(NetworkAdd { tags, ..net1() }).tags.len(), 4096);
}

// -- what does not fit

#[test]
fn a_hardware_prefix_of_four_octets_is_refused() {
    refused_as_wrong_input(NetworkAdd { mac_prefix: some("aa:bb:cc:dd"), ..net1() }, "aa:bb:cc:dd");
}

#[test]
fn a_hardware_prefix_that_is_no_number_is_refused() {
    refused_as_wrong_input(NetworkAdd { mac_prefix: some("zz:00:00"), ..net1() }, "zz:00:00");
}

#[test]
fn d48_a_network_with_bits_of_a_host_is_refused() {
    refused_as_wrong_input(NetworkAdd::new("net1", "10.9.1.5/24"), "host bits");
}

#[test]
fn d48_an_ipv6_network_with_bits_of_a_host_is_refused() {
    refused_as_wrong_input(NetworkAdd { network6: some("2001:db8:9::1/64"), ..net1() }, "host bits");
}

#[test]
fn a_length_that_no_network_has_is_refused() {
    refused_as_wrong_input(NetworkAdd::new("net1", "10.9.1.0/33"), "10.9.1.0/33");
}

#[test]
fn d49_an_ipv6_gateway_outside_of_its_network_is_refused() {
    let op = NetworkAdd { network6: some("2001:db8:9::/64"), gateway6: some("2001:db8:8::1"), ..net1() };
    refused_as_wrong_input(op, "2001:db8:8::1 is not in network 2001:db8:9::/64");
}

#[test]
fn an_ipv6_gateway_of_the_link_is_taken() {
    let op = NetworkAdd { network6: some("2001:db8:9::/64"), gateway6: some("fe80::1"), ..net1() };
    assert_eq!(added(op).gateway6.as_deref(), Some("fe80::1"));
}

#[test]
fn d51_an_ipv6_gateway_without_a_network_is_refused() {
    refused_as_wrong_input(NetworkAdd { gateway6: some("2001:db8:9::1"), ..net1() }, "`network6`");
}

#[test]
fn d51_an_ipv6_gateway_of_the_link_without_a_network_is_refused() {
    refused_as_wrong_input(NetworkAdd { gateway6: some("fe80::1"), ..net1() }, "`network6`");
}

#[test]
fn an_ipv6_network_without_a_gateway_is_taken() {
    let op = NetworkAdd { network6: some("2001:db8:9::/64"), ..net1() };
    assert_eq!(added(op).network6.as_deref(), Some("2001:db8:9::/64"));
}

#[test]
fn d50_a_gateway_outside_of_the_network_is_refused() {
    refused_as_wrong_input(NetworkAdd { gateway: some("10.9.1.16"), ..net1() }, "10.9.1.16 is not in network");
}

#[test]
fn d50_a_gateway_on_the_first_address_is_refused() {
    refused_as_wrong_input(NetworkAdd { gateway: some("10.9.1.0"), ..net1() }, "10.9.1.0 is reserved");
}

#[test]
fn d50_a_gateway_on_the_last_address_is_refused() {
    refused_as_wrong_input(NetworkAdd { gateway: some("10.9.1.15"), ..net1() }, "10.9.1.15 is reserved");
}

#[test]
fn d50_a_network_that_is_too_large_is_refused() {
    refused_as_wrong_input(NetworkAdd::new("net1", "10.8.0.0/15"), "too large");
}

#[test]
fn the_largest_network_is_taken() {
    assert_eq!(kept(&added(NetworkAdd::new("net1", "10.8.0.0/16"))), [0, 65_535]);
}

#[test]
fn d50_a_network_that_is_too_small_is_refused() {
    refused_as_wrong_input(NetworkAdd::new("net1", "10.9.1.0/31"), "too small");
}

#[test]
fn the_smallest_network_is_taken() {
    assert_eq!(kept(&added(NetworkAdd::new("net1", "10.9.1.0/30"))), [0, 3]);
}

#[test]
fn d50_a_listed_address_outside_of_the_network_is_refused() {
    let op = NetworkAdd { add_reserved_ips: Some(["172.16.3.4"].into_arg()), ..net1() };
    refused_as_wrong_input(op, "172.16.3.4 is not in network");
}

#[test]
fn d50_an_address_that_is_listed_twice_is_refused() {
    let op = NetworkAdd { add_reserved_ips: Some(["10.9.1.5", "10.9.1.5"].into_arg()), ..net1() };
    refused_as_wrong_input(op, "10.9.1.5 is reserved");
}

#[test]
fn d50_a_listed_address_that_is_the_gateway_is_refused() {
    let op = NetworkAdd { gateway: some("10.9.1.1"), add_reserved_ips: Some(["10.9.1.1"].into_arg()), ..net1() };
    refused_as_wrong_input(op, "10.9.1.1 is reserved");
}

// -- hooks

#[test]
fn hooks_run_on_the_master_before_and_after() {
    run(net1()).hooks("network-add", ["node1"], ["node1"]).succeeded();
}

#[test]
fn the_hook_for_changed_configurations_runs() {
    run(net1()).hooks("config-update", [], ["node1"]).succeeded();
}

#[test]
fn hooks_are_told_all_that_was_given() {
    let op = NetworkAdd {
        gateway: some("10.9.1.1"),
        network6: some("2001:db8:9::/64"),
        gateway6: some("2001:db8:9::1"),
        mac_prefix: some("AA:00:55"),
        tags: ["b", "a"].into_arg(),
        ..net1()
    };
    let told = [
        ("GANETI_OBJECT_TYPE", "NETWORK"),
        ("GANETI_NETWORK_NAME", "net1"),
        ("GANETI_NETWORK_SUBNET", "10.9.1.0/28"),
        ("GANETI_NETWORK_GATEWAY", "10.9.1.1"),
        ("GANETI_NETWORK_SUBNET6", "2001:db8:9::/64"),
        ("GANETI_NETWORK_GATEWAY6", "2001:db8:9::1"),
        ("GANETI_NETWORK_MAC_PREFIX", "aa:00:55"),
        ("GANETI_NETWORK_TAGS", "b a"),
    ];
    run(op).hook_env(Pre, told).hook_env(Post, told).succeeded();
}

#[test]
fn hooks_are_told_the_same_once_more_as_the_state_after() {
    run(net1()).hook_env(Post, [("GANETI_POST_NETWORK_SUBNET", "10.9.1.0/28")]).succeeded();
}

#[test]
fn hooks_are_not_told_what_was_not_given() {
    let absent = [
        "GANETI_NETWORK_GATEWAY",
        "GANETI_NETWORK_SUBNET6",
        "GANETI_NETWORK_GATEWAY6",
        "GANETI_NETWORK_MAC_PREFIX",
        "GANETI_NETWORK_TAGS",
    ];
    run(net1()).hook_env(Pre, [("GANETI_NETWORK_NAME", "net1")]).hook_env_without(Pre, absent).succeeded();
}

#[test]
fn a_script_that_fails_before_stops_it() {
    let mut t = LuTest::three_nodes();
    t.hooks().pre_fails("node1", "10-check", "no networks on Fridays");
    t.run(net1()).changed_nothing().hook_aborted("Fridays");
}

#[test]
fn a_script_that_fails_after_is_a_warning() {
    let mut t = LuTest::three_nodes();
    t.hooks().post_fails("node1", "10-check", "the switch says no");
    t.run(net1()).warned("the switch says no").returned(Value::Null);
}

#[test]
fn a_dry_run_adds_nothing() {
    let common = Common { dry_run: true, ..Common::default() };
    run(NetworkAdd { common, ..net1() }).changed_nothing().hooks("network-add", ["node1"], []).succeeded();
}

#[test]
fn a_dry_run_checks_what_fits() {
    let common = Common { dry_run: true, ..Common::default() };
    refused_as_wrong_input(NetworkAdd { common, gateway: some("10.9.1.16"), ..net1() }, "10.9.1.16");
}

#[test]
fn every_odd_cluster_takes_a_network() {
    for (name, config) in clusters::odd() {
        let judged = LuTest::with(config).run(NetworkAdd::new("net9", "192.0.2.0/24")).never_warned().succeeded();
        let first = judged.config().named::<Network>("net9").map(|network| kept(&network)).unwrap_or_default();
        assert_eq!(first.get(..2), Some(&[0, 1][..]), "{name}");
    }
}
