//! Numbers are ordered as floating point orders them, as far as that can tell them apart. One on each line.

#![no_main]

use std::cmp::Ordering;

use iamsim_syntax::literal::Number;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (left, right) = text.split_once('\n').unwrap_or((text, "0"));
    let (Some(left_number), Some(right_number)) = (Number::parse(left), Number::parse(right)) else { return };
    let ordering = left_number.cmp(&right_number);
    assert_eq!(ordering.reverse(), right_number.cmp(&left_number));
    assert_eq!(ordering == Ordering::Equal, left_number == right_number);
    let (Ok(left), Ok(right)) = (left.parse::<f64>(), right.parse::<f64>()) else {
        panic!("only one of us takes {text}");
    };
    match left.partial_cmp(&right) {
        Some(Ordering::Equal) | None => {}
        Some(apart) => assert_eq!(ordering, apart, "{text}"),
    }
});
