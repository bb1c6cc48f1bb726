//! Every technique of the collection: accounted for, found where it works, and not found where one
//! thing is missing.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

#[path = "techniques/carriers.rs"]
mod carriers;
#[path = "graph/kit.rs"]
mod kit;
#[path = "techniques/scenes.rs"]
mod scenes;

use std::collections::BTreeSet;

use kit::{ACCOUNT, OTHER, Stage, account, allow, arn, document, statement, trust_account};
use scenes::{SCENES, Scene, To};
use serde_json::{Value, json};
use trailwarden_account::graph::{Edge, Node};
use trailwarden_account::techniques::{self, ALIASES, Pattern, RETIRED};

/// The collection as it was gathered: an id in each line, and the actions that it needs.
const COLLECTION: &str = include_str!("techniques/ids.txt");

fn collection() -> Vec<(&'static str, BTreeSet<&'static str>)> {
    let lines = COLLECTION.lines().map(|line| {
        let (id, actions) = line.split_once(' ').unwrap();
        (id, actions.split(' ').collect())
    });
    lines.collect()
}

fn ids() -> Vec<&'static str> {
    collection().into_iter().map(|(id, _)| id).collect()
}

/// The tests of a row are made from the row, so that a wrong row would pass them all.
#[test]
fn every_row_needs_what_the_collection_says_and_an_alias_no_less() {
    for (id, actions) in collection() {
        let Some(row) = techniques::find(id) else { continue };
        let needed: BTreeSet<&str> = row.actions.iter().copied().collect();
        assert_eq!(needed.len(), row.actions.len(), "{id} says an action twice");
        match row.id == id {
            true => assert_eq!(needed, actions, "{id}"),
            false => assert!(needed.is_subset(&actions), "{id} stands for {}", row.id),
        }
    }
}

#[test]
fn every_id_of_the_collection_is_a_row_an_alias_or_retired() {
    let ids = ids();
    assert_eq!(ids.len(), 144);
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 144);
    let rows: Vec<&str> = techniques::all().iter().map(|row| row.id).collect();
    for id in &ids {
        let is_row = usize::from(rows.contains(id));
        let is_alias = ALIASES.iter().filter(|(alias, _)| alias == id).count();
        let is_retired = RETIRED.iter().filter(|(retired, _)| retired == id).count();
        assert_eq!(is_row + is_alias + is_retired, 1, "{id}");
    }
    for id in rows.iter().chain(ALIASES.iter().map(|(id, _)| id)) {
        assert!(ids.contains(id), "{id} is not in the collection");
    }
    for (alias, canonical) in ALIASES {
        assert!(rows.contains(canonical), "{alias} stands for {canonical}, which is no row");
        assert_eq!(techniques::find(alias).map(|row| row.id), Some(*canonical));
    }
}

#[test]
fn every_row_that_is_no_carrier_has_a_scene() {
    for row in techniques::all() {
        let is_carrier = matches!(row.pattern, Pattern::NewCarrier | Pattern::ExistingCarrier);
        let has_scene = SCENES.iter().any(|scene| scene.id == row.id) || row.id == "x-sts-01";
        assert!(is_carrier != has_scene, "{}", row.id);
        assert!(!is_carrier || !row.services.is_empty(), "{}", row.id);
    }
}

fn resource(text: &str) -> String {
    if text == "*" { text.to_owned() } else { arn(text) }
}

fn grants(scene: &Scene) -> Vec<Value> {
    let one = |(action, on): &(&str, &str)| statement("Allow", &[action], &resource(on));
    scene.grants.iter().map(one).collect()
}

fn play(scene: &Scene, policy: Vec<Value>, more: impl Fn(&mut Stage)) -> Stage {
    let mut stage = Stage::default();
    match scene.actor {
        "user/mallory" => stage.user("mallory"),
        _ => stage.role("mallory", &kit::trust(&json!({"Service": "ec2.amazonaws.com"}))),
    };
    (scene.build)(&mut stage);
    if !policy.is_empty() {
        stage.inline(scene.actor, "own", &document(policy));
    }
    more(&mut stage);
    stage
}

fn found(scene: &Scene, stage: &Stage) -> Option<Edge> {
    let to = match scene.to {
        To::Admin => Node::Administrator(account()),
        To::Identity(who) => stage.node(who),
        To::Service(name) => Node::Service(name.into()),
    };
    let graph = stage.graph();
    let mut edges = graph.edges_from(&stage.node(scene.actor)).into_iter();
    edges.find(|edge| edge.technique == scene.id && edge.to == to).cloned()
}

#[test]
fn every_scene_has_its_edge() {
    for scene in SCENES {
        let stage = play(scene, grants(scene), |_| {});
        let edge = found(scene, &stage);
        let edge = edge.unwrap_or_else(|| panic!("{}: {:#?}", scene.id, stage.edges()));
        assert_eq!(edge.certainty.is_yes(), scene.is_certain, "{} {:?}", scene.id, edge.certainty);
        for (action, _) in scene.grants {
            assert!(edge.steps.iter().any(|step| step.action == *action), "{} {action}", scene.id);
        }
        let own = edge.steps.iter().filter(|step| step.allowed_by.iter().any(|by| &**by == "own"));
        assert!(own.count() >= 1, "{}: {:?}", scene.id, edge.steps);
    }
}

#[test]
fn no_scene_has_its_edge_without_one_of_its_actions() {
    for scene in SCENES {
        for missing in 0..scene.grants.len() {
            let mut policy = grants(scene);
            policy.remove(missing);
            let stage = play(scene, policy, |_| {});
            assert_eq!(found(scene, &stage), None, "{} without {missing}", scene.id);
        }
    }
}

#[test]
fn no_scene_has_its_edge_under_a_boundary_that_lacks_the_actions() {
    for scene in SCENES.iter().filter(|scene| !scene.is_bounded) {
        let stage = play(scene, grants(scene), |stage| {
            stage.policy("fence", &allow(&["s3:*"], "*"));
            stage.bound(scene.actor, "fence");
        });
        assert_eq!(found(scene, &stage), None, "{}", scene.id);
    }
}

#[test]
fn no_scene_has_its_edge_where_an_action_is_denied() {
    for scene in SCENES {
        for (action, _) in scene.grants {
            let stage = play(scene, grants(scene), |stage| {
                let deny = document(vec![statement("Deny", &[action], "*")]);
                stage.group("deniers");
                match scene.actor {
                    "user/mallory" => {
                        // A managed policy that nobody may detach.
                        stage.policy("no", &deny);
                        stage.attach(scene.actor, &arn("policy/no"))
                    }
                    _ => stage.inline(scene.actor, "no", &deny),
                };
            });
            assert_eq!(found(scene, &stage), None, "{} {action}", scene.id);
        }
    }
}

#[test]
fn no_scene_has_its_edge_when_the_actions_are_on_something_else() {
    for scene in SCENES.iter().filter(|scene| scene.id != "x-iam-29") {
        for other in 0..scene.grants.len() {
            let mut policy = grants(scene);
            let (action, on) = scene.grants[other];
            let on = match on {
                "*" | "mfa/*" => "arn:aws:s3:::bucket/*".to_owned(),
                on => arn(&format!("{on}-of-another-name")),
            };
            policy[other] = statement("Allow", &[action], &on);
            let stage = play(scene, policy, |_| {});
            assert_eq!(found(scene, &stage), None, "{} {action}", scene.id);
        }
    }
}

/// IAM User Guide, "Perform a privileged task on an AWS Organizations member account".
#[test]
fn root_sessions_lead_from_the_management_account_to_its_members() {
    let mut stage = Stage::default();
    stage.user("mallory");
    let request = json!({"accountId": OTHER, "destinationParentId": "r-1"});
    stage.call("organizations", "MoveAccount", request, Value::Null);
    stage.inline("user/mallory", "own", &allow(&["sts:AssumeRoot"], "*"));
    stage.account = Some(OTHER);
    stage.user("alice");
    let edge = "user/mallory x-sts-01? root/root of 444455556666".to_owned();
    assert!(stage.edges().contains(&edge), "{:#?}", stage.edges());
    let mut scoped = stage.clone();
    scoped.account = Some(ACCOUNT);
    let elsewhere = "arn:aws:iam::777788889999:root";
    scoped.inline("user/mallory", "own", &allow(&["sts:AssumeRoot"], elsewhere));
    assert!(!scoped.edges().contains(&edge));
    let mut stranger = stage;
    stranger.account = Some(OTHER);
    stranger.inline("user/alice", "own", &allow(&["sts:AssumeRoot"], "*"));
    assert!(!stranger.edges().iter().any(|edge| edge.contains("user/alice")));
    let _ = trust_account(ACCOUNT);
}
