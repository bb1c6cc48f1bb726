//! A principal lets itself into a role and then assumes it.
//!
//! The role of an `AssumeRole` call stands only in its record, and there are too many of those to keep
//! them all: the watch pairs a change with the same principal's assumptions of the next hour, and the
//! records are compared when the finding is told.

use trailwarden_policy::Document;
use trailwarden_policy::trust::{self, Who};

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "trust-opened-to-self-and-used",
    title: "Role trust opened to oneself, then assumed",
    severity: Severity::Critical,
    confidence: Confidence::High,
    since: "0.1.0",
    covers: &["TW-SE-07"],
    select: Select {
        events: &["iam:UpdateAssumeRolePolicy", "sts:AssumeRole"],
        outcomes: &[Outcome::Succeeded],
        flags: Flags(0),
        reads: Reads::RecordOf(&["iam:UpdateAssumeRolePolicy"]),
    },
    attack: &["T1098.003", "T1078.004"],
    risk: "The principal has become whatever the role is, and the way in stays open.",
    false_positives: &[
        "A person who sets up a role for himself, such as when testing a deployment: suppress it for that role, for the time of the work.",
    ],
    remedies: &["remove-trust", "revoke-sessions"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory iam:UpdateAssumeRolePolicy role/admin {"request":{"policyDocument":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:user/mallory\"},\"Action\":\"sts:AssumeRole\"}}"}}
+9m mallory sts:AssumeRole role/admin issues=ASIAADMIN"#,
        r#"role/app iam:UpdateAssumeRolePolicy role/admin {"request":{"policyDocument":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"111122223333\"},\"Action\":\"sts:*\"}}"}}
+0s role/app sts:AssumeRole role/admin issues=ASIAADMIN"#,
    ],
    quiet_on: &[
        r#"mallory iam:UpdateAssumeRolePolicy role/admin {"request":{"policyDocument":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"ec2.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}}"}}
+9m mallory sts:AssumeRole role/admin"#,
        r#"mallory iam:UpdateAssumeRolePolicy role/admin {"request":{"policyDocument":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"111122223333\"},\"Action\":\"sts:*\"}}"}}
+9m mallory sts:AssumeRole role/other
+2h mallory sts:AssumeRole role/admin"#,
        r#"admin iam:UpdateAssumeRolePolicy role/app {"request":{"policyDocument":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:user/alice\"},\"Action\":\"sts:AssumeRole\"}}"}}
+9m alice sts:AssumeRole role/app"#,
        r#"mallory iam:UpdateAssumeRolePolicy role/admin {"request":{"policyDocument":"{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"111122223333\"},\"Action\":\"sts:*\"}}"}}
+61m mallory sts:AssumeRole role/admin issues=ASIAADMIN"#,
    ],
    logic: Logic::Watch(|| Box::new(Opened::new())),
};

/// How many assumptions are paired with one change: who assumes more roles than this in an hour is
/// a machine, and only its first ones are looked at.
const PAIRS_MAX: u8 = 64;

#[derive(Clone)]
struct Opened {
    /// By the principal behind: the changes, each with the number of its pairs.
    changes: Recall<Vec<(Row, u8)>>,
    /// Assumptions of the current second: one that sorts before the change may follow it.
    concurrent: Vec<(u64, Row)>,
    truncated: bool,
}

impl Opened {
    fn new() -> Self {
        Self { changes: Recall::new(HOUR), concurrent: Vec::new(), truncated: false }
    }

    fn changed(&mut self, origin: u64, row: Row, fires: &mut Vec<Fire>) {
        let mut changes = self.changes.get(origin, row.time()).cloned().unwrap_or_default();
        changes.retain(|(change, _)| row.time().since(change.time()) <= HOUR);
        let concurrent = self.concurrent.iter().filter(|(by, _)| *by == origin);
        fires.extend(concurrent.map(|(_, assumed)| pair(&row, assumed)));
        changes.push((row, 0));
        self.changes.note(origin, row.time(), changes);
    }

    fn assumed(&mut self, origin: u64, row: Row, fires: &mut Vec<Fire>) {
        if let Some(changes) = self.changes.get_mut(origin, row.time()) {
            for (change, pairs) in changes {
                if row.time().since(change.time()) > HOUR {
                    continue;
                }
                if *pairs >= PAIRS_MAX {
                    self.truncated = true;
                    continue;
                }
                *pairs += 1;
                fires.push(pair(change, &row));
            }
        }
        self.concurrent.retain(|(_, other)| other.time() == row.time());
        if self.concurrent.len() < usize::from(PAIRS_MAX) {
            self.concurrent.push((origin, row));
        }
    }
}

fn pair(change: &Row, assumed: &Row) -> Fire {
    let id = |row: &Row| hash::pair(row.order.id as u64, (row.order.id >> 64) as u64);
    let mut rows = vec![*change, *assumed];
    rows.sort_by_key(|row| row.order);
    Fire { group: hash::pair(id(change), id(assumed)), rows, distinct: 2 }
}

impl Watch for Opened {
    fn push(&mut self, cx: &Cx<'_>, fires: &mut Vec<Fire>) {
        let (origin, row) = (cx.origin(), *cx.row());
        if origin == 0 {
            return;
        }
        if cx.name() == "AssumeRole" {
            self.assumed(origin, row, fires);
        } else {
            self.concurrent.retain(|(_, other)| other.time() == row.time());
            self.changed(origin, row, fires);
        }
    }

    fn tell(&self, story: &Story<'_>) -> Option<Match> {
        let change = story.named("UpdateAssumeRolePolicy")?;
        let assumed = story.named("AssumeRole")?;
        let role = change.target()?.name?;
        let arn = assumed.target()?.name?;
        let arn = Arn::parse(&arn)?;
        let same = arn.name().eq_ignore_ascii_case(&role) && arn.account_id() == change.account;
        let by = lets_in(change, &assumed.caller).or_else(|| lets_in(change, &change.caller))?;
        let text = format!(
            "{{actor}} changed the trust of role {role} so that it lets in {by}, and assumed the role within {}.",
            story.span()
        );
        let confidence = match by {
            "the caller itself" => Confidence::High,
            _ => Confidence::Medium,
        };
        same.then(|| Match::on_target(change, text).confidence(confidence))
    }

    fn is_truncated(&self) -> bool {
        self.truncated || self.changes.is_truncated()
    }

    fn boxed_clone(&self) -> Box<dyn Watch> {
        Box::new(self.clone())
    }
}

/// By which of its principals a trust lets somebody in.
fn lets_in(change: &Event, caller: &Caller) -> Option<&'static str> {
    let Some(document) = change.trust_policy().and_then(|text| Document::parse(text).ok()) else {
        return Some("principals that the record does not show");
    };
    let own = [caller.arn.as_str(), caller.issuer_arn.as_str()];
    let named = trust::grants(&document).into_iter().filter_map(|grant| match grant.who {
        Who::Principal { arn, .. } if own.contains(&arn.as_str()) => Some("the caller itself"),
        Who::Account(account) if Some(account) == caller.account => Some("the caller's account"),
        Who::Anyone => Some("anyone"),
        _ => None,
    });
    // The closest description is the one that begins with it.
    named.max_by_key(|by| *by == "the caller itself")
}
