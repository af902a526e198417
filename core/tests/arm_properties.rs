//! Whatever users write in templates, the evaluator answers: arbitrary calls of all functions neither panic nor
//! hang, and the same text gives the same answer twice.

#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::sync::{Arc, LazyLock};

use akslint_core::eval::arm::{console, functions};
use akslint_core::source::MemoryFileSystem;
use proptest::prelude::*;
use proptest::sample::select;

static FILES: LazyLock<Arc<MemoryFileSystem>> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/eval/arm/unknowns.json");
    let template = std::fs::read(path).unwrap();
    let json = b"{\"a\": [1, {\"b\": null}]}".to_vec();
    Arc::new(MemoryFileSystem::new([("main.json", template), ("a.json", json)]))
});

/// Values that mean something to some function, many of them something nasty.
const VALUES: &[&str] = &[
    "''",
    "'a'",
    "' '",
    "'äß🦀'",
    "'{0}'",
    "'{0,9999999999}{1:N99}'",
    "'{{{0:X8}}}'",
    "'{0:#,##0.00}'",
    "'{'",
    "'10.0.0.0/8'",
    "'fd00::/48'",
    "'::/0'",
    "'0.0.0.0/0'",
    "'a.json'",
    "'$.a[1].b'",
    "'$..*[?(@.x)]'",
    "'[1, [2, {\"a\": null}]]'",
    "'{\"a\": '",
    "'P1Y2M3DT4H5M6.7S'",
    "'P99999999999999999Y'",
    "'2020-02-29T23:59:59.9999999Z'",
    "'9999-12-31'",
    "'yyyy-MM-dd''x'' fff tt %'",
    "'data:;base64,w6Q='",
    "'%C3%A4%zz%'",
    "'https://a.b/c/../d?e'",
    "'9223372036854775807'",
    "-1",
    "0",
    "1",
    "2",
    "65",
    "9223372036854775807",
    "-9223372036854775808",
    "99999999999999999999999999",
    "1.5",
    "true",
    "false",
    "null",
    "createArray()",
    "createArray(1, 'a', null())",
    "createArray(createArray(3, 1, 2), createArray())",
    "createObject()",
    "createObject('a', 1, 'B', createObject('c', createArray()))",
    "range(0, 9)",
    "parameters('prefix')",
    "parameters('count')",
    "parameters('enabled')",
    "parameters('zones')",
    "parameters('tags')",
    "variables('names')",
    "variables('settings')",
    "variables('choice')",
    "variables('list')",
    "lambda('x', lambdaVariables('x'))",
    "lambda('x', 'y', less(lambdaVariables('x'), lambdaVariables('y')))",
    "lambda('x', equals(lambdaVariables('x'), parameters('prefix')))",
    "lambda('x', 'y', true())",
];

/// The functions that the evaluator answers for.
const OTHERS: &[&str] = &[
    "if",
    "and",
    "or",
    "not",
    "coalesce",
    "resourceId",
    "reference",
    "resourceGroup",
    "copyIndex",
    "lambda",
    "parameters",
    "variables",
    "subscription",
    "nothing",
];

fn expression() -> impl Strategy<Value = String> {
    let mut names = functions::names();
    names.extend(OTHERS);
    let leaf = select(VALUES).prop_map(str::to_owned);
    leaf.prop_recursive(3, 24, 4, move |inner| {
        let arguments = proptest::collection::vec(inner, 0..4);
        (select(names.clone()), arguments)
            .prop_map(|(name, arguments)| format!("{name}({})", arguments.join(", ")))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_call_is_answered(expression in expression()) {
        let text = format!("[{expression}]");
        let answer = || match console::evaluate(&text, FILES.clone()) {
            Ok(value) => value.content_hash().to_string(),
            Err(error) => error.message,
        };
        prop_assert_eq!(answer(), answer());
    }
}
