use crate::model::network::Problem;
use crate::model::view::View;
use crate::rules::{Blame, Report, rule};

rule! {
    /// A module is called whose files are not on disk, so what it creates cannot be checked. Its outputs are
    /// unknown, and since it may create anything, nothing in this deployment is called missing.
    ///
    /// akslint never downloads: it reads local modules where they are, and modules that Terraform takes from a
    /// registry or a repository from `.terraform/modules`, where `terraform init` puts them. Modules that Bicep
    /// takes from a registry, template specs and templates linked by an address are not on disk. Some modules of
    /// Azure are known all the same, as far as clusters and networks go: see [known modules](../known-modules.md).
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
    /// For Terraform, run `terraform init` (or `terraform get`) before akslint. For a local module, correct the
    /// path, which is relative to the folder of the calling file. For a module of Bicep that is meant to come
    /// from elsewhere, accept with a comment that it is not checked.
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
        report
            .finding(
                Blame::place(*span),
                format!("module source \"{source}\" is not on disk, so what it creates is not checked"),
            )
            .help(help(source));
    }
}

fn help(source: &str) -> &'static str {
    let starts = |words: &[&str]| words.iter().any(|word| source.starts_with(word));
    let is_template = source.ends_with(".bicep") || source.ends_with(".json");
    if starts(&["br:", "br/", "ts:", "ts/"]) || is_template && source.contains("://") {
        "akslint reads local modules and downloads nothing: accept with a comment `akslint: ignore[AKS002]` that this one is not checked"
    } else if is_template || starts(&["./", "../"]) {
        "correct the path: it is relative to the folder of this file"
    } else {
        "run `terraform init`: akslint reads modules from .terraform/modules and downloads nothing"
    }
}
