//! One key is used from three networks within an hour.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "key-used-from-many-networks",
    title: "Key used from several networks at once",
    severity: Severity::High,
    confidence: Confidence::Low,
    since: "0.1.0",
    covers: &["TW-CA-02"],
    select: Select { events: &["*"], outcomes: &[], flags: Flags::FROM_ADDRESS, reads: Reads::Row },
    attack: &["T1078.004"],
    risk: "A key that is used from many unrelated networks at once has been passed around.",
    false_positives: &[
        "A person on the move between office, phone and home, or a provider with several networks: confidence is low for that.",
    ],
    remedies: &["deactivate-access-key", "revoke-sessions"],
    needs: Needs::GeoIp,
    fires_on: &[r#"+5m alice iam:ListUsers key=AKIAA ip=203.0.113.3 country=DE asn=3
             +5m alice iam:ListUsers key=AKIAA ip=203.0.113.4 country=DE asn=4
             +5m alice iam:ListUsers key=AKIAA ip=203.0.113.5 country=DE asn=5"#],
    quiet_on: &[
        r#"alice iam:ListUsers key=AKIAA asn=3320
             alice iam:ListUsers key=AKIAA asn=6805
             alice iam:ListUsers key=AKIAA asn=3320"#,
        r#"+2h alice iam:ListUsers key=AKIAA asn=3
             +2h alice iam:ListUsers key=AKIAA asn=4
             +2h alice iam:ListUsers key=AKIAA asn=5"#,
    ],
    logic: Logic::Distinct(Distinct { count, at_least: 3, within_seconds: HOUR, tell }),
};

fn count(cx: &Cx<'_>) -> Option<(u64, u64)> {
    let row = cx.row();
    let counts = row.key != 0 && row.asn != 0 && !cx.has(Flags::INVOKED_BY_SERVICE);
    counts.then_some((row.key, u64::from(row.asn)))
}

fn tell(story: &Story<'_>) -> Option<Match> {
    let (first, last) = (story.first()?, story.last()?);
    let text = format!(
        "The key {} of {{actor}} was used from {} networks within an hour: first from {}, last from {}.",
        first.caller.access_key, story.distinct, first.address, last.address
    );
    Some(Match::on_caller(first, text).subject(&first.caller.access_key))
}
