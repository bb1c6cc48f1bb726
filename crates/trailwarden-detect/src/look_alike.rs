//! Names made to be taken for others: those that AWS gives, or those that are there already.
//!
//! IAM names hold ASCII letters, digits and `+=,.@-_` only (IAM User Guide, "IAM and AWS STS
//! quotas", name requirements), so what can be confused is few: digits with letters, `rn` with `m`,
//! separators, case.

use std::collections::BTreeMap;

use trailwarden_model::Outcome;
use trailwarden_record::call::TargetKind;
use trailwarden_record::{Event, Row};

/// How many names are remembered.
const NAMES_MAX: usize = 20_000;

/// Names of users and roles that the IAM records have shown so far, each with the first record that
/// did.
#[derive(Clone, Default)]
pub struct KnownNames {
    by_account: BTreeMap<(u64, String), Known>,
    truncated: bool,
}

/// A name that is there, as a hasty eye reads it, so that it is read once.
#[derive(Clone)]
struct Known {
    row: Row,
    skeleton: String,
}

impl KnownNames {
    /// Takes the names of a record.
    pub fn note(&mut self, event: &Event, row: &Row) {
        for name in names_of(event) {
            if self.by_account.len() >= NAMES_MAX {
                self.truncated = true;
                return;
            }
            let skeleton = skeleton(&name);
            self.by_account.entry((row.account, name)).or_insert(Known { row: *row, skeleton });
        }
    }

    /// The record that showed a name of the row's account for which this one can be taken.
    pub fn resembling(&self, row: &Row, name: &str, except: &str) -> Option<&Row> {
        let from = (row.account, String::new());
        let own = skeleton(name);
        self.by_account
            .range(from..)
            .take_while(|((account, _), _)| *account == row.account)
            .find(|((_, other), known)| {
                other != except && is_alike((name, &own), (other, &known.skeleton))
            })
            .map(|(_, known)| &known.row)
    }

    /// Whether a name was not taken for lack of room.
    pub fn is_truncated(&self) -> bool {
        self.truncated
    }
}

/// The users and roles that a record shows to exist: its caller, and whom it acted on.
pub fn names_of(event: &Event) -> Vec<String> {
    let caller = &event.caller;
    let mut names: Vec<String> = caller.role_name().map(str::to_owned).into_iter().collect();
    if !caller.user_name.is_empty() {
        names.push(caller.user_name.clone());
    }
    if event.outcome == Outcome::Succeeded
        && let Some(target) = event.target()
        && matches!(target.kind, TargetKind::User | TargetKind::Role)
    {
        names.extend(target.name);
    }
    names
}

/// Beginnings of names that AWS gives to what it makes itself.
const AWS_STYLE: [&str; 3] = ["awsservicerole", "awsreserved", "awscontroltower"];

/// Shorter names differ by one letter too easily.
const LENGTH_MIN: usize = 5;

/// Whether a name is in the style of those that AWS gives.
pub fn is_aws_style(name: &str) -> bool {
    let name = skeleton(name);
    AWS_STYLE.iter().any(|start| name.starts_with(&skeleton(start)))
}

/// Whether one name can be taken for another, different one.
///
/// Numbered names (`app1`, `app2`), and names that differ in a whole word of one letter (`team-a`,
/// `team-b`), are ordinary and do not count.
pub fn is_look_alike(name: &str, other: &str) -> bool {
    is_alike((name, &skeleton(name)), (other, &skeleton(other)))
}

/// [`is_look_alike`] of two names with their skeletons.
fn is_alike((name, skeleton): (&str, &str), (other, other_skeleton): (&str, &str)) -> bool {
    if skeleton != other_skeleton && name.len().abs_diff(other.len()) > 1
        || name.eq_ignore_ascii_case(other)
        || name.len().min(other.len()) < LENGTH_MIN
    {
        return false;
    }
    skeleton == other_skeleton && !differ_in_digits_only(name, other)
        || is_one_slip_away(name, other)
}

/// A name as a hasty eye reads it.
fn skeleton(name: &str) -> String {
    let lower = name.replace('I', "l").to_ascii_lowercase().replace("rn", "m").replace("vv", "w");
    lower
        .chars()
        .filter(|c| !matches!(c, '-' | '_' | '.'))
        .map(|c| match c {
            '0' => 'o',
            '1' | '|' | 'i' => 'l',
            '3' => 'e',
            '4' => 'a',
            '5' => 's',
            c => c,
        })
        .collect()
}

fn differ_in_digits_only(name: &str, other: &str) -> bool {
    name.len() == other.len()
        && name
            .bytes()
            .zip(other.bytes())
            .all(|(a, b)| a == b || a.is_ascii_digit() && b.is_ascii_digit())
}

/// One letter more, less or other, or two neighbours swapped, within a longer word.
fn is_one_slip_away(name: &str, other: &str) -> bool {
    // Most names differ within their first two letters, and again in their last two.
    let same =
        |a: Option<&u8>, b: Option<&u8>| a.zip(b).is_some_and(|(a, b)| a.eq_ignore_ascii_case(b));
    let (first, second) = (name.as_bytes(), other.as_bytes());
    if !same(first.first(), second.first()) && !same(first.last(), second.last()) {
        return false;
    }
    let (a, b) = (name.to_ascii_lowercase(), other.to_ascii_lowercase());
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let start = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (a.get(start..).unwrap_or_default(), b.get(start..).unwrap_or_default());
    let end = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    let differing = |rest: &[u8]| rest.get(..rest.len() - end.min(rest.len())).map(<[u8]>::to_vec);
    let (Some(x), Some(y)) = (differing(a), differing(b)) else { return false };
    let is_letter = |c: &u8| c.is_ascii_alphabetic();
    if !x.iter().chain(&y).all(is_letter) || end == 0 && start < LENGTH_MIN {
        return false;
    }
    let is_slip = match (x.as_slice(), y.as_slice()) {
        ([_], [_] | []) | ([], [_]) => true,
        ([p, q], [r, s]) => p == s && q == r,
        _ => false,
    };
    is_slip && word_around(name, start) >= LENGTH_MIN && word_around(other, start) >= LENGTH_MIN
}

/// Length of the word, between separators, around a place.
fn word_around(name: &str, at: usize) -> usize {
    let is_part = |c: &u8| c.is_ascii_alphanumeric();
    let bytes = name.as_bytes();
    let before = bytes.iter().take(at).rev().take_while(|c| is_part(c)).count();
    before + bytes.iter().skip(at).take_while(|c| is_part(c)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes() {
        for (name, other) in [
            ("adm1nistrator", "administrator"),
            ("break-glass", "breakglass"),
            ("terrafrom", "terraform"),
            ("deployrnent", "deployment"),
            ("backups-reader", "backup-reader"),
        ] {
            assert!(is_look_alike(name, other), "{name} {other}");
        }
    }

    #[test]
    fn families_of_names_are_no_look_alikes() {
        for (name, other) in [
            ("worker1", "worker2"),
            ("worker-0", "worker-1"),
            ("team-a-deploy", "team-b-deploy"),
            ("alice", "bobby"),
            ("app", "apq"),
            ("reader", "writer"),
            ("Terraform", "terraform"),
        ] {
            assert!(!is_look_alike(name, other), "{name} {other}");
        }
    }

    #[test]
    fn names_in_the_style_of_aws() {
        assert!(is_aws_style("AWSServiceRoleForSupport2"));
        assert!(is_aws_style("AWS-ReservedSSO_Admin"));
        assert!(!is_aws_style("aws-admin"));
    }
}
