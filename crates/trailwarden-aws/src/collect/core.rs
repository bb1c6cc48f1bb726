//! The account itself.
//!
//! IAM writes the credential report in the background, so it is asked for first and fetched late.
//!
//! Source: IAM User Guide, "Generate credential reports for your AWS account" (a report is made anew at
//! most every four hours).

use std::time::Duration;

use serde_json::{Value, json};
use trailwarden_account::baseline::{credential_report, decoded_credential_report};
use trailwarden_account::identity::Reported;
use trailwarden_account::snapshot::Outcome;

use super::several::Question;
use super::{Asking, items, none, trails};

const SUMMARY: &str = "iam:GetAccountSummary";
const REPORT: &str = "iam:GetCredentialReport";
/// How often one looks whether the report is there. With the waits between, almost half a minute.
const LOOKS_MAX: u32 = 12;

pub(super) fn ask(asking: &mut Asking<'_>) {
    ask_with(asking, |asking| {
        asking.ask("iam:ListAccountAliases", none());
        trails::ask(asking);
    });
}

/// The same without what tells nothing of who may do what.
pub(super) fn ask_access(asking: &mut Asking<'_>) {
    ask_with(asking, |_| {});
}

fn ask_with(asking: &mut Asking<'_>, others: impl FnOnce(&mut Asking<'_>)) {
    let summary = asking.ask(SUMMARY, none());
    asking.ask("iam:GenerateCredentialReport", none());
    asking.ask("iam:GetAccountAuthorizationDetails", none());
    asking.ask("iam:GetAccountPasswordPolicy", none());
    asking.ask("iam:ListVirtualMFADevices", none());
    providers(asking, summary.as_ref());
    others(asking);
    let report = report(asking);
    credentials(asking, report);
}

/// Identity providers and certificates, unless the summary counts none.
fn providers(asking: &mut Asking<'_>, summary: Option<&Value>) {
    let has_none = |key: &str| {
        let counts = summary.and_then(|summary| summary.get("SummaryMap"));
        counts.and_then(|counts| counts.get(key)).and_then(Value::as_i64) == Some(0)
    };
    if has_none("Providers") {
        asking.imply("iam:ListSAMLProviders", SUMMARY, json!({"SAMLProviderList": []}));
        let body = json!({"OpenIDConnectProviderList": []});
        asking.imply("iam:ListOpenIDConnectProviders", SUMMARY, body);
    } else {
        asking.ask("iam:ListSAMLProviders", none());
        let told = asking.ask("iam:ListOpenIDConnectProviders", none());
        let of_each = items(told.as_ref(), "OpenIDConnectProviderList").filter_map(|provider| {
            let about = json!({"OpenIDConnectProviderArn": provider.get("Arn")?});
            Some(Question::new("iam:GetOpenIDConnectProvider", about))
        });
        asking.ask_each(of_each.collect());
    }
    if has_none("ServerCertificates") {
        let body = json!({"ServerCertificateMetadataList": []});
        asking.imply("iam:ListServerCertificates", SUMMARY, body);
    } else {
        asking.ask("iam:ListServerCertificates", none());
    }
}

/// The credential report, once it is there. Only the last look is kept.
fn report(asking: &mut Asking<'_>) -> Option<Value> {
    let first_wait_ms = asking.connection.first_wait_ms();
    for look in 1..=LOOKS_MAX {
        let body = asking.ask(REPORT, none());
        let is_unfinished = asking.snapshot.answers.last().is_some_and(|answer| {
            let still = ["ReportInProgress", "ReportNotPresent"];
            matches!(&answer.outcome, Outcome::Failed { message }
                if still.iter().any(|code| message.starts_with(code)))
        });
        if !is_unfinished || look == LOOKS_MAX {
            return body;
        }
        asking.snapshot.answers.pop();
        std::thread::sleep(Duration::from_millis(first_wait_ms * u64::from(look)));
    }
    None
}

/// The report says how many keys there are, and not which; and that there is MFA, and not of what kind.
fn credentials(asking: &mut Asking<'_>, report: Option<Value>) {
    let bytes = report.map(|report| report.to_string().into_bytes()).unwrap_or_default();
    let rows = decoded_credential_report(&bytes).and_then(|csv| credential_report(&csv));
    let users: Vec<(String, Reported)> = match rows {
        Ok(rows) => rows.into_iter().filter(|(name, _)| name != "<root_account>").collect(),
        Err(_) => return,
    };
    let mut questions = Vec::new();
    for (name, row) in users {
        if !row.keys_active.is_empty() {
            questions.push(Question::new("iam:ListAccessKeys", json!({"UserName": name})));
        }
        if row.mfa_active == Some(true) {
            questions.push(Question::new("iam:ListMFADevices", json!({"UserName": name})));
        }
    }
    asking.ask_each(questions);
}
