//! Thresholds of correlations: comparisons that must all hold.

use rsigma_parser::ConditionOperator;

use super::comparison::Comparison;

/// Comparisons that must all hold.
#[derive(Debug)]
pub(crate) struct Threshold(Vec<(Option<Comparison>, f64)>);

impl Threshold {
    /// From the parser's.
    pub(crate) fn new(predicates: &[(ConditionOperator, u64)]) -> Self {
        let comparison = |operator: &ConditionOperator| match operator {
            ConditionOperator::Lt => Some(Comparison::Less),
            ConditionOperator::Lte => Some(Comparison::LessOrEqual),
            ConditionOperator::Gt => Some(Comparison::Greater),
            ConditionOperator::Gte => Some(Comparison::GreaterOrEqual),
            ConditionOperator::Eq => Some(Comparison::Equal),
            ConditionOperator::Neq => None,
        };
        #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^53")]
        let parts =
            predicates.iter().map(|(operator, value)| (comparison(operator), *value as f64));
        Self(parts.collect())
    }

    /// Whether every comparison holds.
    pub(crate) fn holds(&self, found: f64) -> bool {
        self.0.iter().all(|(comparison, wanted)| match comparison {
            Some(comparison) => comparison.holds(found, *wanted),
            None => found != *wanted,
        })
    }

    /// Whether more can undo a match, so that one has to wait for the window to close.
    pub(crate) fn waits(&self) -> bool {
        use Comparison::{Greater, GreaterOrEqual};
        self.0.iter().any(|(comparison, _)| !matches!(comparison, Some(Greater | GreaterOrEqual)))
    }

    /// How many records are enough to tell; None when one has to keep them all.
    pub(crate) fn enough(&self) -> Option<usize> {
        let most = self.0.iter().map(|(_, wanted)| *wanted).fold(0.0, f64::max);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "not negative, made from an integer, and `as` saturates"
        )]
        (!self.waits()).then(|| (most as usize).saturating_add(1))
    }

    /// How many different rules a temporal condition wants; all when it says nothing.
    pub(crate) fn rules(&self, rules: usize) -> Result<usize, String> {
        let refused =
            || "a temporal condition counts rules: use `gte` up to their number".to_owned();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "not negative, made from an integer, and `as` saturates"
        )]
        let wanted = match self.0.as_slice() {
            // The parser's way of saying that there is no condition.
            [(Some(Comparison::GreaterOrEqual), 1.0)] => rules,
            [(Some(Comparison::GreaterOrEqual | Comparison::Equal), wanted)] => *wanted as usize,
            [(Some(Comparison::Greater), wanted)] => (*wanted as usize).saturating_add(1),
            _ => return Err(refused()),
        };
        let equal = matches!(self.0.as_slice(), [(Some(Comparison::Equal), _)]);
        // Fewer than all, exactly, could be undone by one more.
        if wanted == 0 || wanted > rules || (equal && wanted != rules) {
            return Err(refused());
        }
        Ok(wanted)
    }
}
