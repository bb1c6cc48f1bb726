//! A temporary session goes on although the access key that made it was switched off or deleted.
//!
//! Switching off a key ends none of the sessions made with it. When users rotate their own keys, role
//! sessions of the old key run out by themselves; only federated sessions are shown then.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "session-outlives-its-key",
    title: "Session in use after its key was switched off",
    severity: Severity::Critical,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-PE-19"],
    select: Select {
        events: &["*"],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::RecordOf(&["iam:UpdateAccessKey", "iam:DeleteAccessKey"]),
    },
    attack: &["T1550.001"],
    risk: "The key was taken away, but whoever had it is still inside for as long as the session lasts, up to 36 hours.",
    false_positives: &[
        "Keys that automation rotates while a job runs: the job ends within the session's hours.",
    ],
    remedies: &["deny-older-sessions", "revoke-sessions"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory sts:GetFederationToken issues=ASIAFED key=AKIAOLD {"request":{"name":"backdoor","policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::example/*\"}]}"}}
+5m admin iam:UpdateAccessKey user/mallory {"request":{"accessKeyId":"AKIAOLD","status":"Inactive"}}
+5m federated/backdoor s3:ListBuckets key=ASIAFED"#,
        r#"mallory sts:AssumeRole role/app issues=ASIAROLE key=AKIAOLD
+5m role/responder iam:DeleteAccessKey user/mallory {"request":{"accessKeyId":"AKIAOLD"}}
+5m role/app s3:ListBuckets key=ASIAROLE denied"#,
    ],
    quiet_on: &[
        r#"alice sts:AssumeRole role/app issues=ASIAROLE key=AKIAOLD
+5m alice iam:UpdateAccessKey user/alice {"request":{"accessKeyId":"AKIAOLD","status":"Inactive"}}
+5m role/app s3:ListBuckets key=ASIAROLE"#,
        r#"alice sts:AssumeRole role/app issues=ASIAROLE key=AKIANEW
+5m admin iam:UpdateAccessKey user/alice {"request":{"accessKeyId":"AKIAOLD","status":"Inactive"}}
+5m role/app s3:ListBuckets key=ASIAROLE"#,
        r#"alice sts:AssumeRole role/app issues=ASIAROLE key=AKIAOLD
+5m admin iam:UpdateAccessKey user/alice {"request":{"accessKeyId":"AKIAOLD","status":"Inactive"}}
+5m admin iam:UpdateAccessKey user/alice {"request":{"accessKeyId":"AKIAOLD","status":"Active"}}
+5m role/app s3:ListBuckets key=ASIAROLE"#,
        r#"alice sts:AssumeRole role/app issues=ASIAROLE key=AKIAOLD
+5m admin iam:DeleteAccessKey user/alice failed=NoSuchEntity {"request":{"accessKeyId":"AKIAOLD"}}
+5m role/app s3:ListBuckets key=ASIAROLE"#,
    ],
    logic: Logic::Watch(|| Box::new(Ended { keys: Recall::new(36 * HOUR) })),
};

#[derive(Clone, Copy)]
struct Off {
    row: Row,
    by_owner: bool,
}

#[derive(Clone)]
struct Ended {
    /// By key: the call that switched it off.
    keys: Recall<Off>,
}

impl Ended {
    fn note(&mut self, event: &Event, row: &Row) {
        if event.outcome != Outcome::Succeeded {
            return;
        }
        let off = Off { row: *row, by_owner: event.is_on_caller() };
        match &event.call {
            Call::UpdateAccessKey(call) => {
                let key = hash::of(call.access_key_id.as_deref().unwrap_or_default());
                match call.status.as_deref() {
                    Some("Inactive") => self.keys.note(key, row.time(), off),
                    Some("Active") => self.keys.forget(key),
                    _ => {}
                }
            }
            Call::DeleteAccessKey(call) => {
                let key = hash::of(call.access_key_id.as_deref().unwrap_or_default());
                // A key is switched off before it is deleted; the first of the two counts.
                if self.keys.get(key, row.time()).is_none() {
                    self.keys.note(key, row.time(), off);
                }
            }
            _ => {}
        }
    }
}

impl Watch for Ended {
    fn push(&mut self, cx: &Cx<'_>, fires: &mut Vec<Fire>) {
        let row = cx.row();
        if let Some(event) = cx.event() {
            self.note(event, row);
        }
        if self.keys.is_empty() || row.key == 0 {
            return;
        }
        let is_off = |key| {
            self.keys.get(key, row.time()).is_some_and(|off| {
                row.time() > off.row.time() && (cx.has(Flags::FEDERATED) || !off.by_owner)
            })
        };
        let Some(key) = cx.lineage().find_issuing_key(row, is_off) else { return };
        let Some(off) = self.keys.get(key, row.time()) else { return };
        fires.push(Fire { group: key, rows: vec![off.row, *row], distinct: 1 });
    }

    fn tell(&self, story: &Story<'_>) -> Option<Match> {
        let off = story
            .events
            .iter()
            .find(|event| matches!(event.name(), "UpdateAccessKey" | "DeleteAccessKey"))?;
        let used = story.last()?;
        let key = off.request("accessKeyId")?;
        let owner = off.target()?.name.unwrap_or_else(|| "unknown".to_owned());
        let by_federated =
            story.events.iter().any(|event| event.caller.kind == CallerKind::FederatedUser);
        let severity = if by_federated && !off.is_on_caller() {
            Severity::Critical
        } else if off.is_on_caller() {
            Severity::Medium
        } else {
            Severity::High
        };
        // The first record switched the key off; what counts is what the session could still do.
        let outcome = story.outcomes.iter().skip(1).min().copied();
        let refused = if outcome == Some(Outcome::Denied) { " and was refused" } else { "" };
        let text = format!(
            "{{actor}} goes on with a session made by the access key {key} of user {owner} {} after the key was \
             switched off{refused}: last {} from {}.",
            story.span(),
            used.action(),
            used.address
        );
        Some(
            Match::on_caller(used, text).subject(key).severity(severity).outcome(outcome).by_last(),
        )
    }

    fn is_truncated(&self) -> bool {
        self.keys.is_truncated()
    }

    fn boxed_clone(&self) -> Box<dyn Watch> {
        Box::new(self.clone())
    }
}
