//! Microsoft's worked examples and figures that Azure itself has printed.

use super::*;

const ONE: Surge = Surge::Nodes(1);
const THIRD: Surge = Surge::Percent(33);

fn surge(nodes: u64, surge: Surge) -> u64 {
    nodes_in_upgrade(nodes, surge) - nodes
}

#[test]
fn a_subnet_loses_five_addresses() {
    let usable = [
        (29, 3),
        (28, 11),
        (27, 27),
        (26, 59),
        (25, 123),
        (24, 251),
        (23, 507),
        (22, 1019),
        (21, 2043),
        (20, 4091),
        (19, 8187),
        (18, 16379),
        (17, 32763),
        (16, 65531),
        (30, 0),
        (32, 0),
        (200, 0),
    ];
    for (prefix, addresses) in usable {
        assert_eq!(usable_addresses(prefix), addresses, "/{prefix}");
    }
}

#[test]
fn the_smallest_subnet_is_exact_at_its_edge() {
    assert_eq!(smallest_subnet(0), Some(29));
    assert_eq!(smallest_subnet(3), Some(29));
    assert_eq!(smallest_subnet(4), Some(28));
    assert_eq!(smallest_subnet(251), Some(24));
    assert_eq!(smallest_subnet(252), Some(23));
    assert_eq!(smallest_subnet(16_777_211), Some(8));
    assert_eq!(smallest_subnet(16_777_212), None);
}

#[test]
fn surge_is_rounded_up() {
    for (nodes, expected) in [
        (0, 0),
        (1, 1),
        (3, 1),
        (5, 1),
        (8, 1),
        (10, 1),
        (11, 2),
        (25, 3),
        (100, 10),
    ] {
        assert_eq!(surge(nodes, DEFAULT_SURGE), expected, "10 % of {nodes}");
    }
    for (nodes, expected) in [(3, 1), (5, 2), (8, 3), (10, 4), (25, 9), (100, 33)] {
        assert_eq!(surge(nodes, THIRD), expected, "33 % of {nodes}");
    }
    assert_eq!(surge(10, Surge::Nodes(0)), 0);
    assert_eq!(surge(10, Surge::Percent(0)), 0);
}

#[test]
fn surge_is_bounded_by_the_nodes_to_upgrade_and_by_the_size_of_a_pool() {
    assert_eq!(surge(2, Surge::Nodes(10)), 2);
    assert_eq!(surge(3, Surge::Percent(200)), 3);
    assert_eq!(surge(950, Surge::Percent(10)), 50);
    assert_eq!(surge(1000, ONE), 0);
    assert_eq!(surge(1200, ONE), 0);
    assert_eq!(nodes_in_upgrade(u64::MAX, Surge::Percent(100)), u64::MAX);
}

#[test]
fn node_subnet_in_a_24() {
    let available = usable_addresses(24);
    let node = addresses_of_node(30);
    assert_eq!(available / node, 8);
    assert_eq!((8 * node, 9 * node), (248, 279));
    assert_eq!(nodes_in_upgrade(8, ONE) * node, 279);
    assert_eq!(nodes_in_upgrade(7, ONE) * node, 248);
    assert_eq!(largest_pool(available, node, ONE), 7);
    assert_eq!(largest_pool(available, node, Surge::Nodes(0)), 8);
    assert_eq!(8 * 30, 240);
}

#[test]
fn kubenet_in_a_24() {
    let available = usable_addresses(24);
    assert_eq!(largest_pool(available, 1, Surge::Nodes(0)), 251);
    assert_eq!(largest_pool(available, 1, DEFAULT_SURGE), 228);
    assert_eq!(nodes_in_upgrade(228, DEFAULT_SURGE), 251);
    assert_eq!(nodes_in_upgrade(229, DEFAULT_SURGE), 252);
    assert_eq!(251 * 110, 27_610);
    assert_eq!(smallest_pod_range(251), Some(16));
}

#[test]
fn kubenet_in_a_27() {
    let available = usable_addresses(27);
    assert_eq!(largest_pool(available, 1, ONE), 26);
    assert_eq!(largest_pool(available, 1, DEFAULT_SURGE), 24);
    assert_eq!(nodes_in_upgrade(25, DEFAULT_SURGE), 28);
    assert_eq!(largest_pool(available, 1, THIRD), 20);
    assert_eq!(nodes_in_upgrade(21, THIRD), 28);
    assert_eq!(smallest_pod_range(20), Some(19));
    assert_eq!(smallest_pod_range(25), Some(19));
}

#[test]
fn the_documented_examples_of_fifty_and_sixty_nodes() {
    let node = addresses_of_node(30);
    let needed = |nodes, surge| nodes_in_upgrade(nodes, surge) * node;
    assert_eq!(needed(50, ONE), 1581);
    assert_eq!(smallest_subnet(1581), Some(21));
    assert_eq!(needed(60, ONE), 1891);
    assert_eq!(smallest_subnet(1891), Some(21));
    assert_eq!(needed(60, DEFAULT_SURGE), 2046);
    assert_eq!(smallest_subnet(2046), Some(20));
    assert_eq!(smallest_subnet(60 * node), Some(21));
}

#[test]
fn figures_that_azure_has_printed() {
    // "Pre-allocated IPs 310 exceeds IPs available in Subnet 251"
    assert_eq!(10 * addresses_of_node(30), 310);
    // "Pre-allocated IPs 333 exceeds IPs available in Subnet 251"
    assert_eq!(3 * addresses_of_node(110), 333);
    assert_eq!(nodes_in_upgrade(3, ONE) * addresses_of_node(110), 444);
    assert_eq!(smallest_subnet(444), Some(23));
}

#[test]
fn one_node_of_250_pods_fills_a_24() {
    assert_eq!(addresses_of_node(250), usable_addresses(24));
    assert_eq!(largest_pool(usable_addresses(24), 251, ONE), 0);
    assert_eq!(smallest_subnet(2 * 251), Some(23));
}

#[test]
fn two_pools_in_one_subnet() {
    assert_eq!(3 * 31 + 10 * 51, 603);
    let with = |surge| nodes_in_upgrade(3, ONE) * 31 + nodes_in_upgrade(10, surge) * 51;
    assert_eq!(with(ONE), 685);
    assert_eq!(with(THIRD), 838);
    for needed in [603, 685, 838] {
        assert_eq!(smallest_subnet(needed), Some(22));
    }
}

#[test]
fn nodes_of_a_pod_range() {
    for (prefix, nodes) in [
        (16, 256),
        (17, 128),
        (18, 64),
        (19, 32),
        (20, 16),
        (22, 4),
        (23, 2),
        (24, 1),
        (25, 0),
        (32, 0),
        (12, 4096),
    ] {
        assert_eq!(nodes_in_pod_range(prefix), nodes, "/{prefix}");
    }
    // "Pre-allocated IPs 1280 exceeds IPs available 1024 in Subnet Cidr 10.240.100.0/22"
    assert_eq!(smallest_pod_range(5), Some(21));
    assert_eq!(smallest_pod_range(5000), Some(11));
    assert_eq!(smallest_pod_range(3), Some(22));
    assert_eq!(smallest_pod_range(0), Some(24));
    assert_eq!(smallest_pod_range(65_537), None);
}

#[test]
fn batches_of_a_dynamic_pod_subnet() {
    assert_eq!(dynamic_addresses_at_start(15), 240);
    assert_eq!(dynamic_addresses_at_start(16), 256);
    assert_eq!(dynamic_addresses_when_full(1, 110), 112);
    assert_eq!(dynamic_addresses_when_full(9, 110), 1008);
    assert_eq!(dynamic_addresses_when_full(10, 110), 1120);
    assert_eq!(usable_addresses(22), 1019);
}

#[test]
fn blocks_of_a_static_pod_subnet() {
    for (max_pods, blocks, waste) in [
        (30, 2, 1),
        (31, 2, 0),
        (32, 3, 15),
        (15, 1, 0),
        (16, 2, 15),
        (47, 3, 0),
        (110, 7, 1),
        (111, 7, 0),
        (250, 16, 5),
    ] {
        assert_eq!(static_blocks_of_node(max_pods), blocks, "{max_pods} pods");
        assert_eq!(static_waste(max_pods), waste, "{max_pods} pods");
    }
    assert_eq!(static_blocks_in_subnet(24), 14);
    assert_eq!(static_blocks_in_subnet(24) / static_blocks_of_node(30), 7);
    assert_eq!(static_blocks_in_subnet(28), 0);
    assert_eq!(static_blocks_in_subnet(29), 0);
}

#[test]
fn api_servers_in_one_subnet() {
    let smallest = |clusters| smallest_subnet(api_server_addresses(clusters)).map(|prefix| prefix.min(28));
    assert_eq!(smallest(1), Some(28));
    assert_eq!(smallest(2), Some(27));
    assert_eq!(smallest(3), Some(27));
    assert_eq!(smallest(4), Some(26));
    assert_eq!(api_server_addresses(3), usable_addresses(27));
}

#[test]
fn outbound_ports() {
    assert!(!has_outbound_ports(8000, 9, 1));
    assert!(has_outbound_ports(8000, 8, 1));
    assert!(has_outbound_ports(4000, 102, 7));
    for (ports, outbound, nodes) in [(1000, 2, 128), (1000, 7, 448), (4000, 2, 32), (4000, 7, 112)] {
        assert_eq!(nodes_with_outbound_ports(ports, outbound), Some(nodes));
    }
    assert_eq!(nodes_with_outbound_ports(0, 1), None);
}

#[test]
fn kubenet_at_its_limit() {
    assert_eq!(nodes_in_upgrade(400, DEFAULT_SURGE), 440);
    assert_eq!(smallest_pod_range(400), Some(15));
}

#[test]
fn the_smallest_subnet_of_all() {
    assert_eq!(usable_addresses(29), 3);
    assert_eq!(largest_pool(3, 1, ONE), 2);
    assert_eq!(nodes_in_upgrade(1, ONE), 2);
}

#[test]
fn pods_per_node_that_fit() {
    assert_eq!(largest_max_pods(251, 10), Some(24));
    assert_eq!(largest_max_pods(251, 4), Some(61));
    assert_eq!(largest_max_pods(251, 30), None);
    assert_eq!(largest_max_pods(251, 1), Some(250));
    assert_eq!(largest_max_pods(27, 2), None);
    assert_eq!(largest_max_pods(251, 0), None);
}
