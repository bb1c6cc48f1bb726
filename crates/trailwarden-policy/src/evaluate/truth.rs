//! Three-valued truth after Kleene: what is not known stays unknown unless the rest decides.

/// True, false, or not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// It depends on something that is not known.
    Unknown,
}

impl Truth {
    /// Both hold; one `False` decides.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Truth::False, _) | (_, Truth::False) => Truth::False,
            (Truth::True, Truth::True) => Truth::True,
            _ => Truth::Unknown,
        }
    }

    /// At least one holds; one `True` decides.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Truth::True, _) | (_, Truth::True) => Truth::True,
            (Truth::False, Truth::False) => Truth::False,
            _ => Truth::Unknown,
        }
    }

    /// The opposite; unknown stays unknown.
    #[must_use]
    #[expect(clippy::should_implement_trait, reason = "`!truth` is easy to misread as two-valued")]
    pub fn not(self) -> Self {
        match self {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
        }
    }

    /// What both say; unknown where they differ.
    #[must_use]
    pub(super) fn if_same(self, other: Self) -> Self {
        if self == other { self } else { Truth::Unknown }
    }

    /// Whether it is `True`.
    pub fn is_true(self) -> bool {
        self == Truth::True
    }

    /// Whether it is `False`.
    pub fn is_false(self) -> bool {
        self == Truth::False
    }

    /// Whether it is `Unknown`.
    pub fn is_unknown(self) -> bool {
        self == Truth::Unknown
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Truth::True } else { Truth::False }
    }
}

#[cfg(test)]
mod tests {
    use super::Truth::{False, True, Unknown};

    #[test]
    fn the_tables_are_kleenes() {
        for (a, b, and, or) in [
            (True, True, True, True),
            (True, False, False, True),
            (False, False, False, False),
            (True, Unknown, Unknown, True),
            (False, Unknown, False, Unknown),
            (Unknown, Unknown, Unknown, Unknown),
        ] {
            assert_eq!((a.and(b), b.and(a)), (and, and));
            assert_eq!((a.or(b), b.or(a)), (or, or));
        }
        assert_eq!((True.not(), False.not(), Unknown.not()), (False, True, Unknown));
    }
}
