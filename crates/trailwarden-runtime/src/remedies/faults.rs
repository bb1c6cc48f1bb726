//! Which policies a finding is about.

use trailwarden_account::fact::Fact;
use trailwarden_account::query::name_of;
use trailwarden_account::{Identity, Kind, Model};
use trailwarden_model::Finding;
use trailwarden_model::finding::Kind as FindingKind;
use trailwarden_remedy::subject::{Policy, Principal};
use trailwarden_remedy::{NoPlan, Subject};

use super::Known;
use super::evidence::ASK_LOGS;
use super::statements::is_full_control;

/// Rules that say that somebody has full control: each policy that gives it alone is at fault.
const FULL_CONTROL: &[&str] =
    &["group-gives-full-control", "role-is-administrator", "user-is-administrator"];

/// A rule about holders of one policy, by its name.
const OF_POLICY: &[(&str, &str)] = &[("cloudshell-for-everything", "AWSCloudShellFullAccess")];

/// Whether a rule says that somebody has full control.
pub(super) fn is_of_full_control(rule: &str) -> bool {
    FULL_CONTROL.contains(&rule)
}

/// Whether a policy that is to be taken away for a finding may stay, where it says no more than this.
pub(super) fn may_stay(rule: &str, document: &str) -> bool {
    FULL_CONTROL.contains(&rule) && !is_full_control(document)
}

const BY_PATHS: &str =
    "which step of the way is needed least is for its owner to say; take that step away";

const BY_QUESTIONS: &str = "several policies may give it: `trailwarden can NAME ACTION --baseline FILE` names the statements that do; narrow or detach the one that is needed least";

impl Known<'_> {
    /// The subject with each policy that is at fault.
    pub(super) fn at_fault(
        &self,
        finding: &Finding,
        subject: Subject,
    ) -> Result<Vec<Subject>, NoPlan> {
        let target = &finding.target;
        let model = self.model()?;
        let with = |policy: Policy| Subject { policy: Some(policy), ..subject.clone() };
        match target.kind.as_deref() {
            Some("inline_policy") => {
                let id = target.id.as_deref().unwrap_or_default();
                let name = id.split_once("/inline policy ").map(|(_, name)| name);
                let name = name.ok_or(NoPlan::Missing("the name of a policy"))?;
                Ok(vec![with(Policy::Inline(name.to_owned()))])
            }
            Some("policy") => {
                let arn = target.arn.as_deref().ok_or(NoPlan::Missing("the ARN of a policy"))?;
                Ok(vec![with(self.managed(finding, arn))])
            }
            _ if FULL_CONTROL.contains(&finding.rule.as_str()) => {
                self.of_full_control(model, &subject)
            }
            _ => {
                let of_rule = OF_POLICY.iter().find(|(rule, _)| *rule == finding.rule);
                if let Some((_, name)) = of_rule {
                    let arn = format!("arn:{}:iam::aws:policy/{name}", subject.partition);
                    return Ok(vec![with(self.managed(finding, &arn))]);
                }
                if finding.rule.ends_with("-can-become-administrator") {
                    return Err(NoPlan::Person(BY_PATHS.to_owned()));
                }
                if finding.kind == FindingKind::Posture {
                    return Err(NoPlan::Person(BY_QUESTIONS.to_owned()));
                }
                let what = "which policy is at fault".to_owned();
                Err(NoPlan::Unknown { what, ask: ASK_LOGS })
            }
        }
    }

    /// The policies of somebody that each give full control.
    fn of_full_control(&self, model: &Model, subject: &Subject) -> Result<Vec<Subject>, NoPlan> {
        let arn = subject.principal.as_ref().map(|principal: &Principal| principal.arn.as_str());
        let identity = arn.and_then(|arn| model.find_arn(arn));
        let identity = identity.ok_or(NoPlan::Missing("a user, group or role"))?;
        let policies = Self::policies_of_full_control(model, identity);
        if !policies.is_empty() {
            let with = |policy| Subject { policy: Some(policy), ..subject.clone() };
            return Ok(policies.into_iter().map(with).collect());
        }
        let groups = model.groups_of(&identity.id).ids;
        let groups: Vec<String> =
            groups.iter().filter_map(|id| model.identity(id)).map(name_of).collect();
        Err(NoPlan::Person(match identity.kind == Kind::User && !groups.is_empty() {
            true => format!(
                "no single policy of its own gives full control; it is a member of {}: take it out there, or take the policy away from the group",
                groups.join(", ")
            ),
            false => "no single policy gives full control, but several together do: read them, and narrow the one that is needed least".to_owned(),
        }))
    }

    /// The policies of an identity's own that each give full control.
    pub(super) fn policies_of_full_control(model: &Model, identity: &Identity) -> Vec<Policy> {
        let gives = |text: &Fact<trailwarden_account::PolicyText>| {
            text.value().is_some_and(|text| is_full_control(text.as_str()))
        };
        let mut policies = Vec::new();
        for (name, _) in identity.inline.iter().filter(|(_, text)| gives(text)) {
            policies.push(Policy::Inline(name.to_string()));
        }
        for arn in identity.attached.keys().filter(|arn| gives(&model.document_of(arn))) {
            let (default, versions, version_before) = (None, Vec::new(), None);
            policies.push(Policy::Managed {
                arn: arn.to_string(),
                default,
                versions,
                version_before,
            });
        }
        policies
    }

    /// A managed policy as the model has it, where that is of after a finding.
    pub(super) fn managed(&self, finding: &Finding, arn: &str) -> Policy {
        if self.is_after(finding) {
            return self.managed_now(arn);
        }
        let (default, versions, version_before) = (None, Vec::new(), None);
        Policy::Managed { arn: arn.to_owned(), default, versions, version_before }
    }

    /// A managed policy as the model has it.
    pub(super) fn managed_now(&self, arn: &str) -> Policy {
        let known = self.model().ok().and_then(|model| model.policy(arn));
        let mut versions: Vec<(String, Option<String>)> = Vec::new();
        if let Some(known) = known {
            let text = |version: &Fact<trailwarden_account::PolicyText>| {
                version.value().map(|text| text.as_str().to_owned())
            };
            versions = known.versions.iter().map(|(id, it)| (id.to_string(), text(it))).collect();
            // Oldest first: numbers are never used again.
            versions.sort_by_key(|(id, _)| {
                id.trim_start_matches('v').parse::<u32>().unwrap_or(u32::MAX)
            });
        }
        let default = known.and_then(|policy| policy.default.value()).map(|id| id.to_string());
        Policy::Managed { arn: arn.to_owned(), default, versions, version_before: None }
    }
}
