//! The credential report with all its columns, read once for whoever needs more of it than the model keeps:
//! ages and last uses.
//!
//! Source: IAM User Guide, "Generate credential reports for your AWS account".

use std::borrow::Cow;
use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use trailwarden_model::Timestamp;

use crate::Snapshot;

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
    /// Reads the answer, the text of the report in base64; none when it is another thing.
    #[must_use]
    pub fn read(answer: &Value) -> Option<Self> {
        let text = |name: &str| answer.get(name).and_then(Value::as_str).unwrap_or_default();
        let bytes = STANDARD.decode(text("Content").trim()).ok()?;
        let generated = Timestamp::parse(text("GeneratedTime"));
        Some(Self { rows: rows(&bytes)?, generated })
    }

    /// The report of an account; one without rows where nobody asked for it.
    #[must_use]
    pub fn of_account(snapshot: &Snapshot) -> Self {
        let answer = snapshot.answer(CALL).and_then(|answer| answer.body());
        answer.and_then(Self::read).unwrap_or_default()
    }

    /// The row of a user, by its name or [`ROOT`].
    #[must_use]
    pub fn row(&self, user: &str) -> Option<&Credentials> {
        self.rows.get(user)
    }

    /// The rows of users.
    pub fn users(&self) -> impl Iterator<Item = &Credentials> {
        self.rows.values().filter(|row| row.user != ROOT)
    }
}

impl Credentials {
    /// The only key that was made, or last made active, at that time.
    #[must_use]
    pub fn key_rotated(&self, time: Timestamp) -> Option<&KeySlot> {
        let mut fits = self.keys.iter().filter(|key| key.rotated == Some(time));
        match (fits.next(), fits.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        }
    }
}

impl LastUse {
    /// Of a cell: a time, or a word for never.
    #[must_use]
    pub fn of(cell: &str) -> Self {
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
