//! What the module instances of one deployment share: files, bounds, the root's variables, problems.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

use super::expression::{Evaluated, Names, Scope, Shared};
use super::functions::Files;
use super::instance::{Instance, attribute};
use super::module_source::ModuleSource;
use super::variables::RootVariables;
use crate::eval::allowed_folders::AllowedFolders;
use crate::eval::catalogue::Catalogue;
use crate::eval::deployment::Problem;
use crate::eval::error::EvalError;
use crate::eval::observer::Observer;
use crate::eval::value::{Reason, Unknown, Value};
use crate::source::{EntryKind, FileId, Span, joined, normalised};
use crate::syntax::Trees;
use crate::syntax::hcl::tree::{Block, ExpressionKind, TraversalStep};

/// How deep module calls may be nested.
pub(super) const MAXIMUM_MODULE_LEVELS: usize = 32;

/// More files than this below one folder are not listed.
const MAXIMUM_LISTED: usize = 100_000;

pub(super) struct Evaluation<'e> {
    pub(super) trees: &'e Trees,
    pub(super) catalogue: &'e dyn Catalogue,
    /// The folder of the root module.
    pub(super) root: &'e str,
    /// Folders whose files functions may read.
    pub(super) allowed: AllowedFolders,
    pub(super) shared: Shared,
    pub(super) variables: RootVariables,
    problems: RefCell<Vec<Problem>>,
    files: RefCell<BTreeSet<FileId>>,
    sources: RefCell<HashMap<String, Option<Arc<ModuleSource>>>>,
    /// The folders of downloaded modules by their key in `modules.json`, read on first use.
    downloaded: RefCell<Option<Arc<HashMap<String, String>>>>,
    /// A template file is being rendered: it may not render another.
    rendering: Cell<bool>,
}

impl<'e> Evaluation<'e> {
    pub(super) fn new(
        trees: &'e Trees,
        root: &'e str,
        allowed: &[String],
        variables: RootVariables,
        catalogue: &'e dyn Catalogue,
        observer: Option<Rc<Observer>>,
    ) -> Self {
        Evaluation {
            trees,
            catalogue,
            root,
            allowed: AllowedFolders::new(trees.sources.file_system(), allowed, root),
            shared: Shared::new(observer),
            variables,
            problems: RefCell::default(),
            files: RefCell::default(),
            sources: RefCell::default(),
            downloaded: RefCell::default(),
            rendering: Cell::new(false),
        }
    }

    /// Each problem counts once, however many module instances meet it.
    pub(super) fn note(&self, problem: Problem) {
        let mut problems = self.problems.borrow_mut();
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }

    pub(super) fn note_file(&self, file: FileId) {
        self.files.borrow_mut().insert(file);
    }

    /// Whether there is such a file, and functions may read it.
    pub(super) fn may_read(&self, path: &str, span: Span) -> bool {
        let file_system = self.trees.sources.file_system();
        self.allowed.check(file_system, path, span).is_ok() && file_system.size(path).is_ok()
    }

    pub(super) fn into_parts(self) -> (Vec<Problem>, BTreeSet<FileId>) {
        (self.problems.into_inner(), self.files.into_inner())
    }

    /// The module in a folder, read on first use; its problems are noted then.
    pub(super) fn module_in(&self, folder: &str) -> Option<Arc<ModuleSource>> {
        if let Some(known) = self.sources.borrow().get(folder) {
            return known.clone();
        }
        let loaded = ModuleSource::load(self.trees, folder).map(Arc::new);
        if let Some(module) = &loaded {
            for problem in &module.problems {
                self.note(problem.clone());
            }
            self.files.borrow_mut().extend(module.files.iter().copied());
        }
        self.sources
            .borrow_mut()
            .insert(folder.to_owned(), loaded.clone());
        loaded
    }

    /// The value given to a variable of the root module from outside.
    pub(super) fn assigned(&self, name: &str, block: &Block) -> Option<Evaluated> {
        self.variables.value(name, block, self)
    }

    /// The module that a call names, or why there is none.
    pub(super) fn called_module(
        &self,
        caller: &Rc<Instance<'e>>,
        name: &str,
        block: &Block,
    ) -> Result<Arc<ModuleSource>, Unknown> {
        let (source, span) = match attribute(block, "source").map(|source| (&source.kind, source.span)) {
            Some((ExpressionKind::String(text), span)) => (text.to_string(), span),
            _ => {
                let what = format!("the source of module.{name}");
                return Err(Unknown::new(Reason::Unsupported { what }, block.header));
            }
        };
        if caller.path.len() >= MAXIMUM_MODULE_LEVELS {
            let message = format!("module.{name} is nested deeper than {MAXIMUM_MODULE_LEVELS} levels");
            self.note(Problem::Limit { message, span });
            let what = "nesting of modules".to_owned();
            return Err(Unknown::new(Reason::Limit { what }, span));
        }
        let is_local = source.starts_with("./") || source.starts_with("../");
        let folder = if is_local {
            Some(joined(&caller.source.folder, &source))
        } else {
            let mut key: Vec<&str> = caller.path.iter().map(|step| &*step.name).collect();
            key.push(name);
            self.downloaded().get(&key.join(".")).cloned()
        };
        if folder.as_ref().is_some_and(|folder| caller.is_inside(folder)) {
            let message = format!("module.{name} calls a module that it is itself a part of");
            self.note(Problem::Limit { message, span });
            let what = format!("module.{name}");
            return Err(Unknown::new(Reason::Cycle { what }, span));
        }
        if let Some(module) = folder.and_then(|folder| self.module_in(&folder)) {
            return Ok(module);
        }
        if !is_local {
            let version = match attribute(block, "version").map(|version| &version.kind) {
                Some(ExpressionKind::String(text)) => Some(&**text),
                _ => None,
            };
            if let Some(known) = self.catalogue.module(&source, version) {
                return Ok(Arc::new(ModuleSource::known(self.trees, known, &source)));
            }
        }
        // Nothing is missing of a module that deploys nothing that takes part.
        if !self.catalogue.is_unrelated(&source) {
            self.note(Problem::ModuleNotFound {
                source: source.clone(),
                span,
            });
        }
        Err(Unknown::new(Reason::ModuleNotFound { source }, span))
    }

    /// What `terraform init` downloaded, as it says in `.terraform/modules/modules.json`.
    fn downloaded(&self) -> Arc<HashMap<String, String>> {
        if let Some(known) = &*self.downloaded.borrow() {
            return known.clone();
        }
        let path = joined(self.root, ".terraform/modules/modules.json");
        let text = self.trees.sources.read(&path);
        let parsed = text
            .ok()
            .and_then(|file| serde_json::from_str::<serde_json::Value>(&file.text).ok());
        let modules = parsed.as_ref().and_then(|json| json.get("Modules"));
        let modules = modules.and_then(serde_json::Value::as_array);
        let folders = modules.into_iter().flatten().filter_map(|module| {
            let key = module.get("Key")?.as_str()?;
            let folder = module.get("Dir")?.as_str()?;
            Some((key.to_owned(), joined(self.root, folder)))
        });
        let folders = Arc::new(folders.collect::<HashMap<_, _>>());
        *self.downloaded.borrow_mut() = Some(folders.clone());
        folders
    }

    /// A folder as Terraform writes it in `path.module`: seen from the root module.
    pub(super) fn relative_to_root(&self, folder: &str) -> String {
        let (root, folder) = (normalised(self.root), normalised(folder));
        if root == folder {
            return ".".to_owned();
        }
        let split = |path: &str| -> Vec<String> {
            let parts = path.split('/').filter(|part| !part.is_empty() && *part != ".");
            parts.map(str::to_owned).collect()
        };
        let (root, folder) = (split(&root), split(&folder));
        let common = root
            .iter()
            .zip(&folder)
            .take_while(|(one, other)| one == other)
            .count();
        let up = std::iter::repeat_n("..".to_owned(), root.len() - common);
        let parts: Vec<String> = up.chain(folder.into_iter().skip(common)).collect();
        parts.join("/")
    }

    fn collect_files(&self, folder: &str, prefix: &str, depth: usize, into: &mut Vec<String>) {
        if depth > 32 || into.len() > MAXIMUM_LISTED {
            return;
        }
        let entries = self.trees.sources.file_system().entries(folder);
        for entry in entries.unwrap_or_default() {
            let name = format!("{prefix}{}", entry.name);
            match entry.kind {
                EntryKind::File => into.push(name),
                EntryKind::Folder => {
                    let inner = joined(folder, &entry.name);
                    self.collect_files(&inner, &format!("{name}/"), depth + 1, into);
                }
            }
        }
    }
}

impl Files for Evaluation<'_> {
    fn read(&self, path: &str, span: Span) -> Result<Option<Arc<[u8]>>, Unknown> {
        let file_system = self.trees.sources.file_system();
        self.allowed.read(file_system, &joined(self.root, path), span)
    }

    fn list(&self, folder: &str, span: Span) -> Result<Vec<String>, Unknown> {
        let file_system = self.trees.sources.file_system();
        let folder = joined(self.root, folder);
        self.allowed.check(file_system, &folder, span)?;
        let mut files = Vec::new();
        self.collect_files(&folder, "", 0, &mut files);
        files.sort();
        Ok(files)
    }

    fn render(&self, path: &str, variables: &Value, span: Span) -> Result<Value, EvalError> {
        let text = match self.read(path, span) {
            Ok(Some(bytes)) => String::from_utf8(bytes.to_vec())
                .map_err(|_| EvalError::new(format!("{path} is not UTF-8 text."), span))?,
            Ok(None) => return Err(EvalError::new(format!("No file exists at \"{path}\"."), span)),
            Err(unknown) => {
                let from = crate::eval::provenance::Provenance::new(crate::eval::provenance::Via::File, span);
                return Ok(Value::unknown(unknown, from));
            }
        };
        let scope = Scope {
            names: &NoNames,
            files: self,
            shared: &self.shared,
            bound: None,
        };
        if self.rendering.replace(true) {
            let message = "cannot recursively call templatefile from inside another template function";
            return Err(EvalError::new(message, span));
        }
        let rendered = scope.render_text(&text, variables, span);
        self.rendering.set(false);
        rendered
    }
}

/// Where no name means anything: variable files.
pub(super) struct NoNames;

impl Names for NoNames {
    fn resolve(
        &self,
        name: &str,
        _steps: &[TraversalStep],
        _scope: &Scope<'_>,
        span: Span,
    ) -> Result<(Value, usize), EvalError> {
        Err(EvalError::new(
            format!("The name \"{name}\" may not be used here."),
            span,
        ))
    }
}
