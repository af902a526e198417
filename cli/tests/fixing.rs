//! What `--fix` writes to files.

#![allow(clippy::expect_used, clippy::unwrap_used)] // A test may fail anywhere, in its helpers too.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/workspaces/fixes")
}

/// A folder of its own with the files of the fixture, each changed by `change`.
fn folder(change: impl Fn(String) -> String) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["main.tf", "variables.tf"] {
        let text = fs::read_to_string(fixture().join(name))
            .unwrap()
            .replace("\r\n", "\n");
        fs::write(folder.path().join(name), change(text)).unwrap();
    }
    folder
}

fn akslint(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_akslint"));
    command.args(arguments).current_dir(folder);
    command.output().expect("the program runs")
}

fn read(folder: &tempfile::TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap()
}

#[test]
fn safe_fixes_are_made_until_none_is_left() {
    let folder = folder(|text| text);
    let output = akslint(folder.path(), &["check", "--fix"]);
    let text = read(&folder, "main.tf");
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.ends_with("4 fixes made in 1 file\n"), "{said}");
    for part in ["\"azure\"", "\"10.80.0.0/24\"", "\"10.80.4.10\""] {
        assert!(text.contains(part), "{part} is missing in\n{text}");
    }
    assert!(!text.contains("akslint"), "{text}");
    // The range of the services needs a choice.
    assert!(said.contains("AKS111"), "{said}");
    assert_eq!(output.status.code(), Some(1));
    let again = akslint(folder.path(), &["check", "--fix"]);
    assert!(
        String::from_utf8(again.stdout)
            .unwrap()
            .ends_with("nothing fixed\n")
    );
    assert_eq!(read(&folder, "main.tf"), text);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn choices_are_made_on_request() {
    let folder = folder(|text| text);
    let output = akslint(folder.path(), &["check", "--fix", "--unsafe-fixes", "--quiet"]);
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "");
    assert_eq!(output.status.code(), Some(0));
    assert!(read(&folder, "variables.tf").contains("172.16.0.0/24"));
    assert!(read(&folder, "main.tf").contains("172.16.0.10"));
}

#[test]
fn line_ends_and_byte_order_marks_stay() {
    let marked = |text: String| format!("\u{feff}{}", text.replace('\n', "\r\n"));
    let (folder, plain) = (folder(marked), folder(|text| text));
    akslint(folder.path(), &["check", "--fix"]);
    akslint(plain.path(), &["check", "--fix"]);
    assert_eq!(read(&folder, "main.tf"), marked(read(&plain, "main.tf")));
}

#[test]
fn a_difference_writes_nothing() {
    let folder = folder(|text| text);
    let before = read(&folder, "main.tf");
    let output = akslint(folder.path(), &["check", "--diff", "--fix"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        String::from_utf8(output.stdout)
            .unwrap()
            .starts_with("--- main.tf\n+++ main.tf\n@@ ")
    );
    assert_eq!(read(&folder, "main.tf"), before);
}

#[cfg(unix)]
#[test]
fn links_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder(|text| text);
    let path = |name: &str| folder.path().join(name);
    fs::create_dir(path("shared")).unwrap();
    fs::rename(path("main.tf"), path("shared/cluster.txt")).unwrap();
    fs::set_permissions(path("shared/cluster.txt"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink("shared/cluster.txt", path("main.tf")).unwrap();
    let output = akslint(folder.path(), &["check", "--fix"]);
    assert_eq!(output.stderr, b"");
    assert!(path("main.tf").is_symlink());
    assert!(read(&folder, "shared/cluster.txt").contains("\"azure\""));
    let mode = fs::metadata(path("shared/cluster.txt"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o640);
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_written_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder(|text| text);
    let path = folder.path().join("main.tf");
    let before = read(&folder, "main.tf");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    let output = akslint(folder.path(), &["check", "--fix"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("cannot write main.tf: it is read-only")
    );
    assert_eq!(read(&folder, "main.tf"), before);
}
