//! Plans as Terraform: read by a parser of its language, and held against the provider's schema.
//!
//! Terraform itself is not run: the schema says which arguments each resource takes, which it must be
//! given, and of what type; the rest is that objects which exist are imported, and that nothing of a plan
//! is left out in silence.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

mod schema;

use std::collections::BTreeSet;

use hcl::Body;
use schema::{Configuration, Schema, blocks, document};
use serde_json::{Value, json};
use trailwarden_model::Timestamp;
use trailwarden_remedy::calls::{self, Call, Filled, Kind, Terraform};
use trailwarden_remedy::plan::{Argument, Check, Expected, Input, Made, Part};
use trailwarden_remedy::{Plan, documents, remedies, remedy, render};

/// The plan of a remedy's example.
fn plan(id: &str) -> Plan {
    let subject = remedy::find(id).unwrap().example().unwrap();
    let draft = remedy::find(id).unwrap().draft(&subject).unwrap();
    let made = Timestamp::from_seconds(1_769_947_260);
    Plan::from_drafts(subject.account, made, subject.time, vec![draft])
}

/// The steps that a line of comments names, by address of the resource below it.
fn steps_of(text: &str) -> Vec<(Vec<&str>, String)> {
    let mut found = Vec::new();
    let mut steps = None;
    for line in text.lines() {
        if let Some(told) = line.strip_prefix("# Steps: ") {
            steps = Some(told.trim_end_matches('.').split(", ").collect());
        } else if let Some(labels) = line.strip_prefix("resource ") {
            let labels: Vec<&str> = labels.split('"').collect();
            found.push((steps.take().unwrap(), format!("{}.{}", labels[1], labels[3])));
        }
    }
    found
}

#[test]
fn every_example_is_what_the_provider_takes() {
    let schema = Schema::read();
    for remedy in remedies::ALL {
        let plan = plan(remedy.id);
        let text = render::terraform(&plan);
        let read = Configuration::read(&schema, &text);
        let mut told = BTreeSet::new();
        for (steps, address) in steps_of(&text) {
            assert!(read.resources.contains_key(&address), "{remedy:?}: {address}");
            let first = plan.steps.iter().find(|step| step.id == steps[0]).unwrap();
            // What is made for good or removed by the undo was not there before.
            let undo = first.inverse.as_ref().map(|inverse| inverse.operation.as_str());
            let is_new = match undo {
                Some(undo) => ["Delete", "Detach", "Remove"].iter().any(|it| undo.starts_with(it)),
                None => first.operation.starts_with("Create"),
            };
            assert_eq!(!is_new, read.imports.contains_key(&address), "{remedy:?}: {address}");
            told.extend(steps.into_iter().map(str::to_owned));
        }
        for line in text.lines().filter_map(|line| line.strip_prefix("# step ")) {
            told.insert(line.split(':').next().unwrap().to_owned());
        }
        let steps: BTreeSet<String> = plan.steps.iter().map(|step| step.id.clone()).collect();
        assert_eq!(told, steps, "{remedy:?}: {text}");
    }
}

/// The documents of a plan arrive as they are, whatever Terraform makes of `${`.
#[test]
fn every_document_is_that_of_the_plan() {
    let schema = Schema::read();
    let mut found = 0;
    for remedy in remedies::ALL {
        let plan = plan(remedy.id);
        let read = Configuration::read(&schema, &render::terraform(&plan));
        let attributes = read.resources.values().flat_map(Body::attributes);
        let written: Vec<Value> = attributes.filter_map(|it| document(it.expr())).collect();
        let texts = plan.steps.iter().filter(|step| {
            let call = calls::find(&step.service, &step.operation).unwrap();
            matches!(call.terraform, Terraform::Resource { .. })
        });
        for text in texts.flat_map(|step| step.input.values()).filter_map(Argument::as_str) {
            let Some(document) = documents::parse(text) else { continue };
            found += 1;
            assert!(written.contains(&document), "{remedy:?}: {document}");
        }
    }
    assert!(found > 8, "{found}");
}

/// Whatever the table of calls says of Terraform is something that the provider has.
#[test]
fn every_call_is_what_the_provider_takes() {
    let schema = Schema::read();
    // A call takes one of the two kinds of selectors.
    let plans =
        |call| ["EventSelectors", "AdvancedEventSelectors"].map(|left_out| plan_of(call, left_out));
    for call in calls::all() {
        let name = call.operation;
        match call.terraform {
            Terraform::Resource { kind, arguments, ignores, .. } => {
                let members = schema.resource(kind);
                for (argument, filled) in arguments {
                    let of =
                        &members.get(*argument).unwrap_or_else(|| panic!("{name}: {argument}")).of;
                    let is_blocks = matches!(filled, Filled::Blocks(_));
                    assert_eq!(of.starts_with("block"), is_blocks, "{name}: {argument} is {of}");
                }
                for ignored in ignores {
                    assert!(members.contains_key(*ignored), "{name}: {ignored}");
                }
                for plan in plans(call) {
                    let read = Configuration::read(&schema, &render::terraform(&plan));
                    assert_eq!(read.resources.len(), 1, "{name}");
                }
            }
            Terraform::Removed { kind, .. } => {
                schema.resource(kind);
            }
            Terraform::None(_) => {}
        }
    }
}

/// How the provider is told which object to import, by kind of resource: the last section of each page,
/// "Import", of the Terraform Registry.
const IMPORTED_BY: [(&str, &str); 19] = [
    ("aws_cloudtrail", "arn:{partition}:cloudtrail:{region}:{account}:trail/{Name}"),
    ("aws_iam_access_key", "{AccessKeyId}"),
    ("aws_iam_account_password_policy", "iam-account-password-policy"),
    ("aws_iam_group_policy", "{GroupName}:{PolicyName}"),
    ("aws_iam_group_policy_attachment", "{GroupName}/{PolicyArn}"),
    ("aws_iam_openid_connect_provider", "{OpenIDConnectProviderArn}"),
    ("aws_iam_policy", "{PolicyArn}"),
    ("aws_iam_role", "{RoleName}"),
    ("aws_iam_role_policy", "{RoleName}:{PolicyName}"),
    ("aws_iam_role_policy_attachment", "{RoleName}/{PolicyArn}"),
    ("aws_iam_saml_provider", "{SAMLProviderArn}"),
    ("aws_iam_user", "{UserName}"),
    ("aws_iam_user_group_membership", "{UserName}/{GroupName}"),
    ("aws_iam_user_login_profile", "{UserName}"),
    ("aws_iam_user_policy", "{UserName}:{PolicyName}"),
    ("aws_iam_user_policy_attachment", "{UserName}/{PolicyArn}"),
    ("aws_s3_bucket", "{Bucket}"),
    ("aws_s3_bucket_policy", "{Bucket}"),
    ("aws_s3_bucket_public_access_block", "{Bucket}"),
];

#[test]
fn every_id_is_one_that_the_provider_imports() {
    let mut kinds = BTreeSet::new();
    for call in calls::all() {
        let (Terraform::Resource { kind, import, .. } | Terraform::Removed { kind, import }) =
            call.terraform
        else {
            continue;
        };
        kinds.insert(kind);
        // The parameters of some calls have other names, or only make up the ARN.
        let id = import
            .replace("{TrailName}", "{Name}")
            .replace("arn:{partition}:iam::{account}:policy{Path}{PolicyName}", "{PolicyArn}");
        assert!(IMPORTED_BY.contains(&(kind, id.as_str())), "{}: {kind}: {id}", call.operation);
    }
    assert!(kinds.into_iter().eq(IMPORTED_BY.map(|(kind, _)| kind)), "one is no longer written");
}

/// A plan of one call with all its parameters but one.
fn plan_of(call: &Call, left_out: &str) -> Plan {
    let mut plan = plan("deactivate-access-key");
    let step = &mut plan.steps[0];
    step.service = call.service.to_owned();
    step.operation = call.operation.to_owned();
    step.input = input(call);
    step.input.remove(left_out);
    step.inverse = None;
    let known = |member: &str| Check {
        service: call.service.to_owned(),
        operation: "Get".to_owned(),
        input: Input::new(),
        path: vec![Part::Member(member.to_owned())],
        expected: Expected::Equals("example".into()),
    };
    if let Terraform::Resource { arguments, .. } = call.terraform {
        let members = arguments.iter().filter_map(|(_, filled)| match filled {
            Filled::Known(member) => Some(*member),
            _ => None,
        });
        step.preconditions = members.map(known).collect();
    }
    plan
}

fn input(call: &Call) -> Input {
    let statement = json!({ "Effect": "Deny", "Action": "s3:*", "Resource": "*" });
    let document = json!({ "Version": "2012-10-17", "Statement": [statement] });
    let values = call.parameters.iter().map(|parameter| {
        let value = match (parameter.kind, parameter.name) {
            (Kind::Text, "PolicyArn") => "arn:aws:iam::111122223333:policy/example".into(),
            (Kind::Text, _) => "example".into(),
            (Kind::Number, _) => json!(7).into(),
            (Kind::Flag, _) => true.into(),
            (Kind::Document, _) => document.to_string().into(),
            (Kind::Secret, _) => Argument::Made { made: Made::Password },
            (Kind::Structure, name) => structure(name).into(),
            (Kind::Tag, _) => json!([{ "Key": "example", "Value": "example" }]).into(),
            (Kind::Key, _) => json!(["example"]).into(),
        };
        (parameter.name.to_owned(), value)
    });
    values.collect()
}

/// Structures with all their members ("EventSelector", "AdvancedEventSelector" and "AdvancedFieldSelector",
/// CloudTrail API Reference; "PublicAccessBlockConfiguration", Amazon S3 API Reference).
fn structure(name: &str) -> Value {
    match name {
        "EventSelectors" => json!([{
            "ReadWriteType": "All",
            "IncludeManagementEvents": true,
            "DataResources": [
                { "Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::example/"] },
                { "Type": "AWS::Lambda::Function", "Values": ["arn:aws:lambda"] },
            ],
            "ExcludeManagementEventSources": ["kms.amazonaws.com"],
        }]),
        "AdvancedEventSelectors" => json!([{ "Name": "example", "FieldSelectors": [
            { "Field": "eventCategory", "Equals": ["Management"] },
            { "Field": "eventSource", "NotEquals": ["kms.amazonaws.com"] },
            { "Field": "eventName", "StartsWith": ["Put"], "EndsWith": ["s"],
                "NotStartsWith": ["Get"], "NotEndsWith": ["x"] },
        ] }]),
        "PublicAccessBlockConfiguration" => json!({
            "BlockPublicAcls": true, "BlockPublicPolicy": true, "IgnorePublicAcls": true,
            "RestrictPublicBuckets": true,
        }),
        "CreateBucketConfiguration" => json!({ "LocationConstraint": "eu-west-1" }),
        other => panic!("`{other}`: say here what it holds"),
    }
}

/// Selectors are blocks in blocks, each named in the singular.
#[test]
fn selectors_become_blocks() {
    let schema = Schema::read();
    let call = calls::find("cloudtrail", "PutEventSelectors").unwrap();
    for (left_out, block, inner, count) in [
        ("AdvancedEventSelectors", "event_selector", "data_resource", 2),
        ("EventSelectors", "advanced_event_selector", "field_selector", 3),
    ] {
        let text = render::terraform(&plan_of(call, left_out));
        let read = Configuration::read(&schema, &text);
        let trail = read.resources.values().next().unwrap();
        let selector = blocks(trail, block).next().unwrap().body();
        assert_eq!(blocks(selector, inner).count(), count, "{text}");
    }
}

/// What is said by a remark only, and why.
#[test]
fn what_terraform_cannot_say_is_known() {
    let mut removed = Vec::new();
    let mut unsaid = Vec::new();
    for call in calls::all() {
        match call.terraform {
            Terraform::Resource { .. } => {}
            Terraform::Removed { .. } => removed.push(call.operation),
            Terraform::None(reason) => {
                assert!(!reason.ends_with('.') && !reason.is_empty(), "{}", call.operation);
                unsaid.push(call.operation);
            }
        }
    }
    assert_eq!(
        removed,
        [
            "DeleteUserPolicy",
            "DetachUserPolicy",
            "DeleteGroupPolicy",
            "DetachGroupPolicy",
            "DeleteRolePolicy",
            "DetachRolePolicy",
            "DeletePolicy",
            "DeleteAccessKey",
            "RemoveUserFromGroup",
            "DeleteOpenIDConnectProvider",
            "DeleteSAMLProvider",
            "DeleteAccountPasswordPolicy",
            "DeleteLoginProfile",
            "DeleteTrail",
            "DeleteBucketPolicy",
            "DeletePublicAccessBlock",
        ]
    );
    assert_eq!(
        unsaid,
        [
            "SetDefaultPolicyVersion",
            "DeletePolicyVersion",
            "DeleteUserPermissionsBoundary",
            "PutRolePermissionsBoundary",
            "DeleteRolePermissionsBoundary",
            "CreateAccessKey",
            "UpdateUser",
            "UpdateGroup",
            "CreateLoginProfile",
            "UpdateLoginProfile",
            "TagUser",
            "UntagUser",
            "TagRole",
            "UntagRole",
            "StopLogging",
        ]
    );
}

/// The examples whose Terraform has no resource at all: remarks say why.
#[test]
fn plans_without_resources_are_known() {
    let mut without = Vec::new();
    for remedy in remedies::ALL {
        let text = render::terraform(&plan(remedy.id));
        if text.contains("\nresource ") {
            continue;
        }
        let remarks = text.lines().filter(|line| line.starts_with("# step "));
        assert!(remarks.count() > 0, "{remedy:?}");
        without.push(remedy.id);
    }
    assert_eq!(
        without,
        [
            "delete-credential",
            "delete-identity-provider",
            "delete-login-profile",
            "detach-policy",
            "release-quarantine",
            "remove-from-group",
            "rename-group",
            "rename-user",
            "require-new-password",
            "reset-console-password",
            "restore-permissions-boundary",
            "restore-policy-version",
            "restore-tags",
            "rotate-access-key",
        ]
    );
}

/// A trail with both kinds of selectors, and nothing else that is wrong.
const BOTH_SELECTORS: &str = r#"resource "aws_cloudtrail" "b" {
  name = "b"
  s3_bucket_name = "logs"
  event_selector {
  }
  advanced_event_selector {
    field_selector {
      field = "eventCategory"
    }
  }
}
"#;

/// A table that is not held against anything finds nothing: faults are found.
#[test]
fn faults_are_found() {
    let schema = Schema::read();
    let sound = "resource \"aws_iam_user\" \"a\" {\n  name = \"alice\"\n}\n";
    Configuration::read(&schema, sound);
    Configuration::read(&schema, &BOTH_SELECTORS.replace("  event_selector {\n  }\n", ""));
    for (from, to) in [
        ("name =", "nome ="),
        ("name = \"alice\"", "path = \"/\""),
        ("\"alice\"", "true"),
        ("\"alice\"", "\"${alice}\""),
        ("aws_iam_user", "aws_iam_usher"),
        ("}\n", "  depends_on = [aws_iam_user.b]\n}\n"),
        ("}\n", "  lifecycle {\n    ignore_changes = [name]\n  }\n}\n"),
        ("}\n", "  event_selector {\n  }\n}\n"),
        ("resource", "import {\n  to = aws_iam_user.b\n  id = \"b\"\n}\nresource"),
        ("resource", &format!("{BOTH_SELECTORS}resource")),
    ] {
        let text = sound.replacen(from, to, 1);
        let read = std::panic::catch_unwind(|| Configuration::read(&schema, &text));
        assert!(read.is_err(), "{text}");
    }
}
