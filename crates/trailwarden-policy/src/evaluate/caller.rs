//! Who asks: a principal as AWS sees it at the time of a call.
//!
//! Source: IAM User Guide, "AWS JSON policy elements: Principal" and "IAM identifiers".

use trailwarden_model::{AccountId, Arn};

/// A caller, parsed from an ARN or a name; it borrows the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller<'a> {
    /// Nobody signed the request.
    Anonymous,
    /// The root user of an account.
    Root(Entity<'a>),
    /// An IAM user.
    User(Entity<'a>),
    /// A role, its session not being known. It is treated as a session that no policy names.
    Role(Entity<'a>),
    /// A session of a role.
    Session {
        /// The session; its name is the name of the session.
        entity: Entity<'a>,
        /// The name of the role: sessions do not show its path.
        role: &'a str,
    },
    /// A session of `GetFederationToken`.
    FederatedUser(Entity<'a>),
    /// An AWS service, such as `lambda.amazonaws.com`.
    Service(&'a str),
    /// An identity provider whose token is exchanged for a role: its ARN, or `accounts.google.com`
    /// and the like.
    Provider(&'a str),
}

/// A principal that belongs to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entity<'a> {
    /// The ARN as given; the account id alone for a root user given so.
    pub arn: &'a str,
    /// `aws`, `aws-cn`...; empty when only an account id was given.
    pub partition: &'a str,
    /// Twelve digits.
    pub account: &'a str,
    /// The friendly name, without path.
    pub name: &'a str,
}

/// The text names no principal that can call.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a principal that calls AWS; give the ARN of a user, role, session, federated \
     user or root, a service such as `lambda.amazonaws.com`, an identity provider, or `anonymous`"
)]
pub struct NotACaller(pub String);

impl<'a> Caller<'a> {
    /// Reads an ARN of any partition, an account id (its root user), a service principal, an
    /// identity provider, or `anonymous`.
    pub fn parse(text: &'a str) -> Result<Self, NotACaller> {
        Self::read(text).ok_or_else(|| NotACaller(text.to_owned()))
    }

    fn read(text: &'a str) -> Option<Self> {
        if text == "anonymous" {
            return Some(Caller::Anonymous);
        }
        if is_account(text) {
            let entity = Entity { arn: text, partition: "", account: text, name: "root" };
            return Some(Caller::Root(entity));
        }
        let Some(arn) = Arn::parse(text) else {
            return name(text);
        };
        let (kind, path) = arn.resource.split_once('/').unwrap_or((arn.resource, ""));
        if !is_account(arn.account) {
            return None;
        }
        let entity =
            |name| Entity { arn: text, partition: arn.partition, account: arn.account, name };
        let last = path.rsplit('/').next().filter(|name| !name.is_empty());
        Some(match (arn.service, kind) {
            ("iam", "root") if path.is_empty() => Caller::Root(entity("root")),
            ("iam", "user") => Caller::User(entity(last?)),
            ("iam", "role") => Caller::Role(entity(last?)),
            ("iam", "saml-provider" | "oidc-provider") => {
                last?;
                Caller::Provider(text)
            }
            ("sts", "assumed-role") => {
                let (role, session) = path.split_once('/')?;
                if role.is_empty() || session.is_empty() {
                    return None;
                }
                Caller::Session { entity: entity(session), role }
            }
            ("sts", "federated-user") => Caller::FederatedUser(entity(last?)),
            _ => return None,
        })
    }

    /// The principal within an account, if it is one.
    pub fn entity(&self) -> Option<&Entity<'a>> {
        match self {
            Caller::Root(entity)
            | Caller::User(entity)
            | Caller::Role(entity)
            | Caller::FederatedUser(entity)
            | Caller::Session { entity, .. } => Some(entity),
            Caller::Anonymous | Caller::Service(_) | Caller::Provider(_) => None,
        }
    }

    /// Its account; `None` for services, identity providers and nobody.
    pub fn account(&self) -> Option<&'a str> {
        self.entity().map(|entity| entity.account)
    }

    /// Whether it is a service-linked role given by its own ARN; a session does not show it.
    ///
    /// Source: IAM User Guide, "Service-linked roles": their path is `/aws-service-role/`.
    pub fn is_service_linked_role(&self) -> bool {
        matches!(self, Caller::Role(role) if role.arn.contains(":role/aws-service-role/"))
    }
}

fn is_account(text: &str) -> bool {
    AccountId::parse(text).is_some()
}

fn name(text: &str) -> Option<Caller<'_>> {
    let is_host = text.contains('.')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'));
    if !is_host {
        return None;
    }
    // The one host below amazonaws.com that signs tokens for users.
    if text == "cognito-identity.amazonaws.com" {
        return Some(Caller::Provider(text));
    }
    let is_service = [".amazonaws.com", ".amazonaws.com.cn", ".amazon.com", ".aws.internal"]
        .iter()
        .any(|end| text.ends_with(end));
    let is_login = text == "www.amazon.com" || text == "api.amazon.com";
    Some(if is_service && !is_login { Caller::Service(text) } else { Caller::Provider(text) })
}

#[cfg(test)]
mod tests {
    use super::*;

    // IAM User Guide, "IAM identifiers" and "AWS JSON policy elements: Principal".
    #[test]
    fn every_kind_of_principal_is_read() {
        let session = Caller::parse("arn:aws-us-gov:sts::111122223333:assumed-role/app/i-0abc");
        assert!(matches!(
            session,
            Ok(Caller::Session { entity, role: "app" })
                if (entity.partition, entity.name) == ("aws-us-gov", "i-0abc")
        ));
        let user = Caller::parse("arn:aws-cn:iam::111122223333:user/team/blue/alice");
        assert!(matches!(user, Ok(Caller::User(entity)) if entity.name == "alice"));
        let linked = "arn:aws:iam::111122223333:role/aws-service-role/x/AWSServiceRoleForX";
        assert!(Caller::parse(linked).unwrap().is_service_linked_role());
        for (text, is_kind) in [
            ("111122223333", matches!(Caller::parse("111122223333"), Ok(Caller::Root(_)))),
            ("anonymous", matches!(Caller::parse("anonymous"), Ok(Caller::Anonymous))),
        ] {
            assert!(is_kind, "{text}");
        }
        for service in ["lambda.amazonaws.com", "s3.cn-north-1.amazonaws.com.cn"] {
            assert!(matches!(Caller::parse(service), Ok(Caller::Service(_))), "{service}");
        }
        for provider in [
            "accounts.google.com",
            "www.amazon.com",
            "cognito-identity.amazonaws.com",
            "arn:aws:iam::111122223333:saml-provider/adfs",
            "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com",
        ] {
            assert!(matches!(Caller::parse(provider), Ok(Caller::Provider(_))), "{provider}");
        }
    }

    #[test]
    fn what_cannot_call_is_refused() {
        for text in [
            "",
            "*",
            "bob",
            "1111222233334",
            "arn:aws:iam::111122223333:group/all",
            "arn:aws:iam::111122223333:user/",
            "arn:aws:iam::bob:user/bob",
            "arn:aws:sts::111122223333:assumed-role/app",
            "arn:aws:s3:::bucket",
        ] {
            assert_eq!(Caller::parse(text), Err(NotACaller(text.to_owned())));
        }
    }
}
