use crate::model::cidr::CidrProblem;
use crate::model::resource::{RangeUse, Resource};
use crate::model::view::View;
use crate::rules::{Remedy, Report, rule};

rule! {
    /// The address of a range is not the first one of that range: 10.2.0.10/16 denotes 10.2.0.0/16. Azure
    /// accepts a range only by its first address.
    ///
    /// The deployment fails, or the range that counts is a wider one than the writer had in mind. Checked are
    /// the service and pod CIDRs of clusters, the address spaces of virtual networks and the prefixes of subnets.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_virtual_network" "shop" {
    ///   name          = "vnet-shop"
    ///   address_space = ["10.2.0.10/16"]
    /// }
    /// ```
    ///
    /// ```terraform
    /// resource "azurerm_virtual_network" "shop" {
    ///   name          = "vnet-shop"
    ///   address_space = ["10.2.0.0/16"]
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Write the first address of the range, or a longer prefix when a smaller range was meant. Where the range
    /// is computed, `cidrsubnet` always gives a first address; `cidrhost` gives addresses, not ranges.
    AKS102 "cidr-host-bits-set" {
        summary: "the address of a range is not its first one",
        category: AddressSpace,
        severity: Warning,
        confidence: Medium,
        fix: Auto,
        since: "0.1.0",
        references: [
            "https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq",
            "https://learn.microsoft.com/azure/aks/concepts-network-ip-address-planning",
        ],
    }
    each Resource check
}

fn check(resource: Resource<'_>, net: View<'_>, report: &mut Report) {
    for (purpose, list) in resource.written_ranges() {
        for fact in net.known(list) {
            let (Some(CidrProblem::HostBitsSet), Some(range)) = (fact.problem, fact.network) else {
                continue;
            };
            let (noun, text) = (purpose.noun(), &fact.text);
            let message = format!("{noun} {text} does not begin with the first address of its range, {range}");
            let finding = report.finding(fact, message).help(format!("write {range}"));
            finding.remedy(Remedy::safe(format!("Write {range}")).for_all_readers().replace(fact, text, range));
            if matches!(purpose, RangeUse::Service | RangeUse::Pod) {
                finding.azure_error("InvalidIPRangeCIDR");
            }
        }
    }
}
