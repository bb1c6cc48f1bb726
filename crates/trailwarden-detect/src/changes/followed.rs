//! What change policies are asked about, once the records are at hand that tell who is behind a call.

use trailwarden_record::Event;
use trailwarden_record::caller::CallerKind;
use trailwarden_record::events::Call;

use super::{ByRecord, ChangeRow, Facts, Noted};
use crate::conclude::Sources;
use crate::engine::Engine;
use crate::lineage::HOPS_MAX;

/// A call that change policies are asked about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Governed {
    /// The row of the changes, or what would be one.
    pub row: ChangeRow,
    /// Whether it is one: it changes IAM, or what else the models hold.
    pub is_change: bool,
    /// What is known of it.
    pub facts: Facts,
    /// Who is found behind the direct caller by following temporary keys to the call that began the
    /// chain; none where nobody was found. Where it is a role, the records do not show who entered it.
    pub behind: Option<Behind>,
}

/// Somebody behind a direct caller.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Behind {
    /// `user`, `federated`, `service` and so on.
    pub kind: String,
    /// The ARN.
    pub arn: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// The account.
    pub account: Option<String>,
    /// The identity provider that vouched.
    pub provider: Option<String>,
    /// Whom it vouched for.
    pub subject: Option<String>,
}

impl Engine {
    /// Hands over all that change policies are asked about, in order; nothing unless asked for
    /// ([`Engine::with_governed`]).
    pub fn each_governed(&self, sources: &Sources<'_>, mut take: impl FnMut(Governed)) {
        for noted in self.changes.iter().flat_map(|changes| &changes.rows) {
            if let Some(facts) = &noted.facts {
                take(governed(noted, facts, sources));
            }
        }
    }
}

fn governed(noted: &Noted, facts: &Facts, sources: &Sources<'_>) -> Governed {
    let row = noted.told(&ByRecord::new(), sources);
    let mut facts = facts.clone();
    facts.evidence.file.clone_from(&row.file);
    let behind = behind(noted, sources);
    if let (Some(behind), Ok(effect)) = (&behind, &mut facts.effect) {
        let is_gainer = behind.arn.as_ref().is_some_and(|arn| effect.gainers.contains(arn));
        effect.is_self_serving |= is_gainer || effect.has_more_gainers;
    }
    Governed { row, is_change: noted.is_change, facts, behind }
}

/// Whoever made the first call of the chain that was seen. Should its record not be at hand, the last that
/// can be read would be somebody in between, so then nobody is named.
fn behind(noted: &Noted, sources: &Sources<'_>) -> Option<Behind> {
    let begun = noted.chain.last().filter(|_| noted.chain.len() < HOPS_MAX)?;
    let origin = sources.records.get(begun)?;
    (origin.caller.stable != noted.stable).then(|| Behind::of(origin))
}

impl Behind {
    fn of(origin: &Event) -> Self {
        let party = origin.caller.party(&origin.address);
        let told = Self {
            kind: party.kind.unwrap_or_else(|| CallerKind::Unknown.as_str().to_owned()),
            arn: party.arn,
            name: party.name,
            account: party.account,
            provider: None,
            subject: None,
        };
        match &origin.call {
            Call::StsAssumeRoleWithWebIdentity(call) => {
                Self { provider: call.provider.clone(), subject: call.subject.clone(), ..told }
            }
            Call::StsAssumeRoleWithSAML(call) => Self {
                provider: call.principal_arn.clone().or_else(|| call.issuer.clone()),
                subject: call.subject.clone(),
                ..told
            },
            _ => told,
        }
    }
}
