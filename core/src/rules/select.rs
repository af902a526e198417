//! The words by which users name rules.

use crate::settings::Selector;

use super::ALL;

/// A word that names no rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownRule {
    pub word: String,
    /// The code, name or category that looks most like it, when one does.
    pub nearest: Option<&'static str>,
}

/// The rules that a word names: a code or the start of one (`AKS2`), a name, a category, or `all`. Case
/// does not matter.
pub fn selector(word: &str) -> Result<Selector, UnknownRule> {
    let lower = word.trim().to_ascii_lowercase();
    let upper = lower.to_ascii_uppercase();
    let metadata = || ALL.iter().map(|rule| &rule.metadata);
    if lower == "all" {
        Ok(Selector::All)
    } else if upper.starts_with("AKS") && metadata().any(|rule| rule.code.starts_with(&upper)) {
        Ok(Selector::Code(upper))
    } else if metadata().any(|rule| rule.name == lower) {
        Ok(Selector::Name(lower))
    } else if metadata().any(|rule| rule.category.word() == lower) {
        Ok(Selector::Category(lower))
    } else {
        Err(UnknownRule {
            word: word.trim().to_owned(),
            nearest: nearest(&lower),
        })
    }
}

fn nearest(lower: &str) -> Option<&'static str> {
    let words = ALL.iter().flat_map(|rule| {
        let metadata = &rule.metadata;
        [metadata.code, metadata.name, metadata.category.word()]
    });
    let scored = words.map(|word| (strsim::jaro_winkler(&word.to_ascii_lowercase(), lower), word));
    // Of equally good ones the first stays, so that the answer is always the same.
    let best = scored.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    (best.0 > 0.8).then_some(best.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_codes_prefixes_names_and_categories() {
        assert_eq!(selector("aks001"), Ok(Selector::Code("AKS001".to_owned())));
        assert_eq!(selector("AKS0"), Ok(Selector::Code("AKS0".to_owned())));
        assert_eq!(
            selector("syntax-error"),
            Ok(Selector::Name("syntax-error".to_owned()))
        );
        assert_eq!(
            selector(" Deprecation "),
            Ok(Selector::Category("deprecation".to_owned()))
        );
        assert_eq!(selector("ALL"), Ok(Selector::All));
        let unknown = selector("sintax-error").unwrap_err();
        assert_eq!(unknown.nearest, Some("syntax-error"));
        assert_eq!(selector("x").unwrap_err().nearest, None);
        assert_eq!(selector("").unwrap_err().nearest, None);
    }
}
