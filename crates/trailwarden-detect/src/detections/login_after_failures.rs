//! Many failed sign-ins, then one that works.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "login-after-failures",
    title: "Console sign-in after many failures",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-CL-02"],
    select: Select {
        events: &["signin:ConsoleLogin"],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1110"],
    risk: "A password that was guessed looks just like this, and the guesser is in.",
    false_positives: &[
        "A person who mistyped: ask the user, and look where the failures came from.",
    ],
    remedies: &["reset-password", "revoke-sessions", "enable-mfa"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"alice signin:ConsoleLogin failed ip=203.0.113.9
             alice signin:ConsoleLogin failed ip=203.0.113.9
             alice signin:ConsoleLogin failed ip=203.0.113.9
             alice signin:ConsoleLogin failed ip=203.0.113.9
             alice signin:ConsoleLogin failed ip=203.0.113.9
             alice signin:ConsoleLogin ip=203.0.113.9"#,
        r#"alice signin:ConsoleLogin failed ip=203.0.113.0
             alice signin:ConsoleLogin failed ip=203.0.113.1
             alice signin:ConsoleLogin failed ip=203.0.113.2
             alice signin:ConsoleLogin failed ip=203.0.113.3
             alice signin:ConsoleLogin failed ip=203.0.113.4
             alice signin:ConsoleLogin ip=203.0.113.77"#,
        r#"u0 signin:ConsoleLogin failed ip=203.0.113.9
             u1 signin:ConsoleLogin failed ip=203.0.113.9
             u2 signin:ConsoleLogin failed ip=203.0.113.9
             u3 signin:ConsoleLogin failed ip=203.0.113.9
             u4 signin:ConsoleLogin failed ip=203.0.113.9
             bob signin:ConsoleLogin ip=203.0.113.9"#,
    ],
    quiet_on: &[
        r#"alice signin:ConsoleLogin failed ip=203.0.113.9
             alice signin:ConsoleLogin failed ip=203.0.113.9
             alice signin:ConsoleLogin failed ip=203.0.113.9
             alice signin:ConsoleLogin failed ip=203.0.113.9
             alice signin:ConsoleLogin ip=203.0.113.9"#,
        r#"alice signin:ConsoleLogin failed ip=203.0.113.9
             alice signin:ConsoleLogin failed ip=203.0.113.9
             alice signin:ConsoleLogin failed ip=203.0.113.9
             alice signin:ConsoleLogin failed ip=203.0.113.9
             alice signin:ConsoleLogin failed ip=203.0.113.9
             +2h alice signin:ConsoleLogin ip=203.0.113.9"#,
        r#"alice signin:ConsoleLogin failed ip=203.0.113.9
             alice signin:ConsoleLogin failed ip=203.0.113.9
             alice signin:ConsoleLogin failed ip=203.0.113.9
             alice signin:ConsoleLogin failed ip=203.0.113.9
             alice signin:ConsoleLogin failed ip=203.0.113.9
             bob signin:ConsoleLogin ip=192.0.2.7"#,
    ],
    logic: Logic::Watch(|| Box::new(Guesses { failures: Recall::new(WITHIN_SECONDS) })),
};

const WITHIN_SECONDS: i64 = 30 * MINUTE;
const AT_LEAST: usize = 5;
/// More than these tell nothing new.
const HELD_MAX: usize = 64;

/// Failures by user and by address.
#[derive(Clone)]
struct Guesses {
    failures: Recall<Vec<Row>>,
}

impl Watch for Guesses {
    fn push(&mut self, cx: &Cx<'_>, fires: &mut Vec<Fire>) {
        let Some(event) = cx.event() else { return };
        let row = *cx.row();
        let user = cx.within_account(&format!("user {}", event.caller.name()));
        let address = hash::pair(row.address, 1);
        if !cx.succeeded() {
            for group in [user, address] {
                let mut rows = self.failures.get(group, row.time()).cloned().unwrap_or_default();
                rows.retain(|seen| row.time().since(seen.time()) <= WITHIN_SECONDS);
                if rows.len() < HELD_MAX {
                    rows.push(row);
                }
                self.failures.note(group, row.time(), rows);
            }
            return;
        }
        let at_least = cx.settings().thresholds.get(DETECTION.id).copied().unwrap_or(AT_LEAST);
        for group in [user, address] {
            let Some(rows) = self.failures.get(group, row.time()) else { continue };
            let recent = rows.iter().filter(|seen| row.time().since(seen.time()) <= WITHIN_SECONDS);
            let mut rows: Vec<Row> = recent.copied().collect();
            if rows.len() >= at_least {
                let distinct = rows.len();
                rows.push(row);
                // One finding for the sign-in, whichever way the failures point to it.
                fires.push(Fire { group: hash::pair(user, address), rows, distinct });
                return;
            }
        }
    }

    fn tell(&self, story: &Story<'_>) -> Option<Match> {
        let event = story.last()?;
        let text = format!(
            "{{actor}} signed in from {} after {} failed sign-ins of this user or from this address within {}.",
            event.address,
            story.total.saturating_sub(1),
            story.span()
        );
        Some(Match::on_caller(event, text).by_last())
    }

    fn is_truncated(&self) -> bool {
        self.failures.is_truncated()
    }

    fn has_threshold(&self) -> bool {
        true
    }

    fn boxed_clone(&self) -> Box<dyn Watch> {
        Box::new(self.clone())
    }
}
