//! Words that the formats for people share: times, counts, who did what to whom.
//!
//! Everything that comes out of here has been through [`escape::visible`]; what a format must
//! escape on top of that, it does itself.

use std::borrow::Cow;
use std::collections::BTreeMap;

use trailwarden_model::finding::{Kind, Party};
use trailwarden_model::{Finding, Reject, Report, Severity, Summary, Timestamp, escape};

use super::{Style, integrity};

/// A time in the reader's zone, with the zone's name.
pub(super) fn time(time: Timestamp, style: &Style) -> String {
    format!("{} {}", time.display_in(&style.zone), zone(style))
}

/// A stretch of time, or one time when it begins and ends in the same second.
pub(super) fn period(first: Timestamp, last: Timestamp, style: &Style) -> String {
    if first == last {
        return time(first, style);
    }
    let (from, to) = (first.display_in(&style.zone), last.display_in(&style.zone));
    // The day is said once when both ends share it.
    let to = match (from.split_once(' '), to.split_once(' ')) {
        (Some((day, _)), Some((same, clock))) if day == same => clock,
        _ => &to,
    };
    format!("{from} to {to} {}", zone(style))
}

/// The name of the reader's zone.
pub(super) fn zone(style: &Style) -> Cow<'_, str> {
    escape::visible(&style.zone_name)
}

/// `1,234,567`.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 record`, `1,234 records`: the noun takes an `s`.
pub(super) fn counted(number: u64, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{} {noun}{ending}", count(number))
}

/// Bytes in the unit that a person would say.
pub(super) fn bytes(number: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    for (size, unit) in UNITS {
        if number >= size {
            let tenths = number / (size / 10);
            return format!("{}.{} {unit}", count(tenths / 10), tenths % 10);
        }
    }
    format!("{number} B")
}

/// Findings for reading: most severe first, then oldest first, then by id.
pub(super) fn ordered(report: &Report) -> Vec<&Finding> {
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    findings.sort_by(|a, b| {
        let key = |f: &Finding| (std::cmp::Reverse(f.severity), f.first_time);
        key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id))
    });
    findings
}

/// How many findings there are of each severity, most severe first; all five are listed.
pub(super) fn tally(findings: &[Finding]) -> Vec<(Severity, u64)> {
    let mut counts: BTreeMap<Severity, u64> = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.severity).or_default() += 1;
    }
    let of = |severity| counts.get(&severity).copied().unwrap_or_default();
    Severity::ALL.into_iter().rev().map(|severity| (severity, of(severity))).collect()
}

/// `7 findings: 1 critical, 2 high`.
pub(super) fn headline(report: &Report) -> String {
    let total = report.findings.len() as u64;
    if total == 0 {
        return "No findings".to_owned();
    }
    let parts: Vec<String> = tally(&report.findings)
        .into_iter()
        .filter(|(_, number)| *number > 0)
        .map(|(severity, number)| format!("{} {}", count(number), severity.as_str()))
        .collect();
    format!("{}: {}", counted(total, "finding"), parts.join(", "))
}

/// What no findings means, and what it does not.
pub(super) fn nothing_found(summary: &Summary) -> String {
    if let Some(verified) = &summary.integrity {
        return integrity::nothing_found(verified);
    }
    let judged =
        summary.records.saturating_sub(summary.duplicates).saturating_sub(summary.filtered);
    if summary.records == 0 {
        return "No records were read, so nothing could be judged.".to_owned();
    }
    if judged == 0 {
        return "All records were left out by the time or account filters, so nothing was judged."
            .to_owned();
    }
    let hidden = summary.change_policies.as_ref().map_or(0, |used| used.hidden_findings);
    if hidden > 0 {
        return format!(
            "Change policies permit what was done in {}, which {} not listed; nothing is left to list. That is not \
             proof that nothing happened: detections see what the logs hold.",
            counted(hidden, "finding"),
            if hidden == 1 { "is" } else { "are" }
        );
    }
    format!(
        "None of the detections that ran matched {}. That is not proof that nothing happened: \
         what the logs do not hold cannot be seen here.",
        counted(judged, "record")
    )
}

/// `35 files (1.2 MB, 14.9 MB inflated), 12,345 records, 12 duplicates`.
pub(super) fn volume(summary: &Summary) -> String {
    if summary.integrity.is_some() {
        let files = counted(summary.files, "file");
        return format!("{files} ({})", bytes(summary.bytes_stored));
    }
    let mut text = format!(
        "{} ({}, {} inflated), {}",
        counted(summary.files, "file"),
        bytes(summary.bytes_stored),
        bytes(summary.bytes_inflated),
        counted(summary.records, "record")
    );
    if summary.duplicates > 0 {
        text.push_str(&format!(", {}", counted(summary.duplicates, "duplicate")));
    }
    if summary.filtered > 0 {
        text.push_str(&format!(", {} left out by filters", count(summary.filtered)));
    }
    if summary.skipped_files > 0 {
        text.push_str(&format!(", {} without records", counted(summary.skipped_files, "file")));
    }
    text
}

/// The period of the records that were read.
pub(super) fn covered(summary: &Summary, style: &Style) -> Option<String> {
    Some(period(summary.first_time?, summary.last_time?, style))
}

/// A principal or resource in a few words: `mallory (user)`. None when nothing is known.
pub(super) fn party(party: &Party) -> Option<String> {
    if *party == Party::default() {
        return None;
    }
    let label = escape::visible(party.label());
    Some(match party.kind.as_deref() {
        Some(kind) if kind != party.label() => {
            format!("{label} ({})", escape::visible(&kind.replace('_', " ")))
        }
        _ => label.into_owned(),
    })
}

/// Who did it, by what session and from where; none when the finding is not about anybody.
pub(super) fn actor(finding: &Finding) -> Option<String> {
    let is_about_a_deed = !matches!(finding.kind, Kind::Verify | Kind::Posture | Kind::Lint);
    let is_known = finding.actor != Party::default();
    if !is_known && (!is_about_a_deed || finding.target == Party::default()) {
        return None;
    }
    let mut text = acting(&finding.actor).unwrap_or_else(|| "unknown actor".to_owned());
    if let Some(address) = &finding.actor.address {
        text.push_str(&format!(" from {}", escape::visible(address)));
    }
    Some(text)
}

/// An actor and by what session. None when nothing is known.
pub(super) fn acting(actor: &Party) -> Option<String> {
    let mut text = party(actor)?;
    if let Some(session) = &actor.session {
        let short = session.split_once(":assumed-role/").map_or(session.as_str(), |(_, tail)| tail);
        if let Some(person) = identity_center_person(actor, short) {
            text = format!("{} through {text}", escape::visible(person));
        } else if short != actor.label() {
            text.push_str(&format!(" as {}", escape::visible(short)));
        }
    }
    Some(text)
}

/// The person in a session of a role that Identity Center provisions: it names the session after them,
/// and a long role name must not cut them off.
fn identity_center_person<'a>(actor: &Party, session: &'a str) -> Option<&'a str> {
    let (role, person) = session.split_once('/')?;
    let is_own = role.starts_with("AWSReservedSSO_") && actor.name.as_deref() == Some(role);
    (is_own && !person.is_empty()).then_some(person)
}

/// What it was done to, with its account when that is another one.
pub(super) fn target(finding: &Finding) -> Option<String> {
    let text = party(&finding.target)?;
    match (&finding.target.account, &finding.account) {
        (Some(theirs), here) if Some(theirs) != here.as_ref() => {
            Some(format!("{text} of account {}", escape::visible(theirs)))
        }
        _ => Some(text),
    }
}

/// The account and region of a finding, as far as they are known.
pub(super) fn place(finding: &Finding) -> String {
    let account = match &finding.account {
        Some(account) => format!("account {}", escape::visible(account)),
        None => "account unknown".to_owned(),
    };
    match &finding.region {
        Some(region) => format!("{account}, {}", escape::visible(region)),
        None => account,
    }
}

/// Names of the events in the evidence with their numbers, most frequent first.
pub(super) fn event_names(finding: &Finding) -> Vec<(Cow<'_, str>, u64)> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for record in &finding.evidence {
        *counts.entry(&record.event_name).or_default() += 1;
    }
    let mut names: Vec<(&str, u64)> = counts.into_iter().collect();
    names.sort_by_key(|(_, number)| std::cmp::Reverse(*number));
    names.into_iter().map(|(name, number)| (escape::visible(name), number)).collect()
}

/// Where a reject lies in its file.
pub(super) fn reject_place(reject: &Reject) -> String {
    let mut text = match reject.file.as_str() {
        "-" => "standard input".to_owned(),
        file => escape::visible(file).into_owned(),
    };
    if let Some(record) = reject.record {
        text.push_str(&format!(", record {record}"));
    }
    if let Some(offset) = reject.offset {
        text.push_str(&format!(", byte {offset}"));
    }
    text
}

/// How many things could not be read, listed or not.
pub(super) fn rejects_total(report: &Report) -> u64 {
    report.summary.rejects.max(report.rejects.len() as u64)
}

/// Detections that were off, gathered by their reason.
pub(super) fn off_by_reason(summary: &Summary) -> Vec<(Cow<'_, str>, Vec<Cow<'_, str>>)> {
    let mut reasons: BTreeMap<&str, Vec<Cow<'_, str>>> = BTreeMap::new();
    for off in &summary.off {
        reasons.entry(&off.reason).or_default().push(escape::visible(&off.rule));
    }
    reasons.into_iter().map(|(reason, rules)| (escape::visible(reason), rules)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(count(999), "999");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(counted(1, "record"), "1 record");
        assert_eq!(counted(0, "record"), "0 records");
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(1_250_000), "1.2 MB");
    }

    #[test]
    fn a_person_of_identity_center_comes_before_the_role() {
        let mut finding = crate::formats::testkit::plain_finding();
        finding.actor = Party {
            kind: Some("role".to_owned()),
            name: Some("AWSReservedSSO_Admin_0a1b".to_owned()),
            session: Some(
                "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_0a1b/alice".to_owned(),
            ),
            ..Party::default()
        };
        assert_eq!(actor(&finding).unwrap(), "alice through AWSReservedSSO_Admin_0a1b (role)");
        finding.actor.name = Some("deploy".to_owned());
        assert_eq!(actor(&finding).unwrap(), "deploy (role) as AWSReservedSSO_Admin_0a1b/alice");
    }

    #[test]
    fn a_period_names_its_day_once_and_its_zone() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let mut style = Style::default();
        let (first, last) = (at("2026-03-01T22:30:00Z"), at("2026-03-01T23:30:00Z"));
        assert_eq!(period(first, first, &style), "2026-03-01 22:30:00 UTC");
        assert_eq!(period(first, last, &style), "2026-03-01 22:30:00 to 23:30:00 UTC");
        style.zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(1));
        style.zone_name = "+01".to_owned();
        assert_eq!(period(first, last, &style), "2026-03-01 23:30:00 to 2026-03-02 00:30:00 +01");
    }
}
