//! Every entry, held against the rules of the catalogue.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use trailwarden_catalogue::{Depth, Entry, Kind, all, find, texts};
use trailwarden_model::attack;
use trailwarden_record::Event;
use trailwarden_record::events::ALL as CALLS;

/// The entries in full depth.
const FULL: &[&str] = &[
    "cloudtrail:CreateTrail",
    "cloudtrail:DeleteTrail",
    "cloudtrail:PutEventSelectors",
    "cloudtrail:StopLogging",
    "cloudtrail:UpdateTrail",
    "iam:AddClientIDToOpenIDConnectProvider",
    "iam:AddRoleToInstanceProfile",
    "iam:AddUserToGroup",
    "iam:AttachGroupPolicy",
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:ChangePassword",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreateOpenIDConnectProvider",
    "iam:CreatePolicy",
    "iam:CreatePolicyVersion",
    "iam:CreateRole",
    "iam:CreateSAMLProvider",
    "iam:CreateServiceSpecificCredential",
    "iam:CreateUser",
    "iam:CreateVirtualMFADevice",
    "iam:DeactivateMFADevice",
    "iam:DeleteAccessKey",
    "iam:DeleteAccountPasswordPolicy",
    "iam:DeleteGroupPolicy",
    "iam:DeletePolicyVersion",
    "iam:DeleteRolePermissionsBoundary",
    "iam:DeleteUser",
    "iam:DeleteUserPermissionsBoundary",
    "iam:DeleteVirtualMFADevice",
    "iam:DetachUserPolicy",
    "iam:EnableMFADevice",
    "iam:PassRole",
    "iam:PutGroupPolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:PutRolePolicy",
    "iam:PutUserPermissionsBoundary",
    "iam:PutUserPolicy",
    "iam:RemoveUserFromGroup",
    "iam:SetDefaultPolicyVersion",
    "iam:TagRole",
    "iam:TagUser",
    "iam:UpdateAccessKey",
    "iam:UpdateAccountPasswordPolicy",
    "iam:UpdateAssumeRolePolicy",
    "iam:UpdateLoginProfile",
    "iam:UpdateRole",
    "iam:UpdateSAMLProvider",
    "iam:UpdateUser",
    "organizations:AttachPolicy",
    "organizations:DetachPolicy",
    "organizations:LeaveOrganization",
    "rolesanywhere:CreateTrustAnchor",
    "signin:ConsoleLogin",
    "sso:CreateAccountAssignment",
    "sso:PutInlinePolicyToPermissionSet",
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
    "sts:AssumeRoot",
    "sts:GetFederationToken",
];

fn sample(entry: &Entry) -> Option<Value> {
    entry.sample.and_then(|text| serde_json::from_str(text).ok())
}

#[test]
fn every_file_is_an_entry() {
    let faults: Vec<String> = texts()
        .iter()
        .filter_map(|text| Entry::read(text).err())
        .map(|fault| fault.to_string())
        .collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
    assert_eq!(all().len(), texts().len());
}

#[test]
fn the_deep_entries_are_these() {
    let full: Vec<&str> =
        all().iter().filter(|one| one.header.depth == Depth::Full).map(|one| one.name).collect();
    assert_eq!(full, FULL);
}

#[test]
fn an_entry_is_found_in_any_case() {
    assert_eq!(find("IAM:updateuser").map(|entry| entry.name), Some("iam:UpdateUser"));
    assert!(find("UpdateUser").is_none());
}

/// The record shown is one of the event that the entry is about, and our own decoder reads it.
#[test]
fn every_sample_is_of_its_event() {
    for entry in all() {
        let name = entry.name;
        assert_eq!(sample(entry).is_some(), entry.sample.is_some(), "{name}: no JSON");
        let Some(record) = sample(entry) else { continue };
        assert_eq!(record["eventName"], entry.event(), "{name}");
        assert_eq!(record["eventSource"], entry.header.source.as_str(), "{name}");
        let event = Event::decode(record.to_string().as_bytes());
        assert!(event.is_ok(), "{name}: {event:?}");
    }
}

/// A parameter that an entry explains is one that records have.
#[test]
fn parameters_stand_in_the_sample() {
    for entry in all() {
        let Some(record) = sample(entry) else { continue };
        let parameters = &entry.header.parameters;
        let is_there = |name: &str| {
            let (at, name) = match name.split_once('.') {
                Some(("response", name)) => (&record["responseElements"], name),
                Some(("event", name)) => (&record, name),
                Some(("extra", name)) => (&record["additionalEventData"], name),
                _ => (&record["requestParameters"], name),
            };
            let mut at = at;
            name.split('.').all(|part| {
                at = match at {
                    Value::Array(items) => items.first().map_or(&Value::Null, |item| &item[part]),
                    at => &at[part],
                };
                !at.is_null()
            })
        };
        let known = parameters.iter().filter(|one| is_there(&one.name)).count();
        assert!(
            parameters.is_empty() || known * 2 >= parameters.len(),
            "{}: the sample lacks most of the parameters",
            entry.name
        );
    }
}

#[test]
fn related_events_are_known_and_not_the_entry_itself() {
    let calls: BTreeSet<String> =
        CALLS.iter().map(|call| format!("{}:{}", call.service, call.name)).collect();
    for entry in all() {
        let related: BTreeSet<&String> = entry.header.related.iter().collect();
        assert_eq!(related.len(), entry.header.related.len(), "{}: one stands twice", entry.name);
        for other in related {
            assert!(
                find(other).is_some() || calls.contains(other),
                "{}: no event `{other}`",
                entry.name
            );
            assert_ne!(other, entry.name);
        }
    }
}

#[test]
fn attack_techniques_are_of_the_table() {
    for entry in all() {
        for technique in entry.header.risks.iter().flat_map(|risk| &risk.attack) {
            assert!(attack::tactic_of(technique).is_some(), "{}: `{technique}`", entry.name);
        }
    }
}

#[test]
fn a_full_entry_says_what_to_look_for() {
    for entry in all().iter().filter(|entry| entry.header.depth == Depth::Full) {
        let header = &entry.header;
        let name = entry.name;
        assert!(header.risks.len() >= 2, "{name}: fewer than two risks");
        assert!(header.related.len() >= 2, "{name}: fewer than two related events");
        let has_parameters = sample(entry).is_some_and(|it| it["requestParameters"].is_object());
        assert!(!has_parameters || !header.parameters.is_empty(), "{name}: no parameters");
        assert!(
            header.risks.is_sorted_by(|a, b| a.severity >= b.severity),
            "{name}: the gravest first"
        );
        assert!(
            header.kind == Kind::NoCall
                || !header.permissions.is_empty()
                || header.kind == Kind::SignIn
                || header.kind == Kind::Service,
            "{name}: no permission"
        );
    }
}

/// Filler fits every event; a sentence that is about one does not.
#[test]
fn no_longer_sentence_stands_in_more_than_three_entries() {
    let mut seen: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for entry in all() {
        let header = &entry.header;
        let said = header.risks.iter().map(|risk| risk.text.as_str());
        let said = said.chain(header.parameters.iter().map(|one| one.meaning.as_str()));
        let said = said.chain(entry.sections.iter().map(|one| one.markdown));
        for sentence in said.flat_map(sentences) {
            if sentence.split(' ').count() > 8 {
                seen.entry(sentence).or_default().insert(entry.name);
            }
        }
    }
    seen.retain(|_, entries| entries.len() > 3);
    assert!(seen.is_empty(), "{seen:#?}");
}

/// The sentences of a text in small letters, without markup.
fn sentences(text: &str) -> Vec<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let ends = |c: char| matches!(c, '.' | '?' | '!' | ':' | ';');
    text.split(ends)
        .map(|sentence| sentence.trim_matches(|c: char| !c.is_alphanumeric()).to_owned())
        .collect()
}

#[test]
fn sentences_are_told_apart() {
    assert_eq!(sentences("- One\n  two. *Three*?"), ["one two", "three", ""]);
}
