//! Networks: what is read as an address or a network, pools of addresses, MAC addresses.

use std::error::Error;
use std::net::Ipv4Addr;

use cmdlib::net::{
    AddressPool, Holder, Ipv4Network, Ipv6Network, NetworkError, PoolError, ipv4, ipv6, mac_address, mac_prefix,
};

// Addresses.

#[test]
fn an_ipv4_address_is_four_numbers() {
    assert_eq!(ipv4("10.0.0.255"), Ok(Ipv4Addr::new(10, 0, 0, 255)));
}

#[test]
fn no_ipv4_address() {
    for text in
        ["", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.00", " 1.2.3.4", "1.2.3.4\n", "1.2.3.٣", "::1"]
    {
        let error = ipv4(text).expect_err(text);
        assert_eq!(error, NetworkError::Address { text: text.to_owned(), version: 4 });
        assert_eq!(error.to_string(), format!("{text:?} has no valid IPv4 address"));
    }
}

#[test]
fn ipv6_addresses() {
    for (text, same) in [("::", "0:0:0:0:0:0:0:0"), ("2001:DB8::", "2001:db8::"), ("::ffff:1.2.3.4", "::ffff:102:304")]
    {
        assert_eq!(ipv6(text), ipv6(same));
    }
}

#[test]
fn the_zone_of_an_ipv6_address_is_dropped() {
    assert_eq!(ipv6("fe80::1%eth0"), ipv6("fe80::1"));
}

#[test]
fn no_ipv6_address() {
    for text in [
        "",
        ":",
        "1::2::3",
        "12345::",
        "g::",
        "1:2:3:4:5:6:7:8:9",
        "::1.2.3.04",
        "::1%",
        "::1%a%b",
        "::1%a/b",
        "1.2.3.4",
    ] {
        let error = ipv6(text).expect_err(text);
        assert_eq!(error.to_string(), format!("{text:?} has no valid IPv6 address"));
    }
}

// Networks.

#[track_caller]
fn check_network(text: &str, wanted: &str) {
    assert_eq!(Ipv4Network::parse(text).map(|network| network.to_string()).as_deref(), Ok(wanted));
}

#[track_caller]
fn check_network6(text: &str, wanted: &str) {
    assert_eq!(Ipv6Network::parse(text).map(|network| network.to_string()).as_deref(), Ok(wanted));
}

#[test]
fn a_network_has_a_length() {
    for (text, wanted) in [
        ("0.0.0.0/0", "0.0.0.0/0"),
        ("128.0.0.0/1", "128.0.0.0/1"),
        ("10.0.0.4/31", "10.0.0.4/31"),
        ("10.0.0.1/32", "10.0.0.1/32"),
        ("10.0.0.0/0024", "10.0.0.0/24"),
    ] {
        check_network(text, wanted);
    }
}

#[test]
fn a_network_without_length_is_one_address() {
    check_network("10.0.0.1", "10.0.0.1/32");
    check_network6("2001:db8::1", "2001:db8::1/128");
}

#[test]
fn a_netmask_is_a_length() {
    check_network("10.0.0.0/255.255.255.0", "10.0.0.0/24");
    check_network("0.0.0.0/0.0.0.0", "0.0.0.0/0");
    check_network("10.0.0.1/255.255.255.255", "10.0.0.1/32");
}

#[test]
fn a_mask_of_the_host_part_is_a_length() {
    check_network("10.0.0.0/0.0.0.255", "10.0.0.0/24");
    check_network("10.0.0.0/0.0.0.1", "10.0.0.0/31");
    check_network("128.0.0.0/127.255.255.255", "128.0.0.0/1");
}

#[test]
fn no_length() {
    for length in ["", "33", "-1", "+8", " 24", "24/1", "256", "٢٤", "255.0.255.0", "1.0.0.0", "255.255.255", "ffff::"]
    {
        let text = format!("0.0.0.0/{length}");
        let error = Ipv4Network::parse(&text).expect_err(&text);
        assert_eq!(error, NetworkError::Length { text: text.clone(), version: 4 });
        assert_eq!(
            error.to_string(),
            format!("{text:?} has neither a length from 0 to 32 nor a netmask after the slash")
        );
    }
}

#[test]
fn no_address_before_the_slash() {
    for text in ["/24", "10.0.0/24", "::/64", "host/24", "10.0.0.0 /24"] {
        assert_eq!(Ipv4Network::parse(text), Err(NetworkError::Address { text: text.to_owned(), version: 4 }));
    }
}

#[test]
fn the_address_of_a_host_is_no_network() {
    let error = Ipv4Network::parse("10.0.0.1/255.255.255.0").expect_err("a host");
    assert_eq!(
        error,
        NetworkError::HostBits { text: "10.0.0.1/255.255.255.0".to_owned(), network: "10.0.0.0/24".to_owned() }
    );
    let text = Ipv6Network::parse("2001:db8::1/64").expect_err("a host").to_string();
    assert_eq!(text, "\"2001:db8::1/64\" is the address of a host; its network is 2001:db8::/64");
}

#[test]
fn ipv6_networks() {
    for (text, wanted) in
        [("::/0", "::/0"), ("2001:DB8::/032", "2001:db8::/32"), ("::1/128", "::1/128"), ("fe80::%e/64", "fe80::/64")]
    {
        check_network6(text, wanted);
    }
}

#[test]
fn no_ipv6_length() {
    for length in ["", "129", "-1", "64/", "ffff::", "0.0.0.0"] {
        let text = format!("::/{length}");
        let error = Ipv6Network::parse(&text).expect_err(&text);
        assert_eq!(error.to_string(), format!("{text:?} has no length from 0 to 128 after the slash"));
    }
}

#[test]
fn no_ipv6_address_before_the_slash() {
    for text in ["", "/64", "10.0.0.0/24", "x::/64"] {
        assert_eq!(Ipv6Network::parse(text), Err(NetworkError::Address { text: text.to_owned(), version: 6 }));
    }
}

#[test]
fn a_network_has_ends() {
    let network = Ipv4Network::parse("10.0.4.0/22").expect("a network");
    assert_eq!(network.address(), Ipv4Addr::new(10, 0, 4, 0));
    assert_eq!(network.broadcast(), Ipv4Addr::new(10, 0, 7, 255));
    assert_eq!((network.length(), network.size()), (22, 1024));
    let inside = |address: &str| network.contains(ipv4(address).expect("an address"));
    assert_eq!(["10.0.3.255", "10.0.4.0", "10.0.7.255", "10.0.8.0"].map(inside), [false, true, true, false]);
}

#[test]
fn the_whole_internet_is_a_network() {
    let all = Ipv4Network::parse("0.0.0.0/0").expect("a network");
    assert_eq!((all.size(), all.broadcast()), (1 << 32, Ipv4Addr::BROADCAST));
    assert!(all.contains(Ipv4Addr::new(1, 2, 3, 4)));
}

#[test]
fn an_ipv6_gateway_is_inside_or_local_to_the_link() {
    let network = Ipv6Network::parse("2001:db8::/64").expect("a network");
    let accepted = |address: &str| network.accepts_gateway(ipv6(address).expect("an address"));
    assert_eq!(["2001:db8::1", "fe80::1", "2001:db8:0:1::1", "::1"].map(accepted), [true, true, false, false]);
    assert_eq!((network.length(), network.address().to_string().as_str()), (64, "2001:db8::"));
    assert!(!network.contains(ipv6("fe80::1").expect("an address")));
}

// Pools.

fn address(text: &str) -> Ipv4Addr {
    ipv4(text).expect("an address")
}

fn pool() -> AddressPool {
    AddressPool::new("192.0.2.0/29", Some("01100000"), Some("10000001")).expect("a pool")
}

#[track_caller]
fn refuses_pool(network: &str, instances: Option<&str>, external: Option<&str>, wanted: &str) {
    let error = AddressPool::new(network, instances, external).expect_err("no pool");
    assert_eq!(error.to_string(), wanted);
}

#[test]
fn a_pool_is_not_too_large() {
    assert_eq!(AddressPool::new("10.0.0.0/16", None, None).map(|pool| pool.free_count()), Ok(65536));
    refuses_pool(
        "10.0.0.0/15",
        None,
        None,
        "network 10.0.0.0/15 is too large for a pool of addresses, /16 is the largest",
    );
    refuses_pool("0.0.0.0/0", None, None, "network 0.0.0.0/0 is too large for a pool of addresses, /16 is the largest");
}

#[test]
fn a_pool_is_not_too_small() {
    assert_eq!(AddressPool::new("10.0.0.0/30", None, None).map(|pool| pool.free_count()), Ok(4));
    refuses_pool(
        "10.0.0.0/31",
        None,
        None,
        "network 10.0.0.0/31 is too small for a pool of addresses, /30 is the smallest",
    );
    refuses_pool(
        "10.0.0.1",
        None,
        None,
        "network 10.0.0.1/32 is too small for a pool of addresses, /30 is the smallest",
    );
}

#[test]
fn a_pool_needs_a_network() {
    let error = AddressPool::new("10.0.0.1/24", None, None).expect_err("a host");
    assert!(matches!(error, PoolError::Network(NetworkError::HostBits { .. })), "{error:?}");
    assert_eq!(error.source().map(ToString::to_string), Some(error.to_string()));
}

#[test]
fn no_text_and_the_empty_text_are_no_reservations() {
    for text in [None, Some("")] {
        let pool = AddressPool::new("10.0.0.0/30", text, text).expect("a pool");
        assert_eq!(pool.map(), "....");
    }
}

#[test]
fn reservations_are_one_mark_for_each_address() {
    for text in ["000", "00000"] {
        let found = text.len();
        let wanted = format!("the reservations by an instance are {found}, but the network has 4 addresses");
        refuses_pool("10.0.0.0/30", Some(text), None, &wanted);
    }
    let wanted = "the reservations externally are 3, but the network has 4 addresses";
    refuses_pool("10.0.0.0/30", None, Some("111"), wanted);
}

#[test]
fn reservations_are_zeros_and_ones() {
    for (text, found) in [("0 01", ' '), ("0x00", 'x'), ("00é", 'é')] {
        let error = AddressPool::new("10.0.0.0/30", Some(text), None).expect_err(text);
        assert_eq!(error, PoolError::Mark { holder: Holder::Instance, found });
        assert_eq!(
            error.to_string(),
            format!("the reservations by an instance have {found:?} among the zeros and ones")
        );
    }
}

#[test]
fn what_was_read_is_written_again() {
    assert_eq!(
        (pool().to_text(Holder::Instance), pool().to_text(Holder::External)),
        ("01100000".into(), "10000001".into())
    );
}

#[test]
fn a_pool_can_be_shown_and_counted() {
    let pool = pool();
    assert_eq!((pool.map().as_str(), pool.reserved_count(), pool.free_count()), ("XXX....X", 4, 4));
    assert_eq!(pool.network().to_string(), "192.0.2.0/29");
}

#[test]
fn an_address_on_both_lists_counts_once() {
    let pool = AddressPool::new("10.0.0.0/30", Some("1100"), Some("0110")).expect("a pool");
    assert_eq!((pool.map().as_str(), pool.reserved_count()), ("XXX.", 3));
}

#[test]
fn a_pool_contains_its_network() {
    let contains = |text: &str| pool().contains(address(text));
    assert_eq!(["192.0.1.255", "192.0.2.0", "192.0.2.7", "192.0.2.8"].map(contains), [false, true, true, false]);
}

#[test]
fn holders_are_asked_apart() {
    let pool = pool();
    assert_eq!(pool.is_reserved(address("192.0.2.1"), Holder::Instance), Ok(true));
    assert_eq!(pool.is_reserved(address("192.0.2.1"), Holder::External), Ok(false));
    assert_eq!(pool.is_reserved(address("192.0.2.7"), Holder::External), Ok(true));
}

#[test]
fn reserving_marks_the_address() {
    let mut pool = pool();
    assert_eq!(pool.reserve(address("192.0.2.3"), Holder::Instance), Ok(()));
    assert_eq!(
        pool.reserve(address("192.0.2.1"), Holder::External),
        Ok(()),
        "an instance has it, which is no hindrance"
    );
    assert_eq!(
        (pool.to_text(Holder::Instance), pool.to_text(Holder::External)),
        ("01110000".into(), "11000001".into())
    );
}

#[test]
fn an_address_is_reserved_once() {
    for (text, holder, by) in
        [("192.0.2.1", Holder::Instance, "by an instance"), ("192.0.2.0", Holder::External, "externally")]
    {
        let mut after = pool();
        let error = after.reserve(address(text), holder).expect_err("taken");
        assert_eq!(error.to_string(), format!("address {text} is reserved {by} already"));
        assert_eq!(after, pool());
    }
}

#[test]
fn releasing_frees_the_address() {
    let mut pool = pool();
    assert_eq!(pool.release(address("192.0.2.1"), Holder::Instance), Ok(()));
    assert_eq!(pool.to_text(Holder::Instance), "00100000");
}

#[test]
fn what_is_not_reserved_is_not_released() {
    for (text, holder, by) in
        [("192.0.2.0", Holder::Instance, "by an instance"), ("192.0.2.1", Holder::External, "externally")]
    {
        let mut after = pool();
        let error = after.release(address(text), holder).expect_err("not taken");
        assert_eq!(error.to_string(), format!("address {text} is not reserved {by}"));
        assert_eq!(after, pool());
    }
}

#[test]
fn an_address_outside_is_refused_everywhere() {
    for text in ["192.0.1.255", "192.0.2.8"] {
        let mut pool = pool();
        let refusals = [
            pool.is_reserved(address(text), Holder::Instance).map(|_| ()),
            pool.reserve(address(text), Holder::External),
            pool.release(address(text), Holder::Instance),
        ];
        for refusal in refusals {
            let wanted = format!("address {text} is not in network 192.0.2.0/29");
            assert_eq!(refusal.map_err(|error| error.to_string()), Err(wanted));
        }
    }
}

#[test]
fn a_free_address_is_the_lowest_that_nobody_has() {
    assert_eq!(pool().free_address(), Ok(address("192.0.2.3")));
    let last = AddressPool::new("10.0.0.0/30", Some("1100"), Some("0010")).expect("a pool");
    assert_eq!(last.free_address(), Ok(address("10.0.0.3")));
}

#[test]
fn taking_a_free_address_reserves_it_for_an_instance() {
    let mut pool = pool();
    assert_eq!(pool.take_free(), Ok(address("192.0.2.3")));
    assert_eq!(
        (pool.to_text(Holder::Instance), pool.to_text(Holder::External)),
        ("01110000".into(), "10000001".into())
    );
}

#[test]
fn a_full_pool_has_none_to_give() {
    let mut pool = AddressPool::new("10.0.0.0/30", Some("1010"), Some("0101")).expect("a pool");
    assert!(pool.is_full());
    assert_eq!(
        pool.free_address().map_err(|error| error.to_string()),
        Err("network 10.0.0.0/30 has no free address".into())
    );
    assert_eq!(pool.take_free(), Err(PoolError::Full { network: pool.network() }));
}

#[test]
fn a_pool_with_one_free_address_is_not_full() {
    assert!(!AddressPool::new("10.0.0.0/30", Some("1110"), None).expect("a pool").is_full());
}

#[test]
fn addresses_are_listed_in_order() {
    let text = |addresses: Vec<Ipv4Addr>| addresses.iter().map(Ipv4Addr::to_string).collect::<Vec<_>>().join(" ");
    assert_eq!(text(pool().free_addresses().collect()), "192.0.2.3 192.0.2.4 192.0.2.5 192.0.2.6");
    assert_eq!(text(pool().external_addresses().collect()), "192.0.2.0 192.0.2.7");
}

#[test]
fn a_new_network_has_its_own_addresses_reserved() {
    let pool = AddressPool::begin("192.0.2.0/29", Some(address("192.0.2.6"))).expect("a pool");
    assert_eq!(
        (pool.to_text(Holder::External), pool.to_text(Holder::Instance)),
        ("10000011".into(), "00000000".into())
    );
    let pool = AddressPool::begin("192.0.2.0/29", None).expect("a pool");
    assert_eq!(pool.to_text(Holder::External), "10000001");
}

#[test]
fn the_gateway_of_a_new_network_is_one_of_its_hosts() {
    let begin =
        |gateway: &str| AddressPool::begin("192.0.2.0/29", Some(address(gateway))).map_err(|error| error.to_string());
    assert_eq!(begin("192.0.2.8"), Err("address 192.0.2.8 is not in network 192.0.2.0/29".into()));
    for own in ["192.0.2.0", "192.0.2.7"] {
        assert_eq!(begin(own), Err(format!("address {own} is reserved externally already")));
    }
}

#[test]
fn the_last_network_of_all_has_a_pool() {
    let pool = AddressPool::begin("255.255.255.252/30", None).expect("a pool");
    assert_eq!(pool.free_addresses().count(), 2);
}

// MAC addresses.

#[test]
fn a_mac_prefix_is_lower_case() {
    assert_eq!(mac_prefix("AA:bB:0f").as_deref(), Ok("aa:bb:0f"));
}

#[test]
fn no_mac_prefix() {
    for text in [
        "",
        "aa:00",
        "aa:00:00:11",
        "aa:00:0",
        "aa:00:000",
        "aa:00:0g",
        "aa-00-00",
        "aa:00:00\n",
        " aa:00:00",
        "é:00:00",
    ] {
        let error = mac_prefix(text).expect_err(text);
        let wanted = format!("{text:?} is no prefix of a MAC address; 3 octets are wanted, as in aa:00:0f");
        assert_eq!(error.to_string(), wanted);
    }
}

#[test]
fn a_mac_address_is_lower_case() {
    assert_eq!(mac_address("AA:00:00:Fa:dA:68").as_deref(), Ok("aa:00:00:fa:da:68"));
}

#[test]
fn no_mac_address() {
    for text in ["aa:00:00", "aa:00:00:fa:da:6", "aa:00:00:fa:da:68:00", "aa:00:00:fa:da:68\n"] {
        let error = mac_address(text).expect_err(text);
        let wanted = format!("{text:?} is no MAC address; 6 octets are wanted, as in aa:00:0f:12:34:56");
        assert_eq!(error.to_string(), wanted);
    }
}
