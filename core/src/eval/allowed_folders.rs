//! The folders whose files a deployment may read.

use std::sync::Arc;

use super::value::{Reason, Unknown};
use crate::source::{FileSystem, Sources, Span, normalised};

/// Nothing outside of these is read, whatever a path says.
pub(in crate::eval) struct AllowedFolders(Vec<String>);

impl AllowedFolders {
    /// The folders that a run was given, and the root's own.
    pub(in crate::eval) fn new(file_system: &dyn FileSystem, allowed: &[String], root: &str) -> Self {
        let folders = allowed.iter().map(String::as_str).chain([root]);
        AllowedFolders(
            folders
                .filter_map(|folder| file_system.canonical(folder).ok())
                .collect(),
        )
    }

    pub(in crate::eval) fn folders(&self) -> &[String] {
        &self.0
    }

    /// An unknown when the path leaves the folders.
    pub(in crate::eval) fn check(
        &self,
        file_system: &dyn FileSystem,
        path: &str,
        span: Span,
    ) -> Result<(), Unknown> {
        let canonical = file_system.canonical(path);
        let canonical = canonical.unwrap_or_else(|_| normalised(path));
        let is_allowed = self.0.iter().any(|folder| {
            folder == "." && !canonical.starts_with("..") && !canonical.starts_with('/')
                || canonical == *folder
                || canonical
                    .strip_prefix(folder.as_str())
                    .is_some_and(|rest| rest.starts_with('/'))
        });
        if is_allowed {
            return Ok(());
        }
        let what = format!("the file {path}, which is outside the folders that are read,");
        Err(Unknown::new(Reason::External { what }, span))
    }

    /// The bytes of a file; `Ok(None)` when there is none.
    pub(in crate::eval) fn read(
        &self,
        file_system: &dyn FileSystem,
        path: &str,
        span: Span,
    ) -> Result<Option<Arc<[u8]>>, Unknown> {
        self.check(file_system, path, span)?;
        if file_system.size(path).unwrap_or_default() > Sources::MAXIMUM_BYTES {
            let what = "size of a file".to_owned();
            return Err(Unknown::new(Reason::Limit { what }, span));
        }
        Ok(file_system.read(path).ok().map(Arc::from))
    }
}
