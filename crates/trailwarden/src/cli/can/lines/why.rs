//! Why the answer is what it is, beside the statements: what a layer lacks, and what has not been seen.

use trailwarden_account::session::Token;
use trailwarden_policy::evaluate::Layer;

use super::super::answer::By;
use super::super::extent::Extent;
use super::super::question::Side;
use super::{Line, Teller};

/// Unknown things that are shown.
const UNKNOWNS_MAX: usize = 8;
/// Roles that are shown.
const ROLES_MAX: usize = 20;

/// What AWS refuses a session of `GetSessionToken`.
fn refused(token: Token) -> &'static str {
    match token {
        Token::WithSecondFactor => {
            "a session of GetSessionToken may call nothing of STS but AssumeRole and \
             GetCallerIdentity"
        }
        Token::WithoutSecondFactor => {
            "a session of GetSessionToken without a second factor may call nothing of IAM, and \
             nothing of STS but AssumeRole and GetCallerIdentity"
        }
    }
}

impl Teller<'_> {
    /// What a layer lacks.
    pub(super) fn lacking(&self, layer: Layer, scp_level: Option<usize>) -> String {
        let standing = &self.question.standing;
        match layer {
            Layer::Identity if standing.held.policies.is_empty() => {
                "it is known to have no identity policies".to_owned()
            }
            Layer::Identity => "no statement of its identity policies allows it".to_owned(),
            Layer::Boundary => {
                let boundary = standing.boundary.value().and_then(Option::as_ref);
                let arn = boundary.map(|boundary| boundary.arn.to_string()).unwrap_or_default();
                format!("the permissions boundary {arn} does not reach so far")
            }
            Layer::Scp => {
                let target = self.scp_target(scp_level);
                format!("no SCP at {target} allows it, and every level needs one that does")
            }
            Layer::Resource => match &self.answer.side {
                Side::Says { name, .. } => format!("the policy of {name} does not allow it"),
                _ => format!("{} trusts nobody, since it is not there", self.deed.resource()),
            },
            Layer::Aws => "AWS itself refuses this, whatever policies say".to_owned(),
            Layer::Session => {
                if let Some(token) = self.question.token() {
                    return refused(token).to_owned();
                }
                let is_needed = standing.session.as_ref().is_some_and(|one| one.is_federated);
                match standing.session.as_ref().and_then(|session| session.policies.value()) {
                    Some(none) if none.is_empty() && is_needed => {
                        "a federated user may do nothing without a session policy".to_owned()
                    }
                    _ => "the session policy does not reach so far".to_owned(),
                }
            }
            Layer::Endpoint | Layer::Rcp => {
                format!("an Allow of the {layer} policy")
            }
        }
    }

    /// The root, unit or account of a level of SCPs.
    pub(super) fn scp_target(&self, level: Option<usize>) -> String {
        let level = level.and_then(|level| self.question.standing.scps.levels.get(level));
        level.map(|level| level.target.to_string()).unwrap_or_default()
    }

    /// The roles that may be entered.
    pub(super) fn of_roles(&self) -> Vec<Line> {
        let Some(roles) = &self.answer.roles else { return Vec::new() };
        let mut lines = Vec::new();
        for (label, all) in [("may enter", &roles.may), ("perhaps", &roles.perhaps)] {
            lines.extend(all.iter().take(ROLES_MAX).map(|role| Line::new(label, role.as_str())));
            let more = all.len().saturating_sub(ROLES_MAX);
            if more > 0 {
                lines.push(Line::new(label, format!("{more} more; --json names them all")));
            }
        }
        if roles.may.is_empty() && roles.perhaps.is_empty() {
            lines.push(Line::new("may enter", "no role of the accounts that were read"));
        }
        lines
    }

    /// What an answer that is not known depends on.
    pub(super) fn open(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        let keys = self.answer.keys();
        if !keys.is_empty() {
            let text = format!("{}; say more with --context KEY=VALUE", keys.join(", "));
            lines.push(Line::new("depends on", text));
        }
        let may_be_allowed_there = match &self.answer.by {
            By::Request { decided, .. } => decided.may_be_allowed_there,
            By::Reach(reached) => reached.extent == Extent::None,
        };
        if let By::Reach(reached) = &self.answer.by
            && !reached.lacking.is_empty()
        {
            let text = format!(
                "whether the call needs these as well, on which nothing is allowed: {}",
                reached.lacking.join(", ")
            );
            lines.push(Line::new("depends on", text));
        }
        if self.answer.is_guarded && matches!(self.answer.by, By::Reach(_)) {
            let text = "resource control policies, which may deny it on some resources; name one";
            lines.push(Line::new("depends on", text));
        }
        match &self.answer.side {
            Side::Unseen(..) if self.answer.roles.is_some() => lines.push(Line::new(
                "not known",
                "roles of accounts that were not read, which may let it in",
            )),
            Side::Unseen(what, why) => {
                lines.push(Line::new("not known", format!("{what}: {}", why.as_str())));
            }
            Side::MayAllow if may_be_allowed_there => lines.push(Line::new(
                "not known",
                "whether a policy of the resource allows it: logs do not show these; give it with \
                 --resource-policy, or none",
            )),
            Side::MayAllow | Side::Silent | Side::Says { .. } => {}
        }
        let unknowns = self.answer.unknowns(self.question);
        for unknown in unknowns.iter().take(UNKNOWNS_MAX) {
            let listed = ["inline policies", "attached policies", "groups"];
            let is_list = listed.iter().any(|list| unknown.what.starts_with(list));
            let other = if is_list { "other " } else { "" };
            let text = format!("{other}{}: {}", unknown.what, unknown.why.as_str());
            lines.push(Line::new("not known", text));
        }
        let more = unknowns.len().saturating_sub(UNKNOWNS_MAX);
        if more > 0 {
            lines.push(Line::new("not known", format!("and {more} more; --json names them all")));
        }
        lines
    }
}
