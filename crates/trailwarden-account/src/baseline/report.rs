//! The credential report: which passwords, MFA devices and keys exist, without the keys' ids.
//!
//! Source: IAM User Guide, "Generate credential reports for your AWS account".

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use trailwarden_model::Timestamp;

use super::Error;
use crate::identity::Reported;

/// What `aws iam get-credential-report` prints: the CSV in base64, in JSON.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Printed {
    content: String,
}

/// The CSV in what `aws iam get-credential-report` prints; empty when it is no base64.
pub fn decoded_credential_report(json: &[u8]) -> Result<Vec<u8>, Error> {
    let wrong = |source| Error::Json { what: "credential report", source };
    let printed: Printed = serde_json::from_slice(json).map_err(wrong)?;
    Ok(STANDARD.decode(printed.content.trim()).unwrap_or_default())
}

/// [`credential_report`] of what `aws iam get-credential-report` prints.
pub fn encoded_credential_report(json: &[u8]) -> Result<BTreeMap<String, Reported>, Error> {
    credential_report(&decoded_credential_report(json)?)
}

/// Reads the CSV; rows by user name, `<root_account>` for root.
pub fn credential_report(csv: &[u8]) -> Result<BTreeMap<String, Reported>, Error> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(csv);
    let headers = reader.headers().map_err(Error::Csv)?.clone();
    let column = |name: &'static str| {
        headers.iter().position(|header| header == name).ok_or(Error::NoColumn(name))
    };
    let user = column("user")?;
    let password = column("password_enabled")?;
    let mfa = column("mfa_active")?;
    let created = column("user_creation_time").ok();
    let keys = [
        (column("access_key_1_active")?, column("access_key_1_last_rotated")?),
        (column("access_key_2_active")?, column("access_key_2_last_rotated")?),
    ];
    let mut rows = BTreeMap::new();
    for row in reader.records() {
        let row = row.map_err(Error::Csv)?;
        let cell = |at: usize| row.get(at).unwrap_or_default();
        let mut keys_active = Vec::new();
        for (active, rotated) in keys {
            // A slot without a key has no date of rotation.
            let is_active = flag(cell(active)) == Some(true);
            if is_active || !["N/A", ""].contains(&cell(rotated)) {
                keys_active.push(is_active);
            }
        }
        let reported = Reported {
            created: created.and_then(|at| Timestamp::parse(cell(at))),
            password_enabled: flag(cell(password)),
            mfa_active: flag(cell(mfa)),
            keys_active,
        };
        rows.insert(cell(user).to_owned(), reported);
    }
    Ok(rows)
}

fn flag(text: &str) -> Option<bool> {
    match text {
        "true" | "TRUE" => Some(true),
        "false" | "FALSE" => Some(false),
        _ => None,
    }
}
