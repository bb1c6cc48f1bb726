//! Which plans are not carried out at all, and that nothing happens then.

use trailwarden_aws::Identity;
use trailwarden_remedy::plan::foreseen::NotForeseen;
use trailwarden_remedy::plan::{Foreseen, Summary};
use trailwarden_remedy::remedy::Effect;

use super::*;

impl Stage {
    fn check(&self, options: Options) -> Result<Identity, Refusal> {
        check(&self.fake, &self.journal(), &self.plan, options)
    }

    /// What keeps a plan from being carried out; nothing was called, and there is no run.
    fn refused(&self) -> Refusal {
        let refusal = self.apply().unwrap_err();
        assert_eq!(self.fake.calls.borrow().len(), 0, "{refusal}");
        assert_eq!(self.journal().runs().len(), 0, "{refusal}");
        refusal
    }
}

#[test]
fn only_what_was_approved_is_carried_out() {
    let stage = Stage::of(plan(vec![switch_off()]));
    let (mut journal, mut looker) = (stage.journal(), Looker(&stage.fake));
    let other = approval(&plan(vec![deny_alice()]));
    let refusal = apply(
        &stage.fake,
        &mut journal,
        &mut looker,
        &stage.plan,
        (&other, None),
        Stage::options(),
    );
    assert!(matches!(refusal, Err(Refusal::NotApproved { .. })), "{refusal:?}");
    drop(journal);
    // A plan that was changed after it was approved keeps its digest, and is not it.
    let mut changed = plan(vec![switch_off()]);
    changed.steps[0].input.insert("UserName".to_owned(), "bob".into());
    let refusal = Stage::of(changed).refused();
    assert!(matches!(refusal, Refusal::NotApproved { .. }), "{refusal}");
}

#[test]
fn a_plan_keeps_to_its_account_its_time_and_its_bounds() {
    let stage = Stage::of(plan(vec![switch_off()]));
    stage.fake.account.set(444_455_556_666);
    assert!(matches!(stage.refused(), Refusal::Account { .. }));

    let mut old = plan(vec![switch_off()]);
    old.preview.apply_before = Some(NOW);
    old.digest = old.computed_digest();
    assert!(matches!(Stage::of(old).refused(), Refusal::TooOld(NOW)));

    assert!(matches!(Stage::of(plan(vec![])).refused(), Refusal::Empty));

    let stage = Stage::of(plan(vec![switch_off(), deny_alice(), new_key()]));
    let bound =
        |steps_max, principals_max| Options { steps_max, principals_max, ..Options::default() };
    let checked = |options| stage.check(options);
    assert!(checked(bound(3, 2)).is_ok());
    let refusal = checked(bound(2, 2)).unwrap_err();
    assert!(matches!(refusal, Refusal::TooMany { count: 3, most: 2, .. }), "{refusal}");
    let refusal = checked(bound(3, 1)).unwrap_err();
    assert!(matches!(refusal, Refusal::TooMany { count: 2, most: 1, .. }), "{refusal}");
}

#[test]
fn steps_that_cannot_be_taken_back_must_be_accepted() {
    let stage = Stage::of(plan(vec![switch_off(), reset_alice()]));
    let refusal = stage.check(Options::default()).unwrap_err();
    assert!(matches!(&refusal, Refusal::Irreversible(steps) if *steps == ["2"]), "{refusal}");
    assert!(stage.check(Stage::options()).is_ok());
}

/// Whoever is locked out cannot take it back: users, sessions of roles, members of groups, and those who
/// hold a policy, whatever the case of their names.
#[test]
fn nobody_takes_access_from_himself() {
    let alice = "arn:aws:iam::111122223333:user/staff/ALICE";
    let ops = (
        "iam:AttachGroupPolicy",
        json!({ "GroupName": "ops", "PolicyArn": POLICY }),
        Before::Implied,
    );
    let own_role = json!({ "RoleName": "app", "PolicyArn": POLICY });
    let role = ("iam:AttachRolePolicy", own_role, Before::Implied);
    let app = "arn:aws:sts::111122223333:assumed-role/App/i-1";
    let lower = "arn:aws:iam::111122223333:user/alice";
    for (caller, call, is_refused) in [
        (alice, deny_alice(), true),
        (alice, new_key(), false),
        (lower, ops.clone(), true),
        (app, role.clone(), true),
        (app, deny_alice(), false),
        ("arn:aws:sts::111122223333:assumed-role/other/app", role, false),
        ("arn:aws:iam::111122223333:user/op", ops, false),
    ] {
        let stage = Stage::of(plan(vec![call]));
        *stage.fake.caller.borrow_mut() = caller.to_owned();
        let checked = stage.check(Stage::options());
        let is_own = matches!(checked, Err(Refusal::OwnIdentity { .. }));
        assert_eq!((is_own, checked.is_ok()), (is_refused, !is_refused), "{caller} {checked:?}");
    }
    // A role is entered by way of its provider, which no user needs.
    let gone = json!({ "SAMLProviderArn": account::PROVIDER });
    let other = json!({ "SAMLProviderArn": "arn:aws:iam::111122223333:saml-provider/other" });
    for (caller, gone, is_refused) in
        [(app, gone.clone(), true), (app, other, false), (lower, gone, false)]
    {
        let call = ("iam:DeleteSAMLProvider", gone, Before::Implied);
        let stage = Stage::of(plan(vec![call]));
        *stage.fake.caller.borrow_mut() = caller.to_owned();
        let checked = stage.check(Stage::options());
        let is_own = matches!(checked, Err(Refusal::OwnIdentity { .. }));
        assert_eq!((is_own, checked.is_ok()), (is_refused, !is_refused), "{caller} {checked:?}");
    }
    // A managed policy, held in person, by a group, or by a role.
    for (caller, holder) in
        [(lower, "UserName alice"), (lower, "GroupName ops"), (app, "RoleName App")]
    {
        let stage = Stage::of(plan(narrowed(1)));
        *stage.fake.caller.borrow_mut() = caller.to_owned();
        assert!(stage.check(Stage::options()).is_ok());
        stage.fake.now.borrow_mut().attached.insert((holder.to_owned(), POLICY.to_owned()));
        assert!(matches!(stage.refused(), Refusal::OwnIdentity { .. }), "{holder}");
    }
}

/// A name that an earlier step's answer will tell may be the caller's.
#[test]
fn whom_a_reply_will_name_is_not_taken_for_somebody_else() {
    let replied = |path: &str| json!({ "$result": { "step": "1", "path": ["AccessKey", path] } });
    let off =
        json!({ "UserName": replied("UserName"), "AccessKeyId": "AKIAOLD", "Status": "Inactive" });
    let policy = json!({ "PolicyArn": replied("UserName"), "VersionId": "v1" });
    for call in [
        ("iam:UpdateAccessKey", off, Before::was("Status", "Active")),
        ("iam:SetDefaultPolicyVersion", policy, Before::was("VersionId", "v2")),
    ] {
        let stage = Stage::of(plan(vec![new_key(), call]));
        *stage.fake.caller.borrow_mut() = "arn:aws:iam::111122223333:user/bob".to_owned();
        let refusal = stage.refused();
        assert!(matches!(refusal, Refusal::OwnUnknown { .. }), "{refusal}");
    }
}

/// Whoever takes a plan apart must know all of the steps that are not for him.
#[test]
fn all_steps_that_hit_the_caller_are_told() {
    let stage = Stage::of(plan(vec![switch_off(), new_key(), deny_alice()]));
    *stage.fake.caller.borrow_mut() = "arn:aws:iam::111122223333:user/alice".to_owned();
    let told = stage.refused().to_string();
    assert!(told.starts_with("each of the steps 1, 3 may take access away"), "{told}");
}

/// "GetFederationToken" (STS API Reference): such a session has the permissions of a user whom its ARN does
/// not name.
#[test]
fn a_caller_whose_permissions_are_another_s_is_not_taken_for_somebody_else() {
    for (caller, is_refused) in [
        ("arn:aws:sts::111122223333:federated-user/alice", true),
        ("nobody knows", true),
        ("arn:aws:iam::111122223333:root", false),
    ] {
        let stage = Stage::of(plan(vec![deny_alice()]));
        *stage.fake.caller.borrow_mut() = caller.to_owned();
        let checked = stage.check(Stage::options());
        let is_unknown = matches!(checked, Err(Refusal::OwnUnknown { .. }));
        assert_eq!(
            (is_unknown, checked.is_ok()),
            (is_refused, !is_refused),
            "{caller} {checked:?}"
        );
        assert!(stage.check(accepting()).is_ok(), "{caller}");
    }
}

fn accepting() -> Options {
    Options { accept_unknown: true, ..Stage::options() }
}

/// "AWS account root user" (IAM User Guide): no policy of IAM binds him, so no plan takes his access away,
/// whatever of it is not foreseen.
#[test]
fn the_root_user_is_never_locked_out() {
    let mut plan = plan(narrowed(1));
    plan.preview.effect = None;
    plan.digest = plan.computed_digest();
    let stage = Stage::of(plan);
    *stage.fake.caller.borrow_mut() = "arn:aws:iam::111122223333:root".to_owned();
    stage.fake.deny("iam:ListAttachedUserPolicies");
    assert_eq!(stage.apply().unwrap().status, Status::Applied);
    assert_eq!(stage.undo().unwrap().status, Status::Undone);
}

/// A session that was entered from another role has the permissions of its own, and its ARN names no other
/// ("Roles terms and concepts", role chaining, IAM User Guide). Whoever shuts the way into its role may shut
/// out whoever runs this.
#[test]
fn a_role_is_hit_by_what_shuts_the_way_into_it() {
    let app = "arn:aws:iam::111122223333:role/deep/app";
    let shut = json!({
        "role": app, "who": "arn:aws:iam::111122223333:role/before", "account": "111122223333", "is_opened": false,
        "is_partly": false, "conditions": [], "is_certain": true, "last_used": { "state": "unknown" }, "used": null,
    });
    let effect =
        Foreseen { doors: vec![serde_json::from_value(shut).unwrap()], ..Foreseen::default() };
    for (session, is_refused) in
        [("app/chained", true), ("App/chained", true), ("other/app", false)]
    {
        let stage = Stage::of(plan(vec![deny_alice()]).foreseen(effect.clone()));
        *stage.fake.caller.borrow_mut() =
            format!("arn:aws:sts::111122223333:assumed-role/{session}");
        let checked = stage.check(accepting());
        let is_own = matches!(checked, Err(Refusal::OwnIdentity { .. }));
        assert_eq!(is_own, is_refused, "{session} {checked:?}");
    }
}

/// An undo that makes something would never end, or leave a secret.
#[test]
fn a_plan_is_not_taken_back_by_making_things() {
    let mut plan = plan(vec![deny_alice()]);
    let inverse = plan.steps[0].inverse.as_mut().unwrap();
    inverse.operation = "CreateAccessKey".to_owned();
    inverse.input = [("UserName".to_owned(), "bob".into())].into();
    plan.digest = plan.computed_digest();
    assert!(matches!(Stage::of(plan).refused(), Refusal::Plan(_)));
}

/// Whoever edits the steps of a plan edits the words beside them: what a step takes follows from its call, and
/// words that say less are refused.
#[test]
fn a_label_is_never_believed() {
    let example = trailwarden_remedy::find("deactivate-access-key").unwrap();
    let drafts = vec![example.draft(&example.example().unwrap()).unwrap()];
    let account = example.example().unwrap().account;
    let summary = Plan::from_drafts(account, NOW, NOW, drafts).preview.remedies.remove(0);
    let labels = trailwarden_remedy::remedies::ALL.iter().map(|remedy| (remedy.id, remedy.effect));
    let unknown = [("no-such-remedy", Effect::Restricts)];
    let own = "arn:aws:iam::111122223333:user/alice";
    for call in [switch_off(), deny_alice(), reset_alice()] {
        for (remedy, effect) in labels.clone().chain(unknown) {
            let mut plan = plan(vec![call.clone()]);
            let steps = vec!["1".to_owned()];
            let summary = Summary { remedy: remedy.to_owned(), steps, ..summary.clone() };
            plan.preview.remedies = vec![summary];
            plan.digest = plan.computed_digest();
            let read = Plan::read(&serde_json::to_vec(&plan).unwrap());
            let stage = Stage::of(plan);
            *stage.fake.caller.borrow_mut() = own.to_owned();
            let refusal = stage.refused();
            if effect == Effect::Keeps {
                let told = refusal.to_string();
                assert!(matches!(refusal, Refusal::Plan(_)), "{remedy}: {told}");
                assert!(told.contains(remedy) && told.contains("step `1`"), "{told}");
                assert!(read.is_err(), "{remedy}");
            } else {
                assert!(matches!(refusal, Refusal::OwnIdentity { .. }), "{remedy}: {refusal}");
                assert!(read.is_ok(), "{remedy}");
            }
        }
    }
}

/// No word beside a step makes it harmful either: a second key takes nothing from anybody.
#[test]
fn a_step_that_gives_is_for_everybody() {
    let mut plan = plan(vec![new_key()]);
    let missed = NotForeseen {
        step: "1".to_owned(),
        call: "iam:CreateAccessKey".to_owned(),
        why: "nobody knows".to_owned(),
    };
    plan = plan.foreseen(Foreseen { not_foreseen: vec![missed], ..Foreseen::default() });
    let stage = Stage::of(plan);
    for own in ["arn:aws:iam::111122223333:user/alice", "arn:aws:iam::111122223333:user/op"] {
        *stage.fake.caller.borrow_mut() = own.to_owned();
        assert!(stage.check(Stage::options()).is_ok(), "{own}");
    }
}

/// Who gains how much by a part of a plan is no doubt about who loses by the rest.
#[test]
fn doubt_counts_for_the_steps_that_it_concerns() {
    let told = |losses: Option<Vec<String>>| Foreseen {
        unknowns: vec!["who is in group ops".to_owned()],
        unknown_losses: losses,
        ..Foreseen::default()
    };
    let stage = |losses| Stage::of(plan(vec![switch_off(), new_key()]).foreseen(told(losses)));
    assert!(stage(Some(Vec::new())).check(Stage::options()).is_ok());
    for losses in [None, Some(vec!["who is in group ops".to_owned()])] {
        let refusal = stage(losses).check(Stage::options()).unwrap_err();
        assert!(matches!(refusal, Refusal::OwnUnknown { .. }), "{refusal}");
    }
}

/// What a plan does to the caller by detours, as far as it was foreseen.
#[test]
fn a_plan_that_is_foreseen_to_hit_the_caller_is_refused() {
    let hit = |owner: &str, more: u64| {
        let effect = json!({
            "principals": [], "more_principals": more, "doors": [], "paths_closed": [], "paths_opened": [],
            "credentials": [], "sessions": [{ "arn": owner, "began_before": "2026-02-01T12:00:00Z", "lost": [], "last_used": { "state": "unknown" } }], "shared": [], "not_foreseen": [],
            "unknowns": [], "notes": [], "observed": null,
        });
        let mut plan = plan(vec![switch_off()]);
        plan.preview.effect = Some(serde_json::from_value(effect).unwrap());
        plan.digest = plan.computed_digest();
        plan
    };
    for (caller, owner) in [
        ("arn:aws:iam::111122223333:user/staff/op", "arn:aws:iam::111122223333:user/staff/op"),
        (
            "arn:aws:sts::111122223333:assumed-role/app/i-1",
            "arn:aws:iam::111122223333:role/deep/app",
        ),
    ] {
        let stage = Stage::of(hit(owner, 0));
        *stage.fake.caller.borrow_mut() = caller.to_owned();
        assert!(matches!(stage.refused(), Refusal::OwnIdentity { .. }), "{caller}");
        let other = Stage::of(hit("arn:aws:iam::111122223333:user/other", 0));
        *other.fake.caller.borrow_mut() = caller.to_owned();
        assert!(other.check(Stage::options()).is_ok(), "{caller}");
        // It is no matter of consent.
        assert!(matches!(stage.check(accepting()), Err(Refusal::OwnIdentity { .. })), "{caller}");
        // He may be one of those who are not named.
        let more = Stage::of(hit("arn:aws:iam::111122223333:user/other", 1));
        *more.fake.caller.borrow_mut() = caller.to_owned();
        assert!(matches!(more.refused(), Refusal::OwnUnknown { .. }), "{caller}");
        assert!(more.check(accepting()).is_ok(), "{caller}");
    }
}

/// What the preview does not know may hide that it hits the caller, so somebody must say that he knows better.
#[test]
fn what_was_not_foreseen_may_hit_the_caller() {
    let unknown =
        Foreseen { unknowns: vec!["who is in group ops".to_owned()], ..Foreseen::default() };
    let step = |step: &str| NotForeseen {
        step: step.to_owned(),
        call: "s3:PutBucketPolicy".to_owned(),
        why: "no model has it".to_owned(),
    };
    let missed = Foreseen { not_foreseen: vec![step("1")], ..Foreseen::default() };
    let mut bare = plan(vec![switch_off()]);
    bare.preview.effect = None;
    bare.digest = bare.computed_digest();
    let of = |effect: &Foreseen| plan(vec![switch_off()]).foreseen(effect.clone());
    for (plan, why) in [
        (of(&unknown), "who is in group ops"),
        (of(&missed), "what step 1 (s3:PutBucketPolicy) does"),
        (bare, "was not worked out"),
    ] {
        let stage = Stage::of(plan);
        let refusal = stage.refused();
        let told = refusal.to_string();
        assert!(matches!(refusal, Refusal::OwnUnknown { .. }), "{told}");
        assert!(told.contains(why) && told.contains("--accept-unknown"), "{told}");
        assert!(stage.check(accepting()).is_ok(), "{told}");
    }
}

/// Whoever reads the journal later sees what was not known, and that somebody went on all the same.
#[test]
fn what_was_accepted_stands_in_the_journal() {
    let doubt = "who is in group ops";
    let unknown = Foreseen { unknowns: vec![doubt.to_owned()], ..Foreseen::default() };
    let accepted = |stage: &Stage| -> Vec<Vec<String>> {
        let journal = stage.journal();
        let entries = journal.entries("20260201-1");
        let doubts = entries.filter_map(|entry| match &entry.event {
            Event::Accepted { doubts } => Some(doubts.clone()),
            _ => None,
        });
        doubts.collect()
    };
    let run = |stage: &Stage, is_begun: bool| {
        let (mut journal, mut looker) = (stage.journal(), Looker(&stage.fake));
        let (fake, plan, approval) = (&stage.fake, &stage.plan, approval(&stage.plan));
        match is_begun {
            true => resume(fake, &mut journal, &mut looker, "20260201-1", &approval, accepting()),
            false => apply(fake, &mut journal, &mut looker, plan, (&approval, None), accepting()),
        }
    };
    let stage = Stage::of(plan(vec![switch_off(), deny_alice()]).foreseen(unknown));
    stage.fake.refused.borrow_mut().push(("iam:PutUserPolicy".to_owned(), "LimitExceeded"));
    assert_eq!(stopped(&run(&stage, false).unwrap()).0, Why::Refused);
    assert_eq!(accepted(&stage), [[doubt]]);
    // Whoever goes on with it may be somebody else, and is asked again.
    assert!(matches!(stage.resume(), Err(Refusal::OwnUnknown { .. })));
    assert_eq!(run(&stage, true).unwrap().status, Status::Applied);
    assert_eq!(accepted(&stage), [[doubt], [doubt]]);

    // Nothing is written where nothing was in doubt, whatever flag was given.
    let stage = Stage::of(plan(vec![switch_off()]));
    run(&stage, false).unwrap();
    assert_eq!(accepted(&stage), Vec::<Vec<String>>::new());
}

/// A remedy's example, of which neither its steps nor who gains by it could be foreseen.
fn in_the_dark(id: &str) -> Plan {
    let remedy = trailwarden_remedy::find(id).unwrap();
    let subject = remedy.example().unwrap();
    let account = subject.account;
    let plan = Plan::from_drafts(account, NOW, NOW, vec![remedy.draft(&subject).unwrap()]);
    let missed = plan.steps.iter().map(|step| NotForeseen {
        step: step.id.clone(),
        call: format!("{}:{}", step.service, step.operation),
        why: "no model has it".to_owned(),
    });
    let unknowns = vec!["service control policies".to_owned()];
    let effect = Foreseen { not_foreseen: missed.collect(), unknowns, ..Foreseen::default() };
    plan.foreseen(effect)
}

/// A flag that ordinary plans needed would be given always, and protect nobody.
#[test]
fn what_takes_nothing_away_needs_no_flag() {
    let fake = Fake::new();
    let role = "arn:aws:sts::111122223333:assumed-role/Repair/me";
    let user = "arn:aws:iam::111122223333:user/op";
    let of_users =
        ["rename-group", "rename-user", "strengthen-password-policy", "restore-password-policy"];
    for remedy in trailwarden_remedy::remedies::ALL {
        let plan = in_the_dark(remedy.id);
        // The first stage of a rotation only makes the second key.
        let keeps = remedy.effect == Effect::Keeps || remedy.id == "rotate-access-key";
        let is_free = [
            (role, keeps && !remedy.id.starts_with("rename-")),
            (user, keeps && !of_users.contains(&remedy.id)),
        ];
        for (caller, is_free) in is_free {
            *fake.caller.borrow_mut() = caller.to_owned();
            let caller = fake.identity().unwrap();
            let refused = own::refuse(&fake, &plan, &caller, Options::default());
            let is_unknown = matches!(refused, Err(Refusal::OwnUnknown { .. }));
            assert_eq!(
                (is_free, !is_free),
                (refused.is_ok(), is_unknown),
                "{} {}",
                remedy.id,
                caller.arn
            );
        }
    }
}

/// What a remedy says of itself does not count against what it puts into the policy of a bucket.
#[test]
fn a_bucket_that_denies_its_account_is_in_doubt() {
    let mut plan = in_the_dark("restore-bucket-policy");
    let deny = json!({ "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*" });
    let document = json!({ "Version": "2012-10-17", "Statement": [deny] }).to_string();
    plan.steps[0].input.insert("Policy".to_owned(), document.as_str().into());
    let fake = Fake::new();
    let caller = fake.identity().unwrap();
    let refused = own::refuse(&fake, &plan, &caller, Options::default());
    assert!(matches!(refused, Err(Refusal::OwnUnknown { .. })), "{refused:?}");
}

/// Many reasons are one sentence that can be read.
#[test]
fn few_of_many_doubts_are_told() {
    let unknowns = (0..50).map(|number| format!("what group {number} holds")).collect();
    let effect = Foreseen { unknowns, ..Foreseen::default() };
    let told = Stage::of(plan(vec![switch_off()]).foreseen(effect)).refused().to_string();
    assert!(told.contains("what group 0 holds") && told.contains("and 47 more reasons"), "{told}");
}

/// The journal is asked before the account is, by a dry run too.
#[test]
fn a_plan_that_was_carried_out_is_not_carried_out_again() {
    let stage = Stage::of(plan(vec![switch_off(), deny_alice()]));
    stage.apply().unwrap();
    let calls = stage.fake.calls.borrow().len();
    for refusal in [stage.apply().unwrap_err(), stage.check(Stage::options()).unwrap_err()] {
        assert!(
            matches!(&refusal, Refusal::Applied { run, .. } if run == "20260201-1"),
            "{refusal}"
        );
        let told = refusal.to_string();
        assert!(told.contains("undo 20260201-1") && told.contains("2026-02-01"), "{told}");
    }
    assert_eq!(stage.fake.calls.borrow().len(), calls);
    // Once it is taken back it may be carried out again, and counts again.
    stage.undo().unwrap();
    assert_eq!(stage.apply().unwrap().run, "20260201-2");
    assert!(matches!(stage.apply(), Err(Refusal::Applied { run, .. }) if run == "20260201-2"));
}

/// What an earlier step changes cannot be asked before it.
#[test]
fn a_check_of_what_an_earlier_step_changes_waits_for_it() {
    let input = json!({ "UserName": "alice", "AccessKeyId": "AKIAOLD", "Status": "Active" });
    let on = ("iam:UpdateAccessKey", input, Before::was("Status", "Inactive"));
    let stage = Stage::of(plan(vec![switch_off(), on]));
    assert_eq!(stage.apply().unwrap().status, Status::Applied);
}

#[test]
fn not_knowing_what_the_caller_holds_is_no_leave_to_go_on() {
    let stage = Stage::of(plan(narrowed(1)));
    stage.fake.deny("iam:ListAttachedUserPolicies");
    let refusal = stage.refused();
    assert!(matches!(refusal, Refusal::OwnUnknown { .. }), "{refusal}");
}

#[test]
fn what_is_not_as_the_plan_takes_it_to_be_is_found_before_the_first_call() {
    let stage = Stage::of(plan(vec![deny_alice(), switch_off()]));
    let key = ("alice".to_owned(), "AKIAOLD".to_owned());
    stage.fake.now.borrow_mut().keys.insert(key.clone(), "Inactive".to_owned());
    let refusal = stage.refused();
    assert!(matches!(&refusal, Refusal::Drift { step, .. } if step == "2"), "{refusal}");
    assert!(refusal.to_string().contains("Inactive"), "{refusal}");
    stage.fake.now.borrow_mut().keys.remove(&key);
    assert!(matches!(stage.refused(), Refusal::Drift { .. }));
    stage.fake.deny("iam:ListAccessKeys");
    assert!(matches!(stage.refused(), Refusal::Unasked { .. }));
}

#[test]
fn a_journal_that_cannot_be_written_stops_everything_before_it_begins() {
    let stage = Stage::of(plan(vec![switch_off()]));
    let mut journal = Journal::read(stage.folder.path()).unwrap();
    let (mut looker, approval) = (Looker(&stage.fake), approval(&stage.plan));
    let refusal = apply(
        &stage.fake,
        &mut journal,
        &mut looker,
        &stage.plan,
        (&approval, None),
        Stage::options(),
    );
    assert!(matches!(refusal, Err(Refusal::Journal(_))), "{refusal:?}");
    assert!(stage.fake.calls.borrow().is_empty());
}

#[test]
fn what_carrying_out_takes_is_known_before() {
    let key = plan(vec![new_key()]);
    assert!(makes_secrets(&key, Direction::Apply) && !makes_secrets(&key, Direction::Undo));
    let console = plan(vec![no_console()]);
    assert!(!makes_secrets(&console, Direction::Apply) && makes_secrets(&console, Direction::Undo));
    let actions = |plan: &Plan| -> Vec<String> {
        permissions(plan).into_iter().map(|permission| permission.action).collect()
    };
    assert!(actions(&console).contains(&"iam:GetAccountPasswordPolicy".to_owned()));
    assert!(actions(&plan(narrowed(1))).contains(&"iam:ListPolicyVersions".to_owned()));
}
