//! The answer to one question as results.

use iamsim_engine::DecidedBy;
use iamsim_scenario::ask::{Answer, ExplainedCheck, ExplainedStatement};
use iamsim_scenario::report::Verdict;
use iamsim_syntax::Effect;

use super::{Cited, Kind, Results, Suite, Test, decision};

/// How many near misses are worth reading.
const NEAR_MISSES: usize = 5;

impl<'r> Results<'r> {
    /// Of a question as it was put.
    pub(crate) fn of_answer(question: &'r str, answer: &'r Answer) -> Self {
        let mut tests: Vec<_> = answer.checks.iter().map(Test::from).collect();
        if let Some(error) = &answer.refused {
            let test = Test::new("the call".to_owned(), Verdict::Unchecked, error.code.clone());
            tests.push(Test { message: Some(&error.message), ..test });
        }
        if let Some(last) = tests.last_mut() {
            last.findings = answer.warnings.iter().collect();
        }
        Self { kind: Kind::Check, suites: vec![Suite { name: question, file: None, source: None, tests }] }
    }
}

impl<'r> From<&'r ExplainedCheck> for Test<'r> {
    fn from(check: &'r ExplainedCheck) -> Self {
        let outcome = check.verdict.as_str();
        let is_allowed = check.verdict.is_allowed();
        let (role, effect) = if outcome == "explicitDeny" {
            ("denied by", Effect::Deny)
        } else {
            ("allowed by", Effect::Allow)
        };
        let matching = check.statements.iter().filter(|statement| {
            statement.matches && statement.effect == effect && (is_allowed || effect == Effect::Deny)
        });
        let found = decision(outcome, check.decided_by.policy_type);
        Self {
            principal: Some(&check.principal),
            action: Some(&check.action),
            resource: Some(&check.resource),
            decision: Some(outcome),
            message: check.message.as_deref(),
            statements: matching.map(|statement| cited(role, statement)).chain(near_misses(check)).collect(),
            absent: &check.missing_context_values,
            dependence: check.dependence.as_ref(),
            explanation: Some(check),
            ..Self::new(format!("{} on {}", check.action, check.resource), Verdict::Unchecked, found)
        }
    }
}

/// The statements of the type that should have allowed it which match but for one element.
fn near_misses(check: &ExplainedCheck) -> impl Iterator<Item = Cited<'_>> {
    let wanted = match check.decision.decided_by {
        DecidedBy::MissingAllow(policy_type) => Some(policy_type),
        _ => None,
    };
    let concerned = check
        .statements
        .iter()
        .filter(move |statement| statement.effect == Effect::Allow && Some(statement.policy_type) == wanted);
    let near = concerned.filter_map(|statement| {
        let miss = statement.near_miss().filter(|miss| !matches!(miss.element, "Action" | "NotAction"))?;
        let but = match (&miss.operator, &miss.key) {
            (Some(operator), Some(key)) => format!("Condition {operator} on {key}"),
            _ => miss.element.to_owned(),
        };
        Some(Cited { but: Some(but), ..cited("near", statement) })
    });
    near.take(NEAR_MISSES)
}

fn cited<'r>(role: &'static str, statement: &'r ExplainedStatement) -> Cited<'r> {
    Cited {
        role,
        but: None,
        policy_type: statement.policy_type.as_str(),
        policy: &statement.policy,
        sid: statement.sid.as_deref(),
        source: &statement.file,
        line: statement.line,
        column: statement.column,
        span: statement.span,
    }
}
