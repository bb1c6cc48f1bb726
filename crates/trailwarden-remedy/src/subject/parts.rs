//! What remedies ask a subject for: the part that they need, or that there is no plan without, and the
//! words of its kind.

use super::{Principal, PrincipalKind, Subject};
use crate::remedy::NoPlan;

impl Subject {
    /// The name of the user that it is about.
    ///
    /// # Errors
    /// It is about no user.
    pub fn user(&self) -> Result<&str, NoPlan> {
        self.of_kind(&[PrincipalKind::User], "a user").map(|principal| principal.name.as_str())
    }

    /// The name of the role that it is about.
    ///
    /// # Errors
    /// It is about no role.
    pub fn role(&self) -> Result<&str, NoPlan> {
        self.of_kind(&[PrincipalKind::Role], "a role").map(|principal| principal.name.as_str())
    }

    /// The name of the group that it is about.
    ///
    /// # Errors
    /// It is about no group.
    pub fn group(&self) -> Result<&str, NoPlan> {
        self.of_kind(&[PrincipalKind::Group], "a group").map(|principal| principal.name.as_str())
    }

    /// The user or role that it is about.
    ///
    /// # Errors
    /// It is about neither.
    pub fn user_or_role(&self) -> Result<&Principal, NoPlan> {
        self.of_kind(&[PrincipalKind::User, PrincipalKind::Role], "a user or role")
    }

    /// The user, group or role that it is about.
    ///
    /// # Errors
    /// It is about none of them.
    pub fn holder(&self) -> Result<&Principal, NoPlan> {
        let kinds = [PrincipalKind::User, PrincipalKind::Group, PrincipalKind::Role];
        self.of_kind(&kinds, "a user, group or role")
    }

    fn of_kind(&self, kinds: &[PrincipalKind], what: &'static str) -> Result<&Principal, NoPlan> {
        let principal = self.principal.as_ref();
        principal.filter(|principal| kinds.contains(&principal.kind)).ok_or(NoPlan::Missing(what))
    }

    /// The document of an inline policy of the principal.
    ///
    /// # Errors
    /// It is not known, or there is no such policy.
    pub fn inline(&self, name: &str) -> Result<&str, NoPlan> {
        if let Some(text) = self.inline_seen.get(name) {
            return Ok(text);
        }
        let Some(inline) = &self.inline else {
            return Err(NoPlan::unknown("the inline policies"));
        };
        let gone = || NoPlan::Already(format!("the inline policy `{name}` is gone"));
        inline.get(name).map(String::as_str).ok_or_else(gone)
    }

    /// The document of the role's trust policy.
    ///
    /// # Errors
    /// It is not known.
    pub fn trust(&self) -> Result<&str, NoPlan> {
        self.trust.is().map(String::as_str).ok_or_else(|| NoPlan::unknown("the trust policy"))
    }
}

impl PrincipalKind {
    /// The parameter that names one: `UserName`.
    #[must_use]
    pub fn parameter(self) -> &'static str {
        self.choose("UserName", "GroupName", "RoleName")
    }

    /// What belongs to the kind, of a user's, a group's and a role's.
    #[must_use]
    pub fn choose(
        self,
        user: &'static str,
        group: &'static str,
        role: &'static str,
    ) -> &'static str {
        match self {
            // No plan is made for the root user (`stops`), so nothing is chosen for it.
            Self::Root | Self::User => user,
            Self::Group => group,
            Self::Role => role,
        }
    }
}
