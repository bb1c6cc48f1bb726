//! What the names of digest and log files say.
//!
//! `ACCOUNT_CloudTrail-Digest_REGION_TRAIL_HOME-REGION_YYYYMMDDTHHMMSSZ[_backfill].json.gz` and
//! `ACCOUNT_CloudTrail_REGION_YYYYMMDDTHHMMZ_RANDOM.json.gz` (CloudTrail User Guide, "CloudTrail digest
//! file structure" and "CloudTrail log file names"). Trail names may hold underscores, regions do not.

use std::fmt;

use trailwarden_model::{AccountId, Timestamp};

/// One chain of digests: what one trail delivers from one region of one account.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ChainName {
    /// The organization, when its trail delivers: `o-...`.
    pub organization: Option<String>,
    /// The account whose calls the logs hold, twelve digits.
    pub account: String,
    /// The region whose calls the logs hold.
    pub region: String,
    /// The trail.
    pub trail: String,
    /// The region that the trail was made in.
    pub home_region: String,
    /// Whether these are backfill digests, which name log files that were delivered late and have a
    /// chain of their own.
    pub is_backfill: bool,
}

impl fmt::Display for ChainName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { account, region, trail, .. } = self;
        let backfill = if self.is_backfill { ", backfill" } else { "" };
        write!(f, "trail {trail} in {region} of account {account}{backfill}")
    }
}

/// What the key of a digest file says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DigestName {
    /// The chain that it belongs to.
    pub chain: ChainName,
    /// The end of the time that it covers.
    pub end: Timestamp,
}

impl DigestName {
    /// Reads a key, or a path that ends like one.
    pub fn parse(key: &str) -> Option<Self> {
        let (folders, file) = split(key);
        let stem = stem(file)?;
        let (stem, is_backfill) = match stem.strip_suffix("_backfill") {
            Some(stem) => (stem, true),
            None => (stem, false),
        };
        let (account, rest) = stem.split_once("_CloudTrail-Digest_")?;
        let (rest, time) = rest.rsplit_once('_')?;
        let (rest, home_region) = rest.rsplit_once('_')?;
        let (region, trail) = rest.split_once('_')?;
        AccountId::parse(account)?;
        let organization = folders.rsplit('/').find(|folder| folder.starts_with("o-"));
        let chain = ChainName {
            organization: organization.map(str::to_owned),
            account: account.to_owned(),
            region: region.to_owned(),
            trail: trail.to_owned(),
            home_region: home_region.to_owned(),
            is_backfill,
        };
        Some(Self { chain, end: compact_time(time)? })
    }
}

/// What the key of a log file says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogName {
    /// The account, twelve digits.
    pub account: String,
    /// The region.
    pub region: String,
    /// `CloudTrail` for events; `CloudTrail-Insight` and others for the rest.
    pub kind: String,
    /// When it was delivered, to the minute.
    pub delivered: Timestamp,
}

impl LogName {
    /// Reads a key, or a path that ends like one. A digest is no log.
    pub fn parse(key: &str) -> Option<Self> {
        let mut parts = stem(split(key).1)?.split('_');
        let mut part = || parts.next();
        let (account, kind, region, time) = (part()?, part()?, part()?, part()?);
        let is_log = kind.starts_with("CloudTrail") && kind != "CloudTrail-Digest";
        AccountId::parse(account).filter(|_| is_log)?;
        Some(Self {
            account: account.to_owned(),
            region: region.to_owned(),
            kind: kind.to_owned(),
            delivered: compact_time(time)?,
        })
    }
}

/// The last part of a key or a path.
pub fn file_name(key: &str) -> &str {
    split(key).1
}

fn split(key: &str) -> (&str, &str) {
    key.rsplit_once('/').unwrap_or(("", key))
}

/// A file name without `.json.gz`, or `.json` when somebody unpacked it.
fn stem(file: &str) -> Option<&str> {
    file.strip_suffix(".gz").unwrap_or(file).strip_suffix(".json")
}

/// Reads `YYYYMMDDTHHMM[SS]Z`.
fn compact_time(text: &str) -> Option<Timestamp> {
    let part = |from: usize, to: usize| text.get(from..to);
    let (day, rest) = (part(0, 8)?, text.get(8..)?);
    let seconds = match rest.len() {
        6 => "00",
        8 => part(13, 15)?,
        _ => return None,
    };
    let (year, month, date) = (day.get(..4)?, day.get(4..6)?, day.get(6..)?);
    let (hour, minute) = (part(9, 11)?, part(11, 13)?);
    let is_framed = rest.starts_with('T') && rest.ends_with('Z');
    let text = format!("{year}-{month}-{date}T{hour}:{minute}:{seconds}Z");
    Timestamp::parse(&text).filter(|_| is_framed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_tells_its_chain() {
        let key = "archive/AWSLogs/o-exampleorg/111122223333/CloudTrail-Digest/eu-west-1/2026/03/01/\
            111122223333_CloudTrail-Digest_eu-west-1_my_own_trail_us-east-1_20260301T011000Z_backfill.json.gz";
        let name = DigestName::parse(key).unwrap();
        assert_eq!(name.end.to_string(), "2026-03-01T01:10:00Z");
        let chain = name.chain;
        assert_eq!(chain.organization.as_deref(), Some("o-exampleorg"));
        assert_eq!((chain.region.as_str(), chain.home_region.as_str()), ("eu-west-1", "us-east-1"));
        assert_eq!((chain.trail.as_str(), chain.is_backfill), ("my_own_trail", true));
        assert_eq!(LogName::parse(key), None);
    }

    #[test]
    fn a_log_tells_when_it_was_delivered() {
        let name = LogName::parse(
            "x/111122223333_CloudTrail_us-east-1_20260301T0105Z_mkOBs7vZQ9cFCEuH.json.gz",
        );
        let name = name.unwrap();
        assert_eq!(name.delivered.to_string(), "2026-03-01T01:05:00Z");
        assert_eq!((name.kind.as_str(), name.region.as_str()), ("CloudTrail", "us-east-1"));
        let insight = "111122223333_CloudTrail-Insight_us-east-1_20260301T0105Z_a.json";
        assert_eq!(LogName::parse(insight).unwrap().kind, "CloudTrail-Insight");
    }

    #[test]
    fn other_names_are_none() {
        for name in [
            "",
            "/",
            "notes.json",
            "1_CloudTrail_us-east-1_20260301T0105Z_a.json.gz",
            "111122223333_CloudTrail_us-east-1_20261301T0105Z_a.json.gz",
            "111122223333_CloudTrail_us-east-1_2026030éT0105Z_a.json.gz",
            "111122223333_CloudTrail-Digest_us-east-1_20260301T010500Z.json.gz",
            "111122223333_CloudTrail-Digest_us-east-1_t_us-east-1_20260301T010500.json.gz",
        ] {
            assert_eq!(DigestName::parse(name), None, "{name}");
            assert_eq!(LogName::parse(name), None, "{name}");
        }
    }
}
