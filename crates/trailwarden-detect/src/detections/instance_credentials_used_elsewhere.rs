//! The credentials of an EC2 instance are used from outside of it.

use std::net::IpAddr;

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
        r#"instance/web/i-0123456789abcdef0 s3:ListBuckets ip=10.0.0.5 key=ASIAA
             +30h instance/web/i-0123456789abcdef0 s3:ListBuckets ip=10.0.0.5 key=ASIAB
             instance/web/i-0123456789abcdef0 iam:ListRoles denied ip=203.0.113.9 key=ASIAB"#,
        r#"instance/web/i-0123456789abcdef0 s3:ListBuckets ip=198.51.100.1 key=ASIAWEB
             instance/web/i-0123456789abcdef0 sts:GetCallerIdentity ip=203.0.113.9 key=ASIAWEB"#,
        r#"instance/web/i-0123456789abcdef0 s3:ListBuckets ip=10.0.0.5 key=ASIAWEB
             instance/web/i-0123456789abcdef0 s3:ListBuckets ip=198.51.100.1 key=ASIAWEB
             instance/web/i-0123456789abcdef0 s3:ListBuckets denied ip=203.0.113.9 key=ASIAWEB"#,
        r#"mallory ssm:SendCommand ip=203.0.113.9 ua=tool
             instance/web/i-0123456789abcdef0 sts:GetCallerIdentity ip=203.0.113.9 key=ASIAWEB ua=tool"#,
    ],
    quiet_on: &[
        // By the second day both exits are known.
        r#"instance/web/i-0123456789abcdef0 s3:ListBuckets ip=198.51.100.1 key=ASIAA
             +8h instance/web/i-0123456789abcdef0 s3:ListBuckets ip=198.51.100.2 key=ASIAB
             +20h instance/web/i-0123456789abcdef0 s3:ListBuckets ip=198.51.100.1 key=ASIAC
             instance/web/i-0123456789abcdef0 s3:ListBuckets ip=198.51.100.2 key=ASIAC"#,
        r#"instance/web/i-0123456789abcdef0 s3:ListBuckets ip=10.0.0.5 key=ASIAA
             instance/web/i-0123456789abcdef0 s3:ListBuckets ip=198.51.100.1 key=ASIAA
             +30h instance/web/i-0123456789abcdef0 s3:ListBuckets ip=10.0.0.5 key=ASIAB
             instance/web/i-0123456789abcdef0 s3:ListBuckets ip=198.51.100.1 key=ASIAB"#,
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
        r#"instance/web/i-0123456789abcdef0 s3:ListBuckets ip=198.51.100.1 key=ASIAWEB
             instance/web/i-0123456789abcdef0 kms:Decrypt via=s3.amazonaws.com ip=203.0.113.9 key=ASIAWEB"#,
    ],
    logic: Logic::Watch(|| Box::new(Instances::new())),
};

/// A set of instance credentials lasts at most six hours.
const CREDENTIALS_SECONDS: i64 = 6 * HOUR;
/// How long an address is remembered as a person's.
const PERSON_SECONDS: i64 = DAY;
/// How long the exits of a role's instances are remembered.
const EXITS_SECONDS: i64 = 30 * DAY;
/// A role whose instances were seen for so long has shown by which exits they leave.
const KNOWN_AFTER_SECONDS: i64 = DAY;
/// An address from which more sets of instance credentials come than a thief would need is an exit of
/// the network, which people may share.
const EXIT_AT: u32 = 4;
/// How many exits of a role are told apart.
const EXITS_MAX: usize = 32;

/// The log does not say which addresses are an instance's own. Three things betray a theft all the
/// same: one set of credentials used from two public addresses; one used inside of the network, and
/// from an address by which the role's instances never left it; and one used from the address of a
/// user who is at work there.
#[derive(Clone)]
struct Instances {
    /// The first public record of each set of credentials.
    outside: Recall<Row>,
    /// The first record of each set from a private address.
    inside: Recall<Row>,
    /// The public addresses of each role's instances, with the first set that came from there.
    exits: Recall<Vec<(u64, u64)>>,
    /// The last record of a user, by address.
    people: Recall<Row>,
    /// How many sets came from an address first, which tells an exit from a thief.
    sets: Recall<u32>,
    /// Sets that were found elsewhere, with the address: what they do next is evidence too.
    found: Recall<u64>,
}

impl Instances {
    fn new() -> Self {
        Self {
            outside: Recall::new(CREDENTIALS_SECONDS),
            inside: Recall::new(CREDENTIALS_SECONDS),
            exits: Recall::new(EXITS_SECONDS),
            people: Recall::new(PERSON_SECONDS),
            sets: Recall::new(EXITS_SECONDS),
            found: Recall::new(CREDENTIALS_SECONDS),
        }
    }

    /// The earlier record that makes this one suspicious, if there is one.
    fn contradiction(&mut self, cx: &Cx<'_>) -> Option<Row> {
        let row = cx.row();
        let now = row.time();
        let exits = self.exits.get(row.actor, now).map(Vec::as_slice).unwrap_or_default();
        // An exit is known when another set of credentials came that way first.
        let known =
            |address: u64| exits.iter().any(|(exit, key)| *exit == address && *key != row.key);
        if let Some(first) = self.outside.get(row.key, now) {
            let is_elsewhere = first.address != row.address;
            return (is_elsewhere && !(known(first.address) && known(row.address)))
                .then_some(*first);
        }
        self.outside.note(row.key, now, *row);
        let sets = self.sets.get(row.address, now).copied().unwrap_or_default();
        self.sets.note(row.address, now, sets.saturating_add(1));
        let is_known = known(row.address);
        if !is_known && exits.len() < EXITS_MAX {
            let mut exits = exits.to_vec();
            exits.push((row.address, row.key));
            self.exits.note(row.actor, now, exits);
        }
        let role_known = cx
            .history()
            .actor(row)
            .is_some_and(|seen| now.since(seen.first) >= KNOWN_AFTER_SECONDS);
        let inside = self.inside.get(row.key, now).filter(|_| role_known && !is_known);
        let person =
            self.people.get(row.address, now).filter(|person| person.account == row.account);
        inside.or(person).copied()
    }
}

impl Watch for Instances {
    fn push(&mut self, cx: &Cx<'_>, fires: &mut Vec<Fire>) {
        let row = cx.row();
        if cx.has(Flags::INVOKED_BY_SERVICE) || row.key == 0 {
            return;
        }
        match (cx.has(Flags::INSTANCE_SESSION), cx.has(Flags::FROM_PRIVATE)) {
            (true, true) if self.inside.get(row.key, row.time()).is_none() => {
                self.inside.note(row.key, row.time(), *row);
            }
            (true, false) => {
                if self.found.get(row.key, row.time()) == Some(&row.address) {
                    fires.push(Fire { group: row.key, rows: vec![*row], distinct: 2 });
                } else if let Some(earlier) = self.contradiction(cx) {
                    self.found.note(row.key, row.time(), row.address);
                    fires.push(Fire { group: row.key, rows: vec![earlier, *row], distinct: 2 });
                }
            }
            (false, false) if cx.has(Flags::USER) => {
                self.people.note(row.address, row.time(), *row)
            }
            _ => {}
        }
    }

    fn tell(&self, story: &Story<'_>) -> Option<Match> {
        let used = story.last()?;
        if let Some(person) =
            story.events.iter().find(|event| event.caller.kind == CallerKind::User)
        {
            return self.beside(person, used, story.last_time);
        }
        let mut addresses: Vec<&str> = Vec::new();
        for event in story.events {
            if !addresses.contains(&event.address.as_str()) {
                addresses.push(&event.address);
            }
        }
        let (inside, outside): (Vec<&str>, Vec<&str>) =
            addresses.iter().partition(|address| is_private(address));
        if let Some(inside) = inside.first() {
            if self.is_exit(used, story.last_time) {
                return None;
            }
            let text = format!(
                "The credentials of {}, which were at work inside of the network ({inside}), were used from {}; no instance of the \
                 role had left by that address.",
                instance(used),
                outside.join(", ")
            );
            return Some(about(used, text));
        }
        // An instance with both kinds of address uses both.
        let (six, four): (Vec<&str>, Vec<&str>) =
            outside.iter().partition(|address| address.contains(':'));
        if six.len() <= 1 && four.len() <= 1 {
            return None;
        }
        let text = format!(
            "The credentials of {} were used from {} public addresses within {}: {}.",
            instance(used),
            outside.len(),
            story.span(),
            outside.join(", ")
        );
        Some(about(used, text))
    }

    fn is_truncated(&self) -> bool {
        let rows = [&self.outside, &self.inside, &self.people];
        rows.iter().any(|recall| recall.is_truncated())
            || self.exits.is_truncated()
            || self.sets.is_truncated()
    }

    fn boxed_clone(&self) -> Box<dyn Watch> {
        Box::new(self.clone())
    }
}

impl Instances {
    /// Whether by the end of the logs the address turned out to be an exit of the network.
    fn is_exit(&self, used: &Event, now: Timestamp) -> bool {
        let sets = self.sets.get(hash::of(&used.address), now);
        sets.is_some_and(|sets| *sets >= EXIT_AT)
    }

    fn beside(&self, person: &Event, used: &Event, now: Timestamp) -> Option<Match> {
        if self.is_exit(used, now) {
            return None;
        }
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

fn is_private(address: &str) -> bool {
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => ip.is_private() || ip.is_link_local() || ip.is_loopback(),
        Ok(IpAddr::V6(ip)) => {
            ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_loopback()
        }
        Err(_) => false,
    }
}

fn instance(used: &Event) -> String {
    let name = used.caller.session_name().unwrap_or("of unknown id");
    format!("instance {name} (role {})", used.caller.name())
}

fn about(used: &Event, text: String) -> Match {
    Match::on_caller(used, text).by_last().subject(&used.caller.arn)
}
