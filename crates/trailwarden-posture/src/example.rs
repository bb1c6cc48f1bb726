//! Accounts written as lines, turned into the answers of AWS.
//!
//! ```text
//! user alice groups=admins created=2025-01-01
//! group admins
//! group/admins has AdministratorAccess
//! role app trusts ec2.amazonaws.com used=2026-05-01
//! role/app allows s3:Get*,s3:List* on=arn:aws:s3:::b/* if={"Bool":{"aws:SecureTransport":"true"}}
//! policy wide allows *
//! report alice password_enabled=true mfa_active=false
//! summary AccountMFAEnabled=0
//! passwords MinimumPasswordLength=8
//! trail main IsMultiRegionTrail=false status.IsLogging=false
//! access-analyzer:ListAnalyzers @eu-west-1 {"analyzers":[]}
//! s3:GetBucketPolicy Bucket=logs absent
//! iam:GetCredentialReport denied
//! ```
//!
//! - What is not written is sound: root has MFA and no key, the password policy is strict, users have
//!   no password and no key. Authorization details, summary, credential report and password policy are
//!   always answered, and nothing else unless a line says so.
//! - `allows` and `denies` make an inline policy, or a version of a `policy`; `on=` names resources,
//!   `if=` a condition block. `has` attaches a policy of AWS by its name, or `policy/NAME`;
//!   `bounded-by policy/NAME` sets a boundary.
//! - `report`, `summary` and `passwords` take AWS's own names of columns and members. `passwords none`
//!   is an account that never set a policy.
//! - `trail` makes a trail with all that AWS tells of it; `status.` reaches into its status,
//!   `selectors=` takes the answer of `GetEventSelectors`.
//! - A line that begins with a call is its answer: `@REGION`, `PARAMETER=VALUE`, then JSON, or
//!   `absent`, `denied`, `throttled`, `failed`.
//! - All of it is of 2026-06-01 in account 111122223333.

mod identities;
mod lines;
mod trails;

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use trailwarden_account::snapshot::{Answer, Depth, Outcome, Snapshot};
use trailwarden_model::{AccountId, Timestamp};

use identities::Identities;
use lines::{Line, scalar};

/// The account of examples.
pub const ACCOUNT: &str = "111122223333";

/// The time of examples.
pub const NOW: &str = "2026-06-01T00:00:00Z";

/// A line that cannot be read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("`{line}`: {cause}")]
pub struct ExampleError {
    /// The line.
    pub line: String,
    /// What is wrong.
    pub cause: String,
}

#[derive(Default)]
struct Account {
    identities: Identities,
    report: BTreeMap<String, Map<String, Value>>,
    summary: Map<String, Value>,
    passwords: Option<Map<String, Value>>,
    has_no_passwords: bool,
    trails: Vec<trails::Trail>,
    answers: Vec<Answer>,
}

/// The answers of AWS about an account written as lines.
pub fn snapshot(text: &str) -> Result<Snapshot, ExampleError> {
    let mut account = Account::default();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let wrong = |cause: String| ExampleError { line: line.to_owned(), cause };
        account.line(&Line::parse(line).map_err(wrong)?).map_err(wrong)?;
    }
    let no_account =
        || ExampleError { line: ACCOUNT.to_owned(), cause: "is no account".to_owned() };
    Ok(account.snapshot(AccountId::parse(ACCOUNT).ok_or_else(no_account)?))
}

/// When the password policy was made stricter, where a line `tightened TIME` says so.
#[must_use]
pub fn tightened(text: &str) -> Option<Timestamp> {
    text.lines().find_map(|line| Timestamp::parse(line.trim().strip_prefix("tightened ")?))
}

/// The time of examples.
#[must_use]
pub fn now() -> Timestamp {
    Timestamp::parse(NOW).unwrap_or_default()
}

pub(crate) fn answer(api: &str, outcome: Outcome) -> Answer {
    Answer { api: api.to_owned(), region: None, about: BTreeMap::new(), time: now(), outcome }
}

fn got(api: &str, body: Value) -> Answer {
    answer(api, Outcome::Got { body })
}

impl Account {
    fn line(&mut self, line: &Line<'_>) -> Result<(), String> {
        let settings =
            || line.settings.iter().map(|(name, value)| ((*name).to_owned(), scalar(value)));
        match line.head {
            "report" => {
                let row = self.report.entry(line.first().to_owned()).or_default();
                row.extend(settings());
            }
            "summary" => self.summary.extend(settings()),
            "passwords" if line.first() == "none" => self.has_no_passwords = true,
            "passwords" => self.passwords.get_or_insert_default().extend(settings()),
            "trail" => self.trails.push(trails::Trail::of(line)),
            "tightened" => {}
            call if call.contains(':') => self.answers.push(line.answer()?),
            _ => self.identities.line(line)?,
        }
        Ok(())
    }

    fn snapshot(self, id: AccountId) -> Snapshot {
        let mut snapshot = Snapshot::new(id, "aws", now(), Depth::Full);
        let mut answers = vec![
            got("iam:GetAccountAuthorizationDetails", self.identities.details()),
            got("iam:GetAccountSummary", self.summary_map()),
            got("iam:GetCredentialReport", self.credential_report()),
            self.password_policy(),
        ];
        answers.extend(trails::answers(&self.trails));
        // What a line says of a call counts before what follows from the others.
        answers.retain(|one| !self.answers.iter().any(|said| said.api == one.api));
        answers.into_iter().chain(self.answers).for_each(|answer| snapshot.push(answer));
        snapshot
    }

    fn summary_map(&self) -> Value {
        let (users, groups, roles, policies) = self.identities.counts();
        let mut map = json!({
            "AccountMFAEnabled": 1, "AccountAccessKeysPresent": 0, "AccountPasswordPresent": 1,
            "Users": users, "Groups": groups, "Roles": roles, "Policies": policies,
        });
        if let Value::Object(map) = &mut map {
            map.extend(self.summary.clone());
        }
        json!({ "SummaryMap": map })
    }

    fn password_policy(&self) -> Answer {
        const CALL: &str = "iam:GetAccountPasswordPolicy";
        if self.has_no_passwords {
            return answer(CALL, Outcome::Absent { message: "NoSuchEntity".to_owned() });
        }
        let mut policy = json!({
            "MinimumPasswordLength": 14, "RequireSymbols": true, "RequireNumbers": true,
            "RequireUppercaseCharacters": true, "RequireLowercaseCharacters": true,
            "AllowUsersToChangePassword": true, "ExpirePasswords": true, "MaxPasswordAge": 90,
            "PasswordReusePrevention": 24,
        });
        if let (Value::Object(policy), Some(said)) = (&mut policy, &self.passwords) {
            policy.extend(said.clone());
            policy.retain(|_, value| !value.is_null());
        }
        got(CALL, json!({ "PasswordPolicy": policy }))
    }

    fn credential_report(&self) -> Value {
        let mut text = COLUMNS.join(",") + "\n";
        let users = self.identities.users();
        let rows =
            std::iter::once(("<root_account>".to_owned(), "2020-01-01T00:00:00Z".to_owned()));
        for (name, created) in rows.chain(users) {
            let said = self
                .report
                .get(&name)
                .or_else(|| self.report.get("root").filter(|_| name == "<root_account>"));
            let cell = |column: &&str| match said.and_then(|said| said.get(*column)) {
                Some(Value::String(text)) => text.clone(),
                Some(value) => value.to_string(),
                None => default_cell(column, &name, &created),
            };
            text += &(COLUMNS.iter().map(cell).collect::<Vec<_>>().join(",") + "\n");
        }
        json!({ "Content": STANDARD.encode(text), "ReportFormat": "text/csv", "GeneratedTime": NOW })
    }
}

const COLUMNS: [&str; 16] = [
    "user",
    "arn",
    "user_creation_time",
    "password_enabled",
    "password_last_used",
    "password_last_changed",
    "mfa_active",
    "access_key_1_active",
    "access_key_1_last_rotated",
    "access_key_1_last_used_date",
    "access_key_1_last_used_service",
    "access_key_2_active",
    "access_key_2_last_rotated",
    "access_key_2_last_used_date",
    "access_key_2_last_used_service",
    "cert_1_active",
];

fn default_cell(column: &str, name: &str, created: &str) -> String {
    let is_root = name == "<root_account>";
    match column {
        "user" => name.to_owned(),
        "arn" if is_root => format!("arn:aws:iam::{ACCOUNT}:root"),
        "arn" => format!("arn:aws:iam::{ACCOUNT}:user/{name}"),
        "user_creation_time" => created.to_owned(),
        "password_enabled" | "mfa_active" => is_root.to_string(),
        "password_last_used" if is_root => "2025-01-01T00:00:00Z".to_owned(),
        column if column.ends_with("active") => "false".to_owned(),
        _ => "N/A".to_owned(),
    }
}
