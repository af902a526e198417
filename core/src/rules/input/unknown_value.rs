use crate::model::attr::{Attr, Fact};
use crate::model::cluster::{Cluster, InputKind};
use crate::model::resource::Resource;
use crate::model::view::View;
use crate::model::vocabulary::{NetworkPolicy, Vocabulary, nearest};
use crate::rules::{Remedy, Report, rule};

rule! {
    /// A network property holds a word that is not one of its values. The azurerm provider compares these
    /// words exactly, case included, and refuses the plan; in ARM templates and Bicep the types are open, so
    /// the mistake comes back only from Azure, during the deployment.
    ///
    /// Checked are the words of clusters, node pools, routes and security rules.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   network_profile {
    ///     network_plugin      = "azure"
    ///     network_plugin_mode = "Overlay"
    ///   }
    /// }
    /// ```
    ///
    /// ```terraform
    /// resource "azurerm_kubernetes_cluster" "shop" {
    ///   name = "aks-shop"
    ///
    ///   network_profile {
    ///     network_plugin      = "azure"
    ///     network_plugin_mode = "overlay"
    ///   }
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Write one of the words that the finding lists.
    AKS004 "unknown-value" {
        summary: "a network property holds a word that is not one of its values",
        category: Input,
        severity: Warning,
        confidence: High,
        fix: Auto,
        since: "0.1.0",
        references: ["https://learn.microsoft.com/azure/templates/microsoft.containerservice/managedclusters"],
    }
    each Resource check
}

fn check(resource: Resource<'_>, net: View<'_>, report: &mut Report) {
    match resource {
        Resource::Cluster(cluster) => check_cluster(cluster, net, report),
        Resource::NodePool(pool) => {
            check_written(&pool.os_type, net, report);
            check_written(&pool.priority, net, report);
            check_written(&pool.pod_ip_allocation_mode, net, report);
        }
        Resource::RouteTable(table) => {
            for route in &table.routes {
                check_word(net.read(&route.next_hop_type), &[], report);
            }
        }
        Resource::SecurityGroup(group) => {
            for rule in &group.rules {
                check_word(net.read(&rule.direction), &[], report);
                check_word(net.read(&rule.access), &[], report);
                check_word(net.read(&rule.protocol), &[], report);
            }
        }
        Resource::VirtualNetwork(_) | Resource::Subnet(_) => {}
    }
}

fn check_cluster(cluster: &Cluster, net: View<'_>, report: &mut Report) {
    check_written(&cluster.network_plugin, net, report);
    check_written(&cluster.network_plugin_mode, net, report);
    // Azure itself knows `none`; the provider wants the argument left out instead.
    let refused: &[NetworkPolicy] = match cluster.input {
        InputKind::Azurerm { .. } => &[NetworkPolicy::None],
        InputKind::Arm => &[],
    };
    check_word(net.read_written(&cluster.network_policy), refused, report);
    check_written(&cluster.network_data_plane, net, report);
    check_written(&cluster.network_mode, net, report);
    check_written(&cluster.outbound_type, net, report);
    check_written(&cluster.load_balancer_sku, net, report);
    check_written(&cluster.identity_type, net, report);
    let families = cluster.ip_families.iter();
    for family in families.flat_map(|list| net.known(list)) {
        check_word(Some(family), &[], report);
    }
}

fn check_written<T: Vocabulary + PartialEq>(attr: &Option<Attr<T>>, net: View<'_>, report: &mut Report) {
    check_word(net.read_written(attr), &[], report);
}

fn check_word<T: Vocabulary + PartialEq>(fact: Option<Fact<'_, T>>, refused: &[T], report: &mut Report) {
    let Some(fact) = fact.filter(|fact| fact.is_other() || refused.contains(fact.value)) else {
        return;
    };
    let mut words = T::WORDS.to_vec();
    words.retain(|word| !refused.iter().any(|refused| refused.word() == *word));
    let (help, remedy) = match nearest(fact.word(), &words).filter(|_| fact.is_other()) {
        Some(word) => {
            let write = Remedy::safe(format!("Write \"{word}\"")).for_all_readers();
            (format!("write \"{word}\""), Some(write.replace(fact, fact.word(), word)))
        }
        None if !fact.is_other() => ("leave it out".to_owned(), Some(Remedy::safe("Leave it out").remove(fact))),
        None => (format!("write one of {}", words.join(", ")), None),
    };
    let message = format!("{} \"{}\" is not one of {}", T::NOUN, fact.word(), words.join(", "));
    report.finding(fact, message).help(help).remedies.extend(remedy);
}
