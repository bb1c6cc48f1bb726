//! One line of an example, taken apart.

use std::collections::BTreeMap;

use serde_json::Value;
use trailwarden_account::snapshot::{Answer, Outcome};

use super::answer;

/// A line: its first word, other plain words, settings, a region and JSON.
#[derive(Debug, Default)]
pub(super) struct Line<'t> {
    pub(super) head: &'t str,
    pub(super) words: Vec<&'t str>,
    pub(super) settings: Vec<(&'t str, &'t str)>,
    region: Option<&'t str>,
    json: Option<Value>,
}

impl<'t> Line<'t> {
    pub(super) fn parse(text: &'t str) -> Result<Self, String> {
        let mut line = Self::default();
        let mut rest = text;
        while !rest.is_empty() {
            // JSON may hold blanks, so it stands last, bare or behind a name.
            if rest.starts_with('{') {
                line.json = Some(serde_json::from_str(rest).map_err(|error| error.to_string())?);
                break;
            }
            let is_json = rest.split_once("={").filter(|(name, _)| !name.contains(' '));
            if let Some((name, _)) = is_json {
                line.settings.push((name, rest.get(name.len() + 1..).unwrap_or_default()));
                break;
            }
            let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
            rest = after.trim_start();
            match (word.strip_prefix('@'), word.split_once('=')) {
                (Some(region), _) => line.region = Some(region),
                (None, Some(setting)) => line.settings.push(setting),
                (None, None) if line.head.is_empty() => line.head = word,
                (None, None) => line.words.push(word),
            }
        }
        Ok(line)
    }

    /// The first plain word behind the head.
    pub(super) fn first(&self) -> &'t str {
        self.words.first().copied().unwrap_or_default()
    }

    /// The value of a setting.
    pub(super) fn setting(&self, name: &str) -> Option<&'t str> {
        self.settings.iter().find(|(known, _)| *known == name).map(|(_, value)| *value)
    }

    /// The answer to a call, which the line begins with.
    pub(super) fn answer(&self) -> Result<Answer, String> {
        let message = || "AccessDenied".to_owned();
        let outcome = match (&self.json, self.first()) {
            (Some(body), _) => Outcome::Got { body: body.clone() },
            (None, "absent") => Outcome::Absent { message: String::new() },
            (None, "denied") => Outcome::Denied { message: message() },
            (None, "throttled") => Outcome::Throttled { message: String::new() },
            (None, "failed") => Outcome::Failed { message: String::new() },
            (None, other) => return Err(format!("`{other}` is no outcome, and there is no JSON")),
        };
        let about: BTreeMap<String, String> = self
            .settings
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let region = self.region.map(str::to_owned);
        Ok(Answer { about, region, ..answer(self.head, outcome) })
    }
}

/// A value as JSON has it: numbers, flags and `null` by their looks, else text.
pub(super) fn scalar(text: &str) -> Value {
    let is_plain = |value: &Value| !value.is_object() && !value.is_array();
    serde_json::from_str(text).ok().filter(is_plain).unwrap_or_else(|| text.into())
}

/// Sets a member of an object.
pub(super) fn set(value: &mut Value, member: &str, to: Value) {
    if let Some(members) = value.as_object_mut() {
        members.insert(member.to_owned(), to);
    }
}
