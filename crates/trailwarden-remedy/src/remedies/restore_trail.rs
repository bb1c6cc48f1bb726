//! Has a trail record again: started, in all regions, with the global services, validated, and with
//! management events among what it selects.

use crate::prelude::*;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "restore-trail",
    aliases: &[],
    title: "Have a trail record again",
    effect: Effect::Keeps,
    notes: &[
        "What happened while it did not record is only in the event history, for 90 days and for each region: copy it out.",
        "Log file validation covers only files from now on.",
    ],
    example: |subject| {
        subject.principal = None;
        let selectors = json!({ "EventSelectors": [{ "ReadWriteType": "WriteOnly",
            "IncludeManagementEvents": false, "DataResources": [], "ExcludeManagementEventSources": [] }] });
        subject.trail = Known::Is(Trail {
            name: "main".to_owned(),
            home_region: "eu-west-1".to_owned(),
            bucket: "example-logs".to_owned(),
            is_logging: Some(false),
            is_validated: Some(false),
            is_multi_region: Some(true),
            has_global_events: Some(true),
            selectors: selectors.as_object().cloned().map_or(Known::Absent, Known::Is),
        });
    },
    example_of: "arn:aws:iam::111122223333:root",
    plan,
};

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    let trail = match &subject.trail {
        Known::Is(trail) => trail,
        Known::Absent => {
            return match &subject.trail_before {
                Known::Is(before) => made_again(subject, before, draft),
                Known::Absent | Known::Unknown => {
                    Err(NoPlan::Person("there is no trail: make one (create-trail)".to_owned()))
                }
            };
        }
        Known::Unknown => return Err(NoPlan::unknown("the trail")),
    };
    let name = trail.name.as_str();
    if let Known::Is(before) = &subject.trail_before
        && before.bucket != trail.bucket
    {
        return Err(NoPlan::Person(format!(
            "the trail `{name}` writes to the bucket `{}` and wrote to `{}` before: whose the new one is must be known first; then edit its storage location in CloudTrail > Trails > {name}, and make the plan again",
            trail.bucket, before.bucket
        )));
    }
    draft.about(format!("the trail {name} of account {}", subject.account));
    draft.in_region(&trail.home_region);
    settings(trail, draft)?;
    selectors(trail, subject.trail_before.is(), draft)?;
    if trail.is_logging == Some(false) {
        draft.call(
            format!("start the trail {name}"),
            "cloudtrail:StartLogging",
            [("Name", name.into())],
            &Before::Implied,
        )?;
        draft.require(writes_to(trail));
    }
    let unknown = unknown(trail);
    if !unknown.is_empty() {
        let unknown = unknown.join(", ");
        if draft.is_empty() {
            return Err(NoPlan::unknown(format!("{unknown} (the trail `{name}`)")));
        }
        draft.note(format!("Not known, so not corrected: {unknown}."));
    }
    if draft.is_empty() {
        return Err(NoPlan::Already(format!("the trail `{name}` records as it should")));
    }
    Ok(())
}

/// What nobody has told of a trail.
fn unknown(trail: &Trail) -> Vec<&'static str> {
    let parts = [
        (trail.is_logging.is_none(), "whether it records"),
        (trail.is_validated.is_none(), "whether its files are validated"),
        (trail.is_multi_region.is_none(), "whether it records all regions"),
        (trail.has_global_events.is_none(), "whether it records the global services"),
        (trail.selectors == Known::Unknown, "what it selects"),
    ];
    parts.into_iter().filter_map(|(is_unknown, what)| is_unknown.then_some(what)).collect()
}

fn settings(trail: &Trail, draft: &mut Draft) -> Result<(), NoPlan> {
    let settings = [
        ("EnableLogFileValidation", trail.is_validated),
        ("IsMultiRegionTrail", trail.is_multi_region),
        ("IncludeGlobalServiceEvents", trail.has_global_events),
    ];
    let off: Vec<&str> =
        settings.iter().filter(|(_, is_on)| *is_on == Some(false)).map(|(name, _)| *name).collect();
    if off.is_empty() {
        return Ok(());
    }
    let mut wanted = vec![("Name", Argument::from(trail.name.as_str()))];
    let mut was = Map::new();
    for (name, is_on) in settings {
        // AWS refuses a trail of all regions without the global services: both are sent.
        let is_sent = off.contains(&name)
            || name == "IncludeGlobalServiceEvents" && off.contains(&"IsMultiRegionTrail");
        if is_sent {
            let is_on = is_on.ok_or_else(|| NoPlan::unknown("the trail's settings"))?;
            wanted.push((name, true.into()));
            was.insert(name.to_owned(), is_on.into());
        }
    }
    draft.call(
        format!("correct the settings of the trail {}", trail.name),
        "cloudtrail:UpdateTrail",
        wanted,
        &Before::Was(was),
    )?;
    draft.require(writes_to(trail));
    Ok(())
}

fn selectors(trail: &Trail, before: Option<&Trail>, draft: &mut Draft) -> Result<(), NoPlan> {
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
    draft.call(
        format!("select management events in the trail {}", trail.name),
        "cloudtrail:PutEventSelectors",
        input,
        &Before::Was(was),
    )?;
    draft.require(writes_to(trail));
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

/// Makes a trail again that was deleted, with the bucket that it had.
fn made_again(subject: &Subject, before: &Trail, draft: &mut Draft) -> Result<(), NoPlan> {
    let name = before.name.as_str();
    draft.about(format!("the trail {name} of account {}", subject.account));
    draft.in_region(&before.home_region);
    draft.note("The bucket's policy must still let CloudTrail write there; its key and log group are not brought back: the records of the deletion and before name them.");
    draft.call(
        format!("make the trail {name} again"),
        "cloudtrail:CreateTrail",
        [
            ("Name", name.into()),
            ("S3BucketName", before.bucket.as_str().into()),
            ("EnableLogFileValidation", true.into()),
            ("IncludeGlobalServiceEvents", true.into()),
            ("IsMultiRegionTrail", true.into()),
        ],
        &Before::Implied,
    )?;
    let made = Trail { selectors: Known::Is(Map::new()), ..before.clone() };
    selectors(&made, Some(before), draft)?;
    draft.call(
        format!("start the trail {name}"),
        "cloudtrail:StartLogging",
        [("Name", name.into())],
        &Before::Implied,
    )?;
    draft.require(writes_to(before));
    Ok(())
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

/// A trail that writes to somebody else's bucket is not put right by starting it.
fn writes_to(trail: &Trail) -> Check {
    Check {
        service: "cloudtrail".to_owned(),
        operation: "GetTrail".to_owned(),
        input: [("Name".to_owned(), trail.name.as_str().into())].into(),
        path: vec![Part::Member("Trail".to_owned()), Part::Member("S3BucketName".to_owned())],
        expected: Expected::Equals(trail.bucket.as_str().into()),
    }
}
