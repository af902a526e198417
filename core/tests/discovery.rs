//! Discovery over memory and over a real disk: files in, the folders and files that a run looks at out.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use akslint_core::source::discovery::{Discovered, discover};
use akslint_core::source::{FileSystem, MemoryFileSystem, OsFileSystem};

/// One line for each folder and file; folders that were only walked to find callers stand in brackets.
fn listing(file_system: &dyn FileSystem, paths: &[&str]) -> String {
    let paths: Vec<String> = paths.iter().map(|path| (*path).to_owned()).collect();
    let Discovered {
        folders,
        documents,
        files,
        failures,
        ..
    } = discover(file_system, &paths);
    let mut lines = Vec::new();
    for folder in folders {
        let names = [folder.configuration, folder.variable_files].concat().join(" ");
        let (open, close) = if folder.is_asked_for { ("", "") } else { ("(", ")") };
        lines.push(format!("{open}{}: {names}{close}", folder.path));
    }
    for document in documents {
        let (open, close) = if document.is_asked_for {
            ("", "")
        } else {
            ("(", ")")
        };
        lines.push(format!("{open}{}: {:?}{close}", document.path, document.notation));
    }
    lines.extend(files.iter().map(|file| format!("file {file}")));
    lines.extend(
        failures
            .iter()
            .map(|(path, reason)| format!("cannot read {path}: {reason}")),
    );
    lines.join("\n")
}

fn memory(paths: &[&str]) -> MemoryFileSystem {
    MemoryFileSystem::new(paths.iter().map(|path| (*path, "")))
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn finds_configuration_and_variable_files_in_a_fixed_order() {
    let files = memory(&[
        "README.md",
        "infra/variables.tf",
        "infra/main.tf",
        "infra/extra.tf.json",
        "infra/new.tofu",
        "infra/main.tf~",
        "infra/.#main.tf",
        "infra/terraform.tfvars",
        "infra/env/dev.tfvars",
        "infra/env/prod.tfvars.json",
        "infra/.terraform/modules/vnet/main.tf",
        ".github/main.tf",
        "node_modules/x/main.tf",
        "apps/main.tf",
    ]);
    let expected = "apps: main.tf\n\
        infra: extra.tf.json main.tf new.tofu variables.tf terraform.tfvars\n\
        infra/env: dev.tfvars prod.tfvars.json";
    assert_eq!(listing(&files, &["."]), expected);
    assert_eq!(
        listing(&files, &["./infra//env/", "infra"]),
        expected.split_once('\n').unwrap().1
    );
    assert_eq!(
        listing(&files, &["infra/.terraform/modules"]),
        "infra/.terraform/modules/vnet: main.tf",
        "a path that is named is walked"
    );
    assert_eq!(
        listing(&files, &["nowhere", "apps"]),
        "apps: main.tf\ncannot read nowhere: no such file or folder"
    );
}

#[test]
fn git_ignore_files_count_in_their_folder_and_below() {
    let files = MemoryFileSystem::new([
        (".git/HEAD", ""),
        (
            ".gitignore",
            "old/\n/scratch\n*.tfvars\n!terraform.tfvars\nbackend.tf\n",
        ),
        ("old/main.tf", ""),
        ("scratch/main.tf", ""),
        ("infra/scratch/main.tf", ""),
        ("infra/old/main.tf", ""),
        ("infra/.gitignore", "!old/\ngenerated/\n"),
        ("infra/generated/main.tf", ""),
        ("infra/main.tf", ""),
        ("infra/backend.tf", ""),
        ("infra/dev.tfvars", ""),
        ("infra/terraform.tfvars", ""),
        ("backends/backend.tf", ""),
    ]);
    let expected = "infra: backend.tf main.tf terraform.tfvars\n\
        infra/old: main.tf\n\
        infra/scratch: main.tf";
    assert_eq!(listing(&files, &["."]), expected);
    assert_eq!(
        listing(&files, &["infra"]),
        expected,
        "the repository's own file counts as well"
    );
    assert_eq!(
        listing(&files, &["old"]),
        "old: main.tf",
        "a path that is named is walked"
    );
}

#[test]
fn a_file_is_looked_up_in_its_repository() {
    let files = memory(&["modules/network/main.tf", "infra/main.tf"]);
    assert_eq!(
        listing(&files, &["modules/network/main.tf"]),
        "(infra: main.tf)\n(modules/network: main.tf)\nfile modules/network/main.tf"
    );
    assert_eq!(
        listing(&files, &["modules/network/main.tf", "infra"]),
        "infra: main.tf\n(modules/network: main.tf)\nfile modules/network/main.tf"
    );
}

#[test]
fn finds_what_can_be_a_template_its_parameters_or_a_plan() {
    let files = MemoryFileSystem::new([
        (".git/HEAD", ""),
        (".gitignore", "generated/\n*.secret.json\n"),
        (".eslintrc.json", ""),
        ("README.md", ""),
        ("azure/main.bicep", ""),
        ("azure/Main.Parameters.JSON", ""),
        ("azure/main.prod.bicepparam", ""),
        ("azure/main.secret.json", ""),
        ("azure/generated/main.json", ""),
        ("azure/azuredeploy.jsonc", ""),
        ("infra/main.tf", ""),
        ("infra/extra.tf.json", ""),
        ("infra/env/dev.tfvars.json", ""),
        ("infra/tfplan", ""),
        ("node_modules/x/package.json", ""),
    ]);
    let expected = "infra: extra.tf.json main.tf\n\
        infra/env: dev.tfvars.json\n\
        azure/Main.Parameters.JSON: Json\n\
        azure/azuredeploy.jsonc: Json\n\
        azure/main.bicep: Bicep\n\
        azure/main.prod.bicepparam: BicepParameters";
    assert_eq!(listing(&files, &["."]), expected);
    let around = "(infra: extra.tf.json main.tf)\n\
        (infra/env: dev.tfvars.json)\n\
        (azure/Main.Parameters.JSON: Json)\n\
        (azure/azuredeploy.jsonc: Json)\n\
        (azure/main.bicep: Bicep)\n\
        (azure/main.prod.bicepparam: BicepParameters)";
    assert_eq!(
        listing(&files, &["azure/main.secret.json", "infra/tfplan"]),
        format!(
            "{}\n(azure/main.secret.json: Json)\n(infra/tfplan: Json)\n\
            file azure/main.secret.json\nfile infra/tfplan",
            around
        ),
        "a path that is named is looked at, ignored or not"
    );
}

#[cfg(unix)]
#[test]
fn on_disk_links_are_followed_once_and_loops_end() {
    use std::os::unix::fs::symlink;

    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, "zoo/main.tf", "");
    write(root, "outside/deep/main.tf", "");
    write(root, "work/infra/main.tf", "");
    write(root, "work/shared.tf", "");
    symlink(root.join("work"), root.join("work/infra/loop")).unwrap();
    symlink("../shared.tf", root.join("work/infra/shared.tf")).unwrap();
    symlink("nowhere", root.join("work/infra/.#main.tf")).unwrap();
    symlink("nowhere.tf", root.join("work/infra/gone.tf")).unwrap();
    symlink(root.join("outside"), root.join("work/another")).unwrap();
    symlink("work/infra", root.join("a-link")).unwrap();

    assert_eq!(
        listing(&OsFileSystem::new(root), &["."]),
        "outside/deep: main.tf\nwork: shared.tf\nwork/infra: main.tf shared.tf\nzoo: main.tf",
        "a folder is called by its own path, not by that of a link"
    );
    assert_eq!(
        listing(&OsFileSystem::new(root.join("work")), &["."]),
        ".: shared.tf\nanother/deep: main.tf\ninfra: main.tf shared.tf"
    );
    let absolute = root.canonicalize().unwrap().join("work/infra");
    assert_eq!(
        listing(&OsFileSystem::new(root), &[absolute.to_str().unwrap()]),
        "outside/deep: main.tf\nwork: shared.tf\nwork/infra: main.tf shared.tf",
        "absolute paths are shortened, and what a link leads to is called by its own path"
    );
}

#[test]
fn on_disk_the_repository_above_the_current_folder_is_walked() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, ".git/HEAD", "");
    write(root, ".gitignore", "ignored/\n");
    write(root, "modules/network/main.tf", "");
    write(root, "infra/prod/main.tf", "");
    write(root, "infra/ignored/main.tf", "");
    let here = OsFileSystem::new(root.join("infra"));
    assert_eq!(listing(&here, &["."]), "prod: main.tf");
    assert_eq!(
        listing(&here, &["../modules/network/main.tf"]),
        "(../modules/network: main.tf)\n(prod: main.tf)\nfile ../modules/network/main.tf"
    );
    let deeper = OsFileSystem::new(root.join("infra/prod"));
    let expected = "(.: main.tf)\n(../../modules/network: main.tf)\nfile ../../modules/network/main.tf";
    assert_eq!(listing(&deeper, &["../../modules/network/main.tf"]), expected);
    assert_eq!(
        listing(&deeper, &["../../infra/../modules/./network/main.tf"]),
        expected
    );
    assert_eq!(
        listing(&deeper, &["../.."]),
        ".: main.tf\n../../modules/network: main.tf"
    );
}
