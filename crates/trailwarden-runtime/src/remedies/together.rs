//! Steps of one plan that bear on each other, though they change different things: nobody is asked for a second
//! factor or given a new password who cannot sign in any more, and what is said of a user's keys counts those that the
//! plan switches off.

use std::collections::{BTreeMap, BTreeSet};

use trailwarden_remedy::plan::{Argument, Step};
use trailwarden_remedy::{Draft, Subject, find};

/// The remediation that asks for a second factor.
pub(super) const ENABLE_MFA: &str = "enable-mfa";
/// Those after which there is no sign-in that it could be asked of.
const QUARANTINE: &str = "attach-quarantine-policy";

/// The remediation that gives a user another password.
const RESET_PASSWORD: &str = "reset-console-password";

/// Makes those groups of steps fit each other. `replaced` tells whose place others take; `asked` what is known of
/// whom the groups ask for a second factor; `is_planted` which users were made by whoever did what was found.
pub(super) fn settle(
    drafts: &mut [Draft],
    replaced: &mut BTreeMap<usize, usize>,
    asked: &BTreeMap<usize, Subject>,
    is_planted: &dyn Fn(&str) -> bool,
) {
    let is_in = |at: usize| !replaced.contains_key(&at);
    let in_plan = || drafts.iter().enumerate().filter(|(at, _)| is_in(*at));
    let (mut shut, mut without_password) = (BTreeMap::new(), BTreeMap::new());
    let mut off = BTreeSet::new();
    for (at, draft) in in_plan() {
        for step in draft.steps() {
            let Some(user) = given(step, "UserName") else { continue };
            if step.operation == "DeleteLoginProfile" || draft.remedy() == QUARANTINE {
                shut.entry(user.to_owned()).or_insert(at);
            }
            // AWS changes no password that is not there; who was planted needs none.
            if step.operation == "DeleteLoginProfile"
                || draft.remedy() == QUARANTINE && is_planted(user)
            {
                without_password.entry(user.to_owned()).or_insert(at);
            }
            let is_off = given(step, "Status") == Some("Inactive");
            if let Some(key) = given(step, "AccessKeyId")
                && (step.operation == "DeleteAccessKey" || is_off)
            {
                off.insert(key.to_owned());
            }
        }
    }
    let user_of = |draft: &Draft| {
        draft.steps().iter().find_map(|step| given(step, "UserName")).map(str::to_owned)
    };
    let resets = in_plan().filter(|(_, draft)| draft.remedy() == RESET_PASSWORD);
    let resets =
        resets.filter_map(|(at, draft)| Some((at, *without_password.get(&user_of(draft)?)?)));
    let resets: BTreeMap<usize, usize> = resets.collect();
    let mfa = in_plan().filter(|(_, draft)| draft.remedy() == ENABLE_MFA);
    let mut made = Vec::new();
    let mut instead = resets;
    for (at, draft) in mfa {
        match user_of(draft).and_then(|user| shut.get(&user)) {
            Some(other) => drop(instead.insert(at, *other)),
            None => made
                .extend(asked.get(&at).and_then(|one| anew(draft, one, &off)).map(|it| (at, it))),
        }
    }
    replaced.extend(instead);
    for (at, draft) in made {
        if let Some(place) = drafts.get_mut(at) {
            *place = draft;
        }
    }
}

/// The steps for a user some of whose keys are off then.
fn anew(draft: &Draft, subject: &Subject, off: &BTreeSet<String>) -> Option<Draft> {
    let mut subject = subject.clone();
    let keys = subject.keys.as_mut()?;
    let mut is_other = false;
    for (_, key) in keys.iter_mut().filter(|(id, key)| key.is_active && off.contains(*id)) {
        key.is_active = false;
        is_other = true;
    }
    let made = find(ENABLE_MFA).filter(|_| is_other)?.draft(&subject).ok()?;
    Some(made.with_reasons_of(draft))
}

fn given<'s>(step: &'s Step, name: &str) -> Option<&'s str> {
    step.input.get(name).and_then(Argument::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(id: &str) -> Subject {
        find(id).unwrap().example().unwrap()
    }

    fn draft(id: &str, subject: &Subject) -> Draft {
        find(id).unwrap().draft(subject).unwrap()
    }

    #[test]
    fn who_can_sign_in_no_more_is_not_asked_for_a_second_factor() {
        let mfa = draft(ENABLE_MFA, &subject(ENABLE_MFA));
        for (other, is_instead) in
            [("delete-login-profile", true), (QUARANTINE, true), ("deactivate-access-key", false)]
        {
            let mut drafts = vec![mfa.clone(), draft(other, &subject(other))];
            let mut replaced = BTreeMap::new();
            settle(&mut drafts, &mut replaced, &BTreeMap::new(), &|_| false);
            assert_eq!(replaced.get(&0), is_instead.then_some(&1), "{other}");
        }
        // Somebody else's password is another matter.
        let mut of_bob = subject("delete-login-profile");
        of_bob.principal =
            Subject::of("arn:aws:iam::111122223333:user/bob", of_bob.time).unwrap().principal;
        let mut drafts = vec![mfa, draft("delete-login-profile", &of_bob)];
        let mut replaced = BTreeMap::new();
        settle(&mut drafts, &mut replaced, &BTreeMap::new(), &|_| false);
        assert!(replaced.is_empty());
    }

    /// "Comparing MFA conditions" (IAM User Guide): where no key works any more, the denial counts for keys, too.
    #[test]
    fn keys_that_the_plan_switches_off_are_not_said_to_keep_working() {
        let off = subject("deactivate-access-key");
        let key = off.access_key.clone().unwrap();
        let mut asked = subject(ENABLE_MFA);
        let state = off.keys.as_ref().and_then(|keys| keys.get(&key)).cloned().unwrap_or_default();
        asked.keys =
            Some([(key, trailwarden_remedy::subject::Key { is_active: true, ..state })].into());
        let mut drafts = vec![draft(ENABLE_MFA, &asked), draft("deactivate-access-key", &off)];
        drafts[0].because("a reason");
        let weak = drafts[0].clone();
        settle(&mut drafts, &mut BTreeMap::new(), &[(0, asked)].into(), &|_| false);
        assert_ne!(drafts[0].steps(), weak.steps());
        let document = given(&drafts[0].steps()[0], "PolicyDocument").unwrap();
        assert!(document.contains("BoolIfExists"), "{document}");
    }

    #[test]
    fn who_was_planted_and_is_quarantined_gets_no_new_password() {
        let reset = draft(RESET_PASSWORD, &subject(RESET_PASSWORD));
        for (other, is_planted, is_instead) in [
            ("delete-login-profile", false, true),
            (QUARANTINE, true, true),
            (QUARANTINE, false, false),
        ] {
            let mut drafts = vec![reset.clone(), draft(other, &subject(other))];
            let mut replaced = BTreeMap::new();
            settle(&mut drafts, &mut replaced, &BTreeMap::new(), &|_| is_planted);
            assert_eq!(replaced.get(&0), is_instead.then_some(&1), "{other} {is_planted}");
        }
    }
}
