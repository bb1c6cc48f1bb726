//! An answer for programs: `trailwarden.can/1`.

use schemars::JsonSchema;
use serde::Serialize;
use trailwarden_policy::document::Effect;
use trailwarden_policy::evaluate::{Decision, Outcome};
use trailwarden_policy::reach::list;

use super::answer::{Answer, By, Verdict};
use super::evidence::Source;
use super::lines::{self, Lines};
use super::question::{Question, Side};
use crate::cli::state::{Deed, State, WireProof, WireSources};
use crate::formats::answer_schema;

/// The name of the schema.
const SCHEMA: &str = "trailwarden.can/1";

/// The answer of `can --json`.
#[derive(Serialize, JsonSchema, Debug)]
#[schemars(title = "Can", inline)]
pub(crate) struct Wire {
    /// Always `trailwarden.can/1`.
    schema: &'static str,
    /// `allowed`, `denied` or `unknown`.
    answer: &'static str,
    /// Where no single resource was named: `all`, `some` or `none` of those asked about.
    extent: Option<&'static str>,
    /// Of one request: `allow`, `explicit_deny`, `implicit_deny` or `unknown`.
    decision: Option<&'static str>,
    /// The same by what was seen, as if nothing else stood against it.
    decision_by_what_was_seen: Option<&'static str>,
    principal: WirePrincipal,
    action: String,
    /// As asked; null when none was named.
    resource: Option<String>,
    /// The statements that decide, those that would without others, and those that may.
    statements: Vec<WireStatement>,
    /// The layers that say no, or lack the yes that is needed.
    blocked_by: Vec<&'static str>,
    /// Condition keys that would decide.
    depends_on: Vec<String>,
    /// What has not been seen and may change the answer.
    unknowns: Vec<WireUnknown>,
    /// What is taken for granted.
    assumptions: Vec<String>,
    /// Where no single resource was named: what is allowed, in full.
    allowed: Vec<String>,
    /// Of `sts:AssumeRole` without a role: the roles that let it in, and those that perhaps do.
    roles: Option<WireRoles>,
    /// The same answer in words.
    explanation: Vec<String>,
    sources: WireSources,
}

/// Roles by ARN.
#[derive(Serialize, JsonSchema, Debug)]
struct WireRoles {
    may: Vec<String>,
    perhaps: Vec<String>,
}

/// A principal of a model.
#[derive(Serialize, JsonSchema, Debug)]
pub(crate) struct WirePrincipal {
    account: String,
    /// `user`, `role` or `root`.
    kind: &'static str,
    /// The unique id; null while no record or baseline has told it.
    id: Option<String>,
    name: String,
    /// Null while its path is not known.
    arn: Option<String>,
}

#[derive(Serialize, JsonSchema, Debug)]
struct WireStatement {
    /// `identity`, `boundary`, `session`, `scp`, `rcp` or `resource`.
    layer: &'static str,
    /// The name of an inline policy, the ARN of a managed one.
    policy: String,
    /// Who or what has the policy, such as `group/devs`.
    holder: String,
    is_inline: bool,
    /// Position in the policy, from 0.
    statement: usize,
    sid: Option<String>,
    /// `Allow` or `Deny`.
    effect: &'static str,
    /// It would allow, but not in spite of what blocks.
    overruled: bool,
    proofs: Vec<WireProof>,
}

/// Something that has not been seen.
#[derive(Serialize, JsonSchema, Debug)]
pub(crate) struct WireUnknown {
    pub(crate) what: String,
    pub(crate) why: &'static str,
}

impl WirePrincipal {
    /// Of a standing.
    pub(crate) fn of(principal: &trailwarden_account::access::Principal) -> Self {
        let id = &principal.id;
        Self {
            account: principal.account.to_string(),
            kind: principal.kind.as_str(),
            id: (!id.is_provisional()).then(|| id.to_string()),
            name: principal.name.to_string(),
            arn: principal.arn.clone(),
        }
    }
}

impl Wire {
    /// The schema of the answer.
    pub(crate) fn schema() -> serde_json::Value {
        answer_schema::<Self>(SCHEMA)
    }

    /// Of an answer.
    pub(super) fn of(
        question: &Question<'_>,
        deed: &Deed,
        answer: &Answer,
        lines: &Lines,
        state: &State,
        sources: WireSources,
    ) -> Self {
        let is_unknown = answer.verdict == Verdict::Unknown;
        let (extent, decision, seen, allowed) = match &answer.by {
            By::Request { decided, seen, .. } => {
                (None, Some(&decided.decision), Some(&**seen), Vec::new())
            }
            By::Reach(reached) => (Some(reached.extent), None, None, list(&reached.grants)),
        };
        let mut unknowns = Vec::new();
        if is_unknown {
            if let Side::Unseen(what, why) = &answer.side {
                unknowns.push(WireUnknown { what: what.clone(), why: why.as_str() });
            }
            if matches!(answer.side, Side::MayAllow) {
                let what = "policy of the resource".to_owned();
                unknowns.push(WireUnknown { what, why: "logs do not show it" });
            }
            let own = answer.unknowns(question).into_iter();
            unknowns.extend(own.map(|one| WireUnknown { what: one.what, why: one.why.as_str() }));
        }
        let said = std::iter::once(lines.headline.clone());
        let rest = lines.lines.iter().map(|line| format!("{} {}", line.label.trim(), line.text));
        Self {
            schema: SCHEMA,
            answer: answer.verdict.name(),
            extent: extent.map(|extent| extent.name()),
            decision: decision.map(|decision| decision.outcome.name()),
            decision_by_what_was_seen: seen.map(|seen| seen.outcome.name()),
            principal: WirePrincipal::of(&question.standing.principal),
            action: deed.action.clone(),
            resource: Some(deed.resource().to_owned()).filter(|resource| resource != "*"),
            statements: match seen {
                Some(seen) => of_decision(answer, seen, state),
                None => of_reach(answer, deed, state),
            },
            blocked_by: decision
                .map(|decision| decision.blocked_by.iter().map(|layer| layer.name()).collect())
                .unwrap_or_default(),
            depends_on: if is_unknown { answer.keys() } else { Vec::new() },
            unknowns,
            assumptions: match answer.verdict {
                Verdict::Denied => Vec::new(),
                _ => lines::assumptions(question, answer),
            },
            allowed,
            roles: answer
                .roles
                .as_ref()
                .map(|roles| WireRoles { may: roles.may.clone(), perhaps: roles.perhaps.clone() }),
            explanation: said.chain(rest).collect(),
            sources,
        }
    }
}

fn of_decision(answer: &Answer, seen: &Decision, state: &State) -> Vec<WireStatement> {
    let deciding = seen.statements.iter().map(|one| (one, false));
    let overruled = seen.overruled.iter().map(|one| (one, seen.outcome != Outcome::Allow));
    let all = deciding.chain(overruled).filter_map(|(one, is_overruled)| {
        let source = answer.evidence.source(one)?;
        Some(statement(source, one.statement, one.effect, is_overruled, state))
    });
    all.collect()
}

fn of_reach(answer: &Answer, deed: &Deed, state: &State) -> Vec<WireStatement> {
    let about = |effect| {
        let about = answer.evidence.about(&deed.action, effect);
        about.map(move |(source, at)| statement(source, at, effect, false, state))
    };
    about(Effect::Allow).chain(about(Effect::Deny)).collect()
}

fn statement(
    source: &Source,
    at: usize,
    effect: Effect,
    overruled: bool,
    state: &State,
) -> WireStatement {
    let proofs = source.proofs.iter().map(|(of, proof)| WireProof::of(of, proof, state));
    WireStatement {
        layer: source.layer.name(),
        policy: source.policy.clone(),
        holder: source.holder.clone(),
        is_inline: source.is_inline,
        statement: at,
        sid: source.statement(at).and_then(|statement| statement.sid.clone()),
        effect: match effect {
            Effect::Allow => "Allow",
            Effect::Deny => "Deny",
        },
        overruled,
        proofs: proofs.collect(),
    }
}
