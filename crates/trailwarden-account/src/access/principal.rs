//! Who asks, and the condition keys that AWS derives from that.
//!
//! Source: IAM User Guide, "AWS global condition context keys" and "IAM policy elements: Variables
//! and tags", "Request information that you can use for policy variables".

use std::sync::Arc;

use trailwarden_model::{AccountId, Timestamp};
use trailwarden_policy::evaluate::Context;

use super::hour;
use crate::fact::Fact;
use crate::identity::{Id, Identity, Kind};
use crate::listing::Listing;
use crate::model::Model;
use crate::query::name_of;

/// A user, group, role or root, as conditions see it.
#[derive(Clone, PartialEq, Debug)]
pub struct Principal {
    /// Its account.
    pub account: AccountId,
    /// Its kind.
    pub kind: Kind,
    /// Its unique id.
    pub id: Id,
    /// Its name.
    pub name: Arc<str>,
    /// Such as `role/app`.
    pub label: String,
    /// Its ARN, once its path is known.
    pub arn: Option<String>,
    /// The ARN partition.
    pub partition: Arc<str>,
    /// Its tags.
    pub tags: Listing<Arc<str>, Arc<str>>,
    /// Whether a session may carry other tags, which then count instead.
    pub may_pass_tags: bool,
    /// Whether AWS made the role for a service.
    pub is_service_linked: bool,
    /// When it asks; none when that is not known.
    pub now: Option<Timestamp>,
}

impl Principal {
    pub(super) fn of(model: &Model, identity: &Identity) -> Self {
        Self {
            account: model.account(),
            kind: identity.kind,
            id: identity.id.clone(),
            name: identity.name.clone(),
            label: name_of(identity),
            arn: identity.arn(model.partition(), model.account()),
            partition: model.partition().into(),
            tags: identity.tags.clone(),
            may_pass_tags: identity.kind == Kind::Role && may_pass_tags(identity),
            is_service_linked: identity.is_service_linked(),
            now: None,
        }
    }

    /// Its ARN; with the path `/`, which nearly all have, while the path is unknown.
    #[must_use]
    pub fn likely_arn(&self) -> String {
        self.arn.clone().unwrap_or_else(|| {
            let Self { partition, account, name, .. } = self;
            format!("arn:{partition}:iam::{account}:{}/{name}", self.kind.as_str())
        })
    }

    /// The value of a condition key that depends on the principal alone, or on the time: `Some(None)`
    /// when requests of this principal lack it, `None` when it is not known. The name is in lower case.
    #[must_use]
    pub fn key(&self, key: &str) -> Option<Option<String>> {
        self.key_at(key, self.now)
    }

    /// The context with what is known of one more key of the principal, in lower case.
    pub(crate) fn tell(&self, key: &str, context: Context) -> Context {
        self.tell_at(key, context, self.now)
    }

    /// The same of a request at that time.
    pub(crate) fn tell_at(
        &self,
        key: &str,
        mut context: Context,
        now: Option<Timestamp>,
    ) -> Context {
        if let Some(now) = now.filter(|_| hour::is_begin(key)) {
            context.insert(key, hour::begun(now, self.kind != Kind::Role));
            return context;
        }
        match self.key_at(key, now) {
            Some(Some(value)) => context.with(key, &value),
            Some(None) => context.without(key),
            None => context,
        }
    }

    fn key_at(&self, key: &str, now: Option<Timestamp>) -> Option<Option<String>> {
        if let Some(tag) = key.strip_prefix("aws:principaltag/") {
            return self.tag(tag);
        }
        match (key, self.kind) {
            // Groups make no requests: members have their own.
            (_, Kind::Group) if !hour::is_time(key) => None,
            ("aws:username", Kind::User) => Some(Some(self.name.to_string())),
            ("aws:username", Kind::Role | Kind::Root) => Some(None),
            ("aws:userid", Kind::User) if !self.id.is_provisional() => {
                Some(Some(self.id.to_string()))
            }
            ("aws:userid", Kind::Root) => Some(Some(self.account.to_string())),
            ("aws:principalarn", _) => self.arn.clone().map(Some),
            ("aws:principalaccount", _) => Some(Some(self.account.to_string())),
            ("aws:principaltype", Kind::User) => Some(Some("User".to_owned())),
            ("aws:principaltype", Kind::Root) => Some(Some("Account".to_owned())),
            ("aws:principaltype", Kind::Role) => Some(Some("AssumedRole".to_owned())),
            ("aws:principalisawsservice", _) => Some(Some("false".to_owned())),
            _ => hour::value(key, now?).map(Some),
        }
    }

    fn tag(&self, tag: &str) -> Option<Option<String>> {
        if self.kind == Kind::Group || self.may_pass_tags {
            return None;
        }
        // Keys of tags are compared without case (IAM User Guide, "Tags for IAM resources").
        let mut found = self.tags.iter().filter(|(key, _)| key.eq_ignore_ascii_case(tag));
        match found.next() {
            Some((_, Fact::Known { value, .. })) => Some(Some(value.to_string())),
            Some((_, Fact::Unknown { .. })) => None,
            None => self.tags.is_complete().then_some(None),
        }
    }

    /// What `aws:userid` of every session of a role begins with: after the colon comes the name of
    /// the session, which its caller chooses.
    fn session_id(&self) -> Option<String> {
        let is_known = self.kind == Kind::Role && !self.id.is_provisional();
        is_known.then(|| format!("{}:", self.id))
    }

    pub(super) fn context(&self) -> Context {
        const KEYS: [&str; 6] = [
            "aws:username",
            "aws:userid",
            "aws:principalarn",
            "aws:principalaccount",
            "aws:principaltype",
            "aws:principalisawsservice",
        ];
        let mut context = Context::incomplete();
        for key in KEYS {
            context = self.tell(key, context);
        }
        if let Some(start) = self.session_id() {
            context = context.with_start("aws:userid", &start);
        }
        if self.may_pass_tags || self.kind == Kind::Group {
            return context;
        }
        for (tag, value) in self.tags.iter() {
            if let Some(value) = value.value() {
                context = context.with(&format!("aws:PrincipalTag/{tag}"), value);
            }
        }
        context
    }
}

/// Whether the trust policy lets a session bring tags of its own.
///
/// Source: IAM User Guide, "Pass session tags in AWS STS": the trust policy must allow
/// `sts:TagSession`, and a session's tag takes the place of the role's.
fn may_pass_tags(role: &Identity) -> bool {
    let Some(text) = role.trust.value() else { return true };
    let Ok(document) = text.document() else { return true };
    document.statements.iter().any(|statement| {
        statement.not_actions.is_some()
            || statement.actions.iter().any(|action| {
                let action = action.to_ascii_lowercase();
                action.contains('*') || action.contains('?') || action == "sts:tagsession"
            })
    }) || !document.is_complete()
}
