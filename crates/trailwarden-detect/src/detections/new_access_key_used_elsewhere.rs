//! An access key is used, within a day of its making, from another place than it was made from.
//!
//! Keys are made to be used on other machines, so another address alone is worth a look and no more;
//! another network or country, which need a GeoIP database, weigh more. Calls that come from a service's
//! name instead of an address say nothing about the place.

use std::collections::BTreeMap;

use crate::draft::FINDINGS_MAX;

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "new-access-key-used-elsewhere",
    title: "New access key used from another place",
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-PE-03"],
    select: Select {
        events: &["*"],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::RecordOf(&["iam:CreateAccessKey"]),
    },
    attack: &["T1098.001", "T1078.004"],
    risk: "A key that leaves the place where it was made may have been made for somebody else.",
    false_positives: &[
        "A key made at a desk for a build server or an application: give the workload a role instead.",
    ],
    remedies: &["deactivate-access-key"],
    needs: Needs::Nothing,
    fires_on: &[
        "mallory iam:CreateAccessKey user/alice issues=AKIANEW ip=192.0.2.10
+5m alice sts:GetCallerIdentity key=AKIANEW ip=203.0.113.9",
        "root iam:CreateAccessKey issues=AKIAROOT ip=192.0.2.10
+23h root ec2:RunInstances key=AKIAROOT ip=203.0.113.9 denied",
        "mallory iam:CreateAccessKey user/alice issues=AKIANEW ip=192.0.2.10 country=DE asn=64500
+5m alice sts:GetCallerIdentity key=AKIANEW ip=203.0.113.9 country=BR asn=64501",
    ],
    quiet_on: &[
        "mallory iam:CreateAccessKey user/alice issues=AKIANEW ip=192.0.2.10
+5m alice sts:GetCallerIdentity key=AKIANEW ip=192.0.2.10",
        "mallory iam:CreateAccessKey user/alice issues=AKIANEW ip=192.0.2.10
+5m alice s3:GetObject key=AKIANEW ip=athena.amazonaws.com",
        "mallory iam:CreateAccessKey user/alice issues=AKIANEW ip=192.0.2.10
+25h alice sts:GetCallerIdentity key=AKIANEW ip=203.0.113.9",
    ],
    logic: Logic::Watch(|| Box::new(NewKeys::new())),
};

/// How far from the place of its making a key was used.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Distance {
    Address,
    Network,
    Country,
}

#[derive(Clone)]
struct NewKeys {
    /// By key: the record that made it, and the farthest use so far.
    made: Recall<(Row, Option<Distance>)>,
    /// By key, for those that were used elsewhere.
    used: BTreeMap<u64, Distance>,
}

impl NewKeys {
    fn new() -> Self {
        Self { made: Recall::new(DAY), used: BTreeMap::new() }
    }
}

impl Watch for NewKeys {
    fn push(&mut self, cx: &Cx<'_>, fires: &mut Vec<Fire>) {
        let row = cx.row();
        if let Some(Call::CreateAccessKey(call)) = cx.event().map(|event| &event.call)
            && let Some(key) = &call.access_key_id
            && cx.succeeded()
            && row.flags.has(Flags::FROM_ADDRESS)
        {
            self.made.note(hash::of(key), row.time(), (*row, None));
        }
        if row.key == 0 || self.made.is_empty() || !row.flags.has(Flags::FROM_ADDRESS) {
            return;
        }
        let Some((made, farthest)) = self.made.get_mut(row.key, row.time()) else { return };
        let Some(distance) = distance(made, row).filter(|far| farthest.is_none_or(|f| *far > f))
        else {
            return;
        };
        *farthest = Some(distance);
        if self.used.len() < FINDINGS_MAX || self.used.contains_key(&row.key) {
            self.used.insert(row.key, distance);
        }
        fires.push(Fire { group: row.key, rows: vec![*made, *row], distinct: 2 });
    }

    fn tell(&self, story: &Story<'_>) -> Option<Match> {
        let (made, used) = (story.named("CreateAccessKey")?, story.last()?);
        let key = made.response("accessKey.accessKeyId")?;
        let owner = made.target()?.name?;
        let (severity, what) = match self.used.get(&hash::of(key))? {
            Distance::Country => (Severity::Critical, "another country"),
            Distance::Network => (Severity::High, "another network"),
            Distance::Address => (Severity::Medium, "another address"),
        };
        let text = format!(
            "{{actor}} created the access key {key} of {owner} from {}; within {} it was used from {what}, {}.",
            made.address,
            story.span(),
            used.address
        );
        Some(Match::on_target(made, text).subject(key).severity(severity))
    }

    fn is_truncated(&self) -> bool {
        self.made.is_truncated()
    }

    fn boxed_clone(&self) -> Box<dyn Watch> {
        Box::new(self.clone())
    }
}

/// `None` for the same address.
fn distance(made: &Row, used: &Row) -> Option<Distance> {
    let unknown = [0; 2];
    if made.address == used.address {
        None
    } else if made.country != used.country && made.country != unknown && used.country != unknown {
        Some(Distance::Country)
    } else if made.asn != used.asn && made.asn != 0 && used.asn != 0 {
        Some(Distance::Network)
    } else {
        Some(Distance::Address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Settings, reference};

    #[test]
    fn a_farther_place_weighs_more() {
        for (used, severity) in [
            ("ip=203.0.113.9", Severity::Medium),
            ("ip=203.0.113.9 country=DE asn=64500", Severity::Medium),
            ("ip=203.0.113.9 country=DE asn=64501", Severity::High),
            ("ip=203.0.113.9 country=BR asn=64501", Severity::Critical),
        ] {
            let trail = format!(
                "mallory iam:CreateAccessKey user/alice issues=AKIANEW country=DE asn=64500
                 alice sts:GetCallerIdentity key=AKIANEW {used}"
            );
            let findings =
                reference::judge_trail(&trail, &[&DETECTION], &Settings::default()).unwrap();
            assert_eq!(findings.len(), 1, "{used}");
            assert_eq!(findings[0].severity, severity, "{used}");
        }
    }
}
