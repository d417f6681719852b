//! `docker pull` and `docker push` of a private Amazon ECR repository.
//!
//! Sources: <https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html>,
//! <https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html>

use iamsim_engine::AccountId;
use iamsim_world::Call;

use crate::Environment;
use crate::checks::{call, check};
use crate::shell::Word;

/// AWS's examples for pulling grant these two. A pull never asks which layers are there.
const PULL: [&str; 2] = ["BatchGetImage", "GetDownloadUrlForLayer"];

/// A push reads back the manifest it wrote with `BatchGetImage`.
const PUSH: [&str; 6] = [
    "BatchCheckLayerAvailability",
    "InitiateLayerUpload",
    "UploadLayerPart",
    "CompleteLayerUpload",
    "PutImage",
    "BatchGetImage",
];

/// The calls of a `docker` command; none unless it pulls or pushes an image of Amazon ECR.
pub(crate) fn lower(arguments: &[Word], environment: &Environment<'_>) -> Vec<Call> {
    let words = arguments.iter().map(|word| &*word.text);
    let names: Vec<&str> = words.filter(|text| !text.starts_with('-') && *text != "image").collect();
    let (operations, rest): (&[&str], _) = match names.split_first() {
        Some((&("pull" | "run" | "create"), rest)) => (&PULL, rest),
        Some((&"push", rest)) => (&PUSH, rest),
        _ => return Vec::new(),
    };
    let Some(image) = rest.iter().find_map(|name| Image::parse(name)) else { return Vec::new() };
    let resource = format!(
        "arn:{}:ecr:{}:{}:repository/{}",
        environment.partition, image.region, image.account, image.repository
    );
    let one = |operation: &&str| {
        let action = format!("ecr:{operation}");
        let mut check = check(&action, &*resource);
        check.resource_account = AccountId::parse(image.account);
        check.context.insert("aws:RequestedRegion", image.region);
        call(&action, vec![check])
    };
    operations.iter().map(one).collect()
}

struct Image<'a> {
    account: &'a str,
    region: &'a str,
    repository: &'a str,
}

impl<'a> Image<'a> {
    /// `111122223333.dkr.ecr.us-east-1.amazonaws.com/team/app:latest`
    fn parse(name: &'a str) -> Option<Self> {
        let (registry, path) = name.split_once('/')?;
        let (account, host) = registry.split_once(".dkr.")?;
        let host = host.strip_prefix("ecr-fips.").or_else(|| host.strip_prefix("ecr."))?;
        let (region, domain) = host.split_once('.')?;
        if !matches!(domain, "amazonaws.com" | "amazonaws.com.cn" | "amazonaws.eu") {
            return None;
        }
        let repository = path.split(['@', ':']).next()?;
        Some(Self { account, region, repository })
    }
}
