//! A resource that another pattern of the same list covers.

use std::collections::HashMap;

use crate::lint::prelude::*;
use crate::reach::Glob;

/// See the fields.
pub static CHECK: Check = Check {
    id: "redundant-resource",
    title: "Resource that another one covers",
    severity: Severity::Info,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "The list holds a wider pattern, or the same resource again, so nothing changes without this one. It hides how wide the list is.",
    source: "IAM User Guide, \"Access Analyzer policy check reference\"",
    cross: &[(Tool::AccessAnalyzer, "REDUNDANT_RESOURCE")],
    run: Run::Statement(run),
    fires_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws:s3:::b/x","arn:aws:s3:::b/*"]"#,
        )
        .at(r#""arn:aws:s3:::b/x""#),
        Example::identity(
            r#""Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws:s3:::b", "arn:aws:s3:::b"]"#,
        ),
        Example::scp(
            r#""Effect":"Deny","Action":"*","NotResource":["*","arn:aws:s3:::b/${aws:username}/*"]"#,
        )
        .at(r#""arn:aws:s3:::b/${aws:username}/*""#),
    ],
    quiet_on: &[
        Example::identity(
            r#""Effect":"Allow","Action":"s3:*","Resource":["arn:aws:s3:::b","arn:aws:s3:::b/*","arn:aws:s3:::B"]"#,
        ),
        Example::identity(
            r#""Effect":"Allow","Action":"s3:*","Resource":["arn:aws:s3:::b/${aws:username}","arn:aws:s3:::b/a*"]"#,
        ),
    ],
};

/// Patterns beyond these are not held against the rest of the list, nor resources beyond those.
const PATTERNS_MAX: usize = 50;
const RESOURCES_MAX: usize = 500;

fn run(input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    let glob = |part: &Part<'_>| {
        let is_open = input.document.places.is_unknown(part.span);
        let glob = Glob::resource(part.text, input.knows_variables());
        glob.filter(|_| !is_open)
    };
    let parts: Vec<Part<'_>> = view.resources().take(RESOURCES_MAX).collect();
    let patterns: Vec<(usize, Glob)> = parts
        .iter()
        .enumerate()
        .filter(|(_, part)| part.text.contains(['*', '?']))
        .filter_map(|(at, part)| Some((at, glob(part)?)))
        .take(PATTERNS_MAX)
        .collect();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for (at, part) in parts.iter().enumerate() {
        let Some(mine) = glob(part) else {
            continue;
        };
        let first = *seen.entry(part.text).or_insert(at);
        let wider = patterns.iter().find(|(other, glob)| {
            *other != at && glob.covers(&mine) && (*other < at || !mine.covers(glob))
        });
        let (message, fix) = match wider.and_then(|(other, _)| parts.get(*other)) {
            _ if first != at => (
                format!("{} stands in the list already", quoted(part.text)),
                "remove it".to_owned(),
            ),
            Some(wider) => (
                format!("{} is covered by {}", quoted(part.text), quoted(wider.text)),
                format!("remove it, or remove {} if that is too wide", quoted(wider.text)),
            ),
            None => continue,
        };
        found.at(part.span, view.index, message, fix);
    }
}
