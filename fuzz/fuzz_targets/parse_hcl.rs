//! Any text in any notation: no panic, no hang, and every place of an error lies in the text.
//! Run it with `cargo +nightly fuzz run parse_hcl` in this folder's parent.
#![no_main]

use akslint_core::source::FileId;
use akslint_core::syntax::hcl::{Notation, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for notation in [Notation::Native, Notation::Json, Notation::JsonValues] {
        let file = parse(FileId(0), text, notation);
        for span in file.errors.iter().map(|error| error.span) {
            assert!(text.get(span.start as usize..span.end as usize).is_some());
        }
    }
});
