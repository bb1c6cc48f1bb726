//! `trailwarden diff`: what a change of policies gives and takes, in words.

mod judge;
mod pairs;
mod subject;
mod text;
mod wire;

use anyhow::bail;
use clap::Args as ClapArgs;
use trailwarden_policy::PolicyKind;

use self::judge::Judged;
use self::pairs::Pair;
use super::policy::source::{self, NAMING, Policy};
use super::policy::{files, kind_in_words, kind_parser};
use super::{Colour, Exit, terminal, to_stdout};

const EXAMPLES: &str = "\
Examples:
  trailwarden diff old.json new.json                  what the new one gives and takes
  trailwarden diff old.json new.json --full           every action by its name
  trailwarden diff old.json - --fail-on-gain          for CI: exit code 1 when anything is gained
  trailwarden diff before.tfplan.json after.tfplan.json
  trailwarden diff scp-old.json scp-new.json --kind scp
  trailwarden diff arn:aws:iam::aws:policy/PowerUserAccess arn:aws:iam::aws:policy/ReadOnlyAccess

Exit codes: 0 done; 1 something is gained, with --fail-on-gain; 2 usage, a policy could not be
read, or the two are of different kinds; 3 done, but a part could not be read or is not known.";

/// What a change of policies gives and takes, in words
///
/// Two documents are compared by what they allow, not by how they are written: order, splitting and
/// spelling do not count, a narrowed grant is not gained, and a Deny or a condition that went away
/// is. Of files with several policies, those of the same name are compared.
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES, after_long_help = format!("{NAMING}\n\n{EXAMPLES}"))]
pub(crate) struct Args {
    /// The policies before
    #[arg(value_name = "OLD")]
    old: String,

    /// The policies after
    #[arg(value_name = "NEW")]
    new: String,

    /// What kind of policies they are; else told by the place, else by their form
    #[arg(long, value_name = "KIND", value_parser = kind_parser())]
    kind: Option<PolicyKind>,

    /// Every action, resource and condition instead of a summary
    #[arg(long)]
    full: bool,

    /// Exit with 1 when anything is gained
    #[arg(long)]
    fail_on_gain: bool,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(crate) fn run(args: &Args, colour: Colour) -> anyhow::Result<Exit> {
    if args.old == "-" && args.new == "-" {
        bail!("standard input can be given once; name a file for the other policy");
    }
    let (mut old, mut new) = (source::load(&args.old)?, source::load(&args.new)?);
    let mut is_partial = false;
    let lost = old.policies.iter().chain(&new.policies).flat_map(Policy::unread);
    for unread in lost {
        terminal::warn(&format!("{unread}; the rest of the policy is compared without it"));
        is_partial = true;
    }
    // A policy that is not known on one side was neither added nor removed.
    let mut not_known = Vec::new();
    for (name, cause) in old.unread.into_iter().chain(new.unread) {
        terminal::warn(&format!("{cause}; it is not compared"));
        old.policies.retain(|policy| policy.name != name);
        new.policies.retain(|policy| policy.name != name);
        if !not_known.contains(&name) {
            not_known.push(name);
        }
        is_partial = true;
    }
    let mut pairs = pairs::of(old.policies, new.policies);
    if args.kind.is_none() {
        let conflicts = take_conflicts(&mut pairs)?;
        is_partial |= !conflicts.is_empty();
        not_known.extend(conflicts);
    }
    for pair in pairs.iter().filter(|pair| pair.open_differs()) {
        terminal::warn(&format!(
            "{}: values that only deployment knows are not the same before and after; they are \
             compared as if they were",
            pair.label()
        ));
        is_partial = true;
    }
    let mut judged: Vec<Judged> =
        pairs.into_iter().map(|pair| Judged::of(pair, args.kind)).collect();
    is_partial |= judged.iter().any(Judged::is_doubtful);
    judged.extend(not_known.into_iter().map(Judged::not_known));
    if args.json {
        to_stdout(|out| wire::write(&judged, out))?;
    } else {
        let (old, new) = (files::shown(&args.old), files::shown(&args.new));
        to_stdout(|out| text::write(&judged, (old, new), args.full, colour, out))?;
    }
    Ok(if args.fail_on_gain && judged.iter().any(Judged::gains) {
        Exit::Found
    } else if is_partial {
        Exit::Partial
    } else {
        Exit::Done
    })
}

/// Takes out the pairs whose two policies are of different kinds, and says so. A single pair is all
/// that was asked for, so that is an error.
fn take_conflicts(pairs: &mut Vec<Pair>) -> anyhow::Result<Vec<String>> {
    let is_single = pairs.len() == 1;
    let mut names = Vec::new();
    for (pair, (before, after)) in pairs.iter().filter_map(|pair| Some((pair, pair.conflict()?))) {
        let (before, after) = (kind_in_words(before), kind_in_words(after));
        if is_single {
            let label =
                |policy: &Option<Policy>| policy.as_ref().map_or_else(String::new, Policy::label);
            let (old, new) = (label(&pair.old), label(&pair.new));
            bail!(
                "`{old}` is {before} and `{new}` is {after}; policies of different kinds cannot be \
                 compared. If they are of one kind, give it with --kind"
            );
        }
        let name = pair.label();
        terminal::warn(&format!("{name}: {before} before, {after} after; it is not compared"));
        names.push(name);
    }
    pairs.retain(|pair| pair.conflict().is_none());
    Ok(names)
}
