#![allow(clippy::unwrap_used)]

mod fixtures;
mod properties;
