//! Teams, owners and what is protected: the small file `entities.toml`, or `entities.json`.

mod strict;

use std::collections::BTreeMap;

use serde::Deserialize as _;
use serde_json::{Map, Value};

use self::strict::Strict;
use crate::error::{LoadError, Source, nearest};
use crate::pattern::Pattern;

/// What the file says.
#[derive(Debug, Default)]
pub(crate) struct Directory {
    teams: BTreeMap<String, Vec<Pattern>>,
    /// The longest pattern first.
    owners: Vec<(Pattern, String)>,
    protected: Vec<Pattern>,
}

impl Directory {
    /// The teams that an ARN belongs to.
    pub(crate) fn teams_of(&self, arn: &str) -> impl Iterator<Item = &str> {
        let fits = move |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.matches(arn));
        self.teams.iter().filter(move |(_, members)| fits(members)).map(|(team, _)| team.as_str())
    }

    /// The team that owns it: of several patterns that fit, the longest decides.
    pub(crate) fn owner_of(&self, arn: &str) -> Option<&str> {
        let owner = self.owners.iter().find(|(pattern, _)| pattern.matches(arn));
        owner.map(|(_, team)| team.as_str())
    }

    /// Whether it is protected.
    pub(crate) fn protects(&self, arn: &str) -> bool {
        self.protected.iter().any(|pattern| pattern.matches(arn))
    }

    /// Names of all teams.
    pub(crate) fn teams(&self) -> impl Iterator<Item = &str> {
        self.teams.keys().map(String::as_str)
    }
}

/// Reads the file; what is wrong goes to `faults`, and what is right is kept.
pub(crate) fn read(source: &Source, faults: &mut Vec<LoadError>) -> Directory {
    let mut found = Vec::new();
    let directory = read_all(source, &mut found);
    found.sort_by(|left, right| left.place().cmp(&right.place()));
    faults.append(&mut found);
    directory
}

fn read_all(source: &Source, faults: &mut Vec<LoadError>) -> Directory {
    let mut reader = Reader { source, faults, directory: Directory::default() };
    let Some(root) = reader.parse() else { return reader.directory };
    for (key, value) in &root {
        match key.as_str() {
            "teams" => reader.teams(value),
            "protected" => reader.protected(value),
            // Owners name teams, which may stand below them.
            "owners" => {}
            _ => reader.unknown_key(key, &["teams", "owners", "protected"]),
        }
    }
    if let Some(owners) = root.get("owners") {
        reader.owners(owners);
    }
    reader.directory
}

struct Reader<'a> {
    source: &'a Source,
    faults: &'a mut Vec<LoadError>,
    directory: Directory,
}

impl Reader<'_> {
    fn parse(&mut self) -> Option<Map<String, Value>> {
        let text = &self.source.text;
        let parsed = if self.source.name.to_ascii_lowercase().ends_with(".json") {
            serde_json::from_str(text).and_then(|Strict(root)| Map::deserialize(root)).map_err(
                |error| {
                    let line = text.split_inclusive('\n').take(error.line().saturating_sub(1));
                    let start: usize = line.map(str::len).sum();
                    (start + error.column().saturating_sub(1), error.to_string())
                },
            )
        } else {
            toml::from_str(text).map_err(|error| {
                let start = error.span().map_or(0, |span| span.start);
                (start, error.message().to_owned())
            })
        };
        match parsed {
            Ok(root) => Some(root),
            Err((at, message)) => {
                self.faults.push(self.source.fault(at, 1, message));
                None
            }
        }
    }

    fn teams(&mut self, value: &Value) {
        for (team, value) in self.table(value, "teams") {
            let Some(fields) = value.as_object() else {
                self.fault(team, format!("team `{team}` has no `members`"), MEMBERS);
                continue;
            };
            self.only(fields, &["members"]);
            let members = fields.get("members").and_then(Value::as_array);
            if members.is_none() {
                self.fault(team, format!("team `{team}` has no `members`"), MEMBERS);
            }
            let patterns = members.into_iter().flatten().filter_map(|member| self.member(member));
            let patterns: Vec<Pattern> = patterns.collect();
            self.directory.teams.insert(team.clone(), patterns);
        }
    }

    fn member(&mut self, member: &Value) -> Option<Pattern> {
        let text = self.text(member)?;
        let pattern = self.pattern(text)?;
        if text.contains(":assumed-role/") {
            self.fault(
                text,
                format!("member `{text}` is a session"),
                "name its role: `arn:aws:iam::111122223333:role/deploy`",
            );
            return None;
        }
        if !pattern.names_account() {
            // Whoever makes an account could make a role of that name in it.
            self.fault(
                text,
                format!("member `{text}` names no account"),
                "write the twelve digits of the account",
            );
            return None;
        }
        Some(pattern)
    }

    fn owners(&mut self, value: &Value) {
        let mut owners = self.table(value, "owners");
        owners.sort_by_key(|(arn, _)| (usize::MAX - arn.len(), *arn));
        for (arn, value) in owners {
            let pattern = self.pattern(arn);
            let Some(fields) = value.as_object() else {
                self.fault(arn, format!("`{arn}` has no `team`"), OWNER);
                continue;
            };
            self.only(fields, &["team"]);
            let Some(team) = fields.get("team").and_then(|team| self.text(team)) else {
                self.fault(arn, format!("`{arn}` has no `team`"), OWNER);
                continue;
            };
            if !self.directory.teams.contains_key(team) {
                let teams = self.directory.teams.keys().map(String::as_str);
                let help = did_you_mean(nearest(team, teams), "describe it under `[teams]`");
                self.fault(team, format!("there is no team `{team}`"), &help);
            }
            self.directory.owners.extend(pattern.map(|pattern| (pattern, team.to_owned())));
        }
    }

    fn protected(&mut self, value: &Value) {
        let Some(items) = value.as_array() else {
            self.fault("protected", "`protected` is not a list", PROTECTED);
            return;
        };
        for item in items {
            let Some(fields) = item.as_object() else {
                self.fault("protected", "an entry of `protected` is not a table", PROTECTED);
                continue;
            };
            self.only(fields, &["arn", "reason"]);
            match fields.get("arn") {
                Some(arn) => {
                    let pattern = self.text(arn).and_then(|arn| self.pattern(arn));
                    self.directory.protected.extend(pattern);
                }
                None => self.fault("protected", "an entry of `protected` has no `arn`", PROTECTED),
            }
        }
    }

    fn table<'v>(&mut self, value: &'v Value, key: &str) -> Vec<(&'v String, &'v Value)> {
        match value.as_object() {
            Some(table) => table.iter().collect(),
            None => {
                self.fault(key, format!("`{key}` is not a table"), "see the reference");
                Vec::new()
            }
        }
    }

    fn text<'v>(&mut self, value: &'v Value) -> Option<&'v str> {
        if value.as_str().is_none() {
            let written = value.to_string();
            self.fault(&written, format!("`{written}` is not a text"), "put it into quotes");
        }
        value.as_str()
    }

    fn pattern(&mut self, text: &str) -> Option<Pattern> {
        let pattern = Pattern::parse(text);
        if pattern.is_none() {
            self.fault(
                text,
                format!("`{text}` is not an ARN"),
                "write all of it, with `*` where anything may stand: \
                 `arn:aws:iam::111122223333:role/app/*`",
            );
        }
        pattern
    }

    fn only(&mut self, fields: &Map<String, Value>, known: &[&str]) {
        for key in fields.keys().filter(|key| !known.contains(&key.as_str())) {
            self.unknown_key(key, known);
        }
    }

    fn unknown_key(&mut self, key: &str, known: &[&str]) {
        let all = format!("use {}", known.join(", "));
        let help = did_you_mean(nearest(key, known.iter().copied()), &all);
        self.fault(key, format!("unknown key `{key}`"), &help);
    }

    /// A fault where `needle` first stands in the file.
    fn fault(&mut self, needle: &str, message: impl Into<String>, help: &str) {
        let at = self.source.text.find(needle);
        let length = at.map_or(1, |_| needle.len());
        self.faults.push(self.source.fault(at.unwrap_or(0), length, message).help(help));
    }
}

const MEMBERS: &str = "write `members = [\"arn:aws:iam::111122223333:role/deploy\"]`";
const OWNER: &str = "write `team = \"platform\"` under `[owners.\"arn:...\"]`";
const PROTECTED: &str = "write `[[protected]]` and below it `arn = \"arn:...\"`";

/// A help with the nearest name, or another one when nothing is near.
pub(crate) fn did_you_mean(nearest: Option<&str>, otherwise: &str) -> String {
    nearest.map_or_else(|| otherwise.to_owned(), |name| format!("did you mean `{name}`?"))
}
