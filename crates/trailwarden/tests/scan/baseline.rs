//! `scan --baseline`: what stands in the account's policies, without any event that wrote them.

use serde_json::{Value, json};
use trailwarden_model::Severity;
use trailwarden_model::finding::Kind;

use crate::support::{folder, put, records, s3, scan};

/// What `aws iam get-account-authorization-details` prints of an account with one user.
fn details(action: &str) -> Value {
    json!({
        "UserDetailList": [{
            "Path": "/", "UserName": "alice", "UserId": "AIDAALICE1EXAMPLE00",
            "Arn": "arn:aws:iam::111122223333:user/alice",
            "CreateDate": "2025-01-01T00:00:00Z",
            "UserPolicyList": [{
                "PolicyName": "own",
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [{ "Effect": "Allow", "Action": action, "Resource": "*" }]
                }
            }],
            "GroupList": [], "AttachedManagedPolicies": [], "Tags": []
        }],
        "GroupDetailList": [], "RoleDetailList": [], "Policies": []
    })
}

#[test]
fn a_misspelt_action_of_a_baseline_is_a_finding_though_no_event_wrote_it() {
    let folder = folder();
    let log = put(folder.path(), "log.json", s3(&records("alice sts:GetCallerIdentity")));
    let lints = |action: &str, flags: &[&str]| {
        let file = put(folder.path(), "account.json", details(action).to_string());
        let flags = [&["--baseline", &file, "--format", "ndjson"], flags].concat();
        let findings = scan(&[&log], &flags).findings();
        findings.into_iter().filter(|finding| finding.kind == Kind::Lint).collect::<Vec<_>>()
    };
    let found = lints("s3:GetObjct", &[]);
    let [one] = &found[..] else { panic!("{found:#?}") };
    assert_eq!((one.rule.as_str(), one.severity), ("unknown-action", Severity::Low));
    for said in ["In the baseline", "`own` of user alice", "s3:GetObjct", "s3:GetObject"] {
        assert!(one.explanation.contains(said), "{said} in {}", one.explanation);
    }
    assert_eq!(lints("s3:GetObject", &[]), []);
    // It stands there now, whenever it was written; of an account that was not asked for it is none.
    assert_eq!(lints("s3:GetObjct", &["--since", "2026-03-01"]), found);
    assert_eq!(lints("s3:GetObjct", &["--account", "444455556666"]), []);
}

/// What an event of the logs wrote before the baseline was taken is told there and not again; what
/// the baseline had before is not new in the event.
#[test]
fn a_flaw_is_told_by_the_event_or_the_baseline_and_not_by_both() {
    let folder = folder();
    let file = put(folder.path(), "account.json", details("s3:GetObjct").to_string());
    let log = put(
        folder.path(),
        "log.json",
        s3(&records("root iam:PutUserPolicy user/alice allow=s3:GetObjct named=own")),
    );
    let told = |flags: &[&str]| {
        let findings = scan(&[&log], &[&["--format", "ndjson"], flags].concat()).findings();
        let lints = findings.into_iter().filter(|finding| finding.kind == Kind::Lint);
        lints.map(|finding| finding.evidence_total).collect::<Vec<_>>()
    };
    assert_eq!(told(&[]), [1], "the event alone");
    assert_eq!(told(&["--baseline", &file]), [0], "the baseline, from before the event");
    let later = details("s3:GetObjct").to_string().replace("2025-01-01", "2026-06-01");
    let later = put(folder.path(), "later.json", later);
    assert_eq!(told(&["--baseline", &later]), [1], "the event, from before the baseline");
}
