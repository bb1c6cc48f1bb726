//! Amazon Resource Names, in every partition.

use std::fmt;

use crate::AccountId;

/// A parsed ARN that borrows its text: `arn:partition:service:region:account:resource`.
///
/// Partitions are not checked against a list: AWS adds them (`aws`, `aws-cn`, `aws-us-gov`,
/// `aws-iso`, `aws-iso-b`, ...), and a log from a new one is still a log.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Arn<'a> {
    /// The whole text.
    pub text: &'a str,
    /// `aws`, `aws-cn`, `aws-us-gov`, `aws-iso`...
    pub partition: &'a str,
    /// `iam`, `sts`, `s3`...
    pub service: &'a str,
    /// Empty for global services.
    pub region: &'a str,
    /// Twelve digits, empty, or `aws` for what AWS itself owns (managed policies).
    pub account: &'a str,
    /// All after the fifth colon, colons included.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Splits at the first five colons; `None` when there are fewer or the first part is not `arn`.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        if parts.next()? != "arn" {
            return None;
        }
        Some(Self {
            text,
            partition: parts.next()?,
            service: parts.next()?,
            region: parts.next()?,
            account: parts.next()?,
            resource: parts.next()?,
        })
    }

    /// Whether this is the managed policy of AWS of that name, in whatever partition and path.
    pub fn is_aws_managed(&self, name: &str) -> bool {
        self.service == "iam"
            && self.account == "aws"
            && self.kind() == "policy"
            && self.name() == name
    }

    /// The owning account, when the ARN names one.
    pub fn account_id(&self) -> Option<AccountId> {
        AccountId::parse(self.account)
    }

    /// The kind before the first `/` or `:` of the resource: `user`, `role`, `assumed-role`.
    pub fn kind(&self) -> &'a str {
        self.resource.split(['/', ':']).next().unwrap_or_default()
    }

    /// The last segment: the friendly name of an IAM entity, its path dropped.
    ///
    /// For `assumed-role/ROLE/SESSION` this is the session; use [`Arn::session_role`] for the role.
    pub fn name(&self) -> &'a str {
        self.resource.rsplit(['/', ':']).next().unwrap_or_default()
    }

    /// Role name of an `assumed-role/ROLE/SESSION` ARN.
    pub fn session_role(&self) -> Option<&'a str> {
        let rest = self.resource.strip_prefix("assumed-role/")?;
        rest.split('/').next()
    }
}

impl fmt::Display for Arn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_a_session() {
        let arn = Arn::parse("arn:aws-us-gov:sts::111122223333:assumed-role/app/i-0abc").unwrap();
        assert_eq!(arn.partition, "aws-us-gov");
        assert_eq!(arn.kind(), "assumed-role");
        assert_eq!(arn.session_role(), Some("app"));
        assert_eq!(arn.name(), "i-0abc");
        assert_eq!(arn.account_id().unwrap().to_string(), "111122223333");
    }

    #[test]
    fn drops_the_path_of_a_name() {
        let arn = Arn::parse("arn:aws:iam::111122223333:user/team/blue/alice").unwrap();
        assert_eq!((arn.kind(), arn.name()), ("user", "alice"));
    }

    #[test]
    fn needs_six_parts() {
        assert!(Arn::parse("arn:aws:iam::111122223333").is_none());
        assert!(Arn::parse("alice").is_none());
    }
}
