//! Text that is put together from values, some of which are unknown.

use std::sync::Arc;

use super::table::Call;
use crate::eval::error::Evaluated;
use crate::eval::value::{Kind, Piece, Unknown, Value};

/// A text in the making. It never grows past what the run may still spend.
pub(super) struct Pieces {
    done: Vec<Piece>,
    open: String,
    room: usize,
    is_full: bool,
}

impl Pieces {
    pub(super) fn new(call: &Call<'_>) -> Self {
        Pieces {
            done: Vec::new(),
            open: String::new(),
            room: usize::try_from(call.context.budget.text.get()).unwrap_or(usize::MAX),
            is_full: false,
        }
    }

    pub(super) fn push(&mut self, text: &str) {
        match self.room.checked_sub(text.len()) {
            Some(room) if !self.is_full => {
                self.room = room;
                self.open.push_str(text);
            }
            _ => self.is_full = true,
        }
    }

    /// An unknown part; one that has pieces of its own adds those.
    pub(super) fn push_unknown(&mut self, unknown: &Unknown) {
        if unknown.pieces().is_empty() {
            self.close();
            self.done.push(Piece::Unknown(unknown.clone()));
        }
        for piece in unknown.pieces() {
            match piece {
                Piece::Text(text) => self.push(text),
                Piece::Unknown(part) => {
                    self.close();
                    self.done.push(Piece::Unknown(part.clone()));
                }
            }
        }
    }

    fn close(&mut self) {
        if !self.open.is_empty() {
            let text = std::mem::take(&mut self.open);
            self.done.push(Piece::Text(text.into()));
        }
    }

    /// A text when every part is known, else an unknown text of these pieces.
    pub(super) fn finished(mut self, call: &Call<'_>) -> Evaluated {
        if self.is_full {
            return Ok(call.limit());
        }
        if self.done.is_empty() {
            return call.string(self.open);
        }
        self.close();
        // A text that is one unknown value and nothing else is that value.
        if let [Piece::Unknown(unknown)] = self.done.as_slice() {
            return Ok(Value::unknown(unknown.scalar(), call.from()));
        }
        let bytes = self.done.iter().map(|piece| match piece {
            Piece::Text(text) => text.len(),
            Piece::Unknown(_) => 0,
        });
        if !call.context.budget.spend_text(bytes.sum()) {
            return Ok(call.limit());
        }
        Ok(match Unknown::text(self.done) {
            Some(unknown) => Value::unknown(unknown, call.from()),
            None => call.unknown(),
        })
    }
}

/// The text of a value as `concat`, `format` and `string` have it. None for what is no text, number or
/// bool, or not known.
pub(super) fn plain_text(value: &Value) -> Option<Arc<str>> {
    match &value.kind {
        Kind::String(text) => Some(text.clone()),
        Kind::Bool(true) => Some("True".into()),
        Kind::Bool(false) => Some("False".into()),
        Kind::Number(number) => Some(number.to_string().into()),
        _ => None,
    }
}

/// The known text that an unknown text starts with, and the one it ends with.
pub(super) fn known_ends(unknown: &Unknown) -> (&str, &str) {
    let pieces = unknown.pieces();
    (piece_text(pieces.first()), piece_text(pieces.last()))
}

fn piece_text(piece: Option<&Piece>) -> &str {
    match piece {
        Some(Piece::Text(text)) => text,
        _ => "",
    }
}

/// Every known part of an unknown text, in order.
pub(super) fn known_parts(unknown: &Unknown) -> impl Iterator<Item = &str> {
    unknown.pieces().iter().filter_map(|piece| match piece {
        Piece::Text(text) => Some(&**text),
        Piece::Unknown(_) => None,
    })
}
