//! The embedded files, unpacked and cut into pieces when the crate was built.

use crate::reference::Service;

/// One AWS managed policy per line, by name.
static MANAGED_POLICIES: &str = include_str!(concat!(env!("OUT_DIR"), "/managed-policies.tsv"));

/// The service authorization reference; the generator's `text.rs` describes the lines.
const REFERENCE: &str = include_str!(concat!(env!("OUT_DIR"), "/reference.tsv"));

// `STARTS`: where the line of each managed policy begins.
include!(concat!(env!("OUT_DIR"), "/managed-policies.rs"));

// `SERVICES`: each service with its lines. `HEAD_END`: where the first one begins.
include!(concat!(env!("OUT_DIR"), "/reference.rs"));

/// A part of the reference. The compiler does the cutting, and refuses to cut where no character begins.
const fn between(start: usize, end: usize) -> &'static str {
    REFERENCE.split_at(end).0.split_at(start).1
}

/// The lines of the reference that come before any service's: global condition keys and those of no service.
pub(crate) fn unowned_keys() -> &'static str {
    static HEAD: &str = between(0, HEAD_END);
    HEAD
}

/// The services, by prefix.
pub(crate) fn services() -> &'static [Service] {
    &SERVICES
}

/// The number of managed policies.
pub(crate) fn managed_policies() -> usize {
    STARTS.len()
}

/// The line of the managed policy with this number, in order of name. Empty for a number there is none of.
pub(crate) fn managed_policy(number: usize) -> &'static str {
    let rest = STARTS.get(number).and_then(|start| MANAGED_POLICIES.get(usize::try_from(*start).ok()?..));
    rest.and_then(|rest| rest.split('\n').next()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;
    use crate::about;

    #[test]
    fn what_is_embedded_has_the_listed_size_and_checksum() {
        let check = |name: &str, text: &str| {
            let file = about().files.iter().find(|file| file.name == name).unwrap();
            let sum: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!((text.len(), sum.as_str()), (file.unpacked_bytes, file.unpacked_sha256), "{name}");
        };
        check("managed-policies.tsv.zst", MANAGED_POLICIES);
        check("reference.tsv.zst", REFERENCE);
    }

    #[test]
    fn the_pieces_are_the_whole() {
        let lines: String =
            (0..managed_policies()).flat_map(|number| [managed_policy(number), "\n"]).collect();
        assert!(lines == MANAGED_POLICIES);
        assert_eq!(managed_policy(managed_policies()), "");
        assert!(REFERENCE.get(HEAD_END..).unwrap().starts_with('#'));
        assert!(unowned_keys().lines().all(|line| line.starts_with(['g', 'f'])));
    }
}
