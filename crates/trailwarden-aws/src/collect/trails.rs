//! The trails of all regions, how each is set up, and whether it logs.
//!
//! `ListTrails` names the trails of all regions; `DescribeTrails` of a region knows those that log
//! there, the copies of trails from elsewhere included, so it is asked where the connection is and
//! wherever a trail has its home that is not described yet.
//!
//! Source: CloudTrail API Reference, `ListTrails`, `DescribeTrails`, `GetInsightSelectors`.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use trailwarden_account::snapshot::{Answer, Outcome};

use super::{Asking, items, none, text};
use crate::outcome;

const DESCRIBE: &str = "cloudtrail:DescribeTrails";

pub(super) fn ask(asking: &mut Asking<'_>) {
    let listed = asking.ask("cloudtrail:ListTrails", none());
    let mut trails = BTreeMap::new();
    describe(asking, None, &mut trails);
    let homes: Vec<(String, String)> = items(listed.as_ref(), "Trails")
        .filter_map(|trail| {
            Some((text(trail, "TrailARN")?.to_owned(), text(trail, "HomeRegion")?.to_owned()))
        })
        .collect();
    for (arn, home) in homes {
        if !trails.contains_key(&arn) {
            describe(asking, Some(&home), &mut trails);
        }
    }
    for (arn, trail) in trails {
        let home = text(&trail, "HomeRegion").map(str::to_owned);
        let home = home.as_deref();
        asking.ask_in("cloudtrail:GetTrailStatus", home, json!({"Name": arn}));
        asking.ask_in("cloudtrail:GetEventSelectors", home, json!({"TrailName": arn}));
        let has_insights = trail.get("HasInsightSelectors").and_then(Value::as_bool);
        if has_insights == Some(false) {
            let message = format!("`{DESCRIBE}` says that there are none");
            asking.keep(Answer {
                api: "cloudtrail:GetInsightSelectors".to_owned(),
                region: home.map(str::to_owned),
                about: BTreeMap::from([("TrailName".to_owned(), arn)]),
                time: outcome::now(),
                outcome: Outcome::Absent { message },
            });
        } else {
            asking.ask_in("cloudtrail:GetInsightSelectors", home, json!({"TrailName": arn}));
        }
    }
}

fn describe(asking: &mut Asking<'_>, region: Option<&str>, trails: &mut BTreeMap<String, Value>) {
    let told = asking.ask_in(DESCRIBE, region, none());
    for trail in items(told.as_ref(), "trailList") {
        if let Some(arn) = text(trail, "TrailARN") {
            trails.entry(arn.to_owned()).or_insert_with(|| trail.clone());
        }
    }
}
