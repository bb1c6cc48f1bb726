//! Checks of rule files beyond what loading needs.

use std::collections::BTreeSet;

use rsigma_parser::{Detection, DetectionItem, Detections, Modifier, SigmaValue};
use serde::Serialize;

use super::document::{self, Body, Document, find_line};
use super::record::RECORD_FIELDS;
use super::{Loaded, RuleSet, Source};

/// A remark on a rule file.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct LintMessage {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: Option<u32>,
    /// How bad it is.
    pub level: LintLevel,
    /// The check that speaks, for filtering.
    pub check: String,
    /// What is wrong.
    pub message: String,
}

/// How bad a [`LintMessage`] is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LintLevel {
    /// Worth knowing.
    Info,
    /// Probably not what was meant.
    Warning,
    /// The rule cannot be used, or cannot match.
    Error,
}

/// Checks of the parser that fit other logs or tastes, or that we make ourselves.
const NOT_OURS: &[&str] =
    &["missing-author", "unknown-key", "missing-description", "missing-level"];

/// Looks for faults that loading lets pass, and repeats what loading refuses.
pub fn lint(sources: &[Source]) -> Vec<LintMessage> {
    let mut out: Vec<LintMessage> = RuleSet::load(sources)
        .1
        .into_iter()
        .map(|error| LintMessage {
            file: error.file,
            line: error.line,
            level: match error.loaded {
                Loaded::No => LintLevel::Error,
                Loaded::NotForCloudTrail => LintLevel::Info,
                Loaded::WithFault => LintLevel::Warning,
            },
            check: "load".to_owned(),
            message: error.cause,
        })
        .collect();
    // Sources that loading refuses to parse are not for the linter either.
    let refused: BTreeSet<String> = out
        .iter()
        .filter(|message| message.line.is_none())
        .map(|message| message.file.clone())
        .collect();
    for source in sources.iter().filter(|source| !refused.contains(&source.name)) {
        out.extend(general(source));
    }
    for document in document::parse(sources).0 {
        Remarks { document: &document, out: &mut out }.all();
    }
    // Loading warns of a wrong value too, and knows less of what would be right.
    let invalid: BTreeSet<(String, Option<u32>)> = out
        .iter()
        .filter(|message| message.check.starts_with("invalid-"))
        .map(|message| (message.file.clone(), message.line))
        .collect();
    out.retain(|message| {
        let repeats = message.check == "load" && message.message.starts_with("invalid ");
        !repeats || !invalid.contains(&(message.file.clone(), message.line))
    });
    out.sort_by(|a, b| (&a.file, a.line, &a.check).cmp(&(&b.file, b.line, &b.check)));
    out.dedup();
    out
}

/// What the parser's own linter says, as far as it concerns us.
fn general(source: &Source) -> Vec<LintMessage> {
    rsigma_parser::lint_yaml_str(&source.text)
        .into_iter()
        .filter_map(|warning| {
            // One way to write ids, whoever makes the check.
            let check = warning.rule.to_string().replace('_', "-");
            let level = match warning.severity {
                rsigma_parser::Severity::Error => LintLevel::Error,
                rsigma_parser::Severity::Warning => LintLevel::Warning,
                rsigma_parser::Severity::Info => LintLevel::Info,
                rsigma_parser::Severity::Hint => return None,
            };
            (!NOT_OURS.contains(&check.as_str())).then(|| LintMessage {
                file: source.name.clone(),
                line: warning.span.map(|span| span.start_line.saturating_add(1)),
                level,
                check,
                message: warning.message.replace('\'', "`"),
            })
        })
        .collect()
}

struct Remarks<'d> {
    document: &'d Document,
    out: &'d mut Vec<LintMessage>,
}

impl Remarks<'_> {
    fn all(&mut self) {
        let body = &self.document.body;
        if body.id().is_none() {
            self.say(
                LintLevel::Warning,
                "missing-id",
                "title:",
                "no `id`: findings need one that \
                      outlives a change of title",
            );
        }
        match body {
            Body::Rule(rule) => {
                if rule.status.is_none() && !self.writes("status:") {
                    self.say(
                        LintLevel::Info,
                        "missing-status",
                        "title:",
                        "no `status`: findings \
                              have low confidence",
                    );
                }
                if rule.level.is_none() && !self.writes("level:") {
                    self.say(
                        LintLevel::Warning,
                        "missing-level",
                        "title:",
                        "no `level`: findings \
                              are medium",
                    );
                }
                if rule.detection.timeframe.is_some() {
                    self.say(
                        LintLevel::Warning,
                        "timeframe",
                        "timeframe:",
                        "`timeframe` in a rule \
                              has no effect; write a correlation",
                    );
                }
                self.detections(&rule.detection);
            }
            Body::Filter(filter) => {
                let keeps = |condition: &String| !condition.trim_start().starts_with("not ");
                if filter.detection.condition_strings.iter().any(keeps) {
                    self.say(
                        LintLevel::Warning,
                        "filter-keeps",
                        "condition:",
                        "this filter keeps \
                              what fits its condition; to leave it out, begin with `not`",
                    );
                }
                self.detections(&filter.detection);
            }
            Body::Correlation(_) => {}
        }
    }

    /// Whether the rule has that key: the parser drops a value that it does not know.
    fn writes(&self, key: &str) -> bool {
        self.document.text.lines().any(|line| line.starts_with(key))
    }

    fn detections(&mut self, detections: &Detections) {
        let mut names: Vec<&String> = detections.named.keys().collect();
        names.sort();
        for name in names {
            if let Some(detection) = detections.named.get(name) {
                self.detection(detection);
            }
        }
    }

    fn detection(&mut self, detection: &Detection) {
        match detection {
            Detection::AllOf(items) => items.iter().for_each(|item| self.item(item)),
            Detection::AnyOf(parts) | Detection::And(parts) => {
                parts.iter().for_each(|part| self.detection(part));
            }
            Detection::Keywords(_)
            | Detection::ArrayMatch { .. }
            | Detection::Conditional { .. } => {}
        }
    }

    fn item(&mut self, item: &DetectionItem) {
        let Some(field) = &item.field.name else { return };
        let top = field.split('.').next().unwrap_or(field);
        if !RECORD_FIELDS.contains(&top) {
            let near = RECORD_FIELDS.iter().find(|known| known.eq_ignore_ascii_case(top));
            let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            let message = format!("`{top}` is not a field of a CloudTrail record{hint}");
            self.say(LintLevel::Warning, "unknown-field", field, &message);
        }
        let has = |modifier| item.field.has_modifier(modifier);
        if has(Modifier::Base64Offset) && !has(Modifier::Contains) {
            let message =
                format!("`{field}`: `base64offset` finds parts of a text; add `contains`");
            self.say(LintLevel::Warning, "never-true", field, &message);
        }
        for value in &item.values {
            let SigmaValue::String(text) = value else { continue };
            if has(Modifier::FieldRef) || has(Modifier::Re) || has(Modifier::Expand) {
                continue;
            }
            let text = &text.original;
            if let Some((first, rest)) = text.split_once('.')
                && RECORD_FIELDS.contains(&first)
                && rest.starts_with(|c: char| c.is_ascii_alphabetic())
            {
                let part = [
                    (Modifier::Contains, "|contains"),
                    (Modifier::StartsWith, "|startswith"),
                    (Modifier::EndsWith, "|endswith"),
                ];
                let part = part.iter().find(|(modifier, _)| has(*modifier));
                let part = part.map_or("", |(_, part)| part);
                let message = format!(
                    "`{field}` is compared with the text `{text}`, not with that field; use \
                     `{field}|fieldref{part}`"
                );
                self.say(LintLevel::Warning, "never-true", text, &message);
            }
            let arn = field.rsplit('.').next().is_some_and(|last| {
                last == "arn" || last.ends_with("Arn") || last.ends_with("ARN")
            });
            let bare = !text.is_empty() && !text.contains(['*', '?']) && !text.starts_with("arn:");
            if arn && bare && item.field.modifiers.is_empty() {
                let message = format!("`{field}` holds an ARN and never equals `{text}`");
                self.say(LintLevel::Warning, "never-true", text, &message);
            }
        }
    }

    fn say(&mut self, level: LintLevel, check: &str, at: &str, message: &str) {
        // A field may be called like an attribute of the rule; the logic comes after those.
        let text = &self.document.text;
        let logic = ["detection:", "filter:"].iter().find_map(|key| find_line(text, key));
        let after = logic.filter(|_| !at.ends_with(':')).unwrap_or(0);
        let line = (1_u32..)
            .zip(text.lines())
            .find(|(number, line)| *number > after && line.contains(at))
            .map_or(self.document.line, |(line, _)| line.saturating_add(self.document.first()));
        self.out.push(LintMessage {
            file: self.document.file.clone(),
            line: Some(line),
            level,
            check: check.to_owned(),
            message: message.to_owned(),
        });
    }
}
