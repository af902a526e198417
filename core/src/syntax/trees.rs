//! The trees of a run's files: each file is parsed once, by whichever thread needs it first.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use super::hcl::{self, Notation};
use crate::source::{FileId, SourceFile, Sources, Unreadable};

/// Parses files and remembers their trees. Shared by all deployments of a run.
pub struct Trees {
    pub sources: Arc<Sources>,
    hcl: RwLock<HashMap<FileId, Arc<OnceLock<Arc<hcl::tree::File>>>>>,
}

/// A file and its tree.
#[derive(Clone)]
pub struct ParsedFile {
    pub source: Arc<SourceFile>,
    pub tree: Arc<hcl::tree::File>,
}

impl Trees {
    pub fn new(sources: Arc<Sources>) -> Self {
        Trees {
            sources,
            hcl: RwLock::default(),
        }
    }

    /// The tree of a Terraform file, native or JSON as its name says.
    pub fn hcl(&self, path: &str) -> Result<ParsedFile, Unreadable> {
        let source = self.sources.read(path)?;
        let cell = {
            let known = self.hcl.read().unwrap_or_else(PoisonError::into_inner);
            known.get(&source.id).cloned()
        };
        let cell = cell.unwrap_or_else(|| {
            let mut known = self.hcl.write().unwrap_or_else(PoisonError::into_inner);
            known.entry(source.id).or_default().clone()
        });
        let tree = cell
            .get_or_init(|| Arc::new(hcl::parse(source.id, &source.text, Notation::of(&source.path))))
            .clone();
        Ok(ParsedFile { source, tree })
    }
}
