//! The Regions of AWS.
//!
//! Source: <https://docs.aws.amazon.com/general/latest/gr/rande.html>

const REGIONS: [&str; 46] = [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-central-2",
    "eu-isoe-west-1",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eusc-de-east-1",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-iso-east-1",
    "us-iso-west-1",
    "us-isob-east-1",
    "us-isob-west-1",
    "us-isof-east-1",
    "us-isof-south-1",
    "us-west-1",
    "us-west-2",
];

/// Whether a pattern without policy variables may be meant for a Region. `aws-global` and the like are what the
/// SDKs call a partition as a whole.
pub(crate) fn may_be_region(pattern: &str) -> bool {
    crate::pattern::has_wildcard(pattern) || is_region(pattern)
}

/// Whether a request may name this as its Region.
pub(crate) fn is_region(text: &str) -> bool {
    text.ends_with("-global") || REGIONS.contains(&text)
}

/// What to do about a text that is no Region.
pub(crate) fn help(text: &str) -> String {
    let edits = |region: &str| strsim::damerau_levenshtein(&text.to_ascii_lowercase(), region);
    match REGIONS.iter().min_by_key(|region| edits(region)).filter(|region| edits(region) <= 2) {
        Some(region) => format!("did you mean `{region}`?"),
        None => "write a Region such as `us-east-1`".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_in_order() {
        assert!(REGIONS.is_sorted_by(|a, b| a < b));
    }

    #[test]
    fn the_region_that_was_meant_is_suggested() {
        assert_eq!(help("us-esat-1"), "did you mean `us-east-1`?");
        assert_eq!(help("eu-west1"), "did you mean `eu-west-1`?");
        assert_eq!(help("EU-WEST-1"), "did you mean `eu-west-1`?");
        assert_eq!(help("mars"), "write a Region such as `us-east-1`");
    }
}
