//! Documents outside any workspace, and those that are nowhere yet.

use crate::harness::Builder;
use crate::samples::{CLUSTER, FAULTY, FOUND, SOUND, bicep, network, service_cidr, template};

#[test]
fn a_single_file_is_looked_at_with_its_folder() {
    let mut client = Builder::new()
        .without_workspace()
        .file("main.tf", CLUSTER)
        .file("terraform.tfvars", service_cidr("10.1.4.0/24"))
        .file("far/main.tf", network(FAULTY))
        .start();
    client.open("main.tf");
    let found = client.await_findings("main.tf");
    assert!(found.iter().any(|line| line.starts_with("AKS110")), "{found:?}");
    client.close("main.tf");
    assert_eq!(client.await_diagnostics("main.tf"), []);
}

#[test]
fn a_file_outside_the_workspace_stands_beside_it() {
    let mut client = Builder::new()
        .folders(&["work"])
        .file("work/main.tf", network(FAULTY))
        .file("elsewhere/main.tf", network(SOUND))
        .start();
    assert_eq!(client.await_findings("work/main.tf"), FOUND);
    client.open("elsewhere/main.tf");
    assert_eq!(client.await_findings("elsewhere/main.tf"), [""; 0]);
    client.edit("elsewhere/main.tf", SOUND, FAULTY);
    assert_eq!(client.await_findings("elsewhere/main.tf"), FOUND);
    client.close("elsewhere/main.tf");
    assert_eq!(client.await_diagnostics("elsewhere/main.tf"), []);
}

#[test]
fn untitled_documents_are_linted_by_their_language() {
    let mut client = Builder::new().start();
    for (language, text, found) in [
        ("terraform", network(FAULTY), "AKS102 \"10.2.0.10/16\""),
        ("bicep", bicep(FAULTY), "AKS102 '10.2.0.10/16'"),
        ("json", template(FAULTY), "AKS102 \"10.2.0.10/16\""),
    ] {
        let address = format!("untitled:{language}-1");
        client.open_as(&address, language, &text);
        assert_eq!(client.await_findings(&address), [found]);
        client.edit(&address, FAULTY, SOUND);
        assert_eq!(client.await_findings(&address), [""; 0]);
        client.edit(&address, SOUND, FAULTY);
        assert_eq!(client.await_findings(&address), [found]);
        client.close(&address);
        assert_eq!(client.await_diagnostics(&address), []);
    }
}

#[test]
fn what_is_not_linted_is_answered_all_the_same() {
    let mut client = Builder::new()
        .file("package.json", "{ \"name\": \"shop\" }\n")
        .start();
    client.open("package.json");
    assert_eq!(client.await_diagnostics("package.json"), []);
    client.open_as("untitled:Untitled-1", "markdown", "# 10.2.0.10/16");
    assert_eq!(client.await_diagnostics("untitled:Untitled-1"), []);
    client.edit("untitled:Untitled-1", "10.2", "10.3");
    assert_eq!(client.await_diagnostics("untitled:Untitled-1"), []);
}

/// A new file in the workspace has an address on disk before it has a file there.
#[test]
fn a_file_that_was_never_saved_counts() {
    let mut client = Builder::new().start();
    let address = client.address("new/main.tf").to_string();
    client.open_as(&address, "terraform", &network(FAULTY));
    assert_eq!(client.await_findings("new/main.tf"), FOUND);
    client.save("new/main.tf");
    client.edit("new/main.tf", FAULTY, SOUND);
    assert_eq!(client.await_findings("new/main.tf"), [""; 0]);
    client.close("new/main.tf");
    assert_eq!(client.await_findings("new/main.tf"), FOUND);
}
