//! `Principal` and `NotPrincipal`: whether a statement is about a caller, and how it names him.
//!
//! How he is named decides what else must allow: see [`Grades`].
//!
//! Sources: IAM User Guide, "AWS JSON policy elements: Principal", "AWS JSON policy elements:
//! NotPrincipal", "Policy evaluation logic" (resource-based policies by kind of principal).

mod read;

use super::caller::{Caller, Entity};
use super::context::{Context, Found};
use super::truth::Truth;
use crate::document::{Principals, Statement};
use read::named;

/// How certain it is that a caller is meant, by the way in which he is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Grades {
    /// By himself, by `*`, or by service or provider: grants past the implicit denies of his own
    /// policies.
    pub(super) direct: Truth,
    /// By his role, or by the user behind a federated session: still limited by boundary and
    /// session policy.
    pub(super) role: Truth,
    /// By his account, which delegates: his identity policies must allow too.
    pub(super) account: Truth,
}

impl Grades {
    pub(super) const NONE: Self =
        Self { direct: Truth::False, role: Truth::False, account: Truth::False };
    pub(super) const DIRECT: Self =
        Self { direct: Truth::True, role: Truth::False, account: Truth::False };

    fn unknown() -> Self {
        Self { direct: Truth::Unknown, ..Self::NONE }
    }

    /// Whether he is meant at all.
    pub(super) fn any(self) -> Truth {
        self.direct.or(self.role).or(self.account)
    }

    pub(super) fn or(self, other: Self) -> Self {
        Self {
            direct: self.direct.or(other.direct),
            role: self.role.or(other.role),
            account: self.account.or(other.account),
        }
    }

    pub(super) fn and(self, condition: Truth) -> Self {
        Self {
            direct: self.direct.and(condition),
            role: self.role.and(condition),
            account: self.account.and(condition),
        }
    }
}

/// Whom a statement is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Who {
    Everyone,
    These(Vec<Named>),
    AllBut(Vec<Named>),
}

/// One principal as a policy names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    Everyone,
    /// An account by id or root ARN.
    Account {
        partition: Option<Box<str>>,
        id: Box<str>,
    },
    /// The ARN of a user, role or session.
    Arn {
        text: Box<str>,
        partition: Box<str>,
        account: Box<str>,
        kind: Kind,
        name: Box<str>,
    },
    /// `AIDA...` or `AROA...`: what is left of an ARN whose principal was deleted.
    Id(Box<str>),
    Service(Box<str>),
    Provider(Box<str>),
    /// S3's own name for an account, which does not tell which.
    Canonical,
    /// A pattern, a group, or nothing that AWS knows: it names nobody.
    Nobody,
}

/// What the ARN of a named principal is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    User,
    Role,
    Other,
}

impl Who {
    /// Reads the principals of a statement; without any it is about everyone, if `implied`.
    pub(super) fn new(statement: &Statement, implied: bool) -> Self {
        if let Some(excluded) = &statement.not_principals {
            return Who::AllBut(named(excluded));
        }
        match &statement.principals {
            Principals::Any => Who::Everyone,
            Principals::List(list) if list.is_empty() && implied => Who::Everyone,
            list => {
                let named = named(list);
                if named.contains(&Named::Everyone) { Who::Everyone } else { Who::These(named) }
            }
        }
    }

    /// How a statement that allows is about a caller.
    pub(super) fn allows(&self, caller: &Caller<'_>, context: &Context) -> Grades {
        match self {
            Who::Everyone => Grades::DIRECT,
            Who::These(named) => grades(named, caller, context),
            Who::AllBut(excluded) => {
                Grades::DIRECT.and(grades(excluded, caller, context).any().not())
            }
        }
    }

    /// Whether a statement that denies is about a caller.
    ///
    /// `NotPrincipal` spares for certain only a caller who is listed at every level that AWS might
    /// look at: the account, the role, the session. It never spares one who has a permissions boundary (IAM
    /// User Guide, "Permissions boundaries for IAM entities").
    pub(super) fn denies(&self, caller: &Caller<'_>, bounded: bool, context: &Context) -> Truth {
        match self {
            Who::Everyone => Truth::True,
            Who::These(named) => grades(named, caller, context).any(),
            Who::AllBut(_) if bounded => Truth::True,
            Who::AllBut(excluded) => spared(excluded, caller, context).not(),
        }
    }
}

fn grades(named: &[Named], caller: &Caller<'_>, context: &Context) -> Grades {
    named.iter().fold(Grades::NONE, |all, one| all.or(one.grades(caller, context)))
}

/// Whether a caller is listed himself, and with him his role and his account. At which of these AWS
/// looks is left open ("might validate"), so one that is missing leaves open whether he is spared.
/// An account alone spares nobody in it.
fn spared(excluded: &[Named], caller: &Caller<'_>, context: &Context) -> Truth {
    if excluded.contains(&Named::Everyone) {
        return Truth::True;
    }
    let listed = grades(excluded, caller, context);
    match caller {
        Caller::Anonymous => Truth::False,
        Caller::Root(_) | Caller::Service(_) | Caller::Provider(_) => listed.direct,
        Caller::User(_) | Caller::FederatedUser(_) => {
            listed.direct.and(listed.account.or(Truth::Unknown))
        }
        // Its session is not known: it may be one that is listed.
        Caller::Role(role) => {
            let lists_one = excluded.iter().any(|one| one.is_session_of(role));
            listed.role.or(lists_one.into()).and(Truth::Unknown)
        }
        Caller::Session { .. } => {
            let whole = listed.direct.and(listed.role).and(listed.account);
            listed.direct.or(listed.role).and(whole.or(Truth::Unknown))
        }
    }
}

impl Named {
    fn grades(&self, caller: &Caller<'_>, context: &Context) -> Grades {
        let direct = |holds: bool| if holds { Grades::DIRECT } else { Grades::NONE };
        match self {
            Named::Everyone => Grades::DIRECT,
            Named::Nobody => Grades::NONE,
            Named::Service(name) => {
                direct(matches!(caller, Caller::Service(has) if **name == **has))
            }
            Named::Provider(name) => {
                direct(matches!(caller, Caller::Provider(has) if **name == **has))
            }
            // It is a name for an account, and nothing here tells of which.
            Named::Canonical if caller.account().is_some() => Grades::unknown(),
            Named::Canonical => Grades::NONE,
            Named::Id(id) => by_id(id, caller, context),
            Named::Account { partition, id } => match caller.entity() {
                Some(entity) if *entity.account == **id && same(partition.as_deref(), entity) => {
                    match caller {
                        Caller::Root(_) => Grades::DIRECT,
                        _ => Grades { account: Truth::True, ..Grades::NONE },
                    }
                }
                _ => Grades::NONE,
            },
            Named::Arn { text, partition, account, kind, name } => {
                let Some(entity) = caller.entity() else { return Grades::NONE };
                let by_role = |has: &str| {
                    let same = *entity.account == **account
                        && same(Some(partition), entity)
                        && *has == **name;
                    Grades { role: same.into(), ..Grades::NONE }
                };
                match (caller, kind) {
                    (Caller::Session { role, .. }, Kind::Role) => by_role(role),
                    // A federated session carries the name of the user who made it.
                    (Caller::FederatedUser(entity), Kind::User) => by_role(entity.name),
                    (Caller::Role(role), Kind::Role) => {
                        Grades { role: (*role.arn == **text).into(), ..Grades::NONE }
                    }
                    _ => direct(*entity.arn == **text),
                }
            }
        }
    }
}

fn same(partition: Option<&str>, entity: &Entity<'_>) -> bool {
    partition.is_none_or(|partition| entity.partition.is_empty() || partition == entity.partition)
}

/// A unique id can be compared only with `aws:userid`, which holds `AROA...:session` for a role.
fn by_id(id: &str, caller: &Caller<'_>, context: &Context) -> Grades {
    if !matches!(caller, Caller::User(_) | Caller::Role(_) | Caller::Session { .. }) {
        return Grades::NONE;
    }
    match context.get("aws:userid") {
        Found::Unknown | Found::Between { .. } => {
            Grades { direct: Truth::Unknown, role: Truth::Unknown, ..Grades::NONE }
        }
        Found::Starts(has) => match has.split_once(':') {
            Some((role, _)) => Grades { role: (role == id).into(), ..Grades::NONE },
            None => Grades { direct: Truth::Unknown, role: Truth::Unknown, ..Grades::NONE },
        },
        Found::One(has) if has == id => match caller {
            Caller::Role(_) => Grades { role: Truth::True, ..Grades::NONE },
            _ => Grades::DIRECT,
        },
        Found::One(has) if has.split_once(':').is_some_and(|(role, _)| role == id) => {
            Grades { role: Truth::True, ..Grades::NONE }
        }
        Found::One(_) | Found::Many(_) | Found::Absent => Grades::NONE,
    }
}
