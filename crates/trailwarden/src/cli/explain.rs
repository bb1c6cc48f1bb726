//! `trailwarden explain`: what a name means, from the catalogue and from the units themselves.
//!
//! A [`Topic`] is anything with a name that findings, plans and answers use. Each
//! becomes a [`Page`], which is printed for people, as Markdown or as JSON.

mod events;
mod page;
mod print;
mod topics;
mod units;

use anyhow::bail;
use clap::{Args as ClapArgs, ValueEnum};
use serde::Serialize;

use self::page::Page;
use self::topics::Topic;
use super::output::{FormatArgs, print_json};
use super::{Colour, Exit, terminal, to_stdout};

const EXAMPLES: &str = "\
Examples:
  trailwarden explain UpdateUser                 an event, of every service that has one of this name
  trailwarden explain iam:PutGroupPolicy         an event of one service
  trailwarden explain trail-stopped-or-deleted   a detection, a check or a remediation by its id
  trailwarden explain iam-001                    a way to more permissions
  trailwarden explain aws:PrincipalOrgID         a condition key
  trailwarden explain PutGroupPolicy --format markdown > page.md
  trailwarden explain --list                     every name that can be explained

Exit codes: 0 done; 2 there is no such name.";

/// What an event, detection, check, technique, remediation or condition key means
///
/// Case does not matter. A name that nothing has is answered with those that are most like it.
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The name
    #[arg(value_name = "NAME", required_unless_present = "list")]
    name: Option<String>,

    /// Print all names instead
    #[arg(long, conflicts_with = "name")]
    list: bool,

    #[command(flatten)]
    output: FormatArgs<Format>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    /// For people
    Table,
    /// For programs
    Json,
    /// For pages
    Markdown,
}

/// How many similar names are offered.
const OFFERED: usize = 5;

/// Runs the command.
pub(crate) fn run(args: &Args, colour: Colour) -> anyhow::Result<Exit> {
    let topics = topics::all();
    let Some(name) = &args.name else {
        return list(&topics, args.output.chosen());
    };
    let named: Vec<&Topic> = topics.iter().filter(|topic| topic.is_named(name)).collect();
    if named.is_empty() {
        let offered = topics::similar(&topics, name, OFFERED);
        match offered.as_slice() {
            [] => bail!("nothing is named `{name}`; `trailwarden explain --list` prints all names"),
            similar => bail!("nothing is named `{name}`; there is {}", similar.join(", ")),
        }
    }
    let pages: Vec<Page> = named.into_iter().map(Topic::page).collect();
    match args.output.chosen() {
        Format::Json => print_json(&Told { schema: SCHEMA, pages: &pages })?,
        Format::Markdown => to_stdout(|out| {
            let texts: Vec<String> = pages.iter().map(Page::to_markdown).collect();
            out.write_all(texts.join("\n").as_bytes())
        })?,
        Format::Table => {
            let style = print::Style {
                width: usize::from(terminal::stdout_width()),
                has_colour: terminal::stdout_colour(colour),
            };
            to_stdout(|out| pages.iter().try_for_each(|page| print::page(page, style, out)))?;
        }
    }
    Ok(Exit::Done)
}

/// The name of the answer for programs.
const SCHEMA: &str = "trailwarden.explain/1";

#[derive(Serialize)]
struct Told<'a> {
    schema: &'static str,
    pages: &'a [Page],
}

#[derive(Serialize)]
struct Named<'a> {
    kind: &'static str,
    name: &'a str,
    title: &'a str,
}

fn list(topics: &[Topic], format: Format) -> anyhow::Result<Exit> {
    let named = topics.iter().map(|topic| Named {
        kind: topic.kind(),
        name: topic.name(),
        title: topic.title(),
    });
    let named: Vec<Named<'_>> = named.collect();
    if format == Format::Json {
        print_json(&named)?;
        return Ok(Exit::Done);
    }
    to_stdout(|out| {
        let width = named.iter().map(|one| one.name.chars().count()).max().unwrap_or_default();
        named.iter().try_for_each(|one| {
            writeln!(out, "{:<14}  {:<width$}  {}", one.kind, one.name, one.title)
        })
    })?;
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_name_what_there_is() {
        let topics = topics::all();
        let named =
            EXAMPLES.lines().filter_map(|line| line.trim().strip_prefix("trailwarden explain "));
        let names: Vec<&str> = named.filter_map(|rest| rest.split(' ').next()).collect();
        assert!(names.len() > 4);
        for name in names.into_iter().filter(|name| !name.starts_with("--")) {
            assert!(topics.iter().any(|topic| topic.is_named(name)), "`{name}`");
        }
    }

    /// What `docs/source-coverage.md` sends its readers to: commands of ours, and names that `explain` knows.
    #[test]
    fn the_first_descriptions_are_answered_by_what_there_is() {
        use clap::CommandFactory;
        const PAGE: &str = include_str!("../../../../docs/source-coverage.md");
        let topics = topics::all();
        let command = crate::cli::Cli::command();
        let answers = PAGE.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").nth(1));
        let quoted = answers.flat_map(|answer| answer.split('`').skip(1).step_by(2));
        let mut seen = 0;
        for words in quoted {
            let words = words.trim_start_matches("explain ");
            if let Some(rest) = words.strip_prefix("trailwarden ") {
                let name = rest.split(' ').next().unwrap_or_default();
                assert!(command.find_subcommand(name).is_some(), "no command `{words}`");
            } else if let Some(beginning) = words.strip_suffix('*') {
                let mut names = topics.iter().map(Topic::name);
                assert!(
                    names.any(|name| name.starts_with(beginning)),
                    "nothing is named `{words}`"
                );
            } else if words.contains('-') || words.starts_with(char::is_uppercase) {
                assert!(
                    topics.iter().any(|topic| topic.is_named(words)),
                    "nothing is named `{words}`"
                );
            } else {
                continue;
            }
            seen += 1;
        }
        assert!(seen > 40, "{seen} names");
    }
}
