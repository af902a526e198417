//! Any text as Bicep: no panic, no hang, and every place of an error lies in the text.
//! Run it with `cargo +nightly fuzz run parse_bicep` in this folder's parent.
#![no_main]

use akslint_core::source::FileId;
use akslint_core::syntax::bicep::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let file = parse(FileId(0), text);
    for span in file.errors.iter().map(|error| error.span) {
        assert!(text.get(span.start as usize..span.end as usize).is_some());
    }
});
