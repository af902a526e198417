//! Columns in UTF-8 and UTF-16, over text that both count differently.

use crate::harness::Builder;

const EMOJI: &str = "locals {\r
  ranges = { \"Zürich 🏔️\" = \"10.2.0.10/16\" }\r
}\r
\r
resource \"azurerm_virtual_network\" \"shop\" {\r
  name          = \"vnet-shop\"\r
  /* 🏔️ ü */ address_space = [local.ranges[\"Zürich 🏔️\"]] # 🏔️\r
}\r
";

#[test]
fn utf8_is_taken_where_it_is_offered() {
    let client = Builder::new().offers_utf8().start();
    assert_eq!(client.capabilities["positionEncoding"], "utf-8");
}

#[test]
fn other_clients_get_utf16() {
    let client = Builder::new().start();
    assert_eq!(client.capabilities["positionEncoding"], "utf-16");
    let client = Builder::new()
        .can(
            "general.positionEncodings",
            serde_json::json!(["utf-32", "utf-16"]),
        )
        .start();
    assert_eq!(client.capabilities["positionEncoding"], "utf-16");
}

/// The range of the finding is exactly the text that it is about, and so are those of what explains it.
#[test]
fn ranges_fit_text_with_emoji_and_carriage_returns() {
    for (builder, start, end) in [(Builder::new(), 28, 42), (Builder::new().offers_utf8(), 33, 47)] {
        let mut client = builder.file("main.tf", EMOJI).start();
        client.open("main.tf");
        let diagnostics = client.await_diagnostics("main.tf");
        assert_eq!(diagnostics.len(), 1);
        let related = diagnostics[0].related_information.as_ref().unwrap();
        let mut ranges: Vec<_> = related.iter().map(|related| related.location.range).collect();
        ranges.push(diagnostics[0].range);
        let literal = client.range("main.tf", "\"10.2.0.10/16\"");
        assert_eq!((literal.start.character, literal.end.character), (start, end));
        assert!(ranges.contains(&literal), "{ranges:?}");
        for range in ranges {
            let text = client.at("main.tf", range);
            assert!(!text.contains('\r') && !text.is_empty(), "{text:?}");
        }
        client.finish();
    }
}

/// An edit behind an emoji hits the character that is meant.
#[test]
fn edits_behind_emoji_hit_their_place() {
    for builder in [Builder::new(), Builder::new().offers_utf8()] {
        let mut client = builder.file("main.tf", EMOJI).start();
        client.open("main.tf");
        assert_eq!(client.await_diagnostics("main.tf").len(), 1);
        client.edit("main.tf", "10.2.0.10/16", "10.2.0.0/16");
        assert_eq!(client.await_findings("main.tf"), [""; 0]);
        client.edit("main.tf", "10.2.0.0/16", "10.2.0.12/16");
        let found = client.await_diagnostics("main.tf");
        let literal = client.range("main.tf", "\"10.2.0.12/16\"");
        let related = found[0].related_information.iter().flatten();
        let ranges = related.map(|it| it.location.range).chain([found[0].range]);
        assert!(ranges.into_iter().any(|range| range == literal));
        client.finish();
    }
}
