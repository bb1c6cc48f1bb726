//! What became of findings that have no steps, or not for all of their calls, for people.

use std::io::{self, Write};

use trailwarden_model::escape::visible;
use trailwarden_runtime::remedies::Answer;

use super::counted;

/// So many steps that differ in names alone are told each; of more the names stand in capitals.
const EACH_MAX: usize = 6;

/// Findings without steps, those of one reason together.
pub(super) fn write_answers(
    heading: &str,
    answers: Vec<&Answer>,
    out: &mut dyn Write,
) -> io::Result<()> {
    if answers.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{heading}: {}", counted(answers.len(), "finding"))?;
    let mut groups: Vec<Vec<&Answer>> = Vec::new();
    for answer in answers {
        let is_alike = |other: &Answer| {
            (&other.remediation, &other.reason, &other.how_of_all)
                == (&answer.remediation, &answer.reason, &answer.how_of_all)
        };
        match groups.iter_mut().find(|group| group.first().is_some_and(|one| is_alike(one))) {
            Some(group) => group.push(answer),
            None => groups.push(vec![answer]),
        }
    }
    for group in groups {
        let Some(first) = group.first() else { continue };
        let remediation = first.remediation.as_deref().unwrap_or("no remediation");
        let reason = first.reason.as_deref().unwrap_or_default();
        writeln!(out, "  {}: {}", visible(remediation), visible(reason))?;
        write_how(&group, out)?;
        group.iter().try_for_each(|answer| write_finding("-", answer, out))?;
    }
    Ok(())
}

/// The steps of findings of one reason: what is the same for all of them once, and else for each with its own names.
fn write_how(group: &[&Answer], out: &mut dyn Write) -> io::Result<()> {
    let Some(first) = group.first() else { return Ok(()) };
    let most = group.iter().map(|answer| answer.how.len()).max().unwrap_or_default();
    for at in 0..most {
        let mut own: Vec<&str> = Vec::new();
        for step in group.iter().filter_map(|answer| answer.how.get(at)) {
            if !own.contains(&step.as_str()) {
                own.push(step);
            }
        }
        if let (Some(any), true) = (first.how_of_all.get(at), own.len() > EACH_MAX) {
            own = vec![any];
        }
        for (nth, step) in own.into_iter().enumerate() {
            let number = if nth == 0 { format!("{}.", at + 1) } else { "  ".to_owned() };
            writeln!(out, "    {number} {}", visible(step))?;
        }
    }
    Ok(())
}

pub(super) fn write_finding(lead: &str, answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    let others = match answer.others.as_slice() {
        [] => String::new(),
        others => format!("; also offered: {}", others.join(", ")),
    };
    let with = answer.goes_with.as_ref();
    let others = with.map_or(others, |id| format!("; goes with {id}"));
    let (title, target) = (visible(&answer.title), visible(&answer.target));
    let (id, severity) = (visible(&answer.finding), answer.severity.as_str());
    writeln!(out, "    {lead} {id} {severity} {title}: {target}{}", visible(&others))?;
    match lead {
        "for" => Ok(()),
        _ => write_left(answer, out),
    }
}

/// The calls of a finding that no step deals with, and what a person does about each.
fn write_left(answer: &Answer, out: &mut dyn Write) -> io::Result<()> {
    for left in &answer.left {
        writeln!(out, "      not done by this plan: {}", visible(&left.title()))?;
        for (at, step) in left.how.iter().enumerate() {
            writeln!(out, "        {}. {}", at + 1, visible(step))?;
        }
    }
    Ok(())
}
