//! A principal that is kept for emergencies is used.
//!
//! Its name stands in the records that are read whole: sign-ins, assumptions of the role, calls that
//! change IAM. From there on its unique id and the keys of its sessions are known, so that every
//! further call counts, whatever its kind.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "break-glass-used",
    title: "Break-glass principal used",
    severity: Severity::Medium,
    confidence: Confidence::High,
    since: "0.1.0",
    covers: &[],
    select: Select {
        events: &["*"],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::RecordOf(WHOLE),
    },
    attack: &["T1078.004"],
    risk: "Break-glass access is wide and goes around the ordinary checks; outside of an emergency or a drill nobody should have it in hand.",
    false_positives: &[
        "An emergency, or the yearly drill: compare with the incident's record, and suppress the finding until the day after.",
    ],
    remedies: &["revoke-sessions", "deactivate-access-key"],
    needs: Needs::BreakGlass,
    fires_on: &[
        "break-glass signin:ConsoleLogin",
        "break-glass signin:ConsoleLogin failed=Failure",
        "alice sts:AssumeRole role/break-glass issues=ASIABREAK",
        "alice sts:AssumeRole role/break-glass denied",
        "role/break-glass/alice iam:CreateUser user/eve",
        "break-glass sts:GetCallerIdentity",
    ],
    quiet_on: &[
        "alice signin:ConsoleLogin",
        "alice sts:AssumeRole role/app issues=ASIAAPP",
        "alice iam:UpdateLoginProfile user/break-glass",
    ],
    logic: Logic::Watch(|| Box::new(BreakGlass::new())),
};

/// Calls that are read whole, for names and ARNs; later calls of the same principal need no name.
const WHOLE: &[&str] = &[
    "iam:<writes>",
    "signin:ConsoleLogin",
    "sts:AssumeRole*",
    "sts:GetCallerIdentity",
    "sts:GetFederationToken",
    "sts:GetSessionToken",
];

#[derive(Clone)]
struct BreakGlass {
    /// By principal or by session key: whose use it is.
    known: Recall<u64>,
    /// Hashes of the names in the list; empty until the first record.
    listed: Vec<u64>,
}

impl BreakGlass {
    fn new() -> Self {
        Self { known: Recall::new(400 * DAY), listed: Vec::new() }
    }

    /// Whether the caller itself is in the list, and not the role that it asks for.
    fn is_listed(&self, caller: &Caller) -> bool {
        names(caller).iter().any(|name| self.listed.contains(&hash::of(name)))
    }
}

impl Watch for BreakGlass {
    fn push(&mut self, cx: &Cx<'_>, fires: &mut Vec<Fire>) {
        if self.listed.is_empty() {
            self.listed = cx.settings().break_glass.iter().map(|name| hash::of(name)).collect();
        }
        let row = *cx.row();
        let now = row.time();
        let named = cx.event().and_then(|event| named(cx, event));
        let known = || {
            let of = |value: u64| self.known.get(value, now).filter(|_| value != 0).copied();
            of(row.actor).or_else(|| of(row.key))
        };
        let Some(group) = named.map(|(group, _)| group).or_else(known) else { return };
        if row.issued != 0 {
            self.known.note(row.issued, now, group);
        }
        if row.actor != 0 && named.is_some_and(|(_, by_caller)| by_caller) {
            self.known.note(row.actor, now, group);
        }
        fires.push(Fire { group, rows: vec![row], distinct: 1 });
    }

    fn tell(&self, story: &Story<'_>) -> Option<Match> {
        let event = story.first()?;
        let succeeded = story.outcome == Outcome::Succeeded;
        let assumed = event.name().starts_with("AssumeRole") && !self.is_listed(&event.caller);
        let (how, target) = if assumed {
            let used = if succeeded { "used" } else { "tried to use" };
            let role = event.target_party();
            (format!("{used} the break-glass role {}", role.label()), role)
        } else {
            let used = if succeeded { "was used" } else { "was tried" };
            (format!(", a break-glass principal, {used}"), event.caller.party(""))
        };
        let calls = match story.total {
            0 | 1 => String::new(),
            2 => format!(" and one call more within {}", story.span()),
            total => format!(" and {} calls more within {}", total - 1, story.span()),
        };
        let space = if assumed { " " } else { "" };
        let text =
            format!("{{actor}}{space}{how}: {} from {}{calls}.", event.action(), event.address);
        let severity = if succeeded { Severity::Medium } else { Severity::Medium.attempted() };
        Some(Match::about(target, text).severity(severity))
    }

    fn is_truncated(&self) -> bool {
        self.known.is_truncated()
    }

    fn boxed_clone(&self) -> Box<dyn Watch> {
        Box::new(self.clone())
    }
}

/// The principal of the list that the record names, as a group, and whether it is the caller: else
/// it is the role that the caller asks for.
fn named(cx: &Cx<'_>, event: &Event) -> Option<(u64, bool)> {
    let listed = &cx.settings().break_glass;
    if let Some(name) = names(&event.caller).into_iter().find(|name| listed.contains(*name)) {
        return Some((cx.within_account(name), true));
    }
    if cx.service() != "sts" {
        return None;
    }
    let role = event.target_party();
    let name = [role.arn, role.name].into_iter().flatten().find(|name| listed.contains(name))?;
    Some((cx.within_account(&name), false))
}

fn names(caller: &Caller) -> [&str; 4] {
    [&caller.arn, &caller.issuer_arn, &caller.user_name, caller.name()]
}
