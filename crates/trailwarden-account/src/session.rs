//! Sessions: the calls that began them, and what they were limited to when they began.
//!
//! A session may do what whoever it is of may do, within the policies that were passed when it began:
//! in the call itself or by the ARNs of managed policies, of which any may allow. They bind that
//! session alone, so a model knows nothing of them; whoever asks about a session brings its record.
//!
//! Source: IAM User Guide, "Policies and permissions in AWS Identity and Access Management", "Session
//! policies".

mod token;

use std::sync::Arc;

use trailwarden_model::time::HOUR;
use trailwarden_model::{AccountId, Arn, Outcome, Timestamp};
use trailwarden_policy::reach::{Reach, describe};
use trailwarden_record::Event;
use trailwarden_record::caller::CallerKind;
use trailwarden_record::events::Call;
use trailwarden_record::row::{Order, Place};

use crate::fact::{Fact, Proof, RecordProof, Why};
use crate::identity::Kind;
use crate::model::Model;
use crate::text::PolicyText;

pub use token::{TOKEN, Token};

/// The calls that begin sessions.
pub const BEGINNINGS: [&str; 6] = [
    "AssumeRole",
    "AssumeRoleWithSAML",
    "AssumeRoleWithWebIdentity",
    "AssumeRoot",
    "GetFederationToken",
    "GetSessionToken",
];

/// How a session began.
#[derive(Clone, PartialEq, Debug)]
pub struct Session {
    /// The account that it acts in.
    pub account: AccountId,
    /// Whose permissions it has at most: a role, a user or root.
    pub kind: Kind,
    /// The name of that role or user.
    pub name: Arc<str>,
    /// The unique id of that role or user, which a later one of its name does not have.
    pub owner: Option<Arc<str>>,
    /// Its ARN: of a role's session or a federated user; none where it has that of the user himself.
    pub arn: Option<Arc<str>>,
    /// Its id, such as `AROA...:name`.
    pub id: Option<Arc<str>>,
    /// Its temporary access key.
    pub key: Option<Arc<str>>,
    /// How long it lasts.
    seconds: i64,
    /// What it was limited to.
    pub limit: Limit,
    /// The record.
    pub proof: Proof,
}

/// The policies that a session was begun with.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Limit {
    /// The policy in the call, if there was one.
    pub inline: Fact<Option<PolicyText>>,
    /// ARNs of managed policies.
    pub managed: Vec<Arc<str>>,
    /// Whether it is a federated user's, who may do nothing without such a policy.
    ///
    /// Source: AWS STS API Reference, `GetFederationToken`.
    pub is_federated: bool,
    /// Of a session of `GetSessionToken`, what it may call.
    pub token: Option<Token>,
}

/// The policies of a [`Limit`] by name, with their documents.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Limited {
    /// By name; any of them may allow. Unknown as a whole where no record shows how the session began.
    pub policies: Fact<Vec<(Arc<str>, Fact<PolicyText>)>>,
    /// See [`Limit::is_federated`].
    pub is_federated: bool,
}

/// The name of the policy that stands in the call.
pub const INLINE: &str = "session policy";

impl Session {
    /// Of an event; none when it begins no session, or failed.
    #[must_use]
    pub fn of(event: &Event, order: Order, place: Place) -> Option<Self> {
        if event.outcome != Outcome::Succeeded {
            return None;
        }
        let told = Told::of(&event.call)?;
        let text = |text: &Option<String>| text.as_deref().map(Arc::<str>::from);
        let proof = Proof::Record(Arc::new(RecordProof {
            event_id: event.id.clone(),
            event_name: event.event_name.clone(),
            order,
            place,
        }));
        let (account, kind, name) = match &told.role {
            Some(role) => {
                let role = Arn::parse(role)?;
                (role.account_id()?, Kind::Role, role.name().to_owned())
            }
            None if matches!(event.call, Call::StsAssumeRoot(_)) => {
                let target = told.target.as_deref()?;
                let account = AccountId::parse(target)
                    .or_else(|| Arn::parse(target).and_then(|arn| arn.account_id()))?;
                (account, Kind::Root, "root".to_owned())
            }
            None => {
                let kind = match event.caller.kind {
                    CallerKind::User => Kind::User,
                    CallerKind::Root => Kind::Root,
                    _ => return None,
                };
                (event.caller.account?, kind, event.caller.name().to_owned())
            }
        };
        let is_omitted = event.parameters_omitted();
        let limit = Limit {
            inline: match &told.policy {
                None if is_omitted => Fact::unknown(Why::Omitted(proof.clone())),
                policy => Fact::known(policy.as_deref().map(PolicyText::new), &proof),
            },
            managed: told.policy_arns.iter().map(|arn| arn.as_str().into()).collect(),
            is_federated: matches!(event.call, Call::StsGetFederationToken(_)),
            token: Token::of(&event.call),
        };
        let owner = match (&told.role, kind) {
            (Some(_), _) => told.id.as_deref().and_then(|id| Some(id.split_once(':')?.0)),
            (None, Kind::User) => Some(&*event.caller.principal_id),
            (None, _) => None,
        };
        Some(Self {
            account,
            kind,
            name: name.into(),
            owner: owner.filter(|id| !id.is_empty()).map(Into::into),
            arn: text(&told.arn),
            id: text(&told.id),
            key: text(&told.key),
            seconds: told.seconds,
            limit,
            proof,
        })
    }

    /// When it began.
    #[must_use]
    pub fn begun(&self) -> Timestamp {
        self.proof.time().unwrap_or_default()
    }

    /// Whether it has ended by then.
    #[must_use]
    pub fn has_ended(&self, time: Timestamp) -> bool {
        time.since(self.begun()) >= self.seconds
    }

    /// Whether somebody means it by an ARN, an id or a temporary access key.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        [&self.arn, &self.id, &self.key].into_iter().flatten().any(|own| **own == *text)
    }
}

impl Limit {
    /// Whether it began without such policies, for certain.
    #[must_use]
    pub fn is_none(&self) -> bool {
        matches!(self.inline, Fact::Known { value: None, .. }) && self.managed.is_empty()
    }

    /// What it lets a session do at most, shortly; none where it is no limit.
    #[must_use]
    pub fn in_words(&self) -> Option<Vec<String>> {
        if self.is_none() && !self.is_federated {
            return None;
        }
        let mut lines = match &self.inline {
            Fact::Known { value: Some(text), .. } => match text.document() {
                Ok(document) => describe(Reach::of([document]).grants()),
                Err(_) => vec!["what a policy says that cannot be read".to_owned()],
            },
            Fact::Known { value: None, .. } => Vec::new(),
            Fact::Unknown { .. } => vec!["what the record does not tell".to_owned()],
        };
        let name = |arn: &Arc<str>| arn.rsplit('/').next().unwrap_or_default().to_owned();
        lines.extend(self.managed.iter().map(|arn| format!("what policy {} allows", name(arn))));
        if lines.is_empty() {
            lines.push("nothing".to_owned());
        }
        Some(lines)
    }

    /// The policies with their documents; managed ones are those of the session's own account.
    #[must_use]
    pub fn documents(&self, model: &Model) -> Limited {
        let managed = self.managed.iter().map(|arn| (arn.clone(), model.document_of(arn)));
        let policies = match &self.inline {
            Fact::Known { value, proof } => {
                let inline =
                    value.iter().map(|text| (INLINE.into(), Fact::known(text.clone(), proof)));
                let token = self.token.iter().map(|token| (TOKEN.into(), token.document(proof)));
                Fact::known(inline.chain(managed).chain(token).collect(), proof)
            }
            Fact::Unknown { why, .. } => Fact::unknown(why.clone()),
        };
        Limited { policies, is_federated: self.is_federated }
    }
}

impl Limited {
    /// Of a session of which nobody knows how it began.
    #[must_use]
    pub fn unseen(why: Why) -> Self {
        Self { policies: Fact::unknown(why), is_federated: false }
    }
}

/// What the calls say alike.
#[derive(Default)]
struct Told {
    role: Option<String>,
    /// Of `AssumeRoot`, the account or its root user.
    target: Option<String>,
    policy: Option<String>,
    policy_arns: Vec<String>,
    arn: Option<String>,
    id: Option<String>,
    key: Option<String>,
    seconds: i64,
}

impl Told {
    /// Without the parameter, a role's session lasts one hour, a user's twelve, and one of root
    /// fifteen minutes (AWS STS API Reference).
    fn of(call: &Call) -> Option<Self> {
        macro_rules! of_role {
            ($c:ident) => {
                Self {
                    role: Some($c.role_arn.clone()?),
                    policy: $c.policy.clone(),
                    policy_arns: $c.policy_arns.clone(),
                    arn: $c.assumed_role_arn.clone(),
                    id: $c.assumed_role_id.clone(),
                    key: $c.access_key_id.clone(),
                    seconds: $c.duration_seconds.unwrap_or(HOUR),
                    target: None,
                }
            };
        }
        Some(match call {
            Call::StsAssumeRole(c) => of_role!(c),
            Call::StsAssumeRoleWithSAML(c) => of_role!(c),
            Call::StsAssumeRoleWithWebIdentity(c) => of_role!(c),
            Call::StsAssumeRoot(c) => Self {
                target: c.target_principal.clone(),
                policy_arns: c.task_policy_arn.iter().cloned().collect(),
                key: c.access_key_id.clone(),
                seconds: c.duration_seconds.unwrap_or(HOUR / 4),
                ..Self::default()
            },
            Call::StsGetFederationToken(c) => Self {
                policy: c.policy.clone(),
                policy_arns: c.policy_arns.clone(),
                arn: c.federated_user_arn.clone(),
                id: c.federated_user_id.clone(),
                key: c.access_key_id.clone(),
                seconds: c.duration_seconds.unwrap_or(12 * HOUR),
                ..Self::default()
            },
            Call::StsGetSessionToken(c) => Self {
                key: c.access_key_id.clone(),
                seconds: c.duration_seconds.unwrap_or(12 * HOUR),
                ..Self::default()
            },
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::order_of;
    use crate::trail::record;
    use serde_json::{Value, json};
    use trailwarden_policy::reach::Actions;

    const ROLE: &str = "arn:aws:iam::111122223333:role/team/app";
    const SESSION: &str = "arn:aws:sts::111122223333:assumed-role/app/s1";

    fn session(name: &str, request: Value, reply: Value) -> Option<Session> {
        let event = record(1, 1, "sts", name, request, reply, Value::Null);
        Session::of(&event, order_of(&event), Place::default())
    }

    fn reply() -> Value {
        json!({"credentials": {"accessKeyId": "ASIAEXAMPLE"},
            "assumedRoleUser": {"arn": SESSION, "assumedRoleId": "AROAEXAMPLE:s1"}})
    }

    /// IAM User Guide, "Policies and permissions in AWS Identity and Access Management", "Session
    /// policies": in the call, by ARNs, or both.
    #[test]
    fn a_session_is_limited_by_what_was_passed_when_it_began() {
        let request = json!({"roleArn": ROLE, "roleSessionName": "s1", "policy": "{\"Statement\":[]}",
            "policyArns": [{"arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}]});
        let found = session("AssumeRole", request, reply()).unwrap();
        assert_eq!((&*found.name, found.kind), ("app", Kind::Role));
        for text in [SESSION, "AROAEXAMPLE:s1", "ASIAEXAMPLE"] {
            assert!(found.is(text), "{text}");
        }
        assert!(!found.is(ROLE) && !found.limit.is_none());
        let limited = found.limit.documents(&Model::new(found.account));
        let names: Vec<&str> =
            limited.policies.value().unwrap().iter().map(|(name, _)| &**name).collect();
        assert_eq!(names, [INLINE, "arn:aws:iam::aws:policy/ReadOnlyAccess"]);
        let without = session("AssumeRole", json!({"roleArn": ROLE}), reply()).unwrap();
        assert!(without.limit.is_none());
        assert!(!without.has_ended(Timestamp::from_seconds(without.begun().seconds() + HOUR - 1)));
        assert!(without.has_ended(Timestamp::from_seconds(without.begun().seconds() + HOUR)));
    }

    #[test]
    fn what_was_left_out_of_the_record_may_limit_it() {
        let mut event =
            record(1, 1, "sts", "AssumeRole", json!({"roleArn": ROLE}), reply(), Value::Null);
        event.outcome = Outcome::Denied;
        assert_eq!(Session::of(&event, order_of(&event), Place::default()), None);
        assert_eq!(session("GetCallerIdentity", Value::Null, Value::Null), None);
        assert!(session("GetSessionToken", json!({}), json!({})).unwrap().limit.is_none());
        let omitted = json!({"requestParameters": {"omitted": true,
            "reason": "requestParameters too large"}});
        let event = record(1, 1, "sts", "GetSessionToken", json!({}), reply(), omitted);
        let found = Session::of(&event, order_of(&event), Place::default()).unwrap();
        assert!(!found.limit.is_none());
        assert!(matches!(found.limit.inline.why(), Some(Why::Omitted(_))));
        assert!(!found.limit.documents(&Model::new(found.account)).policies.is_known());
        assert_eq!(found.limit.in_words(), Some(vec!["what the record does not tell".to_owned()]));
    }

    /// AWS STS API Reference, `GetSessionToken`: no call of IAM without a second factor, and none of
    /// STS but two.
    #[test]
    fn a_session_token_is_limited_by_aws() {
        let may = |request: Value, action: &str| {
            let found = session("GetSessionToken", request, reply()).unwrap();
            let limited = found.limit.documents(&Model::new(found.account)).policies;
            let (_, text) = limited.value().unwrap().first().unwrap().clone();
            let reach = Reach::of([text.value().unwrap().document().unwrap()]);
            reach
                .grants()
                .iter()
                .any(|grant| grant.actions.intersects(&Actions::of(&[action.to_owned()])))
        };
        let second = || json!({"serialNumber": "arn:aws:iam::111122223333:mfa/bob"});
        assert!(!may(json!({}), "iam:CreateUser") && may(second(), "iam:CreateUser"));
        for request in [json!({}), second()] {
            assert!(!may(request.clone(), "sts:GetFederationToken"));
            for action in ["sts:AssumeRole", "sts:GetCallerIdentity", "s3:GetObject"] {
                assert!(may(request.clone(), action), "{action}");
            }
        }
        let owner = |name: &str| session(name, json!({"roleArn": ROLE}), reply()).unwrap().owner;
        assert_eq!(owner("AssumeRole").as_deref(), Some("AROAEXAMPLE"));
    }
}
