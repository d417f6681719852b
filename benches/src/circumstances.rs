//! The request context that goes with a generated request.

use crate::draw::Draw;
use crate::vocabulary::ORGANIZATION;
use crate::work::{Var, Vars};

/// The context of a call by the role `arn`.
pub(crate) fn draw(draw: &mut Draw, arn: &str, account: &str, team: &str, project: &str) -> Vars {
    let unit = draw.one(&["11111111", "22222222"]);
    let paths = vec![format!("{ORGANIZATION}/r-ab12/ou-ab12-{unit}/")];
    let network = draw.one(&["10.1.2", "192.168.7", "203.0.113", "198.18.4"]);
    let address = format!("{network}.{}", 1 + draw.below(254));
    let time = format!("2026-03-0{}T12:{:02}:00Z", 1 + draw.below(8), draw.below(60));
    let agents = ["aws-sdk-go/1.44", "Boto3/1.26 Botocore/1.29", "console.amazonaws.com"];
    let secure = if draw.chance(0.75) { "true" } else { "false" };
    let one = |value: &str| Var::One(value.to_owned());
    let entries: [(&str, Var); 10] = [
        ("aws:PrincipalArn", one(arn)),
        ("aws:PrincipalAccount", one(account)),
        ("aws:PrincipalOrgID", one(ORGANIZATION)),
        ("aws:PrincipalOrgPaths", Var::Many(paths)),
        ("aws:PrincipalTag/team", one(team)),
        ("aws:PrincipalTag/project", one(project)),
        ("aws:SourceIp", one(&address)),
        ("aws:SecureTransport", one(secure)),
        ("aws:CurrentTime", one(&time)),
        ("aws:UserAgent", one(draw.one(&agents))),
    ];
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}
