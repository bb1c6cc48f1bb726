//! What is known of a change, as a change policy asks for it.

use trailwarden_authorize::{Actor, Asked, Behind, EffectFacts, Grade, KnownEffect, Target};
use trailwarden_detect::changes::{self, Facts, Governed};
use trailwarden_policy::reach;

/// What to ask about a change.
#[must_use]
pub fn asked(governed: &Governed) -> Asked {
    let Governed { row, facts, behind, .. } = governed;
    Asked {
        event_id: facts.evidence.event_id.clone(),
        time: row.time,
        account: row.account.map(|account| account.to_string()),
        region: facts.region.clone(),
        actor: actor(facts, behind.as_ref()),
        action: row.event.clone(),
        target: target(facts),
        outcome: row.outcome,
        source: facts.source.clone(),
        via: facts.via.clone(),
        from_console: facts.is_from_console,
        request_tags: facts.request_tags.clone(),
        effect: match &facts.effect {
            Ok(effect) => EffectFacts::Known(known(effect)),
            Err(why) => EffectFacts::Unknown { why: why.clone() },
        },
    }
}

fn actor(facts: &Facts, behind: Option<&changes::Behind>) -> Actor {
    let changes::Somebody { party, path, tags } = facts.actor.clone();
    Actor {
        kind: party.kind.unwrap_or_else(|| "unknown".to_owned()),
        arn: party.arn,
        name: party.name,
        path,
        account: party.account,
        id: party.id,
        session: party.session,
        source_identity: facts.source_identity.clone(),
        issuer: facts.issuer.clone(),
        mfa: facts.mfa,
        tags,
        behind: behind.cloned().map(|behind| Behind {
            kind: behind.kind,
            arn: behind.arn,
            name: behind.name,
            account: behind.account,
            provider: behind.provider,
            subject: behind.subject,
        }),
    }
}

fn target(facts: &Facts) -> Target {
    let changes::Somebody { party, path, tags } = facts.target.clone();
    Target {
        kind: party.kind,
        arn: party.arn,
        name: party.name,
        path,
        account: party.account,
        id: party.id,
        tags,
    }
}

fn known(effect: &trailwarden_account::effect::Asked) -> KnownEffect {
    let (principals, accounts) = effect.reach;
    KnownEffect {
        moved: effect.is_moving,
        grade_before: grade(effect.grade_before),
        grade_after: grade(effect.grade_after),
        gained: effect.gained.clone(),
        gained_phrases: effect.gained_phrases.clone(),
        lost: effect.lost.clone(),
        paths_opened: effect.paths_opened.clone(),
        reach_principals: principals as u64,
        reach_accounts: accounts as u64,
        self_change: effect.is_self_serving,
        crosses_account: effect.crosses_account,
        public: effect.is_public,
        within_boundary: effect.is_within_boundary,
        severity: effect.severity,
    }
}

fn grade(grade: reach::Grade) -> Grade {
    match grade {
        reach::Grade::None => Grade::None,
        reach::Grade::Read => Grade::Read,
        reach::Grade::Data => Grade::Data,
        reach::Grade::Write => Grade::Write,
        reach::Grade::Privesc => Grade::Privesc,
        reach::Grade::Admin => Grade::Admin,
    }
}
