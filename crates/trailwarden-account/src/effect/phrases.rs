//! Grants in words, which are found when somebody reads them: most changes are judged and never shown.

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use trailwarden_model::AccountId;
use trailwarden_policy::reach::{Grant, apart, describe, describe_from};

/// What grants allow, a line for each kind; derefs to the lines.
#[derive(Clone)]
pub struct Phrases(Arc<Lines>);

struct Lines {
    grants: Vec<Grant>,
    /// The account from which they are told.
    home: Option<AccountId>,
    said: OnceLock<Vec<String>>,
}

impl Phrases {
    /// The words for these.
    #[must_use]
    pub fn of(grants: &[Grant]) -> Self {
        Self(Arc::new(Lines { grants: grants.to_vec(), home: None, said: OnceLock::new() }))
    }

    /// The same, where they are about what others own with their accounts.
    #[must_use]
    pub(super) fn seen_from(self, home: AccountId) -> Self {
        let text = home.to_string();
        let is_elsewhere =
            |grant: &Grant| grant.resources.iter().any(|area| area.names_another(&text));
        match self.0.grants.iter().any(is_elsewhere) {
            false => self,
            true => {
                let (grants, home) = (self.0.grants.clone(), Some(home));
                Self(Arc::new(Lines { grants, home, said: OnceLock::new() }))
            }
        }
    }

    /// Words that stand for themselves.
    #[must_use]
    pub fn said(lines: Vec<String>) -> Self {
        Self(Arc::new(Lines { grants: Vec::new(), home: None, said: OnceLock::from(lines) }))
    }

    /// Whether there is nothing to tell, which is known without finding the words.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.grants.is_empty() && self.0.said.get().is_none_or(Vec::is_empty)
    }

    /// Whether they are the words for these grants.
    pub(super) fn are_of(&self, grants: &[Grant]) -> bool {
        self.0.grants == grants
    }

    /// These and more.
    pub(super) fn and(&self, more: &Self) -> Self {
        Self::said(self.iter().chain(more.iter()).cloned().collect())
    }
}

impl Deref for Phrases {
    type Target = [String];

    fn deref(&self) -> &[String] {
        self.0.said.get_or_init(|| {
            apart(|| match self.0.home {
                None => describe(&self.0.grants),
                Some(home) => describe_from(home, &self.0.grants),
            })
        })
    }
}

impl PartialEq for Phrases {
    fn eq(&self, other: &Self) -> bool {
        let is_same_grants = !self.0.grants.is_empty()
            && self.0.home == other.0.home
            && other.are_of(&self.0.grants);
        Arc::ptr_eq(&self.0, &other.0) || is_same_grants || **self == **other
    }
}

impl<const N: usize> PartialEq<[&str; N]> for Phrases {
    fn eq(&self, other: &[&str; N]) -> bool {
        **self == *other
    }
}

impl fmt::Debug for Phrases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}
