//! The credential report with all its columns.
//!
//! Source: IAM User Guide, "Generate credential reports for your AWS account". The account model
//! keeps of it only what proves a fact; ages and last uses matter to posture alone.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use trailwarden_model::Timestamp;

use crate::answers::{Known, Missing, text};

/// The call.
pub const CALL: &str = "iam:GetCredentialReport";

/// How the report calls the root user.
pub const ROOT: &str = "<root_account>";

/// The report.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Report {
    rows: BTreeMap<String, Credentials>,
    /// When AWS made it, which it does every four hours at most.
    pub generated: Option<Timestamp>,
}

/// One row.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Credentials {
    /// The user's name.
    pub user: String,
    /// Its ARN.
    pub arn: String,
    /// When it was made.
    pub created: Option<Timestamp>,
    /// Whether there is a console password; None where AWS does not say, as of root at times.
    pub has_password: Option<bool>,
    /// When the password was last used.
    pub password_used: LastUse,
    /// When it was last set.
    pub password_changed: Option<Timestamp>,
    /// Whether there is an MFA device.
    pub has_mfa: Option<bool>,
    /// The key slots that hold a key.
    pub keys: Vec<KeySlot>,
}

/// A key of the report, which does not tell its id.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct KeySlot {
    /// 1 or 2.
    pub slot: u8,
    /// Whether it works.
    pub is_active: bool,
    /// When it was made, or last made active.
    pub rotated: Option<Timestamp>,
    /// When it was last used.
    pub used: LastUse,
    /// The service that it was last used for.
    pub service: Option<String>,
}

/// When something was last used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum LastUse {
    /// Then.
    At(Timestamp),
    /// Never, as far as AWS has kept track.
    Never,
    /// The report does not say.
    #[default]
    Unknown,
}

impl Report {
    /// Reads the answer, the text of the report in base64.
    pub fn read(answer: &Value) -> Known<Self> {
        let content = text(answer, "Content").trim();
        let bytes = STANDARD.decode(content).map_err(|_| Missing::not_understood(CALL))?;
        let generated = Timestamp::parse(text(answer, "GeneratedTime"));
        let rows = rows(&bytes).ok_or_else(|| Missing::not_understood(CALL))?;
        Ok(Self { rows, generated })
    }

    /// The row of the root user.
    pub fn root(&self) -> Known<&Credentials> {
        self.of(ROOT)
    }

    /// The row of a user, by its name or [`ROOT`].
    pub fn of(&self, user: &str) -> Known<&Credentials> {
        let missing =
            || Missing::new(format!("the credential report's row of {user}"), "is missing");
        self.rows.get(user).ok_or_else(missing)
    }

    /// The rows of users.
    pub fn users(&self) -> impl Iterator<Item = &Credentials> {
        self.rows.values().filter(|row| row.user != ROOT)
    }
}

impl LastUse {
    /// Of a cell: a time, or a word for never.
    fn of(cell: &str) -> Self {
        match Timestamp::parse(cell) {
            Some(time) => Self::At(time),
            // `no_information` is what the console calls never, since tracking began in 2014 and 2015.
            None if matches!(cell, "no_information" | "N/A") => Self::Never,
            None => Self::Unknown,
        }
    }
}

fn rows(bytes: &[u8]) -> Option<BTreeMap<String, Credentials>> {
    let text: Cow<'_, str> = String::from_utf8_lossy(bytes);
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let headers = reader.headers().ok()?.clone();
    let at = |name: &str| headers.iter().position(|header| header == name);
    // Without these it is another table.
    let (user, arn) = (at("user")?, at("arn")?);
    let mut rows = BTreeMap::new();
    for row in reader.records() {
        let row = row.ok()?;
        let cell = |name: &str| at(name).and_then(|at| row.get(at)).unwrap_or_default();
        let name = row.get(user)?.to_owned();
        let slot = |slot: u8, prefix: &str| key(slot, prefix, &cell);
        let credentials = Credentials {
            user: name.clone(),
            arn: row.get(arn).unwrap_or_default().to_owned(),
            created: Timestamp::parse(cell("user_creation_time")),
            has_password: flag(cell("password_enabled")),
            password_used: LastUse::of(cell("password_last_used")),
            password_changed: Timestamp::parse(cell("password_last_changed")),
            has_mfa: flag(cell("mfa_active")),
            keys: [slot(1, "access_key_1"), slot(2, "access_key_2")]
                .into_iter()
                .flatten()
                .collect(),
        };
        rows.insert(name, credentials);
    }
    Some(rows)
}

fn key<'r>(slot: u8, prefix: &str, cell: &impl Fn(&str) -> &'r str) -> Option<KeySlot> {
    let of = |name: &str| cell(&format!("{prefix}_{name}"));
    let is_active = flag(of("active"))?;
    let rotated = Timestamp::parse(of("last_rotated"));
    // A slot without a key has no date of rotation.
    (is_active || rotated.is_some()).then(|| KeySlot {
        slot,
        is_active,
        rotated,
        used: LastUse::of(of("last_used_date")),
        service: Some(of("last_used_service"))
            .filter(|name| !name.is_empty() && *name != "N/A")
            .map(str::to_owned),
    })
}

fn flag(text: &str) -> Option<bool> {
    match text {
        "true" | "TRUE" => Some(true),
        "false" | "FALSE" => Some(false),
        _ => None,
    }
}
