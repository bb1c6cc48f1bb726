//! `trailwarden paths`: who can become whom, by logs and baselines.

mod drawing;
mod found;
mod text;
mod unseen;
mod wire;

use clap::{Args as ClapArgs, ValueEnum};
use trailwarden_account::graph::{Graph, Node};

use self::found::{Found, Goal};
use self::unseen::Unseen;
use super::output::{FormatArgs, print_json};
use super::state::{AtArgs, find};
use super::{Colour, Exit, terminal, to_stdout};

pub(crate) use found::deed;
pub(crate) use wire::Wire;

const EXAMPLES: &str = "\
Examples:
  trailwarden paths --logs logs/                        everybody's shortest way to administrator
  trailwarden paths --source alice --logs logs/         every first step that alice has
  trailwarden paths --target role/payroll --baseline account.json
  trailwarden paths --logs logs/ --format dot | dot -Tsvg > paths.svg
  trailwarden paths --logs logs/ --format mermaid       to paste into a ticket
  trailwarden paths --baseline account.json --fail-on-path    for CI

Exit codes: 0 done; 1 there is a certain path, with --fail-on-path; 2 usage, or nothing could be read;
3 done, but some input could not be read, or not all users and roles or not all of somebody's policies
are known, so that there may be more ways.";

/// Ways to more permissions: who can become administrator, or anybody else
///
/// Joins all principals by the techniques of privilege escalation, each proven against the very
/// target: its trust policy, its boundary, the policies of the organization. What depends on something
/// that is not known makes a step conditional, and the step says on what.
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Whose ways: an ARN or a name; else everybody's
    #[arg(long, value_name = "PRINCIPAL")]
    source: Option<String>,

    /// To whom: an ARN or a name; else to administrator
    #[arg(long, value_name = "PRINCIPAL")]
    target: Option<String>,

    /// Only ways that depend on nothing unknown
    #[arg(long)]
    certain: bool,

    /// Exit with 1 when there is a certain path
    #[arg(long)]
    fail_on_path: bool,

    #[command(flatten)]
    format: FormatArgs<Format>,

    #[command(flatten)]
    at: AtArgs,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// For a person at a terminal
    Table,
    /// One JSON object
    Json,
    /// Graphviz
    Dot,
    /// Mermaid, as in Markdown
    Mermaid,
}

/// Runs the command.
pub(crate) fn run(args: &Args, colour: Colour) -> anyhow::Result<Exit> {
    let instant = args.at.read()?;
    let (state, models) = (&instant.state, &instant.models);
    let node = |text: &str| -> anyhow::Result<Node> {
        let named = find(models, &state.accounts, text)?;
        Ok(Node::Identity(named.account, named.id))
    };
    let source = args.source.as_deref().map(node).transpose()?;
    let goal = match args.target.as_deref().map(node).transpose()? {
        Some(target) => Goal::Identity(target),
        None => Goal::Administrator,
    };
    let graph = Graph::of(instant.world(None));
    if graph.is_truncated() {
        terminal::warn("there are more steps than fit into memory, so some paths may be missing");
    }
    let accounts = state.asked(models).map(trailwarden_account::Model::account).collect();
    let names = found::Names::of(models);
    let mut found = Found::of(&graph, source.as_ref(), goal, &accounts, &names);
    if args.certain {
        found.paths.retain(|path| path.certainty().is_yes());
    }
    // Who may hold more than was seen may have ways that nobody sees.
    let unseen = Unseen::of(state.asked(models));
    match args.format.chosen() {
        Format::Table => {
            let sources = instant.sources();
            to_stdout(|out| text::write(&found, &unseen, &names, &sources, out, colour))?;
        }
        Format::Json => {
            let truncated = graph.is_truncated();
            print_json(&Wire::of(&found, &unseen, &names, truncated, instant.wire()))?;
        }
        Format::Dot => to_stdout(|out| drawing::dot(&found, &names, out))?,
        Format::Mermaid => to_stdout(|out| drawing::mermaid(&found, &names, out))?,
    }
    let is_partial = state.is_partial() || graph.is_truncated() || !unseen.is_empty();
    let is_certain = found.paths.iter().any(|path| path.certainty().is_yes());
    Ok(if args.fail_on_path && is_certain {
        Exit::Found
    } else if is_partial {
        Exit::Partial
    } else {
        Exit::Done
    })
}
