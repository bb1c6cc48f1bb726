//! What a trail selects, and how management events come back among it.
//!
//! # Invariants
//! - What else is selected stays, unless what was selected before is known.
//! - A call takes one kind of selectors, basic or advanced, so one of both is written and restored.

use super::stays;
use crate::prelude::*;

/// Selects what was selected before, else all management events.
pub(super) fn selectors(
    trail: &Trail,
    before: Option<&Trail>,
    draft: &mut Draft,
) -> Result<(), NoPlan> {
    let Known::Is(present) = &trail.selectors else { return Ok(()) };
    let wanted = match before.map_or(&Known::Unknown, |before| &before.selectors) {
        // A trail without selectors has all management events, which a call must spell out.
        Known::Is(before) if before.is_empty() => basic(),
        Known::Is(before) => before.clone(),
        Known::Absent | Known::Unknown if has_management_events(present) => return Ok(()),
        Known::Absent | Known::Unknown => with_management_events(present)?,
    };
    if wanted == *present || present.is_empty() && wanted == basic() {
        return Ok(());
    }
    // A call takes one kind of selectors, so an empty list of the other kind is left out.
    let kept = present.iter().filter(|(name, _)| listed(present, name).is_some());
    let was: Map<String, Value> = kept.map(|(name, list)| (name.clone(), list.clone())).collect();
    let was = if was.is_empty() { basic() } else { was };
    let mut input = vec![("TrailName", Argument::from(trail.name.as_str()))];
    for name in ["EventSelectors", "AdvancedEventSelectors"] {
        input.extend(
            listed(&wanted, name).map(|value| (name, Argument::Plain(value.clone().into()))),
        );
    }
    let purpose = format!("select management events in the trail {}", trail.name);
    draft.call(purpose, "cloudtrail:PutEventSelectors", input, &Before::Was(was))?;
    stays(draft, trail, before);
    Ok(())
}

/// What a trail selects of which nobody ever said anything ("GetEventSelectors", CloudTrail API
/// Reference): all management events.
fn basic() -> Map<String, Value> {
    Map::from_iter([("EventSelectors".to_owned(), json!([everything()]))])
}

fn everything() -> Value {
    json!({ "ReadWriteType": "All", "IncludeManagementEvents": true, "DataResources": [],
        "ExcludeManagementEventSources": [] })
}

/// How many basic selectors a trail may have ("PutEventSelectors", CloudTrail API Reference).
const SELECTORS_MAX: usize = 5;

/// The selectors under a member; `None` when the trail uses the other kind.
fn listed<'a>(selectors: &'a Map<String, Value>, name: &str) -> Option<&'a Vec<Value>> {
    selectors.get(name).and_then(Value::as_array).filter(|list| !list.is_empty())
}

/// Whether selectors take in all management events.
fn has_management_events(selectors: &Map<String, Value>) -> bool {
    if let Some(advanced) = listed(selectors, "AdvancedEventSelectors") {
        return advanced.iter().any(is_all_management);
    }
    // A trail without selectors has all management events, and so has a selector that says nothing
    // else ("EventSelector", CloudTrail API Reference).
    let Some(basic) = listed(selectors, "EventSelectors") else { return true };
    basic.iter().any(|selector| {
        selector.get("IncludeManagementEvents") != Some(&Value::Bool(false))
            && selector.get("ReadWriteType").and_then(Value::as_str).is_none_or(|it| it == "All")
    })
}

/// Whether an advanced selector takes in all management events but those of the two services that are
/// left out for their number ("AdvancedFieldSelector", CloudTrail API Reference).
fn is_all_management(selector: &Value) -> bool {
    let noisy = [json!("kms.amazonaws.com"), json!("rdsdata.amazonaws.com")];
    is_management(selector)
        && fields(selector).all(|field| match field.get("Field").and_then(Value::as_str) {
            Some("eventCategory") => true,
            Some("eventSource") => field.as_object().is_some_and(|members| {
                members.iter().all(|(name, value)| match (name.as_str(), value) {
                    ("Field", _) => true,
                    ("NotEquals", Value::Array(left)) => left.iter().all(|it| noisy.contains(it)),
                    _ => false,
                })
            }),
            _ => false,
        })
}

/// Whether an advanced selector is about management events.
fn is_management(selector: &Value) -> bool {
    fields(selector).any(|field| {
        field.get("Field").and_then(Value::as_str) == Some("eventCategory")
            && field.get("Equals").is_some_and(|it| *it == json!(["Management"]))
    })
}

fn fields(selector: &Value) -> impl Iterator<Item = &Value> {
    selector.get("FieldSelectors").and_then(Value::as_array).into_iter().flatten()
}

/// The selectors with all management events. Nobody knows what was selected before, so what else is
/// selected stays: an event is recorded when any selector takes it in ("PutEventSelectors").
fn with_management_events(present: &Map<String, Value>) -> Result<Map<String, Value>, NoPlan> {
    let (name, kept, all): (&str, Vec<Value>, Value) =
        match listed(present, "AdvancedEventSelectors") {
            Some(advanced) => (
                "AdvancedEventSelectors",
                advanced.iter().filter(|selector| !is_management(selector)).cloned().collect(),
                json!({ "Name": "Management events",
                "FieldSelectors": [{ "Field": "eventCategory", "Equals": ["Management"] }] }),
            ),
            None => (
                "EventSelectors",
                listed(present, "EventSelectors")
                    .into_iter()
                    .flatten()
                    .filter(has_data)
                    .cloned()
                    .collect(),
                everything(),
            ),
        };
    if name == "EventSelectors" && kept.len() >= SELECTORS_MAX {
        return Err(NoPlan::Person(format!(
            "the trail has {SELECTORS_MAX} selectors of data events, and no more are possible: add management events to one of them by hand"
        )));
    }
    let list: Vec<Value> = kept.into_iter().chain([all]).collect();
    Ok(Map::from_iter([(name.to_owned(), list.into())]))
}

/// Whether a basic selector takes in data events.
fn has_data(selector: &&Value) -> bool {
    let data = selector.get("DataResources").and_then(Value::as_array);
    data.is_some_and(|data| !data.is_empty())
}
