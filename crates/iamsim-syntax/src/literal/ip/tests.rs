use proptest::prelude::*;

use super::*;

fn check(network: &str, address: &str, expected: bool) {
    let range = IpNetwork::parse(network).unwrap_or_else(|| panic!("{network} is a range"));
    let one = IpAddress::parse(address).unwrap_or_else(|| panic!("{address} is an address"));
    assert_eq!(range.contains(one), expected, "{network} and {address}");
}

fn check_address(text: &str, expected: &str) {
    let expected = IpAddress(expected.parse().unwrap());
    assert_eq!(IpAddress::parse(text), Some(expected), "{text}");
}

#[test]
fn a_range_holds_the_addresses_with_its_prefix() {
    check("203.0.113.0/24", "203.0.113.0", true);
    check("203.0.113.0/24", "203.0.113.255", true);
    check("203.0.113.0/24", "203.0.114.0", false);
    check("2001:db8::/32", "2001:db8:ffff::1", true);
    check("2001:db8::/32", "2001:db9::", false);
    check("2001:db8::4/127", "2001:db8::5", true);
    check("2001:db8::4/127", "2001:db8::6", false);
}

#[test]
fn a_bare_address_is_a_range_of_one() {
    check("192.0.2.1", "192.0.2.1", true);
    check("192.0.2.1", "192.0.2.2", false);
    check("2001:db8::1", "2001:db8::1", true);
    check("2001:db8::1", "2001:db8::2", false);
}

#[test]
fn ipv4_bits_beyond_the_prefix_are_ignored() {
    check("192.0.2.5/24", "192.0.2.1", true);
    check("192.0.2.0/0", "255.255.255.255", true);
    let range = IpNetwork::parse("192.0.2.5/24").unwrap();
    assert!(range.has_host_bits() && !range.never_matches());
    assert!(!IpNetwork::parse("192.0.2.0/24").unwrap().has_host_bits());
    assert!(!IpNetwork::parse("192.0.2.5").unwrap().has_host_bits());
}

#[test]
fn an_ipv6_range_with_bits_beyond_the_prefix_never_matches() {
    check("2001:db8::5/64", "2001:db8::5", false);
    check("2001:db8::5/64", "2001:db8::", false);
    check("::1/0", "::1", false);
    assert!(IpNetwork::parse("2001:db8::5/64").unwrap().never_matches());
    assert!(!IpNetwork::parse("2001:db8::/64").unwrap().never_matches());
    check("::/0", "2001:db8::1", true);
}

#[test]
fn leading_zeros_and_a_plus_are_taken() {
    check("192.000.002.0/024", "192.0.2.1", true);
    check("192.000.002.0/+24", "192.0.2.1", true);
    check("192.000.002.010", "192.0.2.10", true);
}

#[test]
fn ipv4_and_ipv6_never_meet() {
    check("0.0.0.0/0", "2001:db8::1", false);
    check("::/0", "192.0.2.1", false);
    check("::ffff:0:0/96", "::ffff:192.0.2.1", false);
}

#[test]
fn a_mapped_address_is_the_ipv4_address() {
    check_address("::ffff:192.0.2.1", "192.0.2.1");
    check_address("::FFFF:c000:0201", "192.0.2.1");
    check("192.0.2.0/24", "::ffff:192.0.2.7", true);
    check_address("::192.0.2.1", "::192.0.2.1");
    check_address("64:ff9b::192.0.2.33", "64:ff9b::c000:221");
    check_address("0:0:0:0:0:0:192.0.2.1", "::192.0.2.1");
}

#[test]
fn stray_colons_at_the_edges_are_tolerated() {
    check_address("2001:db8::1:", "2001:db8::1");
    check_address("1:2:3:4:5:6:7:8:", "1:2:3:4:5:6:7:8");
    check_address(":2001:db8::1", "0:2001:db8::1");
    check_address(":1:2:3:4:5:6:7", "0:1:2:3:4:5:6:7");
    check_address("2001:db8:::1", "2001:db8::1");
    check_address(":::1", "::1");
    check("2001:db8:::/32", "2001:db8::1", true);
}

#[test]
fn a_range_is_no_address() {
    for text in ["10.0.0.1/32", "2001:db8::1/128", "10.0.0.1/"] {
        assert_eq!(IpAddress::parse(text), None, "{text}");
    }
}

#[test]
fn what_is_no_address_is_refused() {
    for text in [
        "",
        " ",
        " 10.0.0.1",
        "10.0.0.1 ",
        "10.0.0",
        "10.0.0.1.2",
        "10.0.0.256",
        "10.0..1",
        "10.0.0.+1",
        "10.0.0.x",
        "0x0a.0.0.1",
        ":",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1::2::3",
        "1::2:3:4:5:6:7:8",
        "::::",
        "12345::",
        "g::",
        "::1%eth0",
        "[::1]",
        "1:2:3:4:5:6:7:192.0.2.1",
        "192.0.2.1::",
        "::192.0.2",
        "1.2.3.4:5::",
        "::+1",
        "AWS Internal",
    ] {
        assert_eq!(IpAddress::parse(text), None, "{text:?}");
        assert_eq!(IpNetwork::parse(text), None, "{text:?}");
    }
}

#[test]
fn what_is_no_range_is_refused() {
    for text in [
        "10.0.0.0/33",
        "10.0.0.0/",
        "10.0.0.0/-1",
        "10.0.0.0/a",
        "10.0.0.0/8/8",
        "10.0.0.0/ 8",
        "/8",
        "10/8",
        "2001:db8::/129",
        "::/",
        "::ffff:192.0.2.1",
        "::ffff:192.0.2.0/120",
        "10.0.0.0/99999999999999",
        "10.0.0.0/255.0.0.0",
        "*",
    ] {
        assert_eq!(IpNetwork::parse(text), None, "{text:?}");
    }
}

proptest! {
    #[test]
    fn an_ipv4_range_is_mask_arithmetic(network: u32, flips: u32, prefix in 0_u32..=32) {
        let address = network ^ flips.checked_shr(prefix / 2).unwrap_or(0);
        let range = IpNetwork::parse(&format!("{}/{prefix}", Ipv4Addr::from(network))).unwrap();
        let one = IpAddress::parse(&Ipv4Addr::from(address).to_string()).unwrap();
        let mask = !((1_u64 << (32 - prefix)) - 1) as u32;
        prop_assert_eq!(range.contains(one), network & mask == address & mask);
    }

    #[test]
    fn an_ipv6_range_is_mask_arithmetic(bits: u128, flips: u128, prefix in 1_u32..=128) {
        let mask = u128::MAX << (128 - prefix);
        let network = bits & mask | 1 << 127;
        let address = network ^ flips.checked_shr(prefix - 1).unwrap_or(0);
        let range = IpNetwork::parse(&format!("{}/{prefix}", Ipv6Addr::from(network))).unwrap();
        let one = IpAddress::parse(&Ipv6Addr::from(address).to_string()).unwrap();
        prop_assert_eq!(range.contains(one), network & mask == address & mask);
    }

    #[test]
    fn canonical_addresses_read_as_the_standard_library_reads_them(bits: u128) {
        for address in [IpAddr::from(Ipv6Addr::from(bits)), IpAddr::from(Ipv4Addr::from(bits as u32))] {
            prop_assert_eq!(IpAddress::parse(&address.to_string()), Some(IpAddress(address.to_canonical())));
        }
    }

    #[test]
    fn what_the_standard_library_takes_is_taken(text in "[0-9a-f:]{2,16}") {
        if let Ok(address) = text.parse::<Ipv6Addr>() {
            prop_assert_eq!(IpAddress::parse(&text), Some(IpAddress(address.to_canonical())));
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[-+0-9a-f:./]{0,40}|.*") {
        let _ = (IpAddress::parse(&text), IpNetwork::parse(&text));
    }
}
