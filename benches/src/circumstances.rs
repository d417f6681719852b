//! The request context that goes with a generated request.

use iamsim_engine::{Context, ContextValue};

use crate::draw::Draw;
use crate::vocabulary::ORGANIZATION;

/// The context of a call by the role `arn`.
pub(crate) fn draw(draw: &mut Draw, arn: &str, account: &str, team: &str, project: &str) -> Context {
    let unit = draw.one(&["11111111", "22222222"]);
    let paths = vec![format!("{ORGANIZATION}/r-ab12/ou-ab12-{unit}/").into()];
    let network = draw.one(&["10.1.2", "192.168.7", "203.0.113", "198.18.4"]);
    let address = format!("{network}.{}", 1 + draw.below(254));
    let time = format!("2026-03-0{}T12:{:02}:00Z", 1 + draw.below(8), draw.below(60));
    let agents = ["aws-sdk-go/1.44", "Boto3/1.26 Botocore/1.29", "console.amazonaws.com"];
    let entries: [(&str, ContextValue); 10] = [
        ("aws:PrincipalArn", arn.into()),
        ("aws:PrincipalAccount", account.into()),
        ("aws:PrincipalOrgID", ORGANIZATION.into()),
        ("aws:PrincipalOrgPaths", ContextValue::Many(paths)),
        ("aws:PrincipalTag/team", team.into()),
        ("aws:PrincipalTag/project", project.into()),
        ("aws:SourceIp", address.into()),
        ("aws:SecureTransport", draw.chance(0.75).into()),
        ("aws:CurrentTime", time.into()),
        ("aws:UserAgent", draw.one(&agents).into()),
    ];
    entries.into_iter().collect()
}
