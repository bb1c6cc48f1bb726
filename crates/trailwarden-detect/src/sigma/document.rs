//! From files to parsed documents, each with its place.
//!
//! A file may hold several documents. Each is parsed alone, so that one that cannot be read costs
//! only itself and its line is known; only files that use `action` (one document completing
//! others) are parsed whole.

use rsigma_parser::{CorrelationRule, FilterRule, SigmaRule, parse_sigma_yaml};

use super::{LoadError, Loaded, Source};

/// Bytes of one file.
const SOURCE_MAX: usize = 1 << 20;
/// Brackets within brackets, and `not` after `not`, in a file. The parser recurses on both.
const NESTING_MAX: usize = 64;

/// A document and where it stands.
pub(crate) struct Document {
    pub(crate) file: String,
    /// The line where it begins.
    pub(crate) line: u32,
    /// Its text, for finding the lines of faults.
    pub(crate) text: String,
    pub(crate) body: Body,
}

/// What a document is.
pub(crate) enum Body {
    Rule(Box<SigmaRule>),
    Correlation(Box<CorrelationRule>),
    Filter(Box<FilterRule>),
}

impl Body {
    pub(crate) fn id(&self) -> Option<&str> {
        match self {
            Self::Rule(rule) => rule.id.as_deref(),
            Self::Correlation(rule) => rule.id.as_deref(),
            Self::Filter(rule) => rule.id.as_deref(),
        }
    }

    pub(crate) fn name(&self) -> Option<&str> {
        match self {
            Self::Rule(rule) => rule.name.as_deref(),
            Self::Correlation(rule) => rule.name.as_deref(),
            Self::Filter(rule) => rule.name.as_deref(),
        }
    }

    pub(crate) fn title(&self) -> &str {
        match self {
            Self::Rule(rule) => &rule.title,
            Self::Correlation(rule) => &rule.title,
            Self::Filter(rule) => &rule.title,
        }
    }
}

impl Document {
    /// How many lines of the file stand before the document's text.
    pub(crate) fn first(&self) -> u32 {
        self.line.saturating_sub(first_line(&self.text))
    }

    /// A fault of this document, at the line that its quoted words point to.
    pub(crate) fn error(&self, loaded: Loaded, cause: impl Into<String>) -> LoadError {
        let cause = cause.into();
        let line = quoted_line(&self.text, &cause)
            .map_or(self.line, |line| line.saturating_add(self.first()));
        LoadError {
            file: self.file.clone(),
            line: Some(line),
            rule: Some(self.body.id().unwrap_or(self.body.title()).to_owned()),
            cause,
            loaded,
        }
    }
}

/// Parses all files.
pub(crate) fn parse(sources: &[Source]) -> (Vec<Document>, Vec<LoadError>) {
    let (mut documents, mut errors) = (Vec::new(), Vec::new());
    for source in sources {
        if let Err(cause) = guard(&source.text) {
            errors.push(fault(source, None, None, &cause));
            continue;
        }
        let has_action = source.text.lines().any(|line| line.starts_with("action:"));
        let parts = if has_action { vec![(1, source.text.clone())] } else { split(&source.text) };
        for (line, text) in parts {
            parse_part(source, line, &text, &mut documents, &mut errors);
        }
    }
    (documents, errors)
}

fn guard(text: &str) -> Result<(), String> {
    if text.len() > SOURCE_MAX {
        return Err(format!("the file is larger than {SOURCE_MAX} bytes"));
    }
    let (mut depth, mut nots) = (0_usize, 0_usize);
    for word in text.split_whitespace() {
        for c in word.chars() {
            match c {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > NESTING_MAX {
                return Err(format!("more than {NESTING_MAX} brackets within each other"));
            }
        }
        nots = if word.trim_start_matches('(') == "not" { nots + 1 } else { 0 };
        if nots > NESTING_MAX {
            return Err(format!("more than {NESTING_MAX} times `not` in a row"));
        }
    }
    Ok(())
}

/// Cuts a file at its `---` lines; each part with the number of its first line.
fn split(text: &str) -> Vec<(u32, String)> {
    let mut parts = vec![(1, String::new())];
    for (number, line) in (1_u32..).zip(text.lines()) {
        let marker = line
            .strip_prefix("---")
            .filter(|rest| rest.is_empty() || rest.starts_with(|c: char| c.is_whitespace()));
        match (marker, parts.last_mut()) {
            (Some(rest), _) => parts.push((number, format!("{}\n", rest.trim_start()))),
            (None, Some((_, part))) => {
                part.push_str(line);
                part.push('\n');
            }
            (None, None) => {}
        }
    }
    let blank = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    parts.retain(|(_, part)| !part.lines().all(|line| blank(line) || line == "..."));
    parts
}

fn parse_part(
    source: &Source,
    line: u32,
    text: &str,
    documents: &mut Vec<Document>,
    errors: &mut Vec<LoadError>,
) {
    let collection = match parse_sigma_yaml(text) {
        Ok(collection) => collection,
        Err(error) => {
            errors.push(fault(source, Some((line, text)), None, &error.to_string()));
            return;
        }
    };
    let before = documents.len();
    let bodies = (collection.rules.into_iter().map(|rule| Body::Rule(Box::new(rule))))
        .chain(collection.correlations.into_iter().map(|rule| Body::Correlation(Box::new(rule))))
        .chain(collection.filters.into_iter().map(|rule| Body::Filter(Box::new(rule))));
    for body in bodies {
        let start = line.saturating_add(first_line(text)).saturating_sub(1);
        let document =
            Document { file: source.name.clone(), line: start, text: text.to_owned(), body };
        documents.push(document);
    }
    // With its document read, what the parser complains of is a value it took no notice of.
    let loaded = if documents.len() > before { Loaded::WithFault } else { Loaded::No };
    let rule = documents.get(before).map(|document| document.body.title().to_owned());
    for cause in collection.errors {
        let mut error = fault(source, Some((line, text)), rule.clone(), &cause);
        error.loaded = loaded;
        errors.push(error);
    }
}

fn fault(
    source: &Source,
    part: Option<(u32, &str)>,
    rule: Option<String>,
    cause: &str,
) -> LoadError {
    let text = part.map_or("", |(_, text)| text);
    let rule = rule.or_else(|| {
        let title = text.lines().find_map(|line| line.strip_prefix("title:"))?;
        Some(title.trim().trim_matches(['"', '\'']).to_owned()).filter(|title| !title.is_empty())
    });
    let within = yaml_line(cause)
        .or_else(|| cause.contains("ondition").then(|| find_line(text, "condition:")).flatten())
        .or_else(|| quoted_line(text, cause))
        .unwrap_or_else(|| first_line(text));
    LoadError {
        file: source.name.clone(),
        line: part.map(|(line, _)| line.saturating_add(within).saturating_sub(1)),
        rule,
        cause: readable(text, cause),
        loaded: Loaded::No,
    }
}

/// The parser's messages in the words of this house.
fn readable(text: &str, cause: &str) -> String {
    if cause.contains("Condition parse error") {
        let piped = text
            .lines()
            .any(|line| line.trim_start().starts_with("condition:") && line.contains(" | "));
        if piped {
            return "aggregations in conditions are no longer part of Sigma; write a correlation \
                    rule"
                .to_owned();
        }
        let expected = cause.lines().rev().find_map(|line| line.trim().strip_prefix("= "));
        return match expected {
            Some(expected) => format!("the condition cannot be read: {expected}"),
            None => "the condition cannot be read".to_owned(),
        };
    }
    let cause = ["correlation rule", "detection", "field specification", "rule", "value"]
        .iter()
        .find_map(|kind| cause.strip_prefix(&format!("Invalid {kind}: ")))
        .unwrap_or(cause);
    let mut letters = cause.trim().trim_end_matches('.').chars();
    let first = letters.next().into_iter().flat_map(char::to_lowercase);
    let cause: String = first.chain(letters).collect();
    cause.replacen("yAML", "YAML", 1).replace('\'', "`")
}

/// `... at line 3 column 5`
fn yaml_line(cause: &str) -> Option<u32> {
    let (_, rest) = cause.split_once("at line ")?;
    rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The line of the first word that is not blank or a comment.
fn first_line(text: &str) -> u32 {
    let blank = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    (1..).zip(text.lines()).find(|(_, line)| !blank(line)).map_or(1, |(number, _)| number)
}

/// The first line that holds this text.
pub(crate) fn find_line(text: &str, needle: &str) -> Option<u32> {
    (1..).zip(text.lines()).find(|(_, line)| line.contains(needle)).map(|(number, _)| number)
}

/// Follows the quoted words of a cause such as "`selection`: `field`: `value` is ...", each at or
/// after the line of the one before; what is quoted after that is talk.
fn quoted_line(text: &str, cause: &str) -> Option<u32> {
    if cause.starts_with("the condition") {
        return find_line(text, "condition:");
    }
    let (mut found, mut from) = (None, 0_u32);
    let mut parts = cause.split(['`', '\'']);
    let mut lead = parts.next()?;
    while let Some(word) = parts.next().filter(|word| !word.is_empty()) {
        let holds = |line: &str| !line.trim_start().starts_with('#') && holds_word(line, word);
        let mut lines = (1_u32..).zip(text.lines());
        if let Some((number, _)) = lines.find(|(at, line)| *at >= from && holds(line)) {
            (found, from) = (Some(number), number);
        }
        let was_path = lead.is_empty() || lead == ": ";
        lead = parts.next().unwrap_or_default();
        if !was_path || !lead.starts_with(": ") {
            break;
        }
    }
    found
}

/// Whether the text stands in the line, and not within a longer word.
fn holds_word(line: &str, word: &str) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|text| text.chars().next_back());
        let after = line.get(at + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}
