//! Versions of modules and constraints on them, as Terraform writes them.

use crate::eval::catalogue::Version;

/// `9.4.1` or `v0.2.0`, with zeros for what is left out.
pub(super) fn parsed(text: &str) -> Option<Version> {
    let text = text.trim();
    let mut numbers = text.strip_prefix('v').unwrap_or(text).split('.');
    let mut number = || numbers.next().map_or(Some(0), |number| number.parse().ok());
    let version = [number()?, number()?, number()?];
    numbers.next().is_none().then_some(version)
}

/// Whether constraints such as `~> 9.0`, `>= 4.0, < 5.0` or `v0.2.0` admit a version. What cannot be read admits
/// none.
pub(super) fn admits(constraints: &str, version: Version) -> bool {
    constraints.split(',').all(|constraint| {
        let constraint = constraint.trim();
        let end = constraint.find(|letter: char| letter.is_ascii_digit() || letter == 'v');
        let (operator, number) = constraint.split_at(end.unwrap_or(constraint.len()));
        let Some(wanted) = parsed(number) else {
            return false;
        };
        match operator.trim() {
            "" | "=" => version == wanted,
            "!=" => version != wanted,
            ">" => version > wanted,
            ">=" => version >= wanted,
            "<" => version < wanted,
            "<=" => version <= wanted,
            "~>" => {
                // All parts but the last one that is written stay.
                let kept = number.matches('.').count().min(2);
                version >= wanted
                    && version
                        .iter()
                        .zip(&wanted)
                        .take(kept)
                        .all(|(one, other)| one == other)
            }
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn admits_what_the_constraints_leave() {
        let admitted = |constraints: &str| {
            let versions = ["4.16.0", "9.0.0", "9.4.1", "10.2.0"];
            let admitted = versions
                .iter()
                .filter(|version| parsed(version).is_some_and(|version| admits(constraints, version)));
            admitted.copied().collect::<Vec<_>>().join(" ")
        };
        assert_eq!(admitted("9.4.1"), "9.4.1");
        assert_eq!(admitted("= v9.4.1"), "9.4.1");
        assert_eq!(admitted("~> 9.0"), "9.0.0 9.4.1");
        assert_eq!(admitted("~> 9.4.0"), "9.4.1");
        assert_eq!(admitted(">= 4.0, < 10"), "4.16.0 9.0.0 9.4.1");
        assert_eq!(admitted("> 9.0.0, != 9.4.1"), "10.2.0");
        assert_eq!(admitted("~> 4"), "4.16.0 9.0.0 9.4.1 10.2.0");
        assert_eq!(admitted("latest"), "");
    }
}
