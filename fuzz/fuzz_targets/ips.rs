//! Addresses are those of the standard library, and a range has in it the addresses it should. The first line is
//! the range, the rest the address.

#![no_main]

use std::net::IpAddr;

use iamsim_syntax::literal::{IpAddress, IpNetwork};
use ipnet::IpNet;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (range, address) = text.split_once('\n').unwrap_or((text, text));
    let Some(ours) = IpAddress::parse(address) else {
        return;
    };
    let theirs: IpAddr = match address.parse() {
        Ok(address) => address,
        Err(error) => panic!("{address}: {error}"),
    };
    let (Some(network), Ok(range)) = (IpNetwork::parse(range), range.parse::<IpNet>()) else { return };
    let expected = range.contains(&theirs.to_canonical()) && !network.never_matches();
    assert_eq!(network.contains(ours), expected);
});
