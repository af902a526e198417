//! Sums over node pools as text: the same in findings, on hover and in `akslint network`.

use super::amount::Amount;
use super::pool_demand::{Moment, PoolDemand};

/// How many pools a sum names one by one.
const MAXIMUM_TERMS: usize = 4;

/// `10 nodes × 31 addresses = 310`, `(3 + 1) nodes × 31 + (10 + 1) nodes × 51 addresses = 685`
pub(super) fn addresses_text(pools: &[PoolDemand<'_>], private_endpoints: usize, moment: Moment) -> String {
    let needed: Amount = pools.iter().map(|pool| pool.addresses_at(moment)).sum();
    let pools = taking_part(pools, moment);
    let needed = needed.plus(Amount::exactly(private_endpoints as u64));
    let terms: Vec<String> = if pools.len() > MAXIMUM_TERMS {
        vec![format!("{} × their addresses", many(&pools, moment))]
    } else {
        let term = |pool: &&PoolDemand<'_>| {
            let (nodes, noun) = (count(pool, moment), noun(pool.nodes_of_one(moment).least));
            format!("{nodes} {noun} × {}", pool.addresses_of_node.least)
        };
        pools.iter().map(term).collect()
    };
    let unit = if pools.len() > MAXIMUM_TERMS {
        ""
    } else {
        " addresses"
    };
    let endpoints = endpoints_text(private_endpoints);
    format!("{}{unit}{endpoints} = {needed}", terms.join(" + "))
}

/// `30 nodes`, `25 + 3 nodes = 28`, `(20 + 2) + (10 + 1) nodes + 1 private endpoint = 34`
pub(super) fn nodes_text(pools: &[PoolDemand<'_>], private_endpoints: usize, moment: Moment) -> String {
    let nodes: Amount = pools.iter().map(|pool| pool.nodes_at(moment)).sum();
    let pools = taking_part(pools, moment);
    let sum = nodes.plus(Amount::exactly(private_endpoints as u64));
    let is_sum = moment == Moment::Upgrading && pools.iter().any(|pool| pool.surge_nodes() > 0);
    let mut terms = match pools.as_slice() {
        [] | [_] if !is_sum => format!("{nodes} {}", noun(nodes.least)),
        [] => String::new(),
        [pool] => count(pool, moment).trim_matches(['(', ')']).to_owned() + " nodes",
        pools if pools.len() > MAXIMUM_TERMS => many(pools, moment),
        pools => {
            let terms: Vec<String> = pools.iter().map(|pool| count(pool, moment)).collect();
            terms.join(" + ") + " nodes"
        }
    };
    let is_single = pools.len() <= 1 || pools.len() > MAXIMUM_TERMS;
    if is_single && !is_sum && private_endpoints == 0 {
        return terms;
    }
    terms.push_str(&endpoints_text(private_endpoints));
    format!("{terms} = {sum}")
}

fn taking_part<'p, 'a>(pools: &'p [PoolDemand<'a>], moment: Moment) -> Vec<&'p PoolDemand<'a>> {
    let takes_part = |pool: &&PoolDemand<'_>| pool.nodes_at(moment).least > 0;
    pools.iter().filter(takes_part).collect()
}

/// `8`, or `(8 + 1)` with surge nodes.
fn count(pool: &PoolDemand<'_>, moment: Moment) -> String {
    let nodes = pool.nodes.value.least;
    match (moment, pool.surge_nodes()) {
        (Moment::Running, _) | (Moment::Upgrading, 0) => nodes.to_string(),
        (Moment::Upgrading, surge) => format!("({nodes} + {surge})"),
    }
}

/// `61 nodes of 6 node pools`
fn many(pools: &[&PoolDemand<'_>], moment: Moment) -> String {
    let nodes: Amount = pools.iter().map(|pool| pool.nodes_at(Moment::Running)).sum();
    let upgrading: Amount = pools.iter().map(|pool| pool.nodes_at(moment)).sum();
    let surge = upgrading.least.saturating_sub(nodes.least);
    let number = pools.len();
    match surge {
        0 => format!("{} nodes of {number} node pools", nodes.least),
        surge => format!("{} + {surge} nodes of {number} node pools", nodes.least),
    }
}

fn endpoints_text(private_endpoints: usize) -> String {
    match private_endpoints {
        0 => String::new(),
        1 => " + 1 private endpoint".to_owned(),
        number => format!(" + {number} private endpoints"),
    }
}

fn noun(nodes: u64) -> &'static str {
    if nodes == 1 { "node" } else { "nodes" }
}
