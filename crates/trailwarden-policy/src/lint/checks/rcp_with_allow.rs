//! A resource control policy that allows.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "rcp-with-allow",
    title: "RCP with Allow",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Rcp],
    about: "Only the policy of AWS that is attached everywhere may allow, and it allows everything; AWS refuses an Allow in another resource control policy.",
    source: "AWS Organizations User Guide, \"RCP syntax\"",
    cross: &[(Tool::AccessAnalyzer, "RCP_SYNTAX_ERROR_ALLOW")],
    run: Run::Statement(run),
    fires_on: &[Example::rcp(r#""Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*""#)
        .at(r#""Allow""#)],
    quiet_on: &[
        Example::rcp(r#""Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*""#),
        Example::rcp(r#""Effect":"Allow","Principal":"*","Action":"*","Resource":"*""#),
    ],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    let statement = view.statement;
    // The form of `RCPFullAWSAccess`.
    let is_everything = statement.principals.is_everyone()
        && statement.actions == ["*"]
        && statement.resources == ["*"]
        && statement.conditions.is_empty();
    if view.allows() && !is_everything {
        let message = "a resource control policy of your own cannot allow";
        let fix = "write a Deny for what is not wanted; all else stays as it is";
        found.at(view.span_of(Element::Effect), view.index, message, fix);
    }
}
