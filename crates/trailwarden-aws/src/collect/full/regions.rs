//! What each region has of its own: analyzers, recorders, hubs, event data stores, networks and keys.
//!
//! Source: AWS Account Management API Reference, `ListRegions` (which regions are on).

use serde_json::{Value, json};

use super::{Asking, items, text};
use crate::collect::none;
use crate::collect::several::Question;
use crate::lookup;

/// What is asked in each region.
const OF_EACH: &[&str] = &[
    "access-analyzer:ListAnalyzers",
    "config:DescribeConfigurationRecorderStatus",
    "securityhub:DescribeHub",
    STORES,
    "ec2:DescribeVpcs",
    "ec2:DescribeFlowLogs",
    KEYS,
];
const REGIONS: &str = "account:ListRegions";
const STORES: &str = "cloudtrail:ListEventDataStores";
const KEYS: &str = "kms:ListKeys";

/// Without a list of regions only that of the connection is asked.
pub(super) fn ask(asking: &mut Asking<'_>) {
    let states = json!(["ENABLED", "ENABLED_BY_DEFAULT"]);
    asking.ask(REGIONS, json!({"RegionOptStatusContains": states}));
    let told = asking.snapshot.answer(REGIONS);
    let mut regions = told.map(lookup::listed).unwrap_or_default().on;
    if regions.is_empty() {
        regions.push(asking.connection.region().to_owned());
    }
    // Call by call, so that those who are asked at a time are of different regions, with limits of their own.
    let questions = OF_EACH
        .iter()
        .flat_map(|api| regions.iter().map(|region| Question::new(api, none()).at(Some(region))));
    asking.ask_each(questions.collect());
    stores(asking);
    keys(asking);
}

/// Each item of a list that was asked for in all regions, with its region.
fn listed(asking: &Asking<'_>, api: &str, list: &str, id: &str) -> Vec<(Option<String>, String)> {
    let of_answer = asking.snapshot.answers(api).flat_map(|answer| {
        let ids = items(answer.body_so_far(), list).filter_map(|item| text(item, id));
        ids.map(|id| (answer.region.clone(), id.to_owned()))
    });
    of_answer.collect()
}

fn stores(asking: &mut Asking<'_>) {
    let stores = listed(asking, STORES, "EventDataStores", "EventDataStoreArn");
    let of_each = stores.into_iter().map(|(region, arn)| {
        Question::new("cloudtrail:GetEventDataStore", json!({"EventDataStore": arn}))
            .at(region.as_deref())
    });
    asking.ask_each(of_each.collect());
}

/// What each key is, and of those of the customer whether they rotate: AWS's own rotate anyhow, and what is
/// not symmetric or not made by KMS cannot.
///
/// Source: AWS KMS Developer Guide, "Rotate AWS KMS keys".
fn keys(asking: &mut Asking<'_>) {
    let keys = listed(asking, KEYS, "Keys", "KeyArn");
    let of_each = keys.iter().map(|(region, arn)| {
        Question::new("kms:DescribeKey", json!({"KeyId": arn})).at(region.as_deref())
    });
    let told = asking.ask_each(of_each.collect());
    let rotating = keys.iter().zip(told).filter(|(_, told)| told.as_ref().is_some_and(may_rotate));
    let of_each = rotating.map(|((region, arn), _)| {
        Question::new("kms:GetKeyRotationStatus", json!({"KeyId": arn})).at(region.as_deref())
    });
    asking.ask_each(of_each.collect());
}

fn may_rotate(told: &Value) -> bool {
    let Some(key) = told.get("KeyMetadata") else { return false };
    let is = |member: &str, value: &str| text(key, member) == Some(value);
    is("KeyManager", "CUSTOMER") && is("KeySpec", "SYMMETRIC_DEFAULT") && is("Origin", "AWS_KMS")
}
