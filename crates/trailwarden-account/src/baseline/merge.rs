//! Several answers about one account put together, in whatever order they come.
//!
//! Equal copies count once. Two that say different things of one thing are of different moments, and
//! none of them is believed.

use std::collections::BTreeMap;
use std::fmt::Debug;

use super::details::{Details, Group, Policy, Role, User};
use super::error::Error;

/// How much of two texts is shown where they differ.
const EXCERPT_MAX: usize = 60;

/// What the lists of the details have in common.
trait Listed: PartialEq + Debug {
    const WHAT: &'static str;
    fn id(&self) -> &str;
    fn arn(&self) -> &str;
}

macro_rules! listed {
    ($type:ty, $what:literal, $id:ident) => {
        impl Listed for $type {
            const WHAT: &'static str = $what;
            fn id(&self) -> &str {
                &self.$id
            }
            fn arn(&self) -> &str {
                &self.arn
            }
        }
    };
}

listed!(User, "user", user_id);
listed!(Group, "group", group_id);
listed!(Role, "role", role_id);
listed!(Policy, "policy", policy_id);

impl Details {
    /// Adds what another answer lists; [`Details::settle`] makes one of the two.
    pub(super) fn extend(&mut self, other: Self) {
        self.user_detail_list.extend(other.user_detail_list);
        self.group_detail_list.extend(other.group_detail_list);
        self.role_detail_list.extend(other.role_detail_list);
        self.policies.extend(other.policies);
    }

    /// Makes the order of arrival disappear.
    pub(super) fn settle(&mut self) -> Result<(), Error> {
        settle(&mut self.user_detail_list)?;
        settle(&mut self.group_detail_list)?;
        settle(&mut self.role_detail_list)?;
        settle(&mut self.policies)
    }
}

/// Sorts a list, drops copies, and refuses one that names a thing twice.
fn settle<T: Listed>(list: &mut Vec<T>) -> Result<(), Error> {
    for key in [T::id, T::arn] {
        list.sort_by(|left, right| {
            // What has neither id nor ARN still needs one order.
            let rest = || format!("{left:?}").cmp(&format!("{right:?}"));
            (key(left), left.arn()).cmp(&(key(right), right.arn())).then_with(rest)
        });
        list.dedup();
        let twice = list.windows(2).find_map(|pair| match pair {
            [left, right] if !key(left).is_empty() && key(left) == key(right) => {
                Some((left, right))
            }
            _ => None,
        });
        if let Some((left, right)) = twice {
            return Err(differing(format!("{} `{}`", T::WHAT, key(left)), left, right));
        }
    }
    Ok(())
}

/// One of two optional parts, or both when they are the same.
pub(super) fn either<T: PartialEq + Debug>(
    what: &str,
    left: Option<T>,
    right: Option<T>,
) -> Result<Option<T>, Error> {
    match (left, right) {
        (Some(left), Some(right)) if left != right => {
            Err(differing(what.to_owned(), &left, &right))
        }
        (left, right) => Ok(left.or(right)),
    }
}

/// All rows of two tables; a row of both must be the same.
pub(super) fn union<T: PartialEq + Debug>(
    what: &str,
    mut left: BTreeMap<String, T>,
    right: BTreeMap<String, T>,
) -> Result<BTreeMap<String, T>, Error> {
    for (key, value) in right {
        match left.get(&key) {
            Some(known) if *known != value => {
                return Err(differing(format!("{what} `{key}`"), known, &value));
            }
            _ => {
                left.insert(key, value);
            }
        }
    }
    Ok(left)
}

/// The error names both, in an order that does not depend on which came first.
fn differing<T: Debug>(what: String, left: &T, right: &T) -> Error {
    let (left, right) = (format!("{left:?}"), format!("{right:?}"));
    let common = left.chars().zip(right.chars()).take_while(|(a, b)| a == b);
    let until: usize = common.map(|(a, _)| a.len_utf8()).sum();
    // From the member in which they differ.
    let from =
        left.get(..until).and_then(|same| same.rfind([' ', '{', '['])).map_or(0, |at| at + 1);
    let excerpt = |text: &str| -> String {
        text.get(from..).unwrap_or_default().chars().take(EXCERPT_MAX).collect()
    };
    let (left, right) = (excerpt(&left), excerpt(&right));
    let (first, second) = if left <= right { (left, right) } else { (right, left) };
    Error::Differing { what, first, second }
}
