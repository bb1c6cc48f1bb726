//! Faults in the files of change policies, each with its place.

use std::sync::Arc;

use miette::{Diagnostic, NamedSource, SourceSpan};

/// One fault, as a person who wrote the file wants to see it.
#[derive(Clone, Debug, thiserror::Error, Diagnostic)]
#[error("{message}")]
#[diagnostic(code(change_policies::load))]
pub struct LoadError {
    /// What is wrong.
    pub message: String,
    /// What to do instead.
    #[help]
    pub help: Option<String>,
    /// Name of the file.
    pub file: String,
    /// Its line, from 1.
    pub line: usize,
    /// Its column in characters, from 1.
    pub column: usize,
    #[source_code]
    source_code: NamedSource<Arc<str>>,
    #[label("here")]
    at: SourceSpan,
}

/// A file's name and text, for the faults in it.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) text: Arc<str>,
}

impl Source {
    pub(crate) fn new(name: &str, text: &str) -> Self {
        Self { name: name.to_owned(), text: text.into() }
    }

    /// A fault at a byte range of the file.
    pub(crate) fn fault(&self, at: usize, length: usize, message: impl Into<String>) -> LoadError {
        let at = self.text.floor_char_boundary(at);
        let (line, column) = self.place(at);
        let length = length.min(self.text.len() - at);
        LoadError {
            message: message.into(),
            help: None,
            file: self.name.clone(),
            line,
            column,
            source_code: NamedSource::new(&self.name, Arc::clone(&self.text)),
            at: SourceSpan::new(at.into(), length),
        }
    }

    /// Line and column, both from 1, of a byte offset.
    pub(crate) fn place(&self, at: usize) -> (usize, usize) {
        let before = self.text.get(..self.text.floor_char_boundary(at)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let column = before.get(start..).unwrap_or_default().chars().count() + 1;
        (line, column)
    }
}

impl LoadError {
    /// Its order among the faults of one file.
    pub(crate) fn place(&self) -> (usize, usize, &str) {
        (self.line, self.column, &self.message)
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The candidate that `word` most likely means, if one is near enough.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(word, candidate), candidate))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, candidate)| candidate)
}
