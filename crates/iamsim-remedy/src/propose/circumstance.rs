//! Other circumstances: a statement's conditions met, or escaped, by what the request brings.

use std::sync::Arc;

use iamsim_engine::{
    Context, ContextValue, Element, Level, Place, Policies, Policy, PolicySet, Principal, StatementRef,
    explain,
};
use iamsim_syntax::literal::Instant;
use iamsim_syntax::{self as syntax, Condition, PolicyType, Statement};

use super::value::worth_trying;
use super::{alone, weight};
use crate::case::{Case, change_context};
use crate::edit::Edit;
use crate::means::Means;

/// One statement of a case, looked at by itself.
pub(super) struct Subject<'c> {
    case: &'c Case,
    place: Place,
    document: syntax::Policy,
}

impl<'c> Subject<'c> {
    /// The statement that stands there; `None` when its document is not known.
    pub(super) fn new(case: &'c Case, at: StatementRef) -> Option<Self> {
        let document = case.documents.get(&at.place)?;
        let statement = document.statements.get(at.statement)?;
        Some(Self { case, place: at.place, document: alone(document, statement) })
    }

    pub(super) fn statement(&self) -> Option<&Statement> {
        self.document.statements.first()
    }

    /// Circumstances in which every condition holds, and nothing else is different; `None` when the caller cannot
    /// bring them about.
    pub(super) fn met(&self) -> Option<Vec<Edit>> {
        let statement = self.statement()?;
        let mut edits: Vec<Edit> = Vec::new();
        // A value for one key may be the one a variable in the condition on another waits for.
        for _ in 0..statement.conditions.len() {
            let Some(failing) = self.first_failing(&edits) else { break };
            let clause = statement.conditions.get(failing)?;
            let edit = self.edits_for(clause, &edits).into_iter().find(|edit| {
                let tried = with(&edits, edit);
                self.clauses_on(clause).all(|clause| self.holds(clause, &tried))
            })?;
            edits.push(edit);
        }
        self.first_failing(&edits).is_none().then_some(edits)
    }

    /// Single changes of the circumstances after which the statement does not match.
    pub(super) fn escapes(&self) -> Vec<Edit> {
        let conditions = self.statement().map_or(&[][..], |statement| &statement.conditions);
        let mut found: Vec<Edit> = Vec::new();
        for (number, clause) in conditions.iter().enumerate() {
            let edits = self.edits_for(clause, &[]);
            let escape = edits.into_iter().find(|edit| !self.holds(number, std::slice::from_ref(edit)));
            found.extend(escape.filter(|edit| !found.contains(edit)));
        }
        found
    }

    /// What might change what a clause compares.
    fn edits_for(&self, clause: &Condition, before: &[Edit]) -> Vec<Edit> {
        let key = &clause.key.value;
        if is_multi_factor(key) {
            let can =
                can_use_device(self.case.request.principal()) && !before.contains(&Edit::UseMultiFactor);
            return can.then_some(Edit::UseMultiFactor).into_iter().collect();
        }
        let Some(means) = Means::of(key, &self.case.request) else { return Vec::new() };
        let mut context = self.case.request.context().to_context();
        before.iter().for_each(|edit| change_context(&mut context, edit));
        // Other clauses on the same key narrow its values: a time after one date and before another.
        let clauses = self.statement().map_or(&[][..], |statement| &statement.conditions);
        let same_key = clauses.iter().filter(|other| other.key.value.eq_ignore_ascii_case(key));
        let mut edits: Vec<Edit> = same_key
            .flat_map(|clause| worth_trying(clause, self.document.version, &context))
            .filter(|value| is_possible(means, value, &context))
            .map(|value| Edit::Bring { key: key.as_str().into(), value, means })
            .collect();
        if means.may_be_absent(key) && context.contains(key) {
            edits.push(Edit::LeaveOut { key: key.as_str().into(), means });
        }
        edits
    }

    fn clauses_on(&self, clause: &Condition) -> impl Iterator<Item = usize> {
        let clauses = self.statement().map_or(&[][..], |statement| &statement.conditions);
        let is_same = |other: &Condition| {
            let (one, other) = (&*clause.key.value, &*other.key.value);
            one.eq_ignore_ascii_case(other) || (is_multi_factor(one) && is_multi_factor(other))
        };
        let numbers: Vec<usize> = clauses
            .iter()
            .enumerate()
            .filter(|(_, other)| is_same(other))
            .map(|(number, _)| number)
            .collect();
        numbers.into_iter()
    }

    fn first_failing(&self, edits: &[Edit]) -> Option<usize> {
        self.elements(edits).into_iter().find_map(|element| match element {
            (Element::Condition(number), false) => Some(number),
            _ => None,
        })
    }

    fn holds(&self, clause: usize, edits: &[Edit]) -> bool {
        self.elements(edits).contains(&(Element::Condition(clause), true))
    }

    /// The statement's elements beside the request in other circumstances, as the engine compares them.
    fn elements(&self, edits: &[Edit]) -> Vec<(Element, bool)> {
        let mut context = self.case.request.context().to_context();
        edits.iter().for_each(|edit| change_context(&mut context, edit));
        let mut alone = Case {
            request: self.case.request.with_circumstances(context),
            policies: self.bare_policies(),
            documents: crate::Documents::new(),
        };
        let place = Place { level: 0, policy: 0, ..self.place };
        alone.put(place, self.document.clone());
        let explanation = explain(&alone.request, &alone.policies);
        let trace = explanation.statements().find(|trace| trace.at.place == place);
        trace.map(|trace| trace.elements().collect()).unwrap_or_default()
    }

    /// No policies but a boundary, for whether there is one matters to `NotPrincipal`.
    fn bare_policies(&self) -> PolicySet {
        let policies = &self.case.policies;
        let level = || Level { target: "".into(), policies: Policies::default() };
        let has_boundary = !policies.permissions_boundary.is_empty();
        PolicySet {
            permissions_boundary: has_boundary.then(nothing).into(),
            service_control: (self.place.policy_type == PolicyType::ServiceControl)
                .then(|| Arc::new([level()]) as Arc<[Level]>),
            resource_control: (self.place.policy_type == PolicyType::ResourceControl)
                .then(|| Arc::new([level()]) as Arc<[Level]>),
            settings: policies.settings.clone(),
            ..PolicySet::default()
        }
    }
}

/// A boundary that says nothing.
fn nothing() -> Arc<Policy> {
    let document = crate::case::empty(PolicyType::PermissionsBoundary);
    Arc::new(Policy::compile(&document, ""))
}

/// Nobody can call in the past, nor have credentials issued in the future.
fn is_possible(means: Means, value: &ContextValue, context: &Context) -> bool {
    let ContextValue::One(text) = value else { return true };
    let (Some(wanted), Some(now)) = (Instant::parse(text), context.text("aws:CurrentTime")) else {
        return true;
    };
    match (means, Instant::parse(now)) {
        (Means::Time, Some(now)) => wanted >= now,
        (Means::NewCredentials, Some(now)) => wanted <= now,
        _ => true,
    }
}

/// How much circumstances ask for.
pub(super) fn weight_of(edits: &[Edit]) -> u32 {
    let one = |edit: &Edit| match edit {
        Edit::UseMultiFactor => weight::CALLER,
        Edit::Bring { means, .. } | Edit::LeaveOut { means, .. } => match means {
            Means::Parameter | Means::Region | Means::NewCredentials => weight::CALLER,
            Means::Network | Means::Time | Means::Claim | Means::Origin => weight::ELSEWHERE,
            Means::PrincipalTag | Means::ResourceTag => weight::TAG,
        },
        Edit::Share | Edit::AddStatement { .. } | Edit::Widen { .. } | Edit::Spare { .. } => 0,
    };
    edits.iter().map(one).sum()
}

fn with(edits: &[Edit], edit: &Edit) -> Vec<Edit> {
    let mut all = edits.to_vec();
    all.push(edit.clone());
    all
}

fn is_multi_factor(key: &str) -> bool {
    key.eq_ignore_ascii_case("aws:MultiFactorAuthPresent")
        || key.eq_ignore_ascii_case("aws:MultiFactorAuthAge")
}

/// Sessions of roles carry no multi-factor authentication, nor do services or federated callers.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html>
fn can_use_device(principal: &Principal) -> bool {
    matches!(principal, Principal::User { .. } | Principal::Root { .. })
}
