//! Which records' text the ordered pass needs.

use trailwarden_account::entry::is_folded;
use trailwarden_record::row::Flags;
use trailwarden_record::{Row, Skim, names};

/// Whether a record's text is kept for the ordered pass.
pub(super) fn keeps(skim: &Skim<'_>, row: &Row) -> bool {
    if row.flags.has(Flags::DENIED) || row.flags.has(Flags::FAILED) || row.flags.has(Flags::READS) {
        return false;
    }
    if row.issued != 0 {
        return skim.identity.kind != "AWSService";
    }
    let service = names::service(skim.event_source.as_str());
    let name = names::event(skim.event_name.as_str());
    is_folded(service, name) || runs_code(service, name) || ends(service, name)
}

/// Calls that make or change something that runs code under a role.
pub(in super::super) fn runs_code(service: &str, name: &str) -> bool {
    matches!(
        (service, name),
        ("lambda", "CreateFunction" | "UpdateFunctionCode" | "UpdateFunctionConfiguration")
            | ("ec2", "RunInstances")
    )
}

/// Whether a call's name says that it ends something; objects and items are data, not things.
pub(in super::super) fn ends(service: &str, name: &str) -> bool {
    let is_data = matches!(service, "s3" | "dynamodb" | "sqs" | "s3express")
        && matches!(name, "DeleteObject" | "DeleteObjects" | "DeleteItem" | "DeleteMessage");
    !is_data
        && ["Delete", "Terminate", "Deregister", "Release", "Remove", "Revoke", "ScheduleKey"]
            .iter()
            .any(|verb| name.starts_with(verb))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deleting_data_ends_no_thing() {
        assert!(ends("lambda", "DeleteFunction") && ends("ec2", "TerminateInstances"));
        assert!(!ends("s3", "DeleteObject") && !ends("iam", "CreateUser"));
    }
}
