//! Addresses that the standard library takes are taken and are the same, and a range has in it the addresses it
//! should. The first line is the range, the rest the address.

#![no_main]

use std::net::IpAddr;

use iamsim_syntax::literal::{IpAddress, IpNetwork};
use ipnet::IpNet;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (range, address) = text.split_once('\n').unwrap_or((text, text));
    let Ok(theirs) = address.parse::<IpAddr>() else {
        let _ = (IpAddress::parse(address), IpNetwork::parse(range));
        return;
    };
    let ours = IpAddress::parse(address).unwrap_or_else(|| panic!("{address} is refused"));
    let (Some(network), Ok(range)) = (IpNetwork::parse(range), range.parse::<IpNet>()) else { return };
    let expected = range.contains(&theirs.to_canonical()) && !network.never_matches();
    assert_eq!(network.contains(ours), expected);
});
