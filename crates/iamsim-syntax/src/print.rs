//! A [`Policy`] back to JSON text, in one canonical form: AWS's order of elements, two spaces of indentation,
//! a list of one as the text itself.

use std::fmt::Write as _;

use crate::{
    Condition, Effect, Policy, PolicyType, Principal, PrincipalElement, Sense, Spanned, Statement, Text,
    Version,
};

/// Writes the policy as a JSON document. Reading it again gives the same policy, spans aside.
///
/// That holds for every policy that was read from a document. JSON has no place for the same operator and
/// key twice in one statement: of a policy built by hand so, the second is lost in reading.
#[must_use]
pub fn print(policy: &Policy) -> String {
    let mut printer = Printer { out: String::new(), depth: 0, first: true };
    printer.policy(policy);
    printer.out.push('\n');
    printer.out
}

/// Writes one statement as a JSON object, in the same form.
#[must_use]
pub fn print_statement(statement: &Statement, policy_type: PolicyType) -> String {
    let mut printer = Printer { out: String::new(), depth: 0, first: true };
    printer.statement(statement, policy_type);
    printer.out
}

/// Writes JSON from left to right.
struct Printer {
    out: String,
    depth: usize,
    /// Nothing has been written yet in the innermost array or object.
    first: bool,
}

impl Printer {
    fn policy(&mut self, policy: &Policy) {
        self.open('{');
        if policy.version_span.is_some() || policy.version == Version::V2012 {
            let version = match policy.version {
                Version::V2008 => "2008-10-17",
                Version::V2012 => "2012-10-17",
            };
            self.member("Version", version);
        }
        if let Some(id) = &policy.id {
            self.member("Id", &id.value);
        }
        self.key("Statement");
        self.open('[');
        for statement in &policy.statements {
            self.item();
            self.statement(statement, policy.policy_type);
        }
        self.close(']');
        self.close('}');
    }

    fn statement(&mut self, statement: &Statement, policy_type: PolicyType) {
        self.open('{');
        if let Some(sid) = &statement.sid {
            self.member("Sid", &sid.value);
        }
        let effect = match statement.effect.value {
            Effect::Allow => "Allow",
            Effect::Deny => "Deny",
        };
        self.member("Effect", effect);
        if let Some(principal) = &statement.principal {
            self.key(named(principal.sense, ["Principal", "NotPrincipal"]));
            self.principal(principal, policy_type);
        }
        self.key(named(statement.action.sense, ["Action", "NotAction"]));
        self.texts(&texts(&statement.action.patterns));
        if let Some(resource) = &statement.resource {
            self.key(named(resource.sense, ["Resource", "NotResource"]));
            self.texts(&texts(&resource.patterns));
        }
        if !statement.conditions.is_empty() {
            self.key("Condition");
            self.conditions(&statement.conditions);
        }
        self.close('}');
    }

    fn principal(&mut self, element: &PrincipalElement, policy_type: PolicyType) {
        let everyone = matches!(&element.principals[..], [only] if only.value == Principal::Everyone);
        // A role trust policy takes everyone only under `AWS`.
        if everyone && policy_type != PolicyType::RoleTrust {
            return self.text("*");
        }
        let written: Vec<(&str, String)> =
            element.principals.iter().map(|principal| words(&principal.value)).collect();
        self.open('{');
        let mut kinds: Vec<&str> = Vec::new();
        for (kind, _) in &written {
            if kinds.contains(kind) {
                continue;
            }
            kinds.push(kind);
            let of_kind: Vec<&str> =
                written.iter().filter(|other| other.0 == *kind).map(|(_, text)| text.as_str()).collect();
            self.key(kind);
            self.texts(&of_kind);
        }
        self.close('}');
    }

    fn conditions(&mut self, conditions: &[Condition]) {
        self.open('{');
        let mut operators = Vec::new();
        for condition in conditions {
            let operator = condition.operator.value;
            if operators.contains(&operator) {
                continue;
            }
            operators.push(operator);
            self.key(&operator.to_string());
            self.open('{');
            for condition in conditions.iter().filter(|other| other.operator.value == operator) {
                self.key(&condition.key.value);
                self.texts(&texts(&condition.values));
            }
            self.close('}');
        }
        self.close('}');
    }

    /// One text as it is, any other number of them as an array.
    fn texts(&mut self, texts: &[&str]) {
        if let [only] = texts {
            return self.text(only);
        }
        self.open('[');
        for text in texts {
            self.item();
            self.text(text);
        }
        self.close(']');
    }

    fn member(&mut self, key: &str, text: &str) {
        self.key(key);
        self.text(text);
    }

    fn key(&mut self, key: &str) {
        self.item();
        self.text(key);
        self.out.push_str(": ");
    }

    /// Begins the line of the next item.
    fn item(&mut self) {
        if !self.first {
            self.out.push(',');
        }
        self.first = false;
        self.line();
    }

    fn open(&mut self, bracket: char) {
        self.out.push(bracket);
        self.depth += 1;
        self.first = true;
    }

    fn close(&mut self, bracket: char) {
        self.depth -= 1;
        if !self.first {
            self.line();
        }
        self.out.push(bracket);
        self.first = false;
    }

    fn line(&mut self) {
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n("  ", self.depth));
    }

    fn text(&mut self, text: &str) {
        self.out.push('"');
        for character in text.chars() {
            match character {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                '\0'..='\u{1f}' => {
                    let _ = write!(self.out, "\\u{:04x}", u32::from(character));
                }
                _ => self.out.push(character),
            }
        }
        self.out.push('"');
    }
}

fn named(sense: Sense, [listed, not_listed]: [&'static str; 2]) -> &'static str {
    match sense {
        Sense::Listed => listed,
        Sense::NotListed => not_listed,
    }
}

fn texts(spanned: &[Spanned<Text>]) -> Vec<&str> {
    spanned.iter().map(|text| &*text.value).collect()
}

/// The key of a principal and its text.
fn words(principal: &Principal) -> (&'static str, String) {
    match principal {
        Principal::Everyone => ("AWS", "*".to_owned()),
        Principal::Account { partition: None, account } => ("AWS", account.to_string()),
        Principal::Account { partition: Some(partition), account } => {
            ("AWS", format!("arn:{partition}:iam::{account}:root"))
        }
        Principal::User(text)
        | Principal::Role(text)
        | Principal::AssumedRoleSession(text)
        | Principal::FederatedUser(text)
        | Principal::UniqueId(text) => ("AWS", text.to_string()),
        Principal::Service(text) => ("Service", text.to_string()),
        Principal::Federated(text) => ("Federated", text.to_string()),
        Principal::CanonicalUser(text) => ("CanonicalUser", text.to_string()),
    }
}
