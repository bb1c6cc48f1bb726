//! Takes everything away from a user or role that somebody else may be using: keys, sessions, permissions.
//!
//! A denial of our own rather than AWS's quarantine policies: those are lists that leave, for instance,
//! reading secrets and entering roles open ("AWSCompromisedKeyQuarantineV3", AWS Managed Policy
//! Reference).

use super::deactivate_access_key::switch_off;
use super::revoke_sessions::end_sessions;
use crate::prelude::*;

/// See the fields.
pub static REMEDY: Remedy = Remedy {
    id: "attach-quarantine-policy",
    aliases: &["quarantine-principal"],
    title: "Quarantine a user or role",
    effect: Effect::Restricts,
    order: Order::Containment,
    notes: &[
        "Everything that runs as this principal stops, sessions that exist included.",
        "What it made or entered before stays: other users, keys, roles and their sessions must be looked for.",
        "Take it back with release-quarantine, after which sessions from before stay ended, or with the undo of the run, after which those that have not run out work again.",
    ],
    example: |subject| {
        let key = |is_active| crate::subject::Key { is_active, ..Default::default() };
        subject.keys = Some(
            [
                ("AKIAEXAMPLEOFALICE01".to_owned(), key(true)),
                ("AKIAEXAMPLEOFALICE02".to_owned(), key(false)),
            ]
            .into(),
        );
        subject.inline = Some([].into());
    },
    example_of: "arn:aws:iam::111122223333:user/staff/alice",
    plan,
};

/// What all inline policies of a principal may hold together ("IAM and STS quotas", IAM User Guide).
fn inline_max(kind: PrincipalKind) -> usize {
    match kind {
        PrincipalKind::User | PrincipalKind::Root => 2_048,
        PrincipalKind::Group => 5_120,
        PrincipalKind::Role => 10_240,
    }
}

/// That an inline policy fits beside the principal's others, as far as these are known: AWS would refuse it in
/// the middle of a plan.
pub(crate) fn fits(
    subject: &Subject,
    kind: PrincipalKind,
    policy: &str,
    document: &str,
) -> Result<(), NoPlan> {
    let others = subject.inline.as_ref().unwrap_or(&subject.inline_seen).iter();
    let others = others.filter(|(name, _)| name.as_str() != policy);
    let taken: usize = others.map(|(_, text)| documents::size(text)).sum();
    let (more, most) = (documents::size(document), inline_max(kind));
    if taken + more <= most {
        return Ok(());
    }
    Err(NoPlan::Person(format!(
        "the policy `{policy}` has {more} characters, and the other inline policies {taken} of the {most} that all may have together: make one of those a managed policy (create-policy, attach it, delete the inline one), then make this plan again"
    )))
}

fn plan(subject: &Subject, draft: &mut Draft) -> Result<(), NoPlan> {
    let principal = subject.user_or_role()?;
    let name = principal.name.as_str();
    if principal.kind == PrincipalKind::User {
        let keys =
            subject.keys.as_ref().ok_or_else(|| NoPlan::unknown("which keys the user has"))?;
        for (key, _) in keys.iter().filter(|(_, key)| key.is_active) {
            switch_off(draft, name, key)?;
        }
    }
    let denial = documents::deny_everything();
    let is_denied = |text: &str| documents::is_same_policy(&text.into(), &denial.as_str().into());
    let by_boundary_already = subject.boundary.is() == Some(&deny_all(subject));
    if draft.is_empty()
        && (by_boundary_already || subject.inline(documents::QUARANTINE).is_ok_and(is_denied))
    {
        return Err(NoPlan::Already("it is denied everything, and has no active key".to_owned()));
    }
    let revoking = documents::deny_older_sessions(subject.cutoff);
    let fits = subject.inline.as_ref().is_some_and(|inline| {
        // Those of ours are written anew.
        let others = inline.iter().filter(|(name, _)| {
            ![documents::QUARANTINE, documents::REVOKE].contains(&name.as_str())
        });
        let used: usize = others.map(|(_, text)| documents::size(text)).sum();
        let more = documents::size(&denial) + documents::size(&revoking);
        used + more <= inline_max(principal.kind)
    });
    if !fits {
        return by_boundary(subject, draft, principal);
    }
    put(draft, principal, subject, documents::QUARANTINE, denial, "deny everything to")?;
    end_sessions(subject, draft, principal)
}

/// The policy of AWS that denies everything.
fn deny_all(subject: &Subject) -> String {
    format!("arn:{}:iam::aws:policy/AWSDenyAll", subject.partition)
}

/// A boundary needs no room among the policies, and its denial counts as any other.
fn by_boundary(subject: &Subject, draft: &mut Draft, principal: &Principal) -> Result<(), NoPlan> {
    let denial = deny_all(subject);
    let before = match &subject.boundary {
        Known::Unknown => return Err(NoPlan::unknown("the permissions boundary")),
        Known::Absent => Before::Absent,
        Known::Is(boundary) if *boundary == denial => {
            // Keys that are still active are switched off all the same.
            return match draft.is_empty() {
                true => Err(NoPlan::Already("the boundary denies everything".to_owned())),
                false => Ok(()),
            };
        }
        Known::Is(boundary) => Before::was("PermissionsBoundary", boundary.as_str()),
    };
    draft.note(
        "There is no room for inline policies, or it is not known: the boundary denies everything. Once it is lifted, in either way, sessions from before work again until they run out.",
    );
    let kind = principal.kind;
    draft.call(
        format!("deny everything to {} by its boundary", principal.name),
        kind.choose("iam:PutUserPermissionsBoundary", "", "iam:PutRolePermissionsBoundary"),
        [
            (kind.parameter(), principal.name.as_str().into()),
            ("PermissionsBoundary", denial.into()),
        ],
        &before,
    )?;
    Ok(())
}

/// Writes an inline policy of ours.
pub(crate) fn put(
    draft: &mut Draft,
    principal: &Principal,
    subject: &Subject,
    policy: &'static str,
    document: String,
    verb: &str,
) -> Result<(), NoPlan> {
    let present = subject.inline(policy).ok();
    // Not known is taken for absent, and asked right before the call.
    let before = present.map_or(Before::Absent, |text| Before::was("PolicyDocument", text));
    let kind = principal.kind;
    draft.call(
        format!("{verb} {}", principal.name),
        kind.choose("iam:PutUserPolicy", "iam:PutGroupPolicy", "iam:PutRolePolicy"),
        [
            (kind.parameter(), principal.name.as_str().into()),
            ("PolicyName", policy.into()),
            ("PolicyDocument", document.into()),
        ],
        &before,
    )?;
    Ok(())
}
