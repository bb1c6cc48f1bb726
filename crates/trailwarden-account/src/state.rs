//! What a model holds, without proofs and history: for comparing it with what AWS says.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use trailwarden_model::Arn;

use crate::fact::Fact;
use crate::identity::{Identity, Kind};
use crate::listing::Listing;
use crate::model::Model;
use crate::query::name_of;

/// A place in the state: subject, field, item.
pub type Key = (String, &'static str, String);

/// All known values by place, and which sets of them are complete.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct State {
    /// Known values.
    pub values: BTreeMap<Key, String>,
    /// Subjects and fields of which all items are known.
    pub complete: BTreeSet<(String, &'static str)>,
    /// Places at which there is something that may be gone, or of which no more is known.
    pub doubtful: BTreeSet<Key>,
    /// Kinds of which all are known.
    pub listed: BTreeSet<&'static str>,
}

/// A place at which two states contradict each other.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// Where.
    pub key: Key,
    /// Here; none when it is known to be absent.
    pub left: Option<String>,
    /// There.
    pub right: Option<String>,
}

impl State {
    /// Where two states contradict each other. What one of them does not know is no contradiction.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<Difference> {
        let keys: BTreeSet<&Key> = self.values.keys().chain(other.values.keys()).collect();
        let mut found = Vec::new();
        for key in keys {
            let (left, right) = (self.values.get(key), other.values.get(key));
            let is_same = match (left, right) {
                (Some(left), Some(right)) => left == right,
                (Some(_), None) => !other.denies(key),
                (None, Some(_)) => !self.denies(key),
                (None, None) => true,
            };
            if !is_same {
                found.push(Difference {
                    key: key.clone(),
                    left: left.cloned(),
                    right: right.cloned(),
                });
            }
        }
        found
    }

    /// Whether that place is known to hold nothing.
    fn denies(&self, key: &Key) -> bool {
        let (subject, field, _) = key;
        let kind = subject.split('/').next().unwrap_or_default();
        let exists = self.values.contains_key(&(subject.clone(), "exists", String::new()));
        if !exists {
            return self.listed.contains(kind);
        }
        self.complete.contains(&(subject.clone(), field)) && !self.doubtful.contains(key)
    }

    fn set(&mut self, subject: &str, field: &'static str, item: &str, value: &str) {
        self.values.insert((subject.to_owned(), field, item.to_owned()), value.to_owned());
    }

    fn fact<T>(
        &mut self,
        subject: &str,
        field: &'static str,
        fact: &Fact<T>,
        show: impl Fn(&T) -> String,
    ) {
        if let Some(value) = fact.value() {
            self.set(subject, field, "", &show(value));
            self.complete.insert((subject.to_owned(), field));
        }
    }

    fn listing<K: Ord + Clone, V: Clone>(
        &mut self,
        subject: &str,
        field: &'static str,
        listing: &Listing<K, V>,
        key: impl Fn(&K) -> String,
        show: impl Fn(&V) -> String,
    ) {
        for (item, fact) in listing.iter() {
            match fact.value() {
                Some(value) => self.set(subject, field, &key(item), &show(value)),
                None => {
                    self.doubtful.insert((subject.to_owned(), field, key(item)));
                }
            }
        }
        if listing.is_complete() {
            self.complete.insert((subject.to_owned(), field));
        }
    }
}

impl Model {
    /// What the model holds, without proofs and history.
    #[must_use]
    pub fn state(&self) -> State {
        let mut state = State::default();
        let listed = &self.listed;
        let kinds = [
            ("user", &listed.users),
            ("group", &listed.groups),
            ("role", &listed.roles),
            ("policy", &listed.policies),
        ];
        state.listed =
            kinds.iter().filter(|(_, fact)| fact.is_known()).map(|(kind, _)| *kind).collect();
        for identity in self.identities() {
            self.state_of(identity, &mut state);
        }
        for policy in self.policies() {
            // AWS's own are in every account, so that all of the account's are known says nothing
            // about them.
            let is_own = Arn::parse(&policy.arn).is_some_and(|arn| arn.account_id().is_some());
            let kind = if is_own { "policy" } else { "aws-policy" };
            let subject = format!("{kind}/{}", policy.arn);
            state.set(&subject, "exists", "", "");
            state.fact(&subject, "default", &policy.default, |version| version.to_string());
            let text = crate::PolicyText::canonical;
            state.listing(&subject, "version", &policy.versions, |v| v.to_string(), text);
            state.listing(&subject, "tag", &policy.tags, |k| k.to_string(), |v| v.to_string());
        }
        self.state_of_others(&mut state);
        state
    }

    fn state_of_others(&self, state: &mut State) {
        let name = |id: &Option<crate::Id>| {
            let identity = id.as_ref().and_then(|id| self.identity(id));
            identity.map(name_of).unwrap_or_default()
        };
        let plain = |text: &Arc<str>| text.to_string();
        for profile in self.instance_profiles() {
            let subject = format!("instance-profile/{}", profile.name);
            state.set(&subject, "exists", "", "");
            state.fact(&subject, "role", &profile.role, name);
            state.listing(&subject, "tag", &profile.tags, plain, plain);
        }
        for provider in self.providers() {
            let subject = format!("provider/{}", provider.arn);
            state.set(&subject, "exists", "", "");
            state.listing(&subject, "client", &provider.clients, plain, |()| String::new());
            state.fact(&subject, "thumbprints", &provider.thumbprints, |all| all.join(","));
            state.fact(&subject, "metadata", &provider.metadata, plain);
            state.listing(&subject, "tag", &provider.tags, plain, plain);
        }
        for device in self.mfa_devices() {
            let subject = format!("mfa-device/{}", device.serial);
            state.set(&subject, "exists", "", "");
            state.fact(&subject, "owner", &device.owner, name);
        }
        let settings = self.settings();
        state.set("account", "exists", "", "");
        let alias = |alias: &Option<Arc<str>>| alias.as_deref().unwrap_or_default().to_owned();
        state.fact("account", "alias", &settings.alias, alias);
        state.fact("account", "password policy", &settings.password_policy, |rules| {
            format!("{rules:?}")
        });
    }

    fn state_of(&self, identity: &Identity, state: &mut State) {
        let subject = &name_of(identity);
        let name = |id: &crate::Id| self.identity(id).map(name_of).unwrap_or_default();
        state.set(subject, "exists", "", "");
        if !identity.id.is_provisional() && identity.kind != Kind::Root {
            state.set(subject, "id", "", identity.id.as_str());
        }
        state.fact(subject, "path", &identity.path, |path| path.to_string());
        let text = crate::PolicyText::canonical;
        state.listing(subject, "inline", &identity.inline, |k| k.to_string(), text);
        state.listing(
            subject,
            "attached",
            &identity.attached,
            |k| k.to_string(),
            |()| String::new(),
        );
        state.fact(subject, "boundary", &identity.boundary, |arn| format!("{arn:?}"));
        state.listing(subject, "tag", &identity.tags, |k| k.to_string(), |v| v.to_string());
        state.listing(subject, "group", &identity.groups, name, |()| String::new());
        state.listing(subject, "member", &identity.members, name, |()| String::new());
        state.fact(subject, "trust", &identity.trust, crate::PolicyText::canonical);
        state.fact(subject, "session", &identity.max_session, i64::to_string);
        state.listing(subject, "key", &identity.keys, |k| k.to_string(), |s| format!("{s:?}"));
        state.fact(subject, "login", &identity.login, |login| login.is_some().to_string());
        state.listing(subject, "mfa", &identity.mfa, |k| k.to_string(), |()| String::new());
    }
}
