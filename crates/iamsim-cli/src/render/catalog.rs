//! What the catalog knows.

use std::io::{self, Write};

use anstyle::Style;
use iamsim_catalog::{
    AccessLevel, Action, ArnMatch, Cardinality, ConditionKey, ManagedPolicy, Service, ValueType, about,
};
use iamsim_syntax::PolicyType;
use serde_json::{Value, json};

use crate::render::layout::{Layout, Table, paragraph};
use crate::render::style::{FAINT, HEADING, Painted};

/// What was asked for.
pub(crate) enum Page {
    Services(Vec<&'static Service>),
    Actions(Vec<&'static Action>),
    Action(&'static Action),
    Keys(Vec<ConditionKey>),
    Policies(Vec<ManagedPolicy>),
    Policy(ManagedPolicy),
    Expansion(Vec<&'static Action>),
    Arn(Vec<ArnMatch>),
    About,
}

impl Page {
    pub(crate) fn human(&self, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Services(services) => services_table(services).print(layout, out),
            Self::Actions(actions) => {
                actions_table(actions).print(layout, out)?;
                let is_starred = |action: &&Action| action.resource_types.iter().any(|used| used.required);
                if !actions.iter().copied().any(|action| is_starred(&action)) {
                    return Ok(());
                }
                note("* a statement that names resources must name one of this type", layout, out)
            }
            Self::Action(action) => self::action(action, layout, out),
            Self::Keys(keys) => keys_table(keys).print(layout, out),
            Self::Policies(policies) => policies_table(policies).print(layout, out),
            Self::Policy(policy) => document(policy, out),
            Self::Expansion(actions) => actions.iter().try_for_each(|action| writeln!(out, "{action}")),
            Self::Arn(found) => arn(found, layout, out),
            Self::About => about_text(layout, out),
        }
    }

    pub(crate) fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        let value = match self {
            Self::Services(services) => list(services, |service| service_json(service)),
            Self::Actions(actions) => list(actions, |action| action_json(action)),
            Self::Action(action) => action_json(action),
            Self::Keys(keys) => list(keys, key_json),
            Self::Policies(policies) => list(policies, policy_json),
            Self::Policy(policy) => return document(policy, out),
            Self::Expansion(actions) => list(actions, |action| json!(action.to_string())),
            Self::Arn(found) => list(found, arn_json),
            Self::About => about_json(),
        };
        super::json::document(&value, out)
    }
}

fn list<T>(items: &[T], value: impl Fn(&T) -> Value) -> Value {
    Value::Array(items.iter().map(value).collect())
}

fn note(text: &str, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out)?;
    paragraph(0, FAINT, text, layout, out)
}

fn services_table(services: &[&'static Service]) -> Table {
    let mut table = Table::new(&["prefix", "actions", "RCPs", "name"]);
    for service in services {
        let reached = if service.supports_resource_control_policies() { "yes" } else { "" };
        table.row([
            service.prefix().to_owned(),
            service.actions().len().to_string(),
            reached.to_owned(),
            service.name().to_owned(),
        ]);
    }
    table
}

fn actions_table(actions: &[&'static Action]) -> Table {
    let mut table = Table::new(&["action", "access", "resource types"]);
    for action in actions {
        table.row([action.to_string(), access(action.access_level).to_owned(), resource_types(action)]);
    }
    table
}

fn resource_types(action: &Action) -> String {
    if action.is_wildcard_only() {
        return "none: takes \"Resource\": \"*\"".to_owned();
    }
    let types = action.resource_types.iter();
    let types = types.map(|used| format!("{}{}", used.resource_type, if used.required { "*" } else { "" }));
    types.collect::<Vec<_>>().join(", ")
}

fn access(level: AccessLevel) -> &'static str {
    match level {
        AccessLevel::List => "List",
        AccessLevel::Read => "Read",
        AccessLevel::Write => "Write",
        AccessLevel::Tagging => "Tagging",
        AccessLevel::PermissionsManagement => "Permissions management",
    }
}

fn action(action: &Action, layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let service = iamsim_catalog::service(action.service);
    let name = service.map(|service| format!("  {}", service.name())).unwrap_or_default();
    writeln!(out, "{}{}", Painted(HEADING, action), Painted(FAINT, name))?;
    writeln!(out, "{}", access(action.access_level))?;

    writeln!(out)?;
    if action.is_wildcard_only() {
        paragraph(0, Style::new(), "Takes no resource: a statement needs \"Resource\": \"*\".", layout, out)?;
    } else {
        let mut table = Table::new(&["resource type", "required", "ARN"]);
        for used in &action.resource_types {
            let found = service.and_then(|service| service.resource_type(used.resource_type));
            let arns = found.map(|found| found.arns.join(" or ")).unwrap_or_default();
            let required = if used.required { "yes" } else { "no" };
            table.row([used.resource_type.to_owned(), required.to_owned(), arns]);
        }
        table.print(layout, out)?;
    }

    let of_types = action
        .resource_types
        .iter()
        .flat_map(|used| used.condition_keys.iter().map(move |key| (key, Some(used.resource_type))));
    let keys: Vec<_> = action.condition_keys.iter().map(|key| (key, None)).chain(of_types).collect();
    if !keys.is_empty() {
        let mut table = Table::new(&["condition key", "type", "values", "for"]);
        for (key, resource_type) in keys {
            table.row([
                key.name.to_owned(),
                value_type(key.value_type).to_owned(),
                cardinality(key.cardinality).to_owned(),
                resource_type.unwrap_or("any").to_owned(),
            ]);
        }
        writeln!(out)?;
        table.print(layout, out)?;
    }
    if !action.dependent_actions.is_empty() {
        let text = format!("May also need {}.", action.dependent_actions.join(", "));
        writeln!(out)?;
        paragraph(0, Style::new(), &text, layout, out)?;
    }
    note("Global condition keys (`iamsim catalog keys`) work with every action.", layout, out)
}

fn keys_table(keys: &[ConditionKey]) -> Table {
    let mut table = Table::new(&["condition key", "type", "values"]);
    for key in keys {
        table.row([
            key.name.to_owned(),
            value_type(key.value_type).to_owned(),
            cardinality(key.cardinality).to_owned(),
        ]);
    }
    table
}

fn value_type(value_type: ValueType) -> &'static str {
    match value_type {
        ValueType::String => "String",
        ValueType::Arn => "ARN",
        ValueType::Bool => "Bool",
        ValueType::Numeric => "Numeric",
        ValueType::Date => "Date",
        ValueType::IpAddress => "IPAddress",
    }
}

fn cardinality(cardinality: Cardinality) -> &'static str {
    match cardinality {
        Cardinality::SingleValued => "one",
        Cardinality::Multivalued => "many",
    }
}

fn policies_table(policies: &[ManagedPolicy]) -> Table {
    let mut table = Table::new(&["name", "version", "updated", "path"]);
    for policy in policies {
        let ManagedPolicy { name, default_version, updated, path, .. } = policy;
        table.row([
            (*name).to_owned(),
            (*default_version).to_owned(),
            (*updated).to_owned(),
            (*path).to_owned(),
        ]);
    }
    table
}

fn arn(found: &[ArnMatch], layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::new(&["service", "resource type", "form"]);
    for ArnMatch { service, resource_type, .. } in found {
        table.row([
            service.prefix().to_owned(),
            resource_type.name.to_owned(),
            resource_type.arns.join(" or "),
        ]);
    }
    table.print(layout, out)?;
    let Some(first) = found.first() else { return Ok(()) };
    let keys: Vec<_> = first.resource_type.condition_keys.iter().map(|key| key.name).collect();
    if keys.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let text = format!("Condition keys of the type {}: {}.", first.resource_type.name, keys.join(", "));
    paragraph(0, Style::new(), &text, layout, out)
}

fn about_text(layout: Layout, out: &mut dyn Write) -> io::Result<()> {
    let about = about();
    let counts = about.counts;
    let mut table = Table::new(&["count", "of"]);
    let rows = [
        (counts.services, "services"),
        (counts.actions, "actions"),
        (counts.resource_types, "resource types"),
        (counts.condition_keys, "condition keys of services"),
        (counts.global_condition_keys, "global condition keys"),
        (counts.dependent_actions, "dependent actions"),
        (counts.services_with_resource_control_policies, "services that resource control policies reach"),
        (counts.managed_policies, "AWS managed policies"),
    ];
    for (count, what) in rows {
        table.row([count.to_string(), what.to_owned()]);
    }
    table.print(layout, out)?;
    writeln!(out, "\nThe newest AWS managed policy is of {}.\n", counts.newest_managed_policy)?;
    for source in about.sources {
        let heading = format!("{} {} {}", source.registry, source.package, source.version);
        writeln!(out, "{}", Painted(HEADING, heading))?;
        writeln!(out, "  dated {}, licence {}", source.dated, source.licence)?;
        writeln!(out, "  sha256 {}", Painted(FAINT, source.sha256))?;
        paragraph(2, Style::new(), source.provides, layout, out)?;
    }
    for file in about.files {
        writeln!(out, "{}", Painted(HEADING, file.name))?;
        writeln!(out, "  {} bytes, {} unpacked", file.bytes, file.unpacked_bytes)?;
        writeln!(out, "  sha256 {}", Painted(FAINT, file.sha256))?;
        writeln!(out, "  sha256 {} unpacked", Painted(FAINT, file.unpacked_sha256))?;
    }
    Ok(())
}

/// A policy's document, its elements in the order people write them.
fn document(policy: &ManagedPolicy, out: &mut dyn Write) -> io::Result<()> {
    match iamsim_syntax::parse(policy.document, PolicyType::IdentityBased) {
        (Some(parsed), _) => writeln!(out, "{}", iamsim_syntax::print(&parsed).trim_end()),
        (None, _) => writeln!(out, "{}", policy.document),
    }
}

fn service_json(service: &Service) -> Value {
    json!({
        "prefix": service.prefix(),
        "name": service.name(),
        "actions": service.actions().len(),
        "resourceControlPolicies": service.supports_resource_control_policies(),
    })
}

fn action_json(action: &Action) -> Value {
    let resource_types = action.resource_types.iter().map(|used| {
        json!({
            "resourceType": used.resource_type,
            "required": used.required,
            "conditionKeys": list(&used.condition_keys, key_json),
        })
    });
    json!({
        "action": action.to_string(),
        "accessLevel": access(action.access_level),
        "resourceTypes": resource_types.collect::<Vec<_>>(),
        "conditionKeys": list(&action.condition_keys, key_json),
        "dependentActions": action.dependent_actions,
    })
}

fn key_json(key: &ConditionKey) -> Value {
    json!({
        "key": key.name,
        "type": value_type(key.value_type),
        "multivalued": key.cardinality == Cardinality::Multivalued,
    })
}

fn policy_json(policy: &ManagedPolicy) -> Value {
    json!({
        "name": policy.name,
        "arn": policy.arn,
        "defaultVersion": policy.default_version,
        "updated": policy.updated,
    })
}

fn arn_json(found: &ArnMatch) -> Value {
    json!({
        "service": found.service.prefix(),
        "resourceType": found.resource_type.name,
        "arns": found.resource_type.arns,
        "conditionKeys": list(&found.resource_type.condition_keys, key_json),
    })
}

fn about_json() -> Value {
    let about = about();
    let counts = about.counts;
    let sources = about.sources.iter().map(|source| {
        json!({
            "registry": source.registry, "package": source.package, "version": source.version,
            "dated": source.dated, "licence": source.licence, "sha256": source.sha256,
            "provides": source.provides,
        })
    });
    let files = about.files.iter().map(|file| {
        json!({
            "name": file.name, "bytes": file.bytes, "sha256": file.sha256,
            "unpackedBytes": file.unpacked_bytes, "unpackedSha256": file.unpacked_sha256,
        })
    });
    json!({
        "version": 1,
        "counts": {
            "services": counts.services,
            "actions": counts.actions,
            "resourceTypes": counts.resource_types,
            "conditionKeys": counts.condition_keys,
            "globalConditionKeys": counts.global_condition_keys,
            "dependentActions": counts.dependent_actions,
            "servicesWithResourceControlPolicies": counts.services_with_resource_control_policies,
            "managedPolicies": counts.managed_policies,
            "newestManagedPolicy": counts.newest_managed_policy,
        },
        "sources": sources.collect::<Vec<_>>(),
        "files": files.collect::<Vec<_>>(),
    })
}
