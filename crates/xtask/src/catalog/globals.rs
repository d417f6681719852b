//! Global condition keys: read from the package's JavaScript list, completed from AWS's own page.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::package;

/// Keys and types on <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
/// that the list leaves out or gives differently.
const FROM_THE_USER_GUIDE: [(&str, &str); 3] =
    [("aws:SignInSessionArn", "ARN"), ("aws:SourceVpcArn", "ARN"), ("aws:ViaCustomerDomain", "String")];

/// Global condition keys with their types, by key.
pub(crate) fn generate(cache: &Path) -> Result<BTreeMap<String, String>> {
    let module = package::GLOBAL_KEYS.file(cache, "package/dist/esm/globalConditionKeys.js")?;
    let mut keys = listed(&module)?;
    for (key, value_type) in FROM_THE_USER_GUIDE {
        keys.insert(key.to_owned(), value_type.to_owned());
    }
    Ok(keys)
}

/// The entries of the module's array: a `key: '…'` line followed by a `type: '…'` line.
fn listed(module: &str) -> Result<BTreeMap<String, String>> {
    let mut keys = BTreeMap::new();
    let mut pending: Option<&str> = None;
    for line in module.lines().map(str::trim).take_while(|line| *line != "];") {
        if let Some(key) = quoted(line, "key: '") {
            ensure!(pending.is_none(), "{key} follows a key without a type");
            pending = Some(key);
        } else if let Some(value_type) = quoted(line, "type: '") {
            let key = pending.take().context("a type has no key")?;
            keys.insert(key.replace("/tag-key", "/${TagKey}"), value_type.to_owned());
        }
    }
    ensure!(pending.is_none() && !keys.is_empty(), "the list of global condition keys has a new form");
    Ok(keys)
}

fn quoted<'a>(line: &'a str, before: &str) -> Option<&'a str> {
    line.strip_prefix(before)?.split_once('\'').map(|(inside, _)| inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_reads_as_keys_with_types() {
        let module = "export const k = [\n {\n  key: 'aws:PrincipalTag/tag-key',\n  type: 'String', // or not\n },\n];";
        let keys = listed(module).unwrap();
        assert_eq!(
            keys.into_iter().collect::<Vec<_>>(),
            [("aws:PrincipalTag/${TagKey}".into(), "String".into())]
        );
    }

    #[test]
    fn a_key_without_a_type_is_refused() {
        assert!(listed("key: 'aws:A',\nkey: 'aws:B',\ntype: 'String',").is_err());
        assert!(listed("nothing").is_err());
    }
}
