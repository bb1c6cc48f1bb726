//! What a denied request lacks, and the statements that come near to giving it.

use trailwarden_policy::document::Effect;
use trailwarden_policy::evaluate::{Deciding, Layer};

use super::super::fit;
use super::super::request::{Given, Simulated};
use super::{Line, kind_of, place, quote};

/// Statements of a layer that come near, as far as they are shown.
const NEAR_MAX: usize = 3;

/// A layer that lacks the Allow that it needs.
pub(super) fn lacking(simulated: &Simulated, layer: Layer) -> Line {
    let given = simulated.policies.iter().filter(|given| given.kind == kind_of(layer)).count();
    let text = match layer {
        Layer::Identity if given == 0 => {
            "no identity policy is given, so none allows it (--identity-policy)".to_owned()
        }
        Layer::Identity => "no statement of the identity policies allows it".to_owned(),
        Layer::Resource if given == 0 => {
            "no resource policy is given, and this request needs one that allows it \
             (--resource-policy)"
                .to_owned()
        }
        Layer::Resource => {
            "no statement of the resource policy allows it to this principal".to_owned()
        }
        Layer::Boundary => "the permissions boundary does not reach so far".to_owned(),
        Layer::Session if given == 0 => {
            "a federated user without a session policy has no permissions (--session-policy)"
                .to_owned()
        }
        Layer::Session => "the session policy does not reach so far".to_owned(),
        Layer::Scp => {
            let level = simulated
                .decision
                .scp_level
                .map_or_else(|| "one level".to_owned(), |level| format!("level {}", level + 1));
            format!(
                "no SCP of {level} allows it (the root is 1); every level needs one that does, \
                 most often p-FullAWSAccess"
            )
        }
        Layer::Rcp => "no RCP allows it".to_owned(),
        Layer::Endpoint => "the endpoint policy does not let it through".to_owned(),
        Layer::Aws => "AWS itself refuses this, whatever policies say".to_owned(),
    };
    Line { label: "missing", text, quote: None }
}

/// Statements of a layer that are about the action, and why they do not count.
pub(super) fn near(simulated: &Simulated, layer: Layer) -> Vec<Line> {
    let given = simulated.policies.iter().filter(|given| {
        // Other levels of SCPs allow it; they are not what is missing.
        let of_level = simulated.decision.scp_level.map(|level| format!("scp[{level}]"));
        let is_of_level = of_level.is_none_or(|level| given.key.starts_with(&level));
        given.kind == kind_of(layer) && (layer != Layer::Scp || is_of_level)
    });
    given.flat_map(|given| near_in(simulated, given)).take(NEAR_MAX).collect()
}

/// Lazily: few are shown, and to say why one does not fit takes a while.
fn near_in<'s>(simulated: &'s Simulated, given: &'s Given) -> impl Iterator<Item = Line> + 's {
    let case = &simulated.case;
    let statements = given.policy.document.statements.iter().enumerate();
    let about = statements.filter(move |(at, statement)| {
        let is_said = |said: &Deciding| said.policy == given.key && said.statement == *at;
        statement.effect == Effect::Allow
            && statement.covers_action(&case.action)
            && !simulated.decision.overruled.iter().any(is_said)
    });
    about.filter_map(move |(at, statement)| {
        let why = fit::why_not(case, given, statement)?;
        let text = format!("{}, about this action, but {why}", place(&given.policy, at));
        Some(Line { label: "does not fit", text, quote: quote(&given.policy, at) })
    })
}
