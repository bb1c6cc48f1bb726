//! A role's trust policy lets in a principal of an account that is not known to be ours.
//!
//! Without a list of own accounts every other account is foreign. The record holds no earlier trust, so
//! a principal that was there before counts too. A condition that narrows, such as the external id that
//! a vendor asks for, lowers the severity; one on our own organization makes it quiet. That no external id
//! is asked for is said: without one, a vendor can be made to use our role for another of its customers
//! (IAM User Guide, "The confused deputy problem").

use trailwarden_policy::trust::{Grant, Narrowing, Who, narrowing};

use crate::prelude::*;
use crate::trusting::Trusting;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "role-trusts-foreign-account",
    title: "Role trusts a foreign account",
    severity: Severity::Critical,
    confidence: Confidence::Medium,
    since: "0.1.0",
    covers: &["TW-PE-10", "TW-PE-13"],
    select: Select {
        events: &["iam:CreateRole", "iam:UpdateAssumeRolePolicy"],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1098.003", "T1199"],
    risk: "Whoever controls the other account can become this role at any time, and no key of ours has to be stolen for it.",
    false_positives: &[
        "A vendor that was given access on purpose, with an external id: suppress it for that role, with a date at which to look again. An account of ours that is not in the list: add it to `accounts`.",
    ],
    remedies: &["remove-trust", "revoke-sessions"],
    needs: Needs::Nothing,
    fires_on: &[
        r#"mallory iam:UpdateAssumeRolePolicy role/app {"request":{"policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::999988887777:root\"},\"Action\":\"sts:AssumeRole\"}]}"}}"#,
        r#"role/ci iam:CreateRole role/helper {"request":{"assumeRolePolicyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":[\"111122223333\",\"999988887777\"]},\"Action\":\"sts:AssumeRole\"}]}"}}"#,
        r#"root iam:UpdateAssumeRolePolicy role/app {"request":{"policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::999988887777:role/x\"},\"Action\":\"sts:AssumeRole\",\"Condition\":{\"StringEquals\":{\"sts:ExternalId\":\"k7\"}}}]}"}}"#,
        r#"mallory iam:UpdateAssumeRolePolicy role/app failed=MalformedPolicyDocumentException {"request":{"policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::999988887777:user/gone\"},\"Action\":\"sts:AssumeRole\"}]}"}}"#,
    ],
    quiet_on: &[
        r#"alice iam:UpdateAssumeRolePolicy role/app {"request":{"policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111122223333:root\"},\"Action\":\"sts:AssumeRole\"}]}"}}"#,
        r#"alice iam:CreateRole role/app {"request":{"assumeRolePolicyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"lambda.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}"}}"#,
        r#"service/organizations.amazonaws.com iam:CreateRole role/OrganizationAccountAccessRole {"request":{"assumeRolePolicyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::999988887777:root\"},\"Action\":\"sts:AssumeRole\"}]}"}}"#,
        "mallory iam:UpdateAssumeRolePolicy role/app denied",
    ],
    logic: Logic::Each(detect),
};

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let trusting = Trusting::of(cx)?;
    // What AWS sets up between the accounts of an organization, nobody of the account did.
    if trusting.event.caller.is_aws() {
        return None;
    }
    let foreign: Vec<&Grant> = trusting
        .grants
        .iter()
        .filter(|grant| grant.who.account().is_some_and(|account| cx.is_foreign(account)))
        .filter(|grant| !is_for_own_organization(cx, grant))
        .collect();
    let worst = foreign.iter().min_by_key(|grant| narrowing(grant))?;
    let (severity, how) = match narrowing(worst) {
        Narrowing::None => (Severity::Critical, ", without an external id"),
        Narrowing::Weak => {
            (Severity::High, ", on a condition that does not say who, and without an external id")
        }
        Narrowing::Effective if asks_external_id(worst) => {
            (Severity::Medium, ", if it gives the external id")
        }
        Narrowing::Effective => {
            (Severity::Medium, ", on a condition that narrows it, but without an external id")
        }
    };
    let whom: Vec<String> = foreign.iter().map(|grant| described(&grant.who)).collect();
    let (why, confidence) = match cx.settings().accounts.is_empty() {
        true => (
            "No list of own accounts is given, so any other account counts as foreign",
            Confidence::Medium,
        ),
        false => ("The account is not among the listed ones", Confidence::High),
    };
    Some(trusting.matched(&listed(&whom), &format!("{how}. {why}"), severity, confidence))
}

fn described(who: &Who) -> String {
    match who {
        Who::Account(account) => format!("account {account}"),
        Who::Principal { arn, .. } | Who::Saml(arn) | Who::Oidc(arn) => arn.clone(),
        _ => "somebody".to_owned(),
    }
}

fn is_for_own_organization(cx: &Cx<'_>, grant: &Grant) -> bool {
    let Some(own) = cx.settings().organization.as_deref() else { return false };
    grant.conditions.iter().any(|condition| {
        condition.key.eq_ignore_ascii_case("aws:PrincipalOrgID")
            && condition.demands_a_match(&grant.conditions)
            && condition.values.iter().all(|value| value == own)
    })
}

fn asks_external_id(grant: &Grant) -> bool {
    grant.conditions.iter().any(|condition| {
        condition.key.eq_ignore_ascii_case("sts:ExternalId")
            && condition.demands_a_match(&grant.conditions)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{Settings, reference};

    fn severity(condition: &str, settings: &Settings) -> Option<Severity> {
        let trust = format!(
            r#"{{"Statement":{{"Effect":"Allow","Principal":{{"AWS":"999988887777"}},"Action":"sts:AssumeRole"{condition}}}}}"#
        );
        let over = serde_json::json!({ "request": { "policyDocument": trust } });
        let trail = format!("mallory iam:UpdateAssumeRolePolicy role/app {over}");
        let findings = reference::judge_trail(&trail, &[&DETECTION], settings).unwrap();
        findings.first().map(|finding| finding.severity)
    }

    /// IAM User Guide, "The confused deputy problem". An operator that holds without the key asks for
    /// nothing.
    #[test]
    fn that_no_external_id_is_asked_for_is_told() {
        let told = |condition: Value| {
            let trust = json!({"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                "Principal": {"AWS": "999988887777"}, "Condition": condition}});
            let over = json!({"request": {"policyDocument": trust.to_string()}});
            let trail = format!("mallory iam:UpdateAssumeRolePolicy role/app {over}");
            let findings =
                reference::judge_trail(&trail, &[&DETECTION], &Settings::default()).unwrap();
            findings.into_iter().next().unwrap().explanation
        };
        let without = [
            json!({}),
            json!({"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
            json!({"StringEquals": {"aws:PrincipalOrgID": "o-theirs"}}),
            json!({"StringEqualsIfExists": {"sts:ExternalId": "k7"}}),
            json!({"StringNotEquals": {"sts:ExternalId": "k7"}}),
        ];
        for condition in without {
            let text = told(condition);
            assert!(text.contains("without an external id. No list"), "{text}");
        }
        let text = told(json!({"StringEquals": {"sts:ExternalId": "k7"}}));
        assert!(text.contains(", if it gives the external id. "), "{text}");
        assert!(!text.contains("without"), "{text}");
    }

    #[test]
    fn what_is_ours_is_quiet() {
        let ours = Settings {
            accounts: AccountId::parse("999988887777").into_iter().collect(),
            ..Settings::default()
        };
        assert_eq!(severity("", &ours), None);
        let others = Settings {
            accounts: AccountId::parse("444455556666").into_iter().collect(),
            organization: Some("o-ours".to_owned()),
            ..Settings::default()
        };
        assert_eq!(severity("", &others), Some(Severity::Critical));
        let organization =
            |id| format!(r#","Condition":{{"StringEquals":{{"aws:PrincipalOrgID":"{id}"}}}}"#);
        assert_eq!(severity(&organization("o-ours"), &others), None);
        assert_eq!(severity(&organization("o-theirs"), &others), Some(Severity::Medium));
    }
}
