//! `textDocument/definition`: the places that a value comes from, where the user wants that.

use akslint_core::editor;
use gen_lsp_types::{Definition, DefinitionParams, DefinitionResponse, Location};

use crate::positions;
use crate::session::Session;

/// From the nearest place to the one where the value was written.
pub(crate) fn origins(session: &mut Session<'_>, params: DefinitionParams) -> Option<DefinitionResponse> {
    if !session.configuration.definitions {
        return None;
    }
    let place = params.text_document_position_params;
    let locations = session.ask(&place.text_document.uri, |question| {
        let offset = question.offset(place.position);
        let origins = editor::origins(&question.around, question.file.id, offset).into_iter();
        let sources = &question.around.trees.sources;
        let locations = origins.filter_map(|origin| {
            let file = sources.file(origin.span.file);
            Some(Location {
                uri: question.address(&file.path)?,
                range: positions::range(&file, origin.span, question.unit),
            })
        });
        locations.collect::<Vec<_>>()
    })?;
    (!locations.is_empty()).then(|| Definition::from(locations).into())
}
