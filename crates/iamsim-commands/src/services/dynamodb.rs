//! Amazon DynamoDB.
//!
//! Sources: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/api-permissions-reference.html>,
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html>,
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html>

use iamsim_engine::ContextValue;
use iamsim_world::{Call, Check};
use serde_json::Value;

use crate::aws::Invocation;
use crate::checks::{check, with};
use crate::scope::{Scope, is_arn};
use crate::shorthand;

/// Settles the tables that a call is about.
pub(super) fn complete(call: &mut Call, invocation: &Invocation, scope: &Scope<'_>) {
    add_keys(call, invocation);
    let found = match invocation.operation.api {
        "Query" | "Scan" => {
            on_index(call, invocation, scope);
            return;
        }
        "BatchGetItem" | "BatchWriteItem" => batch(&call.operation, invocation, scope),
        "TransactGetItems" | "TransactWriteItems" => transaction(invocation, scope),
        "ExecuteStatement" => {
            invocation.text("statement").map(|text| statement(text, scope)).into_iter().collect()
        }
        "BatchExecuteStatement" | "ExecuteTransaction" => statements(invocation, scope),
        _ => return,
    };
    if !found.is_empty() {
        call.checks = found;
    }
}

/// An index is checked in place of its table.
fn on_index(call: &mut Call, invocation: &Invocation, scope: &Scope<'_>) {
    let (Some(name), Some(index)) = (invocation.text("table-name"), invocation.text("index-name")) else {
        return;
    };
    call.checks.truncate(1);
    for check in &mut call.checks {
        check.resource = format!("{}/index/{index}", table(name, scope));
    }
}

/// Adds whose items are asked for, and which of their attributes.
fn add_keys(call: &mut Call, invocation: &Invocation) {
    let leading = match invocation.operation.api {
        "DeleteItem" | "GetItem" | "UpdateItem" => partition_key(invocation, "key"),
        "PutItem" => partition_key(invocation, "item"),
        "Query" => queried_key(invocation),
        _ => None,
    };
    let projected = invocation.text("projection-expression").unwrap_or_default();
    let attributes: Vec<String> =
        projected.split(',').filter_map(|path| attribute(path, invocation)).collect();
    for check in &mut call.checks {
        if let Some(leading) = &leading {
            check.context.insert("dynamodb:LeadingKeys", ContextValue::from_iter([leading.clone()]));
        }
        if !attributes.is_empty() {
            check.context.insert("dynamodb:Attributes", attributes.iter().cloned().collect::<ContextValue>());
        }
    }
}

/// The value of the partition key of the item or key that a flag holds.
fn partition_key(invocation: &Invocation, flag: &str) -> Option<String> {
    let text = &invocation.word(flag)?.text;
    leading_key(&shorthand::value(text), text)
}

/// The value of the partition key among attributes written in this text. It is taken to be written first: a request does
/// not tell it from the others.
fn leading_key(attributes: &Value, text: &str) -> Option<String> {
    let attributes = attributes.as_object()?;
    let place = |name: &&String| text.find(&format!("\"{name}\"")).unwrap_or(usize::MAX);
    let first = attributes.keys().min_by_key(place)?;
    scalar(attributes.get(first)?)
}

/// `--key-condition-expression 'Artist = :a AND …' --expression-attribute-values '{":a": {"S": "Acme"}}'`
fn queried_key(invocation: &Invocation) -> Option<String> {
    let expression = invocation.text("key-condition-expression")?;
    let (_, compared) = expression.split_once('=')?;
    let name = compared.split_whitespace().next()?.trim_end_matches(')');
    let values = shorthand::value(&invocation.word("expression-attribute-values")?.text);
    scalar(values.get(name)?)
}

/// `Acme` of `{"S": "Acme"}`
fn scalar(value: &Value) -> Option<String> {
    value.as_object()?.values().next()?.as_str().map(str::to_owned)
}

/// The attribute at the top of a path, `#name` by what it stands for.
fn attribute(path: &str, invocation: &Invocation) -> Option<String> {
    let top = path.trim().split(['.', '[']).next().filter(|top| !top.is_empty())?;
    if !top.starts_with('#') {
        return Some(top.to_owned());
    }
    let names = shorthand::value(&invocation.word("expression-attribute-names")?.text);
    names.get(top)?.as_str().map(str::to_owned)
}

fn table(name: &str, scope: &Scope<'_>) -> String {
    if is_arn(name) { name.to_owned() } else { scope.regional("dynamodb", &format!("table/{name}")) }
}

/// `--request-items '{"Table": {"Keys": […]}}'`, or `'{"Table": [{"PutRequest": {"Item": …}}, …]}'`
fn batch(action: &str, invocation: &Invocation, scope: &Scope<'_>) -> Vec<Check> {
    let text: String = invocation.list("request-items").concat();
    let items = shorthand::values(invocation.words("request-items"));
    let tables = items.iter().filter_map(Value::as_object).flatten();
    let one = |(name, asked): (&String, &Value)| {
        let (read, written) = (asked.get("Keys").and_then(Value::as_array), asked.as_array());
        let of_write = |request: &Value| request.as_object()?.values().next().and_then(key_or_item).cloned();
        let written = written.into_iter().flatten().filter_map(of_write);
        let all: Vec<Value> = read.into_iter().flatten().cloned().chain(written).collect();
        let leading: Vec<String> = all.iter().filter_map(|one| leading_key(one, &text)).collect();
        with_leading(check(action, table(name, scope)), leading)
    };
    tables.map(one).collect()
}

fn key_or_item(request: &Value) -> Option<&Value> {
    request.get("Key").or_else(|| request.get("Item"))
}

fn with_leading(check: Check, leading: Vec<String>) -> Check {
    let leading = (!leading.is_empty()).then(|| leading.into_iter().collect::<ContextValue>());
    with(check, "dynamodb:LeadingKeys", leading)
}

/// Each item of a transaction needs the action of its own operation.
fn transaction(invocation: &Invocation, scope: &Scope<'_>) -> Vec<Check> {
    let text: String = invocation.list("transact-items").concat();
    let items = shorthand::values(invocation.words("transact-items"));
    let one = |(operation, item): (&String, &Value)| {
        let name = item.get("TableName").and_then(Value::as_str)?;
        let action = match &**operation {
            "ConditionCheck" => "dynamodb:ConditionCheckItem".to_owned(),
            other => format!("dynamodb:{other}Item"),
        };
        let leading = key_or_item(item).and_then(|key| leading_key(key, &text));
        Some(with_leading(check(&action, table(name, scope)), leading.into_iter().collect()))
    };
    items.iter().filter_map(Value::as_object).flatten().filter_map(one).collect()
}

fn statements(invocation: &Invocation, scope: &Scope<'_>) -> Vec<Check> {
    let flags = ["statements", "transact-statements"];
    let values = flags.iter().flat_map(|flag| shorthand::values(invocation.words(flag)));
    let text = |value: Value| value.get("Statement").and_then(Value::as_str).map(str::to_owned);
    values.filter_map(text).map(|text| statement(&text, scope)).collect()
}

/// The action of a PartiQL statement is that of its verb; the table is named after `FROM`, `INTO` or `UPDATE`.
fn statement(text: &str, scope: &Scope<'_>) -> Check {
    let words: Vec<&str> = text.split_whitespace().collect();
    let verb = words.first().map(|word| word.to_ascii_uppercase()).unwrap_or_default();
    let action = match &*verb {
        "INSERT" => "dynamodb:PartiQLInsert",
        "UPDATE" => "dynamodb:PartiQLUpdate",
        "DELETE" => "dynamodb:PartiQLDelete",
        _ => "dynamodb:PartiQLSelect",
    };
    let named_after =
        |word: &&str| ["FROM", "INTO", "UPDATE"].iter().any(|keyword| word.eq_ignore_ascii_case(keyword));
    let after = words.iter().position(named_after).and_then(|at| words.get(at + 1));
    let Some(name) = after else { return check(action, "*") };
    let resource = match name.split_once("\".\"") {
        Some((name, index)) => format!("{}/index/{}", name.trim_matches('"'), index.trim_matches('"')),
        None => name.trim_matches('"').to_owned(),
    };
    check(action, table(&resource, scope))
}
