//! What records say by themselves: that AWS refused the call, and what a call without a reply made.

use trailwarden_model::{Finding, Outcome};
use trailwarden_remedy::{NoPlan, Subject};

use super::Known;
use super::evidence::fields_of;

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
    "rename-group",
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
        Ok(subject.provider.is_some().then_some(subject))
    }
}
