//! The answer to a question: allowed, denied, or not known.

use trailwarden_account::PolicyText;
use trailwarden_account::fact::{Fact, Proof};
use trailwarden_account::query::Unknown;
use trailwarden_policy::PolicyKind;
use trailwarden_policy::evaluate::{Compiled, Decision, Layer, Outcome, Request};
use trailwarden_policy::facts;
use trailwarden_policy::reach::Precision;

use super::evidence::Evidence;
use super::extent::{Cap, Extent, Reached};
use super::question::{Decided, Question, Side, guards, is_on_trust, leaving_it_to};
use super::roles::Roles;
use crate::cli::state::{Deed, Target};

/// The answer in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Allowed,
    Denied,
    Unknown,
}

/// What a person says of the policy of the resource.
pub(crate) enum Given {
    /// It has none.
    None,
    /// This one.
    Policy { name: String, policy: Compiled, text: String },
}

/// An answer with its reasons.
pub(crate) struct Answer {
    pub(crate) verdict: Verdict,
    pub(crate) by: By,
    pub(crate) side: Side,
    pub(crate) evidence: Evidence,
    /// The roles of the models that may be entered, where all were asked.
    pub(crate) roles: Option<Roles>,
    /// Whether resource control policies may deny it on some of what was asked about.
    pub(crate) is_guarded: bool,
    /// What of them has not been seen.
    pub(crate) guards: Vec<Unknown>,
}

/// How it was come by.
pub(crate) enum By {
    /// By deciding one request.
    Request {
        decided: Box<Decided>,
        /// What the policies that were seen say by themselves.
        seen: Box<Decision>,
        /// Whether the account of the resource was guessed to be the caller's.
        is_owner_assumed: bool,
    },
    /// By all that the principal may do.
    Reach(Reached),
}

impl Verdict {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::Unknown => "unknown",
        }
    }
}

impl Answer {
    /// Answers.
    pub(crate) fn of(
        question: &Question<'_>,
        deed: &Deed,
        owner: Option<&str>,
        given: Option<Given>,
    ) -> Self {
        let mut evidence = Evidence::of(question.model, &question.standing);
        let side = match given {
            None => question.side(deed, owner),
            Some(Given::None) => Side::Silent,
            Some(Given::Policy { name, policy, text }) => {
                let proof = Proof::Published { date: facts::managed_date() };
                let text = Some(Fact::known(PolicyText::new(&text), &proof));
                Side::Says { name, policy, text }
            }
        };
        if let Side::Says { name, text: Some(text), .. } = &side {
            evidence.add_resource(name, text);
        }
        let rcps = question.rcps_of(deed, owner);
        let is_guarded = guards(deed.service()) && !rcps.is_none();
        let guards = if is_guarded { rcps.unknowns() } else { Vec::new() };
        evidence.add_rcps(&rcps);
        let (verdict, by) = match deed.target {
            Target::One(_) | Target::NoResource => {
                Self::of_request(question, deed, owner, &side, &evidence)
            }
            Target::Any | Target::Pattern(_) => {
                let (verdict, by) = Self::of_reach(question, deed, owner, &side);
                // They may spare some of it: one resource decides.
                let may_deny = is_guarded && verdict == Verdict::Allowed;
                (if may_deny { Verdict::Unknown } else { verdict }, by)
            }
        };
        Self { verdict, by, side, evidence, roles: None, is_guarded, guards }
    }

    /// Asks every role of the models, where none was named: each has a trust policy of its own.
    pub(crate) fn ask_roles(&mut self, question: &Question<'_>, deed: &Deed) {
        let By::Reach(reached) = &mut self.by else { return };
        if deed.action != "sts:AssumeRole" {
            return;
        }
        let roles = Roles::of(question, &deed.target);
        if !roles.may.is_empty() {
            (self.verdict, reached.extent) = (Verdict::Allowed, Extent::Some);
        }
        self.roles = Some(roles);
    }

    fn of_request(
        question: &Question<'_>,
        deed: &Deed,
        owner: Option<&str>,
        side: &Side,
        evidence: &Evidence,
    ) -> (Verdict, By) {
        let context = question.keys(deed, owner);
        let Some(request) = question.request(deed, owner, &context) else {
            // Every ARN of a model is one of a caller.
            return Self::of_reach(question, deed, owner, side);
        };
        let decided = question.decide(request, side);
        let seen = seen(question, deed, request, side, evidence);
        let verdict = match decided.decision.outcome {
            Outcome::Allow => Verdict::Allowed,
            _ if decided.may_be_allowed_there => Verdict::Unknown,
            Outcome::ExplicitDeny | Outcome::ImplicitDeny => Verdict::Denied,
            Outcome::Unknown if decided.decision.allowed.is_false() => Verdict::Denied,
            Outcome::Unknown => Verdict::Unknown,
        };
        let is_nameless =
            deed.resource().starts_with("arn:") && deed.resource().split(':').nth(4) == Some("");
        let is_owner_assumed = is_nameless && owner.is_none();
        let (decided, seen) = (Box::new(decided), Box::new(seen));
        (verdict, By::Request { decided, seen, is_owner_assumed })
    }

    fn of_reach(
        question: &Question<'_>,
        deed: &Deed,
        owner: Option<&str>,
        side: &Side,
    ) -> (Verdict, By) {
        let reached = Reached::of(&question.standing, deed, &question.keys(deed, owner));
        let is_sure = reached.precision == Precision::Exact;
        let verdict = match (reached.extent, side) {
            (_, Side::Unseen(..)) => Verdict::Unknown,
            // No policy of a resource lifts what the organization keeps back.
            (Extent::None, Side::MayAllow)
                if !matches!(reached.capped_by, Some(Cap::Scp { .. })) =>
            {
                Verdict::Unknown
            }
            (Extent::None, _) if reached.precision == Precision::Unknown => Verdict::Unknown,
            (Extent::None, _) => Verdict::Denied,
            _ if !is_sure || reached.is_conditional || !reached.lacking.is_empty() => {
                Verdict::Unknown
            }
            _ => Verdict::Allowed,
        };
        (verdict, By::Reach(reached))
    }

    /// What has not been seen of whoever asks, and of the caps on the resource.
    pub(crate) fn unknowns(&self, question: &Question<'_>) -> Vec<Unknown> {
        let own = question.standing.unknowns();
        own.into_iter().chain(self.guards.iter().cloned()).collect()
    }

    /// The keys that it depends on, as AWS spells them.
    pub(crate) fn keys(&self) -> Vec<String> {
        let keys = match &self.by {
            By::Request { decided, seen, .. } => {
                let mut keys = decided.decision.missing_context.clone();
                keys.extend(seen.missing_context.iter().cloned());
                keys
            }
            By::Reach(reached) => reached.keys.clone(),
        };
        let spelled = keys.into_iter().map(|key| match facts::facts().condition_key(&key) {
            Some(known) if known.name.eq_ignore_ascii_case(&key) => known.name.to_owned(),
            _ => key,
        });
        let mut keys: Vec<String> = spelled.collect();
        keys.sort();
        keys.dedup();
        keys
    }
}

/// What the policies that were seen say by themselves. Where the other side was not, as if it left
/// everything to the identity policies.
fn seen(
    question: &Question<'_>,
    deed: &Deed,
    request: Request<'_>,
    side: &Side,
    evidence: &Evidence,
) -> Decision {
    let standing = &question.standing;
    match side {
        Side::Says { policy, .. } => evidence.evaluate(request, standing, Some(policy)),
        Side::Silent | Side::MayAllow => evidence.evaluate(request, standing, None),
        Side::Unseen(..) => {
            let kind = match is_on_trust(&deed.action) {
                true => PolicyKind::Trust,
                false => PolicyKind::Resource,
            };
            let open = leaving_it_to(question.model.account(), kind);
            let mut seen = evidence.evaluate(request, standing, Some(&open));
            seen.statements.retain(|one| one.layer != Layer::Resource);
            seen.overruled.retain(|one| one.layer != Layer::Resource);
            seen
        }
    }
}
