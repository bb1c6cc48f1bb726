//! A principal changes something from a country or network it never used.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "first-network-of-principal",
    title: "Change from a new country or network",
    severity: Severity::Medium,
    confidence: Confidence::Low,
    since: "0.1.0",
    covers: &["TW-AN-02"],
    select: Select {
        events: &["*:<writes>"],
        outcomes: &[],
        flags: Flags::FROM_ADDRESS,
        reads: Reads::Row,
    },
    attack: &["T1078.004"],
    risk: "Stolen credentials are used from where their owner never was.",
    false_positives: &["Travel, a new office or provider: ask the person."],
    remedies: &["revoke-sessions", "deactivate-access-key"],
    needs: Needs::GeoIp,
    fires_on: &[
        r#"alice iam:CreateUser user/a country=DE asn=3320
             +20d alice iam:CreateUser user/b country=BR asn=28573"#,
        r#"alice signin:ConsoleLogin country=DE asn=3320
             +20d alice signin:ConsoleLogin country=DE asn=9009"#,
    ],
    quiet_on: &[
        r#"alice iam:CreateUser user/a country=DE asn=3320
             +20d alice iam:CreateUser user/b country=DE asn=3320"#,
        r#"alice iam:CreateUser user/a country=DE asn=3320
             +5d alice iam:CreateUser user/b country=BR asn=28573"#,
        r#"alice iam:CreateUser user/a country=DE asn=3320
             +20d alice iam:CreateUser user/b"#,
        r#"role/app/s iam:CreateUser user/a country=DE asn=3320
             +20d role/app/s iam:CreateUser user/b via=cloudformation.amazonaws.com country=BR asn=28573"#,
    ],
    logic: Logic::First(First { of, learn_days: 14, memory_days: 90, tell }),
};

fn of(cx: &Cx<'_>) -> Option<(u64, u64)> {
    let row = cx.row();
    // A failed sign-in is somebody else's doing as easily as the user's own.
    let failed_sign_in = cx.service() == "signin" && !cx.succeeded();
    if row.actor == 0
        || cx.has(Flags::INVOKED_BY_SERVICE)
        || cx.has(Flags::FROM_PRIVATE)
        || failed_sign_in
    {
        return None;
    }
    cx.source_network().map(|network| (row.actor, network))
}

fn tell(story: &Story<'_>) -> Option<Match> {
    let event = story.first()?;
    let done = event.done_or("called", "tried");
    let text = format!(
        "{{actor}} {done} {} from {}, an address in a country or network from which this principal changed nothing in 90 days.",
        event.action(),
        event.address
    );
    let subject = format!("{} {}", event.caller.stable, event.address);
    Some(Match::on_caller(event, text).subject(subject))
}
