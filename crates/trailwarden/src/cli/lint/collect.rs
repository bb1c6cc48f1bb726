//! From paths to findings with their places.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use trailwarden_model::Reject;
use trailwarden_model::finding::finding_id;
use trailwarden_policy::lint::{LintFinding, Run, lint_document, lint_located};
use trailwarden_policy::locate::{Located, Unread, locate};
use trailwarden_policy::span::{Lines, Position};
use trailwarden_policy::{PolicyKind, Span};

use crate::cli::policy::files::{self, Gathered, NO_POLICY, Named, gather};

/// What a run found.
pub(super) struct Linted {
    /// By file, then by place.
    pub(super) rows: Vec<Row>,
    /// What could not be read.
    pub(super) rejects: Vec<Reject>,
    /// Files that were read.
    pub(super) files: usize,
    /// Their bytes.
    pub(super) bytes: usize,
    /// Policies found in them.
    pub(super) policies: usize,
    /// Of these, those that are no policy after all.
    pub(super) broken: usize,
    /// Of these, those that a plan or template leaves open.
    pub(super) unknown: usize,
    /// Files in folders that may hold policies in a form that is not read.
    pub(super) skipped: usize,
    /// Findings that are not shown because nobody asked for those of the lowest severity.
    pub(super) hidden: usize,
}

/// A file that was read.
struct TextFile {
    name: Rc<str>,
    text: Rc<str>,
}

/// A finding and where it stands.
pub(super) struct Row {
    pub(super) finding: LintFinding,
    /// The same on every run, as long as file, policy and message are the same.
    pub(super) id: String,
    pub(super) file: Rc<str>,
    /// The text of the file.
    pub(super) file_text: Rc<str>,
    /// The place in the file.
    pub(super) span: Span,
    pub(super) start: Position,
    pub(super) end: Position,
    /// The name of the policy in the file; empty when the file is the policy.
    pub(super) policy: Rc<str>,
    pub(super) kind: PolicyKind,
    /// Of a policy inside a string: where the finding stands in the policy.
    pub(super) inside: Option<Inside>,
}

/// A place in a text that stands inside a string of a file.
pub(super) struct Inside {
    pub(super) text: Rc<str>,
    pub(super) span: Span,
    pub(super) start: Position,
    pub(super) end: Position,
}

impl Linted {
    /// Reads and checks what the paths name.
    pub(super) fn of(paths: &[String], kind: Option<PolicyKind>) -> Self {
        let Gathered { files, rejects, skipped } = gather(paths);
        let mut linted = Self {
            rows: Vec::new(),
            rejects,
            files: 0,
            bytes: 0,
            policies: 0,
            broken: 0,
            unknown: 0,
            skipped,
            hidden: 0,
        };
        let mut ids = Ids::default();
        for file in &files {
            match files::read(&file.name) {
                Ok(text) => linted.file(file, text.into(), kind, &mut ids),
                Err(cause) => linted.rejects.push(files::reject(&file.name, cause)),
            }
        }
        linted
    }

    fn file(&mut self, file: &Named, text: Rc<str>, kind: Option<PolicyKind>, ids: &mut Ids) {
        if let Some(cause) = files::other_language(&file.name, &text) {
            match file.is_explicit {
                true => self.rejects.push(files::reject(&file.name, cause)),
                false => self.skipped += 1,
            }
            return;
        }
        self.files += 1;
        self.bytes += text.len();
        let located = locate(&text);
        if located.is_empty() && file.is_explicit {
            self.rejects.push(files::reject(&file.name, NO_POLICY));
        }
        let file = TextFile { name: file.name.as_str().into(), text };
        let lines = Lines::new(&file.text);
        for one in &located {
            let mut rows = self.policy(&file, &lines, one, kind);
            rows.iter_mut().for_each(|row| row.id = ids.next(row));
            self.rows.append(&mut rows);
        }
    }

    fn policy(
        &mut self,
        file: &TextFile,
        lines: &Lines<'_>,
        located: &Located,
        asked: Option<PolicyKind>,
    ) -> Vec<Row> {
        self.policies += 1;
        let told = asked.or(located.kind);
        let inner = located.text(&file.text);
        let mut is_unknown = false;
        let (kind, findings) = match located.document(&file.text) {
            Ok(document) => {
                let kind = told.unwrap_or_else(|| PolicyKind::guess(&document));
                (kind, lint_document(&document, &inner, Some(kind)))
            }
            Err(error) => {
                is_unknown = matches!(error, Unread::Unknown(_));
                let findings = lint_located(located, &file.text, asked);
                (told.unwrap_or(PolicyKind::Identity), findings)
            }
        };
        let is_unread = findings.iter().any(|finding| matches!(finding.check.run, Run::Unread(_)));
        self.unknown += usize::from(is_unknown);
        self.broken += usize::from(is_unread && !is_unknown);
        let is_inside = !is_unread && located.span_in_file(Span::default()) != Span::default();
        let inner = is_inside.then(|| Inner::of(inner));
        let policy: Rc<str> = located.name.as_str().into();
        let row = |finding: LintFinding| {
            // Of what could not be read, places are those of the file already.
            let span = if is_unread { finding.span } else { located.span_in_file(finding.span) };
            let inside = inner.as_ref().map(|inner| inner.at(finding.span));
            Row {
                id: String::new(),
                file: Rc::clone(&file.name),
                file_text: Rc::clone(&file.text),
                span,
                start: lines.position(span.start),
                end: lines.position(span.end),
                policy: Rc::clone(&policy),
                kind,
                inside,
                finding,
            }
        };
        findings.into_iter().map(row).collect()
    }
}

/// The text of a policy that stands inside a string.
struct Inner {
    text: Rc<str>,
}

impl Inner {
    fn of(text: Cow<'_, str>) -> Self {
        Self { text: text.into() }
    }

    fn at(&self, span: Span) -> Inside {
        let position = |offset| trailwarden_policy::line_column(&self.text, offset);
        Inside {
            text: Rc::clone(&self.text),
            span,
            start: position(span.start),
            end: position(span.end),
        }
    }
}

/// Gives ids: the same thing said twice of one policy gets two.
#[derive(Default)]
struct Ids(HashMap<Said, usize>);

/// File, policy, check and message.
type Said = (Rc<str>, Rc<str>, &'static str, String);

impl Ids {
    fn next(&mut self, row: &Row) -> String {
        let key = (
            Rc::clone(&row.file),
            Rc::clone(&row.policy),
            row.finding.check.id,
            row.finding.message.clone(),
        );
        let count = self.0.entry(key).or_default();
        *count += 1;
        // Folders that lead to the same file from elsewhere must not change the id.
        let file = row.file.trim_start_matches("./");
        let subject = format!("{file}\u{0}{}", row.policy);
        let anchor = format!("{}\u{0}{count}", row.finding.message);
        finding_id(row.finding.check.id, "", &subject, &anchor)
    }
}
