//! A suggestion in a summary: what is covered, by what, and the handful that is left.

use std::io;
use std::path::Path;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use trailwarden_authorize::Grade;
use trailwarden_authorize::suggest::{
    self as of, Entry, Left, Permit, Place, Seen, Suggestion,
    text::{self, are, counted},
};
use trailwarden_model::escape::visible;
use trailwarden_model::{Severity, Timestamp};

use crate::cli::authorize::facts::safe;
use crate::cli::policy::page::{BOLD, DIM, PLAIN, Page};
use crate::formats::answer_schema;

const SCHEMA: &str = "trailwarden.authorize-suggest/1";

/// A first set of permits (`authorize suggest --json`).
#[derive(Serialize, JsonSchema)]
pub(crate) struct Wire {
    /// Always `trailwarden.authorize-suggest/1`.
    schema: &'static str,
    /// How many changes there were.
    changes: u64,
    /// How many of them the permits cover.
    covered: u64,
    /// The time of the first change.
    first_time: Option<Timestamp>,
    /// The time of the last.
    last_time: Option<Timestamp>,
    /// The permits.
    permits: Vec<WirePermit>,
    /// What no permit covers, the gravest reason first.
    left: Vec<WireLeft>,
    /// The permits as Cedar.
    policies: String,
    /// The folder that was written; null when none was.
    folder: Option<String>,
}

/// A proposed permit.
#[derive(Serialize, JsonSchema)]
struct WirePermit {
    /// Its `@id`.
    id: String,
    /// ARN of who makes the changes.
    actor: String,
    /// Who stands behind: subjects, names or ARNs; empty for a user.
    behind: Vec<String>,
    /// The calls.
    actions: Vec<String>,
    /// The kind of their targets.
    target_kind: String,
    /// Which of them, in words.
    targets: String,
    /// The gravest grade that somebody may end with; null when nothing may move.
    grade: Option<Grade>,
    /// The gravest severity; null for none.
    severity: Option<Severity>,
    /// Whether everybody touched must end with a permissions boundary.
    boundary: bool,
    /// How many changes it covers.
    covers: u64,
    /// Event ids of some of them.
    examples: Vec<String>,
}

/// Changes that are left for one reason.
#[derive(Serialize, JsonSchema)]
struct WireLeft {
    /// Why: one of privesc_or_admin, opens_a_way, severe, self_change, crosses_account, public, root,
    /// credentials_or_logging, person, entrance_unknown, refused, effect_unknown, not_named_exactly, rare.
    why: &'static str,
    /// The same in words.
    told: String,
    /// How many.
    count: u64,
    /// The gravest of them.
    gravest: Vec<WireSeen>,
}

/// One change.
#[derive(Serialize, JsonSchema)]
struct WireSeen {
    /// CloudTrail's `eventID`.
    event_id: String,
    /// When.
    time: Timestamp,
    /// The call.
    action: String,
    /// Who: the name behind it, as far as known.
    actor: String,
    /// The target's name, or its kind.
    target: String,
    /// The gravest grade after it; null where the effect is not known.
    grade: Option<Grade>,
    /// Its severity by effect.
    severity: Option<Severity>,
}

impl Wire {
    /// The JSON Schema of it.
    pub(crate) fn schema() -> Value {
        answer_schema::<Self>(SCHEMA)
    }

    pub(super) fn of(suggestion: &Suggestion, folder: Option<&Path>) -> Self {
        Self {
            schema: SCHEMA,
            changes: suggestion.total,
            covered: suggestion.covered,
            first_time: suggestion.span.map(|(first, _)| first),
            last_time: suggestion.span.map(|(_, last)| last),
            permits: suggestion.permits.iter().map(WirePermit::of).collect(),
            left: suggestion.left.iter().map(WireLeft::of).collect(),
            policies: text::policies(suggestion),
            folder: folder.map(|folder| folder.display().to_string()),
        }
    }
}

impl WirePermit {
    fn of(permit: &Permit) -> Self {
        Self {
            id: permit.id.clone(),
            actor: permit.doer.arn.clone(),
            behind: behind(permit),
            actions: permit.actions.iter().cloned().collect(),
            target_kind: permit.on.kind.clone(),
            targets: place(&permit.on.place),
            grade: permit.bound.grade,
            severity: permit.bound.severity,
            boundary: permit.bound.boundary,
            covers: permit.seen.count,
            examples: permit.seen.examples.iter().map(|seen| seen.event_id.clone()).collect(),
        }
    }
}

impl WireLeft {
    fn of(left: &Left) -> Self {
        let gravest = left.gravest.iter().cloned().map(|seen| {
            let Seen { event_id, time, action, actor, target, grade, severity } = seen;
            WireSeen { event_id, time, action, actor, target, grade, severity }
        });
        Self {
            why: left.why.as_str(),
            told: left.why.told(left.count),
            count: left.count,
            gravest: gravest.collect(),
        }
    }
}

fn behind(permit: &Permit) -> Vec<String> {
    let names = permit.entries.iter().filter_map(|entry| match entry {
        Entry::Unknown => None,
        Entry::Pipeline { subject, .. } => Some(subject.clone()),
        Entry::Other { name, .. } => Some(name.clone()),
    });
    names.collect()
}

fn place(place: &Place) -> String {
    match place {
        Place::Below(path) => format!("below {path}"),
        Place::Named(name) => format!("named {name}"),
        Place::Beginning(prefix) => format!("named {prefix}*"),
        Place::Anywhere => "any".to_owned(),
    }
}

/// The whole in a sentence.
pub(super) fn sentence(suggestion: &Suggestion) -> String {
    let Suggestion { total, covered, permits, .. } = suggestion;
    let left = total - covered;
    format!(
        "Of {}, {covered} {} covered by {}; {left} {} left.",
        counted(*total, "change"),
        are(*covered),
        counted(permits.len() as u64, "permit"),
        are(left)
    )
}

/// What is told of a suggestion that was written.
pub(super) struct Told<'a> {
    pub(super) suggestion: &'a Suggestion,
    pub(super) folder: Option<&'a Path>,
    pub(super) paths: &'a [String],
    pub(super) args: &'a super::Args,
}

impl Told<'_> {
    /// Prints it.
    pub(super) fn print(&self, page: &mut Page<'_>) -> io::Result<()> {
        page.hanging(BOLD, "", 0, &sentence(self.suggestion))?;
        for doer in &self.suggestion.doers {
            page.blank()?;
            let of::OfDoer { arn, total, covered, .. } = doer;
            page.hanging(BOLD, "", 2, &safe(&format!("{arn}: {covered} of {total}")))?;
            let mine = self.suggestion.permits.iter().filter(|permit| permit.doer.arn == *arn);
            for permit in mine {
                page.hanging(PLAIN, &format!("{:>7}  ", permit.seen.count), 9, &line(permit))?;
            }
        }
        if !self.suggestion.left.is_empty() {
            page.blank()?;
            page.hanging(BOLD, "", 0, "Left to you")?;
        }
        for Left { why, count, gravest } in &self.suggestion.left {
            page.hanging(PLAIN, &format!("{count:>7}  "), 9, &why.told(*count))?;
            for seen in gravest {
                page.hanging(DIM, "           ", 13, &text::shown(seen))?;
            }
        }
        self.next(page)
    }

    fn next(&self, page: &mut Page<'_>) -> io::Result<()> {
        let Some(folder) = self.folder else {
            page.blank()?;
            let told = "Nothing was seen often enough to propose anything, so nothing was written.";
            return page.hanging(PLAIN, "", 0, told);
        };
        let told = safe(&folder.display().to_string());
        page.blank()?;
        page.hanging(PLAIN, "", 0, &format!("Written to {told}. Review every permit, then:"))?;
        // A command that is cut short is another one.
        let shell = |text: &str| visible(&quoted(text)).into_owned();
        let paths: Vec<String> = self.paths.iter().map(|path| shell(path)).collect();
        let (folder, paths) = (shell(&folder.display().to_string()), paths.join(" "));
        for command in [
            format!("authorize test {folder}"),
            format!("changes {paths} --change-policies {folder} --unauthorized"),
            format!("scan {paths} --change-policies {folder}"),
        ] {
            writeln!(page.out, "  trailwarden {command}")?;
        }
        let is_left = |why, least| {
            self.suggestion.left.iter().any(|left| left.why == why && left.count >= least)
        };
        if is_left(of::Why::Person, 10) && !self.args.people {
            page.hanging(PLAIN, "", 0, "`--people` proposes for people and IAM users as well.")?;
        }
        if is_left(of::Why::Unentered, 3) && !self.args.any_entrance {
            let told = "Give the logs of all regions, and those from before: the call that opened a session \
                        is among them. `--any-entrance` proposes for roles of which none is found, and \
                        permits whoever can enter them.";
            page.hanging(PLAIN, "", 0, told)?;
        }
        Ok(())
    }
}

/// A word for a shell, in quotes where it would otherwise be read as more.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// A permit in a line.
fn line(permit: &Permit) -> String {
    let actions = permit.actions.len();
    let calls = match permit.actions.first().filter(|_| actions == 1) {
        Some(action) => action.clone(),
        None => format!("{actions} calls"),
    };
    let from = behind(permit);
    let from = if from.is_empty() { String::new() } else { format!(", from {}", from.join(", ")) };
    let most = match permit.bound.grade {
        None => "nothing may move".to_owned(),
        Some(grade) => format!("up to grade {}", grade.as_str()),
    };
    let boundary = if permit.bound.boundary { ", within a boundary" } else { "" };
    safe(&format!(
        "{}: {calls} on {} {}, {most}{boundary}{from}",
        permit.id,
        permit.on.kind,
        place(&permit.on.place)
    ))
}
