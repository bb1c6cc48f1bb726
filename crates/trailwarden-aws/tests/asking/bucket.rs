//! A bucket is listed and fetched as a whole, whatever happens on the way; else it is told why not.

use std::io::Read as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use trailwarden_aws::bucket::{Bucket, Listing, Page, Refusal, Stored, Why};

use crate::fake::{SECRET, connection};
use crate::s3::{BUCKET, Rules, S3};

fn rules(objects: &[(&str, &str)]) -> Rules {
    let objects = objects.iter().map(|(key, text)| ((*key).to_owned(), text.as_bytes().to_vec()));
    Rules { objects: objects.collect(), ..Rules::default() }
}

fn bucket(url: &str, name: &str) -> Bucket {
    Bucket::new(&connection(url), name, Arc::default())
}

fn listed(bucket: &Bucket, listing: &Listing) -> Result<(Vec<Page>, Vec<Stored>), Refusal> {
    let mut pages = Vec::new();
    bucket.list(listing, &mut |page| {
        pages.push(page);
        true
    })?;
    let objects = pages.iter().flat_map(|page| page.objects.clone()).collect();
    Ok((pages, objects))
}

fn all(bucket: &Bucket) -> Vec<Stored> {
    listed(bucket, &Listing::default()).unwrap().1
}

fn content(bucket: &Bucket, object: &Stored) -> std::io::Result<String> {
    let mut text = String::new();
    bucket.get(object).map_err(std::io::Error::other)?.read_to_string(&mut text)?;
    Ok(text)
}

fn why(result: std::io::Result<String>) -> (Why, String) {
    let error = result.unwrap_err();
    let refusal = error.get_ref().and_then(|inner| inner.downcast_ref::<Refusal>()).unwrap();
    (refusal.why, refusal.to_string())
}

#[test]
fn pages_come_one_after_the_other() {
    let keys: Vec<String> = (0..25).map(|at| format!("d{}/f{at:02}", at / 10)).collect();
    let objects: Vec<(&str, &str)> = keys.iter().map(|key| (key.as_str(), "x")).collect();
    let s3 = S3::new(Rules { page: 10, ..rules(&objects) });
    let bucket = bucket(&s3.url, BUCKET);
    let (pages, objects) = listed(&bucket, &Listing::default()).unwrap();
    assert_eq!(pages.iter().map(|page| page.objects.len()).collect::<Vec<_>>(), [10, 10, 5]);
    assert_eq!(objects.iter().map(|object| object.key.clone()).collect::<Vec<_>>(), keys);
    assert_eq!((objects[0].size, objects[0].etag.starts_with('"')), (1, true));
    // Behind a key, below a prefix, and no further than somebody wants.
    let listing = Listing {
        prefix: "d1/".to_owned(),
        start_after: Some("d1/f17".to_owned()),
        is_folded: false,
    };
    let found = listed(&bucket, &listing).unwrap().1;
    assert_eq!(found.iter().map(|one| one.key.as_str()).collect::<Vec<_>>(), ["d1/f18", "d1/f19"]);
    let mut count = 0;
    bucket
        .list(&Listing::default(), &mut |_| {
            count += 1;
            false
        })
        .unwrap();
    assert_eq!(count, 1);
    // Folded at slashes.
    let folded = Listing { is_folded: true, ..Listing::default() };
    let (pages, objects) = listed(&bucket, &folded).unwrap();
    assert_eq!((pages[0].folders.join(" "), objects.len()), ("d0/ d1/ d2/".to_owned(), 0));
}

/// A list that ends before its end would look like a whole one.
#[test]
fn a_list_that_is_cut_is_told() {
    let cut = Rules { page: 1, is_tokenless: true, ..rules(&[("a", "x"), ("b", "x")]) };
    let s3 = S3::new(cut);
    let refusal = listed(&bucket(&s3.url, BUCKET), &Listing::default()).unwrap_err();
    assert!(refusal.to_string().contains("do not end"), "{refusal}");
}

/// S3 User Guide, "Naming Amazon S3 objects": nearly all characters may be in a key.
#[test]
fn keys_may_hold_any_character() {
    let keys = [
        "a b+c/d.gz",
        "ü/日本.gz",
        "&<>\"'%2F?#=@:,;$!()*~",
        "//double//",
        "/first",
        "../up/./here",
        "bell\u{7}end",
        "percent%",
    ];
    let objects: Vec<(&str, &str)> = keys.iter().map(|key| (*key, *key)).collect();
    let s3 = S3::new(Rules { page: 2, ..rules(&objects) });
    let bucket = bucket(&s3.url, BUCKET);
    let found = all(&bucket);
    assert_eq!(found.len(), keys.len());
    for object in &found {
        assert!(keys.contains(&object.key.as_str()), "{object:?}");
        assert_eq!(content(&bucket, object).unwrap(), object.key);
    }
    let listing = Listing { prefix: "a b+".to_owned(), ..Listing::default() };
    assert_eq!(listed(&bucket, &listing).unwrap().1.len(), 1);
}

/// Amazon S3 User Guide, "Best practices design patterns: optimizing Amazon S3 performance".
#[test]
fn what_comes_too_fast_is_asked_again() {
    let s3 = S3::new(Rules { slow: 2, ..rules(&[("a", "text")]) });
    let connection = connection(&s3.url);
    let bucket = Bucket::new(&connection, BUCKET, Arc::default());
    let found = all(&bucket);
    assert_eq!(content(&bucket, &found[0]).unwrap(), "text");
    let calls = connection.ledger().calls();
    let lists = calls["s3:ListObjectsV2"];
    assert_eq!((lists.sent, lists.retried, lists.throttled), (3, 2, 2));
    assert_eq!(calls["s3:GetObject"].sent, 1);
    s3.rules.lock().unwrap().slow = 100;
    let (_, text) = why(content(&bucket, &found[0]));
    assert!(text.starts_with("SlowDown: said so"), "{text}");
}

#[test]
fn a_transfer_that_breaks_goes_on_where_it_broke() {
    let text: String = (0..20_000).map(|at| char::from(b'a' + (at % 26) as u8)).collect();
    for is_rangeless in [false, true] {
        let cut = [("a".to_owned(), (7_000, 2))].into();
        let s3 = S3::new(Rules { cut, is_rangeless, ..rules(&[("a", &text)]) });
        let bucket = bucket(&s3.url, BUCKET);
        let object = &all(&bucket)[0];
        assert_eq!(content(&bucket, object).unwrap(), text, "{is_rangeless}");
        let gets: Vec<_> = s3.seen().into_iter().filter(|seen| !seen.is_list()).collect();
        let ranges: Vec<_> = gets.iter().map(|seen| seen.headers.get("range").cloned()).collect();
        assert_eq!(ranges[0], None);
        assert_eq!(ranges[1].as_deref(), Some("bytes=7000-"));
        assert!(gets.iter().all(|seen| seen.headers.get("if-match") == Some(&object.etag)));
    }
}

#[test]
fn a_transfer_that_goes_on_breaking_is_told() {
    let s3 = S3::new(Rules {
        cut: [("a".to_owned(), (0, usize::MAX))].into(),
        ..rules(&[("a", "text")])
    });
    let bucket = bucket(&s3.url, BUCKET);
    let (kind, text) = why(content(&bucket, &all(&bucket)[0]));
    assert_eq!(kind, Why::Broken);
    assert!(text.starts_with("the transfer broke: "), "{text}");
    assert_eq!(s3.fetched(), 6);
}

/// S3 User Guide, "Making requests using the REST API": a redirect names the bucket's region.
#[test]
fn a_bucket_elsewhere_is_asked_there_from_then_on() {
    let s3 = S3::new(Rules { region: "ap-south-1".to_owned(), ..rules(&[("a", "x"), ("b", "y")]) });
    let bucket = bucket(&s3.url, BUCKET);
    for object in all(&bucket) {
        content(&bucket, &object).unwrap();
    }
    assert_eq!(s3.seen().len(), 1 + 1 + 2);
}

/// What is told as a region becomes part of a host, and whoever has that host would be asked.
#[test]
fn what_is_no_region_is_not_followed() {
    let s3 = S3::new(Rules { region: "evil.example#".to_owned(), ..rules(&[("a", "x")]) });
    let own = bucket(&s3.url, BUCKET);
    assert!(listed(&own, &Listing::default()).is_err());
    assert_eq!(s3.seen().len(), 1);
    let read = trailwarden_aws::reads::find("cloudtrail:ListPublicKeys").unwrap();
    let connection = connection(&s3.url);
    let answer = connection.ask(read, Some("evil.example#"), trailwarden_aws::Parameters::new());
    assert!(answer.why_not().unwrap().contains("names no region"));
    assert_eq!((s3.seen().len(), connection.ledger().total().sent), (1, 0));
}

#[test]
fn refusals_say_what_to_do() {
    let mut rules = rules(&[("a", "x"), ("no/b", "x"), ("cold", "x"), ("new", "x"), ("key", "x")]);
    rules.denied = vec!["no/".to_owned()];
    rules.replaced = vec!["new".to_owned()];
    rules.errors = [
        ("cold".to_owned(), (403, "InvalidObjectState".to_owned())),
        ("key".to_owned(), (400, "KMS.DisabledException".to_owned())),
    ]
    .into();
    let s3 = S3::new(rules);
    let own = bucket(&s3.url, BUCKET);
    let found = all(&own);
    let told = |key: &str| {
        let object = found.iter().find(|object| object.key == key).unwrap();
        why(content(&own, object))
    };
    let gone = Stored { key: "gone".to_owned(), size: 1, etag: String::new() };
    for ((kind, text), expected, advice) in [
        (told("no/b"), Why::Denied, "s3:GetObject"),
        (told("new"), Why::Changed, "replaced"),
        (told("cold"), Why::Other, "restore-object"),
        (why(content(&own, &gone)), Why::Changed, "deleted"),
    ] {
        assert_eq!(kind, expected, "{text}");
        assert!(text.contains(advice), "{text}");
    }
    let listing = Listing { prefix: "no/".to_owned(), ..Listing::default() };
    assert_eq!(listed(&own, &listing).unwrap_err().why, Why::Denied);
    let missing = listed(&bucket(&s3.url, "nobody"), &Listing::default()).unwrap_err();
    assert_eq!(missing.why, Why::NoBucket);
    assert!(!format!("{own:?} {missing:?} {found:?}").contains(SECRET));
}

/// A hundred thousand objects would each be waited for.
#[test]
fn nobody_is_asked_for_ever() {
    let connection = connection("http://127.0.0.1:1");
    let bucket = Bucket::new(&connection, BUCKET, Arc::default());
    let object = Stored { key: "a".to_owned(), size: 1, etag: String::new() };
    let kinds: Vec<Why> = (0..20).map(|_| bucket.get(&object).unwrap_err().why).collect();
    assert!(kinds.iter().all(|why| *why == Why::Unanswered), "{kinds:?}");
    // Six attempts at the first, one at each of four more, and then none.
    assert_eq!(connection.ledger().total().sent, 6 + 4);
}

#[test]
fn once_stopped_nothing_is_asked() {
    let s3 = S3::new(rules(&[("a", "x")]));
    let stop = Arc::new(AtomicBool::new(false));
    let bucket = Bucket::new(&connection(&s3.url), BUCKET, Arc::clone(&stop));
    let object = &all(&bucket)[0];
    let mut body = bucket.get(object).unwrap();
    stop.store(true, Ordering::Relaxed);
    assert_eq!(bucket.get(object).unwrap_err().why, Why::Interrupted);
    assert!(body.read_to_string(&mut String::new()).is_err());
    assert_eq!(s3.fetched(), 1);
}

#[test]
fn metadata_comes_with_the_object() {
    let metadata = [("a".to_owned(), vec![("signature".to_owned(), "0a".to_owned())])].into();
    let s3 = S3::new(Rules { metadata, ..rules(&[("a", "x")]) });
    let bucket = bucket(&s3.url, BUCKET);
    let body = bucket.get(&all(&bucket)[0]).unwrap();
    assert_eq!((body.metadata("signature"), body.metadata("other")), (Some("0a"), None));
}
