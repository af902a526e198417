//! The bounds of templates and Bicep files: reaching one is said with its place, in bounded time, and what
//! does not hang on it is still checked.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod common;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::{Duration, Instant};

use akslint_core::Analysis;

/// Generous: these machines are slow in debug builds, and without the bound nothing here would end.
const PATIENCE: Duration = Duration::from_secs(60);

const SCHEMA: &str = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";

/// A cluster with one certain fault (AKS103), to see that the rest of the template is still checked.
const FAULTY_CLUSTER: &str = r#"{
  "type": "Microsoft.ContainerService/managedClusters",
  "apiVersion": "2024-09-01",
  "name": "aks-shop",
  "location": "westeurope",
  "properties": {
    "agentPoolProfiles": [{ "name": "system", "mode": "System", "count": 3 }],
    "networkProfile": {
      "networkPlugin": "azure", "networkPluginMode": "overlay", "podCidr": "172.30.0.0/16"
    }
  }
}"#;

fn check(files: &[(&str, Vec<u8>)]) -> Analysis {
    let files: BTreeMap<String, Vec<u8>> = files
        .iter()
        .map(|(path, text)| ((*path).to_owned(), text.clone()))
        .collect();
    let started = Instant::now();
    let analysis = common::check(&files, &common::settings(None));
    assert!(started.elapsed() < PATIENCE, "took {:?}", started.elapsed());
    analysis
}

/// The findings' codes and messages, the undecided details, the problems and the failures.
fn said(analysis: &Analysis) -> String {
    let mut said = String::new();
    for finding in &analysis.findings {
        writeln!(said, "{} {}", finding.rule.code, finding.message).unwrap();
    }
    for undecided in &analysis.undecided {
        let code = undecided.rule.code;
        writeln!(said, "{code} {}: {}", undecided.reason, undecided.detail).unwrap();
    }
    for deployment in &analysis.deployments {
        for problem in &deployment.network.problems {
            writeln!(said, "{problem:?}").unwrap();
        }
    }
    for failure in &analysis.failures {
        writeln!(said, "{failure:?}").unwrap();
    }
    said
}

fn assert_said(analysis: &Analysis, words: &[&str]) {
    let said = said(analysis);
    let said = if said.len() > 4000 { &said[..4000] } else { &said };
    for word in words {
        assert!(said.contains(word), "`{word}` is not in:\n{said}");
    }
    assert!(!said.contains("Panicked"), "{said}");
}

/// A template with these members and these resources besides the faulty cluster.
fn template(members: &str, resources: &str) -> Vec<u8> {
    let comma = |text: &str| if text.is_empty() { "" } else { "," };
    format!(
        "{{\"$schema\": \"{SCHEMA}\", \"contentVersion\": \"1.0.0.0\"{} {members},\n\
         \"resources\": [{FAULTY_CLUSTER}{} {resources}]}}",
        comma(members),
        comma(resources)
    )
    .replace("\"1.0.0.0\" ,", "\"1.0.0.0\",")
    .into_bytes()
}

/// A second cluster whose service range is this value.
fn cluster_with_range(value: &str) -> String {
    FAULTY_CLUSTER.replace("aks-shop", "aks-hanging").replace(
        "\"podCidr\": \"172.30.0.0/16\"",
        &format!("\"serviceCidr\": {value}"),
    )
}

fn check_template(members: &str, resources: &str) -> Analysis {
    check(&[("azuredeploy.json", template(members, resources))])
}

fn deployment(properties: &str) -> String {
    format!(
        "{{\"type\": \"Microsoft.Resources/deployments\", \"apiVersion\": \"2024-03-01\", \"name\": \"next\", \
         \"properties\": {{\"mode\": \"Incremental\", {properties}}}}}"
    )
}

#[test]
fn parameters_and_variables_that_refer_to_each_other() {
    let parameters = "\"parameters\": {\"a\": {\"type\": \"string\", \"defaultValue\": \"[parameters('b')]\"}, \
                      \"b\": {\"type\": \"string\", \"defaultValue\": \"[parameters('a')]\"}}";
    let hanging = cluster_with_range("\"[parameters('a')]\"");
    assert_said(&check_template(parameters, &hanging), &["AKS103", "cycle"]);
    let variables = "\"variables\": {\"a\": \"[variables('b')]\", \"b\": \"[concat(variables('a'))]\"}";
    let hanging = cluster_with_range("\"[variables('a')]\"");
    assert_said(&check_template(variables, &hanging), &["AKS103", "cycle"]);
}

#[test]
fn templates_that_link_each_other() {
    let link = |path: &str| deployment(&format!("\"templateLink\": {{\"relativePath\": \"{path}\"}}"));
    let files = [
        ("main.json", template("", &link("a.json"))),
        ("a.json", template("", &link("b.json"))),
        ("b.json", template("", &link("a.json"))),
        ("self.json", template("", &link("self.json"))),
    ];
    assert_said(&check(&files), &["AKS103", "Limit"]);
}

#[test]
fn templates_nested_too_deep() {
    let mut nested = deployment("\"template\": {\"resources\": []}");
    for _ in 0..100 {
        nested = deployment(&format!("\"template\": {{\"resources\": [{nested}]}}"));
    }
    assert_said(&check_template("", &nested), &["AKS103", "deep"]);
}

#[test]
fn values_and_expressions_nested_too_deep() {
    for depth in [100, 20_000] {
        let list = format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        let analysis = check_template(
            &format!("\"variables\": {{\"a\": {list}}}"),
            &cluster_with_range("\"[variables('a')]\""),
        );
        assert_said(&analysis, if depth > 1000 { &["AKS001"] } else { &["AKS103"] });
        let calls = format!("\"[{}'x'{}]\"", "toLower(".repeat(depth), ")".repeat(depth));
        assert_said(
            &check_template("", &cluster_with_range(&calls)),
            &["AKS103", "nested"],
        );
    }
}

#[test]
fn loops_of_a_million() {
    let vnet = |count: &str| {
        format!(
            "{{\"type\": \"Microsoft.Network/virtualNetworks\", \"apiVersion\": \"2024-01-01\", \
             \"name\": \"[format('vnet-{{0}}', copyIndex())]\", \"copy\": {{\"name\": \"loop\", \"count\": {count}}}, \
             \"properties\": {{\"addressSpace\": {{\"addressPrefixes\": [\"10.0.0.0/16\"]}}}}}}"
        )
    };
    assert_said(
        &check_template("", &vnet("1000000")),
        &["AKS103", "more than 10000"],
    );
    assert_said(&check_template("", &vnet("-1")), &["AKS103"]);
    assert_said(&check_template("", &vnet("1e300")), &["AKS103"]);
    let variable = "\"variables\": {\"copy\": [{\"name\": \"list\", \"count\": 1000000, \"input\": \"[copyIndex('list')]\"}]}";
    let hanging = cluster_with_range("\"[string(last(variables('list')))]\"");
    assert_said(&check_template(variable, &hanging), &["AKS103"]);
    let range = cluster_with_range(
        "\"[string(length(map(range(0, 100000000), lambda('x', lambdaVariables('x')))))]\"",
    );
    assert_said(&check_template("", &range), &["AKS103"]);
}

#[test]
fn text_that_doubles() {
    let mut variables = String::from("\"v0\": \"0123456789abcdef\"");
    for level in 1..=80 {
        let before = level - 1;
        write!(
            variables,
            ", \"v{level}\": \"[concat(variables('v{before}'), variables('v{before}'))]\""
        )
        .unwrap();
    }
    let hanging = cluster_with_range("\"[variables('v80')]\"");
    let analysis = check_template(&format!("\"variables\": {{{variables}}}"), &hanging);
    assert_said(&analysis, &["AKS103", "limit: concat() produces more"]);
    let arrays = variables.replace("concat(", "createArray(");
    let hanging = cluster_with_range("\"[string(variables('v80'))]\"");
    let analysis = check_template(&format!("\"variables\": {{{arrays}}}"), &hanging);
    assert_said(&analysis, &["AKS103"]);
}

#[test]
fn an_expression_of_a_megabyte() {
    let arguments = vec!["'0123456789abcdef'"; 50_000].join(", ");
    let hanging = cluster_with_range(&format!("\"[concat({arguments})]\""));
    assert_said(&check_template("", &hanging), &["AKS103"]);
    let hanging = cluster_with_range(&format!("\"[{}]\"", "concat(".repeat(100_000)));
    assert_said(&check_template("", &hanging), &["AKS103", "AKS001"]);
}

#[test]
fn deployments_that_wait_for_each_other() {
    let one = |name: &str, other: &str| {
        deployment(&format!(
            "\"parameters\": {{\"x\": {{\"value\": \"[reference('{other}').outputs.y.value]\"}}}}, \
             \"expressionEvaluationOptions\": {{\"scope\": \"inner\"}}, \"template\": {{\
             \"parameters\": {{\"x\": {{\"type\": \"string\"}}}}, \"resources\": [], \
             \"outputs\": {{\"y\": {{\"type\": \"string\", \"value\": \"[parameters('x')]\"}}}}}}"
        ))
        .replace("\"next\"", &format!("\"{name}\""))
    };
    let resources = [
        one("a", "b"),
        one("b", "a"),
        cluster_with_range("\"[reference('a').outputs.y.value]\""),
    ];
    assert_said(&check_template("", &resources.join(", ")), &["AKS103", "cycle"]);
}

#[test]
fn files_that_are_no_text_or_no_json() {
    let mut wide = vec![0xff, 0xfe];
    let text = String::from_utf8(template("", "")).unwrap();
    wide.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    assert_said(&check(&[("azuredeploy.json", wide)]), &["AKS001", "UTF-8"]);
    let mut bytes = template("", "");
    bytes.extend(b" // \xff");
    assert_said(&check(&[("azuredeploy.json", bytes)]), &["AKS001", "UTF-8"]);
    let cut = &text[..text.len() - 2];
    assert_said(&check(&[("azuredeploy.json", cut.into())]), &["AKS001"]);
    let empty = format!("{{\"$schema\": \"{SCHEMA}\"}}");
    assert_said(&check(&[("azuredeploy.json", empty.into())]), &[]);
    for wrong in [
        "null",
        "[]",
        "\"x\"",
        "{\"resources\": 3}",
        "[[1, null, {\"type\": 4}]]",
    ] {
        let text = format!(
            "{{\"$schema\": \"{SCHEMA}\", \"parameters\": {wrong}, \"variables\": {wrong}, \"outputs\": {wrong}, \"functions\": {wrong}, \"resources\": {wrong}}}"
        );
        assert_said(&check(&[("azuredeploy.json", text.into())]), &[]);
    }
}

#[test]
fn a_template_cut_anywhere() {
    let text = String::from_utf8(template(
        "\"parameters\": {\"a\": {\"type\": \"string\"}}, \"variables\": {\"b\": \"[concat('x', parameters('a'))]\"}",
        &cluster_with_range("\"[variables('b')]\""),
    ))
    .unwrap();
    for length in (110..text.len()).step_by(7) {
        assert_said(&check(&[("azuredeploy.json", text[..length].into())]), &[]);
    }
}

/// The faulty cluster in Bicep, after these statements.
fn bicep(statements: &str) -> Vec<u8> {
    format!(
        "{statements}\nresource shop 'Microsoft.ContainerService/managedClusters@2024-09-01' = {{\n  name: 'aks-shop'\n  \
         properties: {{\n    agentPoolProfiles: [{{ name: 'system', mode: 'System', count: 3 }}]\n    networkProfile: {{\n      \
         networkPlugin: 'azure'\n      networkPluginMode: 'overlay'\n      podCidr: '172.30.0.0/16'\n    }}\n  }}\n}}\n"
    )
    .into_bytes()
}

/// A second cluster whose service range is this expression.
fn bicep_cluster_with_range(expression: &str) -> String {
    String::from_utf8(bicep(""))
        .unwrap()
        .replace("resource shop", "resource hanging")
        .replace("aks-shop", "aks-hanging")
        .replace("podCidr: '172.30.0.0/16'", &format!("serviceCidr: {expression}"))
}

fn check_bicep(statements: &str) -> Analysis {
    check(&[("main.bicep", bicep(statements))])
}

#[test]
fn bicep_modules_that_use_each_other() {
    let module = |path: &str| bicep(&format!("module next '{path}' = {{ name: 'next' }}"));
    let files = [
        ("main.bicep", module("a.bicep")),
        ("a.bicep", module("b.bicep")),
        ("b.bicep", module("a.bicep")),
        ("own/self.bicep", module("self.bicep")),
    ];
    assert_said(&check(&files), &["AKS103", "Limit"]);
    let import = |path: &str| bicep(&format!("import {{ x }} from '{path}'\n@export()\nvar y = x"));
    let files = [("a.bicep", import("b.bicep")), ("b.bicep", import("a.bicep"))];
    assert_said(&check(&files), &["AKS103"]);
    let import = |path: &str| {
        let statements = format!("import {{ x }} from '{path}'\n@export()\nvar x = x\n");
        bicep(&format!("{statements}{}", bicep_cluster_with_range("x")))
    };
    let files = [("a.bicep", import("b.bicep")), ("b.bicep", import("a.bicep"))];
    assert_said(&check(&files), &["AKS103"]);
}

#[test]
fn bicep_parameters_that_build_on_each_other() {
    let extends =
        |path: &str| format!("using 'main.bicep'\nextends '{path}'\nparam a = '10.0.0.0/16'\n").into_bytes();
    let main = format!("param a string\n{}", bicep_cluster_with_range("a"));
    let files = [
        ("main.bicep", bicep(&main)),
        ("a.bicepparam", extends("b.bicepparam")),
        ("b.bicepparam", extends("a.bicepparam")),
        ("c.bicepparam", extends("c.bicepparam")),
        ("d.bicepparam", extends("nowhere.bicepparam")),
        ("e.bicepparam", b"using 'nowhere.bicep'".to_vec()),
        ("f.bicepparam", b"using 'main.bicep'\nparam a = a".to_vec()),
    ];
    assert_said(
        &check(&files),
        &[
            "AKS103",
            "Limit",
            "AKS002 module source \"nowhere.bicepparam\"",
            "AKS002 module source \"nowhere.bicep\"",
        ],
    );
}

#[test]
fn bicep_nested_too_deep() {
    for depth in [100, 20_000] {
        for (open, close) in [
            ("[", "]"),
            ("(", ")"),
            ("{ a: ", "}"),
            ("toLower(", ")"),
            ("!", ""),
            ("'${", "}'"),
            ("true ? true : ", ""),
        ] {
            let expression = format!("{}true{}", open.repeat(depth), close.repeat(depth));
            let statements = bicep_cluster_with_range(&format!("string({expression})"));
            assert_said(&check_bicep(&statements), &["AKS103"]);
        }
        let chain = format!("'x'{}", " + 'x'".repeat(depth));
        assert_said(&check_bicep(&bicep_cluster_with_range(&chain)), &["AKS103"]);
        let members = format!("resourceGroup(){}", ".tags".repeat(depth));
        assert_said(&check_bicep(&bicep_cluster_with_range(&members)), &["AKS103"]);
        let types = format!(
            "type deep = {}string{}",
            "{ a: ".repeat(depth),
            " }".repeat(depth)
        );
        assert_said(&check_bicep(&types), &["AKS103"]);
        let nested = "resource a 'x' = {\n".repeat(depth);
        assert_said(&check(&[("main.bicep", nested.into_bytes())]), &["AKS001"]);
    }
}

#[test]
fn bicep_loops_of_a_million() {
    let vnet = |over: &str| {
        format!(
            "resource many 'Microsoft.Network/virtualNetworks@2024-01-01' = [for i in {over}: {{\n  name: 'vnet-${{i}}'\n  \
             properties: {{ addressSpace: {{ addressPrefixes: ['10.0.0.0/16'] }} }}\n}}]"
        )
    };
    assert_said(&check_bicep(&vnet("range(0, 1000000)")), &["AKS103"]);
    assert_said(&check_bicep(&vnet("range(0, 10000)")), &["AKS103"]);
    let lists = "var a = [for i in range(0, 10000): i]\nvar b = [for i in a: map(a, x => x + i)]\n";
    let hanging = bicep_cluster_with_range("string(last(last(b)))");
    assert_said(&check_bicep(&format!("{lists}{hanging}")), &["AKS103"]);
    let functions = "func f(n int) int => n == 0 ? 0 : f(n - 1) + f(n - 1)\n";
    let hanging = bicep_cluster_with_range("string(f(1000))");
    assert_said(&check_bicep(&format!("{functions}{hanging}")), &["AKS103"]);
}

#[test]
fn bicep_cut_anywhere() {
    let text = String::from_utf8(bicep(
        "@description('The \\'range\\'')\nparam a string = '10.0.0.0/16'\nvar b = [for (x, i) in ['${a}']: { '${x}': i }]\n\
         module m 'm.bicep' = if (a == '') { name: 'm' }\nfunc f(x int) int => x ?? 1\noutput o array = map(b, v => v.?a!)",
    ))
    .unwrap();
    for length in (0..text.len()).step_by(5) {
        assert_said(&check(&[("main.bicep", text[..length].into())]), &[]);
    }
    assert_said(&check(&[("main.bicep", b"\xff\xfe\0".to_vec())]), &["AKS001"]);
}
