//! What change policies say, in words.

use trailwarden_model::finding::{Authorized, Verdict};
use trailwarden_model::{Finding, Summary, escape};

use super::text;

/// What change policies say of it; none when they are silent.
pub(in crate::formats) fn authorization(finding: &Finding) -> Option<String> {
    verdict(&finding.authorized)
}

/// The same of what is said of anything.
pub(in crate::formats) fn verdict(authorized: &Authorized) -> Option<String> {
    let verdict = match authorized.verdict {
        Verdict::Permitted => "permitted",
        Verdict::Forbidden => "forbidden",
        Verdict::Unknown if authorized.doubts.is_empty() => return None,
        Verdict::Unknown => {
            let doubts = authorized.doubts.join("; ");
            return Some(format!("not permitted, for {}", escape::visible(&doubts)));
        }
    };
    let by = authorized.by.join(", ");
    Some(format!("{verdict} by change policy {}", escape::visible(&by)))
}

/// What change policies said of all changes, and what the report leaves out for it, as the rest of a
/// sentence.
pub(in crate::formats) fn told(summary: &Summary) -> Option<String> {
    let used = summary.change_policies.as_ref()?;
    let mut told = format!(
        "of {}, {} permitted, {} forbidden, and of {} no policy speaks.",
        text::counted(used.changes, "change"),
        text::count(used.permitted),
        text::count(used.forbidden),
        text::count(used.unknown.saturating_sub(used.doubted + used.failed))
    );
    if used.doubted > 0 {
        let (is, them) = if used.doubted == 1 { ("is", "it") } else { ("are", "them") };
        let doubted = text::count(used.doubted);
        told.push_str(&format!(
            " {doubted} {is} not permitted because too little is known of {them}."
        ));
    }
    if used.failed > 0 {
        let failed = text::count(used.failed);
        told.push_str(&format!(" Of {failed} a policy could not be evaluated."));
    }
    if used.hidden_findings > 0 {
        told.push_str(&format!(
            " {} not shown because a policy permits what was done; `--authorized` shows them.",
            match used.hidden_findings {
                1 => "1 finding is".to_owned(),
                more => format!("{} findings are", text::count(more)),
            }
        ));
    }
    Some(told)
}
