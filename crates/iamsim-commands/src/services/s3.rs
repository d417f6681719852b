//! The high-level commands of Amazon S3: `aws s3 ls`, `cp`, `mv`, `sync`, `rm`, `mb`, `rb`, `website`.
//!
//! Sources: <https://docs.aws.amazon.com/cli/latest/userguide/cli-services-s3-commands.html>,
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html>

use iamsim_world::{Call, Check, Effect};

use crate::CommandError;
use crate::aws::Invocation;
use crate::checks::{call, check, with};
use crate::scope::Scope;
use crate::shell::Word;

pub(super) mod location;
pub(super) mod write;

use location::{Location, Side, file_name};

/// The calls of a command.
pub(super) fn lower(invocation: &Invocation, scope: &Scope<'_>) -> Result<Vec<Call>, CommandError> {
    let command = Command { invocation, scope };
    match invocation.operation.name {
        "ls" => command.ls(),
        "cp" => command.transfer(Transfer::Copy),
        "mv" => command.transfer(Transfer::Move),
        "sync" => command.transfer(Transfer::Sync),
        "rm" => command.rm(),
        "mb" => command.mb(),
        "rb" => command.rb(),
        "website" => Ok(vec![call("s3:PutBucketWebsite", vec![command.on_bucket("s3:PutBucketWebsite")?])]),
        // `presign` signs locally.
        _ => Ok(Vec::new()),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Transfer {
    Copy,
    Move,
    Sync,
}

struct Command<'a> {
    invocation: &'a Invocation,
    scope: &'a Scope<'a>,
}

impl Command<'_> {
    fn ls(&self) -> Result<Vec<Call>, CommandError> {
        let Some(word) = self.invocation.positional().first().filter(|word| word.text != "s3://") else {
            return Ok(vec![call("s3:ListBuckets", vec![check("s3:ListAllMyBuckets", "*")])]);
        };
        let location = Location::parse(word, self.scope)?;
        let delimiter = if self.invocation.has("recursive") { None } else { Some("/") };
        Ok(vec![self.list(&location, &location.key, delimiter)])
    }

    /// `cp`, `mv` and `sync`, between two sides of which one at least is a bucket.
    fn transfer(&self, transfer: Transfer) -> Result<Vec<Call>, CommandError> {
        let [from, to] = self.invocation.positional() else {
            return Err(self.needs("a source and a destination"));
        };
        let (from, to) = (Side::parse(from, self.scope)?, Side::parse(to, self.scope)?);
        let many = transfer == Transfer::Sync || self.invocation.has("recursive");
        let mut calls = Vec::new();
        let moved = match (&from, &to) {
            (Side::Local(path), Side::Bucket(to)) => {
                if transfer == Transfer::Sync {
                    calls.push(self.list_folder(to));
                }
                let target = to.target(file_name(path), many);
                vec![call(
                    "s3:PutObject",
                    write::object("s3:PutObject", &target, self.invocation, self.scope),
                )]
            }
            (Side::Bucket(from), Side::Local(path)) => {
                let source = from.source(many);
                let get = || vec![check("s3:GetObject", source.as_str())];
                if many {
                    calls.push(self.list_folder(from));
                } else if path != "-" {
                    calls.push(call("s3:HeadObject", get()));
                }
                vec![call("s3:GetObject", get())]
            }
            (Side::Bucket(from), Side::Bucket(to)) => {
                let source = from.source(many);
                let target = to.target(file_name(&from.key), many);
                if many {
                    calls.push(self.list_folder(from));
                } else {
                    calls.push(call("s3:HeadObject", vec![check("s3:GetObject", source.as_str())]));
                }
                if transfer == Transfer::Sync {
                    calls.push(self.list_folder(to));
                }
                vec![self.copy(&from.copy_source(many), &source, &target)]
            }
            (Side::Local(_), Side::Local(_)) => {
                return Err(self.needs("`s3://bucket/…` as its source or its destination"));
            }
        };
        if self.invocation.has("dryrun") {
            return Ok(calls);
        }
        calls.extend(moved);
        let removed = match (transfer, &from, &to) {
            (Transfer::Move, Side::Bucket(from), _) => Some(from.source(many)),
            (Transfer::Sync, _, Side::Bucket(to)) if self.invocation.has("delete") => Some(to.source(true)),
            _ => None,
        };
        calls.extend(removed.map(delete));
        Ok(calls)
    }

    /// Copying reads the source and writes the target in one call.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html>
    fn copy(&self, copy_source: &str, source: &str, target: &str) -> Call {
        let mut checks = vec![check("s3:GetObject", source)];
        let mut written = write::object("s3:PutObject", target, self.invocation, self.scope);
        for check in written.iter_mut().filter(|check| check.action == "s3:PutObject") {
            check.context.insert("s3:x-amz-copy-source", copy_source);
        }
        checks.extend(written);
        call("s3:CopyObject", checks)
    }

    fn rm(&self) -> Result<Vec<Call>, CommandError> {
        let location = self.location()?;
        let many = self.invocation.has("recursive");
        let mut calls = Vec::new();
        if many {
            calls.push(self.list_folder(&location));
        }
        if !self.invocation.has("dryrun") {
            calls.push(delete(location.source(many)));
        }
        Ok(calls)
    }

    fn mb(&self) -> Result<Vec<Call>, CommandError> {
        let location = self.location()?;
        // A bucket in us-east-1 is made without naming a Region.
        let region = Some(self.scope.region()).filter(|region| *region != "us-east-1");
        let create = with(check("s3:CreateBucket", location.bucket_arn()), "s3:LocationConstraint", region);
        let effect = Effect::CreateBucket { bucket: location.bucket };
        Ok(vec![Call { effect, ..call("s3:CreateBucket", vec![create]) }])
    }

    fn rb(&self) -> Result<Vec<Call>, CommandError> {
        let location = self.location()?;
        let mut calls = Vec::new();
        if self.invocation.has("force") {
            calls.push(self.list(&location, "", None));
            calls.push(delete(format!("{}/*", location.bucket_arn())));
        }
        let removed = check("s3:DeleteBucket", location.bucket_arn());
        let effect = Effect::DeleteBucket { bucket: location.bucket };
        calls.push(Call { effect, ..call("s3:DeleteBucket", vec![removed]) });
        Ok(calls)
    }

    fn on_bucket(&self, action: &str) -> Result<Check, CommandError> {
        Ok(check(action, self.location()?.bucket_arn()))
    }

    /// Lists what is below a location, all levels.
    fn list_folder(&self, location: &Location) -> Call {
        self.list(location, &location.folder(), None)
    }

    fn list(&self, location: &Location, prefix: &str, delimiter: Option<&str>) -> Call {
        let listed = with(check("s3:ListBucket", location.bucket_arn()), "s3:prefix", Some(prefix));
        let listed = with(listed, "s3:delimiter", delimiter);
        let listed = with(listed, "s3:max-keys", self.invocation.text("page-size"));
        call("s3:ListObjectsV2", vec![listed])
    }

    fn location(&self) -> Result<Location, CommandError> {
        let word = self.invocation.positional().first().ok_or_else(|| self.needs("`s3://bucket`"))?;
        match Side::parse(word, self.scope)? {
            Side::Bucket(location) => Ok(location),
            Side::Local(_) => Err(not_a_bucket(word)),
        }
    }

    fn needs(&self, what: &str) -> CommandError {
        let message = format!("`aws s3 {}` needs {what}", self.invocation.operation.name);
        CommandError::at(&self.invocation.word, message)
    }
}

fn delete(object: String) -> Call {
    call("s3:DeleteObject", vec![check("s3:DeleteObject", object)])
}

fn not_a_bucket(word: &Word) -> CommandError {
    CommandError::at(word, format!("`{}` is no bucket", word.text))
        .with_help(format!("write `s3://{}`", word.text.trim_start_matches('/')))
}
