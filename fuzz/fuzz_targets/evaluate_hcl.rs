//! Any text as an expression, as a root module and as the values of its variables: no panic, no hang.
//! Run it with `cargo +nightly fuzz run evaluate_hcl` in this folder's parent.
#![no_main]

use std::sync::Arc;

use akslint_core::calendar::Date;
use akslint_core::eval::terraform::console;
use akslint_core::source::MemoryFileSystem;
use akslint_core::{Settings, analyse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let files = [
        ("main.tf", text),
        ("terraform.tfvars", text),
        ("template.tftpl", text),
    ];
    let file_system = Arc::new(MemoryFileSystem::new(files));
    let _ = console::evaluate(text, file_system.clone());
    let _ = console::evaluate(
        "templatefile(\"template.tftpl\", { a = [1, \"b\"], c = null })",
        file_system.clone(),
    );
    let analysis = analyse(file_system, &Settings::as_of(Date::new(2026, 1, 1)));
    assert!(analysis.failures.is_empty(), "a rule panicked");
});
