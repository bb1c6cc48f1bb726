//! A principal that is none.

use trailwarden_model::Arn;

use crate::lint::prelude::*;
use crate::trust::Who;

/// See the fields.
pub static CHECK: Check = Check {
    id: "principal-of-wrong-form",
    title: "Principal of the wrong form",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Resource, PolicyKind::Trust, PolicyKind::Endpoint],
    about: "AWS refuses a policy that names a principal which cannot exist: under `AWS` stand accounts, roles, users and sessions, not groups, and under `CanonicalUser` ids of 64 digits.",
    source: "IAM User Guide, \"AWS JSON policy elements: Principal\"",
    cross: &[
        (Tool::AccessAnalyzer, "INVALID_PRINCIPAL_FORMAT"),
        (Tool::Parliament, "UNKNOWN_PRINCIPAL"),
    ],
    run: Run::Statement(run),
    fires_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"AWS":"1111-2222-3333"},"Action":"sts:AssumeRole""#,
        )
        .at(r#""1111-2222-3333""#),
        Example::resource(
            r#""Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111122223333:group/admins"]},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
        )
        .at(r#""arn:aws:iam::111122223333:group/admins""#),
        Example::trust(
            r#""Effect":"Allow","Principal":{"AWS":"ec2.amazonaws.com"},"Action":"sts:AssumeRole""#,
        )
        .at(r#""ec2.amazonaws.com""#),
        Example::trust(
            r#""Effect":"Allow","Principal":{"AWS":"arn:aws:iam::11112222333:root"},"Action":"sts:AssumeRole""#,
        )
        .at(r#""arn:aws:iam::11112222333:root""#),
        Example::resource(
            r#""Effect":"Allow","Principal":{"CanonicalUser":"alice"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
        )
        .at(r#""alice""#),
    ],
    quiet_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"AWS":["*","111122223333","arn:aws:iam::111122223333:root","arn:aws:iam::111122223333:role/path/x","arn:aws:sts::111122223333:assumed-role/x/y","AROAEXAMPLEEXAMPLE123"]},"Action":"sts:AssumeRole""#,
        ),
        Example::resource(
            r#""Effect":"Allow","Principal":{"AWS":"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1EXAMPLE","CanonicalUser":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"},"Action":"s3:GetObject","Resource":"arn:aws:s3:::b/*""#,
        ),
    ],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for part in view.principals() {
        let value = part.principal.value.as_str();
        // Wildcards and variables are refused for what they are.
        if value.contains(['*', '?']) || value.contains("${") {
            continue;
        }
        let fix = match part.principal.kind {
            PrincipalKind::Aws => fix_of_aws(value, &Who::of(part.principal)),
            PrincipalKind::CanonicalUser if !is_canonical(value) => {
                Some("write the canonical id of the account, 64 hexadecimal digits")
            }
            PrincipalKind::CanonicalUser | PrincipalKind::Service | PrincipalKind::Federated => {
                None
            }
        };
        if let Some(fix) = fix {
            found.at(part.span, view.index, format!("{} is no principal", quoted(value)), fix);
        }
    }
}

fn is_canonical(value: &str) -> bool {
    value.len() == 64 && value.bytes().all(|b| b.is_ascii_hexdigit())
}

/// What to write instead of something that is no principal.
fn fix_of_aws(value: &str, who: &Who) -> Option<&'static str> {
    match who {
        Who::Principal { arn, .. } => Arn::parse(arn).and_then(|arn| fix_of_arn(&arn)),
        Who::Other(_) if value.contains(".amazonaws.com") => Some("write it under `Service`"),
        Who::Other(_) => Some("write an account id of twelve digits, or an ARN"),
        _ => None,
    }
}

fn fix_of_arn(arn: &Arn<'_>) -> Option<&'static str> {
    if !arn.region.is_empty() {
        return Some("leave the Region of the ARN empty");
    }
    let name = arn.resource.split_once('/').map_or("", |(_, name)| name);
    match (arn.service, arn.kind()) {
        ("iam", "group") => Some("name a role or the users: a group cannot be a principal"),
        ("iam", "saml-provider" | "oidc-provider") => Some("write it under `Federated`"),
        // CloudFront reads buckets under an account of its own.
        ("iam", "user") if arn.account == "cloudfront" => None,
        _ if arn.account_id().is_none() => Some("write the account with twelve digits"),
        ("iam", "user" | "role") | ("sts", "federated-user") if !name.is_empty() => None,
        ("sts", "assumed-role") if name.contains('/') => None,
        ("sts", "assumed-role") => Some("write `assumed-role/ROLE/SESSION`"),
        _ => Some("write the ARN of an account, role, user or session"),
    }
}
