//! Which answers a baseline was put together from, and which of its lists they make whole.
//!
//! An answer says of itself where it ends, in one of two ways:
//! - A page, as the API gives it, has `IsTruncated`: true on each but the last.
//! - What the AWS CLI prints has no such member, for it has fetched all pages; a `NextToken` says that
//!   it stopped early, as with `--max-items`.
//!
//! # Assumption
//! Nothing in a page names the page before it. So the last page alone looks like an only page, and is
//! taken for one, unless the account summary counts more than it lists, or something inside names
//! what no list has ([`super::listed`]).
//!
//! Source: IAM API Reference, `GetAccountAuthorizationDetails`; AWS CLI User Guide, "Using the
//! pagination options in the AWS CLI".

use super::details::Details;

/// The lists of an answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Lists {
    pub(super) users: bool,
    pub(super) groups: bool,
    pub(super) roles: bool,
    /// Customer managed policies.
    pub(super) policies: bool,
}

/// Answers of one sort.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
struct Sort {
    /// Whether one of them is the last.
    has_end: bool,
    /// Which lists have something in any of them.
    filled: Lists,
}

/// The answers that were put together.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Answers {
    pages: Sort,
    printed: Sort,
}

impl Answers {
    /// One answer.
    pub(super) fn of(details: &Details) -> Self {
        let filled = Lists {
            users: !details.user_detail_list.is_empty(),
            groups: !details.group_detail_list.is_empty(),
            roles: !details.role_detail_list.is_empty(),
            policies: details.policies.iter().any(|policy| !policy.arn.contains("::aws:")),
        };
        let is_cut = details.next_token.is_some();
        match details.is_truncated {
            Some(is_truncated) => Self {
                pages: Sort { has_end: !is_truncated && !is_cut, filled },
                ..Self::default()
            },
            None => Self { printed: Sort { has_end: !is_cut, filled }, ..Self::default() },
        }
    }

    /// These answers and those.
    pub(super) fn merged(self, other: Self) -> Self {
        Self { pages: self.pages.merged(other.pages), printed: self.printed.merged(other.printed) }
    }

    /// The lists that end. An empty one proves nothing: `--filter` leaves lists empty too.
    pub(super) fn whole(self) -> Lists {
        let (pages, printed) = (self.pages.whole(), self.printed.whole());
        pages.or(printed)
    }
}

impl Sort {
    fn merged(self, other: Self) -> Self {
        Self { has_end: self.has_end || other.has_end, filled: self.filled.or(other.filled) }
    }

    fn whole(self) -> Lists {
        if self.has_end { self.filled } else { Lists::default() }
    }
}

impl Lists {
    fn or(self, other: Self) -> Self {
        Self {
            users: self.users || other.users,
            groups: self.groups || other.groups,
            roles: self.roles || other.roles,
            policies: self.policies || other.policies,
        }
    }
}
