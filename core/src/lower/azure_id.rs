//! Azure resource ids written out as text, in whole or in part.

use crate::eval::value::{Piece, Unknown};

/// How many texts within texts are followed at the beginning of an id.
const MAXIMUM_NESTING: usize = 8;

/// A part of an id between two slashes.
#[derive(Debug, Clone)]
pub(super) enum Segment {
    Text(String),
    Unknown(Unknown),
}

/// An id taken apart.
#[derive(Debug, Clone, Default)]
pub(super) struct AzureId {
    /// The id that this one continues: `${azurerm_virtual_network.hub.id}/subnets/nodes`.
    pub(super) base: Option<Unknown>,
    pub(super) subscription: Option<Segment>,
    pub(super) resource_group: Option<Segment>,
    /// `Microsoft.Network/virtualNetworks`; empty for a subscription or resource group.
    pub(super) provider: String,
    /// The types after the provider, each with its name.
    pub(super) parts: Vec<(String, Segment)>,
}

impl AzureId {
    pub(super) fn of_text(text: &str) -> Option<Self> {
        let segments = text.split('/').map(|part| Segment::Text(part.to_owned()));
        parse(segments.collect())
    }

    pub(super) fn of_pieces(pieces: &[Piece]) -> Option<Self> {
        // The beginning can itself be a text put together elsewhere.
        let mut pieces = pieces.to_vec();
        for _ in 0..MAXIMUM_NESTING {
            let Some(Piece::Unknown(first)) = pieces.first() else {
                break;
            };
            if first.pieces().is_empty() {
                break;
            }
            let inner = first.pieces().to_vec();
            pieces.splice(0..1, inner);
        }
        parse(segments(&pieces))
    }

    /// `Microsoft.Network/virtualNetworks/subnets`
    pub(super) fn kind(&self) -> String {
        let mut kind = self.provider.clone();
        for (part, _) in &self.parts {
            if !kind.is_empty() {
                kind.push('/');
            }
            kind.push_str(part);
        }
        kind
    }
}

/// Cuts a text at its slashes. A part that is unknown in part keeps the identity of that text.
fn segments(pieces: &[Piece]) -> Vec<Segment> {
    let mut segments = Vec::new();
    let mut current: Vec<Piece> = Vec::new();
    for piece in pieces {
        let Piece::Text(text) = piece else {
            current.push(piece.clone());
            continue;
        };
        for (position, part) in text.split('/').enumerate() {
            if position > 0 {
                segments.push(segment(std::mem::take(&mut current)));
            }
            if !part.is_empty() {
                current.push(Piece::Text(part.into()));
            }
        }
    }
    segments.push(segment(current));
    segments
}

fn segment(pieces: Vec<Piece>) -> Segment {
    if let [Piece::Unknown(unknown)] = pieces.as_slice() {
        return Segment::Unknown(unknown.clone());
    }
    let text = pieces.iter().filter_map(|piece| match piece {
        Piece::Text(text) => Some(text.as_ref()),
        Piece::Unknown(_) => None,
    });
    let text = text.collect();
    match Unknown::text(pieces) {
        Some(unknown) => Segment::Unknown(unknown),
        None => Segment::Text(text),
    }
}

/// None when the text is no id.
fn parse(segments: Vec<Segment>) -> Option<AzureId> {
    let mut id = AzureId::default();
    let mut rest = segments.into_iter();
    match rest.next()? {
        Segment::Text(text) if text.is_empty() => {}
        Segment::Text(_) => return None,
        Segment::Unknown(unknown) => id.base = Some(unknown),
    }
    let mut is_first = true;
    while let Some(word) = rest.next() {
        // What follows a type is its name; a type that is unknown makes the whole unknown.
        let Segment::Text(word) = word else {
            return None;
        };
        if word.is_empty() && rest.len() == 0 {
            break;
        }
        let value = rest.next()?;
        if matches!(&value, Segment::Text(text) if text.is_empty()) {
            return None;
        }
        match word.to_ascii_lowercase().as_str() {
            "subscriptions" if is_first && id.base.is_none() => id.subscription = Some(value),
            "resourcegroups" if id.provider.is_empty() && id.parts.is_empty() => {
                id.resource_group = Some(value);
            }
            "providers" => {
                let Segment::Text(provider) = value else {
                    return None;
                };
                // A provider inside a resource begins another id: the last one counts.
                id.parts.clear();
                id.provider = provider;
            }
            _ if is_first && id.base.is_none() => return None,
            _ => id.parts.push((word, value)),
        }
        is_first = false;
    }
    (!is_first).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        let Some(id) = AzureId::of_text(text) else {
            return "no id".to_owned();
        };
        let names = id.parts.iter().map(|(_, name)| match name {
            Segment::Text(name) => name.clone(),
            Segment::Unknown(_) => "?".to_owned(),
        });
        format!("{} {}", id.kind(), names.collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn takes_ids_apart() {
        let network = "/subscriptions/1/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/hub";
        assert_eq!(shown(network), "Microsoft.Network/virtualNetworks hub");
        assert_eq!(
            shown(&format!("{network}/subnets/nodes")),
            "Microsoft.Network/virtualNetworks/subnets hub nodes"
        );
        assert_eq!(shown("/subscriptions/1"), " ");
        assert_eq!(shown("nodes"), "no id");
        assert_eq!(shown("/nodes/x"), "no id");
        assert_eq!(shown(&format!("{network}/subnets/")), "no id");
    }
}
