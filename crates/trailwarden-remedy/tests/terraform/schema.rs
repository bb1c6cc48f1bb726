//! A Terraform configuration, held against what the provider's resources take.
//!
//! The table `schema.json` is of the provider's own schema: `cargo xtask terraform` makes it.

use std::collections::{BTreeMap, BTreeSet};

use hcl::eval::{Context, Evaluate as _};
use hcl::{Block, Body, Expression};
use serde::Deserialize;
use serde_json::Value;

/// Arguments that any resource takes ("Meta-Arguments", Terraform Language).
const OF_ANY: [&str; 1] = ["depends_on"];

/// Pairs of which a resource takes one only, which the table does not say ("Resource: aws_cloudtrail",
/// Terraform Registry). What else conflicts is never written: prefixes of generated names.
const EITHER: [[&str; 2]; 1] = [["advanced_event_selector", "event_selector"]];

/// The table.
#[derive(Deserialize)]
pub(crate) struct Schema {
    resources: BTreeMap<String, Members>,
}

/// What a resource or a block takes, by name.
pub(crate) type Members = BTreeMap<String, Member>;

/// An argument or a block.
#[derive(Deserialize)]
pub(crate) struct Member {
    #[serde(rename = "type")]
    pub(crate) of: String,
    #[serde(rename = "required")]
    is_required: bool,
    #[serde(default)]
    members: Members,
}

impl Schema {
    pub(crate) fn read() -> Self {
        serde_json::from_str(include_str!("schema.json")).unwrap()
    }

    /// What a resource takes.
    #[track_caller]
    pub(crate) fn resource(&self, kind: &str) -> &Members {
        let found = self.resources.get(kind);
        found.unwrap_or_else(|| panic!("`{kind}`: add it to RESOURCES of xtask/src/terraform.rs"))
    }
}

/// A configuration that is sound: every resource takes what stands in it, has what it must have, and
/// whatever is named is there.
pub(crate) struct Configuration {
    /// Types and names of resources.
    pub(crate) resources: BTreeMap<String, Body>,
    /// Addresses of resources that exist, and their ids.
    pub(crate) imports: BTreeMap<String, String>,
}

impl Configuration {
    pub(crate) fn read(schema: &Schema, text: &str) -> Self {
        let body = hcl::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(body.attributes().count(), 0, "{text}");
        let mut read = Self { resources: BTreeMap::new(), imports: BTreeMap::new() };
        for block in body.blocks() {
            match (block.identifier(), block.labels()) {
                ("resource", [kind, name]) => {
                    let address = format!("{}.{}", kind.as_str(), name.as_str());
                    resource(schema.resource(kind.as_str()), block.body(), &address);
                    let twice = read.resources.insert(address, block.body().clone());
                    assert!(twice.is_none(), "{text}");
                }
                ("import", []) => {
                    let told: BTreeMap<&str, String> = block
                        .body()
                        .attributes()
                        .map(|it| {
                            (it.key(), plain(it.expr()).unwrap_or_else(|| spelled(it.expr())))
                        })
                        .collect();
                    assert!(told.keys().eq(&["id", "to"]), "{text}");
                    read.imports.insert(told["to"].clone(), told["id"].clone());
                }
                other => panic!("{other:?} in {text}"),
            }
        }
        for address in read.imports.keys() {
            assert!(read.resources.contains_key(address), "no {address} in {text}");
        }
        for (address, body) in &read.resources {
            for other in names(body, "depends_on") {
                assert!(read.resources.contains_key(&other), "{address} has no {other} before it");
            }
        }
        read
    }
}

/// A resource with its meta-arguments.
fn resource(members: &Members, body: &Body, place: &str) {
    let mut own = Body::builder();
    for block in body.blocks() {
        if block.identifier() != "lifecycle" {
            own = own.add_block(block.clone());
            continue;
        }
        for ignored in names(block.body(), "ignore_changes") {
            assert!(members.contains_key(&ignored), "{place}: no `{ignored}` to leave as it is");
            let is_set = body.attributes().any(|it| it.key() == ignored)
                || body.blocks().any(|it| it.identifier() == ignored);
            assert!(!is_set, "{place}: `{ignored}` is set and left as it is");
        }
    }
    let plain = body.attributes().filter(|it| !OF_ANY.contains(&it.key()));
    check(members, &own.add_attributes(plain.cloned()).build(), place);
}

/// Whatever stands in a body is taken there, and what must be given is.
fn check(members: &Members, body: &Body, place: &str) {
    let mut given = BTreeSet::new();
    for attribute in body.attributes() {
        let name = attribute.key();
        let member = members.get(name).unwrap_or_else(|| panic!("{place}: no argument `{name}`"));
        assert!(is_of(&member.of, attribute.expr()), "{place}: `{name}` is no {}", member.of);
        assert!(given.insert(name.to_owned()), "{place}: `{name}` stands twice");
    }
    for block in body.blocks() {
        let name = block.identifier();
        let member = members.get(name).unwrap_or_else(|| panic!("{place}: no block `{name}`"));
        assert!(member.of.starts_with("block"), "{place}: `{name}` is no block");
        assert!(block.labels().is_empty(), "{place}: `{name}` has labels");
        let is_first = given.insert(name.to_owned());
        assert!(is_first || member.of.ends_with("[]"), "{place}: `{name}` stands twice");
        check(&member.members, block.body(), &format!("{place} {name}"));
    }
    for pair in EITHER {
        let is_given = |name: &&str| given.contains(*name);
        assert!(!pair.iter().all(is_given), "{place}: not both of {pair:?}");
    }
    for (name, member) in members {
        assert!(!member.is_required || given.contains(name), "{place}: `{name}` is missing");
    }
}

fn is_of(of: &str, expression: &Expression) -> bool {
    if let (Some(one), Expression::Array(items)) = (of.strip_suffix("[]"), expression) {
        return items.iter().all(|item| is_of(one, item));
    }
    match of {
        "string" => plain(expression).is_some() || document(expression).is_some(),
        "number" => matches!(expression, Expression::Number(_)),
        "boolean" => matches!(expression, Expression::Bool(_)),
        _ => false,
    }
}

/// A text without anything that Terraform would put in.
fn plain(expression: &Expression) -> Option<String> {
    match expression {
        Expression::String(_) | Expression::TemplateExpr(_) => {
            // Without variables and functions, only a text of itself has a value.
            let value = expression.evaluate(&Context::new()).ok()?;
            value.as_str().map(str::to_owned)
        }
        _ => None,
    }
}

/// What `jsonencode` writes.
pub(crate) fn document(expression: &Expression) -> Option<Value> {
    let Expression::FuncCall(call) = expression else { return None };
    let [of] = call.args.as_slice() else { return None };
    if call.name.to_string() != "jsonencode" {
        return None;
    }
    let value = of.evaluate(&Context::new()).ok()?;
    serde_json::to_value(value).ok()
}

/// An expression as it is written.
fn spelled(expression: &Expression) -> String {
    hcl::format::to_string(expression).unwrap()
}

/// The names of a list of names.
fn names(body: &Body, argument: &str) -> Vec<String> {
    let found = body.attributes().find(|it| it.key() == argument);
    match found.map(|it| it.expr()) {
        Some(Expression::Array(items)) => items.iter().map(spelled).collect(),
        Some(other) => panic!("`{argument}` is {other:?}"),
        None => Vec::new(),
    }
}

/// The blocks of a name.
pub(crate) fn blocks<'a>(body: &'a Body, name: &'a str) -> impl Iterator<Item = &'a Block> {
    body.blocks().filter(move |it| it.identifier() == name)
}
