//! The network that a deployment makes, in Azure's nouns: what rules see, whatever it was written in.
//!
//! Three questions are kept apart for every property. Is it written: `Option<Attr<T>>`. Is it known:
//! [`attr::State`]. Where is it from: [`crate::eval::provenance::Provenance`]. Rules read properties
//! through a [`view::View`], which notes every value that it could not give.

pub mod amount;
pub mod arithmetic;
pub mod attr;
mod capacity_text;
pub mod cidr;
pub mod cluster;
mod decision;
pub mod effective;
pub mod flow;
pub mod free;
pub mod identity;
pub mod kubenet_routes;
pub mod neighbours;
pub mod nesting;
pub mod network;
pub mod network_model;
pub mod node_pool;
pub mod permissions;
pub mod placement;
pub mod pod_range_capacity;
pub mod pool_demand;
pub mod pool_index;
pub mod pool_size;
pub mod reach;
pub mod reserved;
pub mod resource;
pub mod roles;
pub mod routing;
mod scopes;
pub mod security;
pub mod service_tags;
pub mod subnet;
pub mod subnet_capacity;
pub mod view;
pub mod vocabulary;
pub mod world;
