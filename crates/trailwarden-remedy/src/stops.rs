//! Hard stops: what no plan touches, whatever was found.
//!
//! Sources: "Using service-linked roles" (IAM User Guide); "Referencing permission sets in resource
//! policies" (IAM Identity Center User Guide), for the names of the roles that it makes.

use crate::remedy::Effect;
use crate::subject::{Policy, PrincipalKind, Subject};

/// Why a plan is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Stop {
    /// It would lock out who runs it.
    #[error("it is the identity that runs this; ask somebody else to apply it")]
    OwnIdentity,
    /// Nobody would be left to take it back.
    #[error("it is the last administrator of the account; make sure of another one first")]
    LastAdministrator,
    /// It is kept for emergencies.
    #[error(
        "it is a break-glass identity; decide by hand, and change its credentials by its own procedure"
    )]
    BreakGlass,
    /// AWS lets only a service change it.
    #[error(
        "it is a service-linked role, which only its service changes; delete it by that service"
    )]
    ServiceLinkedRole,
    /// Identity Center would put it back.
    #[error(
        "the role belongs to IAM Identity Center, which alone changes it; change the permission set or the assignment"
    )]
    IdentityCenterRole,
    /// AWS alone changes it.
    #[error("the policy is managed by AWS and cannot be changed; detach it instead")]
    AwsManagedPolicy,
    /// Policies do not bind it.
    #[error("policies do not bind the root user; sign in as root, or use central root access")]
    Root,
}

/// The first stop that applies to a subject.
#[must_use]
pub fn first(subject: &Subject, effect: Effect) -> Option<Stop> {
    let principal = subject.principal.as_ref()?;
    match principal.kind {
        PrincipalKind::Root => return Some(Stop::Root),
        PrincipalKind::Role if principal.arn.contains(":role/aws-service-role/") => {
            return Some(Stop::ServiceLinkedRole);
        }
        PrincipalKind::Role
            if principal.arn.contains(":role/aws-reserved/sso.amazonaws.com/")
                || principal.name.starts_with("AWSReservedSSO_") =>
        {
            return Some(Stop::IdentityCenterRole);
        }
        PrincipalKind::User | PrincipalKind::Group | PrincipalKind::Role => {}
    }
    let is_restricted = effect == Effect::Restricts;
    let is_changed = effect != Effect::Keeps;
    let own = subject.safety.own.iter().any(|arn| arn.eq_ignore_ascii_case(&principal.arn));
    let stops = [
        (is_restricted && own, Stop::OwnIdentity),
        (is_restricted && subject.safety.is_last_administrator, Stop::LastAdministrator),
        (is_changed && subject.safety.is_break_glass, Stop::BreakGlass),
    ];
    stops.into_iter().find_map(|(applies, stop)| applies.then_some(stop))
}

/// Whether a policy is one that only AWS changes.
#[must_use]
pub fn is_aws_managed(policy: &Policy) -> bool {
    matches!(policy, Policy::Managed { arn, .. } if arn.contains(":iam::aws:policy/"))
}
