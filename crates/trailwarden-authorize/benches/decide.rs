//! Decisions per second on one core: an ordinary folder, asked about many changes.
//!
//! `cargo bench --package trailwarden-authorize --bench decide` prints the speed. `-- COUNT` asks about fewer
//! changes, for a count of instructions.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench speaks to a terminal and may stop at the first surprise"
)]

use std::hint::black_box;
use std::time::Instant;

use trailwarden_authorize::{
    Actor, Asked, Behind, EffectFacts, File, Grade, KnownEffect, Policies, Target,
};
use trailwarden_model::{Outcome, Severity, Timestamp};

/// Changes that are asked about.
const CHANGES: usize = 200_000;

const POLICIES: &str = r#"
@id("deploy")
permit (principal == Role::"arn:aws:iam::111122223333:role/ci/deploy",
    action in [Action::"permissions", Action::"identities", Action::"tags"], resource is Role)
when { resource has path && resource.path like "/app/*" }
when { context has behind && context.behind has subject && context.behind.subject == "repo:example-corp/shop:ref:refs/heads/main" }
when { context has effect && context.effect.grade_after_rank <= 3 && context.effect.severity_rank <= 2
    && !context.effect.self_change && !context.effect.crosses_account };
@id("guarded")
forbid (principal, action in Action::"write", resource)
when { resource has tags && resource.tags.hasTag("guarded") };
@id("logs")
forbid (principal, action in Action::"logging", resource) unless { principal in Team::"security" };
"#;

const DIRECTORY: &str =
    "[teams.security]\nmembers = [\"arn:aws:iam::111122223333:role/security/*\"]\n";

fn main() {
    let count = std::env::args().find_map(|argument| argument.parse().ok());
    let count = count.unwrap_or(CHANGES);
    let file = |name: &str, text: &str| File { name: name.to_owned(), text: text.to_owned() };
    let files = [file("a.cedar", POLICIES), file("entities.toml", DIRECTORY)];
    let policies = Policies::load(&files).unwrap();
    for (name, has_tags) in [("all known", true), ("tags unknown", false)] {
        let changes: Vec<Asked> = (0..64).map(|number| change(number, has_tags)).collect();
        let begun = Instant::now();
        for asked in changes.iter().cycle().take(count) {
            black_box(policies.decide(black_box(asked)));
        }
        let seconds = begun.elapsed().as_secs_f64();
        println!("{name:<14} {:>12.0} decisions/s", count as f64 / seconds);
    }
}

fn change(number: usize, has_tags: bool) -> Asked {
    let owned = |text: &str| Some(text.to_owned());
    let subject = "repo:example-corp/shop:ref:refs/heads/main";
    Asked {
        event_id: format!("e{number}"),
        time: Timestamp::from_seconds(1_767_605_400),
        account: owned("111122223333"),
        region: owned("us-east-1"),
        actor: Actor {
            kind: "role".to_owned(),
            arn: owned("arn:aws:iam::111122223333:role/ci/deploy"),
            name: owned("deploy"),
            path: owned("/ci/"),
            account: owned("111122223333"),
            mfa: Some(false),
            behind: Some(Behind {
                kind: "federated".to_owned(),
                subject: owned(subject),
                provider: owned("arn:aws:iam::111122223333:oidc-provider/ci"),
                ..Behind::default()
            }),
            ..Actor::default()
        },
        action: "iam:PutRolePolicy".to_owned(),
        target: Target {
            kind: owned("role"),
            arn: Some(format!("arn:aws:iam::111122223333:role/app/web{number}")),
            name: Some(format!("web{number}")),
            path: owned("/app/"),
            account: owned("111122223333"),
            tags: has_tags.then(Default::default),
            ..Target::default()
        },
        outcome: Outcome::Succeeded,
        source: owned("192.0.2.7"),
        via: None,
        from_console: false,
        request_tags: Some([].into()),
        effect: EffectFacts::Known(KnownEffect {
            moved: true,
            grade_after: Grade::Write,
            gained: vec!["s3:PutObject".to_owned()],
            within_boundary: Some(true),
            severity: Some(Severity::Low),
            ..KnownEffect::default()
        }),
    }
}
