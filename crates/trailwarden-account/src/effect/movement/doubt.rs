//! What of a change is not known. A document that became unknown takes nothing away, and one that was
//! not known leaves no nothing behind.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::access::{Scps, Standing};
use crate::change::{Change, Field, Subject, Touched};
use crate::fact::{Fact, Proof, Why};
use crate::identity::Id;
use crate::listing::Presence;
use crate::query::{Boundary, HeldPolicy, PolicySource, why_unknown};
use crate::text::PolicyText;

/// What is not known of a change.
#[derive(Default)]
pub(super) struct Doubts {
    /// In words.
    pub lines: Vec<String>,
    /// Whether something that counted before is not known any more, so that a comparison would take
    /// ignorance for a loss, or a Deny that is no longer seen for a gain.
    pub hides_the_difference: bool,
    /// Whether a document that nobody read came or went, and with it perhaps a Deny.
    pub is_open: bool,
}

/// Compares what is known before and after the record of that proof.
pub(super) fn between(
    before: Option<&Standing>,
    after: Option<&Standing>,
    record: &Proof,
) -> Doubts {
    let mut doubts = Doubts::default();
    let Some(after) = after else { return doubts };
    doubts.documents(before, after);
    let Some(before) = before else { return doubts };
    doubts.others(before, after, record);
    let name = &after.principal.label;
    if is_cap_known(&before.boundary) && !is_cap_known(&after.boundary) {
        doubts.hides_the_difference = true;
        doubts.lines.push(match &after.boundary {
            Fact::Known { value: Some(boundary), .. } => {
                let boundary = boundary.arn.rsplit('/').next().unwrap_or_default();
                format!("what boundary {boundary} lets {name} do")
            }
            Fact::Unknown { why, .. } => format!("boundary of {name}: {}", why.as_str()),
            Fact::Known { value: None, .. } => format!("boundary of {name}"),
        });
    }
    if releases_the_unknown(Some(before), Some(after)) {
        doubts.is_open = true;
        doubts.lines.push(format!("what the boundary of {name} held back"));
    }
    doubts.scps(before, after);
    doubts
}

type Documents<'s> = BTreeMap<(&'s PolicySource, Option<&'s crate::Id>), &'s HeldPolicy>;

fn documents(standing: &Standing) -> Documents<'_> {
    let held = standing.held.policies.iter();
    held.map(|held| ((&held.source, held.through.as_ref()), held)).collect()
}

impl Doubts {
    fn documents(&mut self, before: Option<&Standing>, after: &Standing) {
        let name = &after.principal.label;
        let (was, is) = (before.map(documents).unwrap_or_default(), documents(after));
        for (key, held) in &is {
            let Some(why) = held.why() else { continue };
            match was.get(key) {
                Some(earlier) if is_same(earlier, held) => continue,
                Some(earlier) => self.hides_the_difference |= earlier.why().is_none(),
                None => {}
            }
            self.is_open = true;
            self.lines.push(match held.held.is_known() {
                true => format!("what {} gives {name}: {}", in_words(&held.source), why.as_str()),
                false => {
                    format!("whether {name} has {}: {}", in_words(&held.source), why.as_str())
                }
            });
        }
        for (key, held) in &was {
            let is_unknown_still = is.get(key).is_some_and(|now| now.why().is_some());
            if let Some(why) = held.why().filter(|_| !is_unknown_still) {
                self.is_open = true;
                self.lines.push(format!(
                    "what {} gave {name}: {}",
                    in_words(&held.source),
                    why.as_str()
                ));
            }
        }
    }

    /// Whole listings: a group that was joined or left may give more than was seen.
    fn others(&mut self, before: &Standing, after: &Standing, record: &Proof) {
        let (was, is) = (&before.held.unknowns, &after.held.unknowns);
        for unknown in is.iter().filter(|unknown| !was.contains(unknown)) {
            self.hides_the_difference |= matches!(&unknown.why,
                Why::Omitted(proof) | Why::NotSaid(proof) | Why::Unordered(proof) if proof == record);
            self.lines.push(format!("{}: {}", unknown.what, unknown.why.as_str()));
        }
        let gone = was.iter().filter(|unknown| is.iter().all(|other| other.what != unknown.what));
        self.lines.extend(gone.map(|one| format!("{}: {}", one.what, one.why.as_str())));
    }

    fn scps(&mut self, before: &Standing, after: &Standing) {
        let (was, is) = (scps_by_name(&before.scps), scps_by_name(&after.scps));
        let name = &after.principal.label;
        for (key, text) in &is {
            let earlier = was.get(key);
            if why_unknown(text).is_some() && earlier.is_none_or(|text| why_unknown(text).is_none())
            {
                self.hides_the_difference |= earlier.is_some();
                self.lines.push(format!("service control policy {} over {name}", key.1));
            }
        }
        for (key, text) in &was {
            let is_known_now = is.get(key).is_none_or(|text| why_unknown(text).is_none());
            if why_unknown(text).is_some() && is_known_now {
                self.lines.push(format!("what service control policy {} held back", key.1));
            }
        }
    }
}

/// What the record took off that another of its second had put there, so that nobody knows which came
/// last.
pub(in crate::effect) fn unordered(change: &Change) -> Vec<Touched> {
    fn why<V>(presence: Presence<'_, V>) -> Option<&Why> {
        match presence {
            Presence::Present(fact) => fact.why(),
            Presence::Unknown(why) => Some(why),
            Presence::Absent => None,
        }
    }
    let why_of = |touched: &Touched| -> Option<&Why> {
        let Subject::Identity(_, id) = &touched.subject else { return None };
        let after = change.after.identity(id)?;
        let item = touched.item.as_ref();
        match touched.field {
            Field::Inline => why(after.inline.get(item?)),
            Field::Attached => why(after.attached.get(item?)),
            Field::Groups => why(after.groups.get(&Id::unique(item?))),
            Field::Members => why(after.members.get(&Id::unique(item?))),
            Field::Mfa => why(after.mfa.get(item?)),
            Field::Boundary => after.boundary.why(),
            Field::Login => after.login.why(),
            _ => None,
        }
    };
    let is_it = |touched: &&Touched| matches!(why_of(touched), Some(Why::Unordered(proof)) if *proof == change.proof);
    change.touched.iter().filter(is_it).cloned().collect()
}

fn is_same(one: &HeldPolicy, other: &HeldPolicy) -> bool {
    one.document == other.document && one.held.is_known() == other.held.is_known()
}

fn in_words(source: &PolicySource) -> String {
    match source {
        PolicySource::Inline(name) => format!("inline policy {name}"),
        PolicySource::Managed(arn) => {
            format!("policy {}", arn.rsplit('/').next().unwrap_or_default())
        }
    }
}

fn is_cap_known(boundary: &Fact<Option<Boundary>>) -> bool {
    match boundary {
        Fact::Known { value: Some(boundary), .. } => why_unknown(&boundary.document).is_none(),
        Fact::Known { value: None, .. } => true,
        Fact::Unknown { .. } => false,
    }
}

fn scps_by_name(scps: &Scps) -> BTreeMap<(Arc<str>, Arc<str>), &Fact<PolicyText>> {
    let named = scps.levels.iter().flat_map(|level| {
        let policies = level.policies.iter();
        policies.map(|(name, text)| ((level.target.clone(), name.clone()), text))
    });
    named.collect()
}

/// Whether a boundary that nobody saw is gone or another now, so that all that is left may be a gain.
pub(super) fn releases_the_unknown(before: Option<&Standing>, after: Option<&Standing>) -> bool {
    let (Some(before), Some(after)) = (before, after) else { return false };
    if is_cap_known(&before.boundary) || !is_cap_known(&after.boundary) {
        return false;
    }
    let (was_bound, is_bound) = (before.boundary.is_known(), &after.boundary);
    match is_bound {
        Fact::Known { value: None, .. } => true,
        // A boundary that is put on somebody of whom nothing is known narrows, as far as anyone can tell.
        Fact::Known { value: Some(_), .. } => was_bound,
        Fact::Unknown { .. } => false,
    }
}

/// Whether the same documents count: then nothing can have moved that is not known.
pub(super) fn is_same_text(before: &Standing, after: &Standing) -> bool {
    before.held.policies == after.held.policies
        && before.boundary == after.boundary
        && before.scps.same(&after.scps)
}
