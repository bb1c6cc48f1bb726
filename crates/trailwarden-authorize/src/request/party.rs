//! Principals and resources as Cedar's entities.

use std::collections::BTreeMap;

use cedar_policy::{Entity, EntityId, EntityTypeName, EntityUid, RestrictedExpression as Value};

use crate::asked::{Actor, Target};
use crate::directory::Directory;
use crate::request::Wanted;
use crate::schema::{self, Catalogue};

/// A principal or resource.
#[derive(Clone)]
pub(crate) struct Party<'a> {
    pub(super) uid: EntityUid,
    /// Whether its id says only that it is not known.
    is_unnamed: bool,
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
            is_unnamed: true,
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
        let by_kind = schema::type_of_kind(kind).and_then(|name| catalogue.type_named(name));
        let by_call = || catalogue.calls.get(call).map(|call| &call.resource);
        let type_name = by_kind.or_else(by_call).or_else(|| catalogue.type_named("Resource"));
        let type_name = type_name.ok_or("no such type")?.clone();
        let mut party = Self {
            uid: uid(type_name.clone(), ""),
            is_unnamed: true,
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
        self.is_unnamed = known.is_none();
        self.uid = uid(type_name, &text);
    }

    /// Whether it is certainly the same as another one: by its ARN, or by its unique id where one of the two
    /// has no ARN.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        let has_its_id = self.id.is_some() && self.id == other.id;
        let is_half_named = self.is_unnamed || other.is_unnamed;
        let is_of_its_type = self.uid.type_name() == other.uid.type_name();
        self.uid == other.uid || has_its_id && is_half_named && is_of_its_type
    }

    /// Whether nobody can say who or what it is.
    pub(crate) fn is_unnamed(&self) -> bool {
        self.is_unnamed
    }

    /// Its type in the schema.
    pub(crate) fn type_name(&self) -> &str {
        self.uid.type_name().basename()
    }

    /// Its kind, as findings write it.
    pub(crate) fn kind(&self) -> &str {
        self.kind
    }

    /// Its ARN.
    pub(crate) fn arn(&self) -> Option<&str> {
        self.arn
    }

    /// Whether these are known: name, path, account, id and tags.
    pub(crate) fn known(&self) -> [bool; 5] {
        let Self { name, path, account, id, tags, .. } = self;
        [name.is_some(), path.is_some(), account.is_some(), id.is_some(), tags.is_some()]
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
        if let Some(found) = self.tags.filter(|_| wanted.has("tags")) {
            let tags = tags(part, found)?;
            attributes.push(("tags".to_owned(), Value::new_entity_uid(tags.uid())));
            entities.push(tags);
        }
        let entity = Entity::new_with_tags(self.uid.clone(), attributes, parents, []);
        entities.push(entity.map_err(|error| error.to_string())?);
        Ok(entities)
    }
}

/// What holds the tags of a part of the question.
pub(super) fn tags(part: &str, tags: &BTreeMap<String, String>) -> Result<Entity, String> {
    let type_name = schema::catalogue()?.type_named("Tags").ok_or("no such type")?;
    let tags = tags.iter().map(|(key, value)| (key.clone(), text(value)));
    let entity = Entity::new_with_tags(uid(type_name.clone(), part), [], [], tags);
    entity.map_err(|error| error.to_string())
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
