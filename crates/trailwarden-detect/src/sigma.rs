//! Sigma 2.1 rules, correlations and filters over CloudTrail records.
//!
//! The `rsigma-parser` crate reads the rules; matching and correlating are ours, because records
//! want semantics that public engines miss (an absent `errorCode` is null, `requestParameters` is
//! an object that rules search as text) and a correlation must give the same answer on every run.
//! Nothing of that crate shows here.
//!
//! Work is in two stages. [`RuleSet::evaluate`] looks at one record, in any order and in parallel,
//! and [`Memo`] does the same by [`RuleSet::plan`] with as little looking as possible; [`Correlator`]
//! takes what they say in the total order.
//!
//! # Soundness
//! A plan leaves rules out only where they cannot match, and a memo answers only what it has worked
//! out from the same bytes; the arguments are in the modules `index`, `memo`, `partial` and
//! `steady`, and `tests/sigma` holds all of it against [`RuleSet::evaluate`].
//!
//! The memo masks secrets before it matches; the only text that leaves is a correlation's columns,
//! and there secrets are masked whoever called (module `field`).
//!
//! # Semantics where Sigma leaves a choice
//! - Text is compared ignoring case, letter by letter, and no letter outside ASCII equals one
//!   inside.
//! - An array is met when any element is; the path `a.b` leads through arrays.
//! - An object is compared by its compact JSON text, and again with the escapes of its texts
//!   undone, so that `'"s3:GetObject"'` finds a policy document that is JSON within JSON.
//! - `null` is met by an absent field and by a JSON null; `exists` asks for the key alone.
//! - `neq` wants the field to be there; of a list, it must equal none.
//! - Keywords are sought in every text, number and boolean of a record, not in its keys.
//! - A filter's condition must hold *besides* the rule's, so it usually reads `not selection`.

mod chain;
mod comparison;
mod compile;
mod correlation;
mod correlator;
mod document;
mod encoded;
mod encoding;
mod expression;
mod field;
mod index;
mod info;
mod links;
mod lint;
mod literals;
mod load;
mod memo;
mod modifier;
mod partial;
mod pattern;
mod record;
mod residual;
mod sought;
mod steady;
mod threshold;
mod value;
mod window;

use std::sync::Arc;

use serde::Serialize;
use sonic_rs::Value;

use correlation::Correlation;
use expression::Expression;
use index::Index;
use record::{Field, Record, Roots};
use steady::Steady;

pub use correlator::{CorrelationMatch, Correlator, Dropped, Limits};
pub use encoded::decode;
pub use info::{RuleInfo, RuleKind};
pub use lint::{LintLevel, LintMessage, lint};
pub use memo::Memo;
pub use modifier::Placeholders;

/// A rule file: its name, for messages, and its text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// As messages shall call it.
    pub name: String,
    /// YAML, one document or several.
    pub text: String,
}

/// Something of a rule file that could not be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{file}{}: {cause}", line.map(|line| format!(":{line}")).unwrap_or_default())]
pub struct LoadError {
    /// The file.
    pub file: String,
    /// The line, from 1, where the cause stands, or the document begins.
    pub line: Option<u32>,
    /// The rule's id, else its title, as far as it could be read.
    pub rule: Option<String>,
    /// What is wrong, and what would be right.
    pub cause: String,
    /// What became of the rule.
    pub loaded: Loaded,
}

/// What became of a rule with a [`LoadError`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Loaded {
    /// It is not in the set.
    No,
    /// It is sound, but for other logs, and not in the set.
    NotForCloudTrail,
    /// It is in the set, without the value complained of.
    WithFault,
}

/// Rules, ready to be shared between threads; a clone costs nothing.
#[derive(Clone, Debug)]
pub struct RuleSet {
    rules: Arc<Rules>,
}

/// What a rule set shares. The lists by rule run in step with `infos`.
#[derive(Debug)]
struct Rules {
    infos: Vec<RuleInfo>,
    logic: Vec<Option<Expression>>,
    feeds: Vec<Vec<FeedPlan>>,
    correlations: Arc<[Correlation]>,
    index: Index,
    roots: Roots,
    /// What to look at first for the rules that name no event, and then, if that leaves any open.
    steady: Vec<Steady>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            infos: Vec::new(),
            logic: Vec::new(),
            feeds: Vec::new(),
            correlations: Arc::default(),
            index: Index::default(),
            roots: Roots::new(),
            steady: Vec::new(),
        }
    }
}

/// What a call's name and source tell about the rules to ask.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Plan {
    /// No rule can match.
    Nothing,
    /// Only rules that name neither events nor sources can match.
    Residual,
    /// Some rule names it, or nothing is known of it.
    Everything,
}

/// What a rule's matches give to a correlation.
#[derive(Debug)]
struct FeedPlan {
    correlation: u32,
    input: u16,
    /// For each of the correlation's columns, the field of the record.
    fields: Vec<Field>,
}

/// What the rules say about one record. Empty for most.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Matches {
    hits: Vec<Hit>,
}

/// A rule that matched a record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hit {
    rule: u32,
    generates: bool,
    feeds: Vec<Feed>,
}

/// A record's columns for one correlation.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Feed {
    correlation: u32,
    input: u16,
    columns: Vec<Option<String>>,
}

impl Matches {
    /// The rules that matched, in the order of the set.
    pub fn hits(&self) -> &[Hit] {
        &self.hits
    }

    /// Whether no rule matched.
    pub fn is_empty(&self) -> bool {
        self.hits.is_empty()
    }

    /// Whether a correlation needs to see this.
    pub fn feeds_correlations(&self) -> bool {
        self.hits.iter().any(|hit| !hit.feeds.is_empty())
    }
}

impl Hit {
    /// The rule's position in [`RuleSet::rules`].
    pub fn rule(&self) -> usize {
        usize::try_from(self.rule).unwrap_or(usize::MAX)
    }

    /// Whether the match is a finding by itself; else it only feeds correlations.
    pub fn generates(&self) -> bool {
        self.generates
    }
}

impl RuleSet {
    /// Loads rule files. Whatever cannot be used is reported and costs only itself.
    pub fn load(sources: &[Source]) -> (Self, Vec<LoadError>) {
        Self::load_with(sources, &Placeholders::new())
    }

    /// Loads rule files with values for the placeholders of `expand`.
    pub fn load_with(sources: &[Source], placeholders: &Placeholders) -> (Self, Vec<LoadError>) {
        load::load(sources, placeholders)
    }

    /// The documents that were loaded, in order.
    pub fn rules(&self) -> &[RuleInfo] {
        &self.rules.infos
    }

    /// Which rules could match a record of this event name and source. Pass the record's only text
    /// there that is not empty, or an empty text where it holds anything but texts and nulls.
    pub fn plan(&self, name: &str, source: &str) -> Plan {
        self.rules.index.plan(name, source)
    }

    /// The rules that match a record, with what correlations need of it.
    ///
    /// Pass the record as parsed: editing a value makes sonic-rs lose the order of an object's
    /// keys, and with it the meaning of its text.
    pub fn evaluate(&self, record: &Value) -> Matches {
        let record = Record::new(record, &self.rules.roots);
        let mut hits = Vec::new();
        self.rules.index.candidates(record.name(), record.source(), &mut |rule| {
            if let Some(hit) = self.hit(rule, &record) {
                hits.push(hit);
            }
        });
        hits.sort_unstable_by_key(|hit| hit.rule);
        Matches { hits }
    }

    /// A fresh state for the correlations of this set.
    pub fn correlator(&self) -> Correlator {
        self.correlator_with(Limits::default())
    }

    /// A fresh state with limits of one's own.
    pub fn correlator_with(&self, limits: Limits) -> Correlator {
        Correlator::new(Arc::clone(&self.rules.correlations), limits)
    }

    fn hit(&self, rule: u32, record: &Record<'_>) -> Option<Hit> {
        let at = usize::try_from(rule).ok()?;
        let logic = self.rules.logic.get(at)?.as_ref()?;
        if logic.is_match(record) { self.made(rule, record) } else { None }
    }

    /// What the rule's match of the record is.
    fn made(&self, rule: u32, record: &Record<'_>) -> Option<Hit> {
        let at = usize::try_from(rule).ok()?;
        let feed = |plan: &FeedPlan| Feed {
            correlation: plan.correlation,
            input: plan.input,
            columns: plan.fields.iter().map(|at| field::column(record, at)).collect(),
        };
        let feeds = self.rules.feeds.get(at)?.iter().map(feed).collect();
        Some(Hit { rule, generates: self.rules.infos.get(at)?.generates, feeds })
    }
}
