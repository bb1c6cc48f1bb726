//! The answers that are kept are those of a look at all identities, whatever was done before.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::fact::Proof;

/// What is done to one of a few identities.
#[derive(Clone, Debug)]
enum Step {
    Insert(usize),
    Remove(usize),
    Attach(usize, usize),
    Detach(usize, usize),
    Bound(usize, Option<usize>),
    Write(usize, usize),
    /// Somebody asks, so that the answer is kept.
    Ask,
    /// A copy is kept, and goes on to be asked.
    Copy,
}

const TEXTS: [&str; 4] = [
    r#"{"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}"#,
    r#"{"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]}"#,
    r#"{"Statement": [{"Effect": "Deny", "Action": "iam:*", "Resource": "arn:aws:iam::*:user/bob"}]}"#,
    "no policy",
];

fn step() -> impl Strategy<Value = Step> {
    let (who, what) = (0..4_usize, 0..3_usize);
    prop_oneof![
        who.clone().prop_map(Step::Insert),
        who.clone().prop_map(Step::Remove),
        (who.clone(), what.clone()).prop_map(|(who, what)| Step::Attach(who, what)),
        (who.clone(), what.clone()).prop_map(|(who, what)| Step::Detach(who, what)),
        (who.clone(), proptest::option::of(what)).prop_map(|(who, what)| Step::Bound(who, what)),
        (who, 0..TEXTS.len()).prop_map(|(who, text)| Step::Write(who, text)),
        Just(Step::Ask),
        Just(Step::Copy),
    ]
}

fn id(who: usize) -> Id {
    Id::unique(&format!("AIDA{who}"))
}

/// As an attachment has it, or a boundary in other case.
fn arn(what: usize) -> Arc<str> {
    format!("arn:aws:iam::111122223333:policy/P{what}").into()
}

fn proof() -> Proof {
    Proof::Published { date: "2026-01-01" }
}

fn done(all: &mut Identities, step: &Step) {
    match step {
        Step::Insert(who) => {
            let kind = if *who == 0 { Kind::Group } else { Kind::User };
            all.insert(Identity::made(kind, id(*who), &format!("name{who}"), &proof()));
        }
        Step::Remove(who) => all.remove(&id(*who)),
        Step::Attach(who, what) => {
            let here = Fact::known((), &proof());
            all.edit(&id(*who), |one| one.attached.put(arn(*what), here));
        }
        Step::Detach(who, what) => {
            all.edit(&id(*who), |one| one.attached.remove(&arn(*what), &proof()));
        }
        Step::Bound(who, what) => {
            let boundary = what.map(|what| arn(what).to_ascii_uppercase().into());
            all.edit(&id(*who), |one| one.boundary = Fact::known(boundary, &proof()));
        }
        Step::Write(who, text) => {
            let text = Fact::known(PolicyText::new(TEXTS[*text]), &proof());
            all.edit(&id(*who), |one| one.inline.put("a".into(), text));
        }
        Step::Ask => {
            all.speakers();
        }
        Step::Copy => {}
    }
}

fn ids<'a>(found: impl Iterator<Item = &'a Id>) -> BTreeSet<Id> {
    found.cloned().collect()
}

/// By a look at all.
fn those(all: &Identities, is_one: impl Fn(&Identity) -> bool) -> BTreeSet<Id> {
    ids(all.by_id().iter().filter(|(_, one)| is_one(one)).map(|(id, _)| id))
}

fn has_text(identity: &Identity, text: usize) -> bool {
    identity
        .inline
        .iter()
        .any(|(_, fact)| fact.value().is_some_and(|one| one.as_str() == TEXTS[text]))
}

fn check(all: &Identities) -> Result<(), TestCaseError> {
    for what in 0..3 {
        let arn = arn(what);
        let holds = |one: &Identity| one.attached.keys().any(|key| *key == arn);
        prop_assert_eq!(ids(all.attached_to(&arn)), those(all, holds));
        let is_bound = |one: &Identity| {
            let boundary = one.boundary.value().and_then(Option::as_ref);
            one.kind != Kind::Group && boundary.is_some_and(|own| own.eq_ignore_ascii_case(&arn))
        };
        prop_assert_eq!(ids(all.bounded_by(&arn)), those(all, is_bound));
        let listed = all.attachments().find(|(key, _)| **key == arn);
        let listed = listed.map(|(_, found)| ids(found.keys())).unwrap_or_default();
        prop_assert_eq!(listed, those(all, holds));
    }
    prop_assert_eq!(ids(all.speakers().assume.keys()), those(all, |one| has_text(one, 1)));
    prop_assert_eq!(ids(all.speakers().name_some.keys()), those(all, |one| has_text(one, 2)));
    Ok(())
}

proptest! {
    #[test]
    fn what_is_kept_is_what_a_look_at_all_finds(steps in proptest::collection::vec(step(), 0..40)) {
        let mut all = Identities::default();
        let mut copies = Vec::new();
        for step in &steps {
            done(&mut all, step);
            if matches!(step, Step::Copy) {
                copies.push(all.clone());
            }
        }
        check(&all)?;
        for copy in &copies {
            check(copy)?;
        }
    }
}
