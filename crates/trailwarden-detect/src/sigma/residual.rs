//! How rules that name no event are decided: by excerpts of the record, or by its literals.

use super::expression::Expression;
use super::record::Field;
use super::sought::has_literals;
use super::steady::{Steady, is_varied};
use super::{FeedPlan, Rules};

/// Whether excerpts decide all that the rule says of a record.
pub(super) fn is_steady(logic: &Expression, feeds: &[FeedPlan]) -> bool {
    let steady = Steady::all();
    logic.asks_only(|field| steady.may_cover(field))
        && feeds.iter().flat_map(|plan| &plan.fields).all(|field| steady.may_cover(field))
        && !is_left_to_literals(logic)
}

/// Whether no excerpt is made for the rule: too many callers would each need one of their own.
fn is_left_to_literals(logic: &Expression) -> bool {
    !logic.asks_only(|field| !is_varied(field)) && has_literals(logic)
}

/// Has the excerpts hold what the residual rules and their correlations ask for: first those with the
/// early paths alone, then, where that adds something, those with all.
pub(super) fn cover_residual(rules: &mut Rules) {
    let Rules { index, logic, feeds, steady, .. } = rules;
    let mut asked: Vec<&Field> = Vec::new();
    for at in index.residual().iter().filter_map(|rule| usize::try_from(*rule).ok()) {
        let Some(logic) = logic.get(at).and_then(Option::as_ref) else { continue };
        if is_left_to_literals(logic) {
            continue;
        }
        logic.fields(&mut |field| asked.extend(field));
        let plans = feeds.get(at).map(Vec::as_slice).unwrap_or_default();
        asked.extend(plans.iter().flat_map(|plan| &plan.fields));
    }
    let (mut early, mut all) = (Steady::early(), Steady::all());
    asked.iter().for_each(|field| early.add(field));
    asked.iter().for_each(|field| all.add(field));
    let adds = asked.iter().any(|field| all.covers(field) && !early.covers(field));
    steady.push(early);
    steady.extend(adds.then_some(all));
}
