//! Has a trail record again: started, in all regions, with the global services, validated, and with
//! management events among what it selects.

mod selectors;

use crate::prelude::*;

use selectors::selectors;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "restore-trail",
    aliases: &[],
    title: "Have a trail record again",
    effect: Effect::Keeps,
    order: Order::Trails,
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
            bucket: Known::Is("example-logs".to_owned()),
            prefix: Known::Absent,
            kms_key: Known::Absent,
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

const ASK_BEFORE: &str = "give logs from before the change, from as early on as there are, or an older baseline beside the new one (`--logs PATH`, `--baseline OLD NEW`), or ask the trail's owner and set it by hand";

const GONE: &str = "the trail is gone, and how it was set is not known: give logs that hold its making, or an older baseline beside the new one; else make a new one in CloudTrail > Trails > Create trail, for all regions, with log file validation";

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    let trail = match &subject.trail {
        Known::Is(trail) => trail,
        Known::Absent => {
            return match &subject.trail_before {
                Known::Is(before) => made_again(subject, before, draft),
                Known::Absent => Err(NoPlan::Missing("a trail")),
                Known::Unknown => Err(NoPlan::Person(GONE.to_owned())),
            };
        }
        Known::Unknown => return Err(NoPlan::unknown("the trail")),
    };
    let name = trail.name.as_str();
    draft.about(format!("the trail {name} of account {}", subject.account));
    draft.in_region(&trail.home_region);
    let before = subject.trail_before.is();
    settings(trail, before, draft)?;
    selectors(trail, before, draft)?;
    if trail.is_logging == Some(false) {
        started(draft, trail, before)?;
    }
    let changed = &subject.trail_changed;
    if !changed.is_empty() {
        let changed = changed.join(", ");
        if draft.is_empty() {
            let what = format!("what there was before of what was changed ({changed})");
            return Err(NoPlan::Unknown { what, ask: ASK_BEFORE });
        }
        draft.note(format!(
            "Changed, and not set back, for nobody knows what was before: {changed}."
        ));
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
        (trail.bucket == Known::Unknown, "where it writes"),
    ];
    parts.into_iter().filter_map(|(is_unknown, what)| is_unknown.then_some(what)).collect()
}

fn settings(trail: &Trail, before: Option<&Trail>, draft: &mut Draft) -> Result<(), NoPlan> {
    let settings = [
        ("EnableLogFileValidation", trail.is_validated),
        ("IsMultiRegionTrail", trail.is_multi_region),
        ("IncludeGlobalServiceEvents", trail.has_global_events),
    ];
    let off: Vec<&str> =
        settings.iter().filter(|(_, is_on)| *is_on == Some(false)).map(|(name, _)| *name).collect();
    let moved = before.filter(|before| {
        parts(trail, before).iter().any(|(_, present, before)| differs(present, before))
    });
    if off.is_empty() && moved.is_none() {
        return Ok(());
    }
    let mut wanted = vec![("Name", Argument::from(trail.name.as_str()))];
    let mut was = Map::new();
    if let Some(before) = moved {
        delivery(trail, before, draft, &mut wanted, &mut was);
    }
    for (name, is_on) in settings {
        // AWS refuses a trail of all regions without the global services: both are sent.
        let is_sent = off.contains(&name)
            || name == "IncludeGlobalServiceEvents" && off.contains(&"IsMultiRegionTrail");
        if is_sent {
            let is_on = is_on.ok_or_else(|| NoPlan::unknown("how the trail is set"))?;
            wanted.push((name, true.into()));
            was.insert(name.to_owned(), is_on.into());
        }
    }
    let purpose = format!("correct the settings of the trail {}", trail.name);
    draft.call(purpose, "cloudtrail:UpdateTrail", wanted, &Before::Was(was))?;
    if let Some(check) = writes_to(trail) {
        draft.require(check);
    }
    Ok(())
}

/// What holds before the later calls: one that was moved writes elsewhere by then.
fn stays(draft: &mut Draft, trail: &Trail, before: Option<&Trail>) {
    if before.is_none_or(|before| !differs(&trail.bucket, &before.bucket))
        && let Some(check) = writes_to(trail)
    {
        draft.require(check);
    }
}

/// Has it write where and how it wrote before.
fn delivery(
    trail: &Trail,
    before: &Trail,
    draft: &mut Draft,
    wanted: &mut Vec<(&'static str, Argument)>,
    was: &mut Map<String, Value>,
) {
    for (name, present, earlier) in parts(trail, before) {
        // An empty text takes a part away ("UpdateTrail", AWS CLI Command Reference).
        let text = |part: Known<String>| part.is().cloned().unwrap_or_default();
        if differs(&present, &earlier) {
            wanted.push((name, text(earlier).into()));
            was.insert(name.to_owned(), text(present).into());
        }
    }
    if let (Known::Is(now), Known::Is(before)) = (&trail.bucket, &before.bucket)
        && now != before
    {
        draft.note(format!(
            "It writes to the bucket {now}, and wrote to {before} before: logs of the time in between stay in the former. Copy them out where it is yours."
        ));
    }
}

/// How a trail delivers: now, and before.
fn parts(trail: &Trail, before: &Trail) -> [(&'static str, Known<String>, Known<String>); 3] {
    [
        ("S3BucketName", trail.bucket.clone(), before.bucket.clone()),
        ("S3KeyPrefix", trail.prefix.clone(), before.prefix.clone()),
        ("KmsKeyId", trail.kms_key.clone(), before.kms_key.clone()),
    ]
}

fn differs(present: &Known<String>, before: &Known<String>) -> bool {
    present != before && ![present, before].contains(&&Known::Unknown)
}

/// Makes a trail again that was deleted, with the bucket that it had.
fn made_again(subject: &Subject, before: &Trail, draft: &mut Draft) -> Result<(), NoPlan> {
    let name = before.name.as_str();
    let Some(bucket) = before.bucket.is() else { return Err(NoPlan::Person(GONE.to_owned())) };
    draft.about(format!("the trail {name} of account {}", subject.account));
    draft.in_region(&before.home_region);
    draft.note("The bucket's policy must still let CloudTrail write there; its log group is not brought back: the records of its making name it.");
    let mut input = vec![
        ("Name", Argument::from(name)),
        ("S3BucketName", bucket.as_str().into()),
        ("EnableLogFileValidation", true.into()),
        ("IncludeGlobalServiceEvents", true.into()),
        ("IsMultiRegionTrail", true.into()),
    ];
    for (parameter, part) in [("S3KeyPrefix", &before.prefix), ("KmsKeyId", &before.kms_key)] {
        match part {
            Known::Is(part) => input.push((parameter, part.as_str().into())),
            Known::Absent => {}
            Known::Unknown => draft.note(format!("Whether it had a {parameter} is not known.")),
        }
    }
    draft.call(
        format!("make the trail {name} again"),
        "cloudtrail:CreateTrail",
        input,
        &Before::Implied,
    )?;
    let made = Trail { selectors: Known::Is(Map::new()), ..before.clone() };
    selectors(&made, Some(before), draft)?;
    started(draft, before, None)
}

fn started(draft: &mut Draft, trail: &Trail, before: Option<&Trail>) -> Result<(), NoPlan> {
    draft.call(
        format!("start the trail {}", trail.name),
        "cloudtrail:StartLogging",
        [("Name", trail.name.as_str().into())],
        &Before::Implied,
    )?;
    stays(draft, trail, before);
    Ok(())
}

/// A trail that writes to somebody else's bucket is not put right by starting it.
fn writes_to(trail: &Trail) -> Option<Check> {
    let bucket = trail.bucket.is()?;
    Some(Check {
        service: "cloudtrail".to_owned(),
        operation: "GetTrail".to_owned(),
        input: [("Name".to_owned(), trail.name.as_str().into())].into(),
        path: vec![Part::Member("Trail".to_owned()), Part::Member("S3BucketName".to_owned())],
        expected: Expected::Equals(bucket.as_str().into()),
    })
}
