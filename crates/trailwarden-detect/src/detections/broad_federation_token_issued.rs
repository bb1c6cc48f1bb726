//! A federated session is issued whose policy does not hold it back.
//!
//! The session may do what both the caller and the session policy allow. Without a policy it has what
//! resource policies give it by name and no more, so that case is low. The policy is read, not searched:
//! `Action: *` grants as much as the words AdministratorAccess.

use crate::federation::Breadth;

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "broad-federation-token-issued",
    title: "Federation token issued with full access",
    severity: Severity::High,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-PE-19"],
    select: Select {
        events: &["sts:GetFederationToken"],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1550.001", "T1078.004"],
    risk: "The session lives up to 36 hours and goes on when the key that made it is switched off; it can open the console too.",
    false_positives: &[
        "A broker that signs people in to the console: let it pass a policy for each of them.",
    ],
    remedies: &["deactivate-access-key", "deny-older-sessions"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory sts:GetFederationToken issues=ASIAFED {"request":{"name":"backdoor","policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}}"#,
        r#"root sts:GetFederationToken issues=ASIAFED {"request":{"name":"x","policyArns":[{"arn":"arn:aws:iam::aws:policy/AdministratorAccess"}]}}"#,
        r#"mallory sts:GetFederationToken issues=ASIAFED {"request":{"name":"x"}}"#,
        "mallory sts:GetFederationToken denied",
    ],
    quiet_on: &[
        r#"broker sts:GetFederationToken issues=ASIAFED {"request":{"name":"alice","policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::example/*\"}]}"}}"#,
        r#"broker sts:GetFederationToken issues=ASIAFED {"request":{"name":"alice","policyArns":[{"arn":"arn:aws:iam::aws:policy/ReadOnlyAccess"}]}}"#,
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    let Call::StsGetFederationToken(call) = &event.call else { return None };
    if event.outcome != Outcome::Succeeded {
        let text = "{actor} tried to get a federation token{times}; with what policy is not in the record.";
        return Some(Match::on_caller(event, text).severity(Severity::Low));
    }
    let (severity, how) = match Breadth::of(call) {
        Breadth::Full => (Severity::High, "with a session policy that allows everything"),
        Breadth::Unreadable => (Severity::Medium, "with a session policy that cannot be read"),
        Breadth::NoPolicy => {
            (Severity::Low, "without a session policy: it has what resource policies give it")
        }
        Breadth::Narrow => return None,
    };
    let is_root = event.caller.kind == CallerKind::Root && severity == Severity::High;
    let name = call.name.as_deref().unwrap_or("unknown");
    let text = format!("{{actor}} issued a federated session named {name}{{times}} {how}.");
    Some(Match::on_target(event, text).severity(severity).severity_if(is_root, Severity::Critical))
}
