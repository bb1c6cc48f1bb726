//! A role for IAM Roles Anywhere without all the actions that this takes.

use crate::lint::open::is_left_open;
use crate::lint::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "roles-anywhere-lacks-action",
    title: "Action missing for IAM Roles Anywhere",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: &[PolicyKind::Trust],
    about: "IAM Roles Anywhere assumes a role with tags and a source identity; without all three actions it gives no credentials.",
    source: "IAM Roles Anywhere User Guide, \"Trust model\"",
    cross: &[(Tool::AccessAnalyzer, "MISSING_ACTION_FOR_ROLES_ANYWHERE_TRUST_POLICY")],
    run: Run::Document(run),
    fires_on: &[Example::trust(
        r#""Effect":"Allow","Principal":{"Service":"rolesanywhere.amazonaws.com"},"Action":"sts:AssumeRole""#,
    )
    .at(r#""rolesanywhere.amazonaws.com""#)],
    quiet_on: &[
        Example::trust(
            r#""Effect":"Allow","Principal":{"Service":"rolesanywhere.amazonaws.com"},"Action":["sts:AssumeRole","sts:TagSession","sts:SetSourceIdentity"]"#,
        ),
        Example::document(
            PolicyKind::Trust,
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"rolesanywhere.amazonaws.com"},"Action":"sts:AssumeRole"},{"Effect":"Allow","Principal":{"Service":"rolesanywhere.amazonaws.com"},"Action":["sts:TagSession","sts:SetSourceIdentity"]}]}"#,
        ),
        Example::trust(
            r#""Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole""#,
        ),
    ],
};

const SERVICE: &str = "rolesanywhere.amazonaws.com";
const ACTIONS: [&str; 3] = ["sts:AssumeRole", "sts:SetSourceIdentity", "sts:TagSession"];

fn run(input: &Input<'_>, found: &mut Found<'_>) {
    let mut missing = ACTIONS.to_vec();
    let mut place = None;
    for view in input.statements().iter().filter(|view| view.allows()) {
        let mut principals = view.principals().filter(|part| {
            part.element == Element::Principal
                && part.principal.kind == PrincipalKind::Service
                && part.principal.value == SERVICE
        });
        if let Some(part) = principals.next() {
            if is_left_open(input, view, Element::Action) {
                return;
            }
            missing.retain(|action| !view.statement.covers_action(action));
            place = place.or(Some((part.span, view.index)));
        }
    }
    if let Some((span, index)) = place.filter(|_| !missing.is_empty()) {
        let missing: Vec<String> = missing.iter().map(|action| format!("`{action}`")).collect();
        let missing = missing.join(" and ");
        let message = format!("`{SERVICE}` is not allowed {missing}");
        found.at(span, index, message, format!("add {missing} to the actions"));
    }
}
