//! Whom to investigate, as a person types it: a name, an ARN, an id, a key, an address, an event.
//!
//! A word is matched as everything that it can be, and whatever it is in the logs is investigated:
//! guessing one meaning would hide the others.

use std::net::IpAddr;

use trailwarden_account::{Identity, Kind};
use trailwarden_model::{AccountId, Arn};
use trailwarden_record::Skim;
use trailwarden_record::skim::uuid_text;

/// A question about somebody.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Query {
    /// An access key id: `AKIA...`, `ASIA...`.
    Key(String),
    /// A source address.
    Address(String),
    /// A unique id: `AIDA...`, `AROA...`, perhaps with a session's name behind a colon.
    Id(String),
    /// An event id.
    Event(String),
    /// An ARN.
    Arn(String),
    /// The user of that name.
    User(String),
    /// The role of that name.
    Role(String),
    /// A session: the role's name and its own.
    Session(String, String),
    /// The account's root user.
    Root,
    /// A name of anything: user, role, session, federated user.
    Name(String),
}

/// What a record's caller is to a query.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Matched {
    /// The principal asked for: all that it does belongs to the story.
    Principal,
    /// The session asked for.
    Session,
    /// The key asked for.
    Key,
    /// The address asked for.
    Address,
    /// The event asked for; its caller is investigated.
    Event,
}

impl Query {
    /// Reads what was typed.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        let owned = || text.to_owned();
        if text.starts_with("arn:") {
            return match Arn::parse(text) {
                Some(arn) if arn.resource == "root" => Self::Root,
                _ => Self::Arn(owned()),
            };
        }
        if text.parse::<IpAddr>().is_ok() {
            return Self::Address(owned());
        }
        let id = text.split(':').next().unwrap_or_default();
        let shouts = id.len() >= 16
            && id.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        match id.get(..4) {
            Some("AKIA" | "ASIA") if shouts => return Self::Key(owned()),
            Some("AIDA" | "AROA") if shouts => return Self::Id(owned()),
            _ => {}
        }
        if is_uuid(text) {
            return Self::Event(text.to_ascii_lowercase());
        }
        match text.split_once('/') {
            Some(("user", name)) => Self::User(last(name)),
            Some(("role", name)) => Self::Role(last(name)),
            Some(("assumed-role", rest)) if rest.contains('/') => session(rest),
            Some((role, session)) if !role.is_empty() && !session.is_empty() => {
                Self::Session(role.to_owned(), session.to_owned())
            }
            _ if text.eq_ignore_ascii_case("root") => Self::Root,
            _ => Self::Name(owned()),
        }
    }

    /// What the query asks for, in words.
    #[must_use]
    pub fn meaning(&self) -> &'static str {
        match self {
            Self::Key(_) => "access key",
            Self::Address(_) => "source address",
            Self::Id(_) => "unique id",
            Self::Event(_) => "event id",
            Self::Arn(_) => "ARN",
            Self::User(_) => "user name",
            Self::Role(_) => "role name",
            Self::Session(..) => "role session",
            Self::Root => "root user",
            Self::Name(_) => "name",
        }
    }

    /// What the caller of a record is to the query, if anything.
    #[must_use]
    pub fn matches(&self, skim: &Skim<'_>) -> Option<Matched> {
        let identity = &skim.identity;
        let text = |part: trailwarden_record::skim::Text<'_>, wanted: &str| {
            !part.is_empty() && part.as_bytes().eq_ignore_ascii_case(wanted.as_bytes())
        };
        let found = |is_it: bool, what: Matched| is_it.then_some(what);
        match self {
            Self::Key(key) => found(text(identity.access_key, key), Matched::Key),
            Self::Address(address) => found(text(skim.address, address), Matched::Address),
            Self::Event(id) => found(text(skim.event_id, id), Matched::Event),
            Self::Id(id) if id.contains(':') => {
                found(text(identity.principal_id, id), Matched::Session)
            }
            Self::Id(id) => {
                let own = identity.principal_id.as_bytes().split(|byte| *byte == b':').next();
                found(own == Some(id.as_bytes()), Matched::Principal)
            }
            Self::Root => found(identity.kind == "Root", Matched::Principal),
            Self::Arn(arn) => self.arn(arn, skim),
            Self::User(name) => found(is_user(skim, name), Matched::Principal),
            Self::Role(name) => found(is_role(skim, name), Matched::Principal),
            Self::Session(role, session) => {
                let (own_role, own) = session_of(skim)?;
                let same = own_role.eq_ignore_ascii_case(role) && own == session;
                found(same, Matched::Session)
            }
            Self::Name(name) if is_user(skim, name) || is_role(skim, name) => {
                Some(Matched::Principal)
            }
            Self::Name(name) => {
                let own = session_of(skim).is_some_and(|(_, own)| own.eq_ignore_ascii_case(name));
                found(own, Matched::Session)
            }
        }
    }

    fn arn(&self, arn: &str, skim: &Skim<'_>) -> Option<Matched> {
        let own = skim.identity.arn.as_str();
        let asked = Arn::parse(arn)?;
        if asked.kind() == "assumed-role" {
            return own.eq_ignore_ascii_case(arn).then_some(Matched::Session);
        }
        if own.eq_ignore_ascii_case(arn) {
            return Some(Matched::Principal);
        }
        let issuer = skim.identity.issuer_arn.as_str();
        if !issuer.is_empty() {
            return issuer.eq_ignore_ascii_case(arn).then_some(Matched::Principal);
        }
        // A session's ARN drops the role's path, so only name and account can be compared.
        let own = Arn::parse(own)?;
        let same = asked.kind() == "role"
            && own.account == asked.account
            && own.session_role().is_some_and(|role| role.eq_ignore_ascii_case(asked.name()));
        same.then_some(Matched::Principal)
    }

    /// Whether an identity of a model is asked for: somebody who never called is found there.
    #[must_use]
    pub fn names(&self, identity: &Identity, partition: &str, account: AccountId) -> bool {
        let called = |name: &str| {
            identity.name.eq_ignore_ascii_case(name)
                || identity.former_names.iter().any(|former| former.eq_ignore_ascii_case(name))
        };
        match self {
            Self::Id(id) => identity.id.as_str() == id,
            Self::Root => identity.kind == Kind::Root,
            Self::User(name) => identity.kind == Kind::User && called(name),
            Self::Role(name) => identity.kind == Kind::Role && called(name),
            Self::Name(name) => {
                matches!(identity.kind, Kind::User | Kind::Role | Kind::Group) && called(name)
            }
            Self::Arn(arn) => match Arn::parse(arn) {
                Some(asked) if asked.account_id() == Some(account) => {
                    let own = identity.arn(partition, account);
                    own.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(arn))
                        || asked.kind() == identity.kind.as_str() && called(asked.name())
                }
                _ => false,
            },
            Self::Key(key) => identity.keys.keys().any(|own| **own == **key),
            Self::Address(_) | Self::Event(_) | Self::Session(..) => false,
        }
    }
}

fn session(rest: &str) -> Query {
    let (role, session) = rest.split_once('/').unwrap_or_default();
    Query::Session(role.to_owned(), session.to_owned())
}

fn last(name: &str) -> String {
    name.rsplit('/').next().unwrap_or_default().to_owned()
}

/// Whether it has the shape of a UUID, which event ids have.
fn is_uuid(text: &str) -> bool {
    let bits = text.replace('-', "");
    bits.len() == 32
        && u128::from_str_radix(&bits, 16)
            .is_ok_and(|bits| uuid_text(bits).eq_ignore_ascii_case(text))
}

fn is_user(skim: &Skim<'_>, name: &str) -> bool {
    let identity = &skim.identity;
    if identity.kind == "AssumedRole" || identity.kind == "Role" {
        return false;
    }
    if !identity.user_name.is_empty() {
        return identity.user_name.as_bytes().eq_ignore_ascii_case(name.as_bytes());
    }
    let arn = Arn::parse(identity.arn.as_str());
    arn.is_some_and(|arn| {
        matches!(arn.kind(), "user" | "federated-user") && arn.name().eq_ignore_ascii_case(name)
    })
}

fn is_role(skim: &Skim<'_>, name: &str) -> bool {
    role_of(skim).is_some_and(|role| role.eq_ignore_ascii_case(name))
}

/// The role behind a record's session.
pub(super) fn role_of<'a>(skim: &Skim<'a>) -> Option<&'a str> {
    let arn = |text: &'a str| Arn::parse(text);
    if let Some(issuer) = arn(skim.identity.issuer_arn.as_str()) {
        return (issuer.kind() == "role").then(|| issuer.name());
    }
    let own = arn(skim.identity.arn.as_str())?;
    match own.kind() {
        "assumed-role" => own.session_role(),
        "role" => Some(own.name()),
        _ => None,
    }
}

/// Role and session of a record's caller.
pub(super) fn session_of<'a>(skim: &Skim<'a>) -> Option<(&'a str, &'a str)> {
    let own = Arn::parse(skim.identity.arn.as_str()).filter(|arn| arn.kind() == "assumed-role")?;
    let session = own.resource.splitn(3, '/').nth(2)?;
    Some((own.session_role()?, session))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_says_what_it_is() {
        let name = |text: &str| text.to_owned();
        for (text, query) in [
            ("alice", Query::Name(name("alice"))),
            ("user/ops/alice", Query::User(name("alice"))),
            ("role/deploy", Query::Role(name("deploy"))),
            ("deploy/build-7", Query::Session(name("deploy"), name("build-7"))),
            ("alice@example.com", Query::Name(name("alice@example.com"))),
            ("AKIAIOSFODNN7EXAMPLE", Query::Key(name("AKIAIOSFODNN7EXAMPLE"))),
            ("AROAQRSTUVWXYZ234567:build-7", Query::Id(name("AROAQRSTUVWXYZ234567:build-7"))),
            ("203.0.113.9", Query::Address(name("203.0.113.9"))),
            ("2001:db8::1", Query::Address(name("2001:db8::1"))),
            (
                "083DC4AD-e264-46bc-a407-d0dd31b58bdc",
                Query::Event(name("083dc4ad-e264-46bc-a407-d0dd31b58bdc")),
            ),
            ("root", Query::Root),
            ("arn:aws:iam::111122223333:root", Query::Root),
            (
                "arn:aws:iam::111122223333:role/deploy",
                Query::Arn(name("arn:aws:iam::111122223333:role/deploy")),
            ),
            // Too short for ids, so they are names.
            ("AKIA", Query::Name(name("AKIA"))),
            ("deadbeef", Query::Name(name("deadbeef"))),
        ] {
            assert_eq!(Query::parse(text), query, "{text}");
        }
    }

    #[test]
    fn a_role_is_its_sessions_and_a_session_is_not_its_role() {
        let record = r#"{"userIdentity":{"type":"AssumedRole","principalId":"AROAX:b","arn":"arn:aws:sts::111122223333:assumed-role/deploy/b","sessionContext":{"sessionIssuer":{"arn":"arn:aws:iam::111122223333:role/ci/deploy"}}}}"#;
        let (skim, _) = Skim::read(record.as_bytes(), 0, 64).unwrap();
        let matched = |text: &str| Query::parse(text).matches(&skim);
        for role in ["deploy", "Deploy", "role/deploy", "arn:aws:iam::111122223333:role/ci/deploy"]
        {
            assert_eq!(matched(role), Some(Matched::Principal), "{role}");
        }
        for session in ["b", "deploy/b", "arn:aws:sts::111122223333:assumed-role/deploy/b"] {
            assert_eq!(matched(session), Some(Matched::Session), "{session}");
        }
        for other in ["user/deploy", "c", "arn:aws:iam::111122223333:role/deploy", "other/b"] {
            assert_eq!(matched(other), None, "{other}");
        }
    }
}
