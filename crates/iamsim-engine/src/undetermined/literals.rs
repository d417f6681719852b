//! Values around the numbers, instants and addresses of clauses: one of every kind that they tell apart.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use iamsim_syntax::literal::{Instant, IpNetwork, Number};

/// At, below and above every number, and between any two; and whether that is sure, which it is not where numbers are
/// very long or small.
pub(super) fn numbers<'n>(wanted: impl Iterator<Item = &'n Number>) -> (Vec<String>, bool) {
    const LONGEST: usize = 40;
    let mut texts = Vec::new();
    let mut is_complete = true;
    for number in wanted {
        let text = number.to_string();
        is_complete &= text.len() <= LONGEST && !text.contains('e');
        if let Ok(whole) = text.parse::<i64>() {
            texts.extend(
                [whole, whole.saturating_add(1), whole.saturating_sub(1)].map(|near| near.to_string()),
            );
        }
        // Farther from zero by less than any two of these numbers can differ.
        let point = if text.contains('.') { "" } else { "." };
        texts.push(format!("{text}{point}1"));
        let farther = format!("{text}{point}{}1", "0".repeat(LONGEST));
        if text == "0" {
            texts.push(format!("-{farther}"));
        }
        texts.extend([text, farther]);
    }
    texts.push("0".to_owned());
    (texts, is_complete)
}

/// At every instant, and a millisecond and a day before and after; and whether all of them can be written.
pub(super) fn instants<'i>(wanted: impl Iterator<Item = &'i Instant>) -> (Vec<String>, bool) {
    const DAY: i64 = 86_400_000;
    let mut texts = Vec::new();
    let mut is_complete = true;
    for Instant(ms) in wanted {
        for offset in [0, DAY, -DAY, 1, -1] {
            let near = Instant(ms.saturating_add(offset));
            let text = iso(near);
            is_complete &= Instant::parse(&text) == Some(near);
            texts.push(text);
        }
    }
    (texts, is_complete)
}

/// An instant with its milliseconds, where there are any.
fn iso(instant: Instant) -> String {
    let text = instant.to_string();
    match (instant.0.rem_euclid(1000), text.strip_suffix('Z')) {
        (1.., Some(seconds)) => format!("{seconds}.{:03}Z", instant.0.rem_euclid(1000)),
        _ => text,
    }
}

/// The first and last address of every range and their neighbours, of both families.
pub(super) fn addresses<'a>(wanted: impl Iterator<Item = &'a IpNetwork>) -> Vec<String> {
    let mut texts = Vec::new();
    for network in wanted {
        match network.address() {
            IpAddr::V4(address) => {
                let hosts = u32::MAX.checked_shr(network.prefix()).unwrap_or(0);
                let (first, last) = (address.to_bits() & !hosts, address.to_bits() | hosts);
                let near = [Some(first), Some(last), first.checked_sub(1), last.checked_add(1)];
                texts.extend(near.into_iter().flatten().map(|bits| Ipv4Addr::from_bits(bits).to_string()));
            }
            IpAddr::V6(address) => {
                let hosts = u128::MAX.checked_shr(network.prefix()).unwrap_or(0);
                let (first, last) = (address.to_bits() & !hosts, address.to_bits() | hosts);
                let near = [Some(first), Some(last), first.checked_sub(1), last.checked_add(1)];
                texts.extend(near.into_iter().flatten().map(|bits| Ipv6Addr::from_bits(bits).to_string()));
            }
        }
    }
    texts.extend(["192.0.2.1", "2001:db8::1"].map(str::to_owned));
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_any_two_numbers_one_is_found() {
        let wanted: Vec<Number> = ["-7.5", "-7", "0", "0.001", "3600", "3600.5"]
            .iter()
            .map(|text| Number::parse(text).unwrap())
            .collect();
        let (texts, is_complete) = numbers(wanted.iter());
        assert!(is_complete);
        let found: Vec<Number> = texts.iter().map(|text| Number::parse(text).unwrap()).collect();
        let between = |low: &Number, high: &Number| found.iter().any(|number| low < number && number < high);
        assert!(wanted.windows(2).all(|pair| between(&pair[0], &pair[1])), "{texts:?}");
        assert!(
            found.iter().any(|number| number < &wanted[0]) && found.iter().any(|number| number > &wanted[5])
        );
        assert!(wanted.iter().all(|number| found.contains(number)));
    }

    #[test]
    fn addresses_stand_on_both_sides_of_a_range() {
        let range = IpNetwork::parse("203.0.113.0/24").unwrap();
        let texts = addresses([&range].into_iter());
        for text in ["203.0.113.0", "203.0.113.255", "203.0.112.255", "203.0.114.0"] {
            assert!(texts.contains(&text.to_owned()), "{text}");
        }
    }
}
