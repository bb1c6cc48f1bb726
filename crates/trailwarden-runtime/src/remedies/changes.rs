//! Which things the steps of a plan change, so that nothing is changed twice.
//!
//! A thing is what an operation is about (its name without the verb) and the parameters that name
//! something: `DeleteUserPolicy` and `PutUserPolicy` of one user and one policy are about one thing. An
//! access key that must be as it is before a step is such a thing as well: making the successor of a key
//! that the same plan switches off would stop the run.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use trailwarden_model::{AccountId, Timestamp};
use trailwarden_remedy::calls::{given, statements_in};
use trailwarden_remedy::plan::{Argument, Check, Part, Step};
use trailwarden_remedy::{Draft, Plan};

use super::Refusal;

/// What is changed by which draft, and by which steps.
pub(super) struct Changes {
    account: AccountId,
    by_thing: BTreeMap<Thing, (usize, Vec<Step>)>,
    /// By ARN the managed policies that get another default version, with its document.
    narrowed: BTreeMap<String, (usize, String)>,
}

/// How drafts fit to those before.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Fit {
    /// Which earlier drafts do all that a new one would; none of one that is needed.
    pub(super) had: Vec<Option<usize>>,
    /// Earlier drafts that a new one does the work of, with that one's number.
    pub(super) parts: BTreeMap<usize, usize>,
}

/// How steps fit to those of an earlier draft that change the same thing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Relation {
    Same,
    /// They do all that the earlier ones do, and more.
    Whole,
    /// The earlier ones do all that they do, and more.
    Part,
    Other,
}

/// Whether a policy of this document may stay; see [`Changes::add`].
pub(super) type MayStay<'a> = Option<&'a dyn Fn(&str) -> bool>;

type Thing = (String, String, Vec<(String, String)>);

/// Parameters that name what a call is about, and not what becomes of it.
const NAMING: &[&str] = &[
    "AccessKeyId",
    "Bucket",
    "GroupName",
    "Name",
    "OpenIDConnectProviderArn",
    "PolicyArn",
    "PolicyName",
    "RoleName",
    "SAMLProviderArn",
    "TrailName",
    "UserName",
];

const VERBS: &[&str] = &[
    "Attach", "Create", "Delete", "Detach", "Put", "Remove", "Set", "Start", "Stop", "Tag",
    "Untag", "Update",
];

impl Changes {
    pub(super) fn new(account: AccountId) -> Self {
        Self { account, by_thing: BTreeMap::new(), narrowed: BTreeMap::new() }
    }

    /// Takes in drafts; those that are needed become the ones from `first` on. Or says which earlier one changes
    /// the same in another way.
    ///
    /// One that does the work of an earlier one takes its place, unless there is no `may_stay`: then each was
    /// asked for as it is. A policy that is to be deleted stays where `may_stay` says so of what an earlier
    /// draft leaves of it: nobody loses more than a finding is about.
    pub(super) fn add(
        &mut self,
        first: usize,
        drafts: &[Draft],
        may_stay: MayStay<'_>,
    ) -> Result<Fit, Refusal> {
        let mut fit = Fit { had: Vec::new(), parts: BTreeMap::new() };
        let mut found: Vec<(usize, BTreeMap<Thing, Vec<Step>>)> = Vec::new();
        for draft in drafts {
            let changed = self.changed(draft);
            let number = first + found.len();
            if let Some(draft) = self.narrowed_instead(&changed, may_stay) {
                fit.had.push(Some(draft));
                continue;
            }
            match self.earlier(&changed, may_stay)? {
                Earlier::Does(draft) => fit.had.push(Some(draft)),
                Earlier::IsPart(drafts) => {
                    fit.had.push(None);
                    fit.parts.extend(drafts.into_iter().map(|draft| (draft, number)));
                    found.push((number, changed));
                }
            }
        }
        for (number, changed) in found {
            self.narrowed.extend(narrowed(&changed).map(|(arn, left)| (arn, (number, left))));
            self.by_thing
                .extend(changed.into_iter().map(|(thing, steps)| (thing, (number, steps))));
        }
        Ok(fit)
    }

    /// The earlier draft that narrows the managed policy that these steps only detach, where the rest of it may
    /// stay.
    fn narrowed_instead(
        &self,
        changed: &BTreeMap<Thing, Vec<Step>>,
        may_stay: MayStay<'_>,
    ) -> Option<usize> {
        let mut steps = changed.values().flatten();
        let (step, None) = (steps.next()?, steps.next()) else { return None };
        if !["DetachUserPolicy", "DetachGroupPolicy", "DetachRolePolicy"]
            .contains(&step.operation.as_str())
        {
            return None;
        }
        let arn = step.input.get("PolicyArn").and_then(Argument::as_str)?;
        let (draft, left) = self.narrowed.get(arn)?;
        may_stay?(left).then_some(*draft)
    }

    /// What earlier drafts have to do with one.
    fn earlier(
        &self,
        changed: &BTreeMap<Thing, Vec<Step>>,
        may_stay: MayStay<'_>,
    ) -> Result<Earlier, Refusal> {
        let known = changed.iter().filter_map(|(thing, steps)| {
            let (draft, known) = self.by_thing.get(thing)?;
            Some((*draft, relation(known, steps, may_stay)))
        });
        let known: Vec<(usize, Relation)> = known.collect();
        let Some((first, _)) = known.first() else { return Ok(Earlier::IsPart(BTreeSet::new())) };
        let are =
            |wanted: Relation| known.iter().all(|(_, it)| [Relation::Same, wanted].contains(it));
        if known.len() == changed.len() && are(Relation::Part) {
            return Ok(Earlier::Does(*first));
        }
        let drafts: BTreeSet<usize> = known.iter().map(|(draft, _)| *draft).collect();
        let mut theirs = self.by_thing.iter().filter(|(_, (draft, _))| drafts.contains(draft));
        if may_stay.is_some()
            && are(Relation::Whole)
            && theirs.all(|(thing, _)| changed.contains_key(thing))
        {
            return Ok(Earlier::IsPart(drafts));
        }
        Err(Refusal::Clash(*first))
    }

    /// What a draft changes, and by which steps each.
    fn changed(&self, draft: &Draft) -> BTreeMap<Thing, Vec<Step>> {
        let mut changed: BTreeMap<Thing, Vec<Step>> = BTreeMap::new();
        for step in self.steps(draft) {
            let needed = step.preconditions.iter().filter_map(key_needed);
            let things: BTreeSet<Thing> = [thing(&step)].into_iter().chain(needed).collect();
            for thing in things {
                changed.entry(thing).or_default().push(step.clone());
            }
        }
        changed
    }

    /// The steps that a draft has in a plan of its own.
    fn steps(&self, draft: &Draft) -> Vec<Step> {
        let time = Timestamp::default();
        Plan::from_drafts(self.account, time, time, vec![draft.clone()]).steps
    }
}

/// What earlier drafts have to do with a new one.
enum Earlier {
    /// One of them does all that it would.
    Does(usize),
    /// These do a part of what it does, and nothing else.
    IsPart(BTreeSet<usize>),
}

fn relation(known: &[Step], new: &[Step], may_stay: MayStay<'_>) -> Relation {
    let is_same = |a: &Step, b: &Step| {
        a.operation == b.operation && a.input == b.input && a.region == b.region
    };
    if known.len() == new.len() && known.iter().zip(new).all(|(a, b)| is_same(a, b)) {
        return Relation::Same;
    }
    match (known, new) {
        ([known], [new]) if deletes_what_is_narrowed(new, known) => {
            let left = known.input.get("PolicyDocument").and_then(Argument::as_str);
            if left.is_some_and(|left| may_stay.is_some_and(|it| it(left))) {
                Relation::Part
            } else {
                Relation::Whole
            }
        }
        ([known], [new]) if deletes_what_is_narrowed(known, new) => Relation::Part,
        _ => Relation::Other,
    }
}

/// The managed policy that steps give another default version, and the document of that.
fn narrowed(changed: &BTreeMap<Thing, Vec<Step>>) -> Option<(String, String)> {
    let step_of = |name: &str| changed.values().flatten().find(|step| step.operation == name);
    step_of("SetDefaultPolicyVersion")?;
    let made = &step_of("CreatePolicyVersion")?.input;
    let text = |name: &str| made.get(name).and_then(Argument::as_str).map(str::to_owned);
    text("PolicyArn").zip(text("PolicyDocument"))
}

/// Whether one step deletes the inline policy out of which the other only takes something.
fn deletes_what_is_narrowed(deletes: &Step, narrows: &Step) -> bool {
    let is_inline = |step: &Step, verb: &str| {
        let kind = step.operation.strip_prefix(verb).and_then(|rest| rest.strip_suffix("Policy"));
        kind.is_some_and(|kind| ["User", "Group", "Role"].contains(&kind))
    };
    if !is_inline(deletes, "Delete") || !is_inline(narrows, "Put") {
        return false;
    }
    let document = "PolicyDocument";
    let before = narrows.inverse.as_ref().and_then(|it| statements_in(&it.input, document));
    let (Some(before), Some(after)) = (before, statements_in(&narrows.input, document)) else {
        return false;
    };
    after.iter().all(|left| before.iter().any(|whole| is_part(left, whole)))
}

/// Whether a statement is another one, or has only some of its actions.
fn is_part(left: &Value, whole: &Value) -> bool {
    let without_actions = |statement: &Value| {
        let mut statement = statement.clone();
        let members = statement.as_object_mut();
        members.map(|members| members.remove("Action"));
        statement
    };
    let actions = |statement: &Value| match statement.get("Action") {
        Some(Value::Array(all)) => all.clone(),
        one => one.cloned().into_iter().collect(),
    };
    let of_whole = actions(whole);
    left == whole
        || without_actions(left) == without_actions(whole)
            && actions(left).iter().all(|action| of_whole.contains(action))
}

fn thing(step: &Step) -> Thing {
    let tagged = ["Tags/0/Key", "TagKeys/0"].into_iter().find_map(|it| given(&step.input, it));
    let verb = match step.operation.as_str() {
        "AddUserToGroup" => Some("UserFromGroup"),
        operation => VERBS.iter().find_map(|verb| operation.strip_prefix(verb)),
    };
    let names = step.input.iter().filter(|(name, _)| NAMING.contains(&name.as_str()));
    let names = names.map(|(name, value)| (name.clone(), text(value)));
    // The keys of tags are the same in capitals and small letters.
    let tag = tagged.map(|key| ("Key".to_owned(), text(&key).to_ascii_lowercase()));
    let names = names.chain(tag).collect();
    (step.service.clone(), verb.unwrap_or(&step.operation).to_owned(), names)
}

/// The access key that a check asks about.
fn key_needed(check: &Check) -> Option<Thing> {
    let is_of_keys = check.service == "iam" && check.operation == "ListAccessKeys";
    let mut places = check.path.iter().filter(|_| is_of_keys).filter_map(|part| match part {
        Part::Where(members) => members.get("AccessKeyId"),
        Part::Member(_) => None,
    });
    let key = places.next()?.as_str()?.to_owned();
    let user = text(check.input.get("UserName")?);
    let names = [("AccessKeyId".to_owned(), key), ("UserName".to_owned(), user)];
    Some(("iam".to_owned(), "AccessKey".to_owned(), names.into()))
}

fn text(value: &Argument) -> String {
    value.as_str().map_or_else(|| format!("{value:?}"), str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use trailwarden_remedy::remedies::{detach_policy, narrow_policy};
    use trailwarden_remedy::subject::Policy;
    use trailwarden_remedy::{Remedy, Subject};

    use super::*;

    const GROUP: &str = "arn:aws:iam::111122223333:group/ops";

    fn subject(policy: Policy) -> Subject {
        let mut subject = Subject::of(GROUP, Timestamp::default()).unwrap();
        let document = json!({ "Version": "2012-10-17", "Statement": [
            { "Effect": "Allow", "Action": "*", "Resource": "*" },
            { "Effect": "Allow", "Action": ["s3:Get*", "iam:*"], "Resource": "*" },
            { "Effect": "Allow", "Action": "sqs:*", "Resource": "*" },
        ] });
        subject.inline = Some([("all".to_owned(), document.to_string())].into());
        subject.policy = Some(policy);
        subject
    }

    fn detach(policy: Policy) -> Draft {
        drafted(&detach_policy::REMEDY, &subject(policy))
    }

    fn narrow(statements: &[usize], left: Option<&Value>) -> Draft {
        let mut subject = subject(inline());
        subject.statements = statements.iter().copied().collect();
        if let Some(left) = left {
            subject.before = trailwarden_remedy::Known::Is(left.to_string());
        }
        drafted(&narrow_policy::REMEDY, &subject)
    }

    fn drafted(remedy: &Remedy, subject: &Subject) -> Draft {
        remedy.draft(subject).unwrap()
    }

    fn inline() -> Policy {
        Policy::Inline("all".to_owned())
    }

    fn administrator() -> Policy {
        let arn = "arn:aws:iam::aws:policy/AdministratorAccess".to_owned();
        Policy::Managed { arn, default: None, versions: Vec::new(), version_before: None }
    }

    fn changes() -> Changes {
        Changes::new("111122223333".parse().unwrap())
    }

    fn fit(changes: &mut Changes, first: usize, drafts: &[Draft]) -> Option<Fit> {
        changes.add(first, drafts, Some(&|_| false)).ok()
    }

    fn fitting(had: &[Option<usize>], parts: &[(usize, usize)]) -> Option<Fit> {
        Some(Fit { had: had.to_vec(), parts: parts.iter().copied().collect() })
    }

    #[test]
    fn what_does_the_work_of_another_takes_its_place() {
        let mut changes = changes();
        assert_eq!(fit(&mut changes, 0, &[narrow(&[0], None)]), fitting(&[None], &[]));
        let both = [detach(inline()), detach(administrator())];
        assert_eq!(fit(&mut changes, 1, &both), fitting(&[None, None], &[(0, 1)]));
        // What comes later has the whole already.
        let part = narrow(&[0, 1], None);
        assert_eq!(fit(&mut changes, 3, &[part]), fitting(&[Some(1)], &[]));
    }

    /// Whoever is no administrator any more need not lose what is harmless.
    #[test]
    fn what_is_harmless_of_a_policy_stays() {
        let mut changes = changes();
        fit(&mut changes, 0, &[narrow(&[0, 1], None)]).unwrap();
        let both = [detach(inline()), detach(administrator())];
        let fit = changes.add(1, &both, Some(&|left| !left.contains("iam:*"))).ok();
        assert_eq!(fit, fitting(&[Some(0), None], &[]));
    }

    #[test]
    fn a_part_that_is_planned_does_not_stop_the_rest() {
        let mut changes = changes();
        assert_eq!(fit(&mut changes, 0, &[detach(inline())]), fitting(&[None], &[]));
        let both = [detach(inline()), detach(administrator())];
        assert_eq!(fit(&mut changes, 1, &both), fitting(&[Some(0), None], &[]));
        assert_eq!(fit(&mut changes, 2, &[detach(administrator())]), fitting(&[Some(1)], &[]));
    }

    #[test]
    fn only_some_actions_of_a_statement_are_a_part_of_it() {
        let left = |action: &str| {
            json!({ "Version": "2012-10-17", "Statement": [
                { "Effect": "Allow", "Action": [action], "Resource": "*" },
            ] })
        };
        for (action, is_part) in [("s3:Get*", true), ("s3:*", false)] {
            let mut changes = changes();
            fit(&mut changes, 0, &[detach(inline())]).unwrap();
            let fit = fit(&mut changes, 1, &[narrow(&[1], Some(&left(action)))]);
            assert_eq!(fit.is_some(), is_part, "{action}");
        }
    }

    /// Whoever holds a managed policy of which nothing grave is left keeps it.
    #[test]
    fn what_is_harmless_of_a_managed_policy_stays() {
        let arn = "arn:aws:iam::111122223333:policy/work";
        let document = json!({ "Version": "2012-10-17", "Statement": [
            { "Effect": "Allow", "Action": "*", "Resource": "*" },
            { "Effect": "Allow", "Action": "sqs:*", "Resource": "*" },
        ] });
        let managed = || Policy::Managed {
            arn: arn.to_owned(),
            default: Some("v1".to_owned()),
            versions: vec![("v1".to_owned(), Some(document.to_string()))],
            version_before: None,
        };
        let mut shared = Subject::new("111122223333".parse().unwrap(), Timestamp::default());
        shared.policy = Some(managed());
        shared.statements = [0].into();
        let narrow = drafted(&narrow_policy::REMEDY, &shared);
        for (is_harmless, had) in [(true, Some(0)), (false, None)] {
            let mut changes = changes();
            fit(&mut changes, 0, std::slice::from_ref(&narrow)).unwrap();
            let may_stay = |left: &str| is_harmless && left.contains("sqs:*");
            let fit = changes.add(1, &[detach(managed())], Some(&may_stay)).ok();
            assert_eq!(fit, fitting(&[had], &[]), "{is_harmless}");
        }
    }

    /// Each of two wishes is somebody's: the wider one is not what the other asked for.
    #[test]
    fn what_was_asked_for_as_it_is_is_not_replaced() {
        let mut changes = changes();
        fit(&mut changes, 0, &[narrow(&[0], None)]).unwrap();
        assert!(matches!(changes.add(1, &[detach(inline())], None), Err(Refusal::Clash(0))));
    }

    /// Two that take out different statements would each bring back what the other takes away.
    #[test]
    fn two_ways_to_change_one_thing_clash() {
        let mut changes = changes();
        fit(&mut changes, 0, &[narrow(&[0], None)]).unwrap();
        let clash = changes.add(1, &[narrow(&[1], None)], Some(&|_| false));
        assert!(matches!(clash, Err(Refusal::Clash(0))));
    }
}
