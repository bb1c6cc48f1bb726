//! Findings about log files.

use std::collections::BTreeMap;

use trailwarden_model::Timestamp;
use trailwarden_record::integrity::LogName;
use trailwarden_record::integrity::chain::covered;

use super::Known;
use super::draft::{Draft, url};
use crate::verify::listed::is_within;
use crate::verify::logs::{Checked, State};
use crate::verify::rules;

/// Tells what is wrong with log files; the number of those that no digest names.
pub(super) fn tell(known: &Known<'_>, drafts: &mut Vec<Draft>) -> u64 {
    drafts.extend(known.logs.checked.iter().filter_map(|log| wrong(known, log)));
    if known.held.is_empty() {
        return unnamed(known, &mut Vec::new());
    }
    unnamed(known, drafts)
}

fn wrong(known: &Known<'_>, log: &Checked<'_>) -> Option<Draft> {
    let delivered = url(&log.named.bucket, &log.named.object);
    let by = &known.held.get(log.named_by)?.path;
    let here = log.found.map(|file| file.path.as_str()).unwrap_or(delivered.as_str());
    let (rule, explanation) = match &log.state {
        State::Valid | State::Unproven | State::Unread(_) => return None,
        State::Changed(sum) => (
            &rules::LOG_CHANGED,
            format!(
                "{here} has the SHA-256 sum {sum}; the digest {by} says {} of {delivered}.",
                log.named.sum
            ),
        ),
        State::Damaged(cause) => (
            &rules::LOG_DAMAGED,
            format!("{here}, which the digest {by} names as {delivered}: {cause}."),
        ),
        State::Missing => {
            let elsewhere = log
                .found
                .err()
                .flatten()
                .map(|file| format!(" A file of its name lies elsewhere: {}.", file.path));
            let elsewhere = elsewhere.unwrap_or_default();
            let text = format!("The digest {by} names {delivered}, which is not here.{elsewhere}");
            (&rules::LOG_MISSING, text)
        }
    };
    let name = LogName::parse(&log.named.object);
    let time = name.as_ref().map(|name| name.delivered);
    let time = time.or_else(|| known.digest(log.named_by).map(|digest| digest.end));
    Some(Draft::of_log(rule, name.as_ref(), delivered, time.unwrap_or_default(), explanation))
}

/// Log files of one region that no digest covers.
struct Uncovered<'a> {
    count: u64,
    first: (Timestamp, &'a str),
    last: (Timestamp, &'a str),
}

fn unnamed(known: &Known<'_>, drafts: &mut Vec<Draft>) -> u64 {
    let stretches = covered(known.held, known.judged);
    let mut regions: BTreeMap<(&str, &str), Uncovered<'_>> = BTreeMap::new();
    let mut total = 0;
    for (object, name) in known.listed.logs().filter(|(object, _)| !known.logs.is_named(object)) {
        total += 1;
        let region = (name.account.clone(), name.region.clone());
        let stretches = stretches.get(&region).map(Vec::as_slice).unwrap_or_default();
        // Digests of other logs than those of events are not documented.
        if name.kind == "CloudTrail" && is_within(name.delivered, stretches) {
            let explanation = format!(
                "{} was delivered at {} by its name, and no digest of that time names it.",
                object.path, name.delivered
            );
            let path = object.path.clone();
            let rule = &rules::LOG_UNLISTED;
            drafts.push(Draft::of_log(rule, Some(name), path, name.delivered, explanation));
            continue;
        }
        let here = (name.delivered, object.path.as_str());
        let region = (name.account.as_str(), name.region.as_str());
        let entry =
            regions.entry(region).or_insert(Uncovered { count: 0, first: here, last: here });
        entry.count += 1;
        entry.first = entry.first.min(here);
        entry.last = entry.last.max(here);
    }
    for (region, Uncovered { count, first, last }) in regions {
        let explanation = match count {
            1 => format!("No digest here covers {}.", first.1),
            _ => format!("No digest here covers {count} log files from {} to {}.", first.1, last.1),
        };
        let times = (first.0, last.0);
        drafts.push(Draft::of_logs(&rules::LOGS_UNCOVERED, region, times, explanation));
    }
    total
}
