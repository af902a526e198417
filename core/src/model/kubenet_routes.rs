//! Whether the route table of a kubenet cluster has a route for each node.

use crate::eval::deployment::Presence;
use crate::eval::value::Unknown;

use super::amount::Amount;
use super::arithmetic::MAXIMUM_ROUTES;
use super::attr::Target;
use super::capacity_text::nodes_text;
use super::cluster::Cluster;
use super::network_model::{NetworkModel, elsewhere};
use super::pool_demand::{Moment, PoolDemand};
use super::routing::{Route, RouteTable};
use super::subnet_capacity::NodeSubnet;
use super::view::{Reading, View};

/// The nodes of a kubenet cluster, and the routes that its own route table holds besides theirs.
#[derive(Debug, Clone)]
pub struct KubenetRoutes<'a> {
    pub pools: Vec<PoolDemand<'a>>,
    /// The route table that the user brings, when it is in this deployment.
    pub table: Option<&'a RouteTable>,
    pub custom_routes: Amount,
    /// Why the number of routes is not exact.
    unknown: Vec<Unknown>,
}

impl KubenetRoutes<'_> {
    /// The routes that the table has to hold.
    pub fn routes(&self, moment: Moment) -> Amount {
        self.nodes(moment).plus(self.custom_routes)
    }

    /// Whether that is more than a table holds; none when it hangs on something unknown.
    pub fn is_exceeded(&self, moment: Moment) -> Option<bool> {
        self.routes(moment).exceeds(MAXIMUM_ROUTES)
    }

    pub fn nodes(&self, moment: Moment) -> Amount {
        self.pools.iter().map(|pool| pool.nodes_at(moment)).sum()
    }

    /// `380 + 38 nodes = 418`
    pub fn nodes_text(&self, moment: Moment) -> String {
        nodes_text(&self.pools, 0, moment)
    }
}

impl<'a> View<'a> {
    /// The routes of a cluster that is known to use kubenet; none for others. When the network model is
    /// unknown, that is noted.
    pub fn kubenet_routes(&self, cluster: &'a Cluster) -> Option<KubenetRoutes<'a>> {
        match self.network_model(cluster) {
            Ok(NetworkModel::Kubenet) => {}
            Ok(_) => return None,
            Err(why) => {
                why.iter().for_each(|unknown| self.note(unknown));
                return None;
            }
        }
        let pools = self.pools_of(cluster);
        let mut routes = KubenetRoutes {
            pools: pools.iter().map(|pool| self.demand_of(pool)).collect(),
            table: None,
            custom_routes: Amount::NOTHING,
            unknown: Vec::new(),
        };
        // Every node subnet of a kubenet cluster has the same route table, so one that is known is enough.
        for pool in pools {
            if routes.table.is_none() {
                self.count_routes(self.node_subnet_of(pool), &mut routes);
            }
        }
        Some(routes)
    }

    /// Whether the routes are more than a table holds; false when that hangs on something unknown, which
    /// is noted.
    pub fn is_route_limit_exceeded(&self, routes: &KubenetRoutes<'a>, moment: Moment) -> bool {
        if let Some(answer) = routes.is_exceeded(moment) {
            return answer;
        }
        for pool in &routes.pools {
            pool.unknown_nodes(moment).for_each(|unknown| self.note(unknown));
        }
        routes.unknown.iter().for_each(|unknown| self.note(unknown));
        false
    }

    fn count_routes(&self, subnet: NodeSubnet, into: &mut KubenetRoutes<'a>) {
        let table = match subnet {
            NodeSubnet::Managed => return,
            NodeSubnet::Unseen(unknown) => Err(unknown),
            NodeSubnet::Here(id) => match self.route_table_of(&self.network[id]) {
                Some(table) => table,
                None => return,
            },
        };
        match table {
            Ok(table) => {
                into.table = Some(table);
                (into.custom_routes, into.unknown) = self.routes_in(table);
            }
            Err(unknown) => {
                into.custom_routes = Amount::between(0, MAXIMUM_ROUTES);
                into.unknown = vec![unknown];
            }
        }
    }

    /// The route table of a subnet, or why it cannot be looked into; none without one.
    fn route_table_of(&self, subnet: &'a super::subnet::Subnet) -> Option<Result<&'a RouteTable, Unknown>> {
        let association = self.present(&subnet.route_tables).next()?;
        Some(match self.look_at(&association.link) {
            Reading::Absent => return None,
            Reading::Unknown(unknown, _) => Err(unknown.clone()),
            Reading::Known(target) => match target.value {
                Target::Here(id) => Ok(&self.network[*id]),
                Target::Elsewhere(id) => Err(elsewhere("route table", id, target.from.origin().span)),
            },
        })
    }

    /// How many routes a table holds, and why that is not exact.
    fn routes_in(&self, table: &'a RouteTable) -> (Amount, Vec<Unknown>) {
        let routes: Vec<&Route> = self.present(&table.routes).collect();
        let mut unknown: Vec<Unknown> = table.open.iter().cloned().collect();
        for route in &routes {
            if let Presence::AnyNumber(number) = &route.declared.site.owner.presence {
                unknown.push(number.clone());
            }
        }
        let number = routes.len() as u64;
        let most = if unknown.is_empty() {
            number
        } else {
            MAXIMUM_ROUTES
        };
        (Amount::between(number, most), unknown)
    }
}
