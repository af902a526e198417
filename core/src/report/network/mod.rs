//! What was understood of a network: `akslint network`.

mod answers;
mod json;
mod nodes;
mod text;
mod tree;

use crate::analysis::Analysis;
use crate::model::network::Network;

/// Every deployment's network: values, where they were written, and what is unknown and why.
pub fn text(analysis: &Analysis) -> String {
    let mut text = String::new();
    for deployment in &analysis.deployments {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&format!("deployment {}\n", deployment.name));
        text.push_str(&text::text(&deployment.network, Some(&analysis.sources)));
    }
    text
}

/// The same as data.
pub fn json(analysis: &Analysis) -> serde_json::Value {
    json::json(analysis)
}

/// One network without places: what stays the same when lines move or another language says the same.
pub fn without_places(network: &Network) -> String {
    text::text(network, None)
}
