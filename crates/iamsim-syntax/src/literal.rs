//! The typed values of condition operators: numbers, instants, addresses, bytes and booleans, each read the
//! way AWS reads it.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

use std::cmp::Ordering;

/// A decimal number of any size and precision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number;

impl Number {
    /// Reads `-1.50e3`; `None` for text, `NaN`, `Infinity` and the empty string.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let _ = text;
        None
    }
}

impl Ord for Number {
    fn cmp(&self, _: &Self) -> Ordering {
        Ordering::Equal
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A point in time in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(pub i64);

impl Instant {
    /// Reads an ISO 8601 date, or seconds since the epoch.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let _ = text;
        None
    }
}

/// The address of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IpAddress;

impl IpAddress {
    /// Reads an IPv4 or IPv6 address; an IPv4-mapped one is the IPv4 address.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let _ = text;
        None
    }
}

/// The range of addresses a policy names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IpNetwork;

impl IpNetwork {
    /// Reads a CIDR range, or one address.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let _ = text;
        None
    }

    /// Whether `address` lies in the range.
    #[must_use]
    pub fn contains(&self, address: IpAddress) -> bool {
        let _ = address;
        false
    }
}

/// Reads a boolean: `true` in any case is true, everything else is false.
#[must_use]
pub fn boolean(text: &str) -> bool {
    text.eq_ignore_ascii_case("true")
}

/// Decodes strict base64; `None` when it is not.
#[must_use]
pub fn binary(text: &str) -> Option<Vec<u8>> {
    let _ = text;
    None
}
