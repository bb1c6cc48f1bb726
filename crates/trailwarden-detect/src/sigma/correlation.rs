//! Correlation rules, resolved: which rules feed them, grouped by what, and when they match.
//!
//! # Columns
//! A correlation sees of each record only a row of texts, its *columns*: first what it groups by,
//! then what it counts or sums, then what correlations above it will want of the same record. So a
//! chain can group by a field that its lower links do not group by.

use rsigma_parser::{
    ConditionExpr, CorrelationCondition, CorrelationRule, CorrelationType, WindowMode,
};

use super::threshold::Threshold;

/// How long a list of rules a correlation may have.
const INPUTS_MAX: usize = 64;

/// A correlation ready to run.
#[derive(Debug)]
pub(crate) struct Correlation {
    /// Its position among the rules.
    pub(crate) rule: u32,
    /// Whether its matches are findings of their own.
    pub(crate) generates: bool,
    /// The names of its columns.
    pub(crate) columns: Vec<String>,
    /// How many of the columns it groups by.
    pub(crate) groups: usize,
    /// Which of the columns it counts or sums.
    pub(crate) values: std::ops::Range<usize>,
    /// Seconds.
    pub(crate) span: i64,
    /// When it matches.
    pub(crate) logic: Logic,
    /// The correlations that build on it.
    pub(crate) feeds: Vec<Link>,
}

/// A correlation that is fed by another: where it stands and which columns it takes.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    /// Its position among the correlations.
    pub(crate) correlation: u32,
    /// Which of its rules the feeder is.
    pub(crate) input: u16,
    /// For each of its columns, the feeder's column.
    pub(crate) columns: Vec<usize>,
}

/// When a correlation matches.
#[derive(Debug)]
pub(crate) enum Logic {
    /// So many records.
    Count(Threshold),
    /// So many different values.
    Distinct(Threshold),
    /// A figure made of the values.
    Figure(Figure, Threshold),
    /// These rules in any order.
    Together(Need),
    /// All rules in the order listed; how many there are.
    InOrder(usize),
}

/// A figure made of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Figure {
    /// `value_sum`
    Sum,
    /// `value_avg`
    Average,
    /// `value_percentile` and `value_median`: linear between neighbours.
    Percentile(u64),
}

/// Which rules must have matched.
#[derive(Debug)]
pub(crate) enum Need {
    /// So many of them.
    AtLeast(usize),
    /// This one.
    Input(u16),
    /// All parts.
    All(Vec<Need>),
    /// Any part.
    Any(Vec<Need>),
}

impl Need {
    /// Whether the rules seen satisfy it.
    pub(crate) fn is_met(&self, seen: &[u32]) -> bool {
        match self {
            Self::AtLeast(wanted) => seen.iter().filter(|count| **count > 0).count() >= *wanted,
            Self::Input(input) => seen.get(usize::from(*input)).is_some_and(|count| *count > 0),
            Self::All(parts) => parts.iter().all(|part| part.is_met(seen)),
            Self::Any(parts) => parts.iter().any(|part| part.is_met(seen)),
        }
    }
}

impl Correlation {
    /// Whether it judges a window when it closes instead of as it grows.
    pub(crate) fn waits(&self) -> bool {
        match &self.logic {
            Logic::Count(threshold) | Logic::Distinct(threshold) | Logic::Figure(_, threshold) => {
                threshold.waits()
            }
            Logic::Together(_) | Logic::InOrder(_) => false,
        }
    }
}

/// Everything of a correlation rule but its links.
pub(crate) fn compile(rule: &CorrelationRule, position: u32) -> Result<Correlation, String> {
    if rule.window != WindowMode::Sliding {
        return Err("only sliding windows are part of Sigma 2.1; drop `window`".to_owned());
    }
    if rule.rules.is_empty() {
        return Err("a correlation needs a list of `rules`".to_owned());
    }
    if rule.rules.len() > INPUTS_MAX {
        return Err(format!("more than {INPUTS_MAX} `rules`"));
    }
    let span = i64::try_from(rule.timespan.seconds)
        .ok()
        .filter(|seconds| *seconds > 0)
        .ok_or_else(|| format!("`{}` is not a timespan such as 10m", rule.timespan))?;
    let (logic, values) = logic(rule)?;
    let mut columns = rule.group_by.clone();
    columns.extend(values);
    Ok(Correlation {
        rule: position,
        generates: true,
        groups: rule.group_by.len(),
        values: rule.group_by.len()..columns.len(),
        columns,
        span,
        logic,
        feeds: Vec::new(),
    })
}

fn logic(rule: &CorrelationRule) -> Result<(Logic, Vec<String>), String> {
    let kind = rule.correlation_type;
    let (threshold, field, percentile) = match &rule.condition {
        CorrelationCondition::Threshold { predicates, field, percentile } => {
            (Threshold::new(predicates), field.clone().unwrap_or_default(), *percentile)
        }
        CorrelationCondition::Extended(condition) => {
            let need = need(condition, &rule.rules)?;
            return match kind {
                CorrelationType::Temporal => Ok((Logic::Together(need), Vec::new())),
                CorrelationType::TemporalOrdered if is_all(condition, &rule.rules) => {
                    Ok((Logic::InOrder(rule.rules.len()), Vec::new()))
                }
                _ => Err("a condition that names rules belongs to `temporal`".to_owned()),
            };
        }
    };
    let valued = || match field.is_empty() {
        true => Err(format!("`{}` needs `field` in its condition", kind.as_str())),
        false => Ok(field.clone()),
    };
    let number = |figure| match field.as_slice() {
        [one] => Ok((figure, vec![one.clone()])),
        _ => Err(format!("`{}` needs one `field` in its condition", kind.as_str())),
    };
    let (figure, values) = match kind {
        CorrelationType::EventCount => return Ok((Logic::Count(threshold), Vec::new())),
        CorrelationType::ValueCount => return Ok((Logic::Distinct(threshold), valued()?)),
        CorrelationType::Temporal | CorrelationType::TemporalOrdered => {
            let wanted = threshold.rules(rule.rules.len())?;
            return match kind {
                CorrelationType::Temporal => {
                    Ok((Logic::Together(Need::AtLeast(wanted)), Vec::new()))
                }
                _ if wanted == rule.rules.len() => Ok((Logic::InOrder(wanted), Vec::new())),
                _ => Err("`temporal_ordered` wants all of its rules; drop the condition".into()),
            };
        }
        CorrelationType::ValueSum => number(Figure::Sum)?,
        CorrelationType::ValueAvg => number(Figure::Average)?,
        CorrelationType::ValueMedian => number(Figure::Percentile(50))?,
        CorrelationType::ValuePercentile => match percentile.unwrap_or(50) {
            rank @ 0..=100 => number(Figure::Percentile(rank))?,
            rank => return Err(format!("`percentile: {rank}` is not between 0 and 100")),
        },
    };
    Ok((Logic::Figure(figure, threshold), values))
}

fn need(condition: &ConditionExpr, rules: &[String]) -> Result<Need, String> {
    let several = |parts: &[ConditionExpr]| {
        parts.iter().map(|part| need(part, rules)).collect::<Result<Vec<_>, _>>()
    };
    match condition {
        ConditionExpr::And(parts) => several(parts).map(Need::All),
        ConditionExpr::Or(parts) => several(parts).map(Need::Any),
        ConditionExpr::Identifier(name) => rules
            .iter()
            .position(|rule| rule == name)
            .and_then(|at| u16::try_from(at).ok())
            .map(Need::Input)
            .ok_or_else(|| format!("the condition names `{name}`, which is not among its `rules`")),
        ConditionExpr::Not(_) | ConditionExpr::Selector { .. } => {
            Err(format!("`{condition}` is not supported: combine rules with `and` and `or`"))
        }
    }
}

fn is_all(condition: &ConditionExpr, rules: &[String]) -> bool {
    let ConditionExpr::And(parts) = condition else { return false };
    rules.iter().all(|rule| {
        parts.iter().any(|part| matches!(part, ConditionExpr::Identifier(name) if name == rule))
    })
}

/// A column of a correlation as one of its rules calls it; `names` are that rule's names.
pub(crate) fn resolved(
    rule: &CorrelationRule,
    column: &str,
    names: &[&str],
) -> Result<String, String> {
    let Some(alias) = rule.aliases.iter().find(|alias| alias.alias == column) else {
        return Ok(column.to_owned());
    };
    names.iter().find_map(|name| alias.mapping.get(*name)).cloned().ok_or_else(|| {
        let name = names.first().copied().unwrap_or_default();
        format!("the alias `{column}` does not say what `{name}` calls it")
    })
}
