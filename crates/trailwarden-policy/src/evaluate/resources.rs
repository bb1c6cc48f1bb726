//! `Resource` and `NotResource`.
//!
//! Source: IAM User Guide, "IAM JSON policy elements: Resource", "... NotResource", "IAM policy
//! elements: Variables and tags".

use trailwarden_model::Arn;

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
    /// Written `execute-api:/...`: the template is for what stands behind the id of the API.
    of_this_api: bool,
    /// Only `*`, which alone covers a request that names no resource.
    is_everything: bool,
}

impl Resources {
    /// `attached` says whether the policy is that of a resource, where short names have a meaning.
    pub(super) fn new(statement: &Statement, variables: bool, attached: bool) -> Self {
        let (written, negated) = match &statement.not_resources {
            Some(excluded) => (excluded, true),
            None => (&statement.resources, false),
        };
        let mut patterns: Vec<Resource> =
            written.iter().map(|text| Resource::new(text, variables, attached)).collect();
        if !negated && written.is_empty() {
            // Without the element, a policy is about whatever it is attached to.
            patterns.push(Resource::new("*", false, false));
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
    fn new(text: &str, variables: bool, attached: bool) -> Self {
        if let Some(short) = text.strip_prefix("execute-api:/").filter(|_| attached) {
            let pieces = pieces(short, Syntax { wildcards: true, variables });
            let template = Template::from_pieces(pieces);
            return Self { template, of_this_api: true, is_everything: false };
        }
        let is_everything = text.contains('*') && text.bytes().all(|byte| byte == b'*');
        let pieces = pieces(text, Syntax { wildcards: true, variables });
        if has_variable_before_the_resource(&pieces) {
            // It has no meaning there, so the text is a name that no resource has.
            return Self {
                template: Template::Glob(Box::default()),
                of_this_api: false,
                is_everything,
            };
        }
        Self { template: Template::from_pieces(bound(pieces)), of_this_api: false, is_everything }
    }

    fn fit(&self, resource: &str, context: &Context) -> Fit {
        if resource == "*" {
            return self.is_everything.into();
        }
        if self.of_this_api {
            return match within_api(resource) {
                Some(call) => self.template.fit(call, context),
                None => Fit::No,
            };
        }
        self.template.fit(resource, context)
    }
}

/// Stage, method and path of a call of an API.
///
/// Source: API Gateway Developer Guide, "API Gateway resource policy examples": the policy of an
/// API may leave its own ARN out, which is filled in when the policy is saved.
fn within_api(resource: &str) -> Option<&str> {
    let arn = Arn::parse(resource).filter(|arn| arn.service == "execute-api")?;
    arn.resource.split_once('/').map(|(_, call)| call)
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
