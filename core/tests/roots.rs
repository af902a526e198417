//! Which deployments a set of files makes.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use akslint_core::Settings;
use akslint_core::calendar::Date;
use akslint_core::eval::terraform::roots::roots;
use akslint_core::settings::VariableOption;
use akslint_core::source::discovery::discover;
use akslint_core::source::{MemoryFileSystem, Sources};
use akslint_core::syntax::Trees;

/// One line for each deployment: its name and its variable files.
fn listing(files: &[(&str, &str)], paths: &[&str], options: &[VariableOption]) -> String {
    let mut settings = Settings::as_of(Date::new(2026, 1, 1));
    settings.paths = paths.iter().map(|path| (*path).to_owned()).collect();
    settings.variables.options = options.to_vec();
    let file_system = Arc::new(MemoryFileSystem::new(files.iter().copied()));
    let discovered = discover(file_system.as_ref(), &settings.paths);
    let trees = Trees::new(Arc::new(Sources::new(file_system)));
    let lines = roots(&trees, &discovered, &settings).into_iter().map(|root| {
        format!("{}: {}", root.name, root.variable_files.join(" "))
            .trim_end()
            .to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}

const LANDING_ZONE: &[(&str, &str)] = &[
    ("modules/network/main.tf", "variable \"range\" {}\n"),
    ("modules/network/test.tfvars", "range = 1\n"),
    (
        "modules/cluster/main.tf",
        "module \"network\" {\n  source = \"../network\"\n}\n",
    ),
    ("modules/unused/main.tf", "locals {}\n"),
    (
        "infra/main.tf",
        "module \"cluster\" {\n  source = \"../modules/cluster\"\n}\n\nmodule \"far\" {\n  source = \"Azure/aks/azurerm\"\n}\n",
    ),
    ("infra/variables.tf", "variable \"a\" {}\nvariable \"b\" {}\n"),
    ("infra/z.auto.tfvars", "a = 1\n"),
    ("infra/terraform.tfvars", "a = 1\n"),
    ("infra/env/dev.tfvars", "a = 1\n"),
    ("infra/env/prod/terraform.tfvars", "b = 2\n"),
    ("infra/env/other.tfvars", "c = 2\n"),
    ("infra/empty.tfvars", "# nothing\n"),
    (
        "apps/main.tf",
        "module \"network\" {\n  source = \"../modules/network/\"\n}\n",
    ),
];

#[test]
fn called_folders_are_no_roots_and_variable_files_make_deployments() {
    let expected = "apps:\n\
        infra: infra/terraform.tfvars infra/z.auto.tfvars\n\
        infra (env/dev.tfvars): infra/terraform.tfvars infra/z.auto.tfvars infra/env/dev.tfvars\n\
        infra (env/prod/terraform.tfvars): infra/terraform.tfvars infra/z.auto.tfvars infra/env/prod/terraform.tfvars\n\
        modules/unused:";
    assert_eq!(listing(LANDING_ZONE, &["."], &[]), expected);
    let option = VariableOption::File("infra/env/dev.tfvars".to_owned());
    assert_eq!(
        listing(LANDING_ZONE, &["infra"], &[option]),
        "infra: infra/terraform.tfvars infra/z.auto.tfvars"
    );
    assert_eq!(
        listing(LANDING_ZONE, &["modules"], &[]),
        "modules/cluster:\nmodules/unused:",
        "callers that are not scanned do not count"
    );
    assert_eq!(
        listing(LANDING_ZONE, &["modules/network"], &[]),
        "modules/network:\nmodules/network (test.tfvars): modules/network/test.tfvars"
    );
}

#[test]
fn a_file_asks_for_the_deployments_that_contain_it() {
    let of = |path| {
        listing(
            LANDING_ZONE,
            &[path],
            &["x"].map(|x| VariableOption::Assignment {
                name: x.to_owned(),
                value: x.to_owned(),
            }),
        )
    };
    let infra = "infra: infra/terraform.tfvars infra/z.auto.tfvars\n\
        infra (env/dev.tfvars): infra/terraform.tfvars infra/z.auto.tfvars infra/env/dev.tfvars\n\
        infra (env/prod/terraform.tfvars): infra/terraform.tfvars infra/z.auto.tfvars infra/env/prod/terraform.tfvars";
    assert_eq!(of("modules/network/main.tf"), format!("apps:\n{infra}"));
    assert_eq!(of("infra/variables.tf"), infra);
    assert_eq!(of("modules/unused/main.tf"), "modules/unused:");
    assert_eq!(of("infra/env/dev.tfvars"), infra.lines().nth(1).unwrap());
    assert_eq!(of("infra/terraform.tfvars"), infra);
    assert_eq!(of("infra/env/other.tfvars"), "");
}

#[test]
fn folders_that_call_each_other_are_linted_from_the_first() {
    let call = |source: &str| format!("module \"other\" {{\n  source = \"{source}\"\n}}\n");
    let (a, b, own) = (call("../b"), call("../a"), call("./"));
    let files = [("a/main.tf", a.as_str()), ("b/main.tf", &b), ("c/main.tf", &own)];
    assert_eq!(listing(&files, &["."], &[]), "a:\nc:");
}
