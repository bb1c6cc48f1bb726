//! Changes of every kind, and one in which every part that a stranger controls is hostile.

use trailwarden_model::finding::{
    Authorized, Effect, Party, PathOpened, PrincipalEffect, Reach, finding_id,
};
use trailwarden_model::{Outcome, Severity, Summary};

use super::{Change, Changes, Counts, Moved, SCHEMA};
use crate::formats::testkit::{HOSTILE, tame_report};

fn user(name: &str) -> Party {
    Party {
        kind: Some("user".to_owned()),
        arn: Some(format!("arn:aws:iam::111122223333:user/{name}")),
        name: Some(name.to_owned()),
        account: Some("111122223333".to_owned()),
        address: Some("192.0.2.18".to_owned()),
        ..Party::default()
    }
}

fn group(name: &str) -> Party {
    Party {
        kind: Some("group".to_owned()),
        name: Some(name.to_owned()),
        account: Some("111122223333".to_owned()),
        ..Party::default()
    }
}

pub(crate) fn principal(name: &str, grades: (&str, &str), gained: &[&str]) -> PrincipalEffect {
    PrincipalEffect {
        arn: format!("arn:aws:iam::111122223333:user/{name}"),
        grade_before: grades.0.to_owned(),
        grade_after: grades.1.to_owned(),
        gained: gained.iter().map(|text| (*text).to_owned()).collect(),
        lost: Vec::new(),
        capped_by: Vec::new(),
    }
}

pub(crate) fn effect(principals: Vec<PrincipalEffect>) -> Effect {
    let reach = Reach { principals: principals.len() as u64, accounts: 1 };
    Effect { principals, paths_opened: Vec::new(), reach, unknowns: Vec::new() }
}

/// A change that moves nothing.
pub(crate) fn quiet(number: u64, time: &str) -> Change {
    Change {
        event_id: format!("7c1d{number:04}-c98a-4c65-9b6e-e22506292313"),
        time: time.parse().unwrap(),
        account: Some("111122223333".to_owned()),
        actor: user("nina"),
        event: "iam:PutGroupPolicy".to_owned(),
        target: group("analysts"),
        outcome: Outcome::Succeeded,
        moved: Moved::Nothing,
        effect: None,
        severity: None,
        sentence: "nothing changes".to_owned(),
        authorized: Authorized::default(),
        findings: Vec::new(),
        file: Some("logs/april.json.gz".to_owned()),
        record: Some(number),
    }
}

/// The way from `deniz` to an administrator.
pub(crate) fn paths() -> Vec<PathOpened> {
    let way = |technique: &str, from: &str, to: &str| PathOpened {
        technique: technique.to_owned(),
        from: from.to_owned(),
        to: to.to_owned(),
        conditions: Vec::new(),
    };
    let role = "arn:aws:iam::111122223333:role/nightly-maintenance";
    vec![
        way("x-lambda-01", "arn:aws:iam::111122223333:user/deniz", role),
        way("x-lambda-01", "arn:aws:iam::111122223333:user/emre", role),
    ]
}

fn escalating() -> Change {
    let gained = ["pass any role to any service", "create any function"];
    let mut effect = effect(vec![
        principal("deniz", ("read", "privesc"), &gained),
        principal("emre", ("unknown", "privesc"), &gained),
    ]);
    effect.principals[1].lost = vec!["read objects in bucket `lake`".to_owned()];
    effect.paths_opened = paths();
    effect.unknowns = vec!["whether a service control policy denies it".to_owned()];
    Change {
        moved: Moved::Both,
        effect: Some(effect),
        severity: Some(Severity::High),
        sentence: "deniz and emre may now pass any role to any service and 1 more".to_owned(),
        findings: vec![finding_id("permissions-widened", "111122223333", "builders", "e2")],
        target: group("builders"),
        ..quiet(2, "2026-04-14T10:15:02Z")
    }
}

/// Every part that a stranger controls is hostile.
fn hostile() -> Change {
    let all = HOSTILE.join(" ");
    let mut effect = effect(vec![principal("x", ("read", "admin"), HOSTILE)]);
    effect.principals[0].arn.clone_from(&all);
    effect.principals[0].lost = HOSTILE.iter().map(|text| (*text).to_owned()).collect();
    effect.paths_opened = vec![PathOpened {
        technique: HOSTILE[0].to_owned(),
        from: format!("user/{all}"),
        to: format!("arn:aws:iam::1:role/{all}"),
        conditions: vec![all.clone()],
    }];
    effect.unknowns = HOSTILE.iter().map(|text| (*text).to_owned()).collect();
    Change {
        event_id: HOSTILE[7].to_owned(),
        account: Some(HOSTILE[13].to_owned()),
        actor: Party {
            name: Some(format!("{} {}", HOSTILE[2], "very-long-name-".repeat(40))),
            access_key: Some(HOSTILE[3].to_owned()),
            address: Some(HOSTILE[10].to_owned()),
            ..user("x")
        },
        event: format!("iam:{all}"),
        target: group(&all),
        moved: Moved::Both,
        effect: Some(effect),
        severity: Some(Severity::Critical),
        sentence: all.clone(),
        findings: vec![HOSTILE[1].to_owned()],
        file: Some(all),
        ..quiet(9, "2026-04-15T17:05:53Z")
    }
}

/// A quiet, a grave, a denied, a failed, a narrowing, a capped and an unknown one.
pub(crate) fn tame_changes() -> Vec<Change> {
    let mut narrowing = effect(vec![principal("chiara", ("data", "data"), &[])]);
    narrowing.principals[0].lost = vec!["read objects in bucket `lake`".to_owned()];
    let mut unsure = effect(Vec::new());
    unsure.unknowns = vec!["the policies of group auditors before the logs".to_owned()];
    let capped = effect(vec![principal("freya", ("data", "data"), &[])]);
    let with = |effect: Effect, moved: Moved, sentence: &str, change: Change| Change {
        moved,
        effect: Some(effect),
        severity: (moved == Moved::Latent).then_some(Severity::Medium),
        sentence: sentence.to_owned(),
        ..change
    };
    vec![
        quiet(1, "2026-04-14T09:02:11Z"),
        escalating(),
        with(
            narrowing,
            Moved::Lost,
            "narrower: chiara may no longer read objects in bucket `lake`",
            quiet(3, "2026-04-14T10:20:00Z"),
        ),
        with(
            capped,
            Moved::Latent,
            "nothing for freya: wholly capped by boundary ContractorBoundary",
            quiet(4, "2026-04-14T11:40:27Z"),
        ),
        with(
            unsure,
            Moved::Unknown,
            "unknown: the policies of group auditors before the logs",
            quiet(5, "2026-04-15T08:30:00Z"),
        ),
        Change {
            outcome: Outcome::Denied,
            sentence: "refused, so nothing changed".to_owned(),
            ..quiet(6, "2026-04-15T08:30:00Z")
        },
        Change {
            outcome: Outcome::Failed,
            event: "organizations:AttachPolicy".to_owned(),
            account: Some("444455556666".to_owned()),
            sentence: "failed, so nothing changed".to_owned(),
            file: None,
            record: None,
            ..quiet(7, "2026-04-15T08:41:19Z")
        },
    ]
}

/// A run around changes.
pub(crate) fn run_of(changes: Vec<Change>) -> Changes {
    Changes {
        schema: SCHEMA.to_owned(),
        counts: Counts::of(&changes),
        changes,
        notes: vec!["The list of changes is full; later ones are missing.".to_owned()],
        rejects: tame_report().rejects,
        summary: Summary { rejects: 2, ..tame_report().summary },
    }
}

/// All of them.
pub(crate) fn sample_changes() -> Vec<Change> {
    let mut changes = tame_changes();
    changes.push(hostile());
    changes
}
