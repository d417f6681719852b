//! Cases as programs write them, read without a tree. `None` is for the careful reader.

use std::mem;

use iamsim_engine::{AccountId, Context, Given, PolicySet, Principal, Request, Text};
use iamsim_syntax::PolicyType;
use iamsim_world::{CheckRef, Circumstances, Recognized, Simulation};

use crate::case_file::{Reading, RequestWarnings, meeting, request, resource_policy_type};
use crate::context::{GivenContext, of_text, of_texts};
use crate::evaluate::attached::{ActionNames, Attached, Memory, Slot};
use crate::evaluate::walk::{Raw, Walk};
use crate::expect::Expectation;
use crate::settings::GivenSettings;

/// A case of which everything was read.
pub(super) struct QuickCase<'r> {
    pub(super) id: Option<String>,
    pub(super) expectation: Option<Expectation>,
    pub(super) question: QuickQuestion<'r>,
}

/// What such a case asks.
#[expect(clippy::large_enum_variant, reason = "it is answered as soon as it is read, one at a time")]
pub(super) enum QuickQuestion<'r> {
    /// A request and the policies it meets.
    Given {
        request: Request,
        policies: PolicySet,
        /// Where the policies of each type begin.
        starts: Vec<(PolicyType, u32)>,
    },
    /// A check of a world, under the circumstances that were filled in.
    OfWorld { simulation: &'r Simulation, caller: Recognized<'r>, check: CheckRef<'r> },
}

/// Reads a case that is all of a text. `circumstances` are filled in anew.
pub(super) fn read<'r>(
    reading: Reading<'r>,
    memory: &Memory<'_>,
    actions: &mut ActionNames,
    circumstances: &mut Circumstances,
    text: &'r str,
) -> Option<QuickCase<'r>> {
    if reading.warnings != RequestWarnings::Off {
        return None;
    }
    // Whoever answered the last case took its context.
    if !circumstances.context.is_empty() {
        circumstances.context = Context::new();
    }
    circumstances.absent.clear();
    let Written { id, expectation, asked, policies } = Written::of(text, circumstances)?;
    let question = match reading.simulation {
        Some(simulation) if policies.is_none() => {
            let Asked { principal, action, resource, account } = asked;
            let check = CheckRef::new(action, resource).with_resource_account(account);
            if !actions.contain(action) || !check.names_a_resource() {
                return None;
            }
            let caller = simulation.recognize(principal).ok()?;
            QuickQuestion::OfWorld { simulation, caller, check }
        }
        Some(_) => return None,
        None => given(&asked, circumstances, policies.unwrap_or_default(), memory)?,
    };
    Some(QuickCase { id: id.map(str::to_owned), expectation, question })
}

fn given<'r>(
    asked: &Asked<'_>,
    circumstances: &mut Circumstances,
    policies: Vec<(&str, Raw<'_>)>,
    memory: &Memory<'_>,
) -> Option<QuickQuestion<'r>> {
    let principal = match asked.principal {
        "anonymous" => Principal::Anonymous,
        arn => Principal::from_arn(arn)?,
    };
    let context = GivenContext {
        set: mem::take(&mut circumstances.context),
        absent: mem::take(&mut circumstances.absent),
    };
    let request = request(&principal, asked.action, asked.resource, asked.account, &context);
    let mut written = PolicySet::default();
    let mut starts = Vec::new();
    for (key, raw) in policies {
        let slot = slot(key, resource_policy_type(&request))?;
        if starts.iter().any(|(known, _): &(PolicyType, u32)| *known == slot.policy_type) {
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
    let policies = meeting(written, Some(&request), &GivenSettings::default());
    Some(QuickQuestion::Given { request, policies, starts })
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
}

impl<'t> Written<'t> {
    fn of(text: &'t str, circumstances: &mut Circumstances) -> Option<Self> {
        let (mut id, mut expectation, mut asked, mut policies) = (None, None, None, None);
        let mut walk = Walk::new(text);
        walk.object(|walk, key| match key {
            "id" => once(&mut id, walk.string()?),
            "expect" => once(&mut expectation, Expectation::of_word(walk.string()?)?),
            "request" => once(&mut asked, Asked::of(walk, circumstances)?),
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
    fn of(walk: &mut Walk<'t>, circumstances: &mut Circumstances) -> Option<Self> {
        let (mut principal, mut action, mut resource, mut account) = (None, None, None, None);
        let mut context = None;
        walk.object(|walk, key| match key {
            "principal" => once(&mut principal, walk.string()?),
            "action" => once(&mut action, walk.string()?),
            "resource" => once(&mut resource, walk.string()?),
            "resourceAccount" => once(&mut account, AccountId::parse(walk.string()?)?),
            "context" => {
                once(&mut context, ())?;
                fill(circumstances, walk)
            }
            _ => None,
        })?;
        Some(Self { principal: principal?, action: action?, resource: resource?, account })
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

/// Fills in the context keys that are set, and those that are to be absent.
fn fill(circumstances: &mut Circumstances, walk: &mut Walk<'_>) -> Option<()> {
    walk.object(|walk, name| {
        let value = match walk.peek()? {
            b'"' => of_text(name, walk.string()?),
            b'[' => {
                let mut texts: Vec<Text> = Vec::new();
                walk.array(|walk| {
                    texts.push(walk.string()?.into());
                    Some(())
                })?;
                of_texts(name, texts, true)?.into()
            }
            _ => match walk.word()? {
                "null" if !circumstances.absent.iter().any(|known| known == name) => {
                    circumstances.absent.push(name.to_owned());
                    return (!circumstances.context.contains(name)).then_some(());
                }
                "null" => return None,
                word => of_text(name, word),
            },
        };
        set(circumstances, name, value)
    })
}

/// Sets a key that was not there before, in whatever case.
fn set(circumstances: &mut Circumstances, name: &str, value: Given<'_>) -> Option<()> {
    let Circumstances { context, absent, .. } = circumstances;
    let is_withheld = absent.iter().any(|known| known.eq_ignore_ascii_case(name));
    (!is_withheld && context.insert_if_absent(name, value)).then_some(())
}
