//! A principal or key that was silent for months is used.

use foldhash::HashMap;
use trailwarden_record::names;
use trailwarden_record::row::actor;

use crate::history::Seen;
use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "dormant-principal-active-again",
    title: "Dormant principal or key active again",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-AN-05"],
    select: Select { events: &["*"], outcomes: &[], flags: Flags(0), reads: Reads::Row },
    attack: &["T1078.004"],
    risk: "Forgotten identities are watched by nobody, and their credentials lie around the longest.",
    false_positives: &[
        "A yearly job or a person back from leave: ask, and retire what is not needed.",
    ],
    remedies: &["deactivate-access-key", "revoke-sessions"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"alice ec2:DescribeInstances
             +100d alice ec2:DescribeInstances"#,
        r#"role/old/s s3:ListBuckets
             +120d role/old/s iam:CreateUser user/eve"#,
        r#"alice s3:ListBuckets key=AKIAOLD
             +50d alice s3:ListBuckets key=AKIANEW
             +50d alice s3:ListBuckets key=AKIANEW
             alice s3:ListBuckets key=AKIAOLD"#,
    ],
    quiet_on: &[
        r#"alice ec2:DescribeInstances
             +80d alice ec2:DescribeInstances"#,
        r#"bob ec2:DescribeInstances
             +100d alice ec2:DescribeInstances"#,
        r#"role/old/s ec2:DescribeInstances
             +100d role/old/s ec2:DescribeInstances via=autoscaling.amazonaws.com"#,
    ],
    logic: Logic::Watch(|| Box::new(Sleepers::default())),
};

const SILENT_SECONDS: i64 = 90 * DAY;
/// How many awakenings are remembered until they are told.
const WOKEN_MAX: usize = 20_000;

/// What woke up, by record.
#[derive(Clone, Default)]
struct Sleepers {
    woken: HashMap<u64, Woken>,
    truncated: bool,
}

#[derive(Clone, Copy)]
struct Woken {
    days: i64,
    only_the_key: bool,
}

impl Watch for Sleepers {
    fn push(&mut self, cx: &Cx<'_>, fires: &mut Vec<Fire>) {
        let row = cx.row();
        if cx.history().reach(row.time()) < SILENT_SECONDS || cx.has(Flags::INVOKED_BY_SERVICE) {
            return;
        }
        let silent = |seen: Option<Seen>| {
            seen.map(|seen| row.time().since(seen.last)).filter(|gap| *gap >= SILENT_SECONDS)
        };
        let principal = silent(cx.history().actor(row));
        // Only a user's keys last long enough to sleep.
        let key = if cx.has(Flags::USER) { silent(cx.history().key(row)) } else { None };
        let Some(gap) = principal.or(key) else { return };
        if self.woken.len() >= WOKEN_MAX {
            self.truncated = true;
            return;
        }
        let woken = Woken { days: gap / DAY, only_the_key: principal.is_none() };
        let group = if woken.only_the_key { row.key } else { row.actor };
        let group = hash::pair(group, hash::of(&row.time().day().to_string()));
        self.woken.entry(place(row.actor, row.time())).or_insert(woken);
        fires.push(Fire { group, rows: vec![*row], distinct: 1 });
    }

    fn tell(&self, story: &Story<'_>) -> Option<Match> {
        let event = story.first()?;
        let account = event.text("userIdentity.accountId").unwrap_or_default();
        let woken = self
            .woken
            .get(&place(actor(event.caller.stable.as_bytes(), account.as_bytes()), event.time))?;
        let what = if woken.only_the_key {
            format!("The key {} of {{actor}}", event.caller.access_key)
        } else {
            "{actor}".to_owned()
        };
        let text = format!(
            "{what} was silent for {} days and is used again from {}, first for {}.",
            woken.days,
            event.address,
            event.action()
        );
        let subject =
            if woken.only_the_key { &event.caller.access_key } else { &event.caller.stable };
        let writes = !names::reads(event.name()) && event.service() != "signin";
        Some(Match::on_caller(event, text).subject(subject).severity_if(writes, Severity::High))
    }

    fn is_truncated(&self) -> bool {
        self.truncated
    }

    fn boxed_clone(&self) -> Box<dyn Watch> {
        Box::new(self.clone())
    }
}

fn place(actor: u64, time: Timestamp) -> u64 {
    hash::pair(actor, hash::of(&time.seconds().to_string()))
}
