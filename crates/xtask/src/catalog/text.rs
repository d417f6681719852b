//! Writes the reference as the line text that `iamsim-catalog` reads service by service.
//!
//! ```text
//! g<type><key>                                          a global condition key
//! f<type><key>                                          a key with a prefix of its own, such as saml:aud
//! #<prefix> \t <name> \t r? \t <ARN services,…>          a service; r: supports resource control policies
//! k<type><key>                                          its condition keys, numbered from 0
//! r<name> \t <key numbers,…> \t <ARN template> \t …      its resource types, numbered from 0
//! <level><name> \t <types> \t <key numbers,…> \t <dependent actions,…>
//! ```
//!
//! `<type>` is one of `s a b n d i` (string, ARN, Boolean, number, date, IP address), in upper case where the key
//! is multivalued. `<level>` is one of `L R W T P`. `<types>` are separated by spaces, each
//! `number[*][=key numbers,…]` with `*` for a required one. Numbers are local to the service. A service's ARN
//! services are those its resource types have besides its own prefix.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use anyhow::{Context, Result, bail, ensure};

use super::reference::{Action, Reference, Service};

/// The whole data file.
pub(crate) fn write(reference: &Reference, globals: &BTreeMap<String, String>) -> Result<String> {
    let mut text = String::new();
    for (key, value_type) in globals {
        writeln!(text, "g{}{key}", type_code(value_type)?)?;
    }
    for (key, code) in foreign_keys(reference, globals)? {
        writeln!(text, "f{code}{key}")?;
    }
    for (prefix, service) in reference {
        write_service(&mut text, prefix, service).with_context(|| format!("in {prefix}"))?;
    }
    Ok(text)
}

/// Keys that a service lists under a prefix that is not its own, unless the prefix's owner lists them too.
fn foreign_keys<'a>(
    reference: &'a Reference,
    globals: &BTreeMap<String, String>,
) -> Result<BTreeMap<&'a str, char>> {
    let globals: BTreeSet<String> = globals.keys().map(|key| key.to_ascii_lowercase()).collect();
    let mut foreign = BTreeMap::new();
    for (prefix, service) in reference {
        for (lower, key) in &service.condition_keys {
            let (owner, _) = key.key.split_once(':').context("a key without a prefix")?;
            let listed_by_owner =
                reference.get(owner).is_some_and(|service| service.condition_keys.contains_key(lower));
            if owner != prefix && !listed_by_owner && !globals.contains(lower) {
                foreign.insert(key.key.as_str(), type_code(&key.value_type)?);
            }
        }
    }
    Ok(foreign)
}

fn write_service(text: &mut String, prefix: &str, service: &Service) -> Result<()> {
    let flag = if service.supports_resource_control_policies { "r" } else { "" };
    let arn_services: BTreeSet<&str> = service
        .resource_types
        .values()
        .flat_map(|resource_type| resource_type.arns())
        .filter_map(|arn| arn.split(':').nth(2))
        .filter(|arn_service| *arn_service != prefix)
        .collect();
    let arn_services = arn_services.into_iter().collect::<Vec<_>>().join(",");
    writeln!(text, "#{prefix}\t{}\t{flag}\t{arn_services}", field(&service.name)?)?;

    for key in service.condition_keys.values() {
        writeln!(text, "k{}{}", type_code(&key.value_type)?, field(&key.key)?)?;
    }
    for resource_type in service.resource_types.values() {
        let keys = key_numbers(service, &resource_type.condition_keys)?;
        write!(text, "r{}\t{keys}", field(&resource_type.key)?)?;
        for arn in resource_type.arns() {
            ensure!(arn.split(':').count() >= 6, "{arn} is not an ARN template");
            write!(text, "\t{}", field(arn)?)?;
        }
        text.push('\n');
    }
    for action in service.actions.values() {
        write_action(text, service, action).with_context(|| format!("in {}", action.name))?;
    }
    Ok(())
}

fn write_action(text: &mut String, service: &Service, action: &Action) -> Result<()> {
    let mut types = Vec::new();
    for resource in &action.resource_types {
        let mut written = number(&service.resource_types, &resource.name)?.to_string();
        if resource.required {
            written.push('*');
        }
        if !resource.condition_keys.is_empty() {
            write!(written, "={}", key_numbers(service, &resource.condition_keys)?)?;
        }
        types.push(written);
    }
    let line = format!(
        "{}{}\t{}\t{}\t{}",
        level_code(&action.access_level)?,
        field(&action.name)?,
        types.join(" "),
        key_numbers(service, &action.condition_keys)?,
        action.dependent_actions.iter().map(String::as_str).collect::<Vec<_>>().join(","),
    );
    writeln!(text, "{}", line.trim_end_matches('\t'))?;
    Ok(())
}

fn key_numbers(service: &Service, keys: &[String]) -> Result<String> {
    let numbers: Result<Vec<String>> =
        keys.iter().map(|key| Ok(number(&service.condition_keys, key)?.to_string())).collect();
    Ok(numbers?.join(","))
}

fn number<T>(among: &BTreeMap<String, T>, name: &str) -> Result<usize> {
    let lower = name.to_ascii_lowercase();
    among.keys().position(|key| *key == lower).with_context(|| format!("{name} is not defined"))
}

fn field(text: &str) -> Result<&str> {
    ensure!(!text.contains(['\t', '\n']), "{text:?} does not fit a field");
    Ok(text)
}

fn type_code(value_type: &str) -> Result<char> {
    let (single, multivalued) = match value_type.strip_prefix("ArrayOf") {
        Some(element) => (element, true),
        None => (value_type, false),
    };
    let code = match single {
        "String" => 's',
        "ARN" => 'a',
        "Bool" => 'b',
        "Numeric" => 'n',
        "Date" => 'd',
        "IPAddress" => 'i',
        _ => bail!("{value_type} is a type of condition key that this generator does not know"),
    };
    Ok(if multivalued { code.to_ascii_uppercase() } else { code })
}

/// The reference joins two levels; the narrower one is what AWS's tables print.
fn level_code(access_level: &str) -> Result<char> {
    Ok(match access_level {
        "List" => 'L',
        "Read" => 'R',
        "Write" => 'W',
        "Tagging" | "Tagging, Write" => 'T',
        "Permissions management" | "Permissions management, Write" => 'P',
        _ => bail!("{access_level} is an access level that this generator does not know"),
    })
}
