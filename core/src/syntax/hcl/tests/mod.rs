mod edits;
mod fixtures;
mod limits;
mod mutations;
mod overrides;
mod properties;

use super::{Notation, dump, parse};
use crate::source::FileId;

fn native(text: &str) -> String {
    dump::file(&parse(FileId(0), text, Notation::Native), text)
}

#[test]
fn strips_and_removes_indentation_as_terraform_does() {
    let text = "a = <<-EOT\n    b\n      c ${~ d ~}  \n    e\n\n  EOT\n";
    let expected = r#"attribute a ‹a = <<-EOT\n    b\n      c ${~ d ~}  \n    e\n\n  EOT›
  = template ‹<<-EOT\n    b\n      c ${~ d ~}  \n    e\n\n  EOT›
    literal "b\n  c" ‹    b\n      c ›
    ${} name d ‹d›
    literal "    e\n\n" ‹  \n    e\n\n›
"#;
    assert_eq!(native(text), expected);
}

#[test]
fn the_sign_of_a_number_is_an_operator() {
    let expected = "attribute a ‹a = -1.5e3›\n  = Negate ‹-1.5e3›\n    - number 1.5e3 ‹1.5e3›\n";
    assert_eq!(native("a = -1.5e3"), expected);
}

#[test]
fn escapes_also_count_in_the_text_of_a_directive() {
    let dump = native(r#"a = "%{ if b }\"\n$${c}%{ endif }""#);
    assert!(dump.contains(r#"literal "\"\n${c}""#), "{dump}");
}
