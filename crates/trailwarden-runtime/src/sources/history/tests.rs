//! The history as AWS keeps it, in memory: fifty events a page, the newest first.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::GzDecoder;
use tempfile::TempDir;
use trailwarden_aws::lookup::{Attribute, Reason};

use super::*;

const NOW: i64 = 1_767_225_600;

/// What an answer is, other than the page.
type Trouble = Box<dyn Fn(&Question, u64) -> Option<Failure> + Sync>;

/// A service with events at some seconds, by region.
struct Service {
    events: Vec<(&'static str, i64)>,
    trouble: Trouble,
    /// Gives them in no order.
    is_mixed: bool,
    /// Each page leads to itself.
    is_looping: bool,
    asked: AtomicU64,
    spans: Mutex<Vec<(String, i64, i64)>>,
}

impl Service {
    fn of(events: Vec<(&'static str, i64)>) -> Self {
        Self {
            events,
            trouble: Box::new(|_, _| None),
            is_mixed: false,
            is_looping: false,
            asked: AtomicU64::new(0),
            spans: Mutex::default(),
        }
    }

    fn failing(self, trouble: impl Fn(&Question, u64) -> Option<Failure> + Sync + 'static) -> Self {
        Self { trouble: Box::new(trouble), ..self }
    }

    fn asked(&self) -> u64 {
        self.asked.swap(0, Ordering::Relaxed)
    }
}

fn failure(reason: Reason) -> Failure {
    Failure { reason, message: "said so".to_owned() }
}

impl Ask for Service {
    fn page(
        &self,
        question: &Question,
        token: Option<&str>,
        stop: &AtomicBool,
    ) -> Result<Page, Failure> {
        if stop.load(Ordering::Relaxed) {
            return Err(failure(Reason::Interrupted));
        }
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        let (first, last) = (question.first.seconds(), question.last.seconds());
        assert!(first <= last, "{question:?}");
        if token.is_none() {
            self.spans.lock().unwrap().push((question.region.clone(), first, last));
        }
        if let Some(failure) = (self.trouble)(question, number) {
            return Err(failure);
        }
        let is_meant = |one: &(usize, &(&str, i64))| {
            one.1.0 == question.region && (first..=last).contains(&one.1.1)
        };
        let mut found: Vec<(usize, i64)> = self
            .events
            .iter()
            .enumerate()
            .filter(is_meant)
            .map(|(id, event)| (id, event.1))
            .collect();
        match self.is_mixed {
            true => found.sort_by_key(|(id, _)| id.wrapping_mul(7919) % 1009),
            false => found.sort_by_key(|(id, time)| (-time, *id)),
        }
        let from: usize = token.map_or(0, |token| token.parse().unwrap());
        let shown: Vec<(usize, i64)> = found.iter().copied().skip(from).take(50).collect();
        let next = match from + 50 < found.len() {
            true if self.is_looping => Some(from.to_string()),
            true => Some((from + 50).to_string()),
            false => None,
        };
        let text: Vec<String> = shown.iter().map(|(id, _)| format!("<{id}>")).collect();
        Ok(Page {
            body: text.concat().into_bytes(),
            times: shown.iter().map(|(_, time)| Timestamp::from_seconds(*time)).collect(),
            events: shown.len() as u64,
            next,
        })
    }
}

fn wanted(folder: &Path, cache: Option<&Path>, regions: &[&str]) -> Wanted {
    Wanted {
        account: AccountId::parse("111122223333").unwrap(),
        regions: regions.iter().map(|&region| region.to_owned()).collect(),
        span: Span {
            first: Timestamp::from_seconds(NOW - lookup::KEPT),
            last: Timestamp::from_seconds(NOW - 1),
        },
        settled: Timestamp::from_seconds(NOW - SETTLING),
        filter: None,
        cache: cache.map(Path::to_owned),
        spill_folder: folder.to_owned(),
    }
}

fn course(wanted: &Wanted) -> Course {
    Course::of(&wanted.regions, wanted.span.seconds())
}

/// The ids of all events in what was fetched, whichever file they are in.
fn ids(fetched: &Fetched) -> BTreeSet<usize> {
    let mut ids = BTreeSet::new();
    for item in &fetched.items {
        let crate::sources::Origin::Remote(far) = &item.origin else { panic!("{item:?}") };
        let mut text = String::new();
        GzDecoder::new(far.0.open().unwrap()).read_to_string(&mut text).unwrap();
        ids.extend(text.split(['<', '>', '\n']).filter_map(|id| id.parse::<usize>().ok()));
    }
    ids
}

/// So many events in the last days, in two regions, some in one second.
fn busy(count: i64) -> Vec<(&'static str, i64)> {
    let region = |at: i64| if at % 5 == 0 { "eu-west-1" } else { "us-east-1" };
    (0..count).map(|at| (region(at), NOW - 60 - at * at % 7_000_000 / 3 * 3)).collect()
}

const BOTH: &[&str] = &["us-east-1", "eu-west-1"];

#[test]
fn everything_is_given_once_and_a_second_run_asks_only_for_the_latest() {
    let (folder, cache) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let service = Service::of(busy(9_000));
    let wanted = wanted(folder.path(), Some(cache.path()), BOTH);
    let course = course(&wanted);
    let first = fetch(&wanted, &service, &course).unwrap();
    assert_eq!(ids(&first).len(), 9_000);
    assert_eq!(first.rejects, []);
    let calls = service.asked();
    assert!((180..260).contains(&calls), "{calls}");
    for lane in &course.lanes {
        assert_eq!(lane.done.load(Ordering::Relaxed), lane.seconds, "{}", lane.region);
    }
    let spans = service.spans.lock().unwrap().len();
    assert!(spans > 6, "a busy region is asked for in several windows: {spans}");
    let second = fetch(&wanted, &service, &Course::of(&wanted.regions, 0)).unwrap();
    assert_eq!(ids(&second).len(), 9_000);
    let calls = service.asked();
    assert!(calls <= 4, "the latest hour of each region: {calls}");
    assert!(std::fs::read_dir(folder.path()).unwrap().count() > 0);
    drop((first, second));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn without_a_cache_nothing_is_left_behind() {
    let folder = TempDir::new().unwrap();
    let service = Service::of(busy(300));
    let wanted = wanted(folder.path(), None, BOTH);
    let fetched = fetch(&wanted, &service, &course(&wanted)).unwrap();
    assert_eq!(ids(&fetched).len(), 300);
    drop(fetched);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_denied_region_is_asked_once_and_costs_only_itself() {
    let folder = TempDir::new().unwrap();
    let denied =
        |question: &Question, _| (question.region == "eu-west-1").then(|| failure(Reason::Denied));
    let service = Service::of(busy(500)).failing(denied);
    let wanted = wanted(folder.path(), None, BOTH);
    let fetched = fetch(&wanted, &service, &course(&wanted)).unwrap();
    assert_eq!(ids(&fetched).len(), 400);
    let [reject] = &fetched.rejects[..] else { panic!("{:?}", fetched.rejects) };
    assert_eq!(reject.file, "cloudtrail:eu-west-1");
    let all = format!("from {} to {} is not known: said so", wanted.span.first, wanted.span.last);
    assert!(reject.cause.contains(&all), "{}", reject.cause);
    assert!(reject.cause.contains("cloudtrail:LookupEvents"), "{}", reject.cause);
    let spans = service.spans.lock().unwrap();
    assert!(spans.iter().filter(|one| one.0 == "eu-west-1").count() <= 2);
}

/// Session tokens of STS's global endpoint do not hold in regions that are switched on by hand, and no
/// credentials hold in one that is off.
#[test]
fn credentials_that_one_region_does_not_know_cost_only_that_region() {
    let folder = TempDir::new().unwrap();
    let refused = |question: &Question, _| {
        (question.region == "eu-west-1").then(|| failure(Reason::Credentials))
    };
    let service = Service::of(busy(5_000)).failing(refused);
    let wanted = wanted(folder.path(), None, &["eu-west-1", "us-east-1"]);
    let fetched = fetch(&wanted, &service, &course(&wanted)).unwrap();
    assert_eq!(ids(&fetched).len(), 4_000);
    let [reject] = &fetched.rejects[..] else { panic!("{:?}", fetched.rejects) };
    assert_eq!(reject.file, "cloudtrail:eu-west-1");
    assert!(reject.cause.contains("whether the region is on"), "{}", reject.cause);
}

/// What was given in between shows that the region still answers.
#[test]
fn a_window_that_gave_something_is_none_that_came_to_nothing() {
    let course = Course::of(&["us-east-1".to_owned()], 0);
    let queue = queue::Queue::new(1, &course);
    let span = |at| Span::new(Timestamp::from_seconds(at), Timestamp::from_seconds(at + 5));
    queue.add(0, (0..4).filter_map(|at| span(at * 10)).collect(), true);
    let fail = |has_given| {
        let window = queue.take().unwrap();
        let failure = failure(Reason::Throttled);
        queue.ended(window, queue::Ended::Failed { left: window.span, failure }, has_given);
        window.span.first.seconds()
    };
    let tried = [fail(false), fail(false), fail(false), fail(false), fail(true), fail(false)];
    assert_eq!(tried, [30, 30, 20, 20, 10, 10]);
    assert_eq!(queue.take().map(|window| window.span), span(0));
}

/// Another run may be reading it, and finds its records again by their place in the file.
#[test]
fn a_span_that_another_run_put_there_is_left_as_it_is() {
    let (folder, cache) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let wanted = wanted(folder.path(), Some(cache.path()), &["us-east-1"]);
    for text in ["<1>", "<22>"] {
        let shelves = held::Shelf::of(&wanted).unwrap();
        let mut draft = shelves[0].draft(true).unwrap();
        draft.add(text.as_bytes()).unwrap();
        let kept = shelves[0].keep(draft, wanted.span).unwrap();
        let fetched = Fetched { items: vec![kept.item], rejects: Vec::new() };
        assert_eq!(ids(&fetched), BTreeSet::from([1]), "{text}");
    }
}

/// A machine that stops, or a full disk, leaves names without bytes.
#[test]
fn an_empty_file_of_the_cache_holds_nothing() {
    let (folder, cache) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let wanted = wanted(folder.path(), Some(cache.path()), &["us-east-1"]);
    let service = Service::of(vec![("us-east-1", NOW - 90_000)]);
    fetch(&wanted, &service, &course(&wanted)).unwrap();
    let name = wanted.settled_part().unwrap().name();
    let kept = cache.path().join("cloudtrail-history/111122223333/us-east-1/all");
    std::fs::write(kept.join(format!("{name}.json.gz")), "").unwrap();
    for calls in [2, 1] {
        service.asked();
        let fetched = fetch(&wanted, &service, &course(&wanted)).unwrap();
        assert_eq!(ids(&fetched), BTreeSet::from([0]));
        assert_eq!(service.asked(), calls, "the latest hour, and what is not held");
    }
}

/// What was given before stays given, also in the midst of a window, and is not asked for again.
#[test]
fn credentials_that_end_leave_a_true_part_and_the_next_run_goes_on_there() {
    let (folder, cache) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let service = Service::of(busy(9_000))
        .failing(|_, number| (number >= 30).then(|| failure(Reason::Credentials)));
    let wanted = wanted(folder.path(), Some(cache.path()), BOTH);
    let fetched = fetch(&wanted, &service, &course(&wanted)).unwrap();
    let got = ids(&fetched);
    assert!((1_000..=1_500).contains(&got.len()), "{}", got.len());
    assert_eq!(fetched.rejects.len(), 2, "{:?}", fetched.rejects);
    assert!(fetched.rejects.iter().all(|one| one.cause.contains("sign in again")));
    // Whatever is not in the answer happened in a time that is told as not known.
    let causes: String = fetched.rejects.iter().map(|one| one.cause.clone()).collect();
    assert!(causes.contains("is not known"), "{causes}");
    drop(fetched);
    let asked = service.asked();
    assert!(asked < 40, "{asked}");
    let service = Service::of(busy(9_000));
    let fetched = fetch(&wanted, &service, &course(&wanted)).unwrap();
    assert_eq!(ids(&fetched).len(), 9_000);
    assert_eq!(fetched.rejects, []);
    let asked = service.asked();
    assert!(asked < 200, "{asked}");
}

/// A gap that is told holds every event that was not given.
#[test]
fn no_event_is_missing_outside_of_what_is_told_to_be_missing() {
    for fails_at in [0, 1, 3, 17, 41, 42, 50, 60] {
        let (folder, cache) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        let service = Service::of(busy(3_000)).failing(move |question, number| {
            let is_broken = number >= fails_at && question.region == "us-east-1";
            is_broken.then(|| failure(Reason::Throttled))
        });
        let wanted = wanted(folder.path(), Some(cache.path()), BOTH);
        let fetched = fetch(&wanted, &service, &course(&wanted)).unwrap();
        let got = ids(&fetched);
        let lost: Vec<Span> = fetched.rejects.iter().flat_map(|one| spans_in(&one.cause)).collect();
        for (id, (region, time)) in service.events.iter().enumerate() {
            let at = Timestamp::from_seconds(*time);
            let is_told = *region == "us-east-1"
                && lost.iter().any(|span| span.first <= at && at <= span.last);
            assert!(got.contains(&id) || is_told, "{fails_at}: {region} {at} {lost:?}");
        }
        assert!(!lost.is_empty());
        let again = Service::of(busy(3_000));
        let fetched = fetch(&wanted, &again, &course(&wanted)).unwrap();
        assert_eq!(ids(&fetched).len(), 3_000, "{fails_at}");
    }
}

fn spans_in(cause: &str) -> Vec<Span> {
    let (times, _) = cause.split_once(" is not known").unwrap();
    assert!(!times.contains("spans more"), "{times}");
    let times = times.trim_start_matches("what happened from ");
    let span = |text: &str| {
        let (first, last) = text.split_once(" to ").unwrap();
        Span::new(Timestamp::parse(first).unwrap(), Timestamp::parse(last).unwrap()).unwrap()
    };
    times.split(", ").map(span).collect()
}

#[test]
fn a_passing_fault_is_got_over() {
    let folder = TempDir::new().unwrap();
    let service = Service::of(busy(5_000))
        .failing(|_, number| (number % 30 == 7).then(|| failure(Reason::Other)));
    let wanted = wanted(folder.path(), None, BOTH);
    let fetched = fetch(&wanted, &service, &course(&wanted)).unwrap();
    assert_eq!(ids(&fetched).len(), 5_000);
    assert_eq!(fetched.rejects, []);
}

#[test]
fn pages_that_lead_to_themselves_are_left_and_told() {
    let folder = TempDir::new().unwrap();
    let service = Service { is_looping: true, ..Service::of(busy(400)) };
    let wanted = wanted(folder.path(), None, BOTH);
    let fetched = fetch(&wanted, &service, &course(&wanted)).unwrap();
    assert!(service.asked() < 100);
    assert!(fetched.rejects.iter().all(|one| one.cause.contains("the pages do not end")));
    assert_eq!(fetched.rejects.len(), 2);
    assert!(ids(&fetched).len() >= 50);
}

/// What AWS does not give in order cannot be cut by its order; halving the time needs none.
#[test]
fn what_comes_in_no_order_is_still_given_whole() {
    let (folder, cache) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let service = Service { is_mixed: true, ..Service::of(busy(6_000)) };
    let wanted = wanted(folder.path(), Some(cache.path()), BOTH);
    let fetched = fetch(&wanted, &service, &course(&wanted)).unwrap();
    assert_eq!(ids(&fetched).len(), 6_000);
    service.asked();
    let fetched = fetch(&wanted, &service, &course(&wanted)).unwrap();
    assert_eq!(ids(&fetched).len(), 6_000);
    assert_eq!(service.asked(), 2);
}

/// A page out of order that fails later claims nothing.
#[test]
fn what_failed_in_no_order_is_read_now_and_asked_for_again() {
    let (folder, cache) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let mut service = Service { is_mixed: true, ..Service::of(busy(200)) };
    service = service.failing(|_, number| (number >= 2).then(|| failure(Reason::Other)));
    let wanted = wanted(folder.path(), Some(cache.path()), &["us-east-1"]);
    let fetched = fetch(&wanted, &service, &course(&wanted)).unwrap();
    assert!(!ids(&fetched).is_empty());
    assert_eq!(fetched.rejects.len(), 1);
    let service = Service { is_mixed: true, ..Service::of(busy(200)) };
    let fetched = fetch(&wanted, &service, &course(&wanted)).unwrap();
    assert_eq!(ids(&fetched).len(), 160);
}

/// Thousands of events in one second are one window, however many pages it has.
#[test]
fn a_second_that_is_full_is_read_to_its_end() {
    let folder = TempDir::new().unwrap();
    let mut events = vec![("us-east-1", NOW - 10_000); 2_400];
    events.push(("us-east-1", NOW - 10_001));
    for is_mixed in [false, true] {
        let service = Service { is_mixed, ..Service::of(events.clone()) };
        let mut wanted = wanted(folder.path(), None, &["us-east-1"]);
        wanted.span.first = Timestamp::from_seconds(NOW - 20_000);
        let fetched = fetch(&wanted, &service, &course(&wanted)).unwrap();
        assert_eq!(ids(&fetched).len(), 2_401);
        assert_eq!(fetched.rejects, []);
    }
}

/// An event may appear up to a quarter of an hour late: what reaches into now is asked for again.
#[test]
fn what_appears_late_is_found_by_the_next_run() {
    let (folder, cache) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let wanted = wanted(folder.path(), Some(cache.path()), &["us-east-1"]);
    let mut events = vec![("us-east-1", NOW - 10), ("us-east-1", NOW - 90_000)];
    let fetched = fetch(&wanted, &Service::of(events.clone()), &course(&wanted)).unwrap();
    assert_eq!(ids(&fetched).len(), 2);
    events.push(("us-east-1", NOW - 900));
    let fetched = fetch(&wanted, &Service::of(events), &course(&wanted)).unwrap();
    assert_eq!(ids(&fetched), BTreeSet::from([0, 1, 2]));
}

#[test]
fn accounts_and_filters_do_not_share_what_they_were_given() {
    let (folder, cache) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let plain = wanted(folder.path(), Some(cache.path()), &["us-east-1"]);
    let filter = |value: &str| {
        let attribute = Attribute::EventName;
        Wanted { filter: Some(Filter { attribute, value: value.to_owned() }), ..plain.clone() }
    };
    let other = Wanted { account: AccountId::parse("444455556666").unwrap(), ..plain.clone() };
    for wanted in
        [plain.clone(), filter("CreateUser"), filter("createuser"), filter("../../x"), other]
    {
        let service = Service::of(busy(10));
        fetch(&wanted, &service, &course(&wanted)).unwrap();
        assert_eq!(service.asked(), 2, "{wanted:?}");
    }
    let outside = std::fs::read_dir(cache.path()).unwrap().count();
    assert_eq!(outside, 1);
}

#[test]
fn an_interrupted_run_keeps_what_it_got() {
    let folder = TempDir::new().unwrap();
    let wanted = wanted(folder.path(), None, BOTH);
    let stopped = course(&wanted);
    stopped.stop.store(true, Ordering::Relaxed);
    let fetched = fetch(&wanted, &Service::of(busy(100)), &stopped).unwrap();
    assert_eq!(fetched.rejects.len(), 2);
    assert!(fetched.rejects.iter().all(|one| one.cause.contains("interrupted")));
}

#[test]
fn a_folder_that_cannot_be_written_to_ends_it() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let wanted = wanted(folder.path(), Some(&file), BOTH);
    let error = fetch(&wanted, &Service::of(busy(100)), &course(&wanted)).unwrap_err();
    assert!(error.to_string().contains("name another folder"), "{error}");
}

#[test]
fn a_quiet_region_is_known_by_one_page_and_a_busy_one_is_guessed() {
    let (folder, cache) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let wanted = wanted(folder.path(), Some(cache.path()), BOTH);
    let every = |seconds: i64, region: &'static str| {
        (0..lookup::KEPT / seconds).map(move |at| (region, NOW - 1 - at * seconds))
    };
    let mut events: Vec<(&str, i64)> = every(600, "us-east-1").collect();
    events.extend([("eu-west-1", NOW - 5_000); 3]);
    let service = Service::of(events);
    let estimate = estimate(&wanted, &service, &course(&wanted)).unwrap();
    let [busy, quiet] = &estimate.shares[..] else { panic!("{estimate:?}") };
    assert!(busy.events.abs_diff(12_960) < 700, "{busy:?}");
    assert!(!busy.is_exact && busy.samples == 8, "{busy:?}");
    assert_eq!((quiet.events, quiet.samples, quiet.is_exact), (3, 1, true));
    assert_eq!(estimate.seconds(), busy.pages.div_ceil(2));
    assert!(!estimate.is_exact());
    // What is held is not asked for, and the rest of it is an hour.
    fetch(&wanted, &service, &course(&wanted)).unwrap();
    let estimate = super::estimate(&wanted, &service, &course(&wanted)).unwrap();
    let [busy, _] = &estimate.shares[..] else { panic!("{estimate:?}") };
    assert_eq!((busy.events, busy.is_exact), (6, true));
    assert_eq!(busy.seconds - busy.seconds_held, 3_599);
}

/// A page that tells no times, or has no events, may be followed by any number of others.
#[test]
fn an_estimate_without_times_is_a_guess() {
    struct Timeless(Service);
    impl Ask for Timeless {
        fn page(
            &self,
            question: &Question,
            token: Option<&str>,
            stop: &AtomicBool,
        ) -> Result<Page, Failure> {
            let page = self.0.page(question, token, stop)?;
            Ok(Page { times: Vec::new(), ..page })
        }
    }
    let folder = TempDir::new().unwrap();
    let wanted = wanted(folder.path(), None, &["us-east-1"]);
    let service = Timeless(Service::of(vec![("us-east-1", NOW - lookup::KEPT); 100]));
    let estimate = estimate(&wanted, &service, &course(&wanted)).unwrap();
    assert!(!estimate.is_exact() && estimate.events() >= 50, "{estimate:?}");
}

#[test]
fn an_estimate_says_what_it_does_not_know() {
    let folder = TempDir::new().unwrap();
    let wanted = wanted(folder.path(), None, BOTH);
    let service = Service::of(busy(100)).failing(|_, _| Some(failure(Reason::Denied)));
    let estimate = estimate(&wanted, &service, &course(&wanted)).unwrap();
    assert!(estimate.shares.iter().all(|share| share.failure.is_some()) && !estimate.is_exact());
    assert!(!cache_exists(folder.path()));
}

fn cache_exists(folder: &Path) -> bool {
    std::fs::read_dir(folder).unwrap().count() > 0
}
