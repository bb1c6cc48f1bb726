//! A decoy that nobody has a reason to touch is used or changed.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "decoy-used",
    title: "Decoy used",
    severity: Severity::Critical,
    confidence: Confidence::High,
    since: "0.1.0",
    covers: &["TW-FC-03"],
    select: Select {
        events: &["*"],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::RecordOf(WHOLE),
    },
    attack: &["T1078.004"],
    risk: "A decoy has no purpose but this: whoever uses it found it where it was hidden.",
    false_positives: &[
        "A scanner that tries every key it finds: find out where it found this one. An administrator who looks after the decoys: suppress it for that person, for the time of the work.",
    ],
    remedies: &["deactivate-access-key", "revoke-sessions"],
    needs: Needs::Decoys,
    fires_on: &[
        "mallory s3:ListBuckets key=AKIADECOYDECOYDECOY1",
        "mallory ec2:DescribeInstances key=AKIADECOYDECOYDECOY1 denied",
        "mallory iam:CreateAccessKey user/decoy",
        "decoy sts:GetCallerIdentity",
        "mallory iam:AttachUserPolicy user/decoy denied",
    ],
    quiet_on: &[
        "alice s3:ListBuckets key=AKIAALICEALICEALICE1",
        "mallory iam:CreateAccessKey user/alice",
        "alice sts:GetCallerIdentity",
    ],
    logic: Logic::Watch(|| Box::new(Decoys::default())),
};

/// Calls that are read whole, for names and ARNs; the key is known from every record.
const WHOLE: &[&str] = &[
    "iam:<writes>",
    "signin:ConsoleLogin",
    "sts:GetCallerIdentity",
    "sts:GetFederationToken",
    "sts:GetSessionToken",
];

#[derive(Clone, Default)]
struct Decoys {
    /// Hashes of the decoys; empty until the first record.
    keys: Vec<u64>,
}

impl Watch for Decoys {
    fn push(&mut self, cx: &Cx<'_>, fires: &mut Vec<Fire>) {
        if self.keys.is_empty() {
            self.keys = cx.settings().decoys.iter().map(|decoy| hash::of(decoy)).collect();
        }
        let row = *cx.row();
        let group = if row.key != 0 && self.keys.contains(&row.key) {
            Some(row.key)
        } else {
            named(cx)
                .and_then(|decoy| self.keys.iter().find(|key| **key == hash::of(decoy)).copied())
        };
        if let Some(group) = group {
            fires.push(Fire { group, rows: vec![row], distinct: 1 });
        }
    }

    fn tell(&self, story: &Story<'_>) -> Option<Match> {
        let event = story.first()?;
        let is = |text: &str| !text.is_empty() && self.keys.contains(&hash::of(text));
        let caller = &event.caller;
        let succeeded = story.events.iter().any(|event| event.outcome == Outcome::Succeeded);
        let used = if succeeded { "used" } else { "tried to use" };
        let (how, target) = if is(&caller.access_key) {
            (format!("{used} the decoy key {}", caller.access_key), caller.party(""))
        } else if is(&caller.user_name)
            || is(&caller.arn)
            || is(&caller.issuer_arn)
            || is(caller.name())
        {
            (format!("{used} the decoy {}", caller.name()), caller.party(""))
        } else {
            let called = if succeeded { "called" } else { "tried" };
            let on = event.target_phrase();
            (format!("{called} {} on the decoy {on}", event.name()), event.target_party())
        };
        let calls =
            if story.total > 1 { format!(", {} calls in all", story.total) } else { String::new() };
        let text = format!("{{actor}} {how} from {}{calls}.", event.address);
        Some(Match::about(target, text))
    }

    fn boxed_clone(&self) -> Box<dyn Watch> {
        Box::new(self.clone())
    }
}

/// The decoy that the record names as caller or target, if it is one of the calls that are read.
fn named<'a>(cx: &Cx<'a>) -> Option<&'a str> {
    let read = WHOLE.iter().any(|pattern| {
        pattern.split_once(':').is_some_and(|(service, name)| {
            cx.service() == service
                && (cx.name() == name || name == "<writes>" && !cx.has(Flags::READS))
        })
    });
    let event = cx.event().filter(|_| read)?;
    let decoys = &cx.settings().decoys;
    let caller = &event.caller;
    let own = [caller.arn.as_str(), &caller.issuer_arn, &caller.user_name, caller.name()];
    let own = own.into_iter().find(|name| decoys.contains(*name));
    own.and_then(|name| decoys.get(name)).map(String::as_str).or_else(|| {
        let party = event.target_party();
        let target = [party.arn, party.name, party.access_key].into_iter().flatten();
        let found = target.into_iter().find_map(|name| decoys.get(&name));
        found.map(String::as_str)
    })
}
