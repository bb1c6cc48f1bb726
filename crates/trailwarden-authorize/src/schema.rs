//! The shipped schema, read once: types, calls and their groups.
//!
//! The file `data/trailwarden.cedarschema` is the only list of calls and groups there is. It is part
//! of the program, so it can be relied on to parse; a test reads it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::str::FromStr;
use std::sync::LazyLock;

use cedar_policy::{
    Entity, EntityId, EntityTypeName, EntityUid, Policy, Schema, SchemaFragment, Validator,
};
use serde_json::{Map, Value};

/// The text of the shipped schema.
pub const TEXT: &str = include_str!("../data/trailwarden.cedarschema");

/// What of the schema is looked up often.
pub(crate) struct Catalogue {
    validator: Validator,
    /// The same for policies that name no call and none of [`ALIKE`]: a few calls stand for all.
    validator_of_groups: Validator,
    /// Calls, each with what asking about it needs.
    pub(crate) calls: HashMap<String, Call>,
    /// Groups of calls with their direct members among groups and calls.
    pub(crate) groups: BTreeMap<String, BTreeSet<String>>,
    types: HashMap<String, EntityTypeName>,
}

/// One call of the schema.
pub(crate) struct Call {
    /// The call itself, right below every group it is in, so that no question needs the groups.
    pub(crate) entity: Entity,
    groups: Vec<String>,
    /// The type of what it is made on.
    pub(crate) resource: EntityTypeName,
}

/// Types of principals that differ in nothing but their names from `User` and `Role`.
const ALIKE: [&str; 6] =
    ["Root", "Service", "Account", "Federated", "IdentityCenterUser", "Unidentified"];

static CATALOGUE: LazyLock<Result<Catalogue, String>> = LazyLock::new(read);

/// The catalogue, or why the schema cannot be read.
pub(crate) fn catalogue() -> Result<&'static Catalogue, &'static str> {
    CATALOGUE.as_ref().map_err(String::as_str)
}

/// Every call that policies may name: `iam:PutGroupPolicy` and so on, sorted.
#[must_use]
pub fn calls() -> Vec<&'static str> {
    let mut calls: Vec<&str> = catalogue()
        .map(|catalogue| catalogue.calls.keys().map(String::as_str).collect())
        .unwrap_or_default();
    calls.sort_unstable();
    calls
}

/// Every group, sorted, with the groups and calls that it holds directly.
#[must_use]
pub fn groups() -> Vec<(&'static str, Vec<&'static str>)> {
    let Ok(catalogue) = catalogue() else { return Vec::new() };
    let groups = catalogue.groups.iter();
    groups
        .map(|(group, members)| (group.as_str(), members.iter().map(String::as_str).collect()))
        .collect()
}

/// Every group that a call is in, sorted; none of a call that the schema does not list.
#[must_use]
pub fn groups_of(call: &str) -> Vec<&'static str> {
    let call = catalogue().ok().and_then(|catalogue| catalogue.calls.get(call));
    let mut groups: Vec<&str> =
        call.into_iter().flat_map(|call| &call.groups).map(String::as_str).collect();
    groups.sort_unstable();
    groups
}

/// The type of a kind of target, as findings write it: `InstanceProfile` of `instance_profile`.
#[must_use]
pub fn type_of_kind(kind: &str) -> Option<&'static str> {
    let mut name = String::with_capacity(kind.len());
    for word in if kind == "access_key" { "credential" } else { kind }.split('_') {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    // These two are no targets.
    let found = catalogue().ok()?.types.get(&name).filter(|_| name != "Tags" && name != "Team");
    Some(found?.basename())
}

/// Whether a call is about what watches and moves nobody's permissions, so that no effect is missing.
pub(crate) fn is_of_logs_alone(call: &str) -> bool {
    let of = |group: &&str| {
        ["logging", "write"].contains(group) || call.starts_with(&format!("{group}:"))
    };
    let groups = groups_of(call);
    groups.contains(&"logging") && groups.iter().all(of)
}

/// The type of what a call is made on: `Role`.
#[must_use]
pub fn resource_type(call: &str) -> Option<&'static str> {
    Some(catalogue().ok()?.calls.get(call)?.resource.basename())
}

fn read() -> Result<Catalogue, String> {
    let (fragment, _) =
        SchemaFragment::from_cedarschema_str(TEXT).map_err(|error| error.to_string())?;
    let validator_of_groups = Validator::new(schema_of_groups(&fragment)?);
    let schema = Schema::from_schema_fragments([fragment]).map_err(|error| error.to_string())?;
    let entities = schema.action_entities().map_err(|error| error.to_string())?;
    let mut types = HashMap::new();
    for name in schema.entity_types() {
        types.insert(name.to_string(), name.clone());
    }
    let mut parents: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut groups: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let group_uids: BTreeSet<String> =
        schema.action_groups().map(|uid| uid.id().unescaped().to_owned()).collect();
    for uid in schema.actions() {
        let above: BTreeSet<String> = entities
            .ancestors(uid)
            .into_iter()
            .flatten()
            .map(|above| above.id().unescaped().to_owned())
            .collect();
        parents.insert(uid.id().unescaped().to_owned(), above);
    }
    for (name, above) in &parents {
        for group in above {
            // Only direct members: one that is also in a smaller group here belongs to that one.
            let is_indirect = above
                .iter()
                .any(|other| parents.get(other).is_some_and(|higher| higher.contains(group)));
            if !is_indirect {
                groups.entry(group.clone()).or_default().insert(name.clone());
            }
        }
    }
    let mut calls = HashMap::new();
    for uid in schema.actions().filter(|uid| !group_uids.contains(uid.id().unescaped())) {
        let resource = schema.resources_for_action(uid).and_then(|mut types| types.next());
        let Some(resource) = resource else { continue };
        let above: HashSet<EntityUid> =
            entities.ancestors(uid).into_iter().flatten().cloned().collect();
        let groups = above.iter().map(|above| above.id().unescaped().to_owned()).collect();
        let entity = Entity::new_no_attrs(uid.clone(), above);
        let call = Call { entity, groups, resource: resource.clone() };
        calls.insert(uid.id().unescaped().to_owned(), call);
    }
    Ok(Catalogue { validator: Validator::new(schema), validator_of_groups, calls, groups, types })
}

/// The schema with one call for each kind of resource and set of groups, made by users and roles.
///
/// Cedar checks a policy for each call with each type of principal and resource, thousands of times.
/// A policy that names neither a call nor one of the types that are left out cannot tell those that
/// are left out from those that stay.
fn schema_of_groups(fragment: &SchemaFragment) -> Result<Schema, String> {
    let mut json = fragment.clone().to_json_value().map_err(|error| error.to_string())?;
    let actions = json
        .get_mut("")
        .and_then(|namespace| namespace.get_mut("actions"))
        .and_then(Value::as_object_mut)
        .ok_or("the schema has no calls")?;
    let mut seen = BTreeSet::new();
    let mut reduced = Map::new();
    for (name, action) in std::mem::take(actions) {
        let mut action = action;
        if let Some(applies) = action.get_mut("appliesTo").filter(|applies| applies.is_object()) {
            let on = applies.get("resourceTypes").map(Value::to_string).unwrap_or_default();
            if name.contains(':') {
                if let Some(types) = applies.get_mut("principalTypes") {
                    *types = serde_json::json!(["User", "Role"]);
                }
                let above = action.get("memberOf").map(Value::to_string).unwrap_or_default();
                if !seen.insert((on, above)) {
                    continue;
                }
            }
        }
        reduced.insert(name, action);
    }
    *actions = reduced;
    Schema::from_json_value(json).map_err(|error| error.to_string())
}

impl Catalogue {
    /// The validator for a policy with this text.
    pub(crate) fn validator_for(&self, policy: &Policy, text: &str) -> &Validator {
        let names_call = policy
            .entity_literals()
            .iter()
            .any(|uid| self.calls.contains_key(uid.id().unescaped()));
        let names_alike = ALIKE.iter().any(|name| text.contains(name));
        if names_call || names_alike { &self.validator } else { &self.validator_of_groups }
    }

    /// A type by its name.
    pub(crate) fn type_named(&self, name: &str) -> Option<&EntityTypeName> {
        self.types.get(name)
    }

    /// Names of all types of principals and resources.
    pub(crate) fn type_names(&self) -> impl Iterator<Item = &str> {
        self.types.keys().map(String::as_str)
    }
}

/// The id of a call or group as Cedar holds it.
pub(crate) fn action_uid(name: &str) -> Option<EntityUid> {
    let kind = EntityTypeName::from_str("Action").ok()?;
    Some(EntityUid::from_type_name_and_id(kind, EntityId::new(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_schema_is_valid_and_every_call_is_in_a_group() {
        assert_eq!(catalogue().err(), None);
        assert!(calls().len() > 250, "{}", calls().len());
        for call in calls() {
            let service = call.split(':').next().unwrap();
            let above = groups_of(call);
            assert!(above.contains(&service), "{call}: {above:?}");
            let is_known = above.iter().any(|group| ["write", "sessions"].contains(group));
            assert!(is_known, "{call}: {above:?}");
        }
    }

    #[test]
    fn few_calls_stand_for_all_where_a_policy_cannot_tell_them_apart() {
        let catalogue = catalogue().unwrap();
        let policy = |text: &str| Policy::parse(None, text).unwrap();
        let few = |text: &str| {
            let validator = catalogue.validator_for(&policy(text), text);
            validator.schema().request_envs().count()
        };
        let group = "forbid(principal is Role, action in Action::\"write\", resource);";
        assert!(few(group) < 200, "{}", few(group));
        for all in [
            "forbid(principal, action == Action::\"iam:PutRolePolicy\", resource);",
            "forbid(principal is FederatedUser, action, resource);",
        ] {
            assert!(few(all) > 2000, "{all}: {}", few(all));
        }
        let kept: BTreeSet<String> =
            catalogue.validator_of_groups.schema().resources().map(ToString::to_string).collect();
        let full: BTreeSet<String> =
            catalogue.validator.schema().resources().map(ToString::to_string).collect();
        assert_eq!(kept, full);
    }

    #[test]
    fn a_call_is_in_the_groups_of_its_groups() {
        assert_eq!(groups_of("iam:PutGroupPolicy"), ["iam", "permissions", "write"]);
        assert_eq!(resource_type("iam:PutGroupPolicy"), Some("Group"));
        let (_, write) = groups().into_iter().find(|(group, _)| *group == "write").unwrap();
        assert!(write.contains(&"permissions") && !write.contains(&"iam:PutGroupPolicy"));
    }
}
