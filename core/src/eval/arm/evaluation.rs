//! What the template instances of one deployment share: files, bounds, problems.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use super::functions::Files;
use super::load;
use super::template::{ParameterFile, Template};
use crate::eval::allowed_folders::AllowedFolders;
use crate::eval::budget::Budget;
use crate::eval::catalogue::{Catalogue, KnownModule};
use crate::eval::deployment::{Address, Problem, Resource};
use crate::eval::observer::Observer;
use crate::eval::value::{Reason, Unknown};
use crate::source::{FileId, Span, Unreadable, joined};
use crate::syntax::{SyntaxError, Trees};

/// How deep templates may deploy templates.
pub(super) const MAXIMUM_LEVELS: usize = 32;

/// How deep names, functions and expressions may go through each other.
const MAXIMUM_DEPTH: usize = 1_000;

pub(super) struct Evaluation<'e> {
    pub(super) trees: &'e Trees,
    pub(super) budget: Budget,
    allowed: AllowedFolders,
    depth: Cell<usize>,
    problems: RefCell<Vec<Problem>>,
    files: RefCell<BTreeSet<FileId>>,
    templates: RefCell<HashMap<String, Option<Arc<Template>>>>,
    /// The types whose resources take part, and known modules.
    catalogue: &'e dyn Catalogue,
    /// Who wants to know what expressions turn out to be, if anybody does.
    pub(super) observer: Option<Rc<Observer>>,
    /// Resources that ids name and that no template here deploys.
    outside: RefCell<BTreeMap<Address, Resource>>,
}

impl<'e> Evaluation<'e> {
    pub(super) fn new(
        trees: &'e Trees,
        folder: &str,
        allowed: &[String],
        catalogue: &'e dyn Catalogue,
        observer: Option<Rc<Observer>>,
    ) -> Self {
        Evaluation {
            trees,
            budget: Budget::new(),
            allowed: AllowedFolders::new(trees.sources.file_system(), allowed, folder),
            depth: Cell::new(0),
            problems: RefCell::default(),
            files: RefCell::default(),
            templates: RefCell::default(),
            catalogue,
            observer,
            outside: RefCell::default(),
        }
    }

    /// False when expressions are nested too deep; else [`Evaluation::leave`] must follow.
    pub(super) fn enter(&self) -> bool {
        let depth = self.depth.get();
        if depth >= MAXIMUM_DEPTH {
            return false;
        }
        self.depth.set(depth + 1);
        true
    }

    pub(super) fn leave(&self) {
        self.depth.set(self.depth.get().saturating_sub(1));
    }

    /// Each problem counts once, however many instances meet it.
    pub(super) fn note(&self, problem: Problem) {
        let mut problems = self.problems.borrow_mut();
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }

    pub(super) fn is_wanted(&self, kind: &str) -> bool {
        self.catalogue.takes_part(kind)
    }

    /// A module whose files are not there; nothing is missing when it deploys nothing that takes part.
    pub(super) fn note_missing(&self, source: &str, span: Span) {
        if !self.catalogue.is_unrelated(source) {
            let source = source.to_owned();
            self.note(Problem::ModuleNotFound { source, span });
        }
    }

    /// A resource that is read and deployed elsewhere; once, however many ids name it.
    pub(super) fn note_outside(&self, resource: Resource) {
        let mut outside = self.outside.borrow_mut();
        outside.entry(resource.address.clone()).or_insert(resource);
    }

    /// What was noted until now.
    pub(super) fn take_outside(&self) -> Vec<Resource> {
        std::mem::take(&mut *self.outside.borrow_mut())
            .into_values()
            .collect()
    }

    pub(super) fn into_parts(self) -> (Vec<Problem>, BTreeSet<FileId>) {
        (self.problems.into_inner(), self.files.into_inner())
    }

    /// A template file; none when it cannot be read, which is noted.
    pub(super) fn template(&self, path: &str) -> Option<Arc<Template>> {
        if let Some(known) = self.templates.borrow().get(path) {
            return known.clone();
        }
        let template = match load::template(self.trees, path) {
            Ok(template) => {
                self.files.borrow_mut().insert(template.file);
                for error in &template.errors {
                    self.note(Problem::Syntax(error.clone()));
                }
                Some(Arc::new(template))
            }
            Err(unreadable) => {
                self.unreadable(path, &unreadable);
                None
            }
        };
        let mut templates = self.templates.borrow_mut();
        templates.insert(path.to_owned(), template.clone());
        template
    }

    /// The template that stands for a module of a registry, and what is known of the module.
    pub(super) fn known_module(&self, source: &str) -> Option<(Arc<Template>, KnownModule)> {
        let module = self.catalogue.module(source, None)?;
        let mut templates = self.templates.borrow_mut();
        let template = templates
            .entry(module.path.to_owned())
            .or_insert_with(|| Some(Arc::new(load::known(self.trees, &module))));
        Some((template.clone()?, module))
    }

    pub(super) fn parameter_file(&self, path: &str) -> Option<ParameterFile> {
        match load::parameter_file(self.trees, path) {
            Ok(read) => {
                self.files.borrow_mut().insert(read.file);
                for error in &read.errors {
                    self.note(Problem::Syntax(error.clone()));
                }
                Some(read)
            }
            Err(unreadable) => {
                self.unreadable(path, &unreadable);
                None
            }
        }
    }

    fn unreadable(&self, path: &str, unreadable: &Unreadable) {
        let placeholder = self.trees.sources.placeholder(path);
        self.files.borrow_mut().insert(placeholder.id);
        self.note(match unreadable {
            Unreadable::TooLarge | Unreadable::NotText(_) => Problem::Syntax(SyntaxError {
                span: Span::new(placeholder.id, 0, 0),
                message: format!("the file is not read: {unreadable}"),
            }),
            Unreadable::NotFound | Unreadable::Failed(_) => Problem::Unreadable {
                path: path.to_owned(),
                reason: unreadable.to_string(),
            },
        });
    }

    /// The path of another template, if it may be read and is there.
    pub(super) fn reachable(&self, folder: &str, path: &str, span: Span) -> Result<String, Unknown> {
        let file_system = self.trees.sources.file_system();
        let path = joined(folder, path);
        self.allowed.check(file_system, &path, span)?;
        match file_system.size(&path) {
            Ok(_) => Ok(path),
            Err(_) => Err(Unknown::new(Reason::ModuleNotFound { source: path }, span)),
        }
    }

    /// The files as functions of a template in a folder see them.
    pub(super) fn files_from<'f>(&'f self, folder: &'f str) -> FilesFrom<'f, 'e> {
        FilesFrom {
            evaluation: self,
            folder,
        }
    }
}

pub(super) struct FilesFrom<'f, 'e> {
    evaluation: &'f Evaluation<'e>,
    folder: &'f str,
}

impl Files for FilesFrom<'_, '_> {
    fn read(&self, path: &str, span: Span) -> Result<Option<Arc<[u8]>>, Unknown> {
        let file_system = self.evaluation.trees.sources.file_system();
        let path = joined(self.folder, path);
        self.evaluation.allowed.read(file_system, &path, span)
    }
}
