//! Whether somebody is told: a metric filter on a trail's log group, an alarm on its metric, and
//! somebody who gets the alarm.
//!
//! A filter counts when it matches every record that the alarm is about ([`Alarm::records`]),
//! however it is written. Where an answer along the way is missing, the verdict is unknown.

use serde_json::{Value, json};
use trailwarden_account::snapshot::Answer;

use crate::answers::{self, Known, Missing, flag, items, text};
use crate::filter::Pattern;
use crate::state::State;
use crate::verdicts::{Resource, Verdicts};

const FILTERS: &str = "logs:DescribeMetricFilters";
const ALARMS: &str = "cloudwatch:DescribeAlarmsForMetric";
const SUBSCRIPTIONS: &str = "sns:ListSubscriptionsByTopic";

/// The calls that all of them need.
pub const NEEDS: &[&str] = &[
    crate::trails::LIST,
    "cloudtrail:GetTrailStatus",
    "cloudtrail:GetEventSelectors",
    FILTERS,
    ALARMS,
    SUBSCRIPTIONS,
];

/// What an alarm is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Alarm {
    /// In words, as the end of "tells of".
    pub what: &'static str,
    /// The service of the events, such as `iam.amazonaws.com`.
    pub source: &'static str,
    /// Names of events, each of which the filter must match.
    pub events: &'static [&'static str],
    /// Other records that it must match, as JSON.
    pub others: &'static [&'static str],
}

/// What a metric filter, its alarms and their readers come to.
enum Told {
    Yes(String),
    No(String),
    Unknown(Missing),
}

impl Alarm {
    /// The records that a filter must match, with a name for each.
    #[must_use]
    pub fn records(&self) -> Vec<(String, Value)> {
        let named = self.events.iter().map(|name| {
            let record = json!({"eventSource": self.source, "eventName": name});
            ((*name).to_owned(), record)
        });
        let others = self.others.iter().filter_map(|record| {
            let record: Value = serde_json::from_str(record).ok()?;
            let name = ["errorCode", "eventName"].iter().map(|name| text(&record, name));
            Some((name.max_by_key(|name| !name.is_empty())?.to_owned(), record))
        });
        named.chain(others).collect()
    }

    /// Judges it.
    pub fn judge(&self, state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
        let account = Resource::account(state);
        let trails = state.trails()?;
        let mut groups = Vec::new();
        let mut missing = trails.unseen.clone();
        for trail in trails.all.iter().filter(|trail| trail.is_multi_region()) {
            let Some(group) = trail.log_group() else { continue };
            match (trail.is_logging(), trail.management()) {
                (Ok(true), Ok(management)) if management.is_all() => groups.push(group),
                (Err(why), _) | (_, Err(why)) => missing = Some(why),
                _ => {}
            }
        }
        let mut noes = Vec::new();
        for group in groups {
            match self.told_by(state, group) {
                Told::Yes(how) => {
                    verdicts.pass(&account, how);
                    return Ok(());
                }
                Told::No(why) => noes.push(why),
                Told::Unknown(why) => missing = Some(why),
            }
        }
        if let Some(missing) = missing {
            return Err(missing);
        }
        let why = noes.into_iter().next().unwrap_or_else(|| {
            "no running trail over all regions with all management events writes to CloudWatch Logs"
                .to_owned()
        });
        verdicts.fail(
            &account,
            format!("In {} no alarm tells of {}: {why}.", account.label, self.what),
        );
        Ok(())
    }

    fn told_by(&self, state: &State<'_>, group: &str) -> Told {
        let filters = match listed(state, FILTERS, "metricFilters") {
            Ok(filters) => filters,
            Err(missing) => return Told::Unknown(missing),
        };
        let of_group = filters.iter().filter(|filter| text(filter, "logGroupName") == group);
        let (mut best, mut unread, mut missing) = (None, None, None);
        for filter in of_group {
            let name = text(filter, "filterName");
            let Some(pattern) = Pattern::parse(text(filter, "filterPattern")) else {
                let what = format!("the pattern of metric filter {name}");
                unread = Some(Missing::new(what, "is not understood"));
                continue;
            };
            let records = self.records();
            let left: Vec<&str> = records
                .iter()
                .filter(|(_, record)| !pattern.matches(record))
                .map(|(name, _)| name.as_str())
                .collect();
            if left.len() == records.len() {
                continue;
            }
            if !left.is_empty() {
                best =
                    best.or(Some(format!("metric filter {name} leaves out {}", left.join(", "))));
                continue;
            }
            match heard(state, filter) {
                Told::Yes(how) => return Told::Yes(how),
                Told::No(why) => best = Some(why),
                Told::Unknown(why) => missing = Some(why),
            }
        }
        match (missing.or(unread), best) {
            (Some(missing), _) => Told::Unknown(missing),
            (None, Some(why)) => Told::No(why),
            (None, None) => Told::No(format!("log group {group} has no metric filter for it")),
        }
    }
}

/// Whether an alarm on the filter's metric reaches somebody.
fn heard(state: &State<'_>, filter: &Value) -> Told {
    let name = text(filter, "filterName");
    let alarms = match alarms_of(state, filter) {
        Ok(alarms) => alarms,
        Err(missing) => return Told::Unknown(missing),
    };
    let mut answer = Told::No(format!("no alarm watches the metric of filter {name}"));
    for alarm in alarms {
        let called = text(alarm, "AlarmName");
        let actions = items(ALARMS, alarm, "AlarmActions").unwrap_or_default();
        if !flag(alarm, "ActionsEnabled") || actions.is_empty() {
            answer = Told::No(format!("alarm {called} does nothing when it goes off"));
            continue;
        }
        for action in actions.iter().filter_map(Value::as_str) {
            match has_reader(state, action) {
                Ok(true) => {
                    return Told::Yes(format!(
                        "Alarm {called} on metric filter {name} tells of it."
                    ));
                }
                Ok(false) => {
                    answer = Told::No(format!(
                        "nobody is subscribed to {action}, which alarm {called} calls"
                    ));
                }
                Err(missing) => answer = Told::Unknown(missing),
            }
        }
    }
    answer
}

/// The alarms on the metrics that a filter counts.
fn alarms_of<'a>(state: &State<'a>, filter: &Value) -> Known<Vec<&'a Value>> {
    let mut found = Vec::new();
    for metric in items(FILTERS, filter, "metricTransformations")? {
        let (name, space) = (text(metric, "metricName"), text(metric, "metricNamespace"));
        let body = state.about(ALARMS, "MetricName", name)?;
        let alarms = items(ALARMS, body, "MetricAlarms")?;
        found.extend(alarms.iter().filter(|alarm| text(alarm, "Namespace") == space));
    }
    Ok(found)
}

/// Whether an action reaches somebody: anything but a topic is taken to; a topic needs a subscriber
/// who has confirmed.
fn has_reader(state: &State<'_>, action: &str) -> Known<bool> {
    if !action.contains(":sns:") {
        return Ok(true);
    }
    let body = state.about(SUBSCRIPTIONS, "TopicArn", action)?;
    let all = items(SUBSCRIPTIONS, body, "Subscriptions")?;
    Ok(all.iter().any(|one| text(one, "SubscriptionArn").starts_with("arn:")))
}

/// The items of a call's answers in all regions, each of which must have answered.
fn listed<'a>(state: &State<'a>, call: &str, member: &str) -> Known<Vec<&'a Value>> {
    let answers: Vec<&'a Answer> = state.everywhere(call)?;
    let mut all = Vec::new();
    for answer in answers {
        all.extend(items(call, answers::body(answer)?, member)?);
    }
    Ok(all)
}
