//! What a person does at once where a plan needs to know more first: whoever is inside does not wait for a baseline.

use std::collections::BTreeSet;

use trailwarden_account::Kind;
use trailwarden_model::Finding;
use trailwarden_remedy::people::{option, word};

use super::Known;
use super::keys::OF_USERS;
use super::named::{Named, principal_of};

/// What may be unknown is who else could take it back.
const FIRST: &str = "Make sure first that somebody else administers the account, and that this is not your own access.";

const ALL_DENIED: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}"#;

impl Known<'_> {
    /// The steps that contain somebody by hand, with names; none of a remediation that contains nobody.
    pub(super) fn meanwhile(&self, finding: &Finding, remedy: &str) -> Vec<String> {
        let Some(who) = principal_of(&finding.target).or_else(|| self.actor(finding)) else {
            return Vec::new();
        };
        let user = option("--user-name", &who.name);
        let is_user = who.kind == Kind::User;
        let mut steps = match remedy {
            "deactivate-access-key" if is_user => self.keys_off(finding, &who),
            "attach-quarantine-policy" => {
                let mut steps = if is_user { self.keys_off(finding, &who) } else { Vec::new() };
                steps.extend(denied(&who, "Deny everything", "quarantine", ALL_DENIED));
                steps
            }
            "delete-login-profile" if is_user => vec![format!(
                "Take the password away: `aws iam delete-login-profile {user}`. It does not come back: `aws iam create-login-profile` sets a new one. In the console: IAM > Users > the user > Security credentials > Manage console access > Disable."
            )],
            "reset-console-password" if is_user => vec![format!(
                "Set another password, and give it to the user by a way that does not lead through AWS. In the console: IAM > Users > {} > Security credentials > Manage console access > Reset password. Nobody needs it now: `aws iam delete-login-profile {user}` takes it away for good.",
                word(&who.name)
            )],
            "revoke-sessions" => {
                let older = format!(
                    r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Deny","Action":"*","Resource":"*","Condition":{{"DateLessThan":{{"aws:TokenIssueTime":"{}"}}}}}}]}}"#,
                    self.now
                );
                let what = "End the sessions that began before now";
                denied(&who, what, "AWSRevokeOlderSessions", &older).into_iter().collect()
            }
            _ => Vec::new(),
        };
        if let Some(first) = steps.first_mut() {
            *first = format!("{FIRST} {first}");
        }
        steps
    }

    /// The step for each key of a user that the finding and its records name.
    fn keys_off(&self, finding: &Finding, who: &Named) -> Vec<String> {
        let mut keys: BTreeSet<String> = self.keys_of_records(finding, &who.name);
        keys.extend(finding.target.access_key.clone());
        let is_own = finding.actor.name.as_deref() == Some(who.name.as_str())
            && finding.actor.session.is_none();
        keys.extend(finding.actor.access_key.clone().filter(|_| is_own));
        keys.retain(|key| key.starts_with(OF_USERS));
        let user = option("--user-name", &who.name);
        let step = |key: &str| {
            format!(
                "Switch the key off: `aws iam update-access-key {user} {} --status Inactive`; `--status Active` takes it back.",
                option("--access-key-id", key)
            )
        };
        match keys.is_empty() {
            true => vec![format!(
                "Which keys there are: `aws iam list-access-keys {user}`. Switch off the one that it is about: `aws iam update-access-key {user} --access-key-id KEY --status Inactive`; `--status Active` takes it back."
            )],
            false => keys.iter().map(|key| step(key)).collect(),
        }
    }
}

/// The step that writes a denial into a user or role.
fn denied(who: &Named, what: &str, policy: &str, document: &str) -> Option<String> {
    let kind = match who.kind {
        Kind::User => "user",
        Kind::Role => "role",
        Kind::Group | Kind::Root => return None,
    };
    let named = option(&format!("--{kind}-name"), &who.name);
    Some(format!(
        "{what}: `aws iam put-{kind}-policy {named} --policy-name {policy} --policy-document {}`; `aws iam delete-{kind}-policy {named} --policy-name {policy}` takes it back.",
        word(document)
    ))
}
