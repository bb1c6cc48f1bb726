//! What the emulator should make for a subject, so that its plan finds what it takes for granted.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use trailwarden_remedy::subject::Policy;
use trailwarden_remedy::{Known, Subject};

/// The command of `serve.py` that makes it.
pub(crate) fn made(subject: &Subject) -> Value {
    json!({ "make": world(subject) })
}

/// What a subject says that there is.
pub(crate) fn world(subject: &Subject) -> Value {
    let mut wanted = Map::new();
    if let Some(principal) = &subject.principal {
        let resource = principal.arn.splitn(6, ':').nth(5).unwrap();
        let path = resource.strip_suffix(&principal.name).unwrap();
        let path = path.trim_start_matches(|c| c != '/');
        wanted.insert("kind".to_owned(), principal.kind.word().into());
        wanted.insert("name".to_owned(), principal.name.as_str().into());
        wanted.insert("path".to_owned(), path.into());
    }
    let mut keys: Map<String, Value> = Map::new();
    for (id, key) in subject.keys.iter().flatten() {
        keys.insert(id.clone(), key.is_active.into());
    }
    if keys.is_empty() {
        keys.extend(subject.access_key.iter().map(|id| (id.clone(), true.into())));
    }
    wanted.insert("keys".to_owned(), keys.into());
    wanted.insert("inline".to_owned(), json!(subject.inline.clone().unwrap_or_default()));
    wanted.insert("group".to_owned(), json!(subject.group));
    wanted.insert("member".to_owned(), json!(subject.is_member != Some(false)));
    let tag = subject.tag.as_ref().and_then(|tag| Some((tag.key.clone(), tag.value.is()?)));
    wanted.insert("tags".to_owned(), json!(tag.into_iter().collect::<BTreeMap<_, _>>()));
    wanted.insert("trust".to_owned(), json!(subject.trust.is()));
    wanted.insert("boundary".to_owned(), json!(subject.boundary.is()));
    wanted.insert("passwords".to_owned(), json!(subject.password_policy.is()));
    wanted.insert("provider".to_owned(), json!(subject.provider));
    let mut policies = Map::new();
    let document = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Action": "s3:Get*", "Resource": "*" }] });
    if let Known::Is(before) = &subject.before
        && before.starts_with("arn:")
    {
        policies.insert(before.clone(), json!([document.to_string()]));
    }
    match &subject.policy {
        Some(Policy::Managed { arn, .. }) if arn.contains(":iam::aws:") => {
            wanted.insert("attached".to_owned(), json!([arn]));
        }
        Some(Policy::Managed { arn, versions, default, .. }) => {
            // The emulator counts versions from one.
            let count = default.as_ref().unwrap()[1..].parse::<usize>().unwrap();
            let mut documents = vec![document.to_string(); count];
            for (at, (_, text)) in versions.iter().rev().enumerate() {
                if let Some(text) = text {
                    documents[count - 1 - at].clone_from(text);
                }
            }
            policies.insert(arn.clone(), json!(documents));
        }
        Some(Policy::Inline(_)) | None => {}
    }
    wanted.insert("policies".to_owned(), policies.into());
    if let Known::Is(trail) = &subject.trail {
        let trail = json!({ "name": trail.name, "bucket": trail.bucket.is(), "validated": trail.is_validated,
            "multi": trail.is_multi_region, "global": trail.has_global_events,
            "selectors": trail.selectors.is() });
        wanted.insert("trail".to_owned(), trail);
    }
    if let Some(bucket) = &subject.bucket
        && let Known::Is(policy) = &bucket.policy
    {
        wanted.insert("bucket".to_owned(), json!(bucket.name));
        wanted.insert("bucket_policy".to_owned(), json!(policy));
    }
    Value::Object(wanted)
}
