//! Bytes, as `BinaryEquals` compares them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Decodes base64 as RFC 4648 defines it; `None` when padding is missing, when the bits left over are not zero
/// (`YR==` for `YQ==`), or at any foreign character, spaces and line ends included.
#[must_use]
pub fn binary(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;

    use super::binary;

    fn check(text: &str, expected: Option<&[u8]>) {
        assert_eq!(binary(text).as_deref(), expected, "{text:?}");
    }

    #[test]
    fn canonical_base64_is_decoded() {
        check("", Some(b""));
        check("YQ==", Some(b"a"));
        check("YWI=", Some(b"ab"));
        check("YWJj", Some(b"abc"));
        check("+/+/", Some(&[0xfb, 0xff, 0xbf]));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["YR==", "YQ", "YQ=", "YQ===", " YQ==", "YQ== ", "YQ\n==", "-_-_", "YQ==YQ==", "=", "é"]
        {
            check(text, None);
        }
    }

    proptest! {
        #[test]
        fn what_is_encoded_decodes_to_itself(bytes: Vec<u8>) {
            prop_assert_eq!(binary(&STANDARD.encode(&bytes)), Some(bytes));
        }

        #[test]
        fn no_two_texts_decode_alike(text in "[A-Za-d+/=]{0,8}") {
            if let Some(bytes) = binary(&text) {
                prop_assert_eq!(STANDARD.encode(bytes), text);
            }
        }
    }
}
