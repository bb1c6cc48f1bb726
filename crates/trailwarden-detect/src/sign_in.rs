//! Sign-ins, judged.

use trailwarden_model::Confidence;

use crate::context::Cx;
use crate::matches::Match;

/// A sign-in with a password alone.
///
/// Source: AWS Sign-In User Guide, "AWS Sign-In events in CloudTrail": `MFAUsed` is `Yes` or `No`; root's
/// records have it in capitals too.
pub fn without_mfa(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    let used = event.text("additionalEventData.MFAUsed");
    if used.is_some_and(|used| used.eq_ignore_ascii_case("yes")) {
        return None;
    }
    let (how, confidence) = match used {
        Some(_) => ("without MFA", Confidence::High),
        None => ("and the record does not say whether with MFA", Confidence::Low),
    };
    let text = format!("{{actor}} signed in to the console from {}{{times}} {how}.", event.address);
    Some(Match::on_caller(event, text).confidence(confidence))
}
