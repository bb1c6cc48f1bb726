//! ARN patterns of `entities.toml`.
//!
//! `*` stands for any characters, also none. In the first five fields it never crosses a colon, so
//! that an account or a service cannot be skipped by accident; in the resource part, the sixth, it
//! matches colons and slashes too. There is no other wildcard. Letters are compared exactly.

use trailwarden_model::AccountId;

/// A pattern over ARNs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pattern {
    fields: Vec<String>,
}

/// How many fields an ARN has: `arn:partition:service:region:account:resource`.
const FIELDS: usize = 6;

impl Pattern {
    /// Reads a pattern; `None` when it does not have the six fields of an ARN.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fields: Vec<String> = text.splitn(FIELDS, ':').map(str::to_owned).collect();
        let is_arn = fields.len() == FIELDS && fields.first().is_some_and(|first| first == "arn");
        let has_resource = fields.last().is_some_and(|resource| !resource.is_empty());
        (is_arn && has_resource).then_some(Self { fields })
    }

    /// Whether an ARN is one of those that the pattern means.
    #[must_use]
    pub fn matches(&self, arn: &str) -> bool {
        let mut parts = arn.splitn(FIELDS, ':');
        self.fields.iter().all(|field| parts.next().is_some_and(|part| fits(field, part)))
    }

    /// Whether it names its account, twelve digits, or none where ARNs have none.
    #[must_use]
    pub fn names_account(&self) -> bool {
        let [_, _, service, _, account, _] = self.fields.as_slice() else { return false };
        let may_have_none = !matches!(service.as_str(), "iam" | "sts");
        AccountId::parse(account).is_some() || account.is_empty() && may_have_none
    }
}

/// Whether `text` fits `pattern`, whose `*` stands for any characters.
fn fits(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = text.strip_prefix(pieces.next().unwrap_or_default()) else {
        return false;
    };
    let mut pieces = pieces.peekable();
    if pieces.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(piece) = pieces.next() {
        if pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        match rest.find(piece) {
            Some(at) => rest = rest.get(at + piece.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, arn: &str) -> bool {
        Pattern::parse(pattern).unwrap().matches(arn)
    }

    #[test]
    fn without_a_star_only_the_arn_itself_fits() {
        let role = "arn:aws:iam::111122223333:role/app/deploy";
        assert!(matches(role, role));
        for other in [
            "arn:aws:iam::111122223333:role/deploy",
            "arn:aws:iam::111122223333:role/app/deploy2",
            "arn:aws:iam::444455556666:role/app/deploy",
            "arn:aws:iam::111122223333:role/app/Deploy",
            "arn:aws-cn:iam::111122223333:role/app/deploy",
        ] {
            assert!(!matches(role, other), "{other}");
        }
    }

    #[test]
    fn a_star_in_the_resource_crosses_slashes_and_colons() {
        let pattern = "arn:aws:iam::111122223333:role/app/*";
        assert!(matches(pattern, "arn:aws:iam::111122223333:role/app/a/b:c"));
        assert!(matches(pattern, "arn:aws:iam::111122223333:role/app/"));
        assert!(!matches(pattern, "arn:aws:iam::111122223333:role/apps/x"));
        assert!(matches("arn:aws:iam::1:role/*-ci-*", "arn:aws:iam::1:role/a-ci-b-ci-c"));
        assert!(!matches("arn:aws:iam::1:role/*-ci", "arn:aws:iam::1:role/a-ci-b"));
        assert!(!matches("arn:aws:iam::1:role/ab*ba", "arn:aws:iam::1:role/aba"));
    }

    #[test]
    fn a_star_before_the_resource_stays_in_its_field() {
        let any_account = "arn:aws:iam::*:role/deploy";
        assert!(matches(any_account, "arn:aws:iam::111122223333:role/deploy"));
        assert!(!matches(any_account, "arn:aws:iam::111122223333:x:role/deploy"));
        assert!(!matches("arn:*:role/deploy:::x", "arn:aws:iam::111122223333:role/deploy"));
        let names = |text: &str| Pattern::parse(text).unwrap().names_account();
        assert!(names("arn:aws:iam::111122223333:role/deploy"));
        assert!(names("arn:aws:identitystore:::user/ann"));
        for none in [any_account, "arn:aws:iam:::role/deploy", "arn:aws:iam::11112222333:role/x"] {
            assert!(!names(none), "{none}");
        }
    }

    #[test]
    fn what_is_not_an_arn_is_no_pattern() {
        for text in ["", "*", "deploy", "role/deploy", "arn:aws:iam::111122223333:", "x:a:b:c:d:e"]
        {
            assert_eq!(Pattern::parse(text), None, "{text}");
        }
    }
}
