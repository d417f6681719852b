//! An edit as a change to the text its policy stands in, JSON or YAML, in the way the text is laid out.

use std::ops::Range;

use iamsim_remedy::{Addition, Edit};
use iamsim_syntax::{Condition, Effect, Policy, PolicyType, Principal, Span, Statement, print_statement};

/// A stretch of a text and what comes in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Patch {
    pub(super) range: Range<usize>,
    pub(super) with: String,
}

/// The change; `None` where the text is laid out in a way this does not know. The caller makes sure that it says
/// what was meant.
pub(super) fn of(text: &str, before: &Policy, edit: &Edit) -> Option<Patch> {
    match edit {
        Edit::AddStatement { statement, .. } => add_statement(text, before, statement),
        Edit::Widen { at, by } | Edit::Spare { at, by } => {
            add(text, before.statements.get(at.statement)?, by, before.policy_type)
        }
        Edit::Bring { .. } | Edit::LeaveOut { .. } | Edit::UseMultiFactor | Edit::Share => None,
    }
}

fn add_statement(text: &str, before: &Policy, statement: &Statement) -> Option<Patch> {
    let last = before.statements.last()?.span.range();
    let old = text.get(last.clone())?;
    let printed = print_statement(statement, before.policy_type);
    let indent = indent_of(text, last.start);
    if !old.starts_with('{') {
        // A block of YAML: JSON is YAML, too.
        let indent = dash_before(text, last.start)?;
        let end = last.start + old.trim_end().len();
        return Some(insert(end, format!("\n{indent}- {}", indented(&printed, &format!("{indent}  ")))));
    }
    let begins_line = line_before(text, last.start).trim().is_empty();
    if is_in_list(text, last.start) {
        let indent = if begins_line { indent.to_owned() } else { format!("{indent}  ") };
        return Some(insert(last.end, format!(",\n{indent}{}", indented(&printed, &indent))));
    }
    let deeper = format!("{indent}  ");
    let (old, new) = (indented(old, "  "), indented(&printed, &deeper));
    Some(Patch { range: last, with: format!("[\n{deeper}{old},\n{deeper}{new}\n{indent}]") })
}

fn add(text: &str, statement: &Statement, by: &Addition, policy_type: PolicyType) -> Option<Patch> {
    match by {
        Addition::Action(action) => append(text, statement.action.patterns.last()?.span, action),
        Addition::Resource(resource) => {
            append(text, statement.resource.as_ref()?.patterns.last()?.span, resource)
        }
        Addition::Value { condition, value } => {
            append(text, statement.conditions.get(*condition)?.values.last()?.span, value)
        }
        Addition::Principals(added) => {
            let [added] = &**added else { return None };
            let (kind, name) = words(added, statement, policy_type)?;
            let mut there = statement.principal.as_ref()?.principals.iter();
            let same_kind = |other: &Principal| {
                words(other, statement, policy_type).is_some_and(|(other, _)| other == kind)
            };
            let last = there.rfind(|other| same_kind(&other.value))?;
            append(text, last.span, &name)
        }
        Addition::Condition(clause) => add_condition(text, statement, clause),
    }
}

/// A value after the last one of a list, or a list in place of a single value.
fn append(text: &str, last: Span, value: &str) -> Option<Patch> {
    let last = last.range();
    let old = text.get(last.clone())?;
    let value = json(value);
    if let Some(indent) = dash_before(text, last.start) {
        return Some(insert(last.end, format!("\n{indent}- {value}")));
    }
    if !is_in_list(text, last.start) {
        return Some(Patch { range: last, with: format!("[{old}, {value}]") });
    }
    let before = line_before(text, last.start);
    let separator = if before.trim().is_empty() { format!(",\n{before}") } else { ", ".to_owned() };
    Some(insert(last.end, format!("{separator}{value}")))
}

/// A clause before the first of a condition, or a condition after the last element.
fn add_condition(text: &str, statement: &Statement, clause: &Condition) -> Option<Patch> {
    let operator = clause.operator.value;
    let key = json(&clause.key.value);
    let value = json(&clause.values.first()?.value);
    let operator_text = json(&operator.to_string());
    if let Some(same) = statement.conditions.iter().find(|other| other.operator.value == operator) {
        return begin_with(text, same.key.span, format!("{key}: {value}"));
    }
    if let Some(first) = statement.conditions.first() {
        return begin_with(text, first.operator.span, format!("{operator_text}: {{{key}: {value}}}"));
    }
    let is_flow = text.get(statement.span.range())?.starts_with('{');
    let place = statement.effect.span.range();
    let before = line_before(text, place.start);
    let condition = format!("{{{operator_text}: {{{key}: {value}}}}}");
    if !is_flow {
        let indent: String = before.chars().take_while(|c| c.is_whitespace() || *c == '-').collect();
        return Some(insert(place.end, format!("\n{}Condition: {condition}", indent.replace('-', " "))));
    }
    let indent = indent_of(text, place.start);
    let alone = before.trim_start().starts_with("\"Effect\"");
    let separator = if alone { format!(",\n{indent}") } else { ", ".to_owned() };
    Some(insert(place.end, format!("{separator}\"Condition\": {condition}")))
}

/// A member before the one whose key stands at `key`.
fn begin_with(text: &str, key: Span, member: String) -> Option<Patch> {
    let at = key.range().start;
    let before = line_before(text, at);
    let is_flow = text.get(at..)?.starts_with('"');
    let separator = match (before.trim().is_empty(), is_flow) {
        (true, true) => format!(",\n{before}"),
        (true, false) => format!("\n{before}"),
        (false, _) => ", ".to_owned(),
    };
    Some(insert(at, format!("{member}{separator}")))
}

/// The list that a principal is written in, and its text there.
fn words(principal: &Principal, like: &Statement, policy_type: PolicyType) -> Option<(String, String)> {
    let mut only = like.clone();
    let element = only.principal.as_mut()?;
    let first = element.principals.first_mut()?;
    first.value = principal.clone();
    element.principals.truncate(1);
    only.effect.value = Effect::Allow;
    let printed = print_statement(&only, policy_type);
    let mut lines = printed.lines().skip_while(|line| !line.trim_start().starts_with("\"Principal\": {"));
    let (kind, name) = lines.nth(1)?.trim().split_once(": ")?;
    let name = name.trim_matches('"').to_owned();
    Some((kind.to_owned(), name))
}

fn insert(at: usize, with: String) -> Patch {
    Patch { range: at..at, with }
}

/// What stands before a place on its line.
fn line_before(text: &str, at: usize) -> &str {
    let before = text.get(..at).unwrap_or_default();
    before.get(before.rfind('\n').map_or(0, |end| end + 1)..).unwrap_or_default()
}

fn indent_of(text: &str, at: usize) -> &str {
    let line = line_before(text, at);
    line.get(..line.len() - line.trim_start().len()).unwrap_or_default()
}

/// The white space before the dash of a YAML item that begins at a place.
fn dash_before(text: &str, at: usize) -> Option<&str> {
    let line = line_before(text, at);
    (line.trim() == "-").then(|| indent_of(text, at))
}

/// Whether a value stands in brackets: after `[`, or after a comma that follows another value.
fn is_in_list(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default().trim_end();
    before.ends_with(['[', ','])
}

/// All lines but the first moved to the right.
fn indented(text: &str, indent: &str) -> String {
    text.replace('\n', &format!("\n{indent}"))
}

/// A text as JSON.
fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use iamsim_engine::{Place, StatementRef};
    use iamsim_syntax::parse_node;

    use super::*;
    use crate::library::read_tree;
    use crate::source::Source;

    /// Widens the last statement of `text` and compares what is written.
    fn check(file: &str, text: &str, by: Addition, expected: &str) {
        let (tree, _) = read_tree(&Source::new(file, text));
        let (policy, diagnostics) = parse_node(&tree.unwrap(), PolicyType::IdentityBased);
        assert_eq!(diagnostics, []);
        let policy = policy.unwrap();
        let place = Place { policy_type: PolicyType::IdentityBased, level: 0, policy: 0 };
        let at = StatementRef { place, statement: policy.statements.len() - 1 };
        let patch = of(text, &policy, &Edit::Widen { at, by }).unwrap();
        let mut changed = text.to_owned();
        changed.replace_range(patch.range, &patch.with);
        assert_eq!(changed, expected);
    }

    fn action() -> Addition {
        Addition::Action("s3:PutObject".into())
    }

    #[test]
    fn a_single_value_becomes_a_list() {
        check(
            "p.json",
            r#"{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}"#,
            action(),
            r#"{"Statement": {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "*"}}"#,
        );
        check(
            "p.yaml",
            "Statement:\n  - Effect: Allow\n    Action: s3:GetObject\n    Resource: '*'\n",
            action(),
            "Statement:\n  - Effect: Allow\n    Action: [s3:GetObject, \"s3:PutObject\"]\n    Resource: '*'\n",
        );
    }

    #[test]
    fn a_list_grows_as_it_is_laid_out() {
        check(
            "p.json",
            "{\"Statement\": {\"Effect\": \"Allow\", \"Resource\": \"*\", \"Action\": [\n  \"s3:GetObject\"\n]}}",
            action(),
            "{\"Statement\": {\"Effect\": \"Allow\", \"Resource\": \"*\", \"Action\": [\n  \"s3:GetObject\",\n  \"s3:PutObject\"\n]}}",
        );
        check(
            "p.yaml",
            "Statement:\n  Effect: Allow\n  Action:\n    - s3:GetObject\n  Resource: '*'\n",
            action(),
            "Statement:\n  Effect: Allow\n  Action:\n    - s3:GetObject\n    - \"s3:PutObject\"\n  Resource: '*'\n",
        );
    }
}
