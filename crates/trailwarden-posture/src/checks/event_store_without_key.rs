//! An event data store of CloudTrail Lake has no key of KMS of its own.

use crate::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "event-store-without-key",
    title: "Event data store without a key of its own",
    area: Area::Trails,
    severity: Severity::Low,
    confidence: Confidence::High,
    risk: "Nothing but the permission to query stands between a reader and the events.",
    fix: "Make the store with a key of KMS; an existing one can be given one.",
    needs: &[
        "cloudtrail:ListEventDataStores",
        "cloudtrail:GetEventDataStore",
        crate::state::REGIONS,
    ],
    controls: &[Control::SecurityHub("CloudTrail.10")],
    remedies: &[],
    fails_on: &[
        r#"account:ListRegions {"Regions":[{"RegionName":"us-east-1","RegionOptStatus":"ENABLED_BY_DEFAULT"}]}
cloudtrail:ListEventDataStores @us-east-1 {"EventDataStores":[{"EventDataStoreArn":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/e","Name":"lake"}]}
cloudtrail:GetEventDataStore EventDataStore=arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/e {"Name":"lake"}"#,
    ],
    passes_on: &[
        r#"account:ListRegions {"Regions":[{"RegionName":"us-east-1","RegionOptStatus":"ENABLED_BY_DEFAULT"}]}
cloudtrail:ListEventDataStores @us-east-1 {"EventDataStores":[{"EventDataStoreArn":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/e","Name":"lake"}]}
cloudtrail:GetEventDataStore EventDataStore=arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/e {"Name":"lake","KmsKeyId":"arn:aws:kms:us-east-1:111122223333:key/k"}"#,
    ],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    const LIST: &str = "cloudtrail:ListEventDataStores";
    for answer in state.regional(LIST, verdicts)? {
        let place = Resource::region(state, answer.region.as_deref().unwrap_or("of the caller"));
        let stores =
            match answers::body(answer).and_then(|body| items(LIST, body, "EventDataStores")) {
                Ok(stores) => stores,
                Err(missing) => {
                    verdicts.missing(&place, &missing);
                    continue;
                }
            };
        for store in stores {
            let arn = text(store, "EventDataStoreArn");
            let label = format!("event data store {}", text(store, "Name"));
            let resource = Resource::arn("event_data_store", label.clone(), arn);
            match state.about("cloudtrail:GetEventDataStore", "EventDataStore", arn) {
                Ok(body) => verdicts.judge(
                    &resource,
                    text(body, "KmsKeyId").is_empty(),
                    || format!("The {label} has no key of KMS of its own."),
                    || format!("The {label} has a key of KMS."),
                ),
                Err(missing) => verdicts.missing(&resource, &missing),
            }
        }
    }
    Ok(())
}
