//! A client for the tests: it talks to a server on a thread of its own, and reads everything that it is told. A
//! test that leaves a message unread fails, and so does one whose server answers a request twice or not at all.

mod builder;
mod client;
mod diagnostics;
mod documents;
mod text;

pub(crate) use builder::Builder;
pub(crate) use client::Client;
pub(crate) use diagnostics::Shown;

/// The same for every test: nothing that is judged may hang on the day.
pub(crate) const TODAY: (u16, u8, u8) = (2026, 11, 1);
