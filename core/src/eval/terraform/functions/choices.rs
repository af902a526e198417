//! Arguments that hang on an unknown condition: the call is made once for each way the conditions may
//! turn out, and the results are joined again.

use std::sync::Arc;

use crate::eval::terraform::error::EvalError;
use crate::eval::value::{Condition, Entries, Kind, OneOf, Reason, Unknown, Value};
use crate::source::Span;

/// A call whose arguments can turn out in more ways than this is unknown.
const LEAVES: usize = 32;

/// Runs `call` for every way the choices in `arguments` may turn out: the choices at top level or, with
/// `inside`, at any depth. A way that is an error becomes unknown unless all are errors. `None`: there
/// are too many ways.
pub(super) fn distribute(
    arguments: &[Value],
    inside: bool,
    span: Span,
    call: &mut dyn FnMut(&[Value]) -> Result<Value, EvalError>,
) -> Option<Result<Value, EvalError>> {
    let mut leaves = 0;
    branch(arguments, inside, span, &mut leaves, call)
}

fn branch(
    arguments: &[Value],
    inside: bool,
    span: Span,
    leaves: &mut usize,
    call: &mut dyn FnMut(&[Value]) -> Result<Value, EvalError>,
) -> Option<Result<Value, EvalError>> {
    let Some(condition) = arguments
        .iter()
        .find_map(|argument| first_choice(argument, inside, 0))
    else {
        *leaves += 1;
        return (*leaves <= LEAVES).then(|| call(arguments));
    };
    let identity = condition.identity();
    let mut side = |when: bool| {
        let decided: Vec<Value> = arguments
            .iter()
            .map(|argument| decide(argument, identity, when, inside, 0))
            .collect();
        branch(&decided, inside, span, leaves, call)
    };
    let yes = side(true)?;
    let no = side(false)?;
    Some(joined(condition, yes, no, span))
}

fn joined(
    condition: Condition,
    yes: Result<Value, EvalError>,
    no: Result<Value, EvalError>,
    span: Span,
) -> Result<Value, EvalError> {
    let (yes, no) = match (yes, no) {
        (Err(error), Err(_)) => return Err(error),
        (Ok(yes), Ok(no)) => (yes, no),
        (Ok(yes), Err(error)) => {
            let no = refused(error, &yes, span);
            (yes, no)
        }
        (Err(error), Ok(no)) => (refused(error, &no, span), no),
    };
    if let Some(same) = same(&yes, &no) {
        return Ok(same);
    }
    let from = yes.from.merged([&no.from]);
    Ok(Value::new(
        Kind::OneOf(Arc::new(OneOf { condition, yes, no })),
        from,
    ))
}

fn refused(error: EvalError, other: &Value, span: Span) -> Value {
    let reason = Reason::Invalid {
        message: error.message,
    };
    Value::unknown(Unknown::new(reason, span), other.from.clone())
}

/// The one value that both are, for values without parts.
fn same(yes: &Value, no: &Value) -> Option<Value> {
    let equal = match (&yes.kind, &no.kind) {
        (Kind::Null, Kind::Null) => true,
        (Kind::Bool(yes), Kind::Bool(no)) => yes == no,
        (Kind::Number(yes), Kind::Number(no)) => yes == no,
        (Kind::String(yes), Kind::String(no)) => yes == no,
        (Kind::Unknown(yes), Kind::Unknown(no)) => yes == no,
        _ => false,
    };
    equal.then(|| Value::new(yes.kind.clone(), yes.from.merged([&no.from])))
}

/// Deeper choices stay choices.
const DEPTH: usize = 64;

fn first_choice(value: &Value, inside: bool, depth: usize) -> Option<Condition> {
    match &value.kind {
        Kind::OneOf(one_of) => Some(one_of.condition.clone()),
        _ if !inside || depth > DEPTH => None,
        Kind::List(elements) | Kind::Tuple(elements) | Kind::Set(elements) => elements
            .iter()
            .find_map(|element| first_choice(element, inside, depth + 1)),
        Kind::Map(entries) | Kind::Object(entries) => entries
            .members
            .values()
            .find_map(|member| first_choice(member, inside, depth + 1)),
        _ => None,
    }
}

/// The value when the condition is `when`.
fn decide(value: &Value, identity: u64, when: bool, inside: bool, depth: usize) -> Value {
    let elements = |elements: &Arc<[Value]>| -> Arc<[Value]> {
        elements
            .iter()
            .map(|element| decide(element, identity, when, inside, depth + 1))
            .collect()
    };
    let entries = |entries: &Arc<Entries>| {
        let members = entries
            .members
            .iter()
            .map(|(key, member)| (key.clone(), decide(member, identity, when, inside, depth + 1)))
            .collect();
        Arc::new(Entries {
            members,
            open: entries.open.clone(),
        })
    };
    let kind = match &value.kind {
        _ if depth > DEPTH => return value.clone(),
        Kind::OneOf(one_of) => {
            let chosen = |branch| decide(branch, identity, when, inside, depth + 1);
            if one_of.condition.identity() == identity {
                return chosen(if when { &one_of.yes } else { &one_of.no });
            }
            Kind::OneOf(Arc::new(OneOf {
                condition: one_of.condition.clone(),
                yes: chosen(&one_of.yes),
                no: chosen(&one_of.no),
            }))
        }
        _ if !inside || first_choice(value, inside, depth).is_none() => return value.clone(),
        Kind::List(members) => Kind::List(elements(members)),
        Kind::Tuple(members) => Kind::Tuple(elements(members)),
        Kind::Set(members) => Kind::Set(elements(members)),
        Kind::Map(members) => Kind::Map(entries(members)),
        Kind::Object(members) => Kind::Object(entries(members)),
        _ => return value.clone(),
    };
    Value::new(kind, value.from.clone())
}
