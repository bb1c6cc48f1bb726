//! `Resource` and `NotResource`.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Resource", "... NotResource", "IAM policy
//! elements: Variables and tags".

use super::context::Context;
use super::template::{Fit, Piece, Syntax, Template, pieces};
use super::truth::Truth;
use crate::document::Statement;
use crate::pattern::{Token, bound_stars};

#[derive(Debug)]
pub(super) struct Resources {
    patterns: Vec<Resource>,
    negated: bool,
}

#[derive(Debug)]
struct Resource {
    template: Template,
    /// Only `*`, which alone covers a request that names no resource.
    is_everything: bool,
}

impl Resources {
    pub(super) fn new(statement: &Statement, variables: bool) -> Self {
        let (written, negated) = match &statement.not_resources {
            Some(excluded) => (excluded, true),
            None => (&statement.resources, false),
        };
        let mut patterns: Vec<Resource> =
            written.iter().map(|text| Resource::new(text, variables)).collect();
        if !negated && written.is_empty() {
            // Without the element, a policy is about whatever it is attached to.
            patterns.push(Resource::new("*", false));
        }
        Self { patterns, negated }
    }

    /// A variable without a value makes a `Resource` cover nothing, and a whole `NotResource` too.
    pub(super) fn cover(&self, resource: &str, context: &Context) -> Truth {
        let (mut is_unknown, mut is_unset, mut is_hit) = (false, false, false);
        for pattern in &self.patterns {
            match pattern.fit(resource, context) {
                Fit::Yes => is_hit = true,
                Fit::No => {}
                Fit::Unset => is_unset = true,
                Fit::Unknown => is_unknown = true,
            }
            if is_hit {
                return (!self.negated).into();
            }
        }
        match self.negated {
            true if is_unset => Truth::False,
            _ if is_unknown => Truth::Unknown,
            negated => negated.into(),
        }
    }

    /// The variables whose values are not known.
    pub(super) fn unknown_keys<'a>(
        &'a self,
        context: &'a Context,
    ) -> impl Iterator<Item = &'a str> {
        self.patterns.iter().flat_map(|pattern| pattern.template.unknown_keys(context))
    }
}

impl Resource {
    fn new(text: &str, variables: bool) -> Self {
        let is_everything = text.contains('*') && text.bytes().all(|byte| byte == b'*');
        let pieces = pieces(text, Syntax { wildcards: true, variables });
        if has_variable_before_the_resource(&pieces) {
            // It has no meaning there, so the text is a name that no resource has.
            return Self { template: Template::Glob(Box::default()), is_everything };
        }
        Self { template: Template::from_pieces(bound(pieces)), is_everything }
    }

    fn fit(&self, resource: &str, context: &Context) -> Fit {
        if resource == "*" {
            return self.is_everything.into();
        }
        self.template.fit(resource, context)
    }
}

/// Source: IAM User Guide, "IAM policy elements: Variables and tags": only after the fifth colon.
fn has_variable_before_the_resource(pieces: &[Piece]) -> bool {
    let mut colons = 0;
    for piece in pieces {
        match piece {
            Piece::Token(Token::Byte(b':')) => colons += 1,
            Piece::Variable { .. } if colons < 5 => return true,
            _ => {}
        }
    }
    false
}

/// [`bound_stars`] over the tokens up to the first variable, which stands behind the fifth colon.
fn bound(mut pieces: Vec<Piece>) -> Vec<Piece> {
    let mut tokens: Vec<Token> = pieces
        .iter()
        .map_while(|piece| match piece {
            Piece::Token(token) => Some(*token),
            Piece::Variable { .. } => None,
        })
        .collect();
    bound_stars(&mut tokens);
    for (piece, token) in pieces.iter_mut().zip(tokens) {
        *piece = Piece::Token(token);
    }
    pieces
}
