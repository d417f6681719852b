//! The unique ids that AWS gives to users and roles.

use std::borrow::Cow;

use iamsim_engine::Principal;

use crate::residents::Resident;
use crate::session::Caller;
use crate::world::Role;

/// What `aws:userid` holds for a caller; `None` where AWS leaves it to the kind of principal.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#principaltable>
pub(crate) fn user_id<'c>(caller: &'c Caller, resident: Option<&'c Resident>) -> Option<Cow<'c, str>> {
    if let Some(session) = &caller.session {
        return Some(session.user_id.as_str().into());
    }
    let unique_id = |prefix, arn: &str| match resident.and_then(|resident| resident.id(arn)) {
        Some(id) => Cow::Borrowed(id),
        None => Cow::Owned(made_up(prefix, arn)),
    };
    match &caller.principal {
        Principal::User { arn, .. } => Some(unique_id("AIDA", arn)),
        Principal::RoleSession(session) => {
            let role_id = unique_id("AROA", &session.role_arn);
            Some(match session.session_name() {
                Some(name) => [&role_id, ":", name].concat().into(),
                None => role_id,
            })
        }
        _ => None,
    }
}

/// `AROA…`
pub(crate) fn of_role(role: Option<&Role>, arn: &str) -> String {
    role.and_then(|role| role.id.clone()).unwrap_or_else(|| made_up("AROA", arn))
}

/// An id for whoever was given none: always the same for the same ARN.
pub(crate) fn made_up(prefix: &str, arn: &str) -> String {
    const DIGITS: u32 = 17;
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let hash = arn.bytes().fold(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128, |hash, byte| {
        (hash ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b)
    });
    let digit =
        |at: u32| ALPHABET.get((hash >> (5 * at)) as usize % 32).map_or('A', |byte| char::from(*byte));
    let mut id = String::with_capacity(prefix.len() + DIGITS as usize);
    id.push_str(prefix);
    id.extend((0..DIGITS).map(digit));
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_up_id_looks_like_one_and_stays_the_same() {
        let id = made_up("AIDA", "arn:aws:iam::111122223333:user/alice");
        assert_eq!(id.len(), 21);
        assert_eq!(id, made_up("AIDA", "arn:aws:iam::111122223333:user/alice"));
        assert_ne!(id, made_up("AIDA", "arn:aws:iam::111122223333:user/bob"));
    }
}
