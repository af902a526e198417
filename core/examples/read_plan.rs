//! What reading a large plan costs, in time and memory:
//!
//! ```text
//! cargo run --release --example read_plan -- make PLAN COPIES > large.json
//! cargo run --release --example read_plan -- read|value FILE
//! ```
//!
//! `make` repeats the resources of a plan as instances of one module. `read` reads as akslint does, `value` as
//! serde_json reads it into a `Value`; each says how long that took and the most memory that the process had.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

use std::sync::Arc;
use std::time::Instant;

use akslint_core::eval::plan::{self, Root};
use akslint_core::lower;
use akslint_core::source::{OsFileSystem, Sources};
use akslint_core::syntax::Trees;
use serde_json::{Value, json};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["make", plan, copies] => {
            let plan = serde_json::from_str(&std::fs::read_to_string(plan).unwrap()).unwrap();
            println!("{}", repeated(&plan, copies.parse().unwrap()));
        }
        ["value", path] => {
            let text = std::fs::read_to_string(path).unwrap();
            let start = Instant::now();
            let value: Value = serde_json::from_str(&text).unwrap();
            report(
                start,
                &text,
                value.as_object().map_or(0, serde_json::Map::len),
                "members",
            );
        }
        ["read", path] => {
            let file_system = Arc::new(OsFileSystem::new("."));
            let trees = Trees::new(Arc::new(Sources::new(file_system)));
            let file = trees.sources.read(path).unwrap();
            let root = Root {
                path: (*path).to_owned(),
                source: None,
                name: (*path).to_owned(),
            };
            let start = Instant::now();
            let deployment = plan::deployment(&trees, &root, &[], &lower::Azure);
            report(start, &file.text, deployment.resources.len(), "resources");
        }
        _ => eprintln!("make PLAN COPIES, value FILE, or read FILE"),
    }
}

fn report(start: Instant, text: &str, count: usize, what: &str) {
    let seconds = start.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let peak = peak.map_or(0.0, |peak| {
        peak.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
    });
    let size = text.len() as f64 / 1024.0 / 1024.0;
    println!(
        "{size:.1} MiB, {count} {what}: {seconds:.3} s, peak {peak:.0} MiB, {:.1} times the size",
        peak / size
    );
}

/// The plan with its resources as those of `module.copy["0"]`, `module.copy["1"]` and so on.
fn repeated(plan: &Value, copies: usize) -> Value {
    let mut changes = Vec::new();
    let mut modules = Vec::new();
    for copy in 0..copies {
        let module = format!("module.copy[\"{copy}\"]");
        let moved = |resource: &Value| {
            let mut resource = resource.clone();
            let address = format!("{module}.{}", resource["address"].as_str().unwrap());
            resource["address"] = json!(address);
            resource
        };
        for change in plan["resource_changes"].as_array().unwrap() {
            let mut change = moved(change);
            change["module_address"] = json!(module);
            changes.push(change);
        }
        let resources = plan["planned_values"]["root_module"]["resources"]
            .as_array()
            .unwrap();
        let resources: Vec<Value> = resources.iter().map(moved).collect();
        modules.push(json!({"resources": resources, "address": module}));
    }
    let mut large = plan.clone();
    large["resource_changes"] = json!(changes);
    large["planned_values"] = json!({"root_module": {"child_modules": modules}});
    large["configuration"]["root_module"] = json!({
        "module_calls": {"copy": {"source": "./copy", "for_each_expression": {}, "module": plan["configuration"]["root_module"]}}
    });
    large["relevant_attributes"] = json!([]);
    large
}
