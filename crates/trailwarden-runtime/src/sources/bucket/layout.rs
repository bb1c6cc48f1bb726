//! What the keys of log files say: organization, account, kind, region and day, level by level.
//!
//! `[prefix/]AWSLogs/[o-ORGANIZATION/]ACCOUNT/CloudTrail[-...]/REGION/YYYY/MM/DD/FILE` (CloudTrail User
//! Guide, "Finding your CloudTrail log files").
//!
//! A file is delivered after what it tells of, usually within a quarter of an hour, and its name and its day
//! are those of the delivery. So days are asked for from that of `since` on, and up to a day after `until`.

use trailwarden_model::time::{DAY, HOUR};
use trailwarden_model::{AccountId, Timestamp};
use trailwarden_record::integrity::{DigestName, LogName};

use super::Wanted;

/// How much earlier than `since` a file may be named. None was seen that is; clocks differ.
const EARLIER: i64 = HOUR;
/// How much later than `until` files are looked for.
const LATER: i64 = DAY;
/// More months than these are not each asked for.
const MONTHS_MAX: u32 = 12;
/// The name of the folder with digests.
const DIGESTS: &str = "CloudTrail-Digest";

/// What a folder holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Level {
    /// Something above the layout, or beside it.
    Unknown,
    /// Organizations and accounts.
    Accounts,
    /// CloudTrail and other services.
    Services,
    /// Regions of one kind of files.
    Regions,
    /// Years of one region.
    Years,
    /// Months of one year.
    Months,
    /// Days of one month.
    Days,
    /// Files of one day.
    Files,
    /// Something of another service.
    Foreign,
}

/// A folder by its parts.
struct Parts<'k> {
    account: Option<&'k str>,
    kind: Option<&'k str>,
    region: Option<&'k str>,
    /// Year, month and day, as far as there are.
    date: Vec<&'k str>,
}

/// The parts of a folder below `AWSLogs`.
fn parts(folder: &str) -> Option<Parts<'_>> {
    let mut all = folder.trim_end_matches('/').split('/');
    all.by_ref().find(|part| *part == "AWSLogs")?;
    let mut rest = all.skip_while(|part| part.starts_with("o-"));
    let (account, kind, region) = (rest.next(), rest.next(), rest.next());
    Some(Parts { account, kind, region, date: rest.collect() })
}

/// What a folder, which ends with a slash or is empty, holds.
pub(super) fn level(folder: &str) -> Level {
    let Some(parts) = parts(folder) else { return Level::Unknown };
    match parts {
        Parts { account: None, .. } => Level::Accounts,
        Parts { account: Some(account), .. } if AccountId::parse(account).is_none() => {
            Level::Foreign
        }
        Parts { kind: None, .. } => Level::Services,
        Parts { kind: Some(kind), .. } if !kind.starts_with("CloudTrail") => Level::Foreign,
        Parts { region: None, .. } => Level::Regions,
        Parts { date, .. } if !is_date(&date) => Level::Unknown,
        Parts { date, .. } => match date.len() {
            0 => Level::Years,
            1 => Level::Months,
            2 => Level::Days,
            3 => Level::Files,
            _ => Level::Unknown,
        },
    }
}

/// Whether these are a year, a month and a day, as far as there are.
fn is_date(parts: &[&str]) -> bool {
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    parts.iter().zip([4, 2, 2]).all(|(part, digits)| part.len() == digits && is_number(part))
}

/// The days that are asked for, as keys write them: `2026/03/01`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Days {
    pub(super) first: Option<String>,
    pub(super) last: Option<String>,
}

impl Days {
    pub(super) fn of(wanted: &Wanted) -> Self {
        let day = |time: Timestamp| time.to_string().chars().take(10).collect::<String>();
        let day = |time: Timestamp| day(time).replace('-', "/");
        Self {
            first: wanted.since.map(|since| day(since.plus(-EARLIER))),
            last: wanted.until.map(|until| day(until.plus(LATER))),
        }
    }

    /// Whether a part of a year, a month or a day may be among them.
    fn touches(&self, date: &str) -> bool {
        let cut = |day: &str| day.get(..date.len()).unwrap_or(day).to_owned();
        self.first.as_deref().is_none_or(|first| date >= cut(first).as_str())
            && self.last.as_deref().is_none_or(|last| date <= cut(last).as_str())
    }

    /// All months of a time that has both ends, if they are few: `2026/03/`. Of many it takes less to ask
    /// which there are.
    pub(super) fn months(&self) -> Option<Vec<String>> {
        let number = |day: &str| -> Option<u32> {
            let (year, rest) = day.split_once('/')?;
            Some(year.parse::<u32>().ok()? * 12 + rest.get(..2)?.parse::<u32>().ok()? - 1)
        };
        let (first, last) = (number(self.first.as_deref()?)?, number(self.last.as_deref()?)?);
        if last.saturating_sub(first) >= MONTHS_MAX {
            return None;
        }
        Some((first..=last).map(|at| format!("{:04}/{:02}/", at / 12, at % 12 + 1)).collect())
    }

    /// Of a folder of a month: behind which key its days begin, and behind which they end.
    pub(super) fn within(&self, month: &str) -> (Option<String>, Option<String>) {
        let of = |day: &Option<String>| {
            let day = day.as_deref()?;
            // `2026/03/` at the end of the folder.
            let date = month.get(month.len().checked_sub(8)?..)?;
            Some(format!("{month}{}", day.strip_prefix(date)?))
        };
        // A tilde is behind a slash.
        (of(&self.first), of(&self.last).map(|last| format!("{last}~")))
    }
}

/// Whether a folder below `AWSLogs` may hold what is asked for.
pub(super) fn wants_folder(folder: &str, wanted: &Wanted, days: &Days) -> bool {
    let Some(parts) = parts(folder) else { return true };
    let is_account = parts.account.is_none_or(|account| wants_account(account, wanted));
    let is_kind = parts.kind.is_none_or(|kind| wanted.digests || kind != DIGESTS);
    let is_region = parts.region.is_none_or(|region| wants_region(region, wanted));
    let is_time = !is_date(&parts.date) || days.touches(&parts.date.join("/"));
    is_account && is_kind && is_region && is_time
}

/// Whether an object may hold what is asked for, by its name.
pub(super) fn wants_object(key: &str, wanted: &Wanted) -> bool {
    if key.ends_with('/') {
        return false;
    }
    if let Some(name) = DigestName::parse(key) {
        let chain = &name.chain;
        return wanted.digests
            && wants_account(&chain.account, wanted)
            && wants_region(&chain.region, wanted);
    }
    let Some(name) = LogName::parse(key) else { return true };
    wants_account(&name.account, wanted)
        && wants_region(&name.region, wanted)
        && wanted.since.is_none_or(|since| name.delivered >= since.plus(-EARLIER))
        && wanted.until.is_none_or(|until| name.delivered <= until.plus(LATER))
}

fn wants_account(account: &str, wanted: &Wanted) -> bool {
    let is_asked = |asked: &AccountId| asked.to_string() == account;
    wanted.accounts.is_empty() || wanted.accounts.iter().any(is_asked)
}

fn wants_region(region: &str, wanted: &Wanted) -> bool {
    wanted.regions.is_empty() || wanted.regions.iter().any(|asked| asked == region)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(since: &str, until: &str) -> Wanted {
        let time = |text: &str| Timestamp::parse(text);
        Wanted { since: time(since), until: time(until), ..Wanted::default() }
    }

    #[test]
    fn a_folder_tells_its_level() {
        for (folder, expected) in [
            ("", Level::Unknown),
            ("x/", Level::Unknown),
            ("AWSLogs/", Level::Accounts),
            ("p/q/AWSLogs/o-exampleorgid/", Level::Accounts),
            ("AWSLogs/o-a/111122223333/", Level::Services),
            ("AWSLogs/111122223333/CloudTrail/", Level::Regions),
            ("AWSLogs/111122223333/CloudTrail-Insight/us-east-1/", Level::Years),
            ("AWSLogs/111122223333/CloudTrail/us-east-1/2026/", Level::Months),
            ("AWSLogs/111122223333/CloudTrail/us-east-1/2026/03/", Level::Days),
            ("AWSLogs/111122223333/CloudTrail/us-east-1/2026/03/01/", Level::Files),
            ("AWSLogs/111122223333/CloudTrail/us-east-1/mine/", Level::Unknown),
            ("AWSLogs/111122223333/CloudTrail/us-east-1/2026/3/", Level::Unknown),
            ("AWSLogs/111122223333/Config/", Level::Foreign),
            ("AWSLogs/WAFLogs/", Level::Foreign),
        ] {
            assert_eq!(level(folder), expected, "{folder}");
        }
    }

    /// What happened at 23:59 is delivered the next day; what CloudTrail could not deliver comes later yet.
    #[test]
    fn days_reach_beyond_the_time_asked_for() {
        let days = Days::of(&wanted("2026-03-01T00:30:00Z", "2026-03-31T23:59:59Z"));
        assert_eq!(days.first.as_deref(), Some("2026/02/28"));
        assert_eq!(days.last.as_deref(), Some("2026/04/01"));
        assert_eq!(days.months().unwrap(), ["2026/02/", "2026/03/", "2026/04/"]);
        let across = Days::of(&wanted("2025-11-30T12:00:00Z", "2026-01-01T12:00:00Z"));
        assert_eq!(across.months().unwrap(), ["2025/11/", "2025/12/", "2026/01/"]);
        assert_eq!(Days::of(&wanted("2026-03-01T00:30:00Z", "")).months(), None);
        assert_eq!(
            Days::of(&wanted("0001-01-02T00:00:00Z", "9998-01-01T00:00:00Z")).months(),
            None
        );
    }

    #[test]
    fn a_month_begins_and_ends_with_the_days_asked_for() {
        let days = Days::of(&wanted("2026-03-05T12:00:00Z", "2026-03-07T12:00:00Z"));
        let folder = "AWSLogs/111122223333/CloudTrail/us-east-1/2026/03/";
        let (after, last) = days.within(folder);
        let (after, last) = (after.unwrap(), last.unwrap());
        let is_in = |day: &str| {
            let key = format!("{folder}{day}/file");
            key > after && key <= last
        };
        let within = ["04", "05", "06", "07", "08", "09"].map(is_in);
        assert_eq!(within, [false, true, true, true, true, false]);
        assert_eq!(days.within("AWSLogs/111122223333/CloudTrail/us-east-1/2026/04/"), (None, None));
    }

    #[test]
    fn folders_and_files_are_left_out_by_what_their_keys_say() {
        let mut wanted = wanted("2026-03-05T12:00:00Z", "2026-03-07T12:00:00Z");
        wanted.accounts = vec![AccountId::parse("111122223333").unwrap()];
        wanted.regions = vec!["us-east-1".to_owned()];
        let days = Days::of(&wanted);
        for (folder, expected) in [
            ("AWSLogs/o-a/", true),
            ("AWSLogs/111122223333/", true),
            ("AWSLogs/444455556666/", false),
            ("AWSLogs/111122223333/CloudTrail-Digest/", false),
            ("AWSLogs/111122223333/CloudTrail/eu-west-1/", false),
            ("AWSLogs/111122223333/CloudTrail/us-east-1/2025/", false),
            ("AWSLogs/111122223333/CloudTrail/us-east-1/2026/", true),
            ("AWSLogs/111122223333/CloudTrail/us-east-1/2026/04/", false),
            ("AWSLogs/111122223333/CloudTrail/us-east-1/mine/", true),
            ("AWSLogs/111122223333/CloudTrail/us-east-1/2026/3/", true),
            ("other/", true),
        ] {
            assert_eq!(wants_folder(folder, &wanted, &days), expected, "{folder}");
        }
        for (file, expected) in [
            ("111122223333_CloudTrail_us-east-1_20260305T1205Z_a.json.gz", true),
            ("111122223333_CloudTrail_us-east-1_20260305T1030Z_a.json.gz", false),
            ("111122223333_CloudTrail_us-east-1_20260308T1130Z_a.json.gz", true),
            ("111122223333_CloudTrail_us-east-1_20260308T1230Z_a.json.gz", false),
            ("111122223333_CloudTrail_eu-west-1_20260305T1205Z_a.json.gz", false),
            ("444455556666_CloudTrail_us-east-1_20260305T1205Z_a.json.gz", false),
            ("exported.json", true),
            ("folder/", false),
        ] {
            assert_eq!(wants_object(file, &wanted), expected, "{file}");
        }
    }
}
