//! Who stands behind whom, against a search that asks each by himself, in graphs drawn from nothing.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::effect::entrance::grade_of;
use crate::effect::opened::{Far, goes_on_for_certain, grade_behind};
use crate::effect::{Bearer, PathOpened};
use crate::graph::{Edge, Graph, Node};

/// Few enough that ways meet.
const NAMES: [&str; 4] = ["a", "b", "c", "d"];

/// From whom, to whom, and whether that is certain.
type Way = (String, String, bool);

fn name(which: u8) -> &'static str {
    NAMES[usize::from(which) % NAMES.len()]
}

/// What somebody is given: ways to others, by himself and on conditions, and what leads far.
fn document(what: u8, whom: u8) -> String {
    let role = arn(&format!("role/{}", name(whom)));
    let asking = json!([{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": role,
        "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}]);
    match what % 8 {
        0 | 1 => allow(&["sts:AssumeRole"], &role),
        2 => policy_of(asking),
        3 => allow(&["s3:GetObject"], "*"),
        4 => allow(&["iam:PutRolePolicy"], &role),
        5 => allow(&["ec2:RunInstances", "iam:PassRole"], "*"),
        6 => admin(),
        _ => allow(&["iam:CreateAccessKey"], &arn(&format!("user/{}", name(whom)))),
    }
}

fn trust(what: u8, whom: u8) -> Value {
    let mut trust = match what % 4 {
        0 => trusting(json!({"AWS": arn("root")})),
        1 => trusting(json!({"AWS": arn(&format!("user/{}", name(whom)))})),
        2 => trusting(json!({"AWS": [arn(&format!("role/{}", name(whom))), arn("user/a")]})),
        _ => to_lambda(),
    };
    if what % 8 > 5 {
        trust["Statement"][0]["Condition"] =
            json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}});
    }
    trust
}

/// One call on a user or role.
fn call((on, who, what, whom): (u8, u8, u8, u8)) -> (&'static str, Value) {
    let who = name(who);
    let document = document(what, whom);
    match on % 4 {
        0 => (
            "PutUserPolicy",
            json!({"userName": who, "policyName": "p", "policyDocument": document}),
        ),
        1 | 2 => (
            "PutRolePolicy",
            json!({"roleName": who, "policyName": "p", "policyDocument": document}),
        ),
        _ => (
            "UpdateAssumeRolePolicy",
            json!({"roleName": who, "policyDocument": trust(what, whom).to_string()}),
        ),
    }
}

/// Whether somebody got as far before, by a search of his own.
fn went(old: (World<'_>, &Graph), from: &Node, far: Grade, is_certain: bool) -> bool {
    let (world, graph) = old;
    let (mut seen, mut queue) = (BTreeSet::from([from.clone()]), vec![from.clone()]);
    while let Some(node) = queue.pop() {
        let is_far = match &node {
            Node::Administrator(_) => true,
            Node::Identity(account, id) => {
                far < Grade::Admin && grade_of(world, *account, id) >= Some(far)
            }
            _ => false,
        };
        if is_far {
            return true;
        }
        for edge in graph.edges().filter(|edge| edge.from == node) {
            if (edge.certainty.is_yes() || !is_certain) && seen.insert(edge.to.clone()) {
                queue.push(edge.to.clone());
            }
        }
    }
    false
}

/// The ways that should be told.
fn expected(
    old: (World<'_>, &Graph),
    new: (World<'_>, &Graph),
    opened: &[Edge],
    effect: &Effect,
) -> BTreeSet<Way> {
    let (world, graph) = new;
    let gained = effect.moved.iter().filter(|moved| {
        moved.gain >= Some(Grade::Privesc) && matches!(moved.bearer, Bearer::User | Bearer::Role)
    });
    let gained: BTreeSet<Node> =
        gained.map(|moved| Node::Identity(moved.account, moved.id.clone())).collect();
    let mut seen = gained.clone();
    let mut level: Vec<(Node, Grade, bool)> = Vec::new();
    for node in gained {
        let Some(Far::Known(far @ (Grade::Privesc | Grade::Admin))) =
            grade_behind(world, graph, &node)
        else {
            continue;
        };
        let way = graph.reaches_administrator(&node);
        let is_certain =
            way.is_none_or(|way| way.is_yes()) && goes_on_for_certain(world, graph, &node);
        level.push((node, far, is_certain));
    }
    let mut told = BTreeSet::new();
    while !level.is_empty() {
        let mut next = Vec::new();
        for (node, far, is_certain) in level {
            let mut edges: Vec<&Edge> = graph.edges().filter(|edge| edge.to == node).collect();
            edges.sort_by_key(|edge| {
                (edge.from.clone(), edge.certainty.reasons().len(), edge.steps.len())
            });
            edges.dedup_by_key(|edge| edge.from.clone());
            for edge in edges {
                let is_certain = is_certain && edge.certainty.is_yes();
                if seen.contains(&edge.from) || went(old, &edge.from, far, is_certain) {
                    continue;
                }
                seen.insert(edge.from.clone());
                next.push((edge.from.clone(), far, is_certain));
                if !opened.contains(edge) {
                    told.insert((text(&edge.from), text(&edge.to), is_certain));
                }
            }
        }
        level = next;
    }
    told
}

fn text(node: &Node) -> String {
    match node {
        Node::Identity(_, id) => id.to_string(),
        other => format!("{other:?}"),
    }
}

fn told(paths: &[PathOpened], trail: &Trail) -> BTreeSet<Way> {
    let model = trail.models.iter().next().unwrap();
    let id = |arn: &Option<String>, label: &str| {
        let found = arn.as_deref().and_then(|arn| model.find_arn(arn));
        found.map_or_else(|| label.to_owned(), |one| one.id.to_string())
    };
    let way = |path: &PathOpened| {
        (id(&path.from_arn, &path.from), id(&path.to_arn, &path.to), path.is_certain)
    };
    paths.iter().map(way).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Nobody is told who could get as far before, and nobody who could not is left out. The last call
    /// is one that leads far.
    #[test]
    fn those_behind_are_those_of_a_slow_search(
        stage in vec((any::<u8>(), any::<u8>(), any::<u8>(), any::<u8>()), 6..24),
        last in (0_u8..3, any::<u8>(), 4_u8..8, any::<u8>()),
    ) {
        let mut trail = Trail::new();
        for name in NAMES {
            trail.user(name);
            trail.role(name, &to_lambda());
        }
        for drawn in stage {
            let (name, request) = call(drawn);
            trail.iam(name, request);
        }
        let (name, request) = call(last);
        let event = trail.next("iam", name, request, Value::Null, Value::Null);
        let mut graph = Graph::of(World::of(&trail.models));
        let Some(change) = trail.models.apply(&event, order_of(&event), Place::default()) else {
            return Ok(());
        };
        let world = World::of(&trail.models);
        let mut effect = judge(world, &change, None);
        let before = world.with(&change.informed);
        graph.update(before, &change);
        let delta = graph.update(world, &change);
        effect.add_paths(world, &graph, (&change, &delta), None);
        let (old, new) = (Graph::of(before), Graph::of(world));
        let expected = expected((before, &old), (world, &new), &delta.opened, &effect);
        prop_assert_eq!(told(&effect.behind, &trail), expected, "{}", effect.sentence());
    }
}
