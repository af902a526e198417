//! Arguments that hang on an unknown condition: the call is made once for each way the conditions may
//! turn out, and the results are joined again.

use super::choice;
use super::error::Evaluated;
use crate::eval::value::{Condition, Kind, Value};
use crate::source::Span;

/// A call whose arguments can turn out in more ways than this is unknown.
const LEAVES: usize = 32;

/// Runs `call` for every way the choices in `arguments` may turn out: the choices at top level or, with
/// `inside`, at any depth. A way that is an error becomes unknown unless all are errors. `None`: there
/// are too many ways.
pub(in crate::eval) fn distribute(
    arguments: &[Value],
    inside: bool,
    span: Span,
    call: &mut dyn FnMut(&[Value]) -> Evaluated,
) -> Option<Evaluated> {
    let mut leaves = 0;
    branch(arguments, inside, span, &mut leaves, call)
}

fn branch(
    arguments: &[Value],
    inside: bool,
    span: Span,
    leaves: &mut usize,
    call: &mut dyn FnMut(&[Value]) -> Evaluated,
) -> Option<Evaluated> {
    let Some(condition) = arguments
        .iter()
        .find_map(|argument| first_choice(argument, inside, 0))
    else {
        *leaves += 1;
        return (*leaves <= LEAVES).then(|| call(arguments));
    };
    let identity = condition.identity();
    let mut side = |when: bool| {
        let decided = arguments
            .iter()
            .map(|argument| choice::under(argument, identity, when).unwrap_or_else(|| argument.clone()));
        branch(&decided.collect::<Vec<_>>(), inside, span, leaves, call)
    };
    let (yes, no) = (side(true)?, side(false)?);
    Some(choice::join(condition, yes, no, span))
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
