//! What a change made unknown. A document that became unknown takes nothing away.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::access::Standing;
use crate::fact::Fact;
use crate::query::Boundary;

/// What became unknown.
#[derive(Default)]
pub(super) struct Doubts {
    /// In words.
    pub lines: Vec<String>,
    /// Whether something that counted before is not known any more, so that a comparison would take
    /// ignorance for a loss, or a Deny that is no longer seen for a gain.
    pub hides_the_difference: bool,
}

pub(super) fn between(before: Option<&Standing>, after: Option<&Standing>) -> Doubts {
    let mut doubts = Doubts::default();
    let Some(after) = after else { return doubts };
    doubts.documents(before, after);
    let Some(before) = before else { return doubts };
    let name = &after.principal.label;
    if is_cap_known(&before.boundary) && !is_cap_known(&after.boundary) {
        doubts.hides_the_difference = true;
        doubts.lines.push(format!("boundary of {name}"));
    }
    if scps_became_unknown(before, after) {
        doubts.hides_the_difference = true;
        doubts.lines.push(format!("service control policies over {name}"));
    }
    doubts
}

impl Doubts {
    fn documents(&mut self, before: Option<&Standing>, after: &Standing) {
        let held = before.iter().flat_map(|before| &before.held.policies);
        let known: BTreeMap<_, bool> = held
            .map(|held| ((&held.source, held.through.as_ref()), held.document.is_known()))
            .collect();
        for held in &after.held.policies {
            let Some(why) = held.document.why() else { continue };
            let was_known = known.get(&(&held.source, held.through.as_ref()));
            if was_known == Some(&false) {
                continue;
            }
            self.hides_the_difference |= was_known == Some(&true);
            let (source, name) = (held.source.name(), &after.principal.label);
            self.lines.push(format!("{source} of {name}: {}", why.as_str()));
        }
    }
}

fn is_cap_known(boundary: &Fact<Option<Boundary>>) -> bool {
    match boundary {
        Fact::Known { value: Some(boundary), .. } => boundary.document.is_known(),
        Fact::Known { value: None, .. } => true,
        Fact::Unknown { .. } => false,
    }
}

/// Whether the document of a service control policy is not known any more.
fn scps_became_unknown(before: &Standing, after: &Standing) -> bool {
    let all = |standing: &Standing| -> BTreeMap<(Arc<str>, Arc<str>), bool> {
        let levels = standing.scps.levels.iter();
        let named = levels.flat_map(|level| {
            let policies = level.policies.iter();
            policies.map(|(name, text)| ((level.target.clone(), name.clone()), text.is_known()))
        });
        named.collect()
    };
    let now = all(after);
    all(before).iter().any(|(key, was_known)| *was_known && now.get(key) == Some(&false))
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
