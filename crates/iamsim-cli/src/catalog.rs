//! `iamsim catalog`.

use clap::Subcommand;
use iamsim_catalog as catalog;

use crate::args::Output;
use crate::exit::Exit;
use crate::format::{PlainFormat, plain_targets};
use crate::render::catalog as print;
use crate::render::layout::Layout;

const EXAMPLES: &str = "\
Examples:
  iamsim catalog actions 's3:*Acl'
  iamsim catalog action s3:GetObject
  iamsim catalog policies '*ReadOnly*'
  iamsim catalog arn arn:aws:s3:::amzn-s3-demo-bucket/report.csv

A PATTERN has the wildcards `*` and `?`, and ignores case; one without wildcards is looked for anywhere in a name.
Exit codes: 0 found, 2 there is no such thing.";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub(crate) struct Catalog {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The services, with their prefixes
    Services {
        /// Only those whose prefix or name matches
        pattern: Option<String>,
    },
    /// Actions with their access levels and resource types
    Actions {
        /// A service's prefix, `s3`; a pattern for actions, `s3:Get*`; or part of a name
        pattern: String,
    },
    /// One action: its resource types, condition keys and dependent actions
    Action {
        /// As policies write it: `s3:GetObject`
        name: String,
    },
    /// Condition keys with their types; the global ones when no pattern is given
    Keys {
        /// A pattern for the keys of all services
        pattern: Option<String>,
    },
    /// AWS managed policies
    Policies {
        /// A pattern for their names
        pattern: Option<String>,
    },
    /// The document of an AWS managed policy
    Policy {
        /// Its name or ARN
        name: String,
    },
    /// The actions that a pattern in a policy covers, one a line
    Expand {
        /// As policies write it: `s3:Get*`
        pattern: String,
    },
    /// The resource types that an ARN can be of
    Arn {
        /// An ARN without wildcards
        arn: String,
    },
    /// Where the catalog's data comes from, and how much there is
    About,
}

pub(crate) fn run(args: &Catalog, output: &Output) -> anyhow::Result<Exit> {
    let targets = plain_targets(&output.format, "catalog")?;
    let page = page(&args.what)?;
    for target in targets {
        target.write(|out| match target.format {
            PlainFormat::Human => page.human(Layout::of_stdout(), out),
            PlainFormat::Json => page.json(out),
        })?;
    }
    Ok(Exit::AsExpected)
}

fn page(what: &What) -> anyhow::Result<print::Page> {
    Ok(match what {
        What::Services { pattern } => {
            let found = catalog::services().iter().filter(|service| {
                let is_asked =
                    |pattern: &String| matches(pattern, service.prefix()) || matches(pattern, service.name());
                pattern.as_ref().is_none_or(is_asked)
            });
            let nearest = |asked: &str| catalog::nearest_service(asked).map(|near| near.prefix().to_owned());
            print::Page::Services(some(found.collect(), "service", pattern.as_deref(), nearest)?)
        }
        What::Actions { pattern } => print::Page::Actions(actions(pattern)?),
        What::Action { name } => match catalog::action(name) {
            Some(action) => print::Page::Action(action),
            None => return Err(no_such_action(name)),
        },
        What::Keys { pattern } => print::Page::Keys(some(
            keys(pattern.as_deref()),
            "condition key",
            pattern.as_deref(),
            catalog::nearest_condition_key,
        )?),
        What::Policies { pattern } => {
            let found = catalog::managed_policies()
                .filter(|policy| pattern.as_ref().is_none_or(|p| matches(p, policy.name)));
            let nearest =
                |asked: &str| catalog::nearest_managed_policy(asked).map(|near| near.name.to_owned());
            print::Page::Policies(some(found.collect(), "AWS managed policy", pattern.as_deref(), nearest)?)
        }
        What::Policy { name } => match catalog::managed_policy(name) {
            Some(policy) => print::Page::Policy(policy),
            None => {
                let near = catalog::nearest_managed_policy(name).map(|near| near.name.to_owned());
                return Err(unknown("AWS managed policy", name, near));
            }
        },
        What::Expand { pattern } => {
            let found: Vec<_> = catalog::expand(pattern).collect();
            if found.is_empty() {
                return Err(no_such_action(pattern));
            }
            print::Page::Expansion(found)
        }
        What::Arn { arn } => {
            let found = catalog::arn_resource_types(arn);
            if found.is_empty() {
                return Err(no_such_arn(arn));
            }
            print::Page::Arn(found)
        }
        What::About => print::Page::About,
    })
}

/// `s3`, `s3:Get*` or part of a name.
fn actions(pattern: &str) -> anyhow::Result<Vec<&'static catalog::Action>> {
    let found: Vec<_> = if let Some(service) = catalog::service(pattern) {
        service.actions().iter().collect()
    } else if pattern.contains(':') || pattern == "*" {
        catalog::expand(pattern).collect()
    } else {
        let all = catalog::services().iter().flat_map(catalog::Service::actions);
        all.filter(|action| matches(pattern, action.name)).collect()
    };
    if found.is_empty() { Err(no_such_action(pattern)) } else { Ok(found) }
}

/// Says which of the two is wrong, the service's prefix or the name after it.
fn no_such_action(asked: &str) -> anyhow::Error {
    let nearest = catalog::nearest_action(asked).map(ToString::to_string);
    let Some((prefix, name)) = asked.split_once(':') else {
        let found = catalog::services().iter().filter_map(|service| service.action(asked));
        return match found.count() {
            ..=1 => unknown("action", asked, nearest),
            several => anyhow::anyhow!(
                "{several} services have an action `{asked}`: `iamsim catalog actions {asked}` lists them"
            ),
        };
    };
    match catalog::service(prefix) {
        Some(_) if nearest.is_none() => anyhow::anyhow!("`{prefix}` has no action `{name}`"),
        None if nearest.is_none() && !prefix.contains(['*', '?']) => {
            unknown("service", prefix, catalog::nearest_service(prefix).map(|near| near.prefix().to_owned()))
        }
        _ => unknown("action", asked, nearest),
    }
}

/// The global keys, or those of everyone that match, each once.
fn keys(pattern: Option<&str>) -> Vec<catalog::ConditionKey> {
    let Some(pattern) = pattern else { return catalog::global_condition_keys().to_vec() };
    let of_services = catalog::services().iter().flat_map(catalog::Service::condition_keys);
    let all = catalog::global_condition_keys().iter().chain(of_services);
    let mut found: Vec<_> = all.filter(|key| matches(pattern, key.name)).copied().collect();
    // `aws:RequestTag/team` is a key by its template.
    found.extend(catalog::condition_key(pattern));
    found.sort_by_key(|key| key.name.to_lowercase());
    found.dedup_by_key(|key| key.name.to_lowercase());
    found
}

fn some<T>(
    found: Vec<T>,
    what: &str,
    pattern: Option<&str>,
    nearest: impl Fn(&str) -> Option<String>,
) -> anyhow::Result<Vec<T>> {
    let pattern = pattern.unwrap_or_default();
    if found.is_empty() { Err(unknown(what, pattern, nearest(pattern))) } else { Ok(found) }
}

fn unknown(what: &str, asked: &str, nearest: Option<String>) -> anyhow::Error {
    match nearest {
        Some(nearest) => anyhow::anyhow!("there is no {what} `{asked}`: did you mean `{nearest}`?"),
        None => anyhow::anyhow!("there is no {what} `{asked}`"),
    }
}

fn no_such_arn(arn: &str) -> anyhow::Error {
    let Some(parts) = iamsim_syntax::Arn::parse(arn) else {
        return anyhow::anyhow!("`{arn}` is no ARN: write `arn:partition:service:region:account:resource`");
    };
    let service = parts.service;
    if catalog::service(service).is_some() {
        return anyhow::anyhow!("`{arn}` is of no resource type that `{service}` has");
    }
    unknown("service", service, catalog::nearest_service(service).map(|near| near.prefix().to_owned()))
}

/// Whether a name matches: as a whole when the pattern has wildcards, else anywhere in it. Case is ignored.
fn matches(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.to_lowercase(), name.to_lowercase());
    if pattern.contains(['*', '?']) {
        glob(pattern.as_bytes(), name.as_bytes())
    } else {
        name.contains(&pattern)
    }
}

/// `*` is any text, `?` any character. Goes back to the last star only, so it never takes long.
fn glob(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut of) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while let Some(byte) = text.get(of) {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, of));
                at += 1;
            }
            Some(wanted) if *wanted == b'?' || wanted == byte => {
                at += 1;
                of += 1;
            }
            _ => {
                let Some((starred, from)) = star else { return false };
                star = Some((starred, from + 1));
                at = starred + 1;
                of = from + 1;
            }
        }
    }
    pattern.get(at..).is_some_and(|rest| rest.iter().all(|byte| *byte == b'*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_of_the_whole_name_and_a_word_of_any_part() {
        let check =
            |pattern, name, expected| assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        check("get*", "GetObject", true);
        check("*acl", "GetObjectAcl", true);
        check("*ob*acl", "GetObjectAcl", true);
        check("get?bject", "GetObject", true);
        check("get*", "BatchGet", false);
        check("get", "BatchGet", true);
        check("*", "", true);
        check("?", "", false);
    }
}
