//! Change policies as their writers see them: loaded from text, asked about changes.

#[path = "policies/bounds.rs"]
mod bounds;
#[path = "policies/corpus.rs"]
mod corpus;
#[path = "policies/facts.rs"]
mod facts;
#[path = "policies/hostile.rs"]
mod hostile;
#[path = "policies/load.rs"]
mod load;
#[path = "policies/reference.rs"]
mod reference;
#[path = "policies/unknown.rs"]
mod unknown;
#[path = "policies/verdicts.rs"]
mod verdicts;

use trailwarden_authorize::{
    Actor, Asked, EffectFacts, File, Grade, KnownEffect, LoadError, Policies, Target,
};
use trailwarden_model::finding::Verdict;
use trailwarden_model::{Outcome, Severity, Timestamp};

/// Monday, 5 January 2026, 09:30 UTC.
const MONDAY: i64 = 1_767_605_400;
const DEPLOY: &str = "arn:aws:iam::111122223333:role/ci/deploy";
const APP: &str = "arn:aws:iam::111122223333:role/app/web";

/// The deploy role puts a policy on an application role, which may then write.
fn asked() -> Asked {
    let owned = |text: &str| Some(text.to_owned());
    Asked {
        event_id: "e1".to_owned(),
        time: Timestamp::from_seconds(MONDAY),
        account: owned("111122223333"),
        region: owned("us-east-1"),
        actor: Actor {
            kind: "role".to_owned(),
            arn: owned(DEPLOY),
            name: owned("deploy"),
            path: owned("/ci/"),
            account: owned("111122223333"),
            id: owned("AROAEXAMPLE"),
            session: owned("arn:aws:sts::111122223333:assumed-role/deploy/run-7"),
            ..Actor::default()
        },
        action: "iam:PutRolePolicy".to_owned(),
        target: Target {
            kind: owned("role"),
            arn: owned(APP),
            name: owned("web"),
            path: owned("/app/"),
            account: owned("111122223333"),
            id: None,
            tags: None,
        },
        outcome: Outcome::Succeeded,
        source: owned("192.0.2.7"),
        via: None,
        from_console: false,
        request_tags: Some([].into()),
        effect: EffectFacts::Known(effect()),
    }
}

fn effect() -> KnownEffect {
    KnownEffect {
        moved: true,
        grade_before: Grade::Read,
        grade_after: Grade::Write,
        gained: vec!["s3:PutObject".to_owned()],
        reach_principals: 1,
        reach_accounts: 1,
        within_boundary: Some(true),
        severity: Some(Severity::Low),
        ..KnownEffect::default()
    }
}

/// The same change with another effect.
fn with_effect(change: impl FnOnce(&mut KnownEffect)) -> Asked {
    let mut effect = effect();
    change(&mut effect);
    Asked { effect: EffectFacts::Known(effect), ..asked() }
}

fn unknown_effect() -> Asked {
    Asked { effect: EffectFacts::Unknown { why: vec!["no model".to_owned()] }, ..asked() }
}

const DIRECTORY: &str = r#"
[teams.platform]
members = ["arn:aws:iam::111122223333:role/ci/*"]
[teams.web]
members = ["arn:aws:iam::111122223333:user/alice"]
[owners."arn:aws:iam::111122223333:role/app/*"]
team = "platform"
[[protected]]
arn = "arn:aws:iam::*:role/break-glass"
"#;

fn files(cedar: &str) -> Vec<File> {
    [("entities.toml", DIRECTORY), ("a.cedar", cedar)]
        .map(|(name, text)| File { name: name.to_owned(), text: text.to_owned() })
        .into()
}

fn load(cedar: &str) -> Result<Policies, Vec<LoadError>> {
    Policies::load(&files(cedar))
}

/// The verdict of one text of policies; faults of load are told as text.
fn verdict(cedar: &str, asked: &Asked) -> Result<Verdict, String> {
    let policies = load(cedar).map_err(|faults| shown(&faults))?;
    let decision = policies.decide(asked);
    match decision.errors.first() {
        Some(error) => Err(format!("{}: {}", error.policy, error.message)),
        None => Ok(decision.verdict),
    }
}

/// A permit without bound that matches when the condition is true.
fn when(condition: &str) -> String {
    format!("@unbounded(\"test\") permit(principal, action, resource) when {{ {condition} }};")
}

/// Every fault in a line: place, message, help.
fn shown(faults: &[LoadError]) -> String {
    let line = |fault: &LoadError| {
        let help = fault.help.as_deref().unwrap_or("-");
        format!("{}:{}:{} {} | {help}\n", fault.file, fault.line, fault.column, fault.message)
    };
    faults.iter().map(line).collect()
}

fn faults(cedar: &str) -> String {
    load(cedar).map_or_else(|faults| shown(&faults), |_| "none".to_owned())
}
