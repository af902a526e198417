use crate::model::network::Problem;
use crate::model::view::View;
use crate::rules::{Blame, Report, rule};

rule! {
    /// A file of the deployment does not follow the grammar of its language, so Terraform, Bicep or Azure refuses
    /// the whole of it before anything is deployed.
    ///
    /// akslint goes on without the broken part: everything around it, and every other file, is still read and
    /// checked. What may hang on the broken part is undecided, and nothing is called missing. The same holds for a
    /// plan that Terraform says it could not finish.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// resource "azurerm_virtual_network" "shop" {
    ///   name          = "vnet-shop
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
    /// Correct the text at the marked place; `terraform validate` and `bicep build` name the same one.
    AKS001 "syntax-error" {
        summary: "a file of the deployment does not parse",
        category: Input,
        severity: Error,
        confidence: High,
        fix: None,
        since: "0.1.0",
        references: [
            "https://developer.hashicorp.com/terraform/language/syntax/configuration",
            "https://learn.microsoft.com/azure/azure-resource-manager/bicep/file",
            "https://learn.microsoft.com/azure/azure-resource-manager/templates/syntax",
        ],
    }
    each Network check
}

fn check(net: View<'_>, report: &mut Report) {
    for problem in &net.problems {
        match problem {
            Problem::Syntax(error) => {
                report
                    .finding(
                        Blame::place(error.span),
                        format!("syntax error: {}", error.message),
                    )
                    .help("correct the text here; what stands around it is checked all the same");
            }
            Problem::Unfinished { message, span } => {
                report
                    .finding(Blame::place(*span), message.clone())
                    .help("what is there is checked; nothing is called missing");
            }
            _ => {}
        }
    }
}
