//! Documents' addresses and paths. Paths have forward slashes.

use std::path::Path;

use url::Url;

/// The path of a document on disk; None for those that are nowhere yet.
pub(crate) fn path(uri: &Url) -> Option<String> {
    if uri.scheme() != "file" {
        return None;
    }
    let path = uri.to_file_path().ok()?;
    Some(path.to_str()?.replace('\\', "/"))
}

pub(crate) fn of_path(path: &str) -> Option<Url> {
    Url::from_file_path(Path::new(path)).ok()
}

/// The folder that holds all of these folders.
pub(crate) fn shared_folder(folders: &[String]) -> Option<String> {
    let (first, others) = folders.split_first()?;
    let mut shared: Vec<&str> = first.split('/').collect();
    for other in others {
        let parts = other.split('/');
        let same = shared.iter().zip(parts).take_while(|(a, b)| *a == b).count();
        shared.truncate(same);
    }
    match shared.join("/") {
        root if root.is_empty() => Some("/".to_owned()),
        root => Some(root),
    }
}

/// What is left of a path below a folder; `.` for the folder itself.
pub(crate) fn below(folder: &str, path: &str) -> Option<String> {
    if folder == path {
        return Some(".".to_owned());
    }
    let rest = path.strip_prefix(folder.trim_end_matches('/'))?;
    Some(rest.strip_prefix('/')?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared(folders: &[&str]) -> Option<String> {
        let folders: Vec<String> = folders.iter().map(ToString::to_string).collect();
        shared_folder(&folders)
    }

    #[test]
    fn folders_share_the_deepest_folder_around_them() {
        assert_eq!(shared(&["/work/a", "/work/ab"]).as_deref(), Some("/work"));
        assert_eq!(shared(&["/work/a", "/work/a/b"]).as_deref(), Some("/work/a"));
        assert_eq!(shared(&["/a", "/b"]).as_deref(), Some("/"));
        assert_eq!(shared(&[]), None);
    }

    #[test]
    fn a_folder_is_not_above_one_that_merely_begins_alike() {
        assert_eq!(below("/work/a", "/work/a/main.tf").as_deref(), Some("main.tf"));
        assert_eq!(below("/", "/main.tf").as_deref(), Some("main.tf"));
        assert_eq!(below("/work/a", "/work/ab/main.tf"), None);
        assert_eq!(below("/work/a", "/work/a").as_deref(), Some("."));
    }

    #[test]
    fn paths_with_blanks_and_accents_come_back() {
        let uri = Url::parse("file:///work/r%C3%A9seau%20a/main.tf").unwrap();
        let path = path(&uri).unwrap();
        assert_eq!(path, "/work/réseau a/main.tf");
        assert_eq!(of_path(&path), Some(uri));
    }
}
