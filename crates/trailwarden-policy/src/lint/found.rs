//! What checks found, gathered and put in order.

use std::cmp::Reverse;

use trailwarden_model::{Confidence, Severity};

use super::Check;
use super::checks::{ALL, policy_too_long};
use crate::document::{Document, Fault, Places};
use crate::span::Span;

/// How often one check speaks of one document; what comes after is counted in the last finding.
const FINDINGS_MAX: usize = 100;

/// One answer of lint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LintFinding {
    /// Which check found it; its `about` is the reason.
    pub check: &'static Check,
    /// Harm if true.
    pub severity: Severity,
    /// Likelihood that it is true.
    pub confidence: Confidence,
    /// Where it stands.
    pub span: Span,
    /// In which statement, as written, from zero; `None` for the document itself.
    pub statement: Option<usize>,
    /// What is wrong here, naming the value.
    pub message: String,
    /// Why it matters.
    pub reason: String,
    /// What to do.
    pub fix: String,
}

/// Where a check puts what it finds.
pub struct Found<'p> {
    check: &'static Check,
    places: &'p Places,
    findings: Vec<LintFinding>,
    unsaid: usize,
}

impl Found<'_> {
    /// A finding at a place, in a statement as written ([`super::StatementView::index`]), of the
    /// check's own severity.
    ///
    /// A place inside a value that a template leaves open is passed over: nothing is known there,
    /// and the check `value-not-known` says so.
    pub fn at(
        &mut self,
        span: Span,
        statement: impl Into<Option<usize>>,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.graded(self.check.severity, span, statement, message, fix);
    }

    /// The same of another severity, where this case is better or worse than most.
    pub fn graded(
        &mut self,
        severity: Severity,
        span: Span,
        statement: impl Into<Option<usize>>,
        message: impl Into<String>,
        fix: impl Into<String>,
    ) {
        if !self.places.is_unknown(span) {
            self.add(severity, span, statement.into(), message.into(), fix.into());
        }
    }

    /// Whether the next finding will only be counted, so that its words are not worth much work.
    pub fn is_full(&self) -> bool {
        self.findings.len() >= FINDINGS_MAX
    }

    /// A finding about the document as a whole.
    pub fn on_document(&mut self, message: impl Into<String>, fix: impl Into<String>) {
        self.at(self.places.document, None, message, fix);
    }

    /// A finding for every fault of reading that is meant.
    pub fn faults(&mut self, document: &Document, is_meant: fn(&Fault) -> bool) {
        for problem in document.problems.iter().filter(|problem| is_meant(&problem.fault)) {
            self.at(problem.span, problem.statement, problem.fault.to_string(), problem.help());
        }
    }

    /// A finding for every value that a template leaves open.
    pub fn open_values(&mut self, document: &Document) {
        for span in &document.places.unknown {
            let statements = &document.places.statements;
            let holds = |s: Span| s.start <= span.start && span.end <= s.end;
            let statement = statements.iter().position(|statement| holds(statement.span));
            let fix = "lint the template with this value filled in, or read this place yourself";
            let message = "this value is known only when the template is used, and was not judged";
            let severity = self.check.severity;
            self.add(severity, *span, statement, message.to_owned(), fix.to_owned());
        }
    }

    fn add(
        &mut self,
        severity: Severity,
        span: Span,
        statement: Option<usize>,
        message: String,
        fix: String,
    ) {
        if self.is_full() {
            self.unsaid += 1;
            return;
        }
        self.findings.push(LintFinding {
            check: self.check,
            severity,
            confidence: self.check.confidence,
            span,
            statement,
            message,
            reason: self.check.about.to_owned(),
            fix,
        });
    }
}

/// Runs every check, which tells whether it came to its end, and puts what they found in order.
pub(super) fn all(
    document: &Document,
    run: impl Fn(&'static Check, &mut Found<'_>) -> bool,
) -> Vec<LintFinding> {
    let mut findings = Vec::new();
    let mut unfinished: Vec<&str> = Vec::new();
    let of = |check| Found { check, places: &document.places, findings: Vec::new(), unsaid: 0 };
    for check in ALL {
        let mut found = of(check);
        if !run(check, &mut found) {
            unfinished.push(check.id);
        }
        if let Some(last) = found.findings.last_mut().filter(|_| found.unsaid > 0) {
            last.message += &format!(", and {} more like it", found.unsaid);
        }
        findings.append(&mut found.findings);
    }
    if !unfinished.is_empty() {
        let mut found = of(&policy_too_long::CHECK);
        let checks = unfinished.join(", ");
        let message = format!("too complex for these checks to look at all of it: {checks}");
        found.on_document(message, "use fewer patterns, or split the policy and check the parts");
        findings.append(&mut found.findings);
    }
    in_order(&mut findings);
    findings
}

/// By place, outer before inner, then by check; the same thing said twice is said once.
pub(super) fn in_order(findings: &mut Vec<LintFinding>) {
    findings.sort_by(|a, b| {
        let key = |f: &LintFinding| (f.span.start, Reverse(f.span.end), f.check.id, f.statement);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    findings.dedup();
}

/// A stranger's text for a message: in backticks, and cut when it is long.
pub fn quoted(text: &str) -> String {
    const CHARACTERS_MAX: usize = 80;
    match text.char_indices().nth(CHARACTERS_MAX) {
        Some((end, _)) => format!("`{}…`", Span::new(0, end).of(text)),
        None => format!("`{text}`"),
    }
}
