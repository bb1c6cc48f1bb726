//! Which facts of one change are not known, as opposed to facts that it cannot have.
//!
//! An absent attribute means one of two things. A user's own key has no session issuer, and no service made
//! the call where none is written: that is known. The tags of a role that was there before the logs
//! begin are not. Only the second counts here, since a policy may come out otherwise with them.
//!
//! Where it cannot be told which of the two it is, the fact counts as not known.

pub(crate) mod read;
pub(crate) mod widen;

use cedar_policy::Effect;
use trailwarden_model::Outcome;

use crate::asked::{Actor, Asked, Behind, EffectFacts};
use crate::request::Party;
use crate::schema;

/// A set of facts, a bit for each of [`FACTS`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Facts(u64);

/// Every fact that may be unknown, as a policy writes it: `principal` alone is who it is.
pub(crate) const FACTS: [&str; 42] = [
    "principal",
    "principal is",
    "principal.kind",
    "principal.arn",
    "principal.name",
    "principal.path",
    "principal.account",
    "principal.id",
    "principal.owner",
    "principal.protected",
    "principal.tags",
    "resource",
    "resource is",
    "resource.kind",
    "resource.arn",
    "resource.name",
    "resource.path",
    "resource.account",
    "resource.id",
    "resource.owner",
    "resource.protected",
    "resource.tags",
    SAME,
    "context.account",
    "context.region",
    "context.source",
    "context.source_ip",
    "context.request_tags",
    "context.mfa",
    "context.session",
    "context.session_name",
    "context.issuer",
    "context.behind",
    "context.behind.kind",
    "context.behind.arn",
    "context.behind.name",
    "context.behind.account",
    "context.behind.provider",
    "context.behind.subject",
    "context.behind.teams",
    "context.effect",
    "context.effect.within_boundary",
];

/// What is not known, as policies of either effect are to take it.
#[derive(Clone, Copy)]
pub(crate) struct Unknown {
    /// What is not there.
    absent: Facts,
    /// What is there, but is true of somebody in between: enough to permit, and not to rule a forbid out.
    halfway: Facts,
}

impl Unknown {
    pub(crate) fn to(self, effect: Effect) -> Facts {
        match effect {
            Effect::Permit => self.absent,
            Effect::Forbid => self.absent.or(self.halfway),
        }
    }

    /// What is not known of a change whose parties cannot even be told.
    pub(crate) const ALL: Self = Self { absent: Facts::ALL, halfway: Facts::ALL };
}

/// Whether both are one.
pub(crate) const SAME: &str = "principal == resource";

impl Facts {
    /// Every one.
    pub(crate) const ALL: Self = Self(u64::MAX);

    pub(crate) fn insert(&mut self, fact: &str) {
        self.insert_all(|one| one == fact);
    }

    pub(crate) fn insert_all(&mut self, is_it: impl Fn(&str) -> bool) {
        for (at, fact) in FACTS.iter().enumerate() {
            if is_it(fact) {
                self.0 |= 1 << at;
            }
        }
    }

    fn without(self, fact: &str) -> Self {
        let mut one = Self::default();
        one.insert(fact);
        Self(self.0 & !one.0)
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(crate) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// As policies write them.
    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
        let all = FACTS.iter().enumerate();
        all.filter(move |(at, _)| self.0 & 1 << at != 0).map(|(_, fact)| *fact)
    }
}

/// What is not known of a change between these two.
pub(crate) fn unknown(asked: &Asked, principal: &Party<'_>, resource: &Party<'_>) -> Unknown {
    let mut facts = Facts::default();
    // A caller of a kind that is not known may be anybody; what a call is made on has one type.
    let is_anybody = principal.type_name() == "Unidentified";
    of_party("principal", principal, &mut facts);
    of_party("resource", resource, &mut facts);
    if is_anybody {
        let all = ["principal", "principal is", "principal.kind"];
        all.into_iter().for_each(|fact| facts.insert(fact));
    }
    if asked.target.kind.is_none() {
        facts.insert("resource.kind");
    }
    if is_made(asked) {
        facts = facts.without("resource.tags");
    }
    let is_open = principal.is_unnamed() || is_anybody || resource.is_unnamed();
    if is_open && !principal.is_same(resource) {
        facts.insert(SAME);
    }
    of_call(asked, &mut facts);
    of_session(&asked.actor, &mut facts);
    of_effect(asked, &mut facts);
    Unknown { absent: facts, halfway: beyond_a_role(&asked.actor) }
}

/// A role is where the records end: somebody entered it, and a forbid may be about that somebody. Whoever is of no
/// known kind may be one.
fn beyond_a_role(actor: &Actor) -> Facts {
    let mut facts = Facts::default();
    if actor
        .behind
        .as_ref()
        .is_some_and(|behind| ["role", "unknown"].contains(&behind.kind.as_str()))
    {
        facts.insert_all(|fact| fact.starts_with("context.behind."));
    }
    facts
}

/// Calls that make what they are made on. Facts are those of before a call, so what it makes has no tags:
/// those that it is made with are the caller's own words, and stand in `context.request_tags`.
const MAKING: [&str; 9] = [
    "iam:CreateGroup",
    "iam:CreateInstanceProfile",
    "iam:CreateOpenIDConnectProvider",
    "iam:CreatePolicy",
    "iam:CreateRole",
    "iam:CreateSAMLProvider",
    "iam:CreateServiceLinkedRole",
    "iam:CreateUser",
    "iam:CreateVirtualMFADevice",
];

/// Whether the call made its target. One that failed may have met another of that name.
fn is_made(asked: &Asked) -> bool {
    asked.outcome == Outcome::Succeeded && MAKING.contains(&asked.action.as_str())
}

fn of_party(part: &str, party: &Party<'_>, facts: &mut Facts) {
    let type_name = party.type_name();
    let is = |types: &[&str]| types.contains(&type_name);
    let has_no_arn = is(&["Account", "Service"]) || party.kind() == "access_key";
    let is_of_aws = party.arn().is_some_and(|arn| arn.contains("::aws:"));
    let has_path = is(&[
        "User",
        "Role",
        "Group",
        "Policy",
        "InstanceProfile",
        "MfaDevice",
        "Credential",
        "Unidentified",
    ]);
    let has_tags = !is(&["Group", "Root", "Service", "FederatedUser", "Federated"])
        && party.kind() != "access_key"
        && !is_of_aws;
    let no_arn = party.arn().is_none() && !has_no_arn;
    let [name, path, account, id, tags] = party.known();
    let missing = [
        ("", party.is_unnamed()),
        (".arn", no_arn),
        // Both are looked up by the ARN.
        (".owner", no_arn),
        (".protected", no_arn),
        (".name", !name && !is(&["Root", "Account"])),
        (".path", !path && has_path),
        (".account", !account && !is(&["Service"]) && !is_of_aws),
        (".id", !id && !is(&["Service", "Account", "Root"])),
        (".tags", !tags && has_tags),
    ];
    for (attribute, _) in missing.into_iter().filter(|(_, is_missing)| *is_missing) {
        facts.insert(&format!("{part}{attribute}"));
    }
}

fn of_call(asked: &Asked, facts: &mut Facts) {
    let missing = [
        ("context.account", asked.account.is_none()),
        ("context.region", asked.region.is_none()),
        ("context.source", asked.source.is_none()),
        // A service's name is no address.
        ("context.source_ip", asked.source.is_none()),
        ("context.request_tags", asked.request_tags.is_none()),
    ];
    missing.iter().filter(|(_, is_missing)| *is_missing).for_each(|(fact, _)| facts.insert(fact));
}

fn of_session(actor: &Actor, facts: &mut Facts) {
    // Others come with a key of their own, or are what AWS itself says that they are.
    let has_session = !matches!(
        actor.kind.as_str(),
        "user" | "root" | "service" | "account" | "federated" | "identity_center_user"
    );
    let has_factor = !matches!(actor.kind.as_str(), "service" | "account");
    let missing = [
        ("context.mfa", actor.mfa.is_none() && has_factor),
        ("context.session", actor.session.is_none() && has_session),
        ("context.session_name", actor.session.is_none() && has_session),
        ("context.issuer", actor.issuer.is_none() && has_session),
        ("context.behind", actor.behind.is_none() && has_session),
    ];
    missing.iter().filter(|(_, is_missing)| *is_missing).for_each(|(fact, _)| facts.insert(fact));
    if let Some(behind) = &actor.behind {
        of_behind(behind, facts);
    }
}

fn of_behind(behind: &Behind, facts: &mut Facts) {
    let Behind { kind, arn, name, account, provider, subject } = behind;
    let is = |kinds: &[&str]| kinds.contains(&kind.as_str());
    let is_vouched = !is(&["user", "role", "root", "service", "account", "federated_user"])
        || provider.is_some();
    let no_arn = arn.is_none() && !is(&["federated", "service", "account", "identity_center_user"]);
    let missing = [
        ("context.behind.kind", is(&["unknown"])),
        ("context.behind.arn", no_arn),
        ("context.behind.teams", no_arn),
        ("context.behind.name", name.is_none() && !is(&["root", "account"])),
        ("context.behind.account", account.is_none() && !is(&["federated", "service"])),
        ("context.behind.provider", provider.is_none() && is_vouched),
        ("context.behind.subject", subject.is_none() && is_vouched),
    ];
    missing.iter().filter(|(_, is_missing)| *is_missing).for_each(|(fact, _)| facts.insert(fact));
}

fn of_effect(asked: &Asked, facts: &mut Facts) {
    match &asked.effect {
        EffectFacts::Known(effect) if effect.within_boundary.is_none() => {
            facts.insert("context.effect.within_boundary");
        }
        EffectFacts::Unknown { .. } if !schema::is_of_logs_alone(&asked.action) => {
            facts.insert("context.effect");
        }
        _ => {}
    }
}
