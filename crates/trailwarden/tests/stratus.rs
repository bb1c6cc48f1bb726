//! Real attacks: the logs of Stratus Red Team, told by what trailwarden finds in each.
//!
//! The logs are not part of the repository. Without `TRAILWARDEN_TEST_DATA` the test says that it was
//! skipped.

#![expect(
    clippy::unwrap_used,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use trailwarden_model::finding::Kind;
use trailwarden_model::{Finding, Outcome, Severity};

/// For each technique: the rules that must name its attack records together.
const EXPECTED: &[(&str, &[&str])] = &[
    (
        "aws.credential-access.ec2-steal-instance-credentials",
        &["instance-credentials-used-elsewhere"],
    ),
    ("aws.defense-evasion.cloudtrail-delete", &["trail-stopped-or-deleted"]),
    ("aws.defense-evasion.cloudtrail-event-selectors", &["trail-selectors-narrowed"]),
    ("aws.defense-evasion.cloudtrail-stop", &["trail-stopped-or-deleted"]),
    ("aws.defense-evasion.organizations-leave", &["account-leaves-organization"]),
    ("aws.initial-access.console-login-without-mfa", &["console-login-without-mfa"]),
    ("aws.persistence.iam-backdoor-role", &["role-trusts-foreign-account"]),
    ("aws.persistence.iam-backdoor-user", &["access-key-for-another-user"]),
    ("aws.persistence.iam-create-admin-user", &["new-user-armed", "access-key-for-another-user"]),
    // What the attached policy grants is a matter of the account model, to come; the trust is not.
    ("aws.persistence.iam-create-backdoor-role", &["role-trusts-foreign-account"]),
    ("aws.persistence.iam-create-user-login-profile", &["console-password-added"]),
    (
        "aws.persistence.rolesanywhere-create-trust-anchor",
        &["outside-certificate-authority-trusted", "roles-opened-to-certificates"],
    ),
    (
        "aws.persistence.sts-federation-token",
        &["broad-federation-token-issued", "broad-federation-token-used"],
    ),
    (
        "aws.privilege-escalation.iam-update-user-login-profile",
        &["console-password-reset-by-another"],
    ),
];

/// Attack records that no rule needs to name, each with why not.
const NOT_NAMED: &[(&str, &str)] = &[
    // AttachRolePolicy: judged by the effect of the policy, which an account model must tell. The
    // role it concerns is the one whose trust is the finding.
    ("aws.persistence.iam-create-backdoor-role", "39480357-0a1d-4531-a3f2-71be4c041c25"),
];

/// What may be above low where the technique does not touch IAM, each with why.
const ALSO: &[(&str, &str, &str)] = &[];

/// The rule that knows a tool by its name proves nothing about the technique.
const BY_NAME: &str = "offensive-tool-agent";

#[test]
fn every_iam_technique_is_found_and_the_others_make_no_noise() {
    let Some(folder) = data("every_iam_technique_is_found_and_the_others_make_no_noise") else {
        return;
    };
    let truth = truth(&folder);
    assert_eq!(truth.len(), 35);
    let mut wrong = Vec::new();
    for row in &truth {
        let findings = scan(&folder.join(&row.file));
        let complaints = if row.is_iam { missing(row, &findings) } else { noise(row, &findings) };
        wrong.extend(complaints.into_iter().map(|text| format!("{}: {text}", row.technique)));
    }
    let known: BTreeSet<&str> = truth.iter().map(|row| row.technique.as_str()).collect();
    for (technique, _) in EXPECTED {
        assert!(known.contains(technique), "{technique} is in no log");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_user_made_armed_and_granted_in_one_second_is_one_story() {
    let Some(folder) = data("a_user_made_armed_and_granted_in_one_second_is_one_story") else {
        return;
    };
    let findings = scan(&folder.join("aws.persistence.iam-create-admin-user.json"));
    let armed: Vec<&Finding> =
        findings.iter().filter(|finding| finding.rule == "new-user-armed").collect();
    let [armed] = armed.as_slice() else { unreachable!("{} findings", armed.len()) };
    let names: Vec<&str> =
        armed.evidence.iter().map(|evidence| evidence.event_name.as_str()).collect();
    assert_eq!(names, ["CreateUser", "CreateAccessKey", "AttachUserPolicy"], "causal order");
    assert_eq!(armed.first_time, armed.last_time, "one second");
    assert_eq!(armed.severity, Severity::High);
    assert!(armed.explanation.contains("AdministratorAccess"), "{}", armed.explanation);
}

#[test]
fn a_refused_departure_from_the_organization_is_an_attempt() {
    let Some(folder) = data("a_refused_departure_from_the_organization_is_an_attempt") else {
        return;
    };
    let findings = scan(&folder.join("aws.defense-evasion.organizations-leave.json"));
    let finding =
        findings.iter().find(|finding| finding.rule == "account-leaves-organization").unwrap();
    assert_eq!(finding.outcome, Some(Outcome::Denied));
    assert!(finding.explanation.contains("tried to"), "{}", finding.explanation);
    // The role was assumed in the same log: the person behind is named.
    assert_eq!(finding.actor.kind.as_deref(), Some("user"), "{}", finding.explanation);
    assert!(finding.actor.session.is_some(), "and the session that was used");
}

/// All logs in one run tell the same stories: what happens in one does not hide what happens in
/// another.
#[test]
fn all_logs_together_lose_nothing() {
    let Some(folder) = data("all_logs_together_lose_nothing") else { return };
    let together = scan(&folder);
    let by_rule = rules_by_event(&together);
    for row in truth(&folder).iter().filter(|row| row.is_iam) {
        let (_, rules) = EXPECTED.iter().find(|(name, _)| *name == row.technique).unwrap();
        let named: BTreeSet<&str> = row
            .attack_ids
            .iter()
            .flat_map(|id| by_rule.get(id.as_str()).into_iter().flatten())
            .copied()
            .collect();
        for rule in *rules {
            assert!(named.contains(rule), "{}: {rule} is missing", row.technique);
        }
    }
}

fn missing(row: &Truth, findings: &[Finding]) -> Vec<String> {
    let Some((_, rules)) = EXPECTED.iter().find(|(technique, _)| *technique == row.technique)
    else {
        return vec!["is in truth.csv and not in this test's table".to_owned()];
    };
    let mut wrong = Vec::new();
    for rule in *rules {
        if !findings.iter().any(|finding| finding.rule == *rule) {
            wrong.push(format!("no finding of {rule}"));
        }
    }
    let wanted: Vec<Finding> =
        findings.iter().filter(|finding| rules.contains(&finding.rule.as_str())).cloned().collect();
    let named = rules_by_event(&wanted);
    for id in &row.attack_ids {
        let excused = NOT_NAMED.contains(&(&row.technique, id));
        if !named.contains_key(id.as_str()) && !excused {
            wrong.push(format!("the attack record {id} is in no expected finding"));
        }
    }
    wrong
}

fn noise(row: &Truth, findings: &[Finding]) -> Vec<String> {
    findings
        .iter()
        .filter(|finding| finding.severity > Severity::Low)
        .filter(|finding| {
            !ALSO
                .iter()
                .any(|(technique, rule, _)| *technique == row.technique && *rule == finding.rule)
        })
        .map(|finding| format!("{:?} {}: {}", finding.severity, finding.rule, finding.explanation))
        .collect()
}

fn rules_by_event(findings: &[Finding]) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut rules: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.rule != BY_NAME) {
        assert_eq!(finding.kind, Kind::Detection, "{}", finding.explanation);
        for evidence in &finding.evidence {
            rules.entry(&evidence.event_id).or_default().insert(&finding.rule);
        }
    }
    rules
}

struct Truth {
    file: String,
    technique: String,
    attack_ids: Vec<String>,
    is_iam: bool,
}

fn truth(folder: &Path) -> Vec<Truth> {
    let mut reader = csv::Reader::from_path(folder.join("truth.csv")).unwrap();
    let rows = reader.deserialize::<BTreeMap<String, String>>().map(|row| {
        let row = row.unwrap();
        let field = |name: &str| row.get(name).unwrap().clone();
        Truth {
            file: field("file"),
            technique: field("technique"),
            attack_ids: field("attack_event_ids").split(';').map(str::to_owned).collect(),
            is_iam: field("is_iam_related") == "True",
        }
    });
    rows.collect()
}

fn scan(path: &Path) -> Vec<Finding> {
    let output = Command::new(env!("CARGO_BIN_EXE_trailwarden"))
        .args(["scan", "--format", "ndjson", "--quiet"])
        .arg(path)
        .env_remove("XDG_CONFIG_HOME")
        .env_remove("HOME")
        .current_dir(path.ancestors().last().unwrap())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    // The folder of all logs holds truth.csv too, which is no log.
    let expected = if path.is_dir() { 3 } else { 0 };
    assert_eq!(output.status.code(), Some(expected), "{}: {said}", path.display());
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The folder of the logs; says so where there is none.
fn data(test: &str) -> Option<PathBuf> {
    trailwarden_testkit::skip::data(&format!("stratus::{test}"), "stratus-red-team")
}
