//! What a call that failed would have done.

use trailwarden_model::Outcome;
use trailwarden_record::Event;
use trailwarden_record::row::{Order, Place};

use super::proven::completed;
use super::{Actor, Effect, judge_completed};
use crate::access::World;
use crate::entry::Entry;
use crate::gap::GapKind;
use crate::model::Model;

/// Judges a call that failed or was denied as if it had succeeded, on a copy of the model.
///
/// None when it would have changed nothing that the model holds, or when the record keeps its
/// parameters to itself, as CloudTrail does for many denied calls.
#[must_use]
pub fn judge_attempt(
    world: World<'_>,
    event: &Event,
    order: Order,
    place: Place,
) -> Option<Effect> {
    if event.outcome == Outcome::Succeeded || event.parameters_omitted() {
        return None;
    }
    let mut tried = event.clone();
    tried.outcome = Outcome::Succeeded;
    // Without a single parameter, everything that could be said is doubt.
    let text = event.value("requestParameters").map(ToString::to_string);
    text.filter(|text| text.len() > "{}".len() && text != "null")?;
    let entry = Entry::of(&tried, order, place)?;
    let mut model =
        world.model(entry.account).cloned().unwrap_or_else(|| Model::new(entry.account));
    model.last = None;
    model.baseline = None;
    let change = model.apply_entry(&entry)?;
    let supposed = completed(&change, false);
    let effect = judge_completed(world, &supposed, Actor::of(event).as_ref()).attempted();
    // What takes nothing and gives nothing for certain, and does not fit what was seen, would have
    // failed whoever had made it.
    let is_harmless = effect.severity().is_none();
    let is_unfit = change.after.gaps().len() > change.informed.gaps().len();
    let why = change.after.gaps().last().filter(|_| is_harmless && is_unfit).map(|gap| gap.kind);
    Some(Effect { futile: why.map(in_vain), ..effect })
}

/// Why a call could not have worked, as far as anyone knows.
fn in_vain(kind: GapKind) -> &'static str {
    match kind {
        GapKind::MadeUnseen => "what it names is not there, as far as the logs show",
        GapKind::DeletedInUse => "what it deletes is in use, as far as the logs show",
        GapKind::MadeTwice | GapKind::Replaced | GapKind::Renamed => {
            "there is one of that name, as far as the logs show"
        }
    }
}
