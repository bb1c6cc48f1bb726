//! The credentials of an EC2 instance are used from outside of it.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "instance-credentials-used-elsewhere",
    title: "Instance credentials used from elsewhere",
    severity: Severity::Critical,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-CA-01"],
    select: Select { events: &["*"], outcomes: &[], flags: Flags::FROM_ADDRESS, reads: Reads::Row },
    attack: &["T1552.005"],
    risk: "The credentials that the metadata service hands to the instance have left it; whoever holds them acts as its role until they expire, and can fetch them again.",
    false_positives: &[
        "An instance that leaves through several NAT addresses, or whose public address changed: compare the addresses with those of the VPC.",
        "Somebody who works on the instance itself with keys of a user.",
    ],
    remedies: &["revoke-sessions"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"instance/web/i-0123456789abcdef0 s3:ListBuckets ip=198.51.100.1 key=ASIAWEB
             instance/web/i-0123456789abcdef0 sts:GetCallerIdentity ip=203.0.113.9 key=ASIAWEB"#,
        r#"instance/web/i-0123456789abcdef0 s3:ListBuckets ip=10.0.0.5 key=ASIAWEB
             instance/web/i-0123456789abcdef0 s3:ListBuckets ip=198.51.100.1 key=ASIAWEB
             instance/web/i-0123456789abcdef0 s3:ListBuckets denied ip=203.0.113.9 key=ASIAWEB"#,
        r#"mallory ssm:SendCommand ip=203.0.113.9 ua=tool
             instance/web/i-0123456789abcdef0 sts:GetCallerIdentity ip=203.0.113.9 key=ASIAWEB ua=tool"#,
    ],
    quiet_on: &[
        r#"instance/web/i-0123456789abcdef0 s3:ListBuckets ip=198.51.100.1 key=ASIAWEB
             instance/web/i-0123456789abcdef0 s3:ListBuckets ip=198.51.100.1 key=ASIAWEB
             +6h instance/web/i-0123456789abcdef0 s3:ListBuckets ip=198.51.100.1 key=ASIAWEB2"#,
        r#"instance/web/i-0123456789abcdef0 s3:ListBuckets ip=198.51.100.1 key=ASIAWEB
             instance/web/i-0123456789abcdef0 ec2:DescribeInstances ip=10.0.0.5 key=ASIAWEB
             instance/web/i-0123456789abcdef0 kms:Decrypt via=s3.amazonaws.com key=ASIAWEB"#,
        r#"instance/web/i-0123456789abcdef0 s3:ListBuckets ip=198.51.100.1 key=ASIAWEB
             instance/web/i-0123456789abcdef0 s3:ListBuckets ip=2001:db8::7 key=ASIAWEB"#,
        r#"alice ec2:DescribeInstances ip=198.51.100.1
             +1h instance/web/i-0123456789abcdef0 s3:ListBuckets ip=198.51.100.1 key=ASIAWEB0
             +1h instance/web/i-0123456789abcdef0 s3:ListBuckets ip=198.51.100.1 key=ASIAWEB1
             +1h instance/web/i-0123456789abcdef0 s3:ListBuckets ip=198.51.100.1 key=ASIAWEB2
             +1h instance/web/i-0123456789abcdef0 s3:ListBuckets ip=198.51.100.1 key=ASIAWEB3
             +1h instance/web/i-0123456789abcdef0 s3:ListBuckets ip=198.51.100.1 key=ASIAWEB4
             +1h instance/web/i-0123456789abcdef0 s3:ListBuckets ip=198.51.100.1 key=ASIAWEB5"#,
    ],
    logic: Logic::Watch(|| Box::new(Instances::new())),
};

/// A set of instance credentials lasts at most six hours.
const CREDENTIALS_SECONDS: i64 = 6 * HOUR;
/// How long an address is remembered as a person's.
const PERSON_SECONDS: i64 = DAY;
/// An address from which more sets of instance credentials come than a thief would need is an exit of
/// the network, which people may share.
const EXIT_AT: u32 = 4;
/// Addresses that are followed at once for how many sets come from them.
const COUNTED_SECONDS: i64 = 30 * DAY;

/// The log does not say which addresses are an instance's own. Two things betray a theft all the
/// same: one set of credentials used from two public addresses, and one used from the address of a
/// user who is at work there.
#[derive(Clone)]
struct Instances {
    /// The first public record of each set of credentials.
    first: Recall<Row>,
    /// The last record of a user, by address.
    people: Recall<Row>,
    /// How many sets came from an address, which tells an exit from a thief.
    sets: Recall<u32>,
}

impl Instances {
    fn new() -> Self {
        Self {
            first: Recall::new(CREDENTIALS_SECONDS),
            people: Recall::new(PERSON_SECONDS),
            sets: Recall::new(COUNTED_SECONDS),
        }
    }
}

impl Watch for Instances {
    fn push(&mut self, cx: &Cx<'_>, fires: &mut Vec<Fire>) {
        let row = *cx.row();
        let public = !cx.has(Flags::FROM_PRIVATE);
        if !public || cx.has(Flags::INVOKED_BY_SERVICE) || row.key == 0 {
            return;
        }
        if !cx.has(Flags::INSTANCE_SESSION) {
            if cx.has(Flags::USER) {
                self.people.note(row.address, row.time(), row);
            }
            return;
        }
        if let Some(first) = self.first.get(row.key, row.time()) {
            if first.address != row.address {
                fires.push(Fire { group: row.key, rows: vec![*first, row], distinct: 2 });
            }
            return;
        }
        self.first.note(row.key, row.time(), row);
        let sets = self.sets.get(row.address, row.time()).copied().unwrap_or_default();
        self.sets.note(row.address, row.time(), sets.saturating_add(1));
        let person =
            self.people.get(row.address, row.time()).filter(|person| person.account == row.account);
        if let Some(person) = person {
            fires.push(Fire { group: row.key, rows: vec![*person, row], distinct: 1 });
        }
    }

    fn tell(&self, story: &Story<'_>) -> Option<Match> {
        let used = story.last()?;
        let mut addresses: Vec<&str> = Vec::new();
        for event in
            story.events.iter().filter(|event| event.caller.access_key == used.caller.access_key)
        {
            if !addresses.contains(&event.address.as_str()) {
                addresses.push(&event.address);
            }
        }
        if addresses.len() < 2 {
            return self.beside_a_person(story, used);
        }
        // An instance with both kinds of address uses both.
        let (six, four): (Vec<&str>, Vec<&str>) =
            addresses.iter().partition(|address| address.contains(':'));
        if six.len() <= 1 && four.len() <= 1 {
            return None;
        }
        let text = format!(
            "The credentials of {} were used from {} public addresses within {}: {}.",
            instance(used),
            addresses.len(),
            story.span(),
            addresses.join(", ")
        );
        Some(about(used, text))
    }

    fn is_truncated(&self) -> bool {
        self.first.is_truncated() || self.people.is_truncated() || self.sets.is_truncated()
    }

    fn boxed_clone(&self) -> Box<dyn Watch> {
        Box::new(self.clone())
    }
}

impl Instances {
    fn beside_a_person(&self, story: &Story<'_>, used: &Event) -> Option<Match> {
        let sets = self.sets.get(hash::of(&used.address), story.last_time);
        if sets.copied().unwrap_or_default() >= EXIT_AT {
            return None;
        }
        let person = story.events.iter().find(|event| event.caller.kind == CallerKind::User)?;
        // One program with two sets of credentials is hardly a coincidence.
        let (how, confidence) = if person.user_agent == used.user_agent {
            (" with the same user agent", Confidence::Medium)
        } else {
            ("", Confidence::Low)
        };
        let text = format!(
            "The credentials of {} were used from {}, where user {} was at work{how}.",
            instance(used),
            used.address,
            person.caller.name()
        );
        Some(about(used, text).confidence(confidence))
    }
}

fn instance(used: &Event) -> String {
    let name = used.caller.session_name().unwrap_or("of unknown id");
    format!("instance {name} (role {})", used.caller.name())
}

fn about(used: &Event, text: String) -> Match {
    Match::on_caller(used, text).by_last().subject(&used.caller.arn)
}
