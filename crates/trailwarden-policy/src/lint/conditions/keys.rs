//! Condition keys by name, and what is known of them.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::is_one_of;
use crate::facts::{ActionId, ActionSet, ConditionKey, KnownKey, Presence, facts, global_keys};

/// Keys by name in lower case; those with placeholders by what stands before the first.
#[derive(Debug, Default)]
struct KeyIndex {
    plain: HashMap<String, KnownKey>,
    open: HashMap<String, Vec<(&'static ConditionKey, KnownKey)>>,
}

impl KeyIndex {
    fn of_all_services() -> Self {
        let mut index = Self::default();
        for key in global_keys().filter(|key| !key.name.contains('$')) {
            index.plain.insert(key.name.to_ascii_lowercase(), key);
        }
        // A service's own page says best what its keys are.
        for own in [true, false] {
            for service in facts().services() {
                for key in service.condition_keys() {
                    let prefix = key.name().split(':').next().unwrap_or_default();
                    if prefix.eq_ignore_ascii_case(service.prefix()) == own {
                        index.add(key);
                    }
                }
            }
        }
        index
    }

    fn add(&mut self, key: &'static ConditionKey) {
        let known = KnownKey {
            name: key.name(),
            key_type: key.key_type(),
            presence: Presence::Sometimes,
            is_global: false,
        };
        let lower = key.name().to_ascii_lowercase();
        // `secretsmanager:ResourceTag/tag-key` stands for any tag as well.
        let named_tag = lower.ends_with("/tag-key").then(|| lower.len() - "tag-key".len());
        match lower.find(['$', '<']).or(named_tag) {
            None => {
                self.plain.entry(lower).or_insert(known);
            }
            Some(at) => {
                let start = lower.get(..at).unwrap_or_default().to_owned();
                let alike = self.open.entry(start).or_default();
                if !alike.iter().any(|(_, other)| other.name == known.name) {
                    alike.push((key, known));
                }
            }
        }
    }

    fn find(&self, name: &str) -> Option<KnownKey> {
        // Nothing longer is a key, and a long one costs as many lookups as it has separators.
        if name.len() > 512 {
            return None;
        }
        let lower = name.to_ascii_lowercase();
        if let Some(known) = self.plain.get(&lower) {
            return Some(*known);
        }
        let global = global_keys().filter(|key| key.name.contains('$')).find(|key| {
            let start = key.name.split('$').next().unwrap_or_default();
            lower.len() > start.len() && is_one_of(&lower, &[start])
        });
        global.or_else(|| {
            let starts = lower.match_indices(['/', ':', '.', '-']).map(|(at, _)| at + 1);
            let alike = starts.filter_map(|end| self.open.get(lower.get(..end)?));
            let is_meant =
                |key: &ConditionKey| key.is_named(name) || key.name().ends_with("/tag-key");
            alike.flatten().find(|(key, _)| is_meant(key)).map(|(_, known)| *known)
        })
    }
}

/// What is known of a key, as [`crate::facts::Facts::condition_key`] has it, without looking
/// through all keys for one that nobody knows.
pub fn known_key(name: &str) -> Option<KnownKey> {
    static INDEX: LazyLock<KeyIndex> = LazyLock::new(KeyIndex::of_all_services);
    INDEX.find(name)
}

/// Whether a request may lack this key. A key that is not known may be lacking.
pub fn may_be_absent(key: &str) -> bool {
    known_key(key).is_none_or(|known| known.presence == Presence::Sometimes)
}

/// Global keys that AWS has replaced, in lower case.
///
/// Source: IAM User Guide, "Access Analyzer policy check reference"; Amazon SNS Developer Guide,
/// "Example cases for Amazon SNS access control".
pub const DEPRECATED: &[&str] = &["aws:arn", "aws:sourceowner"];

/// Global keys that say who calls, from where, and for whom: what a condition is mostly there for.
pub const GUARDS: &[&str] = &[
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:PrincipalTag/",
    "aws:PrincipalServiceName",
    "aws:PrincipalServiceNamesList",
    "aws:username",
    "aws:FederatedProvider",
    "aws:SourceIdentity",
    "aws:SourceIp",
    "aws:SourceVpc",
    "aws:SourceVpcArn",
    "aws:SourceVpce",
    "aws:VpceAccount",
    "aws:VpceOrgID",
    "aws:VpceOrgPaths",
    "aws:VpcSourceIp",
    "aws:SourceArn",
    "aws:SourceAccount",
    "aws:SourceOrgID",
    "aws:SourceOrgPaths",
    "aws:CalledVia",
    "aws:CalledViaFirst",
    "aws:CalledViaLast",
];

/// Whether a key is that of a tag, without the tag's name: `aws:RequestTag`, `ec2:ResourceTag/`.
pub fn lacks_tag_name(key: &str) -> bool {
    let bare = key.strip_suffix('/').unwrap_or(key);
    known_key(key).is_none()
        && known_key(&format!("{bare}/x")).is_some_and(|k| k.name.contains("Tag"))
}

/// The actions whose pages name a key, for the action itself or for what it works on.
pub fn actions_with_key(known: &KnownKey) -> ActionSet {
    static BY_KEY: LazyLock<HashMap<String, Vec<ActionId>>> = LazyLock::new(|| {
        let mut by_key: HashMap<String, Vec<ActionId>> = HashMap::new();
        for action in facts().actions() {
            let of_types = action.resource_types().flat_map(|used| {
                used.condition_keys().chain(used.resource_type().condition_keys())
            });
            for key in action.condition_keys().chain(of_types) {
                let ids = by_key.entry(start_of(key.name())).or_default();
                if ids.last() != Some(&action.id()) {
                    ids.push(action.id());
                }
            }
        }
        by_key
    });
    let mut set = ActionSet::empty();
    for id in BY_KEY.get(&start_of(known.name)).into_iter().flatten() {
        set.insert(*id);
    }
    set
}

/// A key up to its placeholder, which pages write in several ways.
fn start_of(name: &str) -> String {
    let name = name.strip_suffix("tag-key").unwrap_or(name);
    name.split(['$', '<']).next().unwrap_or_default().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_knows_what_the_table_knows() {
        for name in facts().services().iter().flat_map(|s| s.condition_keys()).map(|k| k.name()) {
            // A placeholder stands for any text, so a name with one is a name.
            assert!(known_key(name).is_some(), "{name}");
        }
        for name in ["aws:RequestTag/team", "AWS:sourceip", "ec2:InstanceType", "no:such", "x"] {
            assert_eq!(known_key(name), facts().condition_key(name), "{name}");
        }
        assert!(known_key("aws:RequestTag/").is_none());
        assert!(known_key("secretsmanager:ResourceTag/team").is_some());
    }
}
