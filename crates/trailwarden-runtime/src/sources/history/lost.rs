//! What was not given, told once for each region and cause.

use trailwarden_aws::lookup::{Failure, Reason};
use trailwarden_model::Reject;

use super::Span;

/// So many spans of time are named.
const SPANS_SHOWN: usize = 5;

/// A span that was not given.
#[derive(Clone, Debug)]
pub(super) struct Lost {
    pub(super) lane: usize,
    pub(super) span: Span,
    pub(super) failure: Failure,
}

/// One reject for each region and cause, by region and time.
pub(super) fn rejects(lost: Vec<Lost>, regions: &[String]) -> Vec<Reject> {
    let mut groups: Vec<(usize, Failure, Vec<Span>)> = Vec::new();
    for Lost { lane, span, failure } in lost {
        let same = |group: &&mut (usize, Failure, Vec<Span>)| group.0 == lane && group.1 == failure;
        match groups.iter_mut().find(same) {
            Some(group) => group.2.push(span),
            None => groups.push((lane, failure, vec![span])),
        }
    }
    for (_, _, spans) in &mut groups {
        *spans = Span::joined(std::mem::take(spans));
    }
    groups.sort_by(|one, other| {
        (one.0, &one.2, &one.1.message).cmp(&(other.0, &other.2, &other.1.message))
    });
    let reject = |(lane, failure, spans): (usize, Failure, Vec<Span>)| Reject {
        file: format!("cloudtrail:{}", regions.get(lane).map_or("", String::as_str)),
        offset: None,
        record: None,
        cause: format!("{}: {}", times(&spans), cause(&failure)),
    };
    groups.into_iter().map(reject).collect()
}

fn times(spans: &[Span]) -> String {
    let shown = spans.iter().take(SPANS_SHOWN);
    let mut texts: Vec<String> =
        shown.map(|span| format!("{} to {}", span.first, span.last)).collect();
    let more = spans.len().saturating_sub(SPANS_SHOWN);
    if more > 0 {
        texts.push(format!("and {more} spans more"));
    }
    format!("what happened from {} is not known", texts.join(", "))
}

fn cause(failure: &Failure) -> String {
    let message = &failure.message;
    match failure.reason {
        Reason::Denied => format!(
            "{message}; the caller needs `cloudtrail:LookupEvents` there, and no policy of the organization that \
             denies it"
        ),
        Reason::Credentials => format!(
            "{message}; see whether the region is on, sign in again, and run it again: with --cache, only what is \
             missing is asked for"
        ),
        Reason::Throttled => format!(
            "{message}; others ask there at the same time: run it again later, with --cache, and only what is \
             missing is asked for"
        ),
        Reason::Absent => format!("{message}; see whether the region is on and can be reached"),
        Reason::Interrupted => "interrupted before it was read".to_owned(),
        Reason::Other => format!("{message}; run it again"),
    }
}
