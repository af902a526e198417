//! Any text as a plan, alone and with a configuration beside it; and any text as the parts of a plan that are
//! read in detail: no panic, no hang. Run it with `cargo +nightly fuzz run read_plan` in this folder's parent.
#![no_main]

use std::sync::Arc;

use akslint_core::eval::plan::{Root, deployment, is_plan};
use akslint_core::lower;
use akslint_core::source::{MemoryFileSystem, Sources};
use akslint_core::syntax::Trees;
use libfuzzer_sys::fuzz_target;

const SOURCE: &str = r#"
resource "azurerm_subnet" "a" {
  count                = 2
  name                 = "a-${count.index}"
  virtual_network_name = "b"
  address_prefixes     = ["10.0.0.0/24"]
}
"#;

fuzz_target!(|text: &str| {
    let change = format!(
        r#"{{"format_version":"1.2","planned_values":{{}},"resource_changes":[{{"address":"azurerm_subnet.a[0]","mode":"managed","type":"azurerm_subnet","name":"a","index":0,"change":{{"actions":["create"],"after":{text},"after_unknown":{text},"after_sensitive":{text}}}}}],"configuration":{{"root_module":{{"resources":[{{"mode":"managed","type":"azurerm_subnet","name":"a","expressions":{text}}}],"module_calls":{text}}}}},"relevant_attributes":{text},"variables":{text}}}"#
    );
    let _ = is_plan(text);
    let files = [
        ("plan.json", text),
        ("parts.json", change.as_str()),
        ("main.tf", SOURCE),
    ];
    let trees = Trees::new(Arc::new(Sources::new(Arc::new(MemoryFileSystem::new(files)))));
    for path in ["plan.json", "parts.json"] {
        for source in [None, Some(".".to_owned())] {
            let root = Root {
                path: path.to_owned(),
                source,
                name: path.to_owned(),
            };
            let read = deployment(&trees, &root, &[], &lower::Azure);
            let _ = lower::network(&read, &lower::Workspace::new(vec![&read]));
        }
    }
});
