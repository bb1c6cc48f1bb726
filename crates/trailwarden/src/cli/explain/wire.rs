//! What `explain` prints for programs.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;
use trailwarden_model::escape::visible;

use super::page::Page;
use super::topics::Topic;
use crate::formats::answer_schema;

/// The name of an explanation.
const SCHEMA: &str = "trailwarden.explain/1";
/// The name of the list.
const NAMES: &str = "trailwarden.names/1";

/// An explanation.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Explanation", inline)]
pub(crate) struct Told<'a> {
    /// Always `trailwarden.explain/1`.
    schema: &'static str,
    /// A page for each that has the name: events of several services share one.
    pages: &'a [Page],
}

impl<'a> Told<'a> {
    pub(super) fn of(pages: &'a [Page]) -> Self {
        Self { schema: SCHEMA, pages }
    }
}

impl Told<'_> {
    /// The schema of `explain --json`.
    pub(crate) fn schema() -> serde_json::Value {
        answer_schema::<Self>(SCHEMA)
    }
}

/// Every name.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Names", inline)]
pub(crate) struct Named<'a> {
    /// Always `trailwarden.names/1`.
    schema: &'static str,
    /// The names, by kind.
    pub(super) names: Vec<Name<'a>>,
}

/// A name that can be explained.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Name<'a> {
    /// What it is: `event`, `detection` and so on.
    pub(super) kind: &'static str,
    /// The name, as `explain` takes it.
    pub(super) name: Cow<'a, str>,
    /// What it is in a few words.
    pub(super) title: Cow<'a, str>,
}

impl<'a> Named<'a> {
    pub(super) fn of(topics: &'a [Topic]) -> Self {
        let names = topics.iter().map(|topic| Name {
            kind: topic.kind(),
            name: visible(topic.name()),
            title: visible(topic.title()),
        });
        Self { schema: NAMES, names: names.collect() }
    }
}

impl Named<'_> {
    /// The schema of `explain --list --json`.
    pub(crate) fn schema() -> serde_json::Value {
        answer_schema::<Self>(NAMES)
    }
}
