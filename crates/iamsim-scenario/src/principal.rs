//! Who asks, as our files name them.

use iamsim_engine::{AccountId, Principal, Text};
use iamsim_syntax::json::{Node, Value};
use iamsim_syntax::{Arn, Diagnostic, Span};
use iamsim_world::{Caller, UnknownPrincipal, World};

use crate::decode::{Decoder, nearest};

/// An ARN, `anonymous`, `{service: …}`, `{federated: …}` or `{canonicalUser: …}`.
pub(crate) fn decode(decoder: &mut Decoder<'_>, node: &Node) -> Option<Principal> {
    match &node.value {
        Value::String(text) if &**text == "anonymous" => Some(Principal::Anonymous),
        Value::String(text) => by_arn(decoder, text, node.span),
        Value::Object(_) => by_kind(decoder, node),
        _ => {
            decoder.wrong_type(
                node,
                "a principal",
                "an ARN, `anonymous` or an object such as `{service: …}`",
            );
            None
        }
    }
}

/// The same, of somebody in a world: users and roles of its accounts must exist.
pub(crate) fn in_world(decoder: &mut Decoder<'_>, node: &Node, world: &World) -> Option<Caller> {
    let known = node.as_str().map(|arn| world.caller(arn));
    match known {
        Some(Ok(caller)) => Some(caller),
        Some(Err(error @ UnknownPrincipal::NotThere { .. })) => {
            decoder.report(not_there(&error, node.span));
            None
        }
        Some(Err(UnknownPrincipal::NotAPrincipal(_))) | None => decode(decoder, node).map(Caller::new),
    }
}

fn not_there(error: &UnknownPrincipal, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error("unknown-principal", span, error.to_string());
    match error {
        UnknownPrincipal::NotThere { nearest: Some(nearest), .. } => {
            diagnostic.with_help(format!("did you mean `{nearest}`?"))
        }
        UnknownPrincipal::NotThere { kind, .. } => diagnostic.with_help(format!("add it under `{kind}s`")),
        UnknownPrincipal::NotAPrincipal(_) => diagnostic,
    }
}

fn by_arn(decoder: &mut Decoder<'_>, text: &str, span: Span) -> Option<Principal> {
    let principal = Principal::from_arn(text);
    if principal.is_none() {
        let message = format!("`{text}` cannot make a request");
        decoder.report(Diagnostic::error("invalid-principal", span, message).with_help(advice(text)));
    }
    principal
}

/// What the ARNs of those who can make requests have before their first slash.
const KINDS: [&str; 4] = ["user", "role", "assumed-role", "federated-user"];

/// What the writer of something that is no caller may have meant.
fn advice(text: &str) -> String {
    if text.ends_with(".amazonaws.com") {
        return format!("write `{{service: {text}}}`");
    }
    let arn = Arn::parse(text).filter(|arn| matches!(arn.service, "iam" | "sts"));
    if let Some(arn) = arn.filter(|arn| AccountId::parse(arn.account).is_none()) {
        return format!("an account id has twelve digits, and `{}` has not", arn.account);
    }
    let kind = arn.and_then(|arn| arn.resource.split_once('/')).map(|(kind, _)| kind);
    match kind {
        Some("group") => "a group cannot call; name one of its users".to_owned(),
        Some("assumed-role") => "a session's ARN ends in `assumed-role/role-name/session-name`".to_owned(),
        Some(kind) if let Some(near) = nearest(kind, KINDS) => {
            format!("did you mean `{}`?", text.replacen(&format!(":{kind}/"), &format!(":{near}/"), 1))
        }
        _ => "write the ARN of a user, role, role session, federated user or root user, as in \
              `arn:aws:iam::111122223333:user/alice`"
            .to_owned(),
    }
}

/// A service by its principal, which is more than its prefix.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-services>
pub(crate) fn service(decoder: &mut Decoder<'_>, name: &str, span: Span) -> Option<Principal> {
    if name.contains('.') {
        return Some(Principal::Service { name: Text::new(name) });
    }
    let message = format!("`{name}` is no service principal");
    let diagnostic = Diagnostic::error("invalid-principal", span, message);
    decoder.report(match name {
        "" => diagnostic.with_help("write one such as `lambda.amazonaws.com`"),
        name => diagnostic.with_help(format!("did you mean `{name}.amazonaws.com`?")),
    });
    None
}

fn by_kind(decoder: &mut Decoder<'_>, node: &Node) -> Option<Principal> {
    let mut fields = decoder.object(node, "a principal")?;
    let mut text = |decoder: &mut Decoder<'_>, key| {
        fields.take(key).and_then(|node| decoder.string(node, "a principal")).map(Text::new)
    };
    let federated = text(decoder, "federated");
    let canonical_user = text(decoder, "canonicalUser");
    let service = fields.take("service");
    fields.finish(decoder);
    match (service, federated, canonical_user) {
        (Some(node), None, None) => {
            let name = decoder.string(node, "a principal")?;
            self::service(decoder, name, node.span)
        }
        (None, Some(provider), None) => Some(Principal::Federated { provider }),
        (None, None, Some(id)) => Some(Principal::CanonicalUser { id }),
        _ => {
            let message = "a principal has one of `service`, `federated` and `canonicalUser`";
            decoder.error("invalid-principal", node.span, message);
            None
        }
    }
}
