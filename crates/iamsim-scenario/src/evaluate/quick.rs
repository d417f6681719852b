//! Cases as programs write them, read without a tree. `None` is for the careful reader.

use iamsim_engine::{AccountId, ContextValue, PolicySet, Principal, Text};
use iamsim_syntax::{Arn, PolicyType, Span};
use iamsim_world::{Check, Circumstances, UnknownKeys};

use crate::case_file::{
    Case, Question, ReadCase, Reading, RequestWarnings, meeting, request, resource_policy_type,
};
use crate::context::{GivenContext, of_texts};
use crate::evaluate::attached::{ActionNames, Attached, Memory, Slot};
use crate::evaluate::walk::{Raw, Walk};
use crate::expect::Expectation;
use crate::settings::GivenSettings;

/// A case, and where the policies of each type begin.
pub(super) struct QuickCase<'r> {
    pub(super) case: ReadCase<'r>,
    pub(super) starts: Vec<(PolicyType, u32)>,
}

/// Reads a case that is all of a text.
pub(super) fn read<'r>(
    reading: Reading<'r>,
    memory: &Memory<'_>,
    actions: &mut ActionNames,
    text: &str,
) -> Option<QuickCase<'r>> {
    if reading.warnings != RequestWarnings::Off {
        return None;
    }
    let written = Written::of(text)?;
    let mut starts = Vec::new();
    let question = match reading.simulation {
        Some(simulation) if written.policies.is_none() => {
            let asked = written.asked;
            let caller = simulation.caller(asked.principal).ok()?;
            if !actions.contain(asked.action) || !is_resource(asked.resource) {
                return None;
            }
            let check = Check::new(asked.action, asked.resource);
            let GivenContext { set, absent } = asked.context;
            Question::OfWorld {
                simulation,
                caller,
                first: Check { resource_account: asked.account, ..check },
                further: Vec::new(),
                circumstances: Circumstances { context: set, absent, ..Circumstances::default() },
            }
        }
        Some(_) => return None,
        None => given(written.asked, written.policies.unwrap_or_default(), memory, &mut starts)?,
    };
    let case = Ok(Case { question, span: Span::default(), warnings: Vec::new() });
    let case = ReadCase { id: written.id.map(str::to_owned), expectation: written.expectation, case };
    Some(QuickCase { case, starts })
}

fn is_resource(text: &str) -> bool {
    text == "*" || Arn::parse(text).is_some()
}

fn given<'r>(
    asked: Asked<'_>,
    policies: Vec<(&str, Raw<'_>)>,
    memory: &Memory<'_>,
    starts: &mut Vec<(PolicyType, u32)>,
) -> Option<Question<'r>> {
    let principal = match asked.principal {
        "anonymous" => Principal::Anonymous,
        arn => Principal::from_arn(arn)?,
    };
    let first = request(&principal, asked.action, asked.resource, asked.account, &asked.context);
    let mut written = PolicySet::default();
    for (key, raw) in policies {
        let slot = slot(key, resource_policy_type(&first))?;
        if starts.iter().any(|(known, _)| *known == slot.policy_type) {
            return None;
        }
        starts.push((slot.policy_type, u32::try_from(raw.start).ok()?));
        match (slot.policy_type, memory.attached(slot, raw.text)?) {
            (PolicyType::IdentityBased, Attached::Policies(found)) => written.identity = found,
            (PolicyType::PermissionsBoundary, Attached::Policies(found)) => {
                written.permissions_boundary = found;
            }
            (PolicyType::Session, Attached::Policies(found)) => written.session = found,
            (PolicyType::VpcEndpoint, Attached::Policies(found)) => written.vpc_endpoint = Some(found),
            (PolicyType::ResourceBased | PolicyType::RoleTrust, Attached::Policies(found)) => {
                written.resource = found;
            }
            (PolicyType::ServiceControl, Attached::Levels(found)) => written.service_control = Some(found),
            (PolicyType::ResourceControl, Attached::Levels(found)) => written.resource_control = Some(found),
            (_, Attached::Policies(_) | Attached::Levels(_)) => return None,
        }
    }
    let policies = meeting(written, Some(&first), &GivenSettings::default());
    Some(Question::Given { first, further: Vec::new(), policies, unknown: UnknownKeys::default() })
}

fn slot(key: &str, resource_policy_type: PolicyType) -> Option<Slot> {
    let (key, policy_type) = match key {
        "identity" => ("identity", PolicyType::IdentityBased),
        "permissionsBoundary" => ("permissionsBoundary", PolicyType::PermissionsBoundary),
        "session" => ("session", PolicyType::Session),
        "resource" => ("resource", resource_policy_type),
        "serviceControl" => ("serviceControl", PolicyType::ServiceControl),
        "resourceControl" => ("resourceControl", PolicyType::ResourceControl),
        "vpcEndpoint" => ("vpcEndpoint", PolicyType::VpcEndpoint),
        _ => return None,
    };
    Some(Slot { key, policy_type })
}

/// The parts of a case.
struct Written<'t> {
    id: Option<&'t str>,
    expectation: Option<Expectation>,
    asked: Asked<'t>,
    /// What stands under each key of `policies`.
    policies: Option<Vec<(&'t str, Raw<'t>)>>,
}

/// What is asked, of one resource.
struct Asked<'t> {
    principal: &'t str,
    action: &'t str,
    resource: &'t str,
    account: Option<AccountId>,
    context: GivenContext,
}

impl<'t> Written<'t> {
    fn of(text: &'t str) -> Option<Self> {
        let (mut id, mut expectation, mut asked, mut policies) = (None, None, None, None);
        let mut walk = Walk::new(text);
        walk.object(|walk, key| match key {
            "id" => once(&mut id, walk.string()?),
            "expect" => once(&mut expectation, Expectation::of_word(walk.string()?)?),
            "request" => once(&mut asked, Asked::of(walk)?),
            "policies" => {
                let mut found = Vec::new();
                walk.object(|walk, key| {
                    found.push((key, walk.raw()?));
                    Some(())
                })?;
                once(&mut policies, found)
            }
            _ => None,
        })?;
        walk.is_at_end().then_some(Self { id, expectation, asked: asked?, policies })
    }
}

impl<'t> Asked<'t> {
    fn of(walk: &mut Walk<'t>) -> Option<Self> {
        let (mut principal, mut action, mut resource, mut account) = (None, None, None, None);
        let mut context = None;
        walk.object(|walk, key| match key {
            "principal" => once(&mut principal, walk.string()?),
            "action" => once(&mut action, walk.string()?),
            "resource" => once(&mut resource, walk.string()?),
            "resourceAccount" => once(&mut account, AccountId::parse(walk.string()?)?),
            "context" => once(&mut context, context_of(walk)?),
            _ => None,
        })?;
        let (principal, action, resource) = (principal?, action?, resource?);
        Some(Self { principal, action, resource, account, context: context.unwrap_or_default() })
    }
}

/// Fills what is empty; a key that stands twice is a fault.
fn once<T>(place: &mut Option<T>, value: T) -> Option<()> {
    match place {
        Some(_) => None,
        None => {
            *place = Some(value);
            Some(())
        }
    }
}

fn context_of(walk: &mut Walk<'_>) -> Option<GivenContext> {
    let mut given = GivenContext::default();
    walk.object(|walk, name| {
        let value = match walk.peek()? {
            b'"' => of_texts(name, vec![walk.string()?.into()], false)?,
            b'[' => {
                let mut texts: Vec<Text> = Vec::new();
                walk.array(|walk| {
                    texts.push(walk.string()?.into());
                    Some(())
                })?;
                of_texts(name, texts, true)?
            }
            _ => match walk.word()? {
                "null" if !given.absent.iter().any(|known| known == name) => {
                    given.absent.push(name.to_owned());
                    return (!given.set.contains(name)).then_some(());
                }
                "null" => return None,
                word => of_texts(name, vec![word.into()], false)?,
            },
        };
        set(&mut given, name, value)
    })?;
    Some(given)
}

/// Sets a key that was not there before, in whatever case.
fn set(given: &mut GivenContext, name: &str, value: ContextValue) -> Option<()> {
    if given.set.contains(name) || given.absent.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        return None;
    }
    given.set.insert(name, value);
    Some(())
}
