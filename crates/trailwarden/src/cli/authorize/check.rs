//! `authorize check`: whether a folder loads, and what each of its policies does.

use std::io;
use std::path::PathBuf;

use clap::Args as ClapArgs;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use trailwarden_authorize::bounds::Bound;
use trailwarden_authorize::suggest::text::counted;
use trailwarden_authorize::{PolicyEffect, PolicyInfo};

use super::facts::safe;
use crate::cli::output::print_json;
use crate::cli::policy::page::{BOLD, DIM, PLAIN, Page};
use crate::cli::{Colour, Exit, change_policies, to_stdout};
use crate::formats::answer_schema;

pub(super) const EXAMPLES: &str = "\
Examples:
  trailwarden authorize check policies/
  trailwarden authorize check policies/ --json | jq '.policies[] | select(.bound.unbounded)'

Exit codes: 0 all is well; 2 usage, or a fault in the policies.";
const SCHEMA: &str = "trailwarden.authorize-check/1";

/// What to load.
#[derive(ClapArgs, Debug)]
pub(crate) struct Args {
    /// Folder of change policies
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// The policies of a folder (`authorize check --json`).
#[derive(Serialize, JsonSchema)]
pub(crate) struct Wire {
    /// Always `trailwarden.authorize-check/1`.
    schema: &'static str,
    /// The policies, in the order of files and lines.
    policies: Vec<PolicyInfo>,
}

impl Wire {
    /// The JSON Schema of it.
    pub(crate) fn schema() -> Value {
        answer_schema::<Self>(SCHEMA)
    }
}

/// Runs the command.
pub(super) fn run(args: &Args, colour: Colour) -> anyhow::Result<Exit> {
    let policies = change_policies::load(&args.folder)?.listed();
    if args.json {
        print_json(&Wire { schema: SCHEMA, policies })?;
        return Ok(Exit::Done);
    }
    to_stdout(|out| {
        let page = &mut Page::new(out, colour);
        policies.iter().try_for_each(|policy| show(page, policy))?;
        let count = |effect| policies.iter().filter(|policy| policy.effect == effect).count();
        let (permits, forbids) = (count(PolicyEffect::Permit), count(PolicyEffect::Forbid));
        page.hanging(
            BOLD,
            "",
            0,
            &format!(
                "{}, {}; all of them load",
                counted(permits as u64, "permit"),
                counted(forbids as u64, "forbid")
            ),
        )
    })?;
    Ok(Exit::Done)
}

fn show(page: &mut Page<'_>, policy: &PolicyInfo) -> io::Result<()> {
    let PolicyInfo { id, effect, annotations, file, line, bound } = policy;
    page.hanging(BOLD, "", 2, &format!("{}: {}", effect.as_str(), safe(id)))?;
    page.hanging(DIM, "  ", 2, &safe(&format!("{file}, line {line}")))?;
    for (name, text) in
        annotations.iter().filter(|(name, _)| !matches!(name.as_str(), "id" | "unbounded"))
    {
        page.hanging(PLAIN, "  ", 4, &safe(&format!("{name}: {text}")))?;
    }
    match bound {
        Bound::NotNeeded => Ok(()),
        Bound::Unbounded { reason } => {
            page.hanging(PLAIN, "  ", 4, &safe(&format!("without a bound, because: {reason}")))
        }
        Bound::Effect { limits } => page.hanging(
            PLAIN,
            "  ",
            4,
            &safe(&format!("bounded by effect: {}", limits.join("; or "))),
        ),
    }
}
