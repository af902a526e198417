//! What happens on disk behind the editor's back.

use crate::harness::Builder;
use crate::samples::{CLUSTER, FAULTY, FOUND, SOUND, network, service_cidr};

fn cluster() -> Builder {
    Builder::new()
        .can("workspace.didChangeWatchedFiles.dynamicRegistration", true)
        .file("main.tf", CLUSTER)
}

#[test]
fn variable_files_that_are_saved_elsewhere_count() {
    let mut client = cluster()
        .file("terraform.tfvars", service_cidr("10.0.0.0/16"))
        .start();
    client.open("main.tf");
    let before = client.await_findings("main.tf");
    assert!(
        !before.iter().any(|line| line.starts_with("AKS110")),
        "{before:?}"
    );
    client.write("terraform.tfvars", &service_cidr("10.1.4.0/24"));
    client.watched(&[("terraform.tfvars", 2)]);
    let after = client.await_findings("main.tf");
    assert!(after.iter().any(|line| line.starts_with("AKS110")), "{after:?}");
    client.write("terraform.tfvars", &service_cidr("10.0.0.0/16"));
    client.watched(&[("terraform.tfvars", 2)]);
    assert_eq!(client.await_findings("main.tf"), before);
}

#[test]
fn files_come_and_go() {
    let mut client = cluster()
        .file("terraform.tfvars", service_cidr("10.0.0.0/16"))
        .start();
    client.write("other/main.tf", &network(FAULTY));
    client.watched(&[("other/main.tf", 1)]);
    assert_eq!(client.await_findings("other/main.tf"), FOUND);
    client.remove("other/main.tf");
    client.watched(&[("other/main.tf", 3)]);
    assert_eq!(client.await_diagnostics("other/main.tf"), []);
}

#[test]
fn a_file_that_is_deleted_while_it_is_open_stays_what_it_is_in_the_editor() {
    let mut client = cluster()
        .file("terraform.tfvars", service_cidr("10.0.0.0/16"))
        .file("other/main.tf", network(FAULTY))
        .start();
    assert_eq!(client.await_findings("other/main.tf"), FOUND);
    client.open("other/main.tf");
    assert_eq!(client.await_findings("other/main.tf"), FOUND);
    client.remove("other/main.tf");
    client.watched(&[("other/main.tf", 3)]);
    client.edit("other/main.tf", FAULTY, SOUND);
    assert_eq!(client.await_findings("other/main.tf"), [""; 0]);
    client.edit("other/main.tf", SOUND, FAULTY);
    assert_eq!(client.await_findings("other/main.tf"), FOUND);
    client.close("other/main.tf");
    assert_eq!(client.await_diagnostics("other/main.tf"), []);
}

#[test]
fn a_file_that_is_renamed_while_it_is_open_is_found_under_its_new_name() {
    let mut client = cluster()
        .file("terraform.tfvars", service_cidr("10.0.0.0/16"))
        .file("other/main.tf", network(FAULTY))
        .start();
    client.open("other/main.tf");
    assert_eq!(client.await_findings("other/main.tf"), FOUND);
    // As editors do it: the file moves, the old document closes, the new one opens.
    client.remove("other/main.tf");
    client.write("other/network.tf", &network(FAULTY));
    client.close("other/main.tf");
    client.open("other/network.tf");
    client.watched(&[("other/main.tf", 3), ("other/network.tf", 1)]);
    assert_eq!(client.await_findings("other/network.tf"), FOUND);
    assert_eq!(client.await_diagnostics("other/main.tf"), []);
}

/// Clients without watchers tell of what they save themselves, and then everything is looked at again.
#[test]
fn without_watchers_a_save_looks_at_the_disk() {
    let mut client = Builder::new()
        .file("main.tf", network(SOUND))
        .file("other/main.tf", network(SOUND))
        .start();
    client.open("main.tf");
    assert_eq!(client.await_findings("main.tf"), [""; 0]);
    client.write("other/main.tf", &network(FAULTY));
    client.save("main.tf");
    assert_eq!(client.await_findings("other/main.tf"), FOUND);
}
