//! Generated for each carrier: an account in which it works, and near-misses.

use serde_json::{Value, json};
use trailwarden_account::graph::Edge;
use trailwarden_account::techniques::{self, Pattern, Technique};

use crate::kit::{ADMIN, Stage, allow, arn, document, statement, trust};

fn carriers() -> impl Iterator<Item = &'static Technique> {
    techniques::all()
        .iter()
        .filter(|row| matches!(row.pattern, Pattern::NewCarrier | Pattern::ExistingCarrier))
}

/// What is done to the account or the policy of an attempt.
#[derive(Clone, Debug, PartialEq)]
enum But {
    Nothing,
    Without(&'static str),
    Denied(&'static str),
    Bounded,
    OnAnotherRole,
    ForAnotherService,
    TrustsAnother,
    OnAnotherKindOfThing(&'static str),
    /// The service gets no role of its own.
    WithoutCompanion,
    /// The role that it would get trusts another service.
    CompanionTrustsAnother,
}

const ALL_ELSE: &str = "*";
const ANOTHER: &str = "trustedadvisor.amazonaws.com";

/// A trust policy for a service, as AWS documents it for each.
fn trust_service(service: &str) -> Value {
    match service {
        "cognito-identity.amazonaws.com" => document(vec![json!({"Effect": "Allow",
            "Action": "sts:AssumeRoleWithWebIdentity", "Principal": {"Federated": service}})]),
        _ => trust(&json!({"Service": service})),
    }
}

fn stage(row: &Technique, but: &But) -> Stage {
    let mut stage = Stage::default();
    stage.user("mallory");
    let service = match but {
        But::TrustsAnother => ANOTHER,
        _ => row.services[0],
    };
    stage.role("power", &trust_service(service));
    stage.attach("role/power", ADMIN);
    let request = json!({"instanceProfileName": "power"});
    stage.iam("CreateInstanceProfile", request);
    let request = json!({"instanceProfileName": "power", "roleName": "power"});
    stage.iam("AddRoleToInstanceProfile", request);
    let settling = row.doubts.iter().flat_map(|doubt| doubt.settled_by.first());
    let mut policy: Vec<Value> = Vec::new();
    for action in row.actions.iter().chain(settling.copied().flatten()) {
        if *but == But::Without(action) {
            continue;
        }
        let on = match but {
            But::OnAnotherKindOfThing(one) if one == action => "arn:aws:sqs:*:*:queue",
            _ => ALL_ELSE,
        };
        let mut one = statement("Allow", &[action], on);
        if *action == "iam:PassRole" {
            let role = if *but == But::OnAnotherRole { "role/powerless" } else { "role/power" };
            one["Resource"] = json!(arn(role));
            let to = match but {
                But::ForAnotherService => ANOTHER,
                _ => row.services[0],
            };
            one["Condition"] = json!({"StringEquals": {"iam:PassedToService": to}});
        }
        policy.push(one);
    }
    if let Some(companion) = row.companion {
        let service = if *but == But::CompanionTrustsAnother { ANOTHER } else { companion };
        stage.role("companion", &trust_service(service));
        if !matches!(but, But::WithoutCompanion | But::Without("iam:PassRole")) {
            let mut one = statement("Allow", &["iam:PassRole"], &arn("role/companion"));
            one["Condition"] = json!({"StringEquals": {"iam:PassedToService": companion}});
            policy.push(one);
        }
    }
    stage.inline("user/mallory", "own", &document(policy));
    match but {
        But::Denied(action) => {
            stage.inline("user/mallory", "no", &document(vec![statement("Deny", &[action], "*")]));
        }
        But::Bounded => {
            stage.policy("fence", &allow(&["s3:*", "iam:PassRole"], "*"));
            stage.bound("user/mallory", "fence");
        }
        _ => {}
    }
    stage
}

fn found(row: &Technique, stage: &Stage) -> Option<Edge> {
    let (from, to) = (stage.node("user/mallory"), stage.node("role/power"));
    let graph = stage.graph();
    let mut edges = graph.edges_from(&from).into_iter();
    edges.find(|edge| edge.technique == row.id && edge.to == to).cloned()
}

/// What cannot be settled by further actions stays a condition.
fn is_certain(row: &Technique) -> bool {
    row.pattern == Pattern::NewCarrier
        && row.id != "x-iam-17"
        && row.doubts.iter().all(|doubt| !doubt.settled_by.is_empty())
}

#[test]
fn every_carrier_leads_to_a_role_that_trusts_its_service() {
    for row in carriers() {
        let stage = stage(row, &But::Nothing);
        let edge = found(row, &stage);
        let edge = edge.unwrap_or_else(|| panic!("{}: {:#?}", row.id, stage.edges()));
        assert_eq!(edge.certainty.is_yes(), is_certain(row), "{} {:?}", row.id, edge.certainty);
        for action in row.actions {
            assert!(edge.steps.iter().any(|step| step.action == *action), "{} {action}", row.id);
        }
    }
}

#[test]
fn a_carrier_that_something_keeps_away_leads_nowhere() {
    for row in carriers() {
        let mut attempts = vec![But::TrustsAnother];
        if row.actions.iter().any(|action| *action != "s3:GetObject" && *action != "iam:PassRole") {
            attempts.push(But::Bounded);
        }
        for action in row.actions {
            attempts.extend([But::Without(action), But::Denied(action)]);
            if *action != "iam:PassRole" {
                attempts.push(But::OnAnotherKindOfThing(action));
            }
        }
        if row.pattern == Pattern::NewCarrier {
            attempts.extend([But::OnAnotherRole, But::ForAnotherService]);
        }
        if row.companion.is_some() {
            attempts.extend([But::WithoutCompanion, But::CompanionTrustsAnother]);
        }
        for but in attempts {
            let stage = stage(row, &but);
            assert_eq!(found(row, &stage), None, "{} but {but:?}", row.id);
        }
    }
}

/// A doubt that further actions would settle stays one without them.
#[test]
fn what_a_new_carrier_depends_on_is_said() {
    for row in carriers() {
        for doubt in row.doubts.iter().filter(|doubt| !doubt.settled_by.is_empty()) {
            for action in doubt.settled_by[0] {
                let edge = found(row, &stage(row, &But::Without(action))).unwrap();
                assert!(edge.certainty.reasons().contains(&doubt.what.to_owned()), "{}", row.id);
            }
        }
    }
}

/// Amazon EMR API Reference, `RunJobFlow`: the instances have the role of `JobFlowRole`; no code of
/// the caller has the one of `ServiceRole`. AWS Data Pipeline Developer Guide, "Ec2Resource": the
/// instances have `resourceRole`, Data Pipeline keeps `role`. AWS Batch User Guide, "Create a job
/// definition": the role of a job is one for ECS tasks.
#[test]
fn a_role_that_the_service_keeps_to_itself_is_not_reached() {
    for (id, service) in [
        ("x-elasticmapreduce-01", "elasticmapreduce.amazonaws.com"),
        ("x-datapipeline-01", "datapipeline.amazonaws.com"),
        ("x-batch-02", "batch.amazonaws.com"),
    ] {
        let row = techniques::find(id).unwrap();
        let mut stage = stage(row, &But::Nothing);
        stage.role("kept", &trust_service(service));
        stage.attach("role/kept", ADMIN);
        stage.inline("user/mallory", "more", &allow(&["iam:PassRole"], &arn("role/kept")));
        let kept = stage.node("role/kept");
        let graph = stage.graph();
        let edges = graph.edges_from(&stage.node("user/mallory"));
        assert!(!edges.iter().any(|edge| edge.to == kept), "{edges:#?}");
        assert!(found(row, &stage).is_some(), "{id}");
    }
}
