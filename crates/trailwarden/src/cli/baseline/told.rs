//! What came of it: which accounts answered what, and how many calls it took.

use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;
use trailwarden_account::Snapshot;
use trailwarden_account::snapshot::Answer;
use trailwarden_aws::Ledger;
use trailwarden_model::{AccountId, Timestamp, escape};

/// The name and version of the summary.
const SCHEMA: &str = "trailwarden.baseline-summary/1";
/// A credential report may be so old: IAM makes a new one at most every four hours.
const REPORT: &str = "iam:GetCredentialReport";

/// What came of it.
#[derive(Serialize, Debug)]
pub(super) struct Told {
    schema: &'static str,
    file: String,
    redacted: bool,
    accounts: Vec<Account>,
    failed: Vec<FailedRow>,
    pub(super) missing: Vec<String>,
    calls: Vec<Calls>,
    calls_total: u64,
    pub(super) seconds: f64,
}

/// An account that could not be asked.
pub(super) struct Failed {
    pub(super) account: AccountId,
    pub(super) why: String,
}

#[derive(Serialize, Debug)]
struct FailedRow {
    account: String,
    why: String,
}

#[derive(Serialize, Debug)]
struct Account {
    account: String,
    taken: Timestamp,
    depth: trailwarden_account::snapshot::Depth,
    /// When IAM made the credential report, up to four hours before.
    credential_report: Option<String>,
    users: Option<usize>,
    groups: Option<usize>,
    roles: Option<usize>,
    answered: usize,
    unanswered: Vec<Unanswered>,
}

#[derive(Serialize, Debug)]
struct Unanswered {
    api: String,
    region: Option<String>,
    about: std::collections::BTreeMap<String, String>,
    why: String,
}

#[derive(Serialize, Debug)]
struct Calls {
    api: &'static str,
    sent: u64,
    retried: u64,
    throttled: u64,
}

impl Told {
    pub(super) fn of(
        path: &Path,
        snapshots: &[Snapshot],
        failed: Vec<Failed>,
        ledger: &Ledger,
    ) -> Self {
        let failed = failed
            .into_iter()
            .map(|one| FailedRow { account: one.account.to_string(), why: one.why });
        let calls = ledger.calls().into_iter().map(|(api, calls)| Calls {
            api,
            sent: calls.sent,
            retried: calls.retried,
            throttled: calls.throttled,
        });
        Self {
            failed: failed.collect(),
            calls: calls.collect(),
            calls_total: ledger.total().sent,
            ..Self::packed(path, snapshots)
        }
    }

    pub(super) fn packed(path: &Path, snapshots: &[Snapshot]) -> Self {
        Self {
            schema: SCHEMA,
            file: path.display().to_string(),
            redacted: snapshots.iter().any(|one| one.redacted),
            accounts: snapshots.iter().map(Account::of).collect(),
            failed: Vec::new(),
            missing: Vec::new(),
            calls: Vec::new(),
            calls_total: 0,
            seconds: 0.0,
        }
    }

    /// Whether all that was asked is known.
    pub(super) fn is_whole(&self) -> bool {
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
            writeln!(out, "\ncalls")?;
            for calls in &self.calls {
                write!(out, "  {:>5}  {}", calls.sent, calls.api)?;
                match (calls.retried, calls.throttled) {
                    (0, _) => writeln!(out)?,
                    (retried, 0) => writeln!(out, ", of these {retried} again")?,
                    (retried, throttled) => {
                        writeln!(out, ", of these {retried} again; {throttled} were throttled")?;
                    }
                }
            }
            writeln!(out, "  {:>5}  in {:.1} s", self.calls_total, self.seconds)?;
        }
        writeln!(out, "\nwritten to {}", escape::visible(&self.file))
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
            depth: snapshot.depth,
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
        let count = |count: Option<usize>| count.map_or("?".to_owned(), |count| count.to_string());
        writeln!(
            out,
            "  {} users, {} groups, {} roles; {} questions answered",
            count(self.users),
            count(self.groups),
            count(self.roles),
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
