//! Who makes a call, and how `userIdentity` says so.

use super::calendar;
use super::random;
use super::session::{self, Session};

/// The caller of a record.
#[derive(Debug, Clone)]
pub(crate) enum Actor {
    Service(String),
    Session(Session),
    User {
        name: String,
        key: String,
    },
    /// An IAM user in front of the sign-in page: no key yet.
    SignIn {
        name: String,
    },
    Console {
        name: String,
        key: String,
        has_mfa: bool,
        start: i64,
    },
    Saml {
        name: String,
    },
    Web {
        provider: String,
        subject: String,
    },
    Foreign {
        account: String,
    },
    Federated {
        name: String,
        key: String,
        user: String,
        start: i64,
    },
    Root,
}

impl Actor {
    pub(crate) fn arn(&self, account: &str) -> String {
        match self {
            Self::Service(name) => name.clone(),
            Self::Session(session) => {
                format!("arn:aws:sts::{account}:assumed-role/{}/{}", session.role, session.name)
            }
            Self::User { name, .. } | Self::SignIn { name } | Self::Console { name, .. } => {
                format!("arn:aws:iam::{account}:user/{name}")
            }
            Self::Saml { name } => name.clone(),
            Self::Web { subject, .. } => subject.clone(),
            Self::Foreign { account } => format!("arn:aws:iam::{account}:root"),
            Self::Federated { name, .. } => {
                format!("arn:aws:sts::{account}:federated-user/{name}")
            }
            Self::Root => format!("arn:aws:iam::{account}:root"),
        }
    }

    /// The address it usually calls from; a service's name for a service.
    pub(crate) fn address(&self) -> String {
        match self {
            Self::Service(name) => name.clone(),
            Self::Session(session) => session.address.clone(),
            Self::User { name, .. } if name.starts_with("svc-") => session::robot_address(name),
            Self::User { name, .. } | Self::SignIn { name } | Self::Console { name, .. } => {
                session::person_address(&format!("{name}@example.com"))
            }
            Self::Federated { user, .. } => session::person_address(&format!("{user}@example.com")),
            Self::Saml { name } => session::person_address(name),
            Self::Web { .. } => "198.51.100.200".to_owned(),
            Self::Foreign { .. } => "192.0.2.240".to_owned(),
            Self::Root => "198.51.100.9".to_owned(),
        }
    }

    pub(crate) fn agent(&self) -> String {
        match self {
            Self::Service(name) => name.clone(),
            Self::Session(session) => session.agent.to_owned(),
            Self::SignIn { .. } | Self::Console { .. } | Self::Saml { .. } | Self::Root => {
                session::BROWSER_AGENT.to_owned()
            }
            _ => session::CLI_AGENT.to_owned(),
        }
    }

    /// Whether the call came through a browser with the console's credentials.
    pub(crate) fn is_console(&self) -> bool {
        match self {
            Self::Console { .. } => true,
            Self::Session(session) => session.class == "person",
            _ => false,
        }
    }

    pub(crate) fn endpoint(&self) -> Option<&str> {
        match self {
            Self::Session(session) => session.endpoint.as_deref(),
            _ => None,
        }
    }

    /// Appends the object `userIdentity`.
    pub(crate) fn identity(&self, account: &str, invoked: Option<&str>, out: &mut String) {
        let id = |name: &str| random::unique_id(account, name);
        let text = match self {
            Self::Service(name) => format!(r#"{{"type":"AWSService","invokedBy":"{name}""#),
            Self::Session(session) => session_identity(session, account),
            Self::User { name, key } => format!(
                r#"{{"type":"IAMUser","principalId":"AIDA{}","arn":"arn:aws:iam::{account}:user/{name}","accountId":"{account}","accessKeyId":"{key}","userName":"{name}""#,
                id(name)
            ),
            Self::SignIn { name } => format!(
                r#"{{"type":"IAMUser","principalId":"AIDA{}","arn":"arn:aws:iam::{account}:user/{name}","accountId":"{account}","userName":"{name}""#,
                id(name)
            ),
            Self::Console { name, key, has_mfa, start } => format!(
                r#"{{"type":"IAMUser","principalId":"AIDA{}","arn":"arn:aws:iam::{account}:user/{name}","accountId":"{account}","accessKeyId":"{key}","userName":"{name}","sessionContext":{{"attributes":{{"creationDate":"{}","mfaAuthenticated":"{has_mfa}"}}}}"#,
                id(name),
                calendar::instant(*start)
            ),
            Self::Saml { name } => format!(
                r#"{{"type":"SAMLUser","principalId":"AWSSSO_8c1d0f8a7b6e5d4c:{name}","userName":"{name}","identityProvider":"AWSSSO_8c1d0f8a7b6e5d4c""#
            ),
            Self::Web { provider, subject } => format!(
                r#"{{"type":"WebIdentityUser","principalId":"arn:aws:iam::{account}:oidc-provider/{provider}:sts.amazonaws.com:{subject}","userName":"{subject}","identityProvider":"arn:aws:iam::{account}:oidc-provider/{provider}""#
            ),
            Self::Foreign { account } => format!(
                r#"{{"type":"AWSAccount","principalId":"AROA{}:collector","accountId":"{account}""#,
                random::unique_id(account, "collector")
            ),
            Self::Federated { name, key, user, start } => format!(
                r#"{{"type":"FederatedUser","principalId":"{account}:{name}","arn":"arn:aws:sts::{account}:federated-user/{name}","accountId":"{account}","accessKeyId":"{key}","sessionContext":{{"sessionIssuer":{{"type":"IAMUser","principalId":"AIDA{}","arn":"arn:aws:iam::{account}:user/{user}","accountId":"{account}","userName":"{user}"}},"attributes":{{"creationDate":"{}","mfaAuthenticated":"false"}}}}"#,
                id(user),
                calendar::instant(*start)
            ),
            Self::Root => format!(
                r#"{{"type":"Root","principalId":"{account}","arn":"arn:aws:iam::{account}:root","accountId":"{account}","accessKeyId":"""#
            ),
        };
        out.push_str(&text);
        if let Some(service) = invoked {
            out.push_str(r#","invokedBy":""#);
            out.push_str(service);
            out.push('"');
        }
        out.push('}');
    }
}

fn session_identity(session: &Session, account: &str) -> String {
    let Session { role, name, access_key, start, class, .. } = session;
    let role_id = random::unique_id(account, role);
    let created = calendar::instant(*start);
    let path = if *class == "person" { "aws-reserved/sso.amazonaws.com/" } else { "" };
    let delivery = if *class == "instance" { r#","ec2RoleDelivery":"2.0""# } else { "" };
    format!(
        r#"{{"type":"AssumedRole","principalId":"AROA{role_id}:{name}","arn":"arn:aws:sts::{account}:assumed-role/{role}/{name}","accountId":"{account}","accessKeyId":"{access_key}","sessionContext":{{"sessionIssuer":{{"type":"Role","principalId":"AROA{role_id}","arn":"arn:aws:iam::{account}:role/{path}{role}","accountId":"{account}","userName":"{role}"}},"attributes":{{"creationDate":"{created}","mfaAuthenticated":"false"}}{delivery}}}"#
    )
}
