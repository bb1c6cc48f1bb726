//! Lint: what is wrong, dangerous or useless in a policy, said at its place with a way to mend it.
//!
//! A [`Check`] is a static value in one file under `lint/checks/`, with the policies that prove it.
//! Checks know what kind of policy they are given, because the same statement is right in one kind
//! and refused in another. They see one document and nothing of an account.
//!
//! # Invariants
//! - Total: any text gives findings, never a panic (`lint/tests.rs`); what cannot be read is a
//!   finding itself.
//! - Every fault that reading noted is a finding (`lint/tests.rs`).
//! - A finding stands in the text, and the same text gives the same findings in the same order.
//! - Work has a limit (`crate::fuel`): a check that ends at it may say less, never more, and that
//!   it ended is a finding (`lint/tests.rs`).
//! - A value that a template leaves open is never judged; it is a finding that it was not.

mod arns;
mod assuming;
mod check;
pub mod checks;
pub mod conditions;
pub mod coverage;
mod found;
mod input;
mod open;
pub mod prelude;
mod regions;
mod relation;
mod scope;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::document::Document;
use crate::fuel;
use crate::kind::PolicyKind;
use crate::locate::{Located, Unread};
use crate::reach::steps_for;
use crate::span::Span;
use crate::width::minified_len;

pub use check::{Check, Example, Form, Run, Tool};
pub use found::{Found, LintFinding, quoted};
pub use input::{ConditionView, Input, Part, PrincipalPart, StatementView};

/// The longest policy that is checked, without white space. IAM takes 131,072 characters of a
/// customer (IAM API Reference, `CreatePolicy`); AWS's own longest has 152,297.
pub const POLICY_BYTES_MAX: usize = 1 << 18;

/// Checks a policy text as [`Document::parse`] reads it. Without a kind, its structure decides.
/// Places are those of the decoded text ([`Document::decode`]).
pub fn lint(text: &str, kind: Option<PolicyKind>) -> Vec<LintFinding> {
    match Document::parse(text) {
        Ok(document) => lint_document(&document, &decoded(text), kind),
        Err(error) => lint_unread(&error.into(), Span::new(0, decoded(text).len())),
    }
}

/// Checks a document that was read; `text` is the text that its places refer to.
pub fn lint_document(
    document: &Document,
    text: &str,
    kind: Option<PolicyKind>,
) -> Vec<LintFinding> {
    let whole = document.places.document;
    if let Some(bytes) = minified_len(whole.of(text)).filter(|bytes| *bytes > POLICY_BYTES_MAX) {
        return lint_unread(&Unread::TooLong { bytes }, whole);
    }
    let kind = kind.unwrap_or_else(|| PolicyKind::guess(document));
    let input = Input::new(document, text, kind);
    // Each check has a limit of its own, so that what one takes changes no other.
    let steps = steps_for(text.len());
    found::all(document, |check, found| {
        let run = || match check.run {
            Run::Document(run) if check.kinds.contains(&kind) => run(&input, found),
            Run::Statement(run) if check.kinds.contains(&kind) => {
                input.statements().iter().for_each(|statement| run(&input, statement, found));
            }
            Run::Document(_) | Run::Statement(_) | Run::Unread(_) => {}
        };
        !fuel::limited(steps, run).is_spent
    })
}

/// Checks a policy found in a file; places are those of the file. A given kind counts before the
/// one that the place tells, and that before what the structure tells.
pub fn lint_located(located: &Located, file: &str, kind: Option<PolicyKind>) -> Vec<LintFinding> {
    let mut findings = match located.document(file) {
        Ok(document) => lint_document(&document, &located.text(file), kind.or(located.kind)),
        Err(error) => lint_unread(&error, Span::new(0, located.text(file).len())),
    };
    for finding in &mut findings {
        finding.span = located.span_in_file(finding.span);
    }
    found::in_order(&mut findings);
    findings
}

fn decoded(text: &str) -> Cow<'_, str> {
    Document::decode(text).unwrap_or(Cow::Borrowed(text))
}

/// The findings about a text that is no document, or none to look into.
fn lint_unread(error: &Unread, place: Span) -> Vec<LintFinding> {
    let mut whole = Document::default();
    whole.places.document = place;
    found::all(&whole, |check, found| {
        if let Run::Unread(run) = check.run {
            run(error, found);
        }
        true
    })
}
