//! What fits: the arithmetic of a subnet, a node pool or a cluster, with the same numbers as the rules.

use crate::eval::deployment::Presence;
use crate::eval::provenance::Provenance;
use crate::model::amount::Figure;
use crate::model::arithmetic::MAXIMUM_ROUTES;
use crate::model::cluster::Cluster;
use crate::model::neighbours::called;
use crate::model::network::Network;
use crate::model::node_pool::{NodePool, Surge};
use crate::model::pool_demand::{Moment, PoolDemand};
use crate::model::resource::RangeUse;
use crate::model::subnet::Subnet;
use crate::model::subnet_capacity::NodeSubnet;
use crate::model::view::{Reading, View};

use super::answer::{ask, reasons};
use super::capacity_tables::{Row, balance, nodes, pod_range, subnet, subnets};
use super::markdown::{Files, counted, name, place, table};
use super::pod_subnet::{api_servers, pods};

/// How many pools one table has.
const MAXIMUM_POOLS: usize = 10;

/// A subnet, and what the nodes, pods and API servers in it take.
pub(super) fn of_subnet(one: &Subnet, network: &Network, files: &Files<'_>) -> String {
    let presence = &one.declared.site.owner.presence;
    ask(network, files, presence, |view| {
        // The same subnet, for as long as the view lasts.
        let one = &view.network[one.id];
        let parts = [
            subnet(view, one, files),
            pods(view, one, files),
            api_servers(view, one),
        ];
        joined(parts)
    })
}

/// Several subnets that one place decides.
pub(super) fn of_subnets(several: &[&Subnet], network: &Network, files: &Files<'_>) -> String {
    ask(network, files, &Presence::Certain, |view| {
        let several: Vec<&Subnet> = several.iter().map(|one| &view.network[one.id]).collect();
        subnets(view, &several)
    })
}

/// Several node pools that one place decides.
pub(super) fn of_pools(several: &[&NodePool], network: &Network, files: &Files<'_>) -> String {
    ask(network, files, &Presence::Certain, |view| {
        let pools = several
            .iter()
            .take(MAXIMUM_POOLS)
            .map(|pool| &view.network[pool.id]);
        let demands: Vec<PoolDemand<'_>> = pools.map(|pool| view.demand_of(pool)).collect();
        let rows: Vec<[String; 4]> = demands
            .iter()
            .map(|demand| {
                let pool = demand.pool;
                let subnet = match view.node_subnet_of(pool) {
                    NodeSubnet::Here(id) => {
                        let subnet = &view.network[id];
                        name(called(&subnet.name, &subnet.declared))
                    }
                    NodeSubnet::Managed => "made by AKS".to_owned(),
                    NodeSubnet::Unseen(_) => "undecided".to_owned(),
                };
                [
                    name(called(&pool.name, &pool.declared)),
                    nodes(demand),
                    demand.addresses_of_node.to_string(),
                    subnet,
                ]
            })
            .collect();
        let mut text = table(["node pool", "nodes", "addresses each", "subnet"], &rows);
        if several.len() > MAXIMUM_POOLS {
            text.push_str(&format!(
                "\nAnd {} more node pools.\n",
                several.len() - MAXIMUM_POOLS
            ));
        }
        text
    })
}

/// A node pool, and the subnets and the pod range that its nodes are in.
pub(super) fn of_pool(pool: &NodePool, network: &Network, files: &Files<'_>) -> String {
    let presence = &pool.declared.site.owner.presence;
    ask(network, files, presence, |view| {
        let pool = &view.network[pool.id];
        let demand = view.demand_of(pool);
        let mut parts = vec![figures(view, &demand, files)];
        match view.node_subnet_of(pool) {
            NodeSubnet::Here(id) => parts.push(subnet(view, &view.network[id], files)),
            NodeSubnet::Managed => {
                parts.push("AKS makes the network of this pool, which is large enough.\n".to_owned());
            }
            NodeSubnet::Unseen(unknown) => parts.push(format!(
                "What its subnet has room for is undecided: {}.\n",
                reasons([&unknown], files)
            )),
        }
        if let Some(link) = &pool.pod_subnet
            && let Reading::Known(target) = view.look_at(link)
            && let crate::model::attr::Target::Here(id) = target.value
        {
            parts.push(pods(view, &view.network[*id], files));
        }
        if let Ok(cluster) = view.cluster_of(pool) {
            parts.push(pod_range(view, cluster, files));
        }
        joined(parts)
    })
}

/// A cluster: its network model, its ranges, and whether its nodes fit everywhere.
pub(super) fn of_cluster(cluster: &Cluster, network: &Network, files: &Files<'_>) -> String {
    let presence = &cluster.declared.site.owner.presence;
    ask(network, files, presence, |view| {
        let cluster = &view.network[cluster.id];
        let title = name(called(&cluster.name, &cluster.declared));
        let mut head = format!("**Cluster {title}**");
        if let Ok(model) = view.network_model(cluster) {
            head.push_str(&format!(" · {}", model.noun()));
        }
        head.push('\n');
        let rows: Vec<[String; 3]> = view
            .quietly()
            .cluster_ranges(cluster)
            .into_iter()
            .map(|(used, range)| {
                let noun = match used {
                    RangeUse::Pod => "pods",
                    _ => "services",
                };
                let from = match range.default {
                    true => "default".to_owned(),
                    false => place(range.from.nearest().span, files),
                };
                [noun.to_owned(), range.network.to_string(), from]
            })
            .collect();
        if !rows.is_empty() {
            head.push_str(&format!("\n{}", table(["", "range", "set"], &rows)));
        }
        let mut parts = vec![
            head,
            pod_range(view, cluster, files),
            routes(view, cluster, files),
        ];
        match view.quietly().subnets_of(cluster).as_slice() {
            [] => {}
            [one] => parts.push(subnet(view, one, files)),
            several => parts.push(subnets(view, several)),
        }
        joined(parts)
    })
}

/// What a pool asks for, figure by figure, and where each is set.
fn figures<'a>(view: View<'a>, demand: &PoolDemand<'a>, files: &Files<'_>) -> String {
    let pool = demand.pool;
    let mut text = format!("**Node pool {}**", name(called(&pool.name, &pool.declared)));
    if let Ok(cluster) = view.cluster_of(pool) {
        text.push_str(&format!(" of {}", name(called(&cluster.name, &cluster.declared))));
    }
    if let Some(model) = demand.model {
        text.push_str(&format!(" · {}", model.noun()));
    }
    text.push('\n');
    let fewest = view.fewest_nodes_of(pool);
    let mut rows: Vec<[String; 3]> = Vec::new();
    if fewest.value != demand.nodes.value {
        rows.push(row("fewest nodes", fewest.value.to_string(), &fewest, files));
        rows.push(row(
            "most nodes",
            demand.nodes.value.to_string(),
            &demand.nodes,
            files,
        ));
    } else {
        rows.push(row("nodes", demand.nodes.value.to_string(), &demand.nodes, files));
    }
    rows.push(row("surge nodes", surge(demand), &demand.surge, files));
    rows.push(row(
        "pods per node",
        demand.max_pods.value.to_string(),
        &demand.max_pods,
        files,
    ));
    let of_node = demand.addresses_of_node;
    let why = match demand.pods_in_node_subnet() {
        Some(true) => "its pods and itself",
        Some(false) => "itself alone",
        None => "undecided",
    };
    rows.push([
        "addresses per node".to_owned(),
        of_node.to_string(),
        why.to_owned(),
    ]);
    text.push_str(&format!("\n{}", table(["", "", "set"], &rows)));
    text
}

fn row<T>(label: &str, value: String, figure: &Figure<T>, files: &Files<'_>) -> [String; 3] {
    let set = match &figure.unknown {
        Some(unknown) => reasons([unknown], files),
        None if figure.default => "default".to_owned(),
        None => written(&figure.from, figure.site.property_name(), files),
    };
    [label.to_owned(), value, set]
}

/// `max_count (main.tf:12)`, `max_count (main.tf:12 from prod.tfvars:3)`
fn written(from: &Provenance, property: &str, files: &Files<'_>) -> String {
    let used = place(from.nearest().span, files);
    let origin = place(from.written_origin().span, files);
    match used == origin {
        true => format!("{} ({used})", name(property)),
        false => format!("{} ({used} from {origin})", name(property)),
    }
}

/// `1`, `3: 33 % of 8`, `undecided`
fn surge(demand: &PoolDemand<'_>) -> String {
    let nodes = demand.nodes.value;
    match demand.surge.value {
        None => "undecided".to_owned(),
        Some(Surge::Percent(percent)) if nodes.is_exact() => {
            format!("{}: {percent} % of {}", demand.surge_nodes(), nodes.least)
        }
        Some(Surge::Percent(percent)) => format!("{percent} %"),
        Some(Surge::Nodes(_)) => demand.surge_nodes().to_string(),
    }
}

/// The routes that a kubenet cluster needs; empty for others.
fn routes<'a>(view: View<'a>, cluster: &'a Cluster, files: &Files<'_>) -> String {
    let Some(routes) = view.quietly().kubenet_routes(cluster) else {
        return String::new();
    };
    let custom = match routes.custom_routes.least {
        0 => String::new(),
        custom => format!(" + {}", counted(custom, "route of its own")),
    };
    let moments = [
        ("most nodes", Moment::Running),
        ("during an upgrade", Moment::Upgrading),
    ];
    let rows = moments.map(|(label, moment)| Row {
        label,
        arithmetic: format!("{}{custom}", routes.nodes_text(moment)),
        needed: routes.routes(moment),
        unknown: Vec::new(),
    });
    let table = balance("routes", MAXIMUM_ROUTES, rows.into(), files);
    format!("**Route table** · {MAXIMUM_ROUTES} routes, one for each kubenet node\n{table}")
}

/// The parts that say something, with a line between them.
fn joined(parts: impl IntoIterator<Item = String>) -> String {
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("\n")
}
