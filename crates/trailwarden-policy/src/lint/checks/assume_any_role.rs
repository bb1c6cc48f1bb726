//! Assuming every role that lets the caller in.

use crate::lint::prelude::*;
use crate::lint::scope::{Broad, only};

/// See the fields.
pub static CHECK: Check = Check {
    id: "assume-any-role",
    title: "Assuming any role",
    severity: Severity::Medium,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Identity],
    about: "With `sts:AssumeRole` on every role, nothing but the trust policies decides what the caller becomes, in this account and in every other that trusts it as a whole.",
    source: "IAM User Guide, \"Grant a user permissions to switch roles\"",
    cross: &[
        (Tool::Parliament, "CREDENTIALS_EXPOSURE"),
        (Tool::Cloudsplaining, "CredentialsExposure"),
    ],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(r#""Effect":"Allow","Action":["sts:AssumeRole","sts:GetCallerIdentity"],"Resource":"*""#).at(r#""sts:AssumeRole""#),
        Example::identity(r#""Effect":"Allow","Action":"sts:*","Resource":"arn:aws:iam::*:role/*""#).at(r#""sts:*""#),
    ],
    quiet_on: &[
        Example::identity(r#""Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::*:role/deploy""#),
        Example::identity(r#""Effect":"Allow","Action":"sts:GetCallerIdentity","Resource":"*""#),
        Example::trust(r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole""#),
    ],
};

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    if let Some(broad) = Broad::of(input, view, &only("sts:AssumeRole")) {
        let message = "every role that trusts the caller can be assumed";
        let fix = "name the roles that are meant, such as `arn:aws:iam::111122223333:role/deploy`";
        found.graded(broad.severity(CHECK.severity), broad.span, view.index, message, fix);
    }
}
