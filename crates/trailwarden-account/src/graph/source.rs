//! A principal as somebody who acts: what he is allowed, asked one request at a time.

mod tags;

use std::sync::{Arc, LazyLock, OnceLock};

use trailwarden_model::{AccountId, Timestamp};
use trailwarden_policy::evaluate::{Caller, Compiled, Context, Decision, Owner, Request};
use trailwarden_policy::facts;
use trailwarden_policy::reach::{Grade, grade};

use super::answer::{self, Proof};
use super::carriers::Way;
use super::digest::{Digest, Mask};
use super::own::Thought;
use super::{Node, Step, build, providers};
use crate::access::{Standing, World};
use crate::identity::{Id, Kind};
use crate::listing::Listing;
use crate::text::PolicyText;

/// A user, role or root.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) node: Node,
    pub(super) account: AccountId,
    pub(super) id: Id,
    pub(super) arn: Arc<str>,
    /// Such as `role/app`.
    pub(super) label: String,
    pub(super) standing: Standing,
    /// Watched actions that some policy allows on something.
    pub(super) mask: Mask,
    digests: Vec<Arc<Digest>>,
    /// The policies that say something about techniques, or could not be read.
    telling: Vec<(String, Option<PolicyText>)>,
    context: Context,
    /// Whether some policy that counts for him asks what time it is.
    pub(super) reads_time: bool,
    /// Whether his sessions have MFA.
    pub(super) has_mfa: bool,
    admin: OnceLock<Option<Proof>>,
    pub(super) ways: OnceLock<Vec<Way>>,
    /// What he may do to himself, with what he would be then.
    pub(super) moves: OnceLock<Vec<Thought>>,
    /// Himself with an MFA device, if he may bind one.
    pub(super) with_device: OnceLock<Option<(Proof, Arc<Self>)>>,
}

/// What an action is done to.
#[derive(Clone, Copy)]
pub(super) struct On<'a> {
    pub(super) arn: &'a Arc<str>,
    /// Such as `role/app`.
    pub(super) what: &'a str,
    /// Another ARN that it may have as well.
    pub(super) other: Option<&'a Arc<str>>,
    /// Its tags, when it has some.
    pub(super) tags: Option<&'a Listing<Arc<str>, Arc<str>>>,
    /// Of a role, who may assume it.
    pub(super) trust: Option<&'a Compiled>,
    /// Whether the policies alone decide, whoever owns it.
    pub(super) is_ours: bool,
    /// The session that asks; none for any of the source's, or himself.
    pub(super) session: Option<&'a str>,
    /// When it is asked, where its own policy may depend on that: what is kept of a source is of an earlier
    /// time, at which his policies said the same.
    pub(super) now: Option<Timestamp>,
}

impl<'a> On<'a> {
    pub(super) fn thing(arn: &'a Arc<str>, what: &'a str) -> Self {
        Self {
            arn,
            what,
            other: None,
            tags: None,
            trust: None,
            is_ours: false,
            session: None,
            now: None,
        }
    }
}

/// Who may do all of these to everything may give anybody anything; with the kind of thing that
/// each is done to.
pub(super) const CONTROL: [(&str, &str); 8] = [
    ("iam:AttachGroupPolicy", "group"),
    ("iam:AttachRolePolicy", "role"),
    ("iam:AttachUserPolicy", "user"),
    ("iam:CreatePolicyVersion", "policy"),
    ("iam:PutGroupPolicy", "group"),
    ("iam:PutRolePolicy", "role"),
    ("iam:PutUserPolicy", "user"),
    ("iam:UpdateAssumeRolePolicy", "role"),
];

/// Actions that lead to a user or role by themselves.
static PAIRING: LazyLock<Mask> = LazyLock::new(|| build::DIRECT.or(*providers::TURNING));

impl Source {
    pub(super) fn of(world: World<'_>, account: AccountId, id: &Id) -> Option<Self> {
        let standing = world.standing(account, id)?;
        if standing.principal.kind == Kind::Group || standing.principal.is_service_linked {
            return None;
        }
        let held = standing.held.policies.iter().filter_map(|held| held.document.value());
        let digests: Vec<Arc<Digest>> = held.filter_map(PolicyText::digest).cloned().collect();
        let telling = standing.held.policies.iter().filter_map(|held| {
            let text = held.document.value();
            let tells = |digest: &Arc<Digest>| {
                !digest.is_whole || digest.has_deny || !digest.mask.is_empty()
            };
            let counts = text.and_then(PolicyText::digest).is_none_or(tells);
            counts.then(|| (held.source.name().to_owned(), text.cloned()))
        });
        let telling = telling.collect();
        let reads_time = standing.reads_time();
        let mask = digests.iter().map(|digest| digest.mask).fold(Mask::default(), Mask::or);
        Some(Self {
            node: Node::Identity(account, id.clone()),
            account,
            id: id.clone(),
            arn: standing.principal.likely_arn().into(),
            label: standing.principal.label.clone(),
            mask,
            digests,
            telling,
            context: standing.context().with("aws:SecureTransport", "true"),
            standing,
            reads_time,
            has_mfa: false,
            admin: OnceLock::new(),
            ways: OnceLock::new(),
            moves: OnceLock::new(),
            with_device: OnceLock::new(),
        })
    }

    /// The same with MFA in every session.
    pub(super) fn with_mfa(mut self) -> Self {
        self.context = self.context.with("aws:MultiFactorAuthPresent", "true");
        self.context = self.context.with("aws:MultiFactorAuthAge", "0");
        self.has_mfa = true;
        self
    }

    /// Whether he may lead anywhere without being named there.
    pub(super) fn is_active(&self) -> bool {
        self.mask.intersects(*PAIRING) || !self.carriers().is_empty()
    }

    /// Whether another of the same principal leads to the same: nothing differs but policies that
    /// say nothing about any technique.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.mask == other.mask
            && self.telling == other.telling
            && self.is_same_but_for_policies(other)
    }

    /// Whether nothing that decides differs but the texts of identity policies.
    pub(super) fn is_same_but_for_policies(&self, other: &Self) -> bool {
        let (one, two) = (&self.standing, &other.standing);
        self.arn == other.arn
            && self.label == other.label
            && self.context == other.context
            && one.held.is_complete() == two.held.is_complete()
            && one.boundary == two.boundary
            && one.scps.same(&two.scps)
            && (!self.reads_time || one.principal.now == two.principal.now)
    }

    /// The texts of policies that say something about techniques and that the other does not have
    /// under that name; none for one that could not be read.
    pub(super) fn told_unlike<'a>(
        &'a self,
        other: &'a Self,
    ) -> impl Iterator<Item = Option<&'a PolicyText>> {
        let unlike = self.telling.iter().filter(|policy| !other.telling.contains(policy));
        unlike.map(|(_, text)| text.as_ref())
    }

    pub(super) fn is_root(&self) -> bool {
        self.standing.principal.kind == Kind::Root
    }

    /// Whether an action on a resource may be allowed; `false` is certain.
    pub(super) fn may(&self, action: &str, resource: &str) -> bool {
        let action = Mask::of(&[action]);
        self.mask.covers(action)
            && self.digests.iter().any(|digest| digest.may_allow(action, resource))
    }

    /// Patterns of the resources that his policies name for some actions; none for all.
    pub(super) fn named(&self, actions: Mask) -> Option<Vec<&str>> {
        let mut all = Vec::new();
        for digest in &self.digests {
            all.extend(digest.named(actions)?);
        }
        Some(all)
    }

    /// Whether he has full control of the account.
    pub(super) fn admin(&self) -> Option<&Proof> {
        self.admin.get_or_init(|| self.find_admin()).as_ref()
    }

    /// He may do all of [`CONTROL`] to everything: the grade says that no resource is left out, and
    /// decisions about one of each kind say what it depends on.
    fn find_admin(&self) -> Option<Proof> {
        if self.is_root() {
            return Some(Proof::default());
        }
        if !self.mask.covers(Mask::of(&CONTROL.map(|(action, _)| action))) {
            return None;
        }
        let principal = &self.standing.principal;
        let mut whole = Step { action: "*", resource: "*".into(), allowed_by: Vec::new() };
        let mut doubts = Vec::new();
        for (action, kind) in CONTROL {
            let (partition, account) = (&principal.partition, principal.account);
            let arn: Arc<str> = format!("arn:{partition}:iam::{account}:{kind}/any-other").into();
            let proof = self.ask(action, On::thing(&arn, "any other"), &[])?;
            doubts.extend(proof.doubts);
            whole.allowed_by.extend(proof.steps.into_iter().flat_map(|step| step.allowed_by));
        }
        let reach = self.reach_of(&CONTROL.map(|(action, _)| action));
        if grade(reach.grants()).grade != Grade::Admin {
            if !reach.is_too_complex() {
                return None;
            }
            doubts.push(answer::too_complex(&self.label));
        }
        whole.allowed_by.sort();
        whole.allowed_by.dedup();
        Some(Proof { steps: vec![whole], doubts })
    }

    /// Whether he may do something; none when he may not, whatever is unknown.
    pub(super) fn ask(
        &self,
        action: &'static str,
        on: On<'_>,
        keys: &[(&str, Option<&str>)],
    ) -> Option<Proof> {
        if on.trust.is_none() && !self.may(action, on.arn) {
            return None;
        }
        let mut context = self.context.clone();
        for (key, value) in keys {
            context = match value {
                Some(value) => context.with(key, value),
                None => context.without(key),
            };
        }
        let decision = self.settled(action, on, context.clone())?;
        let proof = answer::of_decision(&decision, action, on.arn, &self.label, on.what)?;
        let Some(arn) = on.other else { return Some(proof) };
        let holds_there = self.settled(action, On { arn, ..on }, context);
        match holds_there.is_some_and(|decision| decision.allowed.is_true()) {
            true => Some(proof),
            false => Some(proof.provided(format!("the ARN of {} is {}", on.what, on.arn))),
        }
    }

    /// The decision, with the target's tags and owner once they count.
    fn settled(&self, action: &str, on: On<'_>, mut context: Context) -> Option<Decision> {
        let caller = Caller::parse(on.session.unwrap_or(&self.arn)).ok()?;
        let is_wildcard_only = facts::facts().action(action).is_some_and(|a| a.is_wildcard_only());
        loop {
            let mut request = Request::new(caller, action, on.arn, &context);
            request.is_wildcard_only = is_wildcard_only;
            if on.is_ours {
                request.owner = Owner::Caller;
            }
            let decision = self.standing.compiled().decide(request, on.trust);
            let missing: Vec<&String> =
                decision.missing_context.iter().filter(|key| context.is_unknown(key)).collect();
            let mut fuller = context.clone();
            for key in missing {
                fuller = self.tell(key, on, &request, fuller);
            }
            if fuller == context {
                // Unseen policies can only take away what seen ones allow.
                let is_seen = self.standing.compiled().is_whole()
                    || !self
                        .standing
                        .compiled()
                        .decide_as_seen(request, on.trust)
                        .allowed
                        .is_false();
                return is_seen.then_some(decision);
            }
            context = fuller;
        }
    }
}
