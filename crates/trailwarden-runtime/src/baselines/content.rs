//! What a file of a baseline holds, told by its content.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;
use trailwarden_account::Baseline;
use trailwarden_account::baseline::{
    Error, OrganizationBaseline, account_summary, authorization_details, credential_report,
    decoded_credential_report, organization_policies, password_policy,
};
use trailwarden_account::identity::Reported;
use trailwarden_account::settings::PasswordPolicy;
use trailwarden_model::{AccountId, Arn};

/// A part of a baseline.
pub(super) enum Part {
    /// Pages of authorization details.
    Details(Box<Baseline>),
    /// The account summary.
    Summary(BTreeMap<String, i64>),
    /// The password policy.
    Passwords(PasswordPolicy),
    /// The credential report.
    Report(BTreeMap<String, Reported>),
    /// The organization's policies.
    Organization(OrganizationBaseline),
}

impl Part {
    /// What it is, for a sentence.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Details(_) => "authorization details",
            Self::Summary(_) => "account summary",
            Self::Passwords(_) => "password policy",
            Self::Report(_) => "credential report",
            Self::Organization(_) => "list of organization policies",
        }
    }
}

/// The parts in a file, each with the account that it names. Pages of authorization details that
/// follow each other are one part.
pub(super) fn parts(bytes: &[u8]) -> Result<Vec<(Part, Option<AccountId>)>, Error> {
    let text = text(bytes);
    let text = text.trim_start();
    if text.starts_with("user,arn,") {
        return Ok(vec![report(text.as_bytes())?]);
    }
    let (mut parts, mut pages) = (Vec::new(), Vec::new());
    for document in serde_json::Deserializer::from_str(text).into_iter::<&RawValue>() {
        let wrong = |source| Error::Json { what: "baseline", source };
        let document = document.map_err(wrong)?.get();
        // The importer reads lists of pages by itself; the first page tells what they are.
        let documents: Vec<&RawValue> = match document.starts_with('[') {
            true => serde_json::from_str(document).map_err(wrong)?,
            false => vec![serde_json::from_str(document).map_err(wrong)?],
        };
        for document in documents {
            match shape(document.get()) {
                Shape::Details => pages.push(document.get()),
                Shape::Other(part) => parts.extend(part?),
            }
        }
    }
    if !pages.is_empty() {
        let page = authorization_details(format!("[{}]", pages.join(",")).as_bytes())?;
        let account = page.account();
        parts.push((Part::Details(Box::new(page)), Some(account)));
    }
    Ok(parts)
}

/// Text without a byte order mark; PowerShell writes UTF-16.
pub(super) fn text(bytes: &[u8]) -> Cow<'_, str> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => {
            let units = rest.chunks_exact(2).filter_map(|pair| pair.first_chunk::<2>());
            let units: Vec<u16> = units.map(|pair| u16::from_le_bytes(*pair)).collect();
            String::from_utf16_lossy(&units).into()
        }
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest),
        bytes => String::from_utf8_lossy(bytes),
    }
}

/// What a JSON document is.
enum Shape {
    Details,
    Other(Result<Option<(Part, Option<AccountId>)>, Error>),
}

fn shape(document: &str) -> Shape {
    let Ok(members) = serde_json::from_str::<BTreeMap<Cow<'_, str>, &RawValue>>(document) else {
        return Shape::Other(Ok(None));
    };
    let member = |name: &str| members.get(name).map(|value| value.get());
    let has = |name: &str| members.contains_key(name);
    let is_organization = |value: &str| value.contains("\"PolicySummary\"");
    let bytes = document.as_bytes();
    if ["UserDetailList", "GroupDetailList", "RoleDetailList"].into_iter().any(has) {
        Shape::Details
    } else if has("SummaryMap") {
        Shape::Other(account_summary(bytes).map(|part| Some((Part::Summary(part), None))))
    } else if has("PasswordPolicy") {
        Shape::Other(password_policy(bytes).map(|part| Some((Part::Passwords(part), None))))
    } else if has("Content") && has("ReportFormat") {
        Shape::Other(encoded_report(document).map(Some))
    } else if has("Parents") || member("Policies").is_some_and(is_organization) {
        Shape::Other(organization(document).map(Some))
    } else if has("Policies") {
        Shape::Details
    } else if let Some(policy) = member("Policy").filter(|policy| is_organization(policy)) {
        // As `aws organizations describe-policy` prints it.
        Shape::Other(organization(&format!("{{\"Policies\":[{policy}]}}")).map(Some))
    } else {
        Shape::Other(Ok(None))
    }
}

fn organization(document: &str) -> Result<(Part, Option<AccountId>), Error> {
    let part = organization_policies(document.as_bytes())?;
    // ARNs of an organization's policies name its management account; those of AWS name none.
    let account = document.split('"').find_map(|text| {
        let arn = Arn::parse(text).filter(|arn| arn.service == "organizations")?;
        arn.account_id()
    });
    Ok((Part::Organization(part), account))
}

/// The credential report as the AWS CLI prints it: base64 in JSON.
fn encoded_report(document: &str) -> Result<(Part, Option<AccountId>), Error> {
    let csv = decoded_credential_report(document.as_bytes())?;
    report(&csv)
}

fn report(csv: &[u8]) -> Result<(Part, Option<AccountId>), Error> {
    let rows = credential_report(csv)?;
    let text = String::from_utf8_lossy(csv);
    let account = text.split([',', '\n']).find_map(|cell| Arn::parse(cell)?.account_id());
    Ok((Part::Report(rows), account))
}
