//! One key is used from several countries within an hour.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "key-used-from-many-countries",
    title: "Key used from several countries at once",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-CA-02"],
    select: Select { events: &["*"], outcomes: &[], flags: Flags::FROM_ADDRESS, reads: Reads::Row },
    attack: &["T1078.004"],
    risk: "Nobody is in two countries within an hour: two parties hold the key.",
    false_positives: &[
        "A provider that leaves through exits in several countries, or a VPN: look at the networks.",
    ],
    remedies: &["deactivate-access-key", "revoke-sessions"],
    needs: Needs::GeoIp,
    fires_on: &[r#"alice s3:ListBuckets key=AKIAA ip=198.51.100.1 country=DE asn=3320
             +20m alice iam:ListUsers key=AKIAA ip=203.0.113.9 country=BR asn=28573"#],
    quiet_on: &[
        r#"alice s3:ListBuckets key=AKIAA country=DE asn=3320
             +20m alice iam:ListUsers key=AKIAA country=DE asn=6805"#,
        r#"alice s3:ListBuckets key=AKIAA country=DE asn=3320
             +3h alice iam:ListUsers key=AKIAA country=BR asn=28573"#,
        r#"alice s3:ListBuckets key=AKIAA country=DE
             alice s3:ListBuckets key=AKIAA
             bob s3:ListBuckets key=AKIAB country=BR"#,
    ],
    logic: Logic::Distinct(Distinct { count, at_least: 2, within_seconds: HOUR, tell }),
};

fn count(cx: &Cx<'_>) -> Option<(u64, u64)> {
    let row = cx.row();
    let [first, second] = row.country;
    let country = u64::from(first) << 8 | u64::from(second);
    // A service that calls on somebody's behalf does so from where it stands.
    let counts = row.key != 0 && country != 0 && !cx.has(Flags::INVOKED_BY_SERVICE);
    counts.then_some((row.key, country))
}

fn tell(story: &Story<'_>) -> Option<Match> {
    let (first, last) = (story.first()?, story.last()?);
    let text = format!(
        "The key {} of {{actor}} was used from {} countries within an hour: first from {}, last from {}.",
        first.caller.access_key, story.distinct, first.address, last.address
    );
    Some(Match::on_caller(first, text).subject(&first.caller.access_key))
}
