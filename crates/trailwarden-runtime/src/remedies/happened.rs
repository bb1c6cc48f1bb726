//! What records say by themselves: that AWS refused the call, and what a call without a reply made.

use serde_json::Value;
use trailwarden_model::finding::Kind;
use trailwarden_model::{Finding, Outcome};
use trailwarden_remedy::{NoPlan, Subject};

use super::Known;
use super::evidence::fields_of;
use super::providers::{is_made, is_of_provider};

/// Remediations that put back what a call changed, whatever else they can do: a call that was refused
/// left nothing for them.
const OF_CHANGES: &[&str] = &[
    "attach-quarantine-policy",
    "cancel-key-deletion",
    "delete-credential",
    "delete-login-profile",
    "delete-root-access-key",
    "deregister-delegated-administrator",
    "disable-outbound-federation",
    "disable-roles-anywhere-profile",
    "disable-trust-anchor",
    "move-account-back",
    "narrow-permission-set",
    "narrow-trust",
    "read-the-policy",
    "reject-delegation-request",
    "remove-account-assignment",
    "remove-identity-provider-certificate",
    "remove-mfa-device",
    "reprovision-permission-set",
    "restore-bucket-policy",
    "restore-detective-control",
    "restore-event-data-store",
    "restore-organization-policy",
    "restore-saml-metadata",
    "restore-trail",
];

impl Known<'_> {
    /// Refuses a remediation of a call that AWS refused.
    pub(super) fn has_happened(&self, finding: &Finding, remedy: &str) -> Result<(), NoPlan> {
        let is_of_key = |name: &str| ["CreateAccessKey", "UpdateAccessKey"].contains(&name);
        let is_undoing = fields_of(remedy).is_some()
            || OF_CHANGES.contains(&remedy)
            || remedy == "deactivate-access-key"
                && finding.evidence.iter().any(|evidence| is_of_key(&evidence.event_name));
        match finding.outcome {
            Some(Outcome::Denied | Outcome::Failed) if is_undoing => Err(NoPlan::Refused),
            _ => Ok(()),
        }
    }

    /// The provider that a record without a reply made: its ARN follows from what was asked for.
    ///
    /// Source: IAM User Guide, "IAM identifiers" and "Obtain the thumbprint": the ARN has the URL without `https://`.
    pub(super) fn provider_of_record(&self, finding: &Finding) -> Result<Option<Subject>, NoPlan> {
        let made = |name: &str| name.starts_with("Create") || name.starts_with("AddClientID");
        if !finding.evidence.iter().any(|one| made(&one.event_name)) {
            return Err(NoPlan::Missing("a provider that was made"));
        }
        let mut subject = self.blank(Some(finding));
        let owner = format!("arn:{}:iam::{}", subject.partition, subject.account);
        let records = finding.evidence.iter();
        let mut records = records.filter_map(|one| self.history?.record(&one.event_id));
        subject.provider = records.find_map(|event| match event.name() {
            "CreateOpenIDConnectProvider" => {
                let url = event.request("url")?.strip_prefix("https://")?;
                // Whether AWS keeps a slash at the end it does not say.
                (!url.is_empty() && !url.ends_with('/'))
                    .then(|| format!("{owner}:oidc-provider/{url}"))
            }
            "CreateSAMLProvider" => {
                Some(format!("{owner}:saml-provider/{}", event.request("name")?))
            }
            _ => None,
        });
        if subject.provider.is_none() && is_of_provider(finding) && is_made(finding) {
            subject.provider.clone_from(&finding.target.arn);
        }
        if let Some(arn) = &subject.provider {
            self.is_provider_left(finding, arn)?;
        }
        Ok(subject.provider.is_some().then_some(subject))
    }

    /// Refuses to delete a provider that logs or a list from after the finding show to be gone.
    pub(super) fn is_provider_left(&self, finding: &Finding, arn: &str) -> Result<(), NoPlan> {
        let deleted = self.history.and_then(|it| it.since().provider_deleted(arn));
        let (list, member) = match arn.contains(":oidc-provider/") {
            true => ("iam:ListOpenIDConnectProviders", "OpenIDConnectProviderList"),
            false => ("iam:ListSAMLProviders", "SAMLProviderList"),
        };
        let answer = self.snapshot.answer(list).filter(|it| it.time > finding.last_time);
        let listed = answer.and_then(|answer| answer.body()?.get(member)?.as_array());
        let is_it = |one: &Value| one.get("Arn").and_then(Value::as_str) == Some(arn);
        let is_missing = listed.is_some_and(|all| !all.iter().any(is_it));
        match deleted.is_some_and(|at| at >= finding.last_time) || is_missing {
            true => Err(NoPlan::Already(format!("the provider `{arn}` is gone"))),
            false => Ok(()),
        }
    }

    /// Refuses to set a password anew that somebody set since who is neither its user nor made the finding's calls.
    pub(super) fn is_password_old(
        &self,
        finding: &Finding,
        subject: &Subject,
    ) -> Result<(), NoPlan> {
        let user = subject.user()?;
        let set =
            self.history.and_then(|it| it.since().password_set(self.account(), user, finding));
        match set.filter(|at| *at > finding.last_time) {
            Some(at) => {
                Err(NoPlan::Already(format!("the password of `user/{user}` was set anew on {at}")))
            }
            None => Ok(()),
        }
    }

    /// Refuses to ask for a second factor where a report from after the finding shows one.
    pub(super) fn is_without_factor(
        &self,
        finding: &Finding,
        subject: &Subject,
    ) -> Result<(), NoPlan> {
        let made = self.report.and_then(|report| report.generated);
        let row = self.credentials(subject.user()?);
        let has_one = row.and_then(|row| row.has_mfa) == Some(true);
        let is_deed = finding.kind != Kind::Posture && !finding.evidence.is_empty();
        match made.filter(|at| has_one && is_deed && *at > finding.last_time) {
            Some(at) => Err(NoPlan::Already(format!(
                "the credential report of {at} shows a second factor: its user knows whether it is the own one"
            ))),
            None => Ok(()),
        }
    }
}
