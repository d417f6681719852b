//! Whether a statement applies to a request.

use std::ops::ControlFlow::{Break, Continue};

use iamsim_syntax::Effect;

use crate::compiled::Statement;
use crate::compiled::lane::{Coverage, Slot};
use crate::compiled::principal::{Caller, Grant, Reading};
use crate::explain::StatementRef;
use crate::policies::Policies;
use crate::record::{Attached, Element, Place, Recorder};

/// How the statement names the caller, if all its elements match. A statement without a principal speaks of
/// whoever it is attached to.
#[inline]
pub(crate) fn applies<R: Recorder>(
    place: Place,
    statement: &Statement,
    coverage: Coverage,
    caller: &Caller<'_>,
    reading: Reading,
    record: &mut R,
) -> Option<Grant> {
    let request = caller.request;
    let context = &caller.context;
    let mut all = Comparison { place, statement, record, matches: true };

    let covers = match coverage {
        Coverage::Impossible => false,
        Coverage::Possible => statement.actions.cover(caller.action),
        Coverage::Action | Coverage::Target => true,
    };
    if !all.and(Element::Action, covers) {
        return None;
    }
    let grant = match &statement.principals {
        Some(principals) => principals.name(caller, statement.effect, reading),
        None => Some(Grant::Direct),
    };
    if !all.and(Element::Principal, grant.is_some()) {
        return None;
    }
    if let Some(resources) = &statement.resources {
        if all.notes_missing_keys() {
            resources.missing_variables(context, |key| all.record.missing_key(key));
        }
        let stand_in = request.rules().stand_in_resource;
        let covers = coverage == Coverage::Target || resources.cover(caller.resource, stand_in, context);
        if !all.and(Element::Resource, covers) {
            return None;
        }
    }
    if all.notes_missing_keys() {
        let conditions = statement.conditions.iter();
        conditions.for_each(|condition| condition.missing_keys(context, |key| all.record.missing_key(key)));
    }
    for (at, condition) in statement.conditions.iter().enumerate() {
        if !all.and(Element::Condition(at), condition.holds(context)) {
            return None;
        }
    }
    grant.filter(|_| all.matches)
}

/// The elements of a statement compared so far.
struct Comparison<'s, R> {
    place: Place,
    statement: &'s Statement,
    record: &'s mut R,
    matches: bool,
}

impl<R: Recorder> Comparison<'_, R> {
    /// Adds an element. Answers whether it is worth looking at the next.
    fn and(&mut self, element: Element, matches: bool) -> bool {
        self.matches &= self.record.element(self.place, self.statement, element, matches);
        self.matches || R::EVERY_ELEMENT
    }

    /// Whether to note the keys that are asked for in vain: as long as everything before has matched.
    fn notes_missing_keys(&self) -> bool {
        R::EVERY_STATEMENT && self.matches
    }
}

/// Whether any statement of the policies with this effect applies, and how the furthest-reaching one names the
/// caller. Unless the recorder wants every statement, a grant that reaches as far as `enough` is the last looked
/// for.
pub(crate) fn strongest<R: Recorder>(
    policies: &Policies,
    effect: Effect,
    enough: Grant,
    attached: Attached,
    caller: &Caller<'_>,
    reading: Reading,
    record: &mut R,
) -> Option<Grant> {
    let mut best: Option<Grant> = None;
    let look = |slot: Slot, coverage: Coverage| {
        let (policy, statement) = (slot.policy as usize, slot.statement as usize);
        let at = StatementRef { place: attached.place(policy), statement };
        let found = policies.get(policy).and_then(|policy| policy.statements().get(statement));
        let Some(statement) = found else { return Continue(()) };
        if !R::EVERY_STATEMENT && best.is_some_and(|best| statement.furthest() <= best) {
            return Continue(());
        }
        let grant = applies(at.place, statement, coverage, caller, reading, record);
        record.statement(at, statement, grant);
        if grant.is_none() {
            return Continue(());
        }
        best = best.max(grant);
        if !R::EVERY_STATEMENT && best >= Some(enough) { Break(()) } else { Continue(()) }
    };
    let (lane, action) = (policies.lane(effect)?, caller.action);
    let (Break(()) | Continue(())) =
        if R::EVERY_ELEMENT { lane.all(action, look) } else { lane.candidates(action, look) };
    best
}
