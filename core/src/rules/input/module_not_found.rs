use crate::model::network::Problem;
use crate::model::view::View;
use crate::rules::{Blame, Report, rule};

rule! {
    /// A module is called whose files are not on disk, so what it creates cannot be checked. Its outputs are
    /// unknown, and since it may create anything, nothing in this deployment is called missing.
    ///
    /// akslint never downloads: it reads local modules where they are, and modules of a registry or of a
    /// repository from `.terraform/modules`, where `terraform init` puts them.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// module "network" {
    ///   source = "./modules/network"
    ///
    ///   address_space = ["10.1.0.0/16"]
    /// }
    /// ```
    ///
    /// ```terraform
    /// resource "azurerm_virtual_network" "shop" {
    ///   name          = "vnet-shop"
    ///   address_space = ["10.1.0.0/16"]
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Run `terraform init` (or `terraform get`) before akslint; for a local module, correct the path, which
    /// is relative to the folder of the calling file.
    AKS002 "module-not-found" {
        summary: "a module's source is not on disk, so its resources are not checked",
        category: Input,
        severity: Warning,
        confidence: High,
        fix: None,
        since: "0.1.0",
        references: ["https://developer.hashicorp.com/terraform/language/modules/sources"],
    }
    each Network check
}

fn check(net: View<'_>, report: &mut Report) {
    let mut seen = Vec::new();
    for problem in &net.problems {
        let Problem::ModuleNotFound { source, span } = problem else {
            continue;
        };
        if seen.contains(span) {
            continue;
        }
        seen.push(*span);
        let is_local = source.starts_with("./") || source.starts_with("../");
        let help = if is_local {
            "correct the path: it is relative to the folder of this file"
        } else {
            "run `terraform init`: akslint reads modules from .terraform/modules and downloads nothing"
        };
        report
            .finding(
                Blame::place(*span),
                format!("module source \"{source}\" is not on disk, so what it creates is not checked"),
            )
            .help(help);
    }
}
