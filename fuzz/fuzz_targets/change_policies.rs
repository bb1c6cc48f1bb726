//! Any text as change policies, and behind a line `---` as teams and owners: load ends, every fault stands
//! in its file, and what loads never permits an unknown effect unless a policy says that it needs no
//! bound.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trailwarden_authorize::bounds::Bound;
use trailwarden_authorize::{Actor, Asked, EffectFacts, File, Policies, Target};
use trailwarden_model::finding::Verdict;
use trailwarden_model::{Outcome, Timestamp};

fuzz_target!(|text: &str| {
    let (policies, entities) = text.split_once("\n---\n").unwrap_or((text, ""));
    let end = if entities.trim_start().starts_with('{') { "json" } else { "toml" };
    let file = |name: String, text: &str| File { name, text: text.to_owned() };
    let files = [file("a.cedar".to_owned(), policies), file(format!("entities.{end}"), entities)];
    match Policies::load(&files) {
        Ok(policies) => {
            let is_unbounded = |bound: &Bound| matches!(bound, Bound::Unbounded { .. });
            let any = policies.listed().iter().any(|policy| is_unbounded(&policy.bound));
            let decision = policies.explain(&change());
            assert_eq!(decision.verdict, policies.decide(&change()).verdict);
            assert!(any || decision.verdict != Verdict::Permitted);
        }
        Err(faults) => {
            assert!(!faults.is_empty());
            for fault in faults {
                let text = if fault.file.ends_with(".cedar") { policies } else { entities };
                assert!(fault.line <= text.matches('\n').count() + 1);
            }
        }
    }
});

/// A role changes a role; its effect is not known.
fn change() -> Asked {
    let owned = |text: &str| Some(text.to_owned());
    Asked {
        event_id: "e".to_owned(),
        time: Timestamp::from_seconds(1_767_605_400),
        account: owned("111122223333"),
        region: owned("us-east-1"),
        actor: Actor {
            kind: "role".to_owned(),
            arn: owned("arn:aws:iam::111122223333:role/ci/deploy"),
            ..Actor::default()
        },
        action: "iam:PutRolePolicy".to_owned(),
        target: Target { kind: owned("role"), name: owned("web"), ..Target::default() },
        outcome: Outcome::Succeeded,
        source: None,
        via: None,
        from_console: false,
        request_tags: None,
        effect: EffectFacts::Unknown { why: Vec::new() },
    }
}
