//! Which element of a planned list is which block of the configuration. Sets come in an order of their own.

use super::configuration::Written;
use crate::syntax::raw_json::{RawJson, RawKind};

/// For each element its place in the configuration's order, and what is written of it.
pub(super) fn paired<'t>(values: &[RawJson<'t>], written: Written<'t>) -> Vec<(usize, Written<'t>)> {
    match written {
        Written::Blocks(blocks) => blocks_of(values, &blocks.elements().collect::<Vec<_>>()),
        Written::Expression(expression) => {
            let listed: Vec<RawJson<'t>> = expression
                .member("constant_value")
                .into_iter()
                .flat_map(RawJson::elements)
                .collect();
            let is_object = listed
                .first()
                .is_some_and(|first| first.kind() == RawKind::Object);
            let places = if is_object {
                let blocks = blocks_of(values, &listed).into_iter();
                Some(blocks.map(|(place, _)| place).collect())
            } else {
                order(values, &listed)
            };
            let places = places.unwrap_or_else(|| (0..values.len()).collect());
            places.into_iter().map(|place| (place, written)).collect()
        }
        Written::Block(_) | Written::Resource => {
            (0..values.len()).map(|place| (place, Written::Unseen)).collect()
        }
        Written::Not | Written::Unseen => (0..values.len()).map(|place| (place, written)).collect(),
    }
}

/// Where each value stands in a list of the same values.
fn order(values: &[RawJson<'_>], listed: &[RawJson<'_>]) -> Option<Vec<usize>> {
    const MANY: usize = 1_000;
    if values.len() != listed.len() || values.len() > MANY {
        return None;
    }
    let mut places: Vec<usize> = Vec::with_capacity(values.len());
    for value in values {
        let text = value.text();
        let place =
            (0..listed.len()).find(|place| !places.contains(place) && listed[*place].text() == text)?;
        places.push(place);
    }
    Some(places)
}

fn blocks_of<'t>(values: &[RawJson<'t>], blocks: &[RawJson<'t>]) -> Vec<(usize, Written<'t>)> {
    const MANY: usize = 1_000;
    let written = |place: usize| match blocks.get(place) {
        Some(block) => Written::Block(*block),
        None => Written::Unseen,
    };
    let is_in_order = values.len() == blocks.len()
        && values
            .iter()
            .zip(blocks)
            .all(|(value, block)| fits(*value, *block).is_some());
    if is_in_order || values.len().max(blocks.len()) > MANY {
        return (0..values.len()).map(|place| (place, written(place))).collect();
    }
    let mut taken = vec![false; blocks.len()];
    let mut pairs = Vec::with_capacity(values.len());
    for (index, value) in values.iter().enumerate() {
        let mut best: Option<(usize, usize)> = None;
        for (place, block) in blocks.iter().enumerate().filter(|(place, _)| !taken[*place]) {
            // A block without a constant fits everything, and shows nothing.
            if let Some(constants) = fits(*value, *block).filter(|constants| *constants > 0)
                && best.is_none_or(|(_, most)| constants > most)
            {
                best = Some((place, constants));
            }
        }
        match best {
            Some((place, _)) => {
                taken[place] = true;
                pairs.push((place, written(place)));
            }
            None => pairs.push((blocks.len() + index, Written::Unseen)),
        }
    }
    pairs
}

/// How many constants of a block a value has; none when it has another value for one. The block is given by
/// its expressions or its values.
fn fits(value: RawJson<'_>, block: RawJson<'_>) -> Option<usize> {
    let mut constants = 0;
    for (name, expression) in block.members() {
        let constant = match expression.kind() {
            RawKind::Object => match expression.member("constant_value") {
                Some(constant) => constant,
                None => continue,
            },
            // Objects that are written as blocks are constants as a whole.
            _ => expression,
        };
        let is_simple = !matches!(constant.kind(), RawKind::Array | RawKind::Object | RawKind::Null);
        if !is_simple {
            continue;
        }
        let actual = value.member(&name)?;
        let unquoted = |json: RawJson<'_>| json.as_text().map_or_else(|| json.text().to_owned(), Into::into);
        if unquoted(actual) != unquoted(constant) {
            return None;
        }
        constants += 1;
    }
    Some(constants)
}
