//! The embedded files, each unpacked once, when something in it is first asked for.

use std::sync::OnceLock;

use ruzstd::decoding::FrameDecoder;

use crate::about;

/// One AWS managed policy per line.
pub(crate) fn managed_policies() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| {
        unpack("managed-policies.tsv.zst", include_bytes!("../data/managed-policies.tsv.zst"))
    })
}

/// The service authorization reference; the generator's `text.rs` describes the lines.
pub(crate) fn reference() -> &'static str {
    static TEXT: OnceLock<String> = OnceLock::new();
    TEXT.get_or_init(|| unpack("reference.tsv.zst", include_bytes!("../data/reference.tsv.zst")))
}

/// The build verified the file's checksum and a test unpacks it, so this cannot fail; were it to,
/// the catalog would be empty rather than wrong.
fn unpack(name: &str, bytes: &[u8]) -> String {
    let listed = about().files.iter().find(|file| file.name == name);
    let mut text = Vec::with_capacity(listed.map_or(0, |file| file.unpacked_bytes));
    match FrameDecoder::new().decode_all_to_vec(bytes, &mut text) {
        Ok(()) => String::from_utf8(text).unwrap_or_default(),
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn what_is_unpacked_has_the_listed_size_and_checksum() {
        let check = |name: &str, text: &str| {
            let file = about().files.iter().find(|file| file.name == name).unwrap();
            let sum: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!((text.len(), sum.as_str()), (file.unpacked_bytes, file.unpacked_sha256), "{name}");
        };
        check("managed-policies.tsv.zst", managed_policies());
        check("reference.tsv.zst", reference());
    }

    #[test]
    fn damaged_bytes_unpack_to_nothing() {
        let check = |bytes: &[u8]| assert_eq!(unpack("reference.tsv.zst", bytes), "");
        check(b"");
        check(b"not zstd at all");
        check(&include_bytes!("../data/reference.tsv.zst")[..1000]);
    }
}
