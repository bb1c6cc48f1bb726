//! A key is seen for the first time, asks whose it is, and looks around.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "new-key-looks-around",
    title: "New key asks who it is and looks around",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-RE-02"],
    select: Select { events: &["*:<reads>"], outcomes: &[], flags: Flags::USER, reads: Reads::Row },
    attack: &["T1087.004"],
    risk: "Whoever found a key in a repository or on a disk asks first whose it is, and then what it can reach.",
    false_positives: &[
        "A new pipeline with a fresh key of its own user: give it a role instead, or suppress it for that user until the pipeline is set up.",
    ],
    remedies: &["deactivate-access-key"],
    needs: Needs::Nothing,
    fires_on: &[r#"mallory sts:GetCallerIdentity key=AKIANEW
             mallory iam:ListUsers key=AKIANEW
             mallory s3:ListBuckets key=AKIANEW
             mallory ec2:DescribeInstances key=AKIANEW denied"#],
    quiet_on: &[
        r#"mallory ec2:DescribeInstances key=AKIAOLD
             mallory sts:GetCallerIdentity key=AKIAOLD
             mallory iam:ListUsers key=AKIAOLD
             mallory s3:ListBuckets key=AKIAOLD
             mallory ec2:DescribeInstances key=AKIAOLD"#,
        r#"role/ci/run sts:GetCallerIdentity key=ASIANEW
             role/ci/run iam:ListUsers key=ASIANEW
             role/ci/run s3:ListBuckets key=ASIANEW
             role/ci/run ec2:DescribeInstances key=ASIANEW"#,
        r#"mallory sts:GetCallerIdentity key=AKIANEW
             mallory s3:ListBuckets key=AKIANEW
             mallory s3:ListBuckets key=AKIANEW
             mallory s3:ListBuckets key=AKIANEW"#,
    ],
    logic: Logic::Watch(|| {
        Box::new(NewKeys { begun: Recall::new(WITHIN_SECONDS), logs_begin: None })
    }),
};

const WITHIN_SECONDS: i64 = 10 * MINUTE;
const AT_LEAST: usize = 3;
/// With less than this before it, "first seen" says little.
const SURE_AFTER_SECONDS: i64 = 14 * DAY;
/// Different calls that are kept for one key.
const HELD_MAX: usize = 32;

/// Keys whose first call asked whose they are, with the different calls since.
///
/// Only keys of users: tools ask the same with every session of a role.
#[derive(Clone)]
struct NewKeys {
    begun: Recall<Vec<Row>>,
    logs_begin: Option<Timestamp>,
}

impl Watch for NewKeys {
    fn push(&mut self, cx: &Cx<'_>, fires: &mut Vec<Fire>) {
        let row = *cx.row();
        if cx.is("sts", "GetCallerIdentity") {
            if row.key != 0 && cx.history().key(&row).is_none() {
                self.logs_begin = cx.history().begin();
                self.begun.note(row.key, row.time(), vec![row]);
            }
            return;
        }
        let Some(calls) = self.begun.get_mut(row.key, row.time()) else { return };
        if calls.len() < HELD_MAX && !calls.iter().any(|call| call.action == row.action) {
            calls.push(row);
        }
        let at_least = cx.settings().thresholds.get(DETECTION.id).copied().unwrap_or(AT_LEAST);
        if calls.len() > at_least {
            fires.push(Fire { group: row.key, rows: calls.clone(), distinct: calls.len() - 1 });
        }
    }

    fn tell(&self, story: &Story<'_>) -> Option<Match> {
        let event = story.first()?;
        let text = format!(
            "The key {} of {{actor}} was seen for the first time, asked whose it is, and made {} different calls that look around \
             within 10 minutes, from {}: {}.",
            event.caller.access_key,
            story.distinct,
            event.address,
            story.names()
        );
        let before = self.logs_begin.map_or(0, |begin| story.first_time.since(begin));
        let confidence =
            if before >= SURE_AFTER_SECONDS { Confidence::Medium } else { Confidence::Low };
        Some(Match::on_caller(event, text).subject(&event.caller.access_key).confidence(confidence))
    }

    fn is_truncated(&self) -> bool {
        self.begun.is_truncated()
    }

    fn has_threshold(&self) -> bool {
        true
    }

    fn boxed_clone(&self) -> Box<dyn Watch> {
        Box::new(self.clone())
    }
}
