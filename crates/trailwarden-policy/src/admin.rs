//! Whether a document reads like full access.
//!
//! This looks at the shape of one document and is no permission model: it sees neither the other
//! layers (boundary, SCP) nor an access that is put together from many actions. It serves where a
//! single document is all there is to see, the session policy of a `GetFederationToken` call.

use crate::document::{Document, Effect, Statement};
use crate::pattern::{is_every_action, is_match_all};

/// Whether some Allow statement, without a condition, covers every action on every resource.
///
/// `NotAction` and `NotResource` count as everything unless they exclude everything, or all of IAM:
/// an Allow that only names what it leaves out grants what AWS adds tomorrow too (IAM User Guide,
/// "IAM JSON policy elements: `NotAction`"). A Deny elsewhere in the document is not weighed.
pub fn is_admin_like(document: &Document) -> bool {
    document.statements.iter().any(|statement| {
        statement.effect == Effect::Allow
            && statement.conditions.is_empty()
            && covers_all_actions(statement)
            && covers_all_resources(statement)
    })
}

fn covers_all_actions(statement: &Statement) -> bool {
    match &statement.not_actions {
        Some(excluded) => {
            !excluded.iter().any(|p| is_every_action(p) || p.eq_ignore_ascii_case("iam:*"))
        }
        None => statement.actions.iter().any(|p| is_every_action(p)),
    }
}

fn covers_all_resources(statement: &Statement) -> bool {
    match &statement.not_resources {
        Some(excluded) => !excluded.iter().any(|p| is_match_all(p)),
        None => statement.resources.iter().any(|p| is_match_all(p)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(statement: &str) -> bool {
        let text = format!(r#"{{"Version":"2012-10-17","Statement":{statement}}}"#);
        is_admin_like(&Document::parse(&text).unwrap())
    }

    // The first is the AWS managed policy AdministratorAccess.
    #[test]
    fn everything_on_everything_has_many_spellings() {
        for statement in [
            r#"[{"Effect":"Allow","Action":"*","Resource":"*"}]"#,
            r#"{"Effect":"Allow","Action":["s3:GetObject","*:*"],"Resource":["*"]}"#,
            r#"{"Effect":"Allow","Action":"**","Resource":"**"}"#,
            r#"{"Effect":"Allow","NotAction":"organizations:LeaveOrganization","Resource":"*"}"#,
            r#"{"Effect":"Allow","Action":"*","NotResource":"arn:aws:s3:::decoy"}"#,
        ] {
            assert!(judge(statement), "{statement}");
        }
    }

    // The second is the shape of the AWS managed policy PowerUserAccess.
    #[test]
    fn less_is_not_admin_like() {
        for statement in [
            r#"[{"Effect":"Deny","Action":"*","Resource":"*"}]"#,
            r#"{"Effect":"Allow","NotAction":["iam:*","organizations:*"],"Resource":"*"}"#,
            r#"{"Effect":"Allow","Action":"*","Resource":"arn:aws:s3:::b/*"}"#,
            r#"{"Effect":"Allow","Action":"iam:*","Resource":"*"}"#,
            r#"{"Effect":"Allow","NotAction":"*","Resource":"*"}"#,
            r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}"#,
        ] {
            assert!(!judge(statement), "{statement}");
        }
    }
}
