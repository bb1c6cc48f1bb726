//! `trailwarden explain`: what a name means, from the catalogue and from the units themselves.
//!
//! A [`Topic`] is anything with a name that findings, plans and answers use. Each
//! becomes a [`Page`], which is printed for people, as Markdown or as JSON.

pub(crate) mod attack;
pub(crate) mod concerns;
mod detection;
mod events;
pub(crate) mod page;
mod print;
pub(crate) mod responses;
mod rules;
#[cfg(test)]
mod samples;
mod sigma;
pub(crate) mod topics;
mod units;
mod wire;

use std::io;
use std::path::PathBuf;

use anyhow::bail;
use clap::{Args as ClapArgs, ValueEnum};

use self::page::Page;
use self::responses::Form;
use self::topics::Topic;
pub(crate) use self::wire::{Named, Told};
use super::output::{FormatArgs, print_json};
use super::{Colour, Exit, terminal, to_stdout};

const EXAMPLES: &str = "\
Examples:
  trailwarden explain UpdateUser                 an event, of every service that has one of this name
  trailwarden explain iam:PutGroupPolicy         an event of one service
  trailwarden explain trail-stopped-or-deleted   a detection, a check or a remediation by its id
  trailwarden explain iam-001                    a way to more permissions
  trailwarden explain aws:PrincipalOrgID         a condition key
  trailwarden explain T1098.003                  a technique of ATT&CK
  trailwarden explain log-file-changed           any other rule that a finding names
  trailwarden explain PutGroupPolicy --as cli    how to respond, as a script of the AWS CLI
  trailwarden explain PutGroupPolicy --format markdown > page.md
  trailwarden explain --rules sigma/ TITLE       a Sigma rule, by its id, name or title
  trailwarden explain --list                     every name that can be explained

Exit codes: 0 done; 2 there is no such name; 3 some Sigma rules could not be used.";

/// What an event, detection, check, technique, remediation, condition key or rule means
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

    /// Only how to respond, in this form: by examples with invented names
    #[arg(long = "as", value_enum, value_name = "FORM", conflicts_with_all = ["format", "json", "list"])]
    form: Option<Form>,

    /// Folder or file of Sigma rules to know as well; may be repeated
    #[arg(long, value_name = "DIR")]
    rules: Vec<PathBuf>,

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
    let mut topics = topics::all();
    let (_, set, exit) = super::rules::load(&args.rules)?;
    topics.extend(set.rules().iter().map(|info| Topic::Sigma(Box::new(info.clone()))));
    let Some(name) = &args.name else {
        list(&topics, args.output.chosen())?;
        return Ok(exit);
    };
    if !topics.iter().any(|topic| topic.is_named(name)) && name.contains(':') {
        topics.extend(topics::key(name));
    }
    let named: Vec<&Topic> = topics.iter().filter(|topic| topic.is_named(name)).collect();
    if named.is_empty() {
        let offered = topics::similar(&topics, name, OFFERED);
        match offered.as_slice() {
            [] => bail!("nothing is named `{name}`; `trailwarden explain --list` prints all names"),
            similar => bail!("nothing is named `{name}`; there is {}", similar.join(", ")),
        }
    }
    let pages: Vec<Page> = named.into_iter().map(Topic::page).collect();
    if let Some(form) = args.form {
        respond(name, &pages, form)?;
        return Ok(exit);
    }
    match args.output.chosen() {
        Format::Json => print_json(&Told::of(&pages))?,
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
    Ok(exit)
}

/// Prints how to respond, in one form.
fn respond(name: &str, pages: &[Page], form: Form) -> anyhow::Result<()> {
    let told = pages.iter().flat_map(|page| responses::in_form(&page.responses, form));
    let told: Vec<String> = told.collect();
    if told.is_empty() {
        bail!("no remediation of `{name}` has a plan; leave out --as to read what there is");
    }
    to_stdout(|out| out.write_all(told.join("\n").as_bytes()))?;
    Ok(())
}

/// Prints every name.
fn list(topics: &[Topic], format: Format) -> io::Result<()> {
    let named = Named::of(topics);
    if format == Format::Json {
        return print_json(&named);
    }
    to_stdout(|out| {
        let width =
            named.names.iter().map(|one| one.name.chars().count()).max().unwrap_or_default();
        named.names.iter().try_for_each(|one| {
            writeln!(out, "{:<16}  {:<width$}  {}", one.kind, one.name, one.title)
        })
    })
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
