//! Which rules could match a record, told by its event name, its source and its bytes.
//!
//! # Soundness
//! A rule is left out only where a match is impossible:
//! - By *name or source*: the rule's logic implies that `eventName` (or `eventSource`) equals one
//!   of a set of texts. Sets are joined over `or` and intersected over `and`; `not`, wildcards and
//!   anything else imply nothing. Texts are compared folded, as the rule itself compares them. An
//!   empty name or source, which is also what a caller passes for a missing or odd one, rules
//!   nothing out; and a rule that is content with an empty one names nothing here, because a record
//!   may hold an empty name besides the one the caller knows.
//! - By *bytes*: the logic implies that a text contains one of a set of literals. Sought are runs
//!   of printable ASCII without quotes, backslashes, commas, brackets and braces, and not beginning
//!   with a colon: even where an object is compared by its JSON text, such a run lies within one
//!   text, key or word, for JSON's own colons follow a quote. JSON writes these characters as they
//!   are, unless as `\u00xx` or `\/`, so a record that holds such an escape rules nothing out.
//!   Each run holds a letter other than `e`, so that no number, which JSON may write in several
//!   ways, can supply it. The search ignores ASCII case; folding never makes ASCII out of anything
//!   else, and case-ignoring regular expressions, which do, supply no literals.

use std::collections::BTreeSet;

use foldhash::HashMap;
use trailwarden_record::skim::{Outline, keys};

use super::Plan;
use super::expression::{Expression, Matcher, Wanted};
use super::literals::Literals;
use super::pattern::fold;
use super::sought::{Sought, has_escape, literals_of};

/// The index over all rules.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// Rules that name their events, by folded event name.
    by_name: HashMap<String, Vec<Candidate>>,
    /// Rules that name only their sources, by folded event source.
    by_source: HashMap<String, Vec<u32>>,
    /// Rules that name neither.
    rest: Vec<u32>,
    /// Rules in `rest` that the steady members do not decide.
    unsteady: BTreeSet<u32>,
    /// Finds a literal of one of them; None when one of them has no literals.
    literals: Option<Literals>,
    /// Where the literals stand, by place in the order of a record's keys; None for anywhere.
    places: Option<BTreeSet<usize>>,
    /// All rules, for records without a usable name.
    all: Vec<u32>,
}

#[derive(Debug)]
struct Candidate {
    rule: u32,
    sources: Option<BTreeSet<String>>,
}

impl Index {
    /// Indexes the rules by their position; a rule is steady if the steady members decide all that
    /// it says of a record.
    pub(crate) fn new<'e>(rules: impl Iterator<Item = (u32, &'e Expression, bool)>) -> Self {
        let mut index = Self::default();
        let mut sought: Option<Sought> = Some(Sought::default());
        for (rule, expression, is_steady) in rules {
            index.all.push(rule);
            let sources = named_by(expression, "eventSource");
            if let Some(names) = named_by(expression, "eventName") {
                for name in names {
                    let candidate = Candidate { rule, sources: sources.clone() };
                    index.by_name.entry(name).or_default().push(candidate);
                }
            } else if let Some(sources) = sources {
                for source in sources {
                    index.by_source.entry(source).or_default().push(rule);
                }
            } else {
                index.rest.push(rule);
                if is_steady {
                    continue;
                }
                index.unsteady.insert(rule);
                sought = match (sought, literals_of(expression)) {
                    (Some(all), Some(more)) => Some(all.and(more)),
                    _ => None,
                };
            }
        }
        if let Some(Sought { texts, roots }) = sought {
            let place = |root: &String| keys::RECORD.iter().position(|key| key.name() == root);
            index.places = roots.iter().map(place).collect();
            index.literals = Literals::new(texts.iter().map(String::as_str));
        }
        index
    }

    /// Which rules could match a record of this name and source.
    pub(super) fn plan(&self, name: &str, source: &str) -> Plan {
        if self.all.is_empty() {
            Plan::Nothing
        } else if name.is_empty() || source.is_empty() || self.named(name, source, &mut |_| true) {
            Plan::Everything
        } else if self.rest.is_empty() {
            Plan::Nothing
        } else {
            Plan::Residual
        }
    }

    /// The rules that name neither events nor sources.
    pub(super) fn residual(&self) -> &[u32] {
        &self.rest
    }

    /// Whether the steady members do not decide what this rule says.
    pub(super) fn is_unsteady(&self, rule: u32) -> bool {
        self.unsteady.contains(&rule)
    }

    /// Whether a residual rule that the steady members do not decide could match this record.
    pub(super) fn may_hold_literal(&self, record: &[u8], outline: Option<&Outline>) -> bool {
        let Some(literals) = &self.literals else { return true };
        let holds = |bytes: &[u8]| literals.is_match(bytes) || has_escape(bytes);
        match (&self.places, outline.filter(|outline| outline.is_simple())) {
            (Some(places), Some(outline)) => {
                places.iter().filter_map(|place| record.get(outline.member(*place)?)).any(holds)
            }
            _ => holds(record),
        }
    }

    /// Visits the rules worth evaluating, in no particular order.
    pub(crate) fn candidates(&self, name: &str, source: &str, visit: &mut dyn FnMut(u32)) {
        if name.is_empty() || source.is_empty() {
            self.all.iter().for_each(|rule| visit(*rule));
            return;
        }
        self.named(name, source, &mut |rule| {
            visit(rule);
            false
        });
        self.rest.iter().for_each(|rule| visit(*rule));
    }

    fn named(&self, name: &str, source: &str, visit: &mut dyn FnMut(u32) -> bool) -> bool {
        let candidates = folded(name, |name| self.by_name.get(name)).map(Vec::as_slice);
        let candidates = candidates.unwrap_or_default();
        if candidates.is_empty() && self.by_source.is_empty() {
            return false;
        }
        folded(source, |source| {
            candidates.iter().any(|candidate| {
                let fits = (candidate.sources.as_ref()).is_none_or(|set| set.contains(source));
                fits && visit(candidate.rule)
            }) || (self.by_source.get(source))
                .is_some_and(|rules| rules.iter().any(|rule| visit(*rule)))
        })
    }
}

/// Folds without allocating where the text is short and ASCII, as names are.
fn folded<R>(text: &str, then: impl FnOnce(&str) -> R) -> R {
    let mut buffer = [0_u8; 64];
    if let Some(buffer) = buffer.get_mut(..text.len()).filter(|_| text.is_ascii()) {
        buffer.copy_from_slice(text.as_bytes());
        buffer.make_ascii_lowercase();
        if let Ok(text) = std::str::from_utf8(buffer) {
            return then(text);
        }
    }
    then(&fold(text))
}

fn named_by(expression: &Expression, field: &str) -> Option<BTreeSet<String>> {
    implied(expression, field).filter(|texts| !texts.contains(""))
}

/// The texts of which the field must equal one, folded; None when any text might do.
pub(crate) fn implied(expression: &Expression, field: &str) -> Option<BTreeSet<String>> {
    match expression {
        Expression::All(parts) => parts
            .iter()
            .filter_map(|part| implied(part, field))
            .reduce(|one, other| one.intersection(&other).cloned().collect()),
        Expression::Any(parts) => joined(parts.iter().map(|part| implied(part, field))),
        // With none wanted, even an unmet list is a match.
        Expression::AtLeast(0, _) | Expression::Not(_) => None,
        Expression::AtLeast(_, parts) => joined(parts.iter().map(|part| implied(part, field))),
        Expression::Item(item) if item.field.as_ref().is_some_and(|f| f.path() == field) => {
            match &item.wanted {
                Wanted::AnyOf(matchers) => joined(matchers.iter().map(exact)),
                // Met by different elements of an array at most, so one of the sets must fit.
                Wanted::AllOf(values) => {
                    values.first().and_then(|forms| joined(forms.iter().map(exact)))
                }
                Wanted::Exists(_) | Wanted::Differs(_) => None,
            }
        }
        Expression::Item(_) => None,
    }
}

fn exact(matcher: &Matcher) -> Option<BTreeSet<String>> {
    match matcher {
        Matcher::Text(pattern) => pattern.exact().map(|text| BTreeSet::from([text.into_owned()])),
        _ => None,
    }
}

/// The union, unless one of them is open.
pub(super) fn joined(
    sets: impl Iterator<Item = Option<BTreeSet<String>>>,
) -> Option<BTreeSet<String>> {
    sets.reduce(|one, other| match (one, other) {
        (Some(mut one), Some(other)) => {
            one.extend(other);
            Some(one)
        }
        _ => None,
    })
    .flatten()
}

#[cfg(test)]
mod tests {
    use super::super::{Plan, RuleSet, Source};

    fn rules(selection: &str) -> RuleSet {
        let text = format!(
            "title: t\nlogsource: {{product: aws, service: cloudtrail}}\ndetection:\n{selection}"
        );
        let (rules, errors) = RuleSet::load(&[Source { name: "t.yml".into(), text }]);
        assert_eq!(errors, []);
        rules
    }

    fn may_match(rules: &RuleSet, name: &str, source: &str, record: &[u8]) -> bool {
        match rules.plan(name, source) {
            Plan::Nothing => false,
            Plan::Residual => rules.rules.index.may_hold_literal(record, None),
            Plan::Everything => true,
        }
    }

    #[test]
    fn named_rules_are_found_by_name_and_source_alone() {
        let rules = rules(
            "  a:\n    eventSource: iam.amazonaws.com\n    eventName: [CreateUser, PutUserPolicy]\n  \
             b:\n    eventName|startswith: Put\n  condition: a and b\n",
        );
        assert!(may_match(&rules, "putuserpolicy", "IAM.amazonaws.com", b""));
        assert!(!may_match(&rules, "PutUserPolicy", "s3.amazonaws.com", b""));
        assert!(!may_match(&rules, "GetUser", "iam.amazonaws.com", b""));
        assert!(
            may_match(&rules, "", "iam.amazonaws.com", b""),
            "an unknown name rules nothing out"
        );
    }

    #[test]
    fn a_negation_implies_nothing() {
        let rules = rules("  a:\n    eventName: CreateUser\n  condition: not a\n");
        assert!(may_match(&rules, "GetUser", "iam.amazonaws.com", b"{}"));
    }

    #[test]
    fn literals_are_sought_ignoring_case_and_yield_to_escapes() {
        let rules = rules("  a:\n    sharedEventID|contains: 'TruffleHog/3'\n  condition: a\n");
        assert!(may_match(&rules, "X", "y", br#"{"sharedEventID":"trufflehog/3"}"#));
        assert!(may_match(&rules, "X", "y", br#"{"sharedEventID":"\u0074ruffleHog/3"}"#));
        assert!(!may_match(&rules, "X", "y", br#"{"sharedEventID":"aws-cli"}"#));
    }

    #[test]
    fn numbers_and_short_texts_are_not_sought() {
        for value in ["'1000'", "'ab'", "'1e5'", "1000", "'/ /'", "',\"abc'"] {
            let rules = rules(&format!("  a:\n    f|contains: {value}\n  condition: a\n"));
            assert!(may_match(&rules, "X", "y", b"{}"), "{value}");
        }
    }

    #[test]
    fn regular_expressions_supply_literals_unless_they_ignore_case() {
        let of = |modifier: &str, text: &str| {
            rules(&format!("  a:\n    f|{modifier}: '{text}'\n  condition: a\n"))
        };
        let record = br#"{"f":"x"}"#;
        assert!(!may_match(&of("re", ".+:assumed-role/aws:.+"), "X", "y", record));
        assert!(!may_match(&of("re", "(?:abcd)+|x(wxyz)"), "X", "y", record));
        for (modifier, text) in [("re|i", "task"), ("re", "(?i)task"), ("re", "(?:abcd)*")] {
            assert!(may_match(&of(modifier, text), "X", "y", record), "{modifier} {text}");
        }
        assert!(may_match(&of("re", "a/bcd"), "X", "y", br#"{"f":"a\/bcd"}"#));
    }
}
