//! An action in a trust policy that is not about assuming the role.

use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "action-not-supported-in-policy",
    title: "Action that a trust policy cannot hold",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Trust],
    about: "A trust policy says who may assume the role, and IAM refuses one with actions of other services than STS. What the role may do stands in its identity policies.",
    source: "IAM User Guide, \"Access Analyzer policy check reference\"",
    cross: &[(Tool::AccessAnalyzer, "UNSUPPORTED_ACTION_IN_POLICY")],
    run: Run::Statement(run),
    fires_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":["sts:AssumeRole","s3:GetObject"]"#,
        )
        .at(r#""s3:GetObject""#),
        Example::trust(r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"*""#)
            .at(r#""*""#),
    ],
    quiet_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":["sts:AssumeRole","STS:TagSession","sts:*"]"#,
        ),
        // No service at all is another matter.
        Example::trust(
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":["AssumeRole","simple:Get"]"#,
        ),
    ],
};

fn run(_input: &Input<'_>, view: &StatementView<'_>, found: &mut Found<'_>) {
    for action in view.actions().filter(|part| part.element == Element::Action) {
        let prefix = action.text.split_once(':').map(|(prefix, _)| prefix);
        let service = prefix.and_then(|prefix| facts().service(prefix));
        let is_all = crate::pattern::is_every_action(action.text);
        if is_all || service.is_some_and(|service| service.prefix() != "sts") {
            let message = format!("{} is not an action of STS", quoted(action.text));
            let fix = "write `sts:AssumeRole`, and allow other actions in a policy of the role";
            found.at(action.span, view.index, message, fix);
        }
    }
}
