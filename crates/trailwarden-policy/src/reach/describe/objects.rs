//! Objects in S3: a bucket, what lies below a prefix, or a single object.

use super::super::area::Area;
use super::super::areas::Areas;
use super::super::glob::{Glob, Token};
use super::super::relevance::{is_open, meets};
use super::target::{self, NAMES_MAX};
use super::written;
use crate::facts::Action;

/// What a pattern for objects names.
#[derive(PartialEq, Eq)]
enum Place {
    /// Every object of the bucket: `b/*`.
    Bucket(String),
    /// `b/prefix/*`.
    Below { prefix: String, bucket: String },
    /// `b/key`.
    Object { key: String, bucket: String },
    /// `b/x*y`, whatever has wildcards elsewhere than at its end.
    Like { keys: String, bucket: String },
    /// Where bucket and key cannot be told apart.
    Pattern(String),
}

impl Place {
    fn of(area: &Area) -> Self {
        match area.within() {
            [glob] => Self::of_glob(glob),
            _ => Self::Pattern(written::area(area, 0)),
        }
    }

    fn of_glob(glob: &Glob) -> Self {
        let whole = || Self::Pattern(written::quoted(glob));
        // With a Region or an account it is an access point.
        let has_no_owner = [3, 4].into_iter().all(|at| {
            glob.arn_part(at).is_some_and(|part| part.is_any() || part.tokens().is_empty())
        });
        let Some(resource) = glob.arn_part(5).filter(|_| has_no_owner) else {
            return whole();
        };
        let tokens = resource.tokens();
        let slash = tokens.iter().position(|token| *token == Token::Char('/'));
        let (bucket, key) = match slash {
            Some(at) => (tokens.get(..at), tokens.get(at + 1..)),
            None => (Some(tokens), None),
        };
        let bucket = bucket.unwrap_or_default();
        let name = || written::quote(bucket);
        match (bucket, key) {
            // A wildcard in front of a slash crosses it, so what follows is no key.
            ([start @ .., Token::Many], None | Some([Token::Many])) if !has_wildcard(start) => {
                Self::Bucket(name())
            }
            (_, None) => whole(),
            (bucket, _) if has_wildcard(bucket) => whole(),
            (_, Some([] | [Token::Many])) => Self::Bucket(name()),
            (_, Some([prefix @ .., Token::Many]))
                if prefix.ends_with(&[Token::Char('/')]) && !has_wildcard(prefix) =>
            {
                Self::Below { prefix: written::quote(prefix), bucket: name() }
            }
            (_, Some(key)) if has_wildcard(key) => {
                Self::Like { keys: written::quote(key), bucket: name() }
            }
            (_, Some(key)) => Self::Object { key: written::quote(key), bucket: name() },
        }
    }

    fn bucket(&self) -> Option<&str> {
        match self {
            Self::Bucket(bucket)
            | Self::Below { bucket, .. }
            | Self::Object { bucket, .. }
            | Self::Like { bucket, .. } => Some(bucket),
            Self::Pattern(_) => None,
        }
    }

    /// Behind `objects`, or in its place; `known` is the bucket that was said already.
    fn told(&self, known: Option<&str>) -> String {
        let within = match self.bucket() {
            Some(bucket) if known != Some(bucket) => format!(" in bucket {bucket}"),
            _ => String::new(),
        };
        match self {
            Self::Bucket(bucket) => format!("in bucket {bucket}"),
            Self::Below { prefix, .. } => format!("below {prefix}{within}"),
            Self::Object { key, .. } => format!("object {key}{within}"),
            Self::Like { keys, .. } => format!("objects {keys}{within}"),
            Self::Pattern(pattern) => format!("objects {pattern}"),
        }
    }

    fn needs_noun(&self) -> bool {
        matches!(self, Self::Bucket(_) | Self::Below { .. })
    }
}

fn has_wildcard(tokens: &[Token]) -> bool {
    tokens.iter().any(|token| matches!(token, Token::Many | Token::Within | Token::One))
}

/// `objects in bucket `b``, `objects below `a/` in bucket `b``, `object `k` in bucket `b``.
pub(super) fn objects(areas: &Areas, action: &Action) -> String {
    let met = target::met(areas, action);
    if let Some(open) = met.iter().find(|area| is_open(area, action)) {
        let except = except(open, action, None);
        return format!("objects in any bucket{}{except}", target::account(open));
    }
    let places: Vec<(&Area, Place)> = met.iter().map(|area| (*area, Place::of(area))).collect();
    let common = common_bucket(&places);
    let mut names: Vec<(String, bool)> = places
        .iter()
        .map(|(area, place)| {
            let except = except(area, action, place.bucket());
            (format!("{}{except}", place.told(common)), place.needs_noun())
        })
        .collect();
    names.sort();
    names.dedup();
    let plain: Option<Vec<&str>> =
        names.iter().map(|(name, _)| name.strip_prefix("in bucket ")).collect();
    if let Some(buckets) = plain {
        return format!("objects in {}", target::counted("bucket", &buckets));
    }
    let told: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
    let noun = match names.first() {
        Some((_, true)) => "objects ",
        _ => "",
    };
    let within = common.map_or_else(String::new, |bucket| format!(" in bucket {bucket}"));
    match told.as_slice() {
        [one] => format!("{noun}{one}{within}"),
        [one, two] => format!("{noun}{one} and {two}{within}"),
        many => {
            let shown: Vec<&str> = many.iter().take(NAMES_MAX).copied().collect();
            format!("objects in {} places ({}, ...){within}", many.len(), shown.join(", "))
        }
    }
}

/// The bucket that several places are in, when it can be said once, behind them all.
fn common_bucket<'p>(places: &'p [(&Area, Place)]) -> Option<&'p str> {
    let [(_, first), _, ..] = places else {
        return None;
    };
    let bucket = first.bucket()?;
    let is_within = |(area, place): &(&Area, Place)| {
        area.except().is_empty()
            && !matches!(place, Place::Bucket(_))
            && place.bucket() == Some(bucket)
    };
    places.iter().all(is_within).then_some(bucket)
}

fn except(area: &Area, action: &Action, bucket: Option<&str>) -> String {
    let excluded: Vec<String> = area
        .except()
        .iter()
        .filter_map(|glob| Area::of(glob.clone(), Vec::new()))
        .filter(|area| meets(area, action))
        .map(|area| match Place::of(&area) {
            Place::Bucket(name) if bucket.is_none() => name,
            place => place.told(bucket),
        })
        .collect();
    target::excepted(&excluded)
}
