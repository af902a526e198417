//! The files of one module, and what is declared in them.

use rustc_hash::FxHashMap;
use std::sync::Arc;

use crate::eval::catalogue::KnownModule;
use crate::eval::deployment::{Mode, Problem};
use crate::eval::value::{Reason, Unknown};
use crate::source::discovery::is_configuration;
use crate::source::{EntryKind, FileId, Span, Unreadable, joined};
use crate::syntax::hcl::merge_overrides;
use crate::syntax::hcl::tree::{Attribute, Block, Body, File};
use crate::syntax::{SyntaxError, Trees};

/// One declaration: a block of a file.
#[derive(Debug, Clone)]
pub(super) struct BlockRef {
    file: Arc<File>,
    index: usize,
}

impl BlockRef {
    pub(super) fn get(&self) -> &Block {
        // The index was counted off this very list.
        &self.file.body.blocks[self.index]
    }
}

/// One local value: an attribute of a `locals` block.
#[derive(Debug, Clone)]
pub(super) struct LocalRef {
    block: BlockRef,
    index: usize,
}

impl LocalRef {
    pub(super) fn get(&self) -> &Attribute {
        // The index was counted off this very list.
        &self.block.get().body.attributes[self.index]
    }
}

/// The type and name of a resource or data source.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct ResourceName {
    pub(super) mode: Mode,
    pub(super) kind: Arc<str>,
    pub(super) name: Arc<str>,
}

/// A module as written: every instance of it shares this.
#[derive(Debug, Default)]
pub(super) struct ModuleSource {
    pub(super) folder: String,
    pub(super) variables: FxHashMap<Arc<str>, BlockRef>,
    pub(super) locals: FxHashMap<Arc<str>, LocalRef>,
    pub(super) outputs: FxHashMap<Arc<str>, BlockRef>,
    pub(super) modules: FxHashMap<Arc<str>, BlockRef>,
    pub(super) resources: FxHashMap<ResourceName, BlockRef>,
    /// The `terraform` and `provider` blocks.
    pub(super) settings: Vec<BlockRef>,
    /// Names in the order of the text, for a stable order of everything that comes out.
    pub(super) resource_order: Vec<ResourceName>,
    pub(super) module_order: Vec<Arc<str>>,
    pub(super) output_order: Vec<Arc<str>>,
    pub(super) files: Vec<FileId>,
    pub(super) problems: Vec<Problem>,
    /// Why declarations may be missing here: a part of a file did not parse.
    pub(super) incomplete: Option<Unknown>,
    /// It stands for a module whose files are not there.
    pub(super) known: Option<Known>,
}

/// A module that is known without its files.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) module: KnownModule,
    /// The file of its text.
    pub(super) text: FileId,
    /// As the call writes it.
    pub(super) name: String,
}

impl ModuleSource {
    /// Reads the module in a folder. None when no file of it is a configuration file.
    pub(super) fn load(trees: &Trees, folder: &str) -> Option<Self> {
        let mut module = ModuleSource {
            folder: folder.to_owned(),
            ..ModuleSource::default()
        };
        let mut base = Vec::new();
        let mut overrides = Vec::new();
        for name in configuration_files(trees, folder) {
            let path = joined(folder, &name);
            let tree = match trees.hcl(&path) {
                Ok(parsed) => {
                    module.files.push(parsed.source.id);
                    parsed.tree
                }
                Err(unreadable) => {
                    module.note_unreadable(trees, &path, &unreadable);
                    continue;
                }
            };
            module.note_errors(&tree);
            if is_override(&name) {
                overrides.push(tree);
            } else {
                base.push(tree);
            }
        }
        if base.is_empty() && overrides.is_empty() && module.problems.is_empty() {
            return None;
        }
        for file in overridden(base, overrides) {
            module.declare(&file);
        }
        Some(module)
    }

    /// The module that is known by this source.
    pub(super) fn known(trees: &Trees, module: KnownModule, name: &str) -> Self {
        let parsed = trees.built_in_hcl(module.path, module.text);
        let mut source = ModuleSource {
            folder: module.path.to_owned(),
            ..ModuleSource::default()
        };
        source.declare(&parsed.tree);
        source.known = Some(Known {
            module,
            text: parsed.source.id,
            name: name.to_owned(),
        });
        source
    }

    fn note_unreadable(&mut self, trees: &Trees, path: &str, unreadable: &Unreadable) {
        let file = trees.sources.placeholder(path);
        let span = Span::new(file.id, 0, 0);
        self.files.push(file.id);
        let message = match unreadable {
            Unreadable::NotFound => return,
            Unreadable::TooLarge => "the file is larger than 64 MiB and is not read".to_owned(),
            Unreadable::NotText(offset) => format!("the file is not UTF-8 text (byte {offset})"),
            Unreadable::Failed(reason) => {
                self.problems.push(Problem::Unreadable {
                    path: path.to_owned(),
                    reason: reason.clone(),
                });
                self.note_incomplete(span);
                return;
            }
        };
        self.problems.push(Problem::Syntax(SyntaxError { span, message }));
        self.note_incomplete(span);
    }

    fn note_errors(&mut self, file: &File) {
        self.problems
            .extend(file.errors.iter().cloned().map(Problem::Syntax));
        if file.body.incomplete {
            let span = file.errors.first().map_or(file.body.span, |error| error.span);
            self.note_incomplete(span);
        }
    }

    fn note_incomplete(&mut self, span: Span) {
        self.incomplete
            .get_or_insert_with(|| Unknown::new(Reason::Incomplete, span));
    }

    fn declare(&mut self, file: &Arc<File>) {
        for (index, block) in file.body.blocks.iter().enumerate() {
            let declared = BlockRef {
                file: file.clone(),
                index,
            };
            let label = |position: usize| block.labels.get(position).map(|label| label.text.clone());
            match (&*block.kind, label(0), label(1)) {
                ("variable", Some(name), _) => {
                    self.variables.insert(name, declared);
                }
                ("output", Some(name), _) => {
                    let earlier = self.outputs.insert(name.clone(), declared);
                    note_order(&mut self.output_order, name, earlier.is_some());
                }
                ("module", Some(name), _) => {
                    let earlier = self.modules.insert(name.clone(), declared);
                    note_order(&mut self.module_order, name, earlier.is_some());
                }
                ("locals", ..) => {
                    for (index, attribute) in block.body.attributes.iter().enumerate() {
                        let block = declared.clone();
                        self.locals
                            .insert(attribute.name.clone(), LocalRef { block, index });
                    }
                    if block.body.incomplete {
                        self.note_incomplete(block.header);
                    }
                }
                ("resource", Some(kind), Some(name)) => {
                    self.declare_resource(Mode::Managed, kind, name, declared);
                }
                ("data", Some(kind), Some(name)) => self.declare_resource(Mode::Data, kind, name, declared),
                ("terraform" | "provider", ..) => self.settings.push(declared),
                _ => {}
            }
        }
    }

    fn declare_resource(&mut self, mode: Mode, kind: Arc<str>, name: Arc<str>, declared: BlockRef) {
        let name = ResourceName { mode, kind, name };
        if self.resources.insert(name.clone(), declared).is_none() {
            self.resource_order.push(name);
        }
    }
}

/// Names stand in the order of their first declaration.
fn note_order(order: &mut Vec<Arc<str>>, name: Arc<str>, is_known: bool) {
    if !is_known {
        order.push(name);
    }
}

/// The names of a folder's configuration files, in order. OpenTofu reads `x.tofu` instead of `x.tf`.
fn configuration_files(trees: &Trees, folder: &str) -> Vec<String> {
    let entries = trees.sources.file_system().entries(folder).unwrap_or_default();
    let mut names: Vec<String> = entries
        .into_iter()
        .filter(|entry| entry.kind == EntryKind::File)
        .map(|entry| entry.name)
        .filter(|name| is_configuration(name))
        .collect();
    let replaced = |name: &String| {
        let stem = name.strip_suffix(".tf");
        stem.is_some_and(|stem| names.contains(&format!("{stem}.tofu")))
    };
    let keep: Vec<bool> = names.iter().map(|name| !replaced(name)).collect();
    let mut keep = keep.into_iter();
    names.retain(|_| keep.next().unwrap_or(true));
    names
}

fn is_override(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    stem == "override" || stem.ends_with("_override")
}

/// The files with the override files merged into them; untouched when there are none.
fn overridden(base: Vec<Arc<File>>, overrides: Vec<Arc<File>>) -> Vec<Arc<File>> {
    let Some(first) = overrides.first() else {
        return base;
    };
    let blocks = |files: &[Arc<File>]| -> Vec<Block> {
        files
            .iter()
            .flat_map(|file| file.body.blocks.iter().cloned())
            .collect()
    };
    let body = Body {
        attributes: Vec::new(),
        blocks: merge_overrides(blocks(&base), blocks(&overrides)),
        span: first.body.span,
        incomplete: false,
    };
    vec![Arc::new(File {
        body,
        errors: Vec::new(),
        comments: Vec::new(),
        pieces: Vec::new(),
        is_plain: false,
    })]
}
