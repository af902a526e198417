//! The trees of a run's files: each text is parsed once, by whichever thread needs it first.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use super::hcl::{self, Notation};
use super::{bicep, json};
use crate::source::{FileId, SourceFile, Sources, Unreadable};

/// Parses files and remembers their trees. Shared by all deployments of a run. A tree holds as long as its
/// file has the text that it was read from: see [`Sources::replace`].
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
type Kept<T> = RwLock<HashMap<FileId, Arc<KeptTree<T>>>>;

struct KeptTree<T> {
    source: Arc<SourceFile>,
    tree: OnceLock<Arc<T>>,
    /// What the file's last text that was parsed gave, until this one is.
    previous: Mutex<Option<Previous<T>>>,
}

type Previous<T> = (Arc<SourceFile>, Arc<T>);

impl<T> KeptTree<T> {
    fn new(source: Arc<SourceFile>, previous: Option<&KeptTree<T>>) -> Self {
        let previous = previous.and_then(|kept| match kept.tree.get() {
            Some(tree) => Some((kept.source.clone(), tree.clone())),
            None => kept.take_previous(),
        });
        KeptTree {
            source,
            tree: OnceLock::new(),
            previous: Mutex::new(previous),
        }
    }

    fn take_previous(&self) -> Option<Previous<T>> {
        let mut previous = self.previous.lock().unwrap_or_else(PoisonError::into_inner);
        previous.take()
    }
}

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
        let notation = Notation::of(&source.path);
        let tree = kept(&self.hcl, &source, |previous| match previous {
            Some((text, tree)) => hcl::parse_again(source.id, &source.text, notation, tree, &text.text),
            None => hcl::parse(source.id, &source.text, notation),
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
        let tree = kept(&self.json, &source, |_| json::parse(source.id, &source.text));
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
        let tree = kept(&self.bicep, &source, |_| bicep::parse(source.id, &source.text));
        ParsedFile { source, tree }
    }
}

fn kept<T>(
    trees: &Kept<T>,
    source: &Arc<SourceFile>,
    parse: impl FnOnce(Option<Previous<T>>) -> T,
) -> Arc<T> {
    let is_of_this_text = |kept: &&Arc<KeptTree<T>>| Arc::ptr_eq(&kept.source, source);
    let known = {
        let known = trees.read().unwrap_or_else(PoisonError::into_inner);
        known.get(&source.id).filter(is_of_this_text).cloned()
    };
    let kept = known.unwrap_or_else(|| {
        let mut known = trees.write().unwrap_or_else(PoisonError::into_inner);
        let previous = known.get(&source.id);
        match previous.filter(is_of_this_text) {
            Some(kept) => kept.clone(),
            None => {
                let kept = Arc::new(KeptTree::new(source.clone(), previous.map(Arc::as_ref)));
                known.insert(source.id, kept.clone());
                kept
            }
        }
    });
    kept.tree
        .get_or_init(|| Arc::new(parse(kept.take_previous())))
        .clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileSystem, MemoryFileSystem};

    fn trees(files: &[(&str, &str)]) -> Trees {
        let files = files.iter().map(|(path, text)| (*path, *text));
        let file_system: Arc<dyn FileSystem> = Arc::new(MemoryFileSystem::new(files));
        Trees::new(Arc::new(Sources::new(file_system)))
    }

    #[test]
    fn a_replaced_text_keeps_its_id_and_gets_a_tree_of_its_own() {
        let trees = trees(&[("a/main.tf", "b = 1\n"), ("a/other.tf", "")]);
        let before = trees.hcl("a/main.tf").unwrap();
        let other = trees.hcl("a/other.tf").unwrap();
        let id = trees.sources.replace("a/./main.tf", "b = 1\nc = 2\n".to_owned());
        let after = trees.hcl("a/main.tf").unwrap();
        assert_eq!(id, Some(before.source.id));
        assert_eq!(after.source.id, before.source.id);
        assert_eq!(after.tree.body.attributes.len(), 2);
        assert_eq!(before.tree.body.attributes.len(), 1);
        assert!(Arc::ptr_eq(&after.tree, &trees.hcl("a/main.tf").unwrap().tree));
        assert!(Arc::ptr_eq(&other.tree, &trees.hcl("a/other.tf").unwrap().tree));
    }

    #[test]
    fn the_same_text_again_keeps_the_tree() {
        let trees = trees(&[("main.tf", "b = 1\n")]);
        let before = trees.hcl("main.tf").unwrap();
        trees.sources.replace("main.tf", "b = 1\n".to_owned());
        assert!(Arc::ptr_eq(&before.tree, &trees.hcl("main.tf").unwrap().tree));
        trees.sources.forget("main.tf");
        assert!(Arc::ptr_eq(&before.tree, &trees.hcl("main.tf").unwrap().tree));
    }

    #[test]
    fn a_forgotten_path_is_read_again() {
        let trees = trees(&[("main.tf", "b = 1\n")]);
        let before = trees.hcl("main.tf").unwrap();
        trees.sources.replace("main.tf", "b = 1\nc = 2\n".to_owned());
        trees.sources.forget("main.tf");
        let after = trees.hcl("main.tf").unwrap();
        assert_eq!(after.source.id, before.source.id);
        assert_eq!(after.source.text, "b = 1\n");
        assert_eq!(after.tree.body.attributes.len(), 1);
    }

    #[test]
    fn a_path_that_nobody_has_read_is_left_to_the_file_system() {
        let trees = trees(&[("main.tf", "b = 1\n")]);
        assert_eq!(trees.sources.replace("main.tf", String::new()), None);
        assert_eq!(trees.sources.read("main.tf").unwrap().text, "b = 1\n");
        // One that was looked for in vain and has a place in a finding gets its text like any other.
        assert!(trees.sources.read("new.tf").is_err());
        let id = trees.sources.placeholder("new.tf").id;
        assert_eq!(trees.sources.replace("new.tf", "c = 2\n".to_owned()), Some(id));
        assert_eq!(trees.hcl("new.tf").unwrap().tree.body.attributes.len(), 1);
    }
}
