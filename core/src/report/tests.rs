use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::Finding;
use crate::finding::{Applicability, Edit, Fix, Label, Suppressed, Undecided};
use crate::rules;
use crate::source::{MemoryFileSystem, Sources, Span};

const MAIN: &str = "# größe 😀\nplugin = \"Azure\" # 😀\nlist = [\n  1,\n]\n";
const OTHER: &str = "default = \"Azure\"\n";

/// One finding with a related place in another file, one over several lines with text that every format
/// must escape, one suppressed, one undecided check and one failure.
fn analysis() -> Analysis {
    let files = BTreeMap::from([("main.tf", MAIN), ("modules/a b,c/ü.tf", OTHER)]);
    let sources = Arc::new(Sources::new(Arc::new(MemoryFileSystem::new(files))));
    let span = |path: &str, part: &str| {
        let file = sources.read(path).unwrap();
        let start = file.text.find(part).unwrap();
        Span::new(file.id, start, start + part.len())
    };
    let finding = |code: &str, message: &str, span: Span| {
        let rule = &rules::find(code).unwrap().metadata;
        Finding {
            rule,
            severity: rule.severity,
            confidence: rule.confidence,
            message: message.to_owned(),
            help: None,
            azure_error: None,
            resource: String::new(),
            property: String::new(),
            primary: Label {
                span,
                message: "here".to_owned(),
            },
            related: Vec::new(),
            blocks: Vec::new(),
            fixes: Vec::new(),
            deployments: vec![".".to_owned()],
            fingerprint: "0123456789abcdef".to_owned(),
        }
    };
    let mut word = finding(
        "AKS004",
        "\"Azure\" is not one of azure, none",
        span("main.tf", "\"Azure\""),
    );
    word.help = Some("write \"azure\"".to_owned());
    word.azure_error = Some("InvalidParameter");
    word.resource = "azurerm_kubernetes_cluster.main[\"a\"]".to_owned();
    word.related.push(Label {
        span: span("modules/a b,c/ü.tf", "\"Azure\""),
        message: "default here".to_owned(),
    });
    let edit = |path: &str, part: &str, text: &str| Edit {
        span: span(path, part),
        text: text.to_owned(),
    };
    word.fixes = vec![
        Fix {
            title: "Write \"azure\"".to_owned(),
            applicability: Applicability::Safe,
            edits: vec![edit("main.tf", "\"Azure\"", "\"azure\"")],
        },
        Fix {
            title: "Remove both".to_owned(),
            applicability: Applicability::Unsafe,
            edits: vec![
                edit("main.tf", "plugin = \"Azure\" # 😀\n", ""),
                edit("main.tf", "[\n  1,\n]", "[]"),
                edit("modules/a b,c/ü.tf", "\"Azure\"", "\"größe\""),
            ],
        },
    ];
    let list = finding(
        "AKS001",
        "100% <broken>: a; [b] & c",
        span("main.tf", "[\n  1,\n]"),
    );
    let quiet = finding("AKS002", "not on disk", span("modules/a b,c/ü.tf", "default"));
    let comment = span("main.tf", "# 😀");
    let undecided = Undecided {
        rule: &rules::find("AKS951").unwrap().metadata,
        resource: "azurerm_kubernetes_cluster.main[\"a\"]".to_owned(),
        reason: "unassigned-variable",
        detail: "var.plugin has no value".to_owned(),
        span: span("main.tf", "plugin"),
        deployments: vec![".".to_owned()],
    };
    Analysis {
        findings: vec![word, list],
        suppressed: vec![Suppressed {
            finding: quiet,
            comment,
            reason: "known".to_owned(),
        }],
        undecided: vec![undecided],
        deployments: Vec::new(),
        failures: vec![Failure::Unreadable {
            path: "secret.tf".to_owned(),
            reason: "permission denied".to_owned(),
        }],
        files: 2,
        sources,
    }
}

/// Compares with the file beside these tests; `AKSLINT_BLESS=1` writes what is reported now.
fn compare(format: Format, expected: &str) {
    let said = report(format, &analysis());
    assert_eq!(said, report(format, &analysis()), "two runs differ");
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/report/expected")
        .join(expected);
    if std::env::var_os("AKSLINT_BLESS").is_some() {
        std::fs::write(&path, &said).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    assert_eq!(said, written, "{expected}");
}

#[test]
fn lines_are_as_expected() {
    compare(Format::Concise, "concise.txt");
    compare(Format::Github, "github.txt");
    compare(Format::Azure, "azure.txt");
}

#[test]
fn documents_are_as_expected() {
    compare(Format::Json, "akslint.json");
    compare(Format::Gitlab, "gitlab.json");
    compare(Format::Junit, "junit.xml");
    compare(Format::Rdjson, "rdjson.json");
}

#[test]
fn sarif_results_are_as_expected() {
    let text = report(Format::Sarif, &analysis());
    let mut log: serde_json::Value = serde_json::from_str(&text).unwrap();
    // Every rule stands in the report; their texts are tested where they are written.
    let declared = log["runs"][0]["tool"]["driver"]["rules"].take();
    let declared = declared.as_array().unwrap();
    assert_eq!(declared.len(), rules::ALL.len());
    for result in log["runs"][0]["results"].as_array_mut().unwrap() {
        let index = usize::try_from(result["ruleIndex"].take().as_u64().unwrap()).unwrap();
        assert_eq!(declared[index]["id"], result["ruleId"]);
    }
    let said = format!("{}\n", serde_json::to_string_pretty(&log).unwrap());
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/expected/sarif.json");
    if std::env::var_os("AKSLINT_BLESS").is_some() {
        std::fs::write(&path, &said).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap().replace("\r\n", "\n");
    assert_eq!(said, written);
}
