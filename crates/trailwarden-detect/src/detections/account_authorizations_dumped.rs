//! One call fetches every user, role and policy of the account.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "account-authorizations-dumped",
    title: "Whole of IAM fetched at once",
    severity: Severity::Medium,
    confidence: Confidence::Low,
    since: "0.1.0",
    covers: &["TW-RE-03"],
    select: Select {
        events: &[
            "iam:GetAccountAuthorizationDetails",
            "iam:GenerateCredentialReport",
            "iam:GetCredentialReport",
        ],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1087.004"],
    risk: "Tools that look for ways to escalate begin with exactly this answer.",
    false_positives: &[
        "A posture tool: it is quiet once the same principal has done so for 14 days.",
    ],
    remedies: &["revoke-sessions", "deactivate-access-key"],
    needs: Needs::Nothing,
    fires_on: &[
        "mallory iam:GetAccountAuthorizationDetails",
        "role/app/s iam:GetCredentialReport",
        "mallory iam:GenerateCredentialReport denied",
    ],
    quiet_on: &[
        "role/AWSServiceRoleForAccessAnalyzer/x iam:GetAccountAuthorizationDetails via=access-analyzer.amazonaws.com",
        "service/config.amazonaws.com iam:GenerateCredentialReport",
    ],
    logic: Logic::Watch(Judging::<Askers>::start),
};

/// After so long a principal that still asks is a tool of the house.
const HABIT_SECONDS: i64 = 14 * DAY;
/// A tool that rests longer has to be known anew.
const REMEMBER_SECONDS: i64 = 45 * DAY;

/// Since when each principal has been asking.
#[derive(Clone)]
struct Askers {
    since: Recall<Timestamp>,
}

impl Default for Askers {
    fn default() -> Self {
        Self { since: Recall::new(REMEMBER_SECONDS) }
    }
}

impl Judge for Askers {
    fn judge(&mut self, cx: &Cx<'_>) -> Option<Match> {
        let event = cx.event()?;
        if cx.has(Flags::INVOKED_BY_SERVICE) {
            return None;
        }
        let since = self.since.get(cx.actor(), event.time).copied().unwrap_or(event.time);
        // A refusal does not make a habit.
        if cx.succeeded() {
            self.since.note(cx.actor(), event.time, since);
        }
        if event.time.since(since) >= HABIT_SECONDS {
            return None;
        }
        let done = event.done_or("fetched", "tried to fetch");
        let what = match event.name() {
            "GetAccountAuthorizationDetails" => "every user, group, role and policy of the account",
            _ => "the credential report of the account",
        };
        let text = format!("{{actor}} {done} {what}{{times}} from {}.", event.address);
        Some(Match::on_caller(event, text).attempted_if_not(event.outcome, Severity::Medium))
    }

    fn is_truncated(&self) -> bool {
        self.since.is_truncated()
    }
}
