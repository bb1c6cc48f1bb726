//! What the list promises.

use std::collections::BTreeSet;

use super::*;

/// Verbs with which operations begin that change nothing.
const READING: &[&str] = &["Describe", "Get", "List", "Lookup"];
/// Make a report and change nothing that anybody relies on.
const REPORTS: &[&str] =
    &["iam:GenerateCredentialReport", "iam:GenerateServiceLastAccessedDetails"];

#[test]
fn every_operation_reads() {
    for read in ALL.iter().chain(OF_PLANS) {
        let reads = READING.iter().any(|verb| read.operation().starts_with(verb));
        assert!(reads || REPORTS.contains(&read.api), "{} is no read", read.api);
        if let Some(action) = read.action {
            let operation = action.split_once(':').unwrap().1;
            let reads = READING.iter().any(|verb| operation.starts_with(verb));
            assert!(reads || REPORTS.contains(&action), "{action} is no permission to read");
        }
    }
}

#[test]
fn every_operation_is_there_once_and_says_what_for() {
    let apis: BTreeSet<&str> = ALL.iter().chain(OF_PLANS).map(Read::api).collect();
    assert_eq!(apis.len(), ALL.len() + OF_PLANS.len());
    assert!(ALL.iter().all(|read| !read.why.is_empty() && read.api.contains(':')));
    assert_eq!(find("iam:DeleteUser").map(Read::api), None);
}

#[test]
fn only_rest_operations_have_a_place() {
    for read in ALL {
        let is_rest = matches!(read.service.protocol, Protocol::RestJson | Protocol::S3);
        assert_eq!(is_rest, read.place != Place::Name, "{}", read.api);
    }
}
