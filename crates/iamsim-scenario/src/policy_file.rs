//! Policies as our files give them: in place, by path, by the name or ARN of a managed policy.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use iamsim_engine::{Policies, Policy};
use iamsim_syntax::json::{Node, Value};
use iamsim_syntax::{Diagnostic, PolicyType};
use rustc_hash::FxHashMap;

use crate::decode::{Decoder, nearest};
use crate::library::{self, Compiled, IN_PLACE, Numbered};
use crate::source::{Finding, Source};

/// The service control policy AWS attaches to everything in an organization.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html>
const FULL_AWS_ACCESS: &str =
    r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}"#;
const FULL_AWS_ACCESS_ARN: &str = "arn:aws:organizations::aws:policy/service_control_policy/p-FullAWSAccess";

/// The resource control policy AWS attaches likewise. Nobody may write one that allows, and an evaluation looks
/// for those that deny only, so it is known by name and left out.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html>
const RCP_FULL_AWS_ACCESS: &str = "RCPFullAWSAccess";
const RCP_FULL_AWS_ACCESS_ARN: &str =
    "arn:aws:organizations::aws:policy/resource_control_policy/p-RCPFullAWSAccess";

/// The customer managed policies of an account by name: their ARNs and where their documents are written.
pub(crate) type CustomerManaged<'n> = BTreeMap<&'n str, (String, &'n Node)>;

/// The policies that paths written in a text have led to: a world names the same few files again and again.
#[derive(Default)]
pub(crate) struct Followed(FxHashMap<Box<str>, Vec<(PolicyType, Arc<Policy>)>>);

impl Followed {
    fn find(&self, path: &str, policy_type: PolicyType) -> Option<&Arc<Policy>> {
        let there = self.0.get(path)?.iter().find(|(read_as, _)| *read_as == policy_type);
        there.map(|(_, policy)| policy)
    }

    fn add(&mut self, path: &str, policy_type: PolicyType, policy: Arc<Policy>) {
        self.0.entry(path.into()).or_default().push((policy_type, policy));
    }
}

/// How the policies of one place are read.
pub(crate) struct PolicyReader<'n> {
    policy_type: PolicyType,
    managed: Option<&'n CustomerManaged<'n>>,
    /// What a policy without a name is called.
    unnamed: &'n str,
}

impl<'n> PolicyReader<'n> {
    pub(crate) fn new(policy_type: PolicyType, unnamed: &'n str) -> Self {
        Self { policy_type, managed: None, unnamed }
    }

    /// Lets customer managed policies be named.
    pub(crate) fn with_managed(mut self, managed: &'n CustomerManaged<'n>) -> Self {
        self.managed = Some(managed);
        self
    }

    /// A list of policies, or one.
    pub(crate) fn list(&self, decoder: &mut Decoder<'_>, node: &Node) -> Policies {
        let policies = decoder.items(node).iter().filter_map(|item| self.one(decoder, item)).collect();
        attached(decoder, policies)
    }

    /// As [`PolicyReader::one`], where one policy can be attached.
    pub(crate) fn only(&self, decoder: &mut Decoder<'_>, node: &Node) -> Policies {
        let policy = self.one(decoder, node).into_iter().collect();
        attached(decoder, policy)
    }

    /// One policy; `None` when it has errors, which are reported, or is left out.
    pub(crate) fn one(&self, decoder: &mut Decoder<'_>, node: &Node) -> Option<Arc<Policy>> {
        match &node.value {
            Value::String(name) => self.by_name(decoder, name, node),
            Value::Object(_) if node.member("document").is_some() || node.member("name").is_some() => {
                self.named(decoder, node)
            }
            Value::Object(_) => self.in_place(decoder, node, self.unnamed, None),
            _ => {
                decoder.wrong_type(node, "a policy", "an object, a path or a name");
                None
            }
        }
    }

    /// The service control policy that allows everything.
    pub(crate) fn full_aws_access(&self, decoder: &mut Decoder<'_>) -> Option<Arc<Policy>> {
        self.aws_managed(decoder, "FullAWSAccess", (FULL_AWS_ACCESS_ARN, FULL_AWS_ACCESS))
    }

    fn named(&self, decoder: &mut Decoder<'_>, node: &Node) -> Option<Arc<Policy>> {
        let mut fields = decoder.object(node, "a named policy")?;
        let name = fields.take("name").and_then(|name| decoder.string(name, "a policy's name"));
        let document = fields.require(decoder, "document");
        fields.finish(decoder);
        let document = document?;
        if self.policy_type == PolicyType::ResourceControl
            && name.is_some_and(|name| name == RCP_FULL_AWS_ACCESS)
        {
            return None;
        }
        match document.as_str() {
            Some(path) => self.by_path(decoder, path, document),
            None => {
                let arn = name.filter(|name| name.starts_with("arn:"));
                self.in_place(decoder, document, name.unwrap_or(self.unnamed), arn)
            }
        }
    }

    fn in_place(
        &self,
        decoder: &mut Decoder<'_>,
        node: &Node,
        name: &str,
        arn: Option<&str>,
    ) -> Option<Arc<Policy>> {
        match library::compile_node(node, self.policy_type, name, arn, decoder.number) {
            Ok(policy) => Some(Arc::new(policy)),
            Err(diagnostics) => {
                diagnostics.into_iter().for_each(|diagnostic| decoder.report(diagnostic));
                None
            }
        }
    }

    fn by_name(&self, decoder: &mut Decoder<'_>, name: &str, node: &Node) -> Option<Arc<Policy>> {
        if let Some((arn, document)) = self.customer_managed(name) {
            return match document.as_str() {
                Some(path) => self.read(decoder, path, document, Some(arn)),
                None => self.in_place(decoder, document, name_in(arn), Some(arn)),
            };
        }
        match self.policy_type {
            PolicyType::ServiceControl if matches!(name, "FullAWSAccess" | FULL_AWS_ACCESS_ARN) => {
                return self.full_aws_access(decoder);
            }
            PolicyType::ResourceControl if matches!(name, RCP_FULL_AWS_ACCESS | RCP_FULL_AWS_ACCESS_ARN) => {
                return None;
            }
            _ => {}
        }
        // No managed policy's name looks like a path, and unpacking them to find that out takes a while.
        if !name.starts_with("arn:") && is_path(name) {
            return self.by_path(decoder, name, node);
        }
        if self.may_be_managed()
            && let Some(policy) = iamsim_catalog::managed_policy(name)
        {
            return self.aws_managed(decoder, policy.name, (policy.arn, policy.document));
        }
        self.unknown(decoder, name, node);
        None
    }

    fn customer_managed(&self, name: &str) -> Option<(&str, &'n Node)> {
        let managed = self.managed?;
        let by_arn = || managed.values().find(|(arn, _)| arn == name);
        managed.get(name).or_else(by_arn).map(|(arn, document)| (arn.as_str(), *document))
    }

    fn aws_managed(
        &self,
        decoder: &mut Decoder<'_>,
        name: &str,
        (arn, document): (&str, &str),
    ) -> Option<Arc<Policy>> {
        let library = decoder.library;
        let compiled = library.policy(arn, self.policy_type, || {
            let numbered = library.keep(Source::new(arn, document));
            library::compile(&numbered, self.policy_type, name, Some(arn))
        });
        taken(decoder, compiled)
    }

    fn by_path(&self, decoder: &mut Decoder<'_>, path: &str, node: &Node) -> Option<Arc<Policy>> {
        if let Some(known) = decoder.followed.find(path, self.policy_type) {
            return Some(Arc::clone(known));
        }
        let policy = self.read(decoder, path, node, None)?;
        decoder.followed.add(path, self.policy_type, Arc::clone(&policy));
        Some(policy)
    }

    /// Reads the file at `path`, as the document of the customer managed policy `arn` if it is one's.
    fn read(
        &self,
        decoder: &mut Decoder<'_>,
        path: &str,
        node: &Node,
        arn: Option<&str>,
    ) -> Option<Arc<Policy>> {
        let numbered = open(decoder, path, node, "the policy")?;
        let source = numbered.source.path();
        let key = arn.map_or_else(|| source.to_owned(), |arn| format!("{source} {arn}"));
        let name = arn.map_or(source, name_in);
        let compiled = decoder
            .library
            .policy(&key, self.policy_type, || library::compile(&numbered, self.policy_type, name, arn));
        taken(decoder, compiled)
    }

    /// Whether AWS managed policies can be used here.
    fn may_be_managed(&self) -> bool {
        matches!(
            self.policy_type,
            PolicyType::IdentityBased | PolicyType::PermissionsBoundary | PolicyType::Session
        )
    }

    fn unknown(&self, decoder: &mut Decoder<'_>, name: &str, node: &Node) {
        let own = self.managed.into_iter().flat_map(BTreeMap::keys).copied();
        let near = nearest(name, own).or_else(|| {
            let of_aws =
                if self.may_be_managed() { iamsim_catalog::nearest_managed_policy(name) } else { None };
            of_aws.map(|policy| if name.starts_with("arn:") { policy.arn } else { policy.name })
        });
        let near = match self.policy_type {
            PolicyType::ServiceControl => nearest(name, ["FullAWSAccess"]),
            PolicyType::ResourceControl => nearest(name, [RCP_FULL_AWS_ACCESS]),
            _ => near,
        };
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "write the policy in place, or its path ending in `.json`".to_owned(),
        };
        let message = format!("there is no policy called `{name}`");
        decoder.report(Diagnostic::error("unknown-policy", node.span, message).with_help(help));
    }
}

/// Opens a file that a text names at `node`.
pub(crate) fn open(decoder: &mut Decoder<'_>, path: &str, node: &Node, what: &str) -> Option<Numbered> {
    let full = decoder.resolve(path);
    match decoder.library.file(&full) {
        Ok(numbered) => Some(numbered),
        Err(why) => {
            let message = format!("{what} `{}` cannot be read: {why}", full.display());
            let diagnostic = Diagnostic::error("unreadable-file", node.span, message);
            decoder.report(match beside(&full).filter(|_| !full.exists()) {
                Some(near) => {
                    let near = Path::new(path).with_file_name(near);
                    diagnostic.with_help(format!("did you mean `{}`?", near.display()))
                }
                None => diagnostic,
            });
            None
        }
    }
}

/// The name of the file in the same folder that is most like one that is not there.
fn beside(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = std::fs::read_dir(folder).ok()?;
    let names: Vec<String> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
    nearest(name, names.iter().map(String::as_str)).map(str::to_owned)
}

fn taken(decoder: &mut Decoder<'_>, compiled: Compiled) -> Option<Arc<Policy>> {
    match compiled {
        Ok(policy) => Some(policy),
        Err(findings) => {
            findings.into_iter().for_each(|finding: Finding| decoder.add(finding));
            None
        }
    }
}

/// Policies of texts that stay, as worlds do, often are attached in many places.
fn attached(decoder: &Decoder<'_>, policies: Vec<Arc<Policy>>) -> Policies {
    if decoder.number == IN_PLACE { policies.into() } else { decoder.library.attached(policies) }
}

/// `Team` of `arn:aws:iam::111122223333:policy/path/Team`.
fn name_in(arn: &str) -> &str {
    arn.rsplit('/').next().unwrap_or(arn)
}

fn is_path(name: &str) -> bool {
    name.contains(['/', '\\']) || [".json", ".yaml", ".yml"].iter().any(|extension| name.ends_with(extension))
}
