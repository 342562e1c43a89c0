//! Networks.

use cmdlib::objects::Network;
use expect_test::expect;
use testlib::{MockConfig, failure_of};

use super::{Wrong, mistakes, the, valid, wrong};

#[test]
fn setters_of_networks_change_what_they_say() {
    let mut config = MockConfig::new();
    config
        .network("net1")
        .cidr("10.1.0.0/28")
        .gateway("10.1.0.1")
        .reserve("10.1.0.5")
        .mac_prefix("AA:00:55")
        .tag("dmz");
    config.network("net1").change(|network| network.network6 = Some("2001:db8::/64".to_owned()));
    config.network("net2");
    let net1 = the::<Network>(&config, "net1");
    assert_eq!((net1.network.as_str(), net1.gateway.as_deref()), ("10.1.0.0/28", Some("10.1.0.1")));
    assert_eq!((net1.mac_prefix.as_deref(), net1.network6.as_deref()), (Some("aa:00:55"), Some("2001:db8::/64")));
    assert_eq!(net1.ext_reservations.as_deref(), Some("1100010000000001"));
    assert!(net1.tags.contains("dmz"));
    assert_eq!(the::<Network>(&config, "net2").network, "10.0.2.0/24");
    valid(&config);
}

#[test]
fn mistakes_about_networks() {
    mistakes(
        &[
            wrong!(|c| c.network("")),
            wrong!(|c| c.network("net1").cidr("10.0.0.1/24")),
            wrong!(|c| c.network("net1").gateway("10.0.2.1")),
            wrong!(|c| c.network("net1").reserve("10.0.1.9").reserve("10.0.1.9")),
            wrong!(|c| c.network("net1").reserve("9")),
            wrong!(|c| c.network("net1").mac_prefix("aa")),
        ],
        expect![[r#"
            a network needs a name
            "10.0.0.1/24" is the address of a host; its network is 10.0.0.0/24
            network 'net1': address 10.0.2.1 is not in network 10.0.1.0/24
            network 'net1': address 10.0.1.9 is reserved externally already
            "9" has no valid IPv4 address
            "aa" is no prefix of a MAC address; 3 octets are wanted, as in aa:00:0f"#]],
    );
}

#[test]
fn addresses_of_instances_stay_in_their_network() {
    let mut config = MockConfig::new();
    config.network("net1");
    config.group("default").connected("net1", "bridged", "br1");
    config.instance("web1").nic(|nic| nic.network("net1").ip("10.0.1.7"));
    let failed = failure_of(|| drop(config.network("net1").cidr("10.1.0.0/24").id()));
    expect!["network 'net1' can't have other addresses: instance 'web1' has one"].assert_eq(&failed.message);
    let failed = failure_of(|| drop(config.network("net1").reserve("10.0.1.7").id()));
    expect!["an instance has the address 10.0.1.7"].assert_eq(&failed.message);
}
