//! A stretch of a pattern's text, kept in place when it is short, as the names of most actions are.

/// As many bytes as leave a fragment at 32 of them.
const SHORT: usize = 30;

/// A text, by its bytes. What is the same text is kept the same way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fragment {
    /// The bytes after the text's are zero.
    Short {
        length: u8,
        bytes: [u8; SHORT],
    },
    Long(Box<[u8]>),
}

impl Fragment {
    pub(crate) fn new(text: &str) -> Self {
        let mut bytes = [0; SHORT];
        match bytes.get_mut(..text.len()) {
            Some(place) => {
                place.copy_from_slice(text.as_bytes());
                Self::Short { length: text.len() as u8, bytes }
            }
            None => Self::Long(text.as_bytes().into()),
        }
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Short { length, bytes } => bytes.get(..usize::from(*length)).unwrap_or_default(),
            Self::Long(bytes) => bytes,
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }

    pub(crate) fn make_ascii_lowercase(&mut self) {
        match self {
            Self::Short { bytes, .. } => bytes.make_ascii_lowercase(),
            Self::Long(bytes) => bytes.make_ascii_lowercase(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn short_and_long_texts_are_kept_whole(text in "[a-zA-Zé]{0,40}") {
            let mut fragment = Fragment::new(&text);
            prop_assert_eq!(fragment.as_str(), &text);
            fragment.make_ascii_lowercase();
            prop_assert_eq!(fragment.as_str(), text.to_ascii_lowercase());
        }
    }
}
