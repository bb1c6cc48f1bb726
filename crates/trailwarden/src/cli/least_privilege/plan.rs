//! A plan that puts the documents in place.

use std::path::Path;

use anyhow::{Context as _, ensure};
use trailwarden_account::snapshot::Depth;
use trailwarden_account::{Models, Snapshot};
use trailwarden_model::Timestamp;
use trailwarden_runtime::config::Config;
use trailwarden_runtime::remedies::{Known, Replacement, Replacing, replace};

use super::account::Told;
use super::proposal::{Outcome, Proposal};
use super::{Args, Read, snapshot_of};
use crate::cli::scan::user_folder;
use crate::cli::{terminal, time};

/// Writes the plan; returns why policies are not in it, a sentence for each.
pub(super) fn write(
    args: &Args,
    path: &Path,
    read: &Read,
    models: &Models,
    all: &mut [Told],
) -> anyhow::Result<Vec<String>> {
    ensure!(all.len() == 1, "a plan is for one account; choose it with --account");
    let told = all.first().context("there is no account")?;
    let model = models.get(told.account).context("nothing is known of the account")?;
    let empty;
    let snapshot = match snapshot_of(&read.snapshots, model) {
        Some(snapshot) => snapshot,
        None => {
            let never = Timestamp::from_seconds(0);
            empty = Snapshot::new(told.account, model.partition(), never, Depth::Packed);
            &empty
        }
    };
    ensure!(!snapshot.redacted, "the baseline is redacted; a plan needs the real names");
    let config = Config::find(args.config.as_deref(), user_folder().as_deref())?;
    let settings = config.settings(false)?;
    let known = Known {
        break_glass: &config.break_glass,
        organization: config.organization.as_deref(),
        accounts: &settings.accounts,
        usage: Some(&read.usage),
        ..Known::of(snapshot, models, time::now())
    };
    let mut refused = Vec::new();
    let (mut names, mut wanted) = (Vec::new(), Vec::new());
    for proposal in told.policies.values() {
        let name = label(proposal);
        match replacement(proposal) {
            Some(Ok(replacement)) => {
                names.push(name);
                wanted.push(replacement);
            }
            Some(Err(why)) => refused.push(format!("{name} is not in the plan: {why}")),
            None => {}
        }
    }
    let replaced = replace(known, &wanted);
    let whys = names.iter().zip(&replaced.refused);
    refused.extend(
        whys.filter_map(|(name, why)| {
            Some(format!("{name} is not in the plan: {}", why.as_ref()?))
        }),
    );
    match &replaced.plan {
        Some(plan) => std::fs::write(path, plan.to_json())
            .with_context(|| format!("cannot write `{}`", path.display()))?,
        None => terminal::warn("there is nothing to plan, so no plan is written"),
    }
    Ok(refused)
}

/// What is to be done with a policy; none where it stays as it is.
fn replacement(proposal: &Proposal) -> Option<Result<Replacement, String>> {
    let document = proposal.change()?;
    if let Outcome::Told(lean) = &proposal.outcome
        && lean.is_too_long()
    {
        return Some(Err(format!(
            "it would have {} characters, and {} are allowed; split it by hand",
            lean.size, lean.size_max
        )));
    }
    let holder = match &proposal.holder {
        None => None,
        Some(holder) => match &holder.arn {
            Some(arn) => Some(arn.clone()),
            None => return Some(Err(format!("the ARN of {} is not known", holder.label))),
        },
    };
    let policy = match proposal.is_inline {
        true => Replacing::Inline(proposal.name.clone()),
        false => Replacing::Managed(proposal.name.clone()),
    };
    Some(Ok(Replacement { holder, policy, document: document.map(str::to_owned) }))
}

fn label(proposal: &Proposal) -> String {
    match &proposal.holder {
        Some(holder) => format!("`{}` of {}", proposal.name, holder.label),
        None => format!("`{}`", proposal.name),
    }
}
