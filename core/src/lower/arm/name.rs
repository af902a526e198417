//! Names of children: `hub/nodes` is the subnet `nodes` of the network `hub`.

use crate::eval::deployment::Resource;
use crate::eval::value::{Kind, Piece, Unknown, Value};
use crate::lower::body::Body;
use crate::lower::value::{chosen, inside};

/// How many texts within texts are followed in a name.
const MAXIMUM_NESTING: usize = 8;

/// The name of the resource that a child belongs to, and its own.
pub(in crate::lower) fn names(resource: &Resource, whole: Option<Value>) -> (Option<Value>, Option<Value>) {
    let Some(whole) = whole else {
        return (None, None);
    };
    let types = resource.schema.matches('/').count();
    if types < 2 {
        return (None, Some(whole));
    }
    (Some(part(&whole, Part::Before)), Some(part(&whole, Part::After)))
}

/// A side of the last slash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    Before,
    After,
}

fn part(whole: &Value, side: Part) -> Value {
    let kind = match &whole.kind {
        Kind::String(text) => {
            let (before, after) = text.rsplit_once('/').unwrap_or(("", text));
            let text = if side == Part::Before { before } else { after };
            if text.is_empty() {
                Kind::Null
            } else {
                Kind::String(text.into())
            }
        }
        Kind::OneOf(one_of) => {
            return chosen(one_of, &whole.from, |branch| Some(part(branch, side)))
                .unwrap_or_else(|| Value::new(Kind::Null, whole.from.clone()));
        }
        Kind::Unknown(unknown) => part_of_unknown(unknown, side),
        other => other.clone(),
    };
    Value::new(kind, whole.from.clone())
}

fn part_of_unknown(unknown: &Unknown, side: Part) -> Kind {
    let pieces = flat(unknown);
    let slash = pieces
        .iter()
        .enumerate()
        .rev()
        .find_map(|(index, piece)| match piece {
            Piece::Text(text) => Some((index, text.rsplit_once('/')?)),
            Piece::Unknown(_) => None,
        });
    // Of a name that is wholly unknown, or whose slash is in an unknown part, each side is unknown too.
    let Some((index, (before, after))) = slash else {
        let name = if side == Part::Before {
            "parent"
        } else {
            "own name"
        };
        return Kind::Unknown(inside(unknown, name));
    };
    let mut kept: Vec<Piece> = Vec::new();
    if side == Part::Before {
        kept.extend_from_slice(&pieces[..index]);
        kept.push(Piece::Text(before.into()));
    } else {
        kept.push(Piece::Text(after.into()));
        kept.extend_from_slice(&pieces[index + 1..]);
    }
    joined(kept)
}

/// The text that pieces make.
fn joined(mut kept: Vec<Piece>) -> Kind {
    kept.retain(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()));
    if let [Piece::Unknown(only)] = kept.as_slice() {
        return Kind::Unknown(only.clone());
    }
    let text = kept.iter().filter_map(|piece| match piece {
        Piece::Text(text) => Some(text.as_ref()),
        Piece::Unknown(_) => None,
    });
    let text: String = text.collect();
    match Unknown::text(kept) {
        Some(unknown) => Kind::Unknown(unknown),
        None if text.is_empty() => Kind::Null,
        None => Kind::String(text.into()),
    }
}

/// The end of the type of a role assignment that names its scope in its own type and name:
/// `Microsoft.Network/virtualNetworks/providers/roleAssignments` called `hub/Microsoft.Authorization/…`.
const ASSIGNMENTS: &str = "/providers/roleassignments";

/// Whether a type is that of a role assignment written as a child of what it is for.
pub(in crate::lower) fn is_assignment_below(schema: &str) -> bool {
    schema.to_ascii_lowercase().ends_with(ASSIGNMENTS)
}

/// The id of what such a role assignment is for.
pub(super) fn scope_of_assignment(resource: &Resource, body: &Body) -> Option<Value> {
    let kind = resource
        .schema
        .get(..resource.schema.len().checked_sub(ASSIGNMENTS.len())?)?;
    let mut types = kind.split('/');
    let provider = types.next()?;
    let name = body.property("name")?.value;
    let pieces = match &name.kind {
        Kind::String(text) => vec![Piece::Text(text.clone())],
        Kind::Unknown(unknown) => flat(unknown),
        _ => return None,
    };
    let mut parts = parts(&pieces).into_iter();
    let mut id = vec![Piece::Text(format!("/providers/{provider}").into())];
    for kind in types {
        id.push(Piece::Text(format!("/{kind}/").into()));
        id.extend(parts.next()?);
    }
    Some(Value::new(joined(id), name.from))
}

/// The parts of a name between its slashes.
fn parts(pieces: &[Piece]) -> Vec<Vec<Piece>> {
    let mut parts: Vec<Vec<Piece>> = vec![Vec::new()];
    for piece in pieces {
        let Piece::Text(text) = piece else {
            if let Some(last) = parts.last_mut() {
                last.push(piece.clone());
            }
            continue;
        };
        for (position, text) in text.split('/').enumerate() {
            if position > 0 {
                parts.push(Vec::new());
            }
            if let Some(last) = parts.last_mut() {
                last.push(Piece::Text(text.into()));
            }
        }
    }
    parts
}

/// The pieces of a text, those of texts within it included.
fn flat(unknown: &Unknown) -> Vec<Piece> {
    let mut pieces = unknown.pieces().to_vec();
    for _ in 0..MAXIMUM_NESTING {
        let nested = pieces.iter().position(|piece| match piece {
            Piece::Unknown(inner) => !inner.pieces().is_empty(),
            Piece::Text(_) => false,
        });
        let Some(position) = nested else {
            break;
        };
        let Some(Piece::Unknown(inner)) = pieces.get(position).cloned() else {
            break;
        };
        pieces.splice(position..=position, inner.pieces().to_vec());
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::provenance::{Provenance, Via};
    use crate::eval::value::Reason;
    use crate::source::{FileId, Span};

    fn unknown(name: &str) -> Unknown {
        let name = name.to_owned();
        Unknown::new(Reason::Unassigned { name }, Span::new(FileId(0), 0, 0))
    }

    fn text(parts: &[&str]) -> Kind {
        let pieces: Vec<Piece> = parts
            .iter()
            .map(|part| match part.strip_prefix('?') {
                Some(name) => Piece::Unknown(unknown(name)),
                None => Piece::Text((*part).into()),
            })
            .collect();
        match Unknown::text(pieces) {
            Some(unknown) => Kind::Unknown(unknown),
            None => Kind::String(parts.concat().into()),
        }
    }

    fn shown(parts: &[&str]) -> String {
        let from = Provenance::new(Via::Literal, Span::new(FileId(0), 0, 0));
        let whole = Value::new(text(parts), from);
        let side = |side| match part(&whole, side).kind {
            Kind::String(text) => text.to_string(),
            Kind::Null => "-".to_owned(),
            Kind::Unknown(unknown) if unknown.pieces().is_empty() => "?".to_owned(),
            Kind::Unknown(unknown) => format!("{} pieces", unknown.pieces().len()),
            _ => "another kind".to_owned(),
        };
        format!("{}, {}", side(Part::Before), side(Part::After))
    }

    #[test]
    fn divides_names_at_the_last_slash() {
        assert_eq!(shown(&["hub/nodes"]), "hub, nodes");
        assert_eq!(shown(&["nodes"]), "-, nodes");
        assert_eq!(shown(&["?hub", "/nodes"]), "?, nodes");
        assert_eq!(shown(&["hub/", "?nodes"]), "hub, ?");
        assert_eq!(shown(&["vnet-", "?env", "/snet-", "?env"]), "2 pieces, 2 pieces");
        assert_eq!(shown(&["?whole"]), "?, ?");
    }
}
