//! Managed policies with their versions, and instance profiles, identity providers, MFA devices.

use std::sync::Arc;

use crate::fact::{Fact, Proof};
use crate::identity::Id;
use crate::listing::Listing;
use crate::text::PolicyText;

/// A managed policy of the account, or one of AWS's own that a baseline showed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ManagedPolicy {
    /// `ANPA...`, or provisional.
    pub id: Id,
    /// Its ARN, which never changes.
    pub arn: Arc<str>,
    /// Documents by version id.
    pub versions: Listing<Arc<str>, PolicyText>,
    /// The version that counts.
    pub default: Fact<Arc<str>>,
    /// Tags.
    pub tags: Listing<Arc<str>, Arc<str>>,
    /// The highest version number seen; numbers are never used again.
    pub newest: u32,
    /// Whether no higher number can have been used.
    pub newest_is_exact: bool,
}

impl ManagedPolicy {
    /// One of which only the ARN is known.
    #[must_use]
    pub fn seen(id: Id, arn: &str) -> Self {
        Self {
            id,
            arn: arn.into(),
            versions: Listing::default(),
            default: Fact::default(),
            tags: Listing::default(),
            newest: 0,
            newest_is_exact: false,
        }
    }

    /// Its name: the ARN's last part.
    #[must_use]
    pub fn name(&self) -> &str {
        self.arn.rsplit('/').next().unwrap_or_default()
    }

    /// The document of the default version.
    #[must_use]
    pub fn document(&self) -> Fact<PolicyText> {
        let version = match &self.default {
            Fact::Known { value, .. } => value,
            Fact::Unknown { why, last } => {
                let known = last.as_ref().and_then(|(version, _)| self.text(version));
                return Fact::Unknown { why: why.clone(), last: known };
            }
        };
        match self.versions.get(version) {
            crate::Presence::Present(fact) => fact.clone(),
            // Why others are missing says nothing of this one: it was never seen.
            crate::Presence::Absent | crate::Presence::Unknown(_) => Fact::default(),
        }
    }

    fn text(&self, version: &Arc<str>) -> Option<(PolicyText, Proof)> {
        match self.versions.get(version) {
            crate::Presence::Present(Fact::Known { value, proof }) => {
                Some((value.clone(), proof.clone()))
            }
            _ => None,
        }
    }

    /// Whether it can be the one that got the version of that number just now.
    #[must_use]
    pub fn can_gain(&self, version: Option<u32>) -> bool {
        let Some(number) = version else { return true };
        number > self.newest && (!self.newest_is_exact || number == self.newest.saturating_add(1))
    }
}

/// The number of a version id such as `v3` or `v3.1-suffix`.
///
/// Source: IAM API Reference, `DeletePolicyVersion`, the pattern of `VersionId`.
#[must_use]
pub fn version_number(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// An instance profile: what hands a role to EC2 instances.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct InstanceProfile {
    /// Its name.
    pub name: Arc<str>,
    /// `AIPA...`, when a record told it.
    pub id: Fact<Arc<str>>,
    /// Its ARN, when a record told it.
    pub arn: Fact<Arc<str>>,
    /// Its role; there is one at most.
    pub role: Fact<Option<Id>>,
    /// Tags.
    pub tags: Listing<Arc<str>, Arc<str>>,
}

/// The protocol of an identity provider.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum ProviderKind {
    /// SAML 2.0.
    Saml,
    /// OpenID Connect.
    OpenIdConnect,
}

/// An identity provider, by its ARN, which names it for ever.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Provider {
    /// Its ARN.
    pub arn: Arc<str>,
    /// Its protocol.
    pub kind: ProviderKind,
    /// Of OpenID Connect: client ids (audiences).
    pub clients: Listing<Arc<str>, ()>,
    /// Of OpenID Connect: thumbprints of certificates.
    pub thumbprints: Fact<Vec<Arc<str>>>,
    /// Of SAML: the metadata document, which holds the keys that are trusted.
    pub metadata: Fact<Arc<str>>,
    /// Tags.
    pub tags: Listing<Arc<str>, Arc<str>>,
}

/// An MFA device, by its serial number or ARN.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MfaDevice {
    /// Serial number or ARN.
    pub serial: Arc<str>,
    /// Whose it is.
    pub owner: Fact<Option<Id>>,
    /// Tags.
    pub tags: Listing<Arc<str>, Arc<str>>,
}
