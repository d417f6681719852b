//! Looks up an action, a condition key, an ARN and an AWS managed policy.

fn main() {
    if let Some(action) = iamsim_catalog::action("s3:getobject") {
        println!("{action} is a {:?} action", action.access_level);
        for used in &action.resource_types {
            println!("  on {}{}", used.resource_type, if used.required { ", required" } else { "" });
        }
    }
    if let Some(key) = iamsim_catalog::condition_key("aws:RequestTag/team") {
        println!("{} is a {:?} {:?}", key.name, key.cardinality, key.value_type);
    }
    for found in iamsim_catalog::arn_resource_types("arn:aws:s3:::amzn-s3-demo-bucket/report.pdf") {
        println!("that is an {} of {}", found.resource_type.name, found.service.name());
    }
    if let Some(policy) = iamsim_catalog::managed_policy("ViewOnlyAccess") {
        println!("{} is at {} since {}", policy.arn, policy.default_version, policy.updated);
    }
}
