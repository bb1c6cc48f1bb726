//! What change policies say of the steps of a story: the same that `changes` says of the same records.

use std::collections::HashMap;
use std::sync::Arc;

use trailwarden_authorize::Policies;
use trailwarden_model::finding::Authorized;
use trailwarden_runtime::authorization::{said, together};
use trailwarden_runtime::config::Config;
use trailwarden_runtime::investigate::{Investigation, Options};
use trailwarden_runtime::scan::Progress;

use super::gather::Wanted;
use crate::cli::scan::user_folder;

/// Asks about each step that is a change. All records are read once more, since what came before a change
/// tells what was there and who was behind it.
pub(crate) fn judge(
    story: &mut Investigation,
    policies: &Policies,
    options: Options,
    progress: &Arc<Progress>,
) -> anyhow::Result<()> {
    let config = Config::find(None, user_folder().as_deref())?;
    let Options { input, baselines, until, accounts, limits, threads, .. } = options;
    let wanted =
        Wanted { until, accounts, limits, threads, ..Wanted::of(input, baselines, &config) };
    let asked = wanted.gather(progress)?.asked;
    let mut by_event: HashMap<(&str, &str), Vec<Authorized>> = HashMap::new();
    for one in &asked {
        let name = one.action.split_once(':').map_or("", |(_, name)| name);
        let answer = said(&policies.decide(one));
        by_event.entry((one.event_id.as_str(), name)).or_default().push(answer);
    }
    for step in &mut story.timeline {
        let answers =
            step.event_ids.iter().map(|id| by_event.get(&(id.as_str(), &*step.event_name)));
        // Of a group not all events are listed; of what is not, nothing is said.
        let answers: Option<Vec<&Vec<Authorized>>> = answers.collect();
        let is_whole = step.event_ids.len() as u64 == step.count;
        step.authorized = answers
            .filter(|all| is_whole && !all.is_empty())
            .map(|all| together(all.into_iter().flatten()));
    }
    Ok(())
}
