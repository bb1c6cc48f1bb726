//! Principals and resources as Cedar's entities.

use std::collections::BTreeMap;

use cedar_policy::{Entity, EntityId, EntityTypeName, EntityUid, RestrictedExpression as Value};

use crate::asked::{Actor, Target};
use crate::directory::Directory;
use crate::request::Wanted;
use crate::schema::{self, Catalogue};

/// A principal or resource.
#[derive(Clone)]
pub(super) struct Party<'a> {
    pub(super) uid: EntityUid,
    kind: &'a str,
    arn: Option<&'a str>,
    name: Option<&'a str>,
    path: Option<&'a str>,
    account: Option<&'a str>,
    id: Option<&'a str>,
    tags: Option<&'a BTreeMap<String, String>>,
}

impl<'a> Party<'a> {
    pub(super) fn of_actor(actor: &'a Actor, catalogue: &Catalogue) -> Result<Self, String> {
        let Actor { kind, arn, name, path, account, id, tags, .. } = actor;
        let type_name = match kind.as_str() {
            "user" => "User",
            "role" => "Role",
            "root" => "Root",
            "service" => "Service",
            "account" => "Account",
            "federated_user" => "FederatedUser",
            "federated" => "Federated",
            "identity_center_user" => "IdentityCenterUser",
            _ => "Unidentified",
        };
        let type_name = catalogue.type_named(type_name).ok_or("no such type")?.clone();
        let mut party = Self {
            uid: uid(type_name.clone(), ""),
            kind,
            arn: arn.as_deref(),
            name: name.as_deref(),
            path: path.as_deref(),
            account: account.as_deref(),
            id: id.as_deref(),
            tags: tags.as_ref(),
        };
        party.identify(type_name, "principal");
        Ok(party)
    }

    pub(super) fn of_target(
        target: &'a Target,
        call: &str,
        catalogue: &Catalogue,
    ) -> Result<Self, String> {
        let Target { kind, arn, name, path, account, id, tags } = target;
        let kind = kind.as_deref().unwrap_or("unknown");
        let by_kind = match kind {
            "access_key" => Some("Credential".to_owned()),
            word => Some(type_of(word)).filter(|name| name != "Tags" && name != "Team"),
        };
        let by_kind = by_kind.and_then(|name| catalogue.type_named(&name));
        let by_call = || catalogue.calls.get(call).map(|call| &call.resource);
        let type_name = by_kind.or_else(by_call).or_else(|| catalogue.type_named("Resource"));
        let type_name = type_name.ok_or("no such type")?.clone();
        let mut party = Self {
            uid: uid(type_name.clone(), ""),
            kind,
            arn: arn.as_deref(),
            name: name.as_deref(),
            path: path.as_deref(),
            account: account.as_deref(),
            id: id.as_deref(),
            tags: tags.as_ref(),
        };
        party.identify(type_name, "resource");
        Ok(party)
    }

    /// Of two that are not known nobody can say that they are one, so only the unique id makes them
    /// the same: a name fits somebody in every account.
    fn identify(&mut self, type_name: EntityTypeName, part: &str) {
        let known = match type_name.basename() {
            "Account" => self.account,
            "Service" => self.name.or(self.arn),
            _ => self.arn,
        };
        let text = match known {
            Some(known) => known.to_owned(),
            None => format!("?{}", self.id.unwrap_or(part)),
        };
        self.uid = uid(type_name, &text);
    }

    /// What is known of it, and else what is known of the same thing in its other part.
    pub(super) fn or(self, other: &Self) -> Self {
        Self {
            name: self.name.or(other.name),
            path: self.path.or(other.path),
            account: self.account.or(other.account),
            id: self.id.or(other.id),
            tags: self.tags.or(other.tags),
            ..self
        }
    }

    /// Itself and its tags.
    pub(super) fn entities(
        &self,
        part: &str,
        directory: &Directory,
        wanted: &Wanted,
    ) -> Result<Vec<Entity>, String> {
        let mut attributes = vec![("kind".to_owned(), text(self.kind))];
        let texts = [
            ("arn", self.arn),
            ("name", self.name),
            ("path", self.path),
            ("account", self.account),
            ("id", self.id),
        ];
        attributes.extend(some_texts(texts.into_iter().filter(|(name, _)| wanted.has(name))));
        let mut parents = Vec::new();
        if let Some(arn) = self.arn {
            parents.extend(directory.teams_of(arn).filter_map(team));
            if wanted.has("protected") {
                attributes.push(("protected".to_owned(), Value::new_bool(directory.protects(arn))));
            }
            let owner = directory.owner_of(arn).and_then(team);
            attributes.extend(owner.map(|team| ("owner".to_owned(), Value::new_entity_uid(team))));
        }
        let mut entities = Vec::new();
        if let Some(tags) = self.tags.filter(|_| wanted.has("tags")) {
            let type_name = schema::catalogue()?.type_named("Tags").ok_or("no such type")?;
            let uid = uid(type_name.clone(), part);
            attributes.push(("tags".to_owned(), Value::new_entity_uid(uid.clone())));
            let tags = tags.iter().map(|(key, value)| (key.clone(), text(value)));
            entities.push(Entity::new_with_tags(uid, [], [], tags).map_err(|e| e.to_string())?);
        }
        let entity = Entity::new_with_tags(self.uid.clone(), attributes, parents, []);
        entities.push(entity.map_err(|error| error.to_string())?);
        Ok(entities)
    }
}

pub(super) fn text(text: &str) -> Value {
    Value::new_string(text.to_owned())
}

pub(super) fn some_texts<'a>(
    texts: impl IntoIterator<Item = (&'a str, Option<&'a str>)>,
) -> impl Iterator<Item = (String, Value)> {
    texts.into_iter().filter_map(|(name, value)| Some((name.to_owned(), text(value?))))
}

pub(super) fn uid(type_name: EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(type_name, EntityId::new(id))
}

pub(super) fn team(name: &str) -> Option<EntityUid> {
    // Looked up, since reading a type's name costs more than all else that is asked.
    Some(uid(schema::catalogue().ok()?.type_named("Team")?.clone(), name))
}

/// The type of a kind: `instance_profile` is `InstanceProfile`.
fn type_of(kind: &str) -> String {
    let mut name = String::with_capacity(kind.len());
    for word in kind.split('_') {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name
}
