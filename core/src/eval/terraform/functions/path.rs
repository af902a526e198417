//! Slash-separated paths, taken apart by their text alone.

/// The shortest equal path; the empty path is `.`.
pub(super) fn clean(path: &str) -> String {
    let absolute = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if absolute => {}
            part => parts.push(part),
        }
    }
    match (absolute, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

/// A path below a folder, cleaned.
pub(super) fn joined(folder: &str, path: &str) -> String {
    match path {
        "" => clean(folder),
        path => clean(&format!("{folder}/{path}")),
    }
}

/// The last name of a path.
pub(super) fn base(path: &str) -> &str {
    if path.is_empty() {
        return ".";
    }
    let trimmed = path.trim_end_matches('/');
    match trimmed.rsplit('/').next() {
        Some("") | None => "/",
        Some(name) => name,
    }
}

/// What comes before the last slash, cleaned.
pub(super) fn folder(path: &str) -> String {
    match path.rfind('/') {
        Some(slash) => clean(&path[..=slash]),
        None => ".".to_owned(),
    }
}

/// A cleaned path as seen from a cleaned folder, both absolute or both relative.
pub(super) fn relative(path: &str, folder: &str) -> String {
    let parts = |path: &str| -> Vec<String> {
        path.split('/')
            .filter(|part| !part.is_empty() && *part != ".")
            .map(str::to_owned)
            .collect()
    };
    let (path, folder) = (parts(path), parts(folder));
    let common = path
        .iter()
        .zip(&folder)
        .take_while(|(one, other)| one == other)
        .count();
    let up = std::iter::repeat_n("..".to_owned(), folder.len() - common);
    up.chain(path.into_iter().skip(common))
        .collect::<Vec<_>>()
        .join("/")
}
