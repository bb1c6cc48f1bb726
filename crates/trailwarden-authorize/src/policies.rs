//! Policies that have been loaded, and the answers they give.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::OnceLock;

use cedar_policy::{
    ActionConstraint, Authorizer, Effect, EntityUid, Policy, PolicyId, PolicySet, Response,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use trailwarden_model::finding::Verdict;

use crate::asked::Asked;
use crate::bounds::Bound;
use crate::decision::{Decision, Doubt, Failure, Near};
use crate::directory::Directory;
use crate::doubt::Doubting;
use crate::error::LoadError;
use crate::request::{self, Question, Wanted};
use crate::unknown::{Facts, Unknown};
use crate::{load, near, schema};

/// One file of a folder of change policies.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct File {
    /// Its name: `*.cedar`, `entities.toml` or `entities.json`.
    pub name: String,
    /// What it holds.
    pub text: String,
}

/// What a policy does when it matches.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PolicyEffect {
    /// It permits the change.
    Permit,
    /// It forbids the change, whatever others permit.
    Forbid,
}

impl PolicyEffect {
    /// The word that Cedar uses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Permit => "permit",
            Self::Forbid => "forbid",
        }
    }
}

impl From<Effect> for PolicyEffect {
    fn from(effect: Effect) -> Self {
        match effect {
            Effect::Permit => Self::Permit,
            Effect::Forbid => Self::Forbid,
        }
    }
}

/// A loaded policy, to be listed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
pub struct PolicyInfo {
    /// Its `@id`, else file and line.
    pub id: String,
    /// What it does when it matches.
    pub effect: PolicyEffect,
    /// Its annotations.
    pub annotations: BTreeMap<String, String>,
    /// The file it stands in.
    pub file: String,
    /// The line where it begins.
    pub line: usize,
    /// How it bounds what a change may do; of a forbid, that it need not.
    pub bound: Bound,
}

/// A policy and what is said of it.
pub(crate) struct Stored {
    pub(crate) policy: Policy,
    pub(crate) info: PolicyInfo,
    /// The facts that it reads, among those that may be unknown.
    pub(crate) reads: Facts,
}

impl Stored {
    /// The facts that it reads and that are not known to it.
    pub(crate) fn misses(&self, unknown: Unknown) -> Facts {
        self.reads.and(unknown.to(self.policy.effect()))
    }
}

/// Change policies, validated and immutable.
pub struct Policies {
    policies: Vec<Stored>,
    directory: Directory,
    /// The facts that some policy asks for.
    wanted: Wanted,
    authorizer: Authorizer,
    /// For each call the policies whose scope can fit it, made when first asked for.
    by_call: HashMap<String, OnceLock<PolicySet>>,
    /// Those that fit a call that the schema does not list.
    by_other: OnceLock<PolicySet>,
    doubting: Doubting,
}

impl fmt::Debug for Policies {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_list().entries(self.policies.iter().map(|stored| &stored.info.id)).finish()
    }
}

impl Policies {
    /// Reads and validates all files of a folder. Either all is well, or every fault is told.
    pub fn load(files: &[File]) -> Result<Self, Vec<LoadError>> {
        let (policies, directory) = load::load(files)?;
        let calls = schema::catalogue().map(|catalogue| &catalogue.calls);
        let names = calls.into_iter().flat_map(HashMap::keys);
        let wanted = Wanted::of(policies.iter().map(|stored| stored.policy.to_string()));
        Ok(Self {
            policies,
            wanted,
            directory,
            authorizer: Authorizer::new(),
            by_call: names.map(|name| (name.clone(), OnceLock::new())).collect(),
            by_other: OnceLock::new(),
            doubting: Doubting::default(),
        })
    }

    /// Whether there is no policy at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.policies.is_empty()
    }

    /// Every policy, in the order of files and lines.
    #[must_use]
    pub fn listed(&self) -> Vec<PolicyInfo> {
        self.policies.iter().map(|stored| stored.info.clone()).collect()
    }

    /// The shipped schema.
    #[must_use]
    pub fn schema() -> &'static str {
        schema::TEXT
    }

    /// Whether the change was allowed to happen.
    #[must_use]
    pub fn decide(&self, asked: &Asked) -> Decision {
        self.answer(asked, false)
    }

    /// The same, and which policies nearly spoke.
    #[must_use]
    pub fn explain(&self, asked: &Asked) -> Decision {
        self.answer(asked, true)
    }

    fn answer(&self, asked: &Asked, with_near: bool) -> Decision {
        let policies = self.fitting(&asked.action);
        if policies.is_empty() {
            // Most calls are nobody's, and asking costs more than finding that out.
            return undecided(Vec::new());
        }
        let question = match request::question(asked, &self.directory, &self.wanted) {
            Ok(question) => question,
            Err(message) => return undecided(vec![Failure { policy: String::new(), message }]),
        };
        let response =
            self.authorizer.is_authorized(&question.request, policies, &question.entities);
        let mut decision = decision_of(&response, policies);
        if !question.is_listed && decision.verdict == Verdict::Permitted {
            // It could belong to a group that a forbid names.
            let message = format!("`{}` is a call that the schema does not list", asked.action);
            decision = undecided(vec![Failure { policy: String::new(), message }]);
        }
        if decision.verdict == Verdict::Permitted || with_near {
            self.doubt(asked, &question, policies, &mut decision);
        }
        if with_near {
            decision.near = self.near(&question, policies, &response);
            let is_doubted =
                |near: &Near| decision.doubts.iter().any(|of| of.policy == near.policy);
            decision.near.retain(|near| !is_doubted(near));
        }
        decision
    }

    /// Takes a permission back that hangs on what is not known.
    fn doubt(
        &self,
        asked: &Asked,
        question: &Question,
        fitting: &PolicySet,
        decision: &mut Decision,
    ) {
        if decision.verdict == Verdict::Forbidden {
            return;
        }
        let unknown = request::unknown(asked);
        let concerned = self.policies.iter().filter(|stored| {
            let is_concerned = !stored.misses(unknown).is_empty();
            is_concerned && fitting.policy(stored.policy.id()).is_some()
        });
        let concerned: Vec<&Stored> = concerned.collect();
        if concerned.is_empty() {
            return;
        }
        let doubts = self.doubting.doubts(&concerned, unknown, question, &self.authorizer);
        let of = |effect| doubts.iter().filter(move |doubt| doubt.effect == effect);
        let is_doubted = |id: &String| of(PolicyEffect::Permit).any(|doubt| doubt.policy == *id);
        let mut kept: Vec<Doubt> = of(PolicyEffect::Forbid).cloned().collect();
        let (doubted, certain): (Vec<String>, Vec<String>) =
            std::mem::take(&mut decision.by).into_iter().partition(is_doubted);
        decision.by = certain;
        if decision.by.is_empty() {
            kept.extend(
                of(PolicyEffect::Permit).filter(|doubt| doubted.contains(&doubt.policy)).cloned(),
            );
        }
        if !kept.is_empty() || decision.by.is_empty() {
            decision.verdict = Verdict::Unknown;
            decision.by.clear();
        }
        decision.doubts = kept;
    }

    fn fitting(&self, call: &str) -> &PolicySet {
        let slot = self.by_call.get(call);
        slot.unwrap_or(&self.by_other).get_or_init(|| {
            let groups = request::groups_of(call);
            let is_it = |uid: &EntityUid| uid.id().unescaped() == call;
            let fits = |policy: &Policy| match (policy.action_constraint(), slot) {
                (ActionConstraint::Any, _) => true,
                // Many calls share this set.
                (_, None) => true,
                (ActionConstraint::Eq(uid), _) => is_it(&uid),
                (ActionConstraint::In(uids), _) => {
                    uids.iter().any(|uid| is_it(uid) || groups.contains(uid))
                }
            };
            let mut set = PolicySet::new();
            for stored in self.policies.iter().filter(|stored| fits(&stored.policy)) {
                // Ids are unique, which is all that could be refused.
                let _ = set.add(stored.policy.clone());
            }
            set
        })
    }

    fn near(&self, question: &Question, fitting: &PolicySet, response: &Response) -> Vec<Near> {
        let spoke: Vec<&PolicyId> = response.diagnostics().reason().collect();
        let fits =
            self.policies.iter().filter(|stored| fitting.policy(stored.policy.id()).is_some());
        fits.filter(|stored| !spoke.contains(&stored.policy.id()))
            .filter_map(|stored| near::near(stored, question, &self.authorizer))
            .collect()
    }
}

fn undecided(errors: Vec<Failure>) -> Decision {
    let (by, doubts, near) = (Vec::new(), Vec::new(), Vec::new());
    Decision { verdict: Verdict::Unknown, by, errors, doubts, near }
}

fn decision_of(response: &Response, policies: &PolicySet) -> Decision {
    let mut errors: Vec<Failure> = response.diagnostics().errors().map(near::failure).collect();
    errors.sort_by(|left, right| left.policy.cmp(&right.policy));
    let is_forbid = |id: &&PolicyId| {
        policies.policy(id).is_some_and(|policy| policy.effect() == Effect::Forbid)
    };
    let reasons: Vec<&PolicyId> = response.diagnostics().reason().collect();
    let is_forbidden = reasons.iter().any(is_forbid);
    let verdict = match response.decision() {
        _ if is_forbidden => Verdict::Forbidden,
        _ if !errors.is_empty() => Verdict::Unknown,
        cedar_policy::Decision::Allow => Verdict::Permitted,
        cedar_policy::Decision::Deny => Verdict::Unknown,
    };
    let mut by: Vec<String> = match verdict {
        Verdict::Unknown => Vec::new(),
        Verdict::Permitted | Verdict::Forbidden => {
            reasons.iter().map(ToString::to_string).collect()
        }
    };
    by.sort();
    Decision { verdict, by, errors, doubts: Vec::new(), near: Vec::new() }
}
