//! Who stands behind the sessions of a role that steps end: a person at a provider, another account, an instance. Each
//! of them opens the next session, and no step of a plan stops it.
//!
//! Sources: IAM User Guide, "AWS global condition context keys" (`aws:userid` of a role's session is the role's id and
//! the session's name) and "Retrieve security credentials from instance metadata" of the EC2 User Guide (new
//! credentials at the latest five minutes before the old ones run out).

use serde_json::json;
use trailwarden_account::Kind;
use trailwarden_model::Finding;
use trailwarden_policy::Document;
use trailwarden_policy::trust::{Who, grants};
use trailwarden_record::caller::CallerKind;
use trailwarden_remedy::Draft;
use trailwarden_remedy::people::{option, word};
use trailwarden_remedy::subject::{Principal, PrincipalKind};

use super::Known;
use super::came_in::ENDS;
use super::history::Session;
use super::keys::OF_USERS;

/// The inline policy that denies one session of a role everything.
const ONE_SESSION: &str = "trailwarden-deny-one-session";

impl Known<'_> {
    /// How whoever is thrown out came in, and who stops the beginning where no step does.
    pub(super) fn story(&self, way: &[&Session]) -> Option<String> {
        let told = self.told_way(way)?;
        let first = way.first()?;
        let caller = &first.caller;
        let stop = match caller.account.filter(|it| *it != self.account()) {
            Some(account) => format!(
                "Account {account} must stop that first: switch the key off there, or end the sessions. Until it does, whoever it is comes in again, as long as the trust policy lets it ({}).",
                self.told_role(first)
            ),
            None => match caller.kind {
                CallerKind::User if !caller.access_key.starts_with(OF_USERS) => format!(
                    "Whoever knows the password signs in again: reset it (reset-console-password), and look at the keys of user/{}.",
                    word(&caller.user_name)
                ),
                CallerKind::Root => {
                    "No step stops the root user: change its password, and delete its keys."
                        .to_owned()
                }
                CallerKind::Federated => {
                    "Switch that one off at the provider first, or it enters again.".to_owned()
                }
                _ => "Each is stopped, the first one first.".to_owned(),
            },
        };
        Some(format!("The way in: {told}. {stop}"))
    }

    /// Says on steps that end the sessions of a role who opens the next one.
    pub(super) fn note_behind(&self, finding: &Finding, draft: &mut Draft) {
        let Some(role) = draft.principal().filter(|it| it.kind == PrincipalKind::Role).cloned()
        else {
            return;
        };
        let is_it = self.actor(finding).is_some_and(|actor| {
            actor.kind == Kind::Role && actor.name.eq_ignore_ascii_case(&role.name)
        });
        let name = finding.actor.session.as_deref().and_then(|arn| arn.rsplit('/').next());
        let Some(name) = name.filter(|_| is_it && draft.remedy() == ENDS) else { return };
        match is_instance(name) {
            true => draft.note(of_instance(name, finding.region.as_deref())),
            false => {
                let providers = self.providers(finding, &role);
                if !providers.is_empty() {
                    draft.note(self.of_person(name, &role, finding, &providers));
                }
            }
        }
    }

    /// The SAML providers that vouch for the people of a role: that of the record, else those that the role trusts.
    fn providers(&self, finding: &Finding, role: &Principal) -> Vec<String> {
        let way = self.acting_key(finding).map(|key| self.way_to(key)).unwrap_or_default();
        if let Some(last) = way.last() {
            let is_saml = last.call == "AssumeRoleWithSAML";
            return last.provider.iter().filter(|_| is_saml).cloned().collect();
        }
        let Ok(model) = self.model() else { return Vec::new() };
        let Some(role) = model.find(Kind::Role, &role.name) else { return Vec::new() };
        let document = role.trust.value().and_then(|text| Document::parse(text.as_str()).ok());
        let all = document.map(|document| grants(&document)).unwrap_or_default();
        // Where others may enter besides, nobody knows who it was.
        let of_saml = all.iter().map(|grant| match &grant.who {
            Who::Saml(arn) => Some(arn.clone()),
            _ => None,
        });
        of_saml.collect::<Option<Vec<String>>>().unwrap_or_default()
    }

    fn of_person(
        &self,
        name: &str,
        role: &Principal,
        finding: &Finding,
        providers: &[String],
    ) -> String {
        let at: Vec<String> = providers.iter().map(|it| word(it)).collect();
        let found = self.model().ok().and_then(|model| model.find(Kind::Role, &role.name));
        let id = found.filter(|it| !it.id.is_provisional()).map(|it| it.id.to_string());
        let named = finding.target.id.clone().filter(|id| id.starts_with("AROA"));
        let alone = id.or(named).map(|id| {
            let user_id = format!("{id}:{name}");
            let denial = json!({ "Version": "2012-10-17", "Statement": [{
                "Effect": "Deny", "Action": "*", "Resource": "*",
                "Condition": { "StringEquals": { "aws:userid": user_id } } }] });
            let of =
                format!("{} --policy-name {ONE_SESSION}", option("--role-name", &role.name));
            format!(
                " To deny that one alone, in all its sessions, and leave the others in, do this instead: `aws iam put-role-policy {of} --policy-document {}`; `aws iam delete-role-policy {of}` takes it back.",
                word(&denial.to_string())
            )
        });
        format!(
            "The session is that of {} at the provider {}: switch that one off there first, or it signs in again after the time in the policy. Until then everybody with a session of this role is denied everything, not that one alone.{}",
            word(name),
            at.join(" or "),
            alone.unwrap_or_default()
        )
    }
}

/// Whether a session's name is an instance's id: so EC2 calls the sessions of its instances.
fn is_instance(name: &str) -> bool {
    let digits = name.strip_prefix("i-").unwrap_or_default();
    [8, 17].contains(&digits.len()) && digits.chars().all(|it| it.is_ascii_hexdigit())
}

fn of_instance(name: &str, region: Option<&str>) -> String {
    let region = region.map(|region| format!(" {}", option("--region", region)));
    let with = format!("{}{}", option("--instance-id", name), region.unwrap_or_default());
    let ids = with.replacen("--instance-id", "--instance-ids", 1);
    format!(
        "The session is that of the instance {name}. It, and all others with this role, are denied everything until they have fresh credentials: `aws ec2 stop-instances {ids}`, then `aws ec2 start-instances {ids}`, gets them at once. Whoever took the old ones out of it takes the fresh ones, too: before that take the instance off the network (a security group without rules), look how they came out, and let it answer only to IMDSv2, `aws ec2 modify-instance-metadata-options {with} --http-tokens required` (`--http-tokens optional` takes it back)."
    )
}
