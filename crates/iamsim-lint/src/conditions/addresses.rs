//! IP ranges: private ones on the public internet, and bits that are ignored.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use iamsim_syntax::literal::IpNetwork;
use iamsim_syntax::{Comparison, Condition, Diagnostic, Polarity, Span};

use crate::checks::{
    IMPROVE_IP_RANGE, PRIVATE_IP_ADDRESS, PRIVATE_IP_ADDRESS_SUBSET, PRIVATE_NOT_IP_ADDRESS,
    PRIVATE_NOT_IP_ADDRESS_SUBSET,
};
use crate::document::{Document, is_key};
use crate::named::NamedCondition;

pub(super) fn check(document: &Document<'_>, findings: &mut Vec<Diagnostic>) {
    for (_, NamedCondition { condition, .. }) in document.conditions() {
        let Comparison::IpAddress(polarity) = condition.operator.value.comparison else { continue };
        let networks = || {
            let values = condition.values.iter();
            values.filter_map(|value| Some((IpNetwork::parse(&value.value)?, value.span)))
        };
        networks().for_each(|(network, span)| check_host_bits(network, span, findings));
        if is_key(condition, "aws:SourceIp") {
            let private: Vec<Span> =
                networks().filter(|(network, _)| is_private(*network)).map(|(_, span)| span).collect();
            check_private(condition, polarity, &private, findings);
        }
    }
}

/// In IPv6 such a range matches nothing, which is a mismatch rather than untidy.
fn check_host_bits(network: IpNetwork, span: Span, findings: &mut Vec<Diagnostic>) {
    let IpAddr::V4(address) = network.address() else { return };
    if !network.has_host_bits() {
        return;
    }
    let prefix = network.prefix();
    let mask = u32::MAX.checked_shl(32 - prefix).unwrap_or(0);
    let first = Ipv4Addr::from_bits(address.to_bits() & mask);
    findings.push(
        IMPROVE_IP_RANGE
            .at(span, format!("the bits of `{address}` beyond the first {prefix} are ignored"))
            .with_help(format!("write `{first}/{prefix}`, or `{address}/32` if one address is meant")),
    );
}

fn check_private(
    condition: &Condition,
    polarity: Polarity,
    private: &[Span],
    findings: &mut Vec<Diagnostic>,
) {
    let Some(first) = private.first() else { return };
    let all = private.len() == condition.values.len();
    let (check, message) = match (polarity, all) {
        (Polarity::Positive, true) => {
            (PRIVATE_IP_ADDRESS, "`aws:SourceIp` is a public address, so private ranges never match")
        }
        (Polarity::Positive, false) => {
            (PRIVATE_IP_ADDRESS_SUBSET, "`aws:SourceIp` is a public address, so this range never matches")
        }
        (Polarity::Negated, true) => {
            (PRIVATE_NOT_IP_ADDRESS, "`aws:SourceIp` is a public address, so the condition always holds")
        }
        (Polarity::Negated, false) => (
            PRIVATE_NOT_IP_ADDRESS_SUBSET,
            "`aws:SourceIp` is a public address, so leaving this range out has no effect",
        ),
    };
    let help = "compare private addresses with `aws:VpcSourceIp`, which requests through a VPC endpoint have";
    let others = private.iter().skip(1);
    let finding = check.at(*first, message).with_help(help);
    findings.push(others.fold(finding, |finding, span| finding.with_related(*span, "private as well")));
}

/// The ranges that are not routed on the internet: RFC 1918, and the unique local ones of RFC 4193.
fn is_private(network: IpNetwork) -> bool {
    match network.address() {
        IpAddr::V4(address) => {
            let ranges = [
                (Ipv4Addr::new(10, 0, 0, 0), 8),
                (Ipv4Addr::new(172, 16, 0, 0), 12),
                (Ipv4Addr::new(192, 168, 0, 0), 16),
            ];
            ranges.iter().any(|(range, prefix)| {
                network.prefix() >= *prefix && (address.to_bits() ^ range.to_bits()) >> (32 - prefix) == 0
            })
        }
        IpAddr::V6(address) => network.prefix() >= 7 && Ipv6Addr::is_unique_local(&address),
    }
}
