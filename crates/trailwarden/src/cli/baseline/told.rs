//! What came of it: which accounts answered what, and how many calls it took.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;
use trailwarden_account::Snapshot;
use trailwarden_account::snapshot::{Answer, Depth};
use trailwarden_model::{Timestamp, escape};

use super::asking::Asked;
use crate::formats::answer_schema;

/// The name and version of the summary.
const SCHEMA: &str = "trailwarden.baseline-summary/1";
/// A credential report may be so old: IAM makes a new one at most every four hours.
const REPORT: &str = "iam:GetCredentialReport";

/// What came of it.
#[derive(Serialize, JsonSchema, Debug)]
pub(crate) struct Told {
    /// Always `trailwarden.baseline-summary/1`.
    schema: String,
    /// The file that was written, if one was.
    file: Option<String>,
    /// Whether names were replaced by pseudonyms.
    redacted: bool,
    /// The accounts in the file.
    accounts: Vec<Account>,
    /// Accounts that could not be asked.
    failed: Vec<FailedRow>,
    /// What is known to be left out.
    missing: Vec<String>,
    /// The calls by operation; none where files were packed.
    calls: Vec<Calls>,
    /// All calls together.
    calls_total: u64,
    /// How long the asking took.
    seconds: f64,
}

/// An account that could not be asked.
#[derive(Serialize, JsonSchema, Debug)]
struct FailedRow {
    /// Its twelve digits.
    account: String,
    /// Why not.
    why: String,
}

/// An account that answered.
#[derive(Serialize, JsonSchema, Debug)]
struct Account {
    /// Its twelve digits.
    account: String,
    /// When the first question was asked.
    taken: Timestamp,
    /// How much was asked: `packed`, `core` or `full`.
    depth: &'static str,
    /// When IAM made the credential report, up to four hours before.
    credential_report: Option<String>,
    /// How many users there are, where that is known.
    users: Option<usize>,
    /// How many groups.
    groups: Option<usize>,
    /// How many roles.
    roles: Option<usize>,
    /// How many questions were answered.
    answered: usize,
    /// The others, which are unknown to whoever reads the file.
    unanswered: Vec<Unanswered>,
}

/// A question that was not answered, or not to the end.
#[derive(Serialize, JsonSchema, Debug)]
struct Unanswered {
    /// The operation, such as `iam:GetAccountSummary`.
    api: String,
    /// The region that was asked.
    region: Option<String>,
    /// What it was asked about.
    about: BTreeMap<String, String>,
    /// Why there is no answer.
    why: String,
}

/// Calls of one operation.
#[derive(Serialize, JsonSchema, Debug)]
struct Calls {
    /// The operation.
    api: String,
    /// Requests that went out, retries and pages included.
    sent: u64,
    /// Of these, those that repeated one that had failed.
    retried: u64,
    /// Of these, those that AWS refused because they came too fast.
    throttled: u64,
}

impl Told {
    pub(crate) fn of(path: Option<&Path>, asked: &Asked) -> Self {
        let failed = asked
            .failed
            .iter()
            .map(|one| FailedRow { account: one.account.to_string(), why: one.why.clone() });
        let calls = asked.ledger.calls().into_iter().map(|(api, calls)| Calls {
            api: api.to_owned(),
            sent: calls.sent,
            retried: calls.retried,
            throttled: calls.throttled,
        });
        Self {
            failed: failed.collect(),
            missing: asked.missing.clone(),
            calls: calls.collect(),
            calls_total: asked.ledger.total().sent,
            seconds: asked.seconds,
            ..Self::packed(path, &asked.snapshots)
        }
    }

    pub(super) fn packed(path: Option<&Path>, snapshots: &[Snapshot]) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            file: path.map(|path| path.display().to_string()),
            redacted: snapshots.iter().any(|one| one.redacted),
            accounts: snapshots.iter().map(Account::of).collect(),
            failed: Vec::new(),
            missing: Vec::new(),
            calls: Vec::new(),
            calls_total: 0,
            seconds: 0.0,
        }
    }

    /// The schema of `baseline --json`.
    pub(crate) fn schema() -> serde_json::Value {
        answer_schema::<Self>(SCHEMA)
    }

    /// Whether all that was asked is known.
    pub(crate) fn is_whole(&self) -> bool {
        let are_whole = self.accounts.iter().all(|one| one.unanswered.is_empty());
        are_whole && self.failed.is_empty() && self.missing.is_empty()
    }

    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        for one in &self.accounts {
            one.write(out)?;
        }
        for one in &self.failed {
            writeln!(out, "account {}: not asked: {}", one.account, escape::visible(&one.why))?;
        }
        if !self.calls.is_empty() {
            writeln!(out)?;
            self.write_calls(out)?;
        }
        match &self.file {
            Some(file) => writeln!(out, "\nwritten to {}", escape::visible(file)),
            None => Ok(()),
        }
    }

    /// The calls by operation, and how long they took.
    pub(crate) fn write_calls(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "calls")?;
        for calls in &self.calls {
            write!(out, "  {:>5}  {}", calls.sent, calls.api)?;
            match (calls.retried, calls.throttled) {
                (0, 0) => writeln!(out)?,
                (0, throttled) => writeln!(out, ", of these {throttled} were throttled")?,
                (retried, 0) => writeln!(out, ", of these {retried} again")?,
                (retried, throttled) => {
                    writeln!(out, ", of these {retried} again; {throttled} were throttled")?;
                }
            }
        }
        writeln!(out, "  {:>5}  in {:.1} s", self.calls_total, self.seconds)
    }
}

impl Account {
    fn of(snapshot: &Snapshot) -> Self {
        let details = snapshot.answer("iam:GetAccountAuthorizationDetails");
        let count = |list: &str| Some(details?.body()?.get(list)?.as_array()?.len());
        let unanswered = snapshot.unanswered().map(|answer| Unanswered {
            api: answer.api.clone(),
            region: answer.region.clone(),
            about: answer.about.clone(),
            why: answer.why_not().unwrap_or_default(),
        });
        let report = snapshot.answer(REPORT).and_then(Answer::body);
        let made = report.and_then(|body| body.get("GeneratedTime")?.as_str().map(str::to_owned));
        Self {
            account: snapshot.account.to_string(),
            taken: snapshot.taken,
            depth: match snapshot.depth {
                Depth::Packed => "packed",
                Depth::Core => "core",
                Depth::Full => "full",
            },
            credential_report: made,
            users: count("UserDetailList"),
            groups: count("GroupDetailList"),
            roles: count("RoleDetailList"),
            answered: snapshot.answers.iter().filter(|answer| answer.is_known()).count(),
            unanswered: unanswered.collect(),
        }
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "account {}, {}", self.account, self.taken)?;
        let counted = |count: Option<usize>, what: &str| match count {
            Some(1) => format!("1 {what}"),
            Some(count) => format!("{count} {what}s"),
            None => format!("? {what}s"),
        };
        writeln!(
            out,
            "  {}, {}, {}; {} questions answered",
            counted(self.users, "user"),
            counted(self.groups, "group"),
            counted(self.roles, "role"),
            self.answered
        )?;
        if let Some(made) = &self.credential_report {
            let made = Timestamp::parse(made).map_or(made.clone(), |made| {
                let minutes = self.taken.since(made).max(0) / 60;
                format!("{made}, {} h {:02} min before", minutes / 60, minutes % 60)
            });
            writeln!(out, "  credential report made {}", escape::visible(&made))?;
        }
        for one in &self.unanswered {
            let about: Vec<&str> = one.about.values().map(String::as_str).collect();
            let about = about.join(" ");
            let place = one.region.as_deref().unwrap_or_default();
            let text = format!("  unknown: {} ({about} {place})", one.why);
            writeln!(
                out,
                "{}",
                escape::visible(&text.replace("( ", "(").replace(" )", ")").replace(" ()", ""))
            )?;
        }
        Ok(())
    }
}
