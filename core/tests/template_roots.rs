//! Which deployments a set of templates, parameter files and plans makes.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use akslint_core::Settings;
use akslint_core::calendar::Date;
use akslint_core::eval::roots::{Root, Roots, roots};
use akslint_core::source::discovery::discover;
use akslint_core::source::{MemoryFileSystem, Sources};
use akslint_core::syntax::Trees;

fn settings(paths: &[&str]) -> Settings {
    let mut settings = Settings::as_of(Date::new(2026, 1, 1));
    settings.paths = paths.iter().map(|path| (*path).to_owned()).collect();
    settings
}

/// One line for each deployment: what it is, its name, and what else it is made of.
fn listing(files: &[(&str, &str)], settings: &Settings) -> String {
    let file_system = Arc::new(MemoryFileSystem::new(files.iter().copied()));
    let paths: Vec<String> = settings.paths.iter().chain(&settings.plans).cloned().collect();
    let discovered = discover(file_system.as_ref(), &paths);
    let trees = Trees::new(Arc::new(Sources::new(file_system)));
    let Roots { roots, unusable } = roots(&trees, &discovered, settings);
    let mut lines: Vec<String> = roots
        .into_iter()
        .map(|root| match root {
            Root::Terraform(root) => format!("terraform {}", root.name),
            Root::Template(root) => format!("template {}", root.name),
            Root::Plan(root) => match root.source {
                Some(source) => format!("plan {} from {source}", root.name),
                None => format!("plan {}", root.name),
            },
        })
        .collect();
    lines.extend(
        unusable
            .into_iter()
            .map(|(path, reason)| format!("{path}: {reason}")),
    );
    lines.join("\n")
}

fn template(parameters: &[&str]) -> String {
    let parameters = parameters
        .iter()
        .map(|name| format!("\"{name}\": {{\"type\": \"string\"}}"));
    let parameters = parameters.collect::<Vec<_>>().join(", ");
    format!(
        "{{\"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\", \
         \"contentVersion\": \"1.0.0.0\", \"parameters\": {{{parameters}}}, \"resources\": []}}"
    )
}

fn parameters(parameters: &[&str]) -> String {
    let parameters = parameters
        .iter()
        .map(|name| format!("\"{name}\": {{\"value\": \"x\"}}"));
    let parameters = parameters.collect::<Vec<_>>().join(", ");
    format!(
        "{{\"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#\", \
         \"contentVersion\": \"1.0.0.0\", \"parameters\": {{{parameters}}}}}"
    )
}

const FORM: &str = "{\"$schema\": \"https://schema.management.azure.com/schemas/0.1.2-preview/CreateUIDefinition.MultiVm.json#\"}";

#[test]
fn each_parameter_file_makes_a_deployment_of_its_template() {
    let (one, two) = (template(&["a", "b"]), template(&["c"]));
    let (a, ab, c, d) = (
        parameters(&["A"]),
        parameters(&["a", "b"]),
        parameters(&["c"]),
        parameters(&["d"]),
    );
    let files = [
        ("arm/aks.json", one.as_str()),
        ("arm/aks-network.json", &two),
        ("arm/aks.parameters.dev.json", &a),
        ("arm/aks.parameters.prod.json", &d),
        ("arm/aks-network.parameters.json", &c),
        ("arm/parameters.shared.json", &ab),
        ("arm/azuredeploy.parameters.json", &d),
        ("arm/createUiDefinition.json", FORM),
        ("elsewhere/aks.parameters.json", &ab),
        ("alone/azuredeploy.json", &one),
        ("package-lock.json", "{\"name\": \"x\"}"),
    ];
    let expected = "template alone/azuredeploy.json\n\
        template arm/aks-network.json (aks-network.parameters.json)\n\
        template arm/aks.json (aks.parameters.dev.json)\n\
        template arm/aks.json (aks.parameters.prod.json)\n\
        template arm/aks.json (parameters.shared.json)";
    assert_eq!(listing(&files, &settings(&["."])), expected);
    assert_eq!(
        listing(
            &files,
            &settings(&["arm/aks.parameters.dev.json", "arm/azuredeploy.parameters.json"])
        ),
        "template arm/aks.json (aks.parameters.dev.json)",
        "of a file, the deployments that contain it are meant"
    );
    assert_eq!(listing(&files, &settings(&["arm/createUiDefinition.json"])), "");
    let mut with_options = settings(&["arm"]);
    with_options.parameters.files = vec!["elsewhere/aks.parameters.json".to_owned()];
    assert_eq!(
        listing(&files, &with_options),
        "template arm/aks-network.json\ntemplate arm/aks.json",
        "what the options name takes the place of what is found"
    );
}

#[test]
fn a_template_that_another_links_is_judged_there() {
    let network = template(&["a"]);
    let main = template(&[]).replace(
        "[]}",
        "[{\"type\": \"Microsoft.Resources/deployments\", \"properties\": \
         {\"templateLink\": {\"relativePath\": \"nested/network.json\"}}}]}",
    );
    let files = [
        ("arm/main.json", main.as_str()),
        ("arm/nested/network.json", &network),
    ];
    assert_eq!(listing(&files, &settings(&["."])), "template arm/main.json");
    assert_eq!(
        listing(&files, &settings(&["arm/nested/network.json"])),
        "template arm/main.json"
    );
    assert_eq!(
        listing(&files, &settings(&["arm/nested"])),
        "template arm/nested/network.json"
    );
}

const PLAN: &str = r#"{"format_version": "1.2", "terraform_version": "1.9.4", "planned_values": {},
    "configuration": {"root_module": {
        "resources": [{"address": "azurerm_subnet.nodes"}, {"address": "data.azurerm_client_config.this"}],
        "module_calls": {"network": {}}}}}"#;

const PLANNED: &str = "resource \"azurerm_subnet\" \"nodes\" {}\n\
    data \"azurerm_client_config\" \"this\" {}\nmodule \"network\" {\n  source = \"x\"\n}\n";

#[test]
fn a_plan_belongs_to_the_configuration_that_it_was_made_from() {
    let files = [
        ("infra/main.tf", PLANNED),
        ("infra/plans/prod.json", PLAN),
        ("other/main.tf", "resource \"azurerm_subnet\" \"other\" {}\n"),
        ("other/plan.json", PLAN),
        (
            "other/state.json",
            "{\"format_version\": \"1.0\", \"terraform_version\": \"1.9.4\", \"values\": {}}",
        ),
        ("tfplan", PLAN),
    ];
    let expected = "terraform infra\n\
        plan infra/plans/prod.json from infra\n\
        terraform other\n\
        plan other/plan.json";
    assert_eq!(listing(&files, &settings(&["."])), expected);
    assert_eq!(listing(&files, &settings(&["tfplan"])), "plan tfplan");
    let mut with_options = settings(&[]);
    with_options.plans = vec!["other/plan.json".to_owned()];
    with_options.plan_source = Some("infra".to_owned());
    assert_eq!(listing(&files, &with_options), "plan other/plan.json from infra");
}

#[test]
fn options_that_name_something_else_are_said() {
    let one = template(&["a"]);
    let files = [("arm/aks.json", one.as_str()), ("README.md", "# Shop\n")];
    let mut with_options = settings(&["arm"]);
    with_options.parameters.files = vec!["arm/aks.json".to_owned(), "nowhere.json".to_owned()];
    with_options.plans = vec!["README.md".to_owned()];
    with_options.plan_source = Some("nowhere".to_owned());
    let expected = "template arm/aks.json\n\
        arm/aks.json: it holds no parameters of a template\n\
        nowhere.json: there is no such file\n\
        README.md: it is no plan: write one with `terraform show -json`\n\
        nowhere: no such file or folder";
    assert_eq!(listing(&files, &with_options), expected);
}

#[test]
fn bicep_modules_are_judged_in_their_callers() {
    let compiled = template(&[]).replace(
        "\"contentVersion\"",
        "\"metadata\": {\"_generator\": {\"name\": \"bicep\"}}, \"contentVersion\"",
    );
    let linked = template(&["a"]);
    let main_parameters = parameters(&["other"]);
    let files = [
        (
            "bicep/main.bicep",
            "param a string\nmodule network 'modules/network.bicep' = { name: 'n' }\n\
             module dns 'br/public:avm/res/network/private-dns-zone:0.7.0' = { name: 'd' }\n\
             module arm '../arm/linked.json' = { name: 'l' }\nimport { size } from 'shared.bicep'\n\
             var text = loadTextContent('files/route.txt')\n",
        ),
        ("bicep/main.json", &compiled),
        ("bicep/main.parameters.json", &main_parameters),
        ("bicep/files/route.txt", "x"),
        (
            "bicep/shared.bicep",
            "import * as sizes from 'sizes.bicep'\n@export()\nvar size = 3\n",
        ),
        ("bicep/sizes.bicep", "@export()\ntype size = 'small' | 'large'\n"),
        (
            "bicep/modules/network.bicep",
            "module subnet './subnet.bicep' = { name: 's' }\n",
        ),
        ("bicep/modules/subnet.bicep", "param range string\n"),
        ("bicep/modules/unused.bicep", "param range string\n"),
        ("bicep/circle/a.bicep", "module b 'b.bicep' = { name: 'b' }\n"),
        ("bicep/circle/b.bicep", "module a 'a.bicep' = { name: 'a' }\n"),
        ("bicep/half.bicep", "type size = \n"),
        ("arm/linked.json", &linked),
        ("arm/main.json", &compiled),
    ];
    let expected = "template arm/main.json\n\
        template bicep/circle/a.bicep\n\
        template bicep/half.bicep\n\
        template bicep/main.bicep (main.parameters.json)\n\
        template bicep/modules/unused.bicep";
    assert_eq!(listing(&files, &settings(&["."])), expected);
    let main = "template bicep/main.bicep (main.parameters.json)";
    for file in [
        "bicep/modules/subnet.bicep",
        "bicep/sizes.bicep",
        "bicep/files/route.txt",
        "bicep/main.bicep",
        "bicep/main.parameters.json",
        "arm/linked.json",
    ] {
        assert_eq!(listing(&files, &settings(&[file])), main, "{file}");
    }
    assert_eq!(
        listing(&files, &settings(&["bicep/main.json", "bicep/main.bicep"])),
        main
    );
    assert_eq!(
        listing(&files, &settings(&["bicep/main.json"])),
        "template bicep/main.json (main.parameters.json)",
        "what Bicep wrote is meant when it alone is named"
    );
    assert_eq!(
        listing(&files, &settings(&["bicep/modules"])),
        "template bicep/modules/network.bicep\ntemplate bicep/modules/unused.bicep",
        "callers that are not scanned do not count"
    );
}

#[test]
fn bicep_parameters_say_what_they_are_for() {
    let arm = template(&["a"]);
    let shared = parameters(&["name"]);
    let files = [
        (
            "infra/main.bicep",
            "param name string\nmodule m 'modules/m.bicep' = { name: 'm' }\n",
        ),
        ("infra/modules/m.bicep", "param range string\n"),
        (
            "infra/prod.bicepparam",
            "using 'main.bicep'\nparam name = loadTextContent('prod.txt')\n",
        ),
        ("infra/prod.txt", "x"),
        (
            "infra/env/dev.bicepparam",
            "using '../main.bicep'\nextends 'base.bicepparam'\nparam name = 'x'\n",
        ),
        ("infra/env/base.bicepparam", "using none\nparam name = 'x'\n"),
        (
            "infra/env/module.bicepparam",
            "using '../modules/m.bicep'\nparam range = 'x'\n",
        ),
        (
            "infra/env/arm.bicepparam",
            "using '../../arm/main.json'\nparam a = 'x'\n",
        ),
        (
            "infra/env/registry.bicepparam",
            "using 'br/public:avm/res/network/virtual-network:0.5.0'\n",
        ),
        ("infra/main.shared.parameters.json", &shared),
        ("arm/main.json", &arm),
    ];
    let dev = "template infra/main.bicep (env/dev.bicepparam)";
    let expected = format!(
        "template arm/main.json (infra/env/arm.bicepparam)\n\
        {dev}\n\
        template infra/main.bicep (main.shared.parameters.json)\n\
        template infra/main.bicep (prod.bicepparam)\n\
        template infra/modules/m.bicep (infra/env/module.bicepparam)"
    );
    assert_eq!(listing(&files, &settings(&["."])), expected);
    assert_eq!(listing(&files, &settings(&["infra/env/base.bicepparam"])), dev);
    assert_eq!(listing(&files, &settings(&["infra/env/dev.bicepparam"])), dev);
    assert_eq!(
        listing(&files, &settings(&["infra/prod.txt"])),
        "template infra/main.bicep (prod.bicepparam)"
    );
    assert_eq!(
        listing(&files, &settings(&["infra/env"])),
        "template arm/main.json (infra/env/arm.bicepparam)\n\
         template infra/main.bicep (infra/env/dev.bicepparam)\n\
         template infra/modules/m.bicep (infra/env/module.bicepparam)"
            .replace("main.bicep (infra/env", "main.bicep (env")
    );
    let mut with_options = settings(&["arm"]);
    with_options.parameters.files = vec!["infra/prod.bicepparam".to_owned()];
    assert_eq!(
        listing(&files, &with_options),
        "template arm/main.json\ntemplate infra/main.bicep"
    );
}

#[test]
fn a_mixed_repository_is_found_whole() {
    let arm = template(&["a"]);
    let a = parameters(&["a"]);
    let files = [
        (".git/HEAD", ""),
        (".gitignore", "*.secret.json\n"),
        ("infra/main.tf", PLANNED),
        ("infra/prod.tfvars", "x = 1\n"),
        ("infra/plan.json", PLAN),
        ("azure/main.bicep", "param name string\n"),
        ("azure/main.bicepparam", "using './main.bicep'\n"),
        ("arm/azuredeploy.json", &arm),
        ("arm/azuredeploy.parameters.json", &a),
        ("arm/azuredeploy.parameters.secret.json", &a),
        ("arm/createUiDefinition.json", FORM),
        ("web/package.json", "{\"name\": \"shop\"}"),
        ("web/node_modules/x/azuredeploy.json", &arm),
    ];
    let expected = "template arm/azuredeploy.json (azuredeploy.parameters.json)\n\
        template azure/main.bicep (main.bicepparam)\n\
        terraform infra\n\
        plan infra/plan.json from infra";
    assert_eq!(listing(&files, &settings(&["."])), expected);
    assert_eq!(listing(&files, &settings(&["infra/main.tf"])), "terraform infra");
    assert_eq!(
        listing(&files, &settings(&["infra/plan.json"])),
        "plan infra/plan.json from infra"
    );
}
