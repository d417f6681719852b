//! The typed values of condition operators: numbers, instants, addresses, bytes and booleans, each read the
//! way AWS reads it.
//!
//! Reading never fails loudly: text that is no such value is `None`, and what that means is the reader's to
//! say. IAM refuses to store such a policy; a comparison with such a request value does not match.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

mod binary;
mod instant;
mod ip;
mod number;

pub use binary::binary;
pub use instant::Instant;
pub use ip::{IpAddress, IpNetwork};
pub use number::Number;

/// Reads a boolean: `true` in any case is true, everything else is false.
#[must_use]
pub fn boolean(text: &str) -> bool {
    text.eq_ignore_ascii_case("true")
}

#[cfg(test)]
mod tests {
    use super::boolean;

    #[test]
    fn only_the_word_true_is_true() {
        for text in ["true", "TRUE", "True", "tRuE"] {
            assert!(boolean(text), "{text}");
        }
        for text in ["false", "yes", "1", "", " true ", "maybe", "truе"] {
            assert!(!boolean(text), "{text}");
        }
    }
}
