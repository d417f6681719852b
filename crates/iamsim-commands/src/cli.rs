//! What the AWS CLI accepts: its services, their operations, and the flags of each.
//!
//! Embedded as text, unpacked and cut into services when the crate was built; `data/generate.py` describes the lines.

use std::collections::BTreeMap;

/// Every line.
const TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/cli.txt"));

// `SERVICES`: each service with its lines, by name.
include!(concat!(env!("OUT_DIR"), "/services.rs"));

/// A part of the text. The compiler does the cutting, and refuses to cut where no character begins.
const fn between(start: usize, end: usize) -> &'static str {
    TEXT.split_at(end).0.split_at(start).1
}

/// A service as the CLI names it.
#[derive(Debug, Clone)]
pub(crate) struct Service {
    pub(crate) name: &'static str,
    /// The prefix of its IAM actions.
    pub(crate) prefix: &'static str,
    /// One line per operation.
    lines: &'static str,
}

/// An operation of a service.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    /// `get-session-token`
    pub(crate) name: &'static str,
    /// `GetSessionToken`; `-` for a command that is no single API operation.
    pub(crate) api: &'static str,
    pub(crate) flags: BTreeMap<&'static str, Flag>,
    /// The names of the arguments without a flag.
    pub(crate) positional: Vec<&'static str>,
}

/// What follows a flag, and whether it must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Flag {
    pub(crate) arity: Arity,
    pub(crate) required: bool,
}

/// How many values follow a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arity {
    None,
    OneOrNone,
    One,
    Many,
}

/// The letters and digits of a name, in lower case: by them flags, parameters and condition keys are the same.
pub(crate) fn squeezed(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Every service, by name.
pub(crate) fn services() -> &'static [Service] {
    &SERVICES
}

/// Finds a service by its name in the CLI.
pub(crate) fn service(name: &str) -> Option<&'static Service> {
    let index = SERVICES.binary_search_by(|service| service.name.cmp(name)).ok()?;
    SERVICES.get(index)
}

impl Service {
    /// The names of its operations.
    pub(crate) fn operation_names(&self) -> impl Iterator<Item = &'static str> {
        self.lines.lines().filter_map(|line| line.split(' ').next())
    }

    /// Finds an operation by its name in the CLI.
    pub(crate) fn operation(&self, name: &str) -> Option<Operation> {
        let line = self.lines.lines().find(|line| line.split(' ').next() == Some(name))?;
        operation(line)
    }
}

fn operation(line: &'static str) -> Option<Operation> {
    let mut parts = line.split(' ');
    let (name, api) = (parts.next()?, parts.next()?);
    let (mut flags, mut positional) = (BTreeMap::new(), Vec::new());
    for part in parts {
        if let Some(name) = part.strip_prefix('<') {
            positional.push(name.trim_end_matches('>'));
            continue;
        }
        let name = part.trim_end_matches(['!', '*', '?', '~', '%']);
        let marks = part.get(name.len()..).unwrap_or_default();
        let arity = match marks.trim_start_matches('!') {
            "?" | "~" => Arity::None,
            "*" => Arity::Many,
            "%" => Arity::OneOrNone,
            _ => Arity::One,
        };
        flags.insert(name, Flag { arity, required: marks.starts_with('!') });
    }
    Some(Operation { name, api, flags, positional })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A command with every flag and argument that must be there.
    fn fullest(service: &Service, operation: &Operation) -> String {
        let flags = operation.flags.iter().filter(|(_, flag)| flag.required);
        let flags: String = flags
            .map(
                |(name, flag)| {
                    if flag.arity == Arity::None { format!(" --{name}") } else { format!(" --{name} 1") }
                },
            )
            .collect();
        let name = operation.name.replace('/', " ");
        format!("aws {} {name}{} {flags}", service.name, " s3://b/k".repeat(operation.positional.len()))
    }

    #[test]
    fn operations_lower_to_actions_of_the_catalog() {
        let environment = crate::Environment {
            account: iamsim_engine::AccountId::parse("111122223333"),
            caller_arn: "arn:aws:iam::111122223333:user/alice",
            partition: "aws",
            region: "us-east-1",
        };
        let (mut all, mut unknown) = (0, Vec::new());
        for service in services() {
            for name in service.operation_names() {
                let operation = service.operation(name).unwrap();
                if operation.api == "-" {
                    continue;
                }
                all += 1;
                let lowered = crate::lower(&fullest(service, &operation), &environment).unwrap();
                let checks = lowered.calls.iter().flat_map(|call| &call.checks);
                let missing = checks
                    .map(|check| &*check.action)
                    .find(|action| iamsim_catalog::action(action).is_none());
                unknown.extend(missing.map(|action| format!("{} {name}: {action}", service.name)));
            }
        }
        // What is left is newer than the catalog, or older.
        assert!(unknown.len() * 40 < all, "{} of {all}:\n{}", unknown.len(), unknown.join("\n"));
    }

    #[test]
    fn the_data_is_there() {
        assert!(services().len() > 400);
        let operation = service("sts").unwrap().operation("assume-role").unwrap();
        assert_eq!(operation.api, "AssumeRole");
        assert_eq!(operation.flags["role-arn"], Flag { arity: Arity::One, required: true });
        assert_eq!(operation.flags["tags"].arity, Arity::Many);
        assert_eq!(service("lambda").unwrap().operation("invoke").unwrap().positional, ["outfile"]);
    }
}
