//! Where a call goes, and the ARNs that follow from it.

use crate::Environment;

/// The partition, Region and account of a call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'a> {
    environment: &'a Environment<'a>,
    asked: Option<&'a str>,
}

impl<'a> Scope<'a> {
    pub(crate) fn new(environment: &'a Environment<'a>, region: Option<&'a str>) -> Self {
        Self { environment, asked: region }
    }

    /// The Region that the command itself asks for.
    pub(crate) fn asked_region(&self) -> Option<&'a str> {
        self.asked
    }

    pub(crate) fn partition(&self) -> &'a str {
        self.environment.partition
    }

    pub(crate) fn region(&self) -> &'a str {
        self.asked.unwrap_or(self.environment.region)
    }

    /// The caller's account; `*` when there is none.
    pub(crate) fn account(&self) -> &str {
        self.environment.account.as_ref().map_or("*", |account| account.as_str())
    }

    pub(crate) fn caller_arn(&self) -> &'a str {
        self.environment.caller_arn
    }

    /// `arn:aws:rds:us-east-1:111122223333:db:mydb`
    pub(crate) fn regional(&self, service: &str, resource: &str) -> String {
        format!("arn:{}:{service}:{}:{}:{resource}", self.partition(), self.region(), self.account())
    }

    /// `arn:aws:iam::111122223333:role/Dev`
    pub(crate) fn global(&self, service: &str, resource: &str) -> String {
        format!("arn:{}:{service}::{}:{resource}", self.partition(), self.account())
    }

    /// `arn:aws:s3:::amzn-s3-demo-bucket`
    pub(crate) fn bare(&self, service: &str, resource: &str) -> String {
        format!("arn:{}:{service}:::{resource}", self.partition())
    }

    /// The role's ARN, for a name, a path with a name, or an ARN.
    pub(crate) fn role(&self, role: &str) -> String {
        if is_arn(role) {
            role.to_owned()
        } else {
            self.global("iam", &format!("role/{}", role.trim_start_matches('/')))
        }
    }
}

/// Whether a value is an ARN as far as its form goes.
pub(crate) fn is_arn(text: &str) -> bool {
    iamsim_syntax::Arn::parse(text).is_some()
}
