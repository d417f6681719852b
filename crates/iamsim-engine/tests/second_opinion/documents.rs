//! Random policy documents about a case, as JSON text.

use iamsim_syntax::PolicyType;

use crate::case::{Caller, Case, Policies};
use crate::clauses::condition;
use crate::generate::{ACCOUNTS, CANONICAL};
use crate::tape::Tape;

pub(crate) fn policies(
    tape: &mut Tape<'_>,
    case: &Case,
    has_resource_policy: bool,
    controlled: bool,
) -> Policies<String> {
    let mut write = Writer { tape, case };
    let mut found = Policies {
        identity: Vec::new(),
        boundary: None,
        session: Vec::new(),
        resource: None,
        service_control: None,
        resource_control: None,
        endpoint: None,
    };
    if has_resource_policy && write.tape.chance(75) {
        found.resource = Some(write.document(case.resource_policy_type(), 85));
    }
    let linked = matches!(&case.caller, Caller::Role { role, .. } if role.contains("aws-service-role"));
    if matches!(case.caller, Caller::User { .. } | Caller::Role { .. } | Caller::FederatedUser { .. }) {
        for _ in 0..write.tape.pick(&[1, 1, 1, 1, 0, 2]) {
            found.identity.push(write.document(PolicyType::IdentityBased, 85));
        }
        if !linked && write.tape.chance(25) {
            found.boundary = Some(write.document(PolicyType::PermissionsBoundary, 75));
        }
    }
    let sessions: &[usize] = match case.caller {
        Caller::Role { .. } if !linked => &[0, 0, 0, 1, 1, 2],
        Caller::FederatedUser { .. } => &[1, 1, 0],
        _ => &[0],
    };
    for _ in 0..write.tape.pick(sessions) {
        found.session.push(write.document(PolicyType::Session, 75));
    }
    if write.tape.chance(25) {
        found.service_control = Some(write.levels(PolicyType::ServiceControl));
    }
    if controlled && write.tape.chance(20) {
        found.resource_control = Some(write.levels(PolicyType::ResourceControl));
    }
    if !matches!(case.caller, Caller::Service { .. }) && write.tape.chance(15) {
        found.endpoint = Some(vec![write.document(PolicyType::VpcEndpoint, 85)]);
    }
    found
}

/// A list as JSON: a single value may stand alone.
pub(crate) fn list(values: &[String]) -> String {
    match values {
        [one] => format!("{one:?}"),
        many => format!("{many:?}"),
    }
}

struct Writer<'t, 'b, 'c> {
    tape: &'t mut Tape<'b>,
    case: &'c Case,
}

impl Writer<'_, '_, '_> {
    fn levels(&mut self, policy_type: PolicyType) -> Vec<Vec<String>> {
        let full =
            r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}"#;
        let mut levels = Vec::new();
        for _ in 0..self.tape.pick(&[1, 2, 3]) {
            let mut level = Vec::new();
            let mut write = self.tape.chance(35);
            if policy_type == PolicyType::ServiceControl {
                match self.tape.chance(85) {
                    true => level.push(full.to_owned()),
                    false => write = true,
                }
            }
            if write {
                level.push(self.document(policy_type, 80));
            }
            levels.push(level);
        }
        levels
    }

    /// `allows` in a hundred first statements are meant to let the case through.
    fn document(&mut self, policy_type: PolicyType, allows: usize) -> String {
        let allow = self.tape.chance(allows) && policy_type != PolicyType::ResourceControl;
        let mut statements = vec![self.statement(policy_type, if allow { "Allow" } else { "Deny" })];
        while statements.len() < 3 && self.tape.chance(25) {
            let allow = self.tape.chance(50) && policy_type != PolicyType::ResourceControl;
            statements.push(self.statement(policy_type, if allow { "Allow" } else { "Deny" }));
        }
        let fixed = matches!(
            policy_type,
            PolicyType::PermissionsBoundary | PolicyType::ServiceControl | PolicyType::ResourceControl
        );
        let version = match self.tape.below(12) {
            10 if !fixed => r#""Version": "2008-10-17", "#,
            11 if !fixed => "",
            _ => r#""Version": "2012-10-17", "#,
        };
        format!(r#"{{{version}"Statement": [{}]}}"#, statements.join(", "))
    }

    fn statement(&mut self, policy_type: PolicyType, effect: &str) -> String {
        // Statements that allow are aimed at the case, those that deny more often miss it.
        let aimed = if effect == "Allow" { 85 } else { 55 };
        let mut elements = vec![format!(r#""Effect": "{effect}""#)];
        if matches!(policy_type, PolicyType::ResourceBased | PolicyType::RoleTrust | PolicyType::VpcEndpoint)
        {
            let aimed = self.tape.chance(aimed);
            elements.push(self.principal(policy_type, aimed));
        }
        if policy_type == PolicyType::ResourceControl {
            elements
                .push(self.tape.pick(&[r#""Principal": "*""#, r#""Principal": {"AWS": "*"}"#]).to_owned());
        }
        let aims = self.tape.chance(aimed);
        elements.push(self.action(policy_type, aims));
        if policy_type != PolicyType::RoleTrust {
            let optional = self.case.action.to_lowercase().starts_with("ecr:");
            let leave_out = policy_type == PolicyType::ResourceBased && optional && self.tape.chance(30);
            if !leave_out {
                let aims = self.tape.chance(90);
                elements.push(self.resource(policy_type, aims));
            }
        }
        if self.tape.chance(if effect == "Allow" { 30 } else { 50 }) {
            elements.push(condition(self.tape, self.case));
        }
        format!("{{{}}}", elements.join(", "))
    }

    fn action(&mut self, policy_type: PolicyType, aimed: bool) -> String {
        let action = self.case.action.clone();
        let (service, name) = action.split_once(':').unwrap_or_default();
        let start: String = name.chars().take(4).collect();
        let trust = policy_type == PolicyType::RoleTrust;
        let star = match policy_type {
            PolicyType::RoleTrust | PolicyType::ResourceControl => format!("{service}:*"),
            _ => "*".to_owned(),
        };
        // A trust policy can name no action but those of assuming.
        if trust && !service.eq_ignore_ascii_case("sts") {
            return r#""Action": "sts:*""#.to_owned();
        }
        let other = if trust { "sts:SetContext".to_owned() } else { format!("{service}:Other") };
        let hits = [
            vec![action.clone()],
            vec![other.clone(), action.clone()],
            vec![format!("{service}:*")],
            vec![star],
            vec![format!("{service}:{start}*")],
            vec![action.to_uppercase()],
            vec![format!("{service}:?{}", &name[1..])],
        ];
        let misses =
            [vec![other.clone()], vec!["sts:AssumeRole".to_owned()], vec![format!("{service}:*Context")]];
        let not_allowed = trust || policy_type == PolicyType::ResourceControl;
        match (self.tape.chance(12) && !not_allowed, aimed) {
            (true, true) => format!(r#""NotAction": {}"#, list(&[other])),
            (true, false) => format!(r#""NotAction": {}"#, list(&self.tape.pick(&hits))),
            (false, true) => format!(r#""Action": {}"#, list(&self.tape.pick(&hits))),
            (false, false) => format!(r#""Action": {}"#, list(&self.tape.pick(&misses))),
        }
    }

    fn resource(&mut self, policy_type: PolicyType, aimed: bool) -> String {
        let resource = match &*self.case.resource {
            "*" => "*".to_owned(),
            arn => arn.to_owned(),
        };
        let other = "arn:aws:s3:::another-bucket/*".to_owned();
        let mut hits =
            vec![vec![resource.clone()], vec!["*".to_owned()], vec![other.clone(), resource.clone()]];
        let mut misses = vec![vec![other.clone()]];
        if self.case.action.eq_ignore_ascii_case("s3:ListAllMyBuckets") {
            hits.push(vec!["arn:aws:s3:::*".to_owned()]);
        }
        let parts: Vec<&str> = resource.splitn(6, ':').collect();
        if let [_, partition, service, region, account, rest] = parts[..] {
            // IAM wants the kind of resource spelled out.
            let (kind, name) = rest.split_at(rest.find('/').map_or(0, |slash| slash + 1));
            let (start, end) = name.split_at(name.len() / 2);
            let half = format!("{kind}{start}");
            let any = |text: &str| if text.is_empty() { "" } else { "*" }.to_owned();
            hits.push(vec![format!("arn:{partition}:{service}:{region}:{account}:{half}*")]);
            hits.push(vec![format!("arn:{partition}:{service}:{}:{}:{half}*", any(region), any(account))]);
            hits.push(vec![format!("arn:{partition}:{service}:*:*:{kind}?{}", &name[1..])]);
            hits.push(vec![format!("arn:{partition}:{service}:{region}:{account}:{kind}*{end}")]);
            misses.push(vec![format!("arn:{partition}:{service}:{region}:{account}:{half}")]);
            misses.push(vec![format!("arn:{partition}:{service}:{region}:{account}:{rest}/more")]);
            misses.push(vec![format!(
                "arn:{partition}:{service}:{region}:{account}:{kind}*${{aws:username}}*"
            )]);
            misses.push(vec![format!("arn:{partition}:{service}:{region}:{account}:{half}${{*}}")]);
            misses.push(vec![format!(
                "arn:{partition}:{service}:{region}:{account}:{half}${{aws:TagKeys, 'none'}}*"
            )]);
            if service == "s3" {
                misses.push(vec!["arn:aws:s3:::example-bucket/${aws:username, 'alice'}/*".to_owned()]);
                misses.push(vec!["arn:aws:s3:::*/${aws:PrincipalTag/team}*".to_owned()]);
            }
            if matches!(policy_type, PolicyType::IdentityBased | PolicyType::PermissionsBoundary) {
                hits.push(vec![format!("arn:{partition}:{service}")]);
                if !region.is_empty() {
                    hits.push(vec![format!("arn:{partition}:{service}:{region}:{account}")]);
                }
            }
        }
        match (self.tape.chance(15), aimed) {
            (true, true) => format!(r#""NotResource": {}"#, list(&self.tape.pick(&misses))),
            (true, false) => format!(r#""NotResource": {}"#, list(&self.tape.pick(&hits))),
            (false, true) => format!(r#""Resource": {}"#, list(&self.tape.pick(&hits))),
            (false, false) => format!(r#""Resource": {}"#, list(&self.tape.pick(&misses))),
        }
    }

    fn principal(&mut self, policy_type: PolicyType, aimed: bool) -> String {
        let trust = policy_type == PolicyType::RoleTrust;
        let mut own = self.own_principals(policy_type);
        if !trust && self.tape.chance(20) {
            own.push(("*", String::new()));
        }
        let mut chosen = Vec::new();
        if aimed {
            chosen.push(self.tape.pick(&own));
            if self.tape.chance(20) {
                chosen.push(self.tape.pick(&own));
            }
        }
        if !aimed || self.tape.chance(20) {
            chosen.push(self.tape.pick(&strangers(trust)));
        }
        let everyone = chosen.iter().any(|(kind, _)| *kind == "*");
        let negated = !trust && self.tape.chance(12);
        let name = if negated { "NotPrincipal" } else { "Principal" };
        if everyone {
            return format!(r#""{name}": "*""#);
        }
        let kinds = ["AWS", "Service", "Federated", "CanonicalUser"];
        let members = kinds.iter().filter_map(|kind| {
            let named = chosen.iter().filter(|(of, _)| of == kind).map(|(_, text)| text.clone());
            let named: Vec<String> = named.collect();
            (!named.is_empty()).then(|| format!("{kind:?}: {}", list(&named)))
        });
        format!(r#""{name}": {{{}}}"#, members.collect::<Vec<_>>().join(", "))
    }

    /// Principals that stand for the caller.
    fn own_principals(&self, policy_type: PolicyType) -> Vec<(&'static str, String)> {
        let mut own = Vec::new();
        let aws = |text: &str| ("AWS", text.to_owned());
        match &self.case.caller {
            Caller::User { arn } => own.extend([aws(arn), aws(arn), aws("AIDAEXAMPLEUSER")]),
            Caller::Role { role, session, .. } => {
                own.extend([aws(role), aws(role), aws("AROAEXAMPLEROLE")]);
                own.extend(session.as_deref().map(aws));
            }
            Caller::FederatedUser { arn, issuer } => {
                own.push(aws(arn));
                own.extend(issuer.as_deref().map(aws));
            }
            Caller::Service { name } => own.extend([("Service", name.clone()), ("Service", name.clone())]),
            Caller::Federated { provider } if policy_type == PolicyType::RoleTrust => {
                own.extend([("Federated", provider.clone()), ("Federated", provider.clone())]);
            }
            Caller::Root { .. } | Caller::Federated { .. } | Caller::Anonymous => {}
        }
        if let Some(account) = self.case.caller.account() {
            own.extend([aws(account), aws(&format!("arn:aws:iam::{account}:root"))]);
        }
        own.push(aws("*"));
        if policy_type == PolicyType::ResourceBased && self.case.action.to_lowercase().starts_with("s3:") {
            own.push(("CanonicalUser", CANONICAL.to_owned()));
        }
        own
    }
}

/// Principals that mostly are somebody else.
fn strangers(trust: bool) -> Vec<(&'static str, String)> {
    let mut strangers: Vec<(&str, String)> = vec![
        ("AWS", ACCOUNTS[2].to_owned()),
        ("AWS", format!("arn:aws:iam::{}:user/alice", ACCOUNTS[1])),
        ("AWS", format!("arn:aws:iam::{}:user/team/bob", ACCOUNTS[0])),
        ("AWS", format!("arn:aws:iam::{}:role/Ops", ACCOUNTS[0])),
        ("AWS", format!("arn:aws:iam::{}:role/team/Ops", ACCOUNTS[1])),
        ("AWS", format!("arn:aws:sts::{}:assumed-role/Dev/monday", ACCOUNTS[0])),
        ("AWS", format!("arn:aws:sts::{}:federated-user/guest", ACCOUNTS[0])),
        ("AWS", format!("arn:aws-us-gov:iam::{}:root", ACCOUNTS[0])),
        ("AWS", "AROAEXAMPLEROLE".to_owned()),
        ("Service", "cloudtrail.amazonaws.com".to_owned()),
    ];
    if trust {
        strangers.push(("Federated", "accounts.google.com".to_owned()));
    }
    strangers
}
