//! Reading the packed table of actions; `cargo xtask facts` writes it and describes its lines.
//!
//! The table is part of the program, so a fault in it is a fault of the build. Reading still names
//! it, for the test that reads the table.

use std::ops::Range;

use super::action::{Action, ActionId, Level, TypeUse};
use super::service::{ConditionKey, KeyType, ResourceType, Service};
use super::{Facts, judgement};

const HEADING: &str = "trailwarden-actions\t1\t";

/// The first line that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read line {line} of the packed table of actions; run `cargo xtask facts`")]
pub(super) struct Fault {
    line: usize,
}

pub(super) fn read(text: &'static str) -> Result<Facts, Fault> {
    let mut lines = text.lines();
    let date = lines.next().and_then(|line| line.strip_prefix(HEADING)).ok_or(Fault { line: 1 })?;
    let mut facts = Facts {
        date,
        services: Vec::with_capacity(512),
        actions: Vec::with_capacity(text.len() / 56),
        types: Vec::new(),
        uses: Vec::new(),
        keys: Vec::new(),
        key_references: Vec::new(),
    };
    for (line, number) in lines.zip(2..) {
        add(&mut facts, line).ok_or(Fault { line: number })?;
    }
    judgement::apply(&mut facts);
    Ok(facts)
}

fn add(facts: &mut Facts, line: &'static str) -> Option<()> {
    let (kind, rest) = cut(line, b'\t')?;
    let mut fields = split(rest, b'\t');
    let name = fields.next()?;
    match kind {
        "S" => {
            let title = fields.next()?;
            let supports_rcp = fields.next() == Some("rcp");
            let (actions, types, keys) =
                (here(facts.actions.len())?, here(facts.types.len())?, here(facts.keys.len())?);
            facts.services.push(Service {
                prefix: name,
                title,
                supports_rcp,
                actions,
                types,
                keys,
            });
        }
        "K" => {
            let kind = KeyType::parse(fields.next()?)?;
            facts.keys.push(ConditionKey { name, kind });
            let service = facts.services.last_mut()?;
            service.keys.end += 1;
        }
        "T" => {
            let keys = key_list(facts, fields.next()?)?;
            // Everything after the keys, kept as it is.
            let arns = cut(cut(rest, b'\t')?.1, b'\t').map(|(_, arns)| arns)?;
            let place = u32::try_from(facts.types.len()).ok()?;
            facts.types.push(ResourceType { place, name, arns, keys });
            facts.services.last_mut()?.types.end += 1;
        }
        "A" => {
            let level = level(fields.next()?)?;
            let types = type_list(facts, fields.next().unwrap_or_default())?;
            let keys = key_list(facts, fields.next().unwrap_or_default())?;
            let id = ActionId(u32::try_from(facts.actions.len()).ok()?);
            facts.actions.push(Action {
                id,
                full_name: name,
                service: u16::try_from(facts.services.len().checked_sub(1)?).ok()?,
                level,
                our_level: level,
                reads_data: false,
                issues_credentials: false,
                types,
                keys,
                dependent: fields.next().unwrap_or_default(),
            });
            facts.services.last_mut()?.actions.end += 1;
        }
        _ => return None,
    }
    Some(())
}

/// The empty range at the end of a list.
fn here(len: usize) -> Option<Range<u32>> {
    let at = u32::try_from(len).ok()?;
    Some(at..at)
}

fn level(text: &str) -> Option<Level> {
    Some(match text {
        "L" => Level::List,
        "R" => Level::Read,
        "T" => Level::Tagging,
        "W" => Level::Write,
        "P" => Level::PermissionsManagement,
        _ => return None,
    })
}

/// Numbers of the service's own keys, added to the list of references.
fn key_list(facts: &mut Facts, text: &str) -> Option<Range<u32>> {
    let keys = facts.services.last()?.keys.clone();
    let start = here(facts.key_references.len())?.start;
    for number in split(text, b',').filter(|number| !number.is_empty()) {
        let key = keys.start.checked_add(number.parse().ok()?)?;
        if key >= keys.end {
            return None;
        }
        facts.key_references.push(key);
    }
    Some(start..here(facts.key_references.len())?.end)
}

/// Numbers of the service's own resource types, each perhaps with `!` and with keys of its own.
fn type_list(facts: &mut Facts, text: &str) -> Option<Range<u32>> {
    let types = facts.services.last()?.types.clone();
    let start = here(facts.uses.len())?.start;
    for one in split(text, b' ').filter(|one| !one.is_empty()) {
        let (head, keys) = cut(one, b':').unwrap_or((one, ""));
        let (number, is_required) = head.strip_suffix('!').map_or((head, false), |n| (n, true));
        let kind = types.start.checked_add(number.parse().ok()?)?;
        if kind >= types.end {
            return None;
        }
        let keys = key_list(facts, keys)?;
        facts.uses.push(TypeUse { kind, is_required, keys });
    }
    Some(start..here(facts.uses.len())?.end)
}

/// What stands before and after the first of some ASCII character. Most texts of the table are a few
/// characters long, for which looking at one after the other is the fastest.
fn cut(text: &str, at: u8) -> Option<(&str, &str)> {
    let place = text.bytes().position(|byte| byte == at)?;
    Some((text.get(..place)?, text.get(place + 1..)?))
}

/// The parts of a text between ASCII characters of one kind.
fn split(text: &str, at: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let (part, behind) = match cut(text, at) {
            Some((part, behind)) => (part, Some(behind)),
            None => (text, None),
        };
        rest = behind;
        Some(part)
    })
}
