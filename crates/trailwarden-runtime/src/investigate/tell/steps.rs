//! The steps of the timeline, with their words.

use std::collections::BTreeMap;

use trailwarden_record::row::ActionId;

use super::super::collect::{Group, Told};
use super::super::judged::Judged;
use super::super::story::{Step, StepKind};
use super::super::words::Words;
use super::Teller;

/// How many targets and events of one step are listed.
const LISTED_MAX: usize = 5;

impl Teller<'_> {
    pub(super) fn steps(&self) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        // Calls alike on one target, which no effect tells apart, are one step.
        let mut alike: BTreeMap<(usize, StepKind, u32, String), usize> = BTreeMap::new();
        for told in &self.collected.told {
            let words = self.words.get(&told.row.place);
            let is_plain = told.judged == Judged::default() && told.kind != StepKind::DoneTo;
            let target = words.and_then(|words| words.target.clone()).unwrap_or_default();
            let key = (told.who, told.kind, told.row.action.0, target);
            if is_plain && let Some(known) = alike.get(&key).and_then(|at| steps.get_mut(*at)) {
                known.count += 1;
                known.last_time = told.row.time();
                if known.event_ids.len() < LISTED_MAX {
                    known.event_ids.extend(words.map(|words| words.event_id.clone()));
                }
                continue;
            }
            if is_plain {
                alike.insert(key, steps.len());
            }
            steps.push(self.step(told, words));
        }
        for ((who, kind, action), group) in &self.collected.groups {
            steps.push(self.group(*who, *kind, *action, group));
        }
        steps.sort_by_key(|step| step.time);
        steps
    }

    fn step(&self, told: &Told, words: Option<&Words>) -> Step {
        let action = self.actions.get(told.row.action);
        let Judged { sentence, effect, grade_before, grade_after, .. } = told.judged.clone();
        Step {
            time: told.row.time(),
            last_time: told.row.time(),
            kind: told.kind,
            identity: u32::try_from(told.who).unwrap_or(u32::MAX),
            service: action.service,
            event_name: action.name,
            count: 1,
            targets: words.and_then(|words| words.target.clone()).into_iter().collect(),
            account: told.row.account_id().map(|account| account.to_string()),
            outcome: told.row.flags.outcome(),
            error_code: None,
            address: words.map(|words| words.address.clone()).filter(|text| !text.is_empty()),
            event_ids: words.map(|words| words.event_id.clone()).into_iter().collect(),
            sentence,
            effect,
            grade_before,
            grade_after,
            authorized: None,
        }
    }

    fn group(&self, who: usize, kind: StepKind, action: ActionId, group: &Group) -> Step {
        let action = self.actions.get(action);
        let words: Vec<&Words> =
            group.samples.iter().filter_map(|place| self.words.get(place)).collect();
        let mut targets: Vec<String> = Vec::new();
        for target in words.iter().filter_map(|words| words.target.as_ref()) {
            if !targets.contains(target) {
                targets.push(target.clone());
            }
        }
        let error = words.first().map(|words| words.error_code.clone());
        Step {
            time: group.first.time(),
            last_time: group.last,
            kind,
            identity: u32::try_from(who).unwrap_or(u32::MAX),
            service: action.service,
            event_name: action.name,
            count: group.count,
            targets,
            account: group.first.account_id().map(|account| account.to_string()),
            outcome: group.first.flags.outcome(),
            error_code: error.filter(|text| !text.is_empty()),
            address: words.first().map(|words| words.address.clone()),
            event_ids: words.iter().map(|words| words.event_id.clone()).collect(),
            sentence: None,
            effect: None,
            grade_before: None,
            grade_after: None,
            authorized: None,
        }
    }
}
