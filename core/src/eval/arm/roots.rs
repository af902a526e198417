//! Which templates and Bicep files are deployed, and with which parameter file each.

/// A template and the parameter file of one deployment of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// The ARM template or Bicep file.
    pub path: String,
    /// JSON or `.bicepparam`.
    pub parameter_file: Option<String>,
    /// The path, and in brackets the parameter file: `infra/main.bicep (prod.bicepparam)`.
    pub name: String,
}
