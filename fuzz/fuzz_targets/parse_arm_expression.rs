//! Any text as the expression of an ARM template: no panic, no hang, and every place of an error lies in the
//! text. Run it with `cargo +nightly fuzz run parse_arm_expression` in this folder's parent.
#![no_main]

use akslint_core::source::FileId;
use akslint_core::syntax::arm::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    for raw in [text.to_owned(), format!("[{text}]")] {
        let parsed = parse(FileId(0), &raw, 0);
        let errors = parsed.errors.iter().map(|error| error.span);
        for span in errors.chain([parsed.expression.span]) {
            assert!(raw.get(span.start as usize..span.end as usize).is_some());
        }
    }
});
