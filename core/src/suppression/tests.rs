use std::fmt::Write;
use std::sync::Arc;

use super::*;
use crate::finding::Label;
use crate::source::MemoryFileSystem;
use crate::syntax::hcl::tree::Comment;

/// Suppresses findings of AKS004 whose label is `label` and whose block is `block`, each found by its first
/// occurrence; says what was suppressed and what is wrong with the comments.
fn outcome(path: &str, text: &str, label: &str, block: Option<&str>) -> String {
    let sources = sources_of(path, text);
    let file = sources.read(path).unwrap();
    let span = |part: &str| {
        let start = text.find(part).unwrap();
        Span::new(file.id, start, start + part.len())
    };
    let rule = &rules::find("AKS004").unwrap().metadata;
    let mut findings = vec![Finding {
        rule,
        severity: rule.severity,
        confidence: rule.confidence,
        message: String::new(),
        help: None,
        azure_error: None,
        resource: String::new(),
        property: String::new(),
        primary: Label {
            span: span(label),
            message: String::new(),
        },
        related: Vec::new(),
        blocks: block.map(span).into_iter().collect(),
        fixes: Vec::new(),
        deployments: Vec::new(),
        fingerprint: String::new(),
    }];
    let mut suppressions = match DocumentNotation::of(path).filter(|_| !is_configuration(path)) {
        Some(_) => {
            let trees = Trees::new(Arc::new(sources_of(path, text)));
            trees.sources.read(path).unwrap();
            super::suppressions(&trees, &BTreeSet::from([file.id]))
        }
        None => comments(text, file.id)
            .iter()
            .filter_map(|comment| parse::suppression(comment.span, &file, path.ends_with(".json")))
            .collect(),
    };
    let mut said = String::new();
    for suppressed in suppress(&mut findings, &mut suppressions, &sources) {
        let line = file.position(suppressed.comment.start).line;
        writeln!(said, "suppressed by line {line}: {}", suppressed.reason).unwrap();
    }
    let trees = Trees::new(Arc::new(sources_of(path, text)));
    trees.sources.read(path).unwrap();
    for fault in faults(
        &suppressions,
        &trees,
        |rule| rule.code != "AKS951",
        |_| vec!["AKS001"],
    ) {
        let start = file.position(fault.span.start);
        writeln!(
            said,
            "{}:{} {} ({})",
            start.line, start.column, fault.message, fault.help
        )
        .unwrap();
    }
    said.trim_end().to_owned()
}

fn sources_of(path: &str, text: &str) -> Sources {
    Sources::new(Arc::new(MemoryFileSystem::new([(path, text)])))
}

/// The comments of a text in which nothing else looks like one; in JSON the values of `"//"`.
fn comments(text: &str, file: FileId) -> Vec<Comment> {
    let mut comments = Vec::new();
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let written = line.trim_end();
        let start = match written.find("\"//\": ") {
            Some(key) => Some(key + "\"//\": ".len()),
            None => ["#", "//", "/*"]
                .iter()
                .filter_map(|marker| written.find(marker))
                .min(),
        };
        if let Some(start) = start {
            let text = written[start..].trim_end_matches(',');
            comments.push(Comment {
                span: Span::new(file, offset + start, offset + start + text.len()),
                text: text.to_owned(),
            });
        }
        offset += line.len();
    }
    comments
}

const CLUSTER: &str = "resource \"a\" \"b\" {\n  network {\n    plugin = \"x\"\n  }\n}\n";

#[test]
fn on_the_line_of_a_label_above_it_and_above_the_block() {
    let on_line = CLUSTER.replace("\"x\"", "\"x\" # akslint: ignore[AKS004] old");
    assert_eq!(
        outcome("a.tf", &on_line, "\"x\"", None),
        "suppressed by line 3: old"
    );
    let above = CLUSTER.replace(
        "    plugin",
        "    // akslint: ignore[unknown-value, AKS951]\n    plugin",
    );
    assert_eq!(outcome("a.tf", &above, "\"x\"", None), "suppressed by line 3:");
    let above_block = format!("/* akslint: ignore a  legacy cluster */\n{CLUSTER}");
    assert_eq!(
        outcome("a.tf", &above_block, "\"x\"", Some(CLUSTER.trim_end())),
        "suppressed by line 1: a legacy cluster"
    );
    let stacked =
        format!("# akslint: ignore[AKS951] later\n# akslint: ignore[AKS004] old\n# The shop.\n{CLUSTER}");
    assert_eq!(
        outcome("a.tf", &stacked, "\"x\"", Some(CLUSTER.trim_end())),
        "suppressed by line 2: old"
    );
}

#[test]
fn elsewhere_it_keeps_nothing_quiet_and_is_unused() {
    let unused = "AKS004 has no finding here that this comment would keep quiet (remove it from the comment)";
    let after_code = CLUSTER.replace("network {", "network { # akslint: ignore[AKS004]");
    assert_eq!(
        outcome("a.tf", &after_code, "\"x\"", None),
        format!("2:31 {unused}")
    );
    let above_other = format!("# akslint: ignore[AKS004]\n\n{CLUSTER}");
    assert_eq!(
        outcome("a.tf", &above_other, "\"x\"", Some(CLUSTER.trim_end())),
        format!("1:19 {unused}")
    );
    let file = format!("{CLUSTER}# akslint: ignore-file[input] not ours\n");
    assert_eq!(
        outcome("a.tf", &file, "\"x\"", None),
        "suppressed by line 6: not ours"
    );
    let other_rule = CLUSTER.replace("\"x\"", "\"x\" # akslint: ignore[AKS002,AKS001,AKS951]");
    assert_eq!(
        outcome("a.tf", &other_rule, "\"x\"", None),
        format!("3:36 {}", unused.replace("AKS004", "AKS002")),
        "one whose rule did not run or was undecided is not called unused"
    );
}

#[test]
fn what_names_no_rule_is_said() {
    let said = |comment: &str| {
        let text = CLUSTER.replace("\"x\"", &format!("\"x\" {comment}"));
        outcome("a.tf", &text, "\"x\"", None)
    };
    assert_eq!(
        said("# akslint: ignore[xyz, unknwn-value]"),
        "3:36 no rule is called \"xyz\" (write a code or name that `akslint rules` lists)\n\
         3:41 no rule is called \"unknwn-value\" (did you mean unknown-value?)"
    );
    let help = "(write `akslint: ignore[AKS110] reason` or `akslint: ignore-file[AKS110] reason`)";
    assert_eq!(
        said("# akslint: ignroe[AKS004]"),
        format!("3:18 \"ignroe\" after `akslint:` is not a suppression {help}")
    );
    assert_eq!(
        said("# akslint: ignore[AKS004"),
        format!("3:18 the list of rules has no `]` {help}")
    );
    assert_eq!(
        said("# akslint: ignore[]"),
        format!("3:18 the list of rules is empty {help}")
    );
    assert_eq!(said("# see what akslint: ignore does"), "");
}

#[test]
fn in_json_a_comment_key_covers_its_block() {
    let block = "{\n  \"//\": \"akslint: ignore[AKS004] old\",\n  \"name\": \"x\",\n  \"plugin\": \"y\"\n}";
    let text = format!("{{\"a\": {block}}}\n");
    assert_eq!(
        outcome("a.tf.json", &text, "\"y\"", Some(block)),
        "suppressed by line 2: old"
    );
    assert_eq!(
        outcome("a.tf.json", &text, "\"x\"", None),
        "suppressed by line 2: old"
    );
}

const RESOURCE: &str = "{\n      \"type\": \"x\",\n      \"properties\": {\"plugin\": \"y\"}\n    }";

fn template(resource: &str) -> String {
    format!("{{\n  \"resources\": [\n    {resource}\n  ]\n}}\n")
}

#[test]
fn a_template_with_comments_is_like_any_other_file() {
    let commented = |resource: &str| outcome("a.json", &template(resource), "\"y\"", Some(RESOURCE));
    let above = format!("// akslint: ignore[AKS004] old\n    {RESOURCE}");
    assert_eq!(commented(&above), "suppressed by line 3: old");
    let on_line = RESOURCE.replace("\"y\"}", "\"y\"} /* akslint: ignore[AKS004] old */");
    let text = template(&on_line);
    assert_eq!(
        outcome("a.jsonc", &text, "\"y\"", None),
        "suppressed by line 5: old"
    );
}

#[test]
fn bicep_has_comments() {
    let vnet = "resource vnet 'x@2024-01-01' = {\n  name: 'hub' // plain\n  plugin: 'y'\n}";
    let text = format!("param a string\n\n// akslint: ignore[AKS004] old\n@description('//')\n{vnet}\n");
    let decorated = format!("@description('//')\n{vnet}");
    assert_eq!(
        outcome("main.bicep", &text, "'y'", Some(&decorated)),
        "suppressed by line 3: old"
    );
    let on_line = vnet.replace("'y'", "'y' /* akslint: ignore[AKS004] old */");
    assert_eq!(
        outcome("main.bicep", &on_line, "'y'", None),
        "suppressed by line 3: old"
    );
    let file = format!("{vnet}\n// akslint: ignore-file[AKS004] not ours\n");
    assert_eq!(
        outcome("main.bicep", &file, "'y'", None),
        "suppressed by line 5: not ours"
    );
}

#[test]
fn metadata_covers_its_resource_or_its_template() {
    let entry = "\"metadata\": {\"akslint\": {\"ignore\": [\"AKS004\"], \"reason\": \"old\"}}";
    let with_entry = RESOURCE.replace("\"type\": \"x\"", &format!("\"type\": \"x\",\n      {entry}"));
    let text = template(&with_entry);
    assert_eq!(
        outcome("a.json", &text, "\"y\"", Some(&with_entry)),
        "suppressed by line 5: old"
    );
    let unused =
        "5:44 AKS004 has no finding here that this metadata would keep quiet (remove it from the metadata)";
    assert_eq!(outcome("a.json", &text, "\"resources\"", None), unused);
    let whole = template(RESOURCE).replacen('{', &format!("{{\n  {entry},"), 1);
    assert_eq!(
        outcome("a.json", &whole, "\"y\"", None),
        "suppressed by line 2: old"
    );
}

#[test]
fn metadata_that_is_no_suppression_is_said() {
    let said = |entry: &str| {
        let text = template(&format!(
            "{{\"metadata\": {{\"akslint\": {entry}}}, \"type\": \"x\"}}"
        ));
        outcome("a.json", &text, "\"resources\"", None)
    };
    let help = "(write `\"metadata\": {\"akslint\": {\"ignore\": [\"AKS110\"], \"reason\": \"…\"}}`)";
    assert_eq!(said("true"), format!("3:30 this is not a suppression {help}"));
    assert_eq!(
        said("{\"ignore\": []}"),
        format!("3:30 the list of rules is empty {help}")
    );
    assert_eq!(
        said("{\"ignore\": \"unknwn-value\"}"),
        "3:42 no rule is called \"unknwn-value\" (did you mean unknown-value?)"
    );
}
