//! Trees to values. Each input language has an evaluator of its own; all of them make the same kind of
//! [`value::Value`] and the same [`deployment::Deployment`]. This layer knows languages, not Azure.

mod allowed_folders;
pub mod arithmetic;
pub mod arm;
mod base64;
pub mod bicep;
pub mod budget;
mod calendar_names;
mod calls;
pub mod catalogue;
mod choice;
pub mod deployment;
mod distribution;
pub(crate) mod documents;
pub mod error;
mod existence;
mod home;
mod influence;
pub mod members;
mod memo;
pub mod number;
pub mod observer;
mod origin;
pub mod plan;
pub mod provenance;
mod rooted;
pub mod roots;
pub mod terraform;
pub mod value;

pub use influence::influence;
