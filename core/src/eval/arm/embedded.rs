//! Templates that another language deploys: it names a file or has the text, and gives values to parameters.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;
use std::sync::Arc;

use super::deployment::{collect, place};
use super::evaluation::Evaluation;
use super::instance::{Instance, Names, Place};
use super::observation;
use super::reader::{self, folder_of};
use crate::eval::catalogue::Catalogue;
use crate::eval::deployment::{ModuleStep, Presence, Problem, Resource};
use crate::eval::home::Home;
use crate::eval::observer::Observer;
use crate::eval::rooted::Rooted;
use crate::eval::value::{Unknown, Value};
use crate::source::{FileId, Span};
use crate::syntax::Trees;

pub(in crate::eval) struct Embedded {
    pub(in crate::eval) source: Source,
    pub(in crate::eval) parameters: Vec<(Arc<str>, Value)>,
    /// Why other parameters may have values too.
    pub(in crate::eval) open: Option<Unknown>,
    pub(in crate::eval) path: Arc<[ModuleStep]>,
    pub(in crate::eval) presence: Presence,
    /// None when it is deployed to a subscription or above.
    pub(in crate::eval) resource_group: Option<Value>,
}

pub(in crate::eval) enum Source {
    File(String),
    /// The place stands for every place in the text.
    Text {
        text: String,
        at: Span,
    },
}

#[derive(Default)]
pub(in crate::eval) struct Deployed {
    pub(in crate::eval) resources: Vec<Resource>,
    pub(in crate::eval) problems: Vec<Problem>,
    pub(in crate::eval) files: BTreeSet<FileId>,
}

pub(in crate::eval) fn deployed(
    trees: &Trees,
    embedded: Embedded,
    allowed: &[String],
    catalogue: &dyn Catalogue,
    observer: Option<Rc<Observer>>,
) -> Deployed {
    let folder = match &embedded.source {
        Source::File(path) => folder_of(path),
        Source::Text { .. } => ".",
    };
    let evaluation = Evaluation::new(trees, folder, allowed, catalogue, observer);
    let (template, home) = match &embedded.source {
        Source::File(path) => (evaluation.template(path), None),
        Source::Text { text, at } => {
            let mut hasher = DefaultHasher::new();
            text.hash(&mut hasher);
            let name = format!("<template>/{:x}.json", hasher.finish());
            let parsed = trees.built_in_json(&name, text);
            let template = reader::template(&parsed.source, &parsed.tree);
            for error in &template.errors {
                let mut error = error.clone();
                error.span = *at;
                evaluation.note(Problem::Syntax(error));
            }
            let home = Home {
                text: parsed.source.id,
                call: *at,
            };
            (Some(Arc::new(template)), Some(home))
        }
    };
    let mut deployed = Deployed::default();
    if let Some(template) = template {
        let place = Place {
            resource_group: embedded.resource_group,
            ..place(&template)
        };
        let names = Names::Given {
            values: embedded.parameters,
            open: embedded.open,
        };
        let (path, presence) = (embedded.path, embedded.presence);
        let instance = Rooted::new(Instance::new(&evaluation, template, path, presence, place, names));
        if let Some(observer) = &evaluation.observer {
            observation::instance(&instance, observer);
        }
        collect(&instance, &mut deployed.resources);
        deployed.resources.extend(evaluation.take_outside());
    }
    if let Some(home) = home {
        for resource in &mut deployed.resources {
            resource.body = home.value(&resource.body);
            resource.presence = home.presence(&resource.presence);
            resource.header = home.span(resource.header);
            resource.span = home.span(resource.span);
        }
    }
    (deployed.problems, deployed.files) = evaluation.into_parts();
    deployed
}
