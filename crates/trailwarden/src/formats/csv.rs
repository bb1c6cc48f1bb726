//! CSV: one row per finding, for a spreadsheet.
//!
//! A spreadsheet runs a cell that begins like a formula, and an IAM name may begin with `=`. Such
//! cells get an apostrophe in front, which spreadsheets read as "this is text".

use std::io;

use trailwarden_model::finding::{Effect, Party, PrincipalEffect};
use trailwarden_model::{Finding, Outcome, Report, escape};

use super::authorized;

/// Name and content of a column.
type Column = (&'static str, fn(&Finding) -> String);

const COLUMNS: &[Column] = &[
    ("id", |f| f.id.clone()),
    ("rule", |f| f.rule.clone()),
    ("kind", |f| f.kind.as_str().to_owned()),
    ("title", |f| f.title.clone()),
    ("severity", |f| f.severity.as_str().to_owned()),
    ("confidence", |f| f.confidence.as_str().to_owned()),
    ("status", |f| f.status.as_str().to_owned()),
    ("authorized", |f| authorized::authorization(f).unwrap_or_default()),
    ("outcome", |f| f.outcome.map(Outcome::as_str).unwrap_or_default().to_owned()),
    ("account", |f| known(&f.account)),
    ("region", |f| known(&f.region)),
    ("first_time", |f| f.first_time.to_string()),
    ("last_time", |f| f.last_time.to_string()),
    ("actor_kind", |f| known(&f.actor.kind)),
    ("actor_arn", |f| known(&f.actor.arn)),
    ("actor_name", |f| known(&f.actor.name)),
    ("actor_address", |f| known(&f.actor.address)),
    ("actor_access_key", |f| known(&f.actor.access_key)),
    ("target_kind", |f| known(&f.target.kind)),
    ("target_arn", |f| known(&f.target.arn)),
    ("target_name", |f| target_name(&f.target)),
    ("grades", |f| grades(f.effect.as_ref())),
    ("gained", |f| gained(f.effect.as_ref())),
    ("lost", |f| lost(f.effect.as_ref())),
    ("paths_opened", |f| paths(f.effect.as_ref())),
    ("unknowns", |f| unknowns(f.effect.as_ref())),
    ("explanation", |f| f.explanation.clone()),
    ("risk", |f| f.risk.clone()),
    ("attack", |f| joined(f.attack.iter().map(|attack| &attack.technique))),
    ("evidence_total", |f| f.evidence_total.to_string()),
    ("event_ids", |f| joined(f.evidence.iter().map(|record| &record.event_id))),
];

/// A header row, then one row per finding.
pub(super) fn write(report: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    let mut writer = ::csv::Writer::from_writer(out);
    writer.write_record(COLUMNS.iter().map(|(name, _)| name)).map_err(of_kind)?;
    for finding in &report.findings {
        let cells = COLUMNS.iter().map(|(_, content)| cell(&content(finding)));
        writer.write_record(cells).map_err(of_kind)?;
    }
    writer.flush()
}

/// The error behind a CSV error: whoever asks for its kind, such as that of a closed pipe, must see it.
pub(super) fn of_kind(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

/// Text that no spreadsheet takes for a formula and no terminal for a command.
pub(super) fn cell(text: &str) -> String {
    let visible = escape::visible(text);
    // Spreadsheets skip blanks before a formula, and some know the full-width signs too.
    let first = text.trim_start_matches([' ', '\u{a0}', '\u{3000}']).chars().next();
    let is_formula = matches!(
        first,
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
    );
    if is_formula { format!("'{visible}") } else { visible.into_owned() }
}

pub(super) fn known(part: &Option<String>) -> String {
    part.clone().unwrap_or_default()
}

/// A target without a name, such as a lone access key, is called by what is known of it.
pub(super) fn target_name(target: &Party) -> String {
    target
        .name
        .as_ref()
        .or(target.access_key.as_ref())
        .or(target.id.as_ref())
        .cloned()
        .unwrap_or_default()
}

/// `arn: read -> privesc; ...`.
fn grades(effect: Option<&Effect>) -> String {
    of_principals(effect, |one| format!("{} -> {}", one.grade_before, one.grade_after))
}

fn gained(effect: Option<&Effect>) -> String {
    of_principals(effect, |one| one.gained.join(", "))
}

fn lost(effect: Option<&Effect>) -> String {
    of_principals(effect, |one| one.lost.join(", "))
}

/// What each principal has of something, by its ARN; those that have nothing of it are left out.
fn of_principals(effect: Option<&Effect>, part: fn(&PrincipalEffect) -> String) -> String {
    let principals = effect.into_iter().flat_map(|effect| &effect.principals);
    let told = principals.map(|one| (one, part(one))).filter(|(_, text)| !text.is_empty());
    told.map(|(one, text)| format!("{}: {text}", one.arn)).collect::<Vec<_>>().join("; ")
}

fn paths(effect: Option<&Effect>) -> String {
    let paths = effect.into_iter().flat_map(|effect| &effect.paths_opened);
    let told = paths.map(|path| {
        let conditions = match path.conditions.as_slice() {
            [] => String::new(),
            all => format!(", if {}", all.join(" and ")),
        };
        format!("{}: {} -> {}{conditions}", path.technique, path.from, path.to)
    });
    told.collect::<Vec<_>>().join("; ")
}

fn unknowns(effect: Option<&Effect>) -> String {
    effect.map(|effect| effect.unknowns.join("; ")).unwrap_or_default()
}

/// The cells of an effect: grades, gained, lost, paths opened, unknowns.
pub(super) fn effect_cells(effect: Option<&Effect>) -> [String; 5] {
    [grades(effect), gained(effect), lost(effect), paths(effect), unknowns(effect)]
}

fn joined<'a>(parts: impl Iterator<Item = &'a String>) -> String {
    parts.map(String::as_str).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A pipe whose reader has gone.
    struct Closed;

    impl io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_closed_pipe_is_seen_as_such() {
        let mut report = crate::formats::testkit::tame_report();
        // More than the writer holds back, so that the error comes from a row and not from the end.
        report.findings = vec![crate::formats::testkit::plain_finding(); 100];
        let error = write(&report, &mut Closed).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }

    #[test]
    fn formulas_become_text_and_text_stays() {
        assert_eq!(cell("=cmd|' /C calc'!A0"), "'=cmd|' /C calc'!A0");
        for text in ["+1", "-1", "@sum", "\tx", "\rx", " =x", "＝x"] {
            assert!(cell(text).starts_with('\''), "{text:?}");
        }
        assert_eq!(cell("alice=admin"), "alice=admin");
        assert_eq!(cell("a\nb"), "a\\u{a}b");
    }
}
