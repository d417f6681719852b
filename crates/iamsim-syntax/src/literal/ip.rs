//! Addresses and ranges of addresses, as `IpAddress` compares them.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress>

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The address of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct IpAddress(IpAddr);

impl IpAddress {
    /// Reads one IPv4 or IPv6 address, not a range. An IPv4-mapped address (`::ffff:192.0.2.1`) is the IPv4
    /// address itself.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if !text.contains(':') {
            return parse_v4(text).map(|address| Self(address.into()));
        }
        let address = parse_v6(text, DottedTail::Taken)?;
        Some(Self(address.to_ipv4_mapped().map_or(address.into(), IpAddr::from)))
    }
}

/// The range of addresses a policy names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct IpNetwork {
    address: IpAddr,
    prefix: u32,
}

impl IpNetwork {
    /// Reads a CIDR range (`203.0.113.0/24`, `2001:db8::/32`), or one address, which is a range of one.
    ///
    /// Leading zeros and a `+` before the prefix length are taken. IPv6 in dotted form is not.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = match text.split_once('/') {
            Some((address, prefix)) => (address, Some(parse_prefix(prefix)?)),
            None => (text, None),
        };
        let (address, bits) = if address.contains(':') {
            (IpAddr::from(parse_v6(address, DottedTail::Refused)?), Ipv6Addr::BITS)
        } else {
            (IpAddr::from(parse_v4(address)?), Ipv4Addr::BITS)
        };
        let prefix = prefix.unwrap_or(bits);
        (prefix <= bits).then_some(Self { address, prefix })
    }

    /// Whether `address` lies in the range. Never across IPv4 and IPv6, and never where
    /// [`never_matches`](Self::never_matches) holds.
    #[must_use]
    pub fn contains(&self, address: IpAddress) -> bool {
        match (self.address, address.0) {
            (IpAddr::V4(network), IpAddr::V4(address)) => {
                (network.to_bits() ^ address.to_bits()) & self.mask_v4() == 0
            }
            (IpAddr::V6(network), IpAddr::V6(address)) => {
                network.to_bits() == address.to_bits() & self.mask_v6()
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }

    /// The address as written, before the prefix length is applied.
    #[must_use]
    pub fn address(&self) -> IpAddr {
        self.address
    }

    /// The prefix length in bits: up to 32 for IPv4, up to 128 for IPv6.
    #[must_use]
    pub fn prefix(&self) -> u32 {
        self.prefix
    }

    /// Whether the address as written has bits set beyond the prefix length: `192.0.2.5/24`.
    #[must_use]
    pub fn has_host_bits(&self) -> bool {
        match self.address {
            IpAddr::V4(address) => address.to_bits() & !self.mask_v4() != 0,
            IpAddr::V6(address) => address.to_bits() & !self.mask_v6() != 0,
        }
    }

    /// Whether no address at all lies in the range: IPv6 with bits beyond the prefix length, `2001:db8::5/64`.
    /// IAM refuses to store such a range. In IPv4 those bits are ignored.
    #[must_use]
    pub fn never_matches(&self) -> bool {
        self.address.is_ipv6() && self.has_host_bits()
    }

    fn mask_v4(&self) -> u32 {
        u32::MAX.checked_shl(Ipv4Addr::BITS - self.prefix.min(Ipv4Addr::BITS)).unwrap_or(0)
    }

    fn mask_v6(&self) -> u128 {
        u128::MAX.checked_shl(Ipv6Addr::BITS - self.prefix.min(Ipv6Addr::BITS)).unwrap_or(0)
    }
}

/// Reads a prefix length; `u32::from_str` takes a `+` and leading zeros, and nothing else.
fn parse_prefix(text: &str) -> Option<u32> {
    text.parse().ok()
}

/// Reads four decimal numbers; unlike the standard library it takes leading zeros.
fn parse_v4(text: &str) -> Option<Ipv4Addr> {
    let mut rest = text.as_bytes().iter();
    let mut octets = [0_u8; 4];
    for (at, octet) in octets.iter_mut().enumerate() {
        let mut digits = 0_usize;
        loop {
            match rest.next() {
                Some(digit @ b'0'..=b'9') => {
                    *octet = octet.checked_mul(10)?.checked_add(digit - b'0')?;
                    digits += 1;
                }
                Some(b'.') if at < 3 && digits > 0 => break,
                None if at == 3 && digits > 0 => break,
                _ => return None,
            }
        }
    }
    Some(octets.into())
}

/// Whether an IPv6 address may end in dotted decimals: `::ffff:192.0.2.1`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum DottedTail {
    Taken,
    Refused,
}

/// Reads an IPv6 address. As AWS does, it ignores a `:` too many at the end, reads nothing before a single `:`
/// at the start as zero, and takes `:::` for `::`.
fn parse_v6(text: &str, dotted: DottedTail) -> Option<Ipv6Addr> {
    let (before, after) = match text.split_once("::") {
        Some((_, after)) if after.starts_with("::") => return None,
        Some((before, after)) => (before, Some(after.strip_prefix(':').unwrap_or(after))),
        None => (text, None),
    };
    let mut left = Groups::default();
    let mut right = Groups::default();
    match after {
        None => left.read(without_trailing_colon(before), dotted)?,
        Some(after) => {
            left.read(before, DottedTail::Refused)?;
            right.read(without_trailing_colon(after), dotted)?;
        }
    }
    let missing = Groups::MOST.checked_sub(left.count + right.count)?;
    if (missing == 0) != after.is_none() {
        return None;
    }
    let shift = |groups: u32| 16 * groups;
    let high = left.bits.checked_shl(shift(Groups::MOST - left.count)).unwrap_or(0);
    Some(Ipv6Addr::from_bits(high | right.bits))
}

fn without_trailing_colon(text: &str) -> &str {
    text.strip_suffix(':').unwrap_or(text)
}

/// Groups of 16 bits read so far, the last one lowest.
#[derive(Default)]
struct Groups {
    bits: u128,
    count: u32,
}

impl Groups {
    const MOST: u32 = 8;

    /// Reads groups of one to four hexadecimal digits with `:` between them; the first may be empty.
    fn read(&mut self, text: &str, dotted: DottedTail) -> Option<()> {
        if text.is_empty() {
            return Some(());
        }
        let (groups, tail) = match text.rsplit_once(':') {
            _ if dotted == DottedTail::Refused || !text.contains('.') => (Some(text), None),
            Some((groups, tail)) => (Some(groups), Some(tail)),
            None => (None, Some(text)),
        };
        for (at, group) in groups.iter().flat_map(|groups| groups.split(':')).enumerate() {
            let empty_first = at == 0 && group.is_empty();
            self.push(if empty_first { 0 } else { parse_group(group)? })?;
        }
        if let Some(tail) = tail {
            let bits = parse_v4(tail)?.to_bits();
            self.push(bits >> 16)?;
            self.push(bits & 0xffff)?;
        }
        Some(())
    }

    fn push(&mut self, group: u32) -> Option<()> {
        if self.count == Self::MOST {
            return None;
        }
        self.bits = self.bits << 16 | u128::from(group);
        self.count += 1;
        Some(())
    }
}

fn parse_group(text: &str) -> Option<u32> {
    let is_group = matches!(text.len(), 1..=4) && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_group { u32::from_str_radix(text, 16).ok() } else { None }
}

#[cfg(test)]
mod tests;
