use crate::rules::rule;

rule! {
    /// A comment tells akslint to keep quiet about a rule, but the rule finds nothing there, or there is no
    /// rule of that code or name. Such a comment outlives its reason: it hides the next real fault, and it
    /// tells a reader of something that is not so.
    ///
    /// A comment `akslint: ignore[…]` covers the labels of findings on its own line and on the line below it;
    /// above a block it covers the block. `akslint: ignore-file[…]` covers its file. Codes and names are
    /// separated by commas, and without brackets every rule is meant.
    ///
    /// A comment is not unused when its rule was not run, nor when the rule could not decide: the fault may
    /// well be there.
    ///
    /// ## Example
    ///
    /// ```terraform,finding
    /// # akslint: ignore[AKS127] a point-to-point link
    /// resource "azurerm_subnet" "link" {
    ///   name                 = "snet-link"
    ///   virtual_network_name = "vnet-shop"
    ///   address_prefixes     = ["10.1.4.0/29"]
    /// }
    /// ```
    ///
    /// ```terraform
    /// # akslint: ignore[AKS127] a point-to-point link
    /// resource "azurerm_subnet" "link" {
    ///   name                 = "snet-link"
    ///   virtual_network_name = "vnet-shop"
    ///   address_prefixes     = ["10.1.4.0/30"]
    /// }
    /// ```
    ///
    /// ## What to do
    ///
    /// Remove the comment, or the codes in it that no longer apply. Correct a code or name that was mistyped.
    AKS003 "unused-suppression" {
        summary: "a suppression comment suppresses nothing, or names an unknown rule",
        category: Input,
        severity: Warning,
        confidence: High,
        fix: Auto,
        since: "0.1.0",
        references: [],
    }
    each Suppressions
}
