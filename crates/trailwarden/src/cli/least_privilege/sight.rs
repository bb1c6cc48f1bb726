//! What can be seen of use: by the logs of an account, by its trails, and by what AWS says of last access.

use trailwarden_account::Snapshot;
use trailwarden_model::{AccountId, Timestamp};
use trailwarden_policy::facts::events::{action_of, service_of};
use trailwarden_policy::rightsize::{Sight, data_types, services_with_data_events};
use trailwarden_posture::answers::{items, text};
use trailwarden_posture::trails::Trails;
use trailwarden_runtime::usage::{Period, Usage};

const LAST_ACCESSED: &str = "iam:GetServiceLastAccessedDetails";

/// What AWS saw used in so many days before it was asked counts as used, whatever the logs show.
const RECENT_DAYS: i64 = 90;

/// What AWS said longer before the last record says nothing of the days since, of which calls on data may
/// be missing: days.
const ANSWER_DAYS: i64 = 7;

/// Services whose events trails can leave out although they manage something.
///
/// Source: AWS CloudTrail User Guide, "Logging management events" (AWS KMS events can be excluded; those of
/// the Amazon RDS Data API count as data events here).
const LEFT_OUT: &[&str] = &["kms"];

/// What the logs of an account can show. That they hold management events which only read, or which change
/// something, is shown by such events themselves.
pub(super) fn of_account(
    usage: &Usage,
    account: AccountId,
    snapshot: Option<&Snapshot>,
    told: &[String],
) -> Sight {
    let mut sight = Sight::default();
    sight.left_out.extend(LEFT_OUT.iter().map(|prefix| (*prefix).to_owned()));
    for (source, name) in usage.called_in(account) {
        let Some(service) = service_of(source).map(trailwarden_policy::facts::Service::prefix)
        else {
            continue;
        };
        sight.left_out.remove(service);
        if services_with_data_events().any(|prefix| prefix == service) {
            continue;
        }
        match action_of(source, name).map(|id| id.action().level().is_mutating()) {
            Some(true) => sight.writes = true,
            Some(false) => sight.reads = true,
            None => {}
        }
    }
    sight.recorded.extend(told.iter().cloned());
    if let Some(trails) = snapshot.and_then(|snapshot| Trails::read(snapshot).ok()) {
        let recorded = services_with_data_events().filter(|prefix| is_recorded(&trails, prefix));
        sight.recorded.extend(recorded.map(str::to_owned));
    }
    sight
}

/// What makes the logs doubtful as a whole, in sentences.
pub(super) fn doubts(snapshot: Option<&Snapshot>) -> Vec<String> {
    let trails = snapshot.and_then(|snapshot| Trails::read(snapshot).ok());
    let Some(trails) = trails else { return Vec::new() };
    let is_whole =
        trails.all.iter().any(|trail| trail.is_multi_region() && trail.is_logging() != Ok(false));
    if is_whole {
        return Vec::new();
    }
    vec![
        "no trail of the baseline is known to record all regions: unless the logs are of all of them, what \
         was used elsewhere does not show"
            .to_owned(),
    ]
}

/// Whether trails record all data events of a service, in all regions.
fn is_recorded(trails: &Trails<'_>, prefix: &str) -> bool {
    let types = data_types(prefix);
    !types.is_empty()
        && types.iter().all(|kind| {
            trails.all.iter().any(|trail| {
                let recorded = trail.data(kind).unwrap_or_default();
                let is_on = trail.is_multi_region() && trail.is_logging() == Ok(true);
                is_on && recorded.reads && recorded.writes
            })
        })
}

/// With what AWS says of the last access of one principal.
pub(super) fn of_principal(
    sight: &Sight,
    snapshot: Option<&Snapshot>,
    arn: Option<&str>,
    period: Option<Period>,
) -> Sight {
    let mut sight = sight.clone();
    let answer = snapshot.zip(arn).and_then(|(it, arn)| it.about(LAST_ACCESSED, "Arn", arn));
    let (Some(answer), Some(period)) = (answer, period) else { return sight };
    let listed = answer.body().map(|body| items(LAST_ACCESSED, body, "ServicesLastAccessed"));
    let is_of_then =
        answer.time >= period.first && answer.time.day() >= period.last.day() - ANSWER_DAYS;
    let (Some(Ok(listed)), true) = (listed, is_of_then) else { return sight };
    for one in listed {
        let service = text(one, "ServiceNamespace").to_ascii_lowercase();
        let last = text(one, "LastAuthenticated");
        let is_recent = match Timestamp::parse(last) {
            Some(last) => last.day() >= answer.time.day() - RECENT_DAYS || last >= period.first,
            None if last.is_empty() => false,
            // A time that cannot be read tells neither.
            None => continue,
        };
        if is_recent {
            sight.used.insert(service);
        } else {
            sight.idle.insert(service);
        }
    }
    sight
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Value, json};
    use trailwarden_account::snapshot::{Answer, Depth, Outcome};

    use super::*;

    const USER: &str = "arn:aws:iam::111122223333:user/alice";
    const TRAIL: &str = "arn:aws:cloudtrail:us-east-1:111122223333:trail/all";

    fn at(day: &str) -> Timestamp {
        Timestamp::parse(&format!("{day}T00:00:00Z")).unwrap()
    }

    type Asked<'a> = (&'a str, Option<(&'a str, &'a str)>, Value);

    fn snapshot(answers: &[Asked<'_>]) -> Snapshot {
        let account = AccountId::parse("111122223333").unwrap();
        let mut snapshot = Snapshot::new(account, "aws", at("2026-06-01"), Depth::Full);
        for (api, about, body) in answers {
            let about = about.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
            snapshot.push(Answer {
                api: (*api).to_owned(),
                region: None,
                about: about.collect::<BTreeMap<_, _>>(),
                time: at("2026-06-01"),
                outcome: Outcome::Got { body: body.clone() },
            });
        }
        snapshot
    }

    /// Source: IAM API Reference, `GetServiceLastAccessedDetails` (`LastAuthenticated` is absent where there
    /// was no attempt within the tracking period).
    #[test]
    fn last_access_tells_what_was_used_and_what_was_not() {
        let snapshot = snapshot(&[(
            LAST_ACCESSED,
            Some(("Arn", USER)),
            json!({ "JobStatus": "COMPLETED", "ServicesLastAccessed": [
                { "ServiceNamespace": "s3", "LastAuthenticated": "2026-05-20T00:00:00Z" },
                { "ServiceNamespace": "sqs", "LastAuthenticated": "2025-09-01T00:00:00Z" },
                { "ServiceNamespace": "lambda", "LastAuthenticated": "2026-03-04T00:00:00Z" },
                { "ServiceNamespace": "ses", "LastAuthenticated": "lately" },
                { "ServiceNamespace": "sns" } ] }),
        )]);
        let until = |first, last| Some(Period { first: at(first), last: at(last), days: 9 });
        // A few days later than AWS was asked: the days count from then.
        let period = |first| until(first, "2026-06-05");
        let seen = |arn, period| of_principal(&Sight::default(), Some(&snapshot), arn, period);
        let sight = seen(Some(USER), period("2026-05-01"));
        assert_eq!(sight.used, ["lambda".to_owned(), "s3".to_owned()].into());
        assert_eq!(sight.idle, ["sns".to_owned(), "sqs".to_owned()].into());
        assert_eq!(
            seen(Some("arn:aws:iam::111122223333:user/bob"), period("2026-05-01")).idle.len(),
            0
        );
        // AWS was asked before the logs begin, or long before they end.
        assert_eq!(seen(Some(USER), period("2026-06-02")), Sight::default());
        assert_eq!(seen(Some(USER), until("2026-05-01", "2026-08-01")), Sight::default());
    }

    /// Source: AWS CloudTrail User Guide, "Logging data events" (no trail records them unless asked).
    #[test]
    fn only_trails_that_record_all_data_events_show_them() {
        let trails = |is_multi: bool, values: Value| {
            snapshot(&[
                (
                    "cloudtrail:ListTrails",
                    None,
                    json!({ "Trails": [{ "TrailARN": TRAIL, "Name": "all", "HomeRegion": "us-east-1" }] }),
                ),
                (
                    "cloudtrail:DescribeTrails",
                    None,
                    json!({ "trailList": [{ "TrailARN": TRAIL, "Name": "all",
                    "IsMultiRegionTrail": is_multi, "HomeRegion": "us-east-1" }] }),
                ),
                ("cloudtrail:GetTrailStatus", Some(("Name", TRAIL)), json!({ "IsLogging": true })),
                (
                    "cloudtrail:GetEventSelectors",
                    Some(("TrailName", TRAIL)),
                    json!({ "EventSelectors": [{
                    "ReadWriteType": "All", "IncludeManagementEvents": true,
                    "DataResources": [{ "Type": "AWS::S3::Object", "Values": values }] }] }),
                ),
            ])
        };
        let is_recorded = |is_multi, values, prefix| {
            is_recorded(&Trails::read(&trails(is_multi, values)).unwrap(), prefix)
        };
        let all = json!(["arn:aws:s3"]);
        assert!(is_recorded(true, all.clone(), "s3"));
        assert!(!is_recorded(true, all.clone(), "lambda"));
        assert!(!is_recorded(false, all, "s3"));
        assert!(!is_recorded(true, json!(["arn:aws:s3:::one/"]), "s3"));
    }
}
