//! What the security groups of a cluster's subnets keep its nodes and pods from reaching.

use ipnet::IpNet;

use crate::eval::value::Unknown;

use super::attr::{Fact, Id, List, Target};
use super::cidr::Cidr;
use super::cluster::Cluster;
use super::flow::{Endpoint, Flow, Interval, Traffic};
use super::node_pool::NodePool;
use super::security::{Decider, SecurityGroup, SecurityRule, Verdict};
use super::service_tags::Surroundings;
use super::subnet::Subnet;
use super::view::{Reading, View};
use super::vocabulary::{Direction, IpFamily, NetworkPlugin, Protocol};

/// A subnet of this deployment that nodes of a cluster are in, and the first pool that is put there.
#[derive(Debug, Clone, Copy)]
pub struct NodeSubnet<'a> {
    pub subnet: &'a Subnet,
    pub pool: &'a NodePool,
    /// Where the pool names the subnet.
    pub link: Fact<'a, Target<Subnet>>,
}

/// Traffic of a cluster from one subnet to another, or to itself.
#[derive(Debug, Clone, Copy)]
pub struct Way<'a> {
    pub cluster: &'a Cluster,
    pub from: &'a Subnet,
    pub to: &'a Subnet,
}

/// A rule of a group's own that denies a part of a flow.
#[derive(Debug)]
pub struct Blocked<'a> {
    pub group: &'a SecurityGroup,
    /// What puts the group on the subnet.
    pub association: Fact<'a, Target<SecurityGroup>>,
    pub rule: &'a SecurityRule,
    pub direction: Direction,
    pub traffic: Vec<Traffic>,
}

/// What was found out about flows: what is blocked for certain, and what was left undecided.
#[derive(Debug, Default)]
pub struct Asked<'a> {
    pub blocked: Vec<Blocked<'a>>,
    pub doubts: Vec<Unknown>,
}

impl<'a> View<'a> {
    /// The subnets of this deployment that a cluster's nodes are in, each once. One that is unknown or lies
    /// elsewhere is noted.
    pub fn node_subnets(&self, cluster: &'a Cluster) -> Vec<NodeSubnet<'a>> {
        let mut subnets: Vec<NodeSubnet<'a>> = Vec::new();
        for pool in self.network.pools_of(cluster.id) {
            let Some(link) = pool
                .subnet
                .as_ref()
                .filter(|_| self.links_to(&pool.cluster, cluster.id))
            else {
                continue;
            };
            let is_known = |id: Id<Subnet>| subnets.iter().any(|known| known.subnet.id == id);
            // Each question whether a pool exists can double the worlds, so it is asked last.
            if matches!(self.target(link), Some(Target::Here(id)) if is_known(*id))
                || !self.is_present(&pool.declared)
            {
                continue;
            }
            if let Some(id) = self.follow(link, "subnet")
                && let Some(link) = self.read(link)
            {
                let subnet = &self.network[id];
                subnets.push(NodeSubnet { subnet, pool, link });
            }
        }
        subnets
    }

    /// The ranges of a list, those that are not known among them.
    pub fn endpoint(&self, list: &'a List<Cidr>) -> Endpoint {
        let members = match self.look_at(list) {
            Reading::Known(members) => members.value.as_slice(),
            Reading::Unknown(unknown, _) => {
                return Endpoint {
                    ranges: Vec::new(),
                    unknown: vec![unknown.clone()],
                };
            }
            Reading::Absent => &[],
        };
        let mut endpoint = Endpoint::default();
        for member in members {
            match self.look_at(member) {
                Reading::Known(cidr) => endpoint.ranges.extend(cidr.value.network),
                Reading::Unknown(unknown, _) => endpoint.unknown.push(unknown.clone()),
                Reading::Absent => {}
            }
        }
        endpoint
    }

    /// The addresses that nodes of a cluster have in a subnet: a subnet can have IPv6 ranges of which a
    /// cluster for IPv4 alone makes no use.
    pub fn node_endpoint(&self, cluster: &'a Cluster, subnet: &'a Subnet) -> Endpoint {
        let mut endpoint = self.endpoint(&subnet.prefixes);
        let families = self.quietly().ip_families(cluster);
        if !families.is_some_and(|families| families.contains(&IpFamily::IPv6)) {
            endpoint.ranges.retain(|range| matches!(range, IpNet::V4(_)));
        }
        endpoint
    }

    /// Asks the security groups on both ends whether everything may pass between two subnets.
    pub fn ask_between(&self, way: Way<'a>, asked: &mut Asked<'a>) {
        let [source, destination] = [way.from, way.to].map(|subnet| self.node_endpoint(way.cluster, subnet));
        let virtual_network = source.and(&destination);
        let around = Surroundings { virtual_network };
        for (direction, subnet) in [(Direction::Outbound, way.from), (Direction::Inbound, way.to)] {
            let flow = Flow::all(direction, source.clone(), destination.clone());
            self.ask(subnet, &flow, &around, asked);
        }
    }

    /// Asks the security groups of a subnet whether a flow may pass. The rules that Azure adds to every
    /// group are left aside: clusters work with them.
    pub fn ask(&self, subnet: &'a Subnet, flow: &Flow, around: &Surroundings, asked: &mut Asked<'a>) {
        if flow.source.is_empty() || flow.destination.is_empty() {
            return;
        }
        for association in self.present(&subnet.security_groups) {
            let Some(id) = self.follow(&association.link, "security group") else {
                continue;
            };
            let Some(link) = self.read(&association.link) else {
                continue;
            };
            let group = &self.network[id];
            match self.decide(group, flow, around) {
                Verdict::Allowed => {}
                Verdict::Undecided(unknown) => asked.doubts.push(unknown),
                Verdict::Denied(denials) => {
                    for denial in denials {
                        if let Decider::Rule(rule) = denial.by {
                            asked.blocked.push(Blocked {
                                group,
                                association: link,
                                rule,
                                direction: flow.direction.clone(),
                                traffic: denial.traffic,
                            });
                        }
                    }
                }
            }
        }
    }

    /// Whether the pools of a cluster name more than one subnet for their nodes. Nothing is noted.
    pub fn has_several_subnets(&self, cluster: &'a Cluster) -> bool {
        self.quietly().role_subnets(cluster).len() > 1
    }

    /// What is blocked between nodes of the same subnet, for each subnet of a cluster. Nothing is noted.
    pub fn ask_within(&self, cluster: &'a Cluster, subnets: &[NodeSubnet<'a>]) -> Asked<'a> {
        let mut asked = Asked::default();
        for NodeSubnet { subnet, .. } in subnets {
            let way = Way {
                cluster,
                from: subnet,
                to: subnet,
            };
            self.quietly().ask_between(way, &mut asked);
        }
        asked
    }
}

/// Traffic in which the pods of a cluster take part.
#[derive(Debug)]
pub struct PodTraffic<'a> {
    /// "from nodes to pods"
    pub words: &'static str,
    pub source: Endpoint,
    pub target: Endpoint,
    /// What is blocked, and whether that is so even if the tag `VirtualNetwork` holds the pod ranges.
    pub blocked: Vec<(Blocked<'a>, bool)>,
    pub doubts: Vec<Unknown>,
}

impl<'a> View<'a> {
    /// Whether the pods of a cluster surely have no range of their own. Nothing is noted.
    pub fn is_flat(&self, cluster: &'a Cluster) -> bool {
        match self.look(&cluster.network_plugin) {
            Reading::Known(plugin) => match plugin.value {
                NetworkPlugin::Azure => matches!(self.look(&cluster.network_plugin_mode), Reading::Absent),
                NetworkPlugin::None | NetworkPlugin::Other(_) => true,
                NetworkPlugin::Kubenet => false,
            },
            Reading::Unknown(..) | Reading::Absent => false,
        }
    }

    /// The pod ranges of a cluster whose pods have ranges of their own, as one side of a flow.
    pub fn pod_endpoint(&self, cluster: &'a Cluster) -> Endpoint {
        let ranges = self.pod_ranges(cluster);
        Endpoint {
            ranges: ranges.iter().map(|range| range.network).collect(),
            unknown: Vec::new(),
        }
    }

    /// Asks the security groups of a node subnet what pods and nodes there can reach of each other by the
    /// addresses of pods.
    ///
    /// The routes that kubenet makes put its pod range into the tag `VirtualNetwork`. For overlay Azure does
    /// not say; the documentation asks for rules that name the pod range.
    /// <https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay>
    pub fn ask_pods(
        &self,
        cluster: &'a Cluster,
        node: &NodeSubnet<'a>,
        pods: &Endpoint,
        is_kubenet: bool,
    ) -> Vec<PodTraffic<'a>> {
        let nodes = self.node_endpoint(cluster, node.subnet);
        let mut ways = vec![("from nodes to pods", &nodes, pods), ("between pods", pods, pods)];
        if is_kubenet {
            ways.push(("from pods to nodes", pods, &nodes));
        }
        let all = nodes.and(pods);
        let certain = if is_kubenet { &all } else { &nodes };
        let ask = |source: &Endpoint, target: &Endpoint, virtual_network: &Endpoint| {
            let around = Surroundings {
                virtual_network: virtual_network.clone(),
            };
            let mut asked = Asked::default();
            for direction in [Direction::Outbound, Direction::Inbound] {
                let flow = Flow::all(direction, source.clone(), target.clone());
                self.ask(node.subnet, &flow, &around, &mut asked);
            }
            asked
        };
        let traffic = ways.into_iter().map(|(words, source, target)| {
            let sure = ask(source, target, &all);
            let mut asked = ask(source, target, certain);
            let blocked = std::mem::take(&mut asked.blocked).into_iter();
            PodTraffic {
                words,
                source: source.clone(),
                target: target.clone(),
                blocked: blocked
                    .map(|blocked| {
                        let is_sure = sure.names(blocked.rule);
                        (blocked, is_sure)
                    })
                    .collect(),
                doubts: sure.doubts.into_iter().chain(asked.doubts).collect(),
            }
        });
        traffic.collect()
    }
}

impl Asked<'_> {
    /// Whether this rule blocks something.
    pub fn names(&self, rule: &SecurityRule) -> bool {
        self.blocked
            .iter()
            .any(|blocked| std::ptr::eq(blocked.rule, rule))
    }
}

/// Ports for the administration of machines. Kubernetes itself never uses them between nodes.
const ADMINISTRATION_PORTS: [u16; 2] = [22, 3389];

/// What clusters cannot do without between nodes and pods: kubelets, and DNS.
const NEEDED: [(Protocol, u16); 3] = [(Protocol::Tcp, 10250), (Protocol::Udp, 53), (Protocol::Tcp, 53)];

/// How much is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    /// Remote administration of the machines.
    Administration,
    /// Single ports, which workloads may or may not use.
    SomePorts,
    /// What the cluster itself needs, or everything.
    Cluster,
}

impl Blocked<'_> {
    pub fn loss(&self) -> Loss {
        let is_needed = |traffic: &Traffic| {
            NEEDED
                .iter()
                .any(|(protocol, port)| traffic.includes(protocol, *port))
        };
        if self
            .traffic
            .iter()
            .all(|traffic| traffic.is_within_ports(&ADMINISTRATION_PORTS))
        {
            Loss::Administration
        } else if self.traffic.iter().any(is_needed) {
            Loss::Cluster
        } else {
            Loss::SomePorts
        }
    }
}

impl Traffic {
    /// The protocol and destination ports; none when they are what was left over between other rules.
    pub fn words(&self) -> Option<String> {
        let protocol = match self.protocol() {
            Interval { start: 0, end: 255 } => "all",
            Interval { start: 6, end: 6 } => "TCP",
            Interval { start: 17, end: 17 } => "UDP",
            Interval { start: 1, end: 1 } => "ICMP",
            _ => return None,
        };
        let Interval { start, end } = self.destination_ports();
        let note = match (protocol, start, end) {
            ("all", 0, 65535) => return Some("all traffic".to_owned()),
            (_, 0, 65535) => return Some(protocol.to_owned()),
            ("TCP", 10250, 10250) => " (kubelet)",
            ("TCP" | "UDP", 53, 53) => " (DNS)",
            _ => "",
        };
        let protocol = if protocol == "all" {
            "TCP and UDP"
        } else {
            protocol
        };
        Some(if start == end {
            format!("{protocol} {start}{note}")
        } else {
            format!("{protocol} {start}-{end}")
        })
    }
}
