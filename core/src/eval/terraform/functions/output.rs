//! Produced text that never grows past what the run may still spend.

use std::sync::Arc;

use super::table::Call;
use crate::eval::error::EvalError;
use crate::eval::value::{Piece, Unknown, Value};

/// Text in the making. Every addition answers `None` once there is no room left.
pub(super) struct Output {
    text: String,
    room: usize,
}

impl Output {
    /// Room is what the budget of the call has left.
    pub(super) fn new(call: &Call<'_>) -> Self {
        let room = call.context.budget.text.get();
        Output {
            text: String::new(),
            room: usize::try_from(room).unwrap_or(usize::MAX),
        }
    }

    /// Text on the side, before it goes into another: the room is that of the other.
    pub(super) fn new_beside(other: &Output) -> Self {
        Output {
            text: String::new(),
            room: other.room,
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn push(&mut self, text: &str) -> Option<()> {
        self.room = self.room.checked_sub(text.len())?;
        self.text.push_str(text);
        Some(())
    }

    pub(super) fn push_char(&mut self, letter: char) -> Option<()> {
        self.room = self.room.checked_sub(letter.len_utf8())?;
        self.text.push(letter);
        Some(())
    }

    pub(super) fn repeat(&mut self, letter: char, count: usize) -> Option<()> {
        let bytes = count.checked_mul(letter.len_utf8())?;
        self.room = self.room.checked_sub(bytes)?;
        self.text.push_str(&letter.to_string().repeat(count));
        Some(())
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }
}

/// The text as the result of the call, or the limit when it did not fit.
pub(super) fn finished(output: Output, complete: Option<()>, call: &Call<'_>) -> Result<Value, EvalError> {
    match complete {
        Some(()) => call.string(output.into_text()),
        None => Ok(call.limit()),
    }
}

/// Text with unknown parts.
pub(super) struct Pieces {
    done: Vec<Piece>,
    open: Output,
}

impl Pieces {
    pub(super) fn new(call: &Call<'_>) -> Self {
        Pieces {
            done: Vec::new(),
            open: Output::new(call),
        }
    }

    /// The known text after the last unknown part.
    pub(super) fn known(&mut self) -> &mut Output {
        &mut self.open
    }

    /// An unknown part; one that has pieces of its own adds those.
    pub(super) fn unknown(&mut self, unknown: &Unknown) -> Option<()> {
        if unknown.pieces().is_empty() {
            self.close();
            self.done.push(Piece::Unknown(unknown.clone()));
            return Some(());
        }
        for piece in unknown.pieces() {
            match piece {
                Piece::Text(text) => self.open.push(text)?,
                Piece::Unknown(part) => {
                    self.close();
                    self.done.push(Piece::Unknown(part.clone()));
                }
            }
        }
        Some(())
    }

    fn close(&mut self) {
        let text = std::mem::take(&mut self.open.text);
        if !text.is_empty() {
            self.done.push(Piece::Text(Arc::from(text)));
        }
    }

    /// A text when every part is known, else an unknown text of these pieces.
    pub(super) fn finished(mut self, complete: Option<()>, call: &Call<'_>) -> Result<Value, EvalError> {
        if complete.is_none() {
            return Ok(call.limit());
        }
        if self.done.is_empty() {
            return call.string(self.open.into_text());
        }
        self.close();
        // A text that is one unknown value and nothing else is that value.
        if let [Piece::Unknown(unknown)] = self.done.as_slice() {
            return Ok(Value::unknown(unknown.clone(), call.from()));
        }
        let bytes = self
            .done
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text.len(),
                Piece::Unknown(_) => 0,
            })
            .sum();
        if !call.context.budget.spend_text(bytes) {
            return Ok(call.limit());
        }
        Ok(match Unknown::text(self.done) {
            Some(unknown) => Value::unknown(unknown, call.from()),
            None => call.unknown(),
        })
    }
}
