//! Services, their resource types, and the condition keys that their pages name.

use std::ops::Range;

use super::action::Action;
use super::facts;

/// A service, by its prefix in policies.
#[derive(Debug)]
pub struct Service {
    pub(super) prefix: &'static str,
    pub(super) title: &'static str,
    pub(super) supports_rcp: bool,
    pub(super) actions: Range<u32>,
    pub(super) types: Range<u32>,
    pub(super) keys: Range<u32>,
}

impl Service {
    /// The prefix, such as `iam`.
    #[must_use]
    pub fn prefix(&self) -> &'static str {
        self.prefix
    }

    /// The service's name for people.
    #[must_use]
    pub fn title(&self) -> &'static str {
        self.title
    }

    /// Whether resource control policies apply to the service's resources.
    #[must_use]
    pub fn supports_rcp(&self) -> bool {
        self.supports_rcp
    }

    /// Its actions, sorted by name without case.
    #[must_use]
    pub fn actions(&self) -> &'static [Action] {
        slice(facts().actions(), &self.actions)
    }

    /// Its resource types.
    #[must_use]
    pub fn resource_types(&self) -> &'static [ResourceType] {
        slice(&facts().types, &self.types)
    }

    /// The condition keys that its page names, global ones among them.
    #[must_use]
    pub fn condition_keys(&self) -> &'static [ConditionKey] {
        slice(&facts().keys, &self.keys)
    }
}

/// A resource type of a service.
#[derive(Debug)]
pub struct ResourceType {
    /// Its number among the types of all services.
    pub(super) place: u32,
    pub(super) name: &'static str,
    pub(super) arns: &'static str,
    pub(super) keys: Range<u32>,
}

impl ResourceType {
    /// Its name, such as `role`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Its number among the types of all services, [`ResourceType::count`] in all.
    pub(crate) fn place(&self) -> usize {
        self.place as usize
    }

    /// How many types there are.
    pub(crate) fn count() -> usize {
        facts().types.len()
    }

    /// Its ARN patterns, with placeholders such as `${Partition}` and `${RoleNameWithPath}`.
    pub fn arn_patterns(&self) -> impl Iterator<Item = &'static str> {
        self.arns.split('\t').filter(|arn| !arn.is_empty())
    }

    /// The condition keys that tell its resources apart.
    pub fn condition_keys(&self) -> impl Iterator<Item = &'static ConditionKey> {
        keys(&self.keys)
    }
}

/// A condition key as a service's page names it.
#[derive(Debug)]
pub struct ConditionKey {
    pub(super) name: &'static str,
    pub(super) kind: KeyType,
}

impl ConditionKey {
    /// The name, with placeholders such as `aws:RequestTag/${TagKey}`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The type of its values.
    #[must_use]
    pub fn key_type(&self) -> KeyType {
        self.kind
    }
}

/// The type of a condition key's values, and whether a request may hold several.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct KeyType {
    /// The type of each value.
    pub value: ValueType,
    /// Whether a request may hold several: ask with `ForAllValues` or `ForAnyValue`.
    pub is_multivalued: bool,
}

/// The type of one value of a condition key.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ValueType {
    /// Text.
    String,
    /// An ARN.
    Arn,
    /// `true` or `false`.
    Bool,
    /// A number.
    Numeric,
    /// A point in time.
    Date,
    /// An address.
    IpAddress,
    /// Bytes in Base64.
    Binary,
}

impl KeyType {
    pub(super) const fn one(value: ValueType) -> Self {
        Self { value, is_multivalued: false }
    }

    pub(super) const fn many(value: ValueType) -> Self {
        Self { value, is_multivalued: true }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "String" => Self::one(ValueType::String),
            "ARN" => Self::one(ValueType::Arn),
            "Bool" => Self::one(ValueType::Bool),
            "Numeric" => Self::one(ValueType::Numeric),
            "Date" => Self::one(ValueType::Date),
            "IPAddress" => Self::one(ValueType::IpAddress),
            "ArrayOfString" => Self::many(ValueType::String),
            "ArrayOfARN" => Self::many(ValueType::Arn),
            "ArrayOfBool" => Self::many(ValueType::Bool),
            _ => return None,
        })
    }
}

/// The keys of a range of references.
pub(super) fn keys(range: &Range<u32>) -> impl Iterator<Item = &'static ConditionKey> + use<> {
    let references = slice(&facts().key_references, range);
    references.iter().filter_map(|at| facts().keys.get(*at as usize))
}

/// A range of a list; empty where the range is not of the list.
pub(super) fn slice<T>(all: &'static [T], range: &Range<u32>) -> &'static [T] {
    all.get(range.start as usize..range.end as usize).unwrap_or_default()
}
