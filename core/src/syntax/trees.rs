//! The trees of a run's files: each file is parsed once, by whichever thread needs it first.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use super::hcl::{self, Notation};
use super::{bicep, json};
use crate::source::{FileId, SourceFile, Sources, Unreadable};

/// Parses files and remembers their trees. Shared by all deployments of a run.
pub struct Trees {
    pub sources: Arc<Sources>,
    hcl: Kept<hcl::tree::File>,
    json: Kept<json::tree::File>,
    bicep: Kept<bicep::tree::File>,
}

/// A file and its tree.
#[derive(Clone)]
pub struct ParsedFile<T = hcl::tree::File> {
    pub source: Arc<SourceFile>,
    pub tree: Arc<T>,
}

/// The trees of one language.
type Kept<T> = RwLock<HashMap<FileId, Arc<OnceLock<Arc<T>>>>>;

impl Trees {
    pub fn new(sources: Arc<Sources>) -> Self {
        Trees {
            sources,
            hcl: RwLock::default(),
            json: RwLock::default(),
            bicep: RwLock::default(),
        }
    }

    /// The tree of a Terraform file, native or JSON as its name says.
    pub fn hcl(&self, path: &str) -> Result<ParsedFile, Unreadable> {
        Ok(self.hcl_of(self.sources.read(path)?))
    }

    /// The tree of a text that is in no file system: see [`Sources::built_in`].
    pub fn built_in_hcl(&self, path: &str, text: &str) -> ParsedFile {
        self.hcl_of(self.sources.built_in(path, text))
    }

    fn hcl_of(&self, source: Arc<SourceFile>) -> ParsedFile {
        let tree = kept(&self.hcl, source.id, || {
            hcl::parse(source.id, &source.text, Notation::of(&source.path))
        });
        ParsedFile { source, tree }
    }

    /// The tree of a JSON file: an ARM template or a file with its parameters.
    pub fn json(&self, path: &str) -> Result<ParsedFile<json::tree::File>, Unreadable> {
        Ok(self.json_of(self.sources.read(path)?))
    }

    /// The same of a text that is in no file system: see [`Sources::built_in`].
    pub fn built_in_json(&self, path: &str, text: &str) -> ParsedFile<json::tree::File> {
        self.json_of(self.sources.built_in(path, text))
    }

    fn json_of(&self, source: Arc<SourceFile>) -> ParsedFile<json::tree::File> {
        let tree = kept(&self.json, source.id, || json::parse(source.id, &source.text));
        ParsedFile { source, tree }
    }

    /// The tree of a `.bicep` or `.bicepparam` file.
    pub fn bicep(&self, path: &str) -> Result<ParsedFile<bicep::tree::File>, Unreadable> {
        Ok(self.bicep_of(self.sources.read(path)?))
    }

    /// The same of a text that is in no file system: see [`Sources::built_in`].
    pub fn built_in_bicep(&self, path: &str, text: &str) -> ParsedFile<bicep::tree::File> {
        self.bicep_of(self.sources.built_in(path, text))
    }

    fn bicep_of(&self, source: Arc<SourceFile>) -> ParsedFile<bicep::tree::File> {
        let tree = kept(&self.bicep, source.id, || bicep::parse(source.id, &source.text));
        ParsedFile { source, tree }
    }
}

fn kept<T>(trees: &Kept<T>, file: FileId, parse: impl FnOnce() -> T) -> Arc<T> {
    let known = {
        let known = trees.read().unwrap_or_else(PoisonError::into_inner);
        known.get(&file).cloned()
    };
    let cell = known.unwrap_or_else(|| {
        let mut known = trees.write().unwrap_or_else(PoisonError::into_inner);
        known.entry(file).or_default().clone()
    });
    cell.get_or_init(|| Arc::new(parse())).clone()
}
