//! An account with planted ways and with what only looks like one: all of the first are found, and
//! nothing else is (`fixtures/accounts/README.md`).

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde::Deserialize;
use trailwarden_account::baseline::{authorization_details, credential_report};
use trailwarden_account::graph::{Edge, Graph, Node};
use trailwarden_account::techniques::{self, ADMINISTRATOR};
use trailwarden_account::{Model, Models, World};

const DETAILS: &[u8] =
    include_bytes!("../../../fixtures/accounts/vulnerable/authorization-details.json");
const REPORT: &[u8] = include_bytes!("../../../fixtures/accounts/vulnerable/credential-report.csv");
const TRUTH: &str = include_str!("../../../fixtures/accounts/vulnerable/paths.json");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Truth {
    schema: String,
    account: String,
    administrators: Vec<String>,
    paths: Vec<Planted>,
    chains: Vec<Chain>,
    near_misses: Vec<NearMiss>,
    open: Vec<Open>,
    entrances: Vec<Entrance>,
    ordinary: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Planted {
    principal: String,
    technique: String,
    #[serde(default)]
    also: Vec<String>,
    target: String,
    certain: bool,
    #[serde(default, rename = "note")]
    _note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chain {
    principal: String,
    steps: Vec<Leg>,
    certain: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Leg {
    technique: String,
    to: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NearMiss {
    principal: String,
    technique: String,
    blocked_by: String,
    reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Open {
    principal: String,
    technique: String,
    #[serde(rename = "reason")]
    _reason: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entrance {
    from: String,
    to: String,
    certain: bool,
}

struct Account {
    model: Model,
    graph: Graph,
    truth: Truth,
}

static ACCOUNT: LazyLock<Account> = LazyLock::new(Account::load);

impl Account {
    fn load() -> Self {
        let truth: Truth = serde_json::from_str(TRUTH).unwrap();
        assert_eq!(truth.schema, "trailwarden.account-truth/1");
        let report = credential_report(REPORT).unwrap();
        let baseline = authorization_details(DETAILS).unwrap().with_report(report);
        let models = Models::from_baselines(std::slice::from_ref(&baseline));
        let model = models.iter().next().unwrap().clone();
        assert_eq!(model.account().to_string(), truth.account);
        Self { graph: Graph::of(World::of(&models)), model, truth }
    }

    fn node(&self, arn: &str) -> Node {
        let identity = self.model.find_arn(arn).unwrap_or_else(|| panic!("no {arn}"));
        Node::Identity(self.model.account(), identity.id.clone())
    }

    fn name(&self, node: &Node) -> String {
        match node {
            Node::Administrator(_) => "administrator".to_owned(),
            Node::Identity(_, id) => self.model.arn_of(id).unwrap(),
            Node::Service(name) | Node::External(name) => name.to_string(),
        }
    }

    fn edges(&self, arn: &str) -> Vec<&Edge> {
        self.graph.edges_from(&self.node(arn))
    }

    fn show(&self, edge: &Edge) -> String {
        let (from, to) = (self.name(&edge.from), self.name(&edge.to));
        format!("{from} {} {to} {:?}", edge.technique, edge.certainty)
    }

    /// The edges that lead to an administrator, at once or after others, and those to a service.
    fn dangerous(&self, arn: &str) -> Vec<&Edge> {
        let mut edges = self.edges(arn);
        edges.retain(|edge| {
            matches!(edge.to, Node::Service(_))
                || self.graph.reaches_administrator(&edge.to).is_some()
        });
        edges
    }

    /// Whether an edge is the planted one: what it changes first, if not where it leads, is the target.
    fn is_planted(&self, edge: &Edge, planted: &Planted) -> bool {
        let known = planted.also.iter().chain([&planted.technique]);
        let mut rows = known.map(|id| techniques::find(id).unwrap_or_else(|| panic!("no {id}")).id);
        let by = |arn: &str| edge.steps.iter().any(|step| *step.resource == *arn);
        let leads = self.name(&edge.to) == planted.target
            || matches!(edge.to, Node::Administrator(_)) && by(&planted.target);
        rows.any(|id| id == edge.technique) && leads
    }

    fn planted(&self, principal: &str) -> Vec<&Planted> {
        self.truth.paths.iter().filter(|one| one.principal == principal).collect()
    }
}

#[test]
fn the_truth_names_every_user_and_role_of_the_account_in_one_place() {
    let account = &*ACCOUNT;
    let truth = &account.truth;
    let mut places: Vec<&str> = Vec::new();
    let planted: BTreeSet<&str> = truth.paths.iter().map(|one| one.principal.as_str()).collect();
    let chained = truth.chains.iter().map(|one| one.principal.as_str());
    places.extend(planted.union(&chained.collect()));
    places.extend(truth.administrators.iter().chain(&truth.ordinary).map(String::as_str));
    places.extend(truth.near_misses.iter().map(|one| one.principal.as_str()));
    places.extend(truth.open.iter().map(|one| one.principal.as_str()));
    places.sort_unstable();
    let mut all: Vec<String> =
        account.model.principals().map(|one| account.model.arn_of(&one.id).unwrap()).collect();
    all.retain(|arn| !arn.ends_with(":root"));
    all.sort_unstable();
    assert_eq!(places, all);
    assert!(planted.len() >= 120 && truth.near_misses.len() >= 88, "the fixture has shrunk");
}

#[test]
fn every_planted_way_is_found_as_certain_as_it_is() {
    let account = &*ACCOUNT;
    let mut missed = Vec::new();
    for planted in &account.truth.paths {
        let edges = account.edges(&planted.principal);
        let found = edges.iter().filter(|edge| account.is_planted(edge, planted));
        if !found.into_iter().any(|edge| edge.certainty.is_yes() == planted.certain) {
            let shown: Vec<String> = edges.iter().map(|edge| account.show(edge)).collect();
            missed.push((&planted.principal, &planted.technique, shown));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn every_planted_way_leads_to_an_administrator_and_a_chain_by_its_steps() {
    let account = &*ACCOUNT;
    for planted in &account.truth.paths {
        let way = account.graph.way(&account.node(&planted.principal));
        let certainty = way.unwrap_or_else(|| panic!("{}", planted.principal)).certainty();
        // A better way may stand beside an uncertain one, but nothing stands in for a certain one.
        assert!(certainty.is_yes() || !planted.certain, "{} {certainty:?}", planted.principal);
    }
    for chain in &account.truth.chains {
        let way = account.graph.way(&account.node(&chain.principal)).unwrap();
        let legs: Vec<(&str, String)> =
            way.edges.iter().map(|edge| (edge.technique, account.name(&edge.to))).collect();
        let steps: Vec<(&str, String)> =
            chain.steps.iter().map(|leg| (leg.technique.as_str(), leg.to.clone())).collect();
        assert_eq!((legs, way.certainty().is_yes()), (steps, chain.certain));
    }
}

#[test]
fn nothing_is_claimed_of_near_misses() {
    let account = &*ACCOUNT;
    for near in &account.truth.near_misses {
        let shown: Vec<String> =
            account.dangerous(&near.principal).into_iter().map(|edge| account.show(edge)).collect();
        let NearMiss { principal, technique, blocked_by, reason } = near;
        assert!(shown.is_empty(), "{principal} {technique} {blocked_by}: {reason} {shown:#?}");
    }
}

#[test]
fn nothing_is_claimed_that_is_not_planted() {
    let account = &*ACCOUNT;
    let truth = &account.truth;
    let mut claims = Vec::new();
    for identity in account.model.principals() {
        let arn = account.model.arn_of(&identity.id).unwrap();
        let is_administrator = arn.ends_with(":root") || truth.administrators.contains(&arn);
        let planted = account.planted(&arn);
        let open = truth.open.iter().find(|one| one.principal == arn);
        for edge in account.dangerous(&arn) {
            let is_known = match is_administrator {
                true => edge.technique == ADMINISTRATOR && edge.certainty.is_yes(),
                // What is planted as uncertain must not be claimed as certain.
                false => planted.iter().any(|one| {
                    account.is_planted(edge, one) && (one.certain || !edge.certainty.is_yes())
                }),
            };
            let may_be_open =
                open.is_some_and(|one| one.technique == edge.technique && !edge.certainty.is_yes());
            if !is_known && !may_be_open {
                claims.push(account.show(edge));
            }
        }
    }
    assert!(claims.is_empty(), "{claims:#?}");
}

#[test]
fn whoever_comes_from_outside_is_told_and_nobody_else() {
    let account = &*ACCOUNT;
    let found: BTreeSet<(String, String, bool)> = account
        .graph
        .edges()
        .filter(|edge| matches!(edge.from, Node::External(_)))
        .map(|edge| (account.name(&edge.from), account.name(&edge.to), edge.certainty.is_yes()))
        .collect();
    let truth = account.truth.entrances.iter();
    let truth: BTreeSet<(String, String, bool)> =
        truth.map(|one| (one.from.clone(), one.to.clone(), one.certain)).collect();
    assert_eq!(found, truth);
}
