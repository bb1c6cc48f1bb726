//! No secret that a record holds gets out: not into a report, not onto the disk.

use serde_json::json;

use crate::support::{folder, put, records, s3, scan};

const SECRETS: [&str; 5] =
    ["Hunter2-password", "Tr0ub4dor-password", "IQoJb3-token", "wJalrXUt-key", "JBSWY3-seed"];

/// Records with findings, full of secrets.
pub(crate) fn leaky() -> String {
    let mut all = records(
        "mallory iam:CreateAccessKey user/alice
         mallory iam:CreateLoginProfile user/alice
         mallory iam:UpdateLoginProfile user/bob
         mallory sts:GetFederationToken issues=ASIAFED
         +1m mallory iam:CreateVirtualMFADevice",
    );
    all[0]["responseElements"]["accessKey"]["secretAccessKey"] = json!("wJalrXUt-key");
    all[1]["requestParameters"]["password"] = json!("Hunter2-password");
    all[2]["requestParameters"]["newPassword"] = json!("Tr0ub4dor-password");
    all[3]["responseElements"]["credentials"]["sessionToken"] = json!("IQoJb3-token");
    all[3]["requestParameters"] = json!({ "name": "x", "policy": r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"# });
    all[4]["responseElements"] =
        json!({ "virtualMFADevice": { "base32StringSeed": "JBSWY3-seed", "serialNumber": "x" } });
    s3(&all)
}

#[test]
fn no_format_shows_a_secret() {
    let folder = folder();
    let content = leaky();
    assert!(SECRETS.iter().all(|secret| content.contains(secret)), "the records hold them");
    let log = put(folder.path(), "log.json", content);
    // A broken record is quoted by place, not by content.
    let broken =
        put(folder.path(), "broken.json", r#"{"Records":[{"password":"Hunter2-password",}"#);
    // A rule that matches every one of them must not quote them either.
    let rule = put(
        folder.path(),
        "rule.yml",
        "title: everything\nid: everything\nlogsource: {product: aws, service: cloudtrail}\n\
         detection:\n  selection: {eventVersion|exists: true}\n  condition: selection\nlevel: low\n",
    );
    for format in ["table", "json", "ndjson", "csv", "ocsf", "sarif", "junit", "markdown", "html"] {
        for more in [&[][..], &["--no-skip"], &["--rules", &rule]] {
            let ran = scan(&[&log, &broken], &[&["--format", format], more].concat());
            assert!(ran.out.contains("alice"), "{format} has findings");
            for secret in SECRETS {
                assert!(!ran.out.contains(secret), "{format} {more:?} shows {secret}");
                assert!(!ran.said.contains(secret), "{format} {more:?} says {secret}");
            }
        }
    }
}

/// Masked before it is matched: a rule cannot be used to guess a secret.
#[test]
fn no_rule_sees_a_secret() {
    let folder = folder();
    let log = put(folder.path(), "log.json", leaky());
    let rule = put(
        folder.path(),
        "rule.yml",
        "title: guess\nid: guess\nlogsource: {product: aws, service: cloudtrail}\n\
         detection:\n  selection: {requestParameters.password: Hunter2-password}\n  keywords: ['IQoJb3-token']\n  \
         condition: selection or keywords\nlevel: low\n",
    );
    for more in [&[][..], &["--no-skip"]] {
        let ran = scan(&[&log], &[&["--format", "ndjson", "--rules", &rule], more].concat());
        assert!(!ran.rules().contains("guess"), "{more:?}");
    }
}
