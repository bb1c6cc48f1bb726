//! Which things the steps of a plan change, so that nothing is changed twice.
//!
//! A thing is what an operation is about (its name without the verb) and the parameters that name
//! something: `DeleteUserPolicy` and `PutUserPolicy` of one user and one policy are about one thing. An
//! access key that must be as it is before a step is such a thing as well: making the successor of a key
//! that the same plan switches off would stop the run.

use std::collections::{BTreeMap, BTreeSet};

use trailwarden_model::{AccountId, Timestamp};
use trailwarden_remedy::plan::{Argument, Check, Input, Part, Step};
use trailwarden_remedy::{Draft, Plan};

use super::Refusal;

/// What is changed by which draft, and how.
pub(super) struct Changes {
    account: AccountId,
    by_thing: BTreeMap<Thing, (usize, Call)>,
}

type Thing = (String, String, Vec<(String, String)>);
type Call = (String, Input);

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

const VERBS: &[&str] =
    &["Attach", "Create", "Delete", "Detach", "Put", "Remove", "Set", "Start", "Stop", "Update"];

impl Changes {
    pub(super) fn new(account: AccountId) -> Self {
        Self { account, by_thing: BTreeMap::new() }
    }

    /// Takes in drafts that become those from `first` on; or says which earlier one changes the same.
    pub(super) fn add(&mut self, first: usize, drafts: &[Draft]) -> Result<(), Refusal> {
        let mut found: Vec<(usize, Thing, Call)> = Vec::new();
        for (at, draft) in drafts.iter().enumerate() {
            for step in self.steps(draft) {
                let needed = step.preconditions.iter().filter_map(key_needed);
                let things = [thing(&step)].into_iter().chain(needed);
                let things: BTreeSet<Thing> = things.collect();
                let call = || (step.operation.clone(), step.input.clone());
                found.extend(things.into_iter().map(|thing| (first + at, thing, call())));
            }
        }
        let earlier = found.iter().filter_map(|(_, thing, call)| {
            let (draft, known) = self.by_thing.get(thing)?;
            Some((*draft, known == call))
        });
        let earlier: Vec<(usize, bool)> = earlier.collect();
        if let Some((draft, _)) = earlier.first() {
            let is_all = earlier.len() == found.len() && earlier.iter().all(|(_, same)| *same);
            return Err(if is_all { Refusal::Same(*draft) } else { Refusal::Clash(*draft) });
        }
        for (draft, thing, call) in found {
            self.by_thing.insert(thing, (draft, call));
        }
        Ok(())
    }

    /// The steps that a draft has in a plan of its own.
    fn steps(&self, draft: &Draft) -> Vec<Step> {
        let time = Timestamp::default();
        Plan::from_drafts(self.account, time, time, vec![draft.clone()]).steps
    }
}

fn thing(step: &Step) -> Thing {
    let verb = VERBS.iter().find_map(|verb| step.operation.strip_prefix(verb));
    let names = step.input.iter().filter(|(name, _)| NAMING.contains(&name.as_str()));
    let names = names.map(|(name, value)| (name.clone(), text(value)));
    (step.service.clone(), verb.unwrap_or(&step.operation).to_owned(), names.collect())
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
