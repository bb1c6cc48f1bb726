//! The story at a terminal: who, what happened, what was read and refused, what is left.

use std::io;

use anstyle::{AnsiColor, Style as Paint};
use trailwarden_runtime::investigate::Investigation;
use trailwarden_runtime::investigate::story::{Identity, Relation, Stands, Step, StepKind};

use super::words;
use crate::formats::effect::{self, Bounds};
use crate::formats::page::{BOLD, DIM, PLAIN, Page};
use crate::formats::{Style, table, text};

/// Behind a number.
const WHO: &str = "      ";
/// Behind a time.
const RAIL: &str = "                     ";
/// Behind a standing.
/// Of what was gained by one step; the steps tell more.
const GAINS_SHOWN: usize = 2;
const STAND: &str = "           ";

/// Writes the story.
pub(super) fn write(
    story: &Investigation,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let mut page = Page::new(out, style);
    page.paragraph(BOLD, "", &words::title(story))?;
    if story.found {
        page.paragraph(PLAIN, "", &words::lead(story))?;
    } else {
        nobody(&mut page, story)?;
    }
    page.paragraph(DIM, "", &format!("In {}.", words::read(story, style)))?;
    if story.summary.interrupted {
        page.paragraph(BOLD, "", "Cut short: this is the story up to the interruption.")?;
    }
    for note in &story.notes {
        page.paragraph(BOLD, "", &words::sentence(note))?;
    }
    who(&mut page, story, style)?;
    deeds(&mut page, story, style)?;
    groups(&mut page, story, "What it read", words::READS, style)?;
    groups(&mut page, story, "What it tried in vain", words::TRIES, style)?;
    gained(&mut page, story, style)?;
    left(&mut page, story, style)?;
    table::rejects(&mut page, &story.rejects, story.summary.rejects)
}

fn nobody(page: &mut Page<'_>, story: &Investigation) -> io::Result<()> {
    let sentence = format!("No {} of that kind is in these logs.", story.taken_for);
    page.paragraph(PLAIN, "", &sentence)?;
    if !story.near.is_empty() {
        let near: Vec<String> = story.near.iter().map(|name| words::shown(name)).collect();
        page.paragraph(PLAIN, "", &format!("Near it are: {}.", near.join(", ")))?;
    }
    Ok(())
}

fn heading(page: &mut Page<'_>, text: &str) -> io::Result<()> {
    page.blank()?;
    page.paragraph(BOLD, "", text)
}

fn who(page: &mut Page<'_>, story: &Investigation, style: &Style) -> io::Result<()> {
    if story.identities.is_empty() {
        return Ok(());
    }
    heading(page, "Who")?;
    for identity in &story.identities {
        one(page, story, identity, style)?;
    }
    Ok(())
}

fn one(
    page: &mut Page<'_>,
    story: &Investigation,
    identity: &Identity,
    style: &Style,
) -> io::Result<()> {
    let mark = match identity.relation {
        Relation::Subject => "*",
        _ => " ",
    };
    let head = format!("  {mark}{:<3}", identity.number);
    let title = format!("{}, {}", words::label(identity), words::calls(identity));
    page.headed(BOLD, &head, WHO, &title)?;
    let mut about: Vec<String> = Vec::new();
    about.extend(words::at_work(identity, style));
    about.extend(identity.account.as_deref().map(|id| format!("account {}", words::shown(id))));
    about.extend(identity.id.as_deref().map(words::shown));
    if !identity.addresses.is_empty() {
        let addresses: Vec<String> =
            identity.addresses.iter().map(|address| words::shown(address)).collect();
        about.push(format!("from {}", addresses.join(" and ")));
    }
    if !identity.former_names.is_empty() {
        let names: Vec<String> =
            identity.former_names.iter().map(|name| words::shown(name)).collect();
        about.push(format!("also called {}", names.join(" and ")));
    }
    about.extend(words::grade(identity));
    page.items(DIM, WHO, &about)?;
    for link in words::links_to(story, identity.number) {
        let line = format!(
            "{}, {}: {}",
            words::came(story, link),
            text::time(link.time, style),
            words::shown(&link.event_name)
        );
        page.paragraph(PLAIN, WHO, &line)?;
    }
    if !identity.sure {
        page.paragraph(
            PLAIN,
            WHO,
            &format!("{}: {}", words::NOT_SURE, words::shown(&identity.why)),
        )?;
    } else if !identity.why.is_empty() {
        page.paragraph(DIM, WHO, &words::shown(&identity.why))?;
    }
    Ok(())
}

fn deeds(page: &mut Page<'_>, story: &Investigation, style: &Style) -> io::Result<()> {
    let mut steps = words::steps_of(story, words::DEEDS).peekable();
    if steps.peek().is_none() {
        return Ok(());
    }
    heading(page, "What happened")?;
    let zone = text::zone(style);
    page.paragraph(DIM, "", &format!("Times are {zone}; numbers are those of the list above."))?;
    for step in steps {
        deed(page, step, style)?;
    }
    Ok(())
}

fn deed(page: &mut Page<'_>, step: &Step, style: &Style) -> io::Result<()> {
    let head = format!("{:<21}", step.time.display_in(&style.zone));
    let by = match step.kind {
        StepKind::DoneTo => format!("[{}] (not followed) ", step.identity),
        _ => format!("[{}] ", step.identity),
    };
    let target = words::targets(step);
    let on = if target.is_empty() { String::new() } else { format!(" on {target}") };
    let paint = match step.kind {
        StepKind::Changed => BOLD,
        _ => PLAIN,
    };
    page.headed(paint, &head, RAIL, &format!("{by}{}{on}", words::call(step)))?;
    if let Some(sentence) = &step.sentence {
        page.paragraph(PLAIN, RAIL, &words::shown(sentence))?;
    }
    for line in step.effect.iter().flat_map(|effect| effect::lines(effect, Bounds::BRIEF)) {
        page.paragraph(DIM, RAIL, &line.plain())?;
    }
    if let Some(grade) = words::step_grade(step) {
        page.paragraph(alarm(), RAIL, &grade)?;
    }
    if let Some(said) = words::authorized(step) {
        page.paragraph(PLAIN, RAIL, &said)?;
    }
    Ok(())
}

fn groups(
    page: &mut Page<'_>,
    story: &Investigation,
    title: &str,
    kinds: &'static [StepKind],
    style: &Style,
) -> io::Result<()> {
    let mut steps = words::steps_of(story, kinds).peekable();
    if steps.peek().is_none() {
        return Ok(());
    }
    heading(page, title)?;
    for step in steps {
        let target = words::targets(step);
        let error = step.error_code.as_deref().map(words::shown).unwrap_or_default();
        let mut line = format!("[{}] {}", step.identity, words::call(step));
        if !target.is_empty() {
            line.push_str(&format!(": {target}"));
        }
        if !error.is_empty() {
            line.push_str(&format!(" ({error})"));
        }
        page.headed(PLAIN, &format!("{:<21}", step.time.display_in(&style.zone)), RAIL, &line)?;
    }
    Ok(())
}

fn gained(page: &mut Page<'_>, story: &Investigation, style: &Style) -> io::Result<()> {
    if story.gained.is_empty() {
        return Ok(());
    }
    heading(page, "What it gained")?;
    for gain in &story.gained {
        let head = format!("{:<21}", gain.time.display_in(&style.zone));
        let line = format!(
            "[{}] {} -> {}, by {} of [{}]",
            gain.identity,
            words::shown(&gain.grade_before),
            words::shown(&gain.grade_after),
            words::shown(&gain.event_name),
            gain.by
        );
        page.headed(alarm(), &head, RAIL, &line)?;
        for gained in gain.gained.iter().take(GAINS_SHOWN) {
            page.paragraph(PLAIN, RAIL, &format!("+ {}", words::shown(gained)))?;
        }
        let more = gain.gained.len().saturating_sub(GAINS_SHOWN) as u64;
        if more > 0 {
            page.paragraph(DIM, RAIL, &format!("and {} more", text::count(more)))?;
        }
    }
    Ok(())
}

fn left(page: &mut Page<'_>, story: &Investigation, style: &Style) -> io::Result<()> {
    if story.left_behind.is_empty() {
        return Ok(());
    }
    heading(page, "What it left behind")?;
    for left in words::left_ordered(story) {
        let tag = left.stands.as_str().to_uppercase();
        let blanks = " ".repeat(STAND.len().saturating_sub(tag.len() + 2));
        let paint = match left.stands {
            Stands::Yes => alarm(),
            Stands::No => DIM,
            Stands::Unknown => AnsiColor::Yellow.on_default(),
        };
        let head = format!("  {}{blanks}", page.painted(paint, &tag));
        page.headed(BOLD, &head, STAND, &words::left(left))?;
        page.paragraph(DIM, STAND, &words::left_since(story, left, style))?;
        page.paragraph(DIM, STAND, &words::left_because(left, style))?;
    }
    Ok(())
}

fn alarm() -> Paint {
    AnsiColor::Red.on_default().bold()
}
