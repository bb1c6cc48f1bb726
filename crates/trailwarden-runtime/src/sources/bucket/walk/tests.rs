//! What is listed of buckets of several layouts, and with how many requests.

use trailwarden_aws::bucket::Stored;
use trailwarden_model::{AccountId, Timestamp};

use super::*;

/// Keys in memory; pages have a hundred.
#[derive(Default)]
struct Keys {
    keys: BTreeSet<String>,
    asked: Mutex<Vec<String>>,
}

impl Lists for Keys {
    fn list(&self, listing: &Listing, each: &mut dyn FnMut(Page) -> bool) -> Result<(), Refusal> {
        let Listing { prefix, start_after, is_folded } = listing;
        let after = |key: &&String| start_after.as_ref().is_none_or(|after| *key > after);
        let keys = self.keys.iter().filter(|key| key.starts_with(prefix)).filter(after);
        let mut whole = Page::default();
        for key in keys {
            let rest = &key[prefix.len()..];
            match rest.find('/').filter(|_| *is_folded) {
                Some(at) => {
                    let folder = format!("{prefix}{}", &rest[..=at]);
                    if whole.folders.last() != Some(&folder) {
                        whole.folders.push(folder);
                    }
                }
                None => {
                    let etag = String::new();
                    whole.objects.push(Stored { key: key.clone(), size: 10, etag });
                }
            }
        }
        let mut asked = self.asked.lock().unwrap();
        let mut rest = whole.objects.as_slice();
        let mut folders = std::mem::take(&mut whole.folders);
        loop {
            asked.push(prefix.clone());
            let (page, more) = rest.split_at(rest.len().min(100));
            let page = Page { objects: page.to_vec(), folders: std::mem::take(&mut folders) };
            if !each(page) || more.is_empty() {
                return Ok(());
            }
            rest = more;
        }
    }
}

const ORGANIZATION: &str = "archive/AWSLogs/o-exampleorgid/";

/// An organization's trail: two accounts, two regions, four files a day from January to March.
fn organization() -> Keys {
    let mut keys = BTreeSet::new();
    for account in ["111122223333", "444455556666"] {
        for region in ["eu-west-1", "us-east-1"] {
            for (month, days) in [(1, 31), (2, 28), (3, 31)] {
                for day in 1..=days {
                    for hour in [0, 6, 12, 18] {
                        keys.insert(key(account, region, month, day, hour));
                    }
                }
            }
        }
        keys.insert(format!(
            "{ORGANIZATION}{account}/CloudTrail-Digest/eu-west-1/2026/03/01/{account}_CloudTrail-Digest_eu-west-1_t_us-east-1_20260301T011000Z.json.gz"
        ));
        keys.insert(format!("{ORGANIZATION}{account}/Config/eu-west-1/2026/3/1/x.json.gz"));
    }
    keys.insert("archive/notes.txt".to_owned());
    Keys { keys, ..Keys::default() }
}

fn key(account: &str, region: &str, month: u32, day: u32, hour: u32) -> String {
    format!(
        "{ORGANIZATION}{account}/CloudTrail/{region}/2026/{month:02}/{day:02}/{account}_CloudTrail_{region}_2026{month:02}{day:02}T{hour:02}05Z_a.json.gz"
    )
}

fn wanted(since: &str, until: &str) -> Wanted {
    let time = |text: &str| Timestamp::parse(text);
    Wanted { since: time(since), until: time(until), ..Wanted::default() }
}

fn walked(keys: &Keys, prefix: &str, wanted: &Wanted) -> (Vec<String>, Vec<String>, Vec<String>) {
    let place = Place { bucket: "logs".to_owned(), prefix: prefix.to_owned() };
    let (mut found, notes) = walk(&[(keys, place)], wanted, &Progress::default(), 10_000);
    let found = found.remove(0);
    let rejects = found.rejects.iter().map(|one| format!("{}: {}", one.file, one.cause));
    let keys = found.objects.into_iter().map(|object| object.key).collect();
    (keys, notes, rejects.collect())
}

#[test]
fn an_organization_is_found_from_any_level() {
    let keys = organization();
    let all = 2 * 2 * 90 * 4;
    for (prefix, expected) in [
        ("", all + 1),
        ("archive", all + 1),
        ("archive/AWSLogs/", all),
        (ORGANIZATION, all),
        ("archive/AWSLogs/o-exampleorgid/111122223333", all / 2),
        ("archive/AWSLogs/o-exampleorgid/111122223333/CloudTrail", all / 2),
        ("archive/AWSLogs/o-exampleorgid/111122223333/CloudTrail/eu-west-1/", all / 4),
        ("archive/AWSLogs/o-exampleorgid/111122223333/CloudTrail/eu-west-1/2026/03", 31 * 4),
        ("archive/AWSLogs/o-exampleorgid/111122223333/CloudTrail/eu-west-1/2026/03/01/", 4),
        ("archive/AWSLogs/o-exampleorgid/111122223333/CloudTrail/eu-west-1/2026/03/0", 9 * 4),
        (key("111122223333", "eu-west-1", 3, 1, 6).as_str(), 1),
    ] {
        let (found, _, rejects) = walked(&keys, prefix, &Wanted::default());
        assert_eq!((found.len(), rejects), (expected, vec![]), "{prefix}");
        assert!(found.is_sorted());
    }
}

#[test]
fn time_account_and_region_leave_out_what_is_not_asked_for() {
    let keys = organization();
    let mut wanted = wanted("2026-02-27T12:00:00Z", "2026-03-01T12:00:00Z");
    wanted.accounts = vec![AccountId::parse("111122223333").unwrap()];
    wanted.regions = vec!["us-east-1".to_owned()];
    let (found, notes, rejects) = walked(&keys, "archive/AWSLogs/", &wanted);
    let account = |month, day, hour| key("111122223333", "us-east-1", month, day, hour);
    // From an hour before to a day after.
    let expected = [
        account(2, 27, 12),
        account(2, 27, 18),
        account(2, 28, 0),
        account(2, 28, 6),
        account(2, 28, 12),
        account(2, 28, 18),
        account(3, 1, 0),
        account(3, 1, 6),
        account(3, 1, 12),
        account(3, 1, 18),
        account(3, 2, 0),
        account(3, 2, 6),
    ];
    assert_eq!((found, rejects), (expected.to_vec(), vec![]));
    let foreign = "`s3://logs/archive/AWSLogs/o-exampleorgid/111122223333/` holds folders of other services, which are left out: 1";
    assert_eq!(notes, [foreign]);
    // Accounts, services, regions and, for two months, what is in them: no other account is looked into.
    let asked = keys.asked.lock().unwrap();
    assert!(asked.iter().all(|prefix| !prefix.contains("444455556666")), "{asked:?}");
    assert_eq!(asked.len(), 4 + 2, "{asked:?}");
}

/// A day is one request, and not all pages of its month.
#[test]
fn a_month_is_read_from_its_first_day_that_is_asked_for() {
    let keys = organization();
    let wanted = wanted("2026-03-30T12:00:00Z", "2026-03-30T13:00:00Z");
    let region = format!("{ORGANIZATION}111122223333/CloudTrail/us-east-1/");
    let (found, _, _) = walked(&keys, &region, &wanted);
    assert_eq!(found.len(), 2 + 3);
    assert_eq!(keys.asked.lock().unwrap().len(), 1);
}

#[test]
fn what_has_no_layout_is_listed_whole() {
    let mut keys = Keys::default();
    for key in [
        "export/a/b/c/d/e.json",
        "export/a/b/c/d/f/g.json",
        "export/111122223333_CloudTrail_us-east-1_20260101T0005Z_a.json.gz",
        "export/111122223333_CloudTrail_us-east-1_20260301T0005Z_a.json.gz",
        "export/folder/",
    ] {
        keys.keys.insert(key.to_owned());
    }
    let wanted = wanted("2026-03-01T00:00:00Z", "2026-03-01T12:00:00Z");
    let (found, notes, rejects) = walked(&keys, "export/", &wanted);
    let names: Vec<&str> = found.iter().map(|key| key.rsplit('/').next().unwrap()).collect();
    assert_eq!(
        names,
        ["111122223333_CloudTrail_us-east-1_20260301T0005Z_a.json.gz", "e.json", "g.json"]
    );
    let note = "`s3://logs/export/a/b/c/` is not laid out as CloudTrail does; it is listed whole";
    assert_eq!((notes, rejects), (vec![note.to_owned()], vec![]));
}

/// An answer about nothing would look like a good one.
#[test]
fn a_place_with_nothing_is_told() {
    let keys = organization();
    for (prefix, wanted) in [
        ("nowhere/", Wanted::default()),
        ("archive/AWSLogs/", wanted("2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z")),
    ] {
        let (found, _, rejects) = walked(&keys, prefix, &wanted);
        assert_eq!((found.len(), rejects.len()), (0, 1), "{rejects:?}");
        assert!(rejects[0].starts_with(&format!("s3://logs/{prefix}: holds no log files")));
    }
}

#[test]
fn digests_are_found_where_they_are_asked_for() {
    let keys = organization();
    let wanted = Wanted { digests: true, ..Wanted::default() };
    let (found, _, _) = walked(&keys, ORGANIZATION, &wanted);
    let digests = found.iter().filter(|key| key.contains("CloudTrail-Digest")).count();
    assert_eq!((found.len(), digests), (2 * 2 * 90 * 4 + 2, 2));
}

/// What does not fit is said to be left out, also where a page fills the room exactly.
#[test]
fn more_than_there_is_room_for_is_told() {
    for prefix in ["flat/", "flat/AWSLogs/111122223333/CloudTrail/us-east-1/2026/03/01/"] {
        for (count, objects_max) in [(199, 200), (200, 200), (201, 200), (250, 120)] {
            let keys = (0..count).map(|at| format!("{prefix}{at:03}.json")).collect();
            let keys = Keys { keys, ..Keys::default() };
            let place = Place { bucket: "logs".to_owned(), prefix: prefix.to_owned() };
            let places = [(&keys, place)];
            let (found, _) = walk(&places, &Wanted::default(), &Progress::default(), objects_max);
            let is_cut = count > objects_max;
            assert_eq!(found[0].objects.len(), count.min(objects_max), "{prefix} {count}");
            assert_eq!(found[0].rejects.len(), usize::from(is_cut), "{prefix} {count}");
            assert_eq!(found[0].unlisted.len(), usize::from(is_cut), "{prefix} {count}");
        }
    }
}

/// A folder that is no month stands for no time, so it cannot be outside of one.
#[test]
fn what_lies_beside_the_years_is_read() {
    let region = "AWSLogs/111122223333/CloudTrail/us-east-1/";
    let keys = [format!("{region}mine/a.json"), format!("{region}2026/3/b.json")].into();
    let keys = Keys { keys, ..Keys::default() };
    let (found, _, rejects) = walked(&keys, region, &wanted("", "2026-01-01T00:00:00Z"));
    assert_eq!((found.len(), rejects), (2, vec![]));
}
