//! The answer: what was decided, by which statements, and what stood in the way.

use std::fmt;

use trailwarden_model::escape;

use super::truth::Truth;
use crate::document::Effect;

/// What AWS would answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// The call goes through.
    Allow,
    /// A statement says no.
    ExplicitDeny,
    /// No statement that is needed says yes.
    ImplicitDeny,
    /// It depends on something that is not known.
    Unknown,
}

/// Where a statement stands, in the order in which AWS explains them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Layer {
    /// The policy of the VPC endpoint.
    Endpoint,
    /// Service control policies.
    Scp,
    /// Resource control policies.
    Rcp,
    /// The policy of the resource, a role's trust policy among them.
    Resource,
    /// Policies of the caller and his groups.
    Identity,
    /// His permissions boundary.
    Boundary,
    /// Policies of his session.
    Session,
    /// AWS itself, for what belongs to it.
    Aws,
}

/// A set of layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Layers(u8);

/// A decision with its proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What AWS would answer.
    pub outcome: Outcome,
    /// Whether the call goes through. It can be known that it does not where the outcome is not:
    /// nothing allows, and something may deny.
    pub allowed: Truth,
    /// The layers that say no, or lack the yes that is needed.
    pub blocked_by: Vec<Layer>,
    /// The statements that decided; for an unknown outcome, those that may.
    pub statements: Vec<Deciding>,
    /// Of a denied call, the statements that grant it, but not in spite of what blocks.
    pub overruled: Vec<Deciding>,
    /// Of a call that SCPs block by allowing nothing, the first level that does so; the root is 0.
    pub scp_level: Option<usize>,
    /// The condition keys that would decide an unknown outcome.
    pub missing_context: Vec<String>,
    /// The layers that hold more than is known, and so leave an outcome unknown.
    pub unknown_layers: Vec<Layer>,
}

/// One statement that counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deciding {
    /// Where it stands.
    pub layer: Layer,
    /// Of SCPs and RCPs, the level below the root.
    pub level: Option<usize>,
    /// The name of its policy.
    pub policy: String,
    /// Its position among the statements that could be read, from zero.
    pub statement: usize,
    /// Its `Sid`.
    pub sid: Option<String>,
    /// What it says.
    pub effect: Effect,
}

impl Outcome {
    /// The word of the simulation contract.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Allow => "allow",
            Outcome::ExplicitDeny => "explicit_deny",
            Outcome::ImplicitDeny => "implicit_deny",
            Outcome::Unknown => "unknown",
        }
    }
}

impl Layer {
    /// Every layer.
    pub const ALL: [Layer; 8] = [
        Layer::Endpoint,
        Layer::Scp,
        Layer::Rcp,
        Layer::Resource,
        Layer::Identity,
        Layer::Boundary,
        Layer::Session,
        Layer::Aws,
    ];

    /// One word.
    pub fn name(self) -> &'static str {
        match self {
            Layer::Endpoint => "endpoint",
            Layer::Scp => "scp",
            Layer::Rcp => "rcp",
            Layer::Resource => "resource",
            Layer::Identity => "identity",
            Layer::Boundary => "boundary",
            Layer::Session => "session",
            Layer::Aws => "aws",
        }
    }

    /// As it stands in a sentence.
    fn in_words(self) -> &'static str {
        match self {
            Layer::Endpoint => "the VPC endpoint policy",
            Layer::Scp => "the service control policies",
            Layer::Rcp => "the resource control policies",
            Layer::Resource => "the resource policy",
            Layer::Identity => "the identity policies",
            Layer::Boundary => "the permissions boundary",
            Layer::Session => "the session policy",
            Layer::Aws => "AWS, to which the resource belongs",
        }
    }

    fn bit(self) -> u8 {
        1 << (self as u8)
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Layers {
    /// None of them.
    pub const NONE: Self = Self(0);

    /// These and one more.
    #[must_use]
    pub fn with(self, layer: Layer) -> Self {
        Self(self.0 | layer.bit())
    }

    /// Whether a layer is among them.
    pub fn contains(self, layer: Layer) -> bool {
        self.0 & layer.bit() != 0
    }

    /// Those among them, in order.
    pub fn iter(self) -> impl Iterator<Item = Layer> {
        Layer::ALL.into_iter().filter(move |layer| self.contains(*layer))
    }
}

impl Decision {
    /// Whether the call goes through for certain.
    pub fn is_allow(&self) -> bool {
        self.outcome == Outcome::Allow
    }
}

impl fmt::Display for Deciding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "statement {}", self.statement + 1)?;
        if let Some(sid) = &self.sid {
            write!(f, " `{}`", escape::visible(sid))?;
        }
        write!(f, " of {} policy `{}`", self.layer, escape::visible(&self.policy))?;
        match self.level {
            Some(level) => write!(f, " (level {})", level + 1),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Decision {
    /// One sentence to each line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.outcome {
            Outcome::Allow => f.write_str("Allowed.")?,
            Outcome::ExplicitDeny => f.write_str("Denied: a statement says no.")?,
            Outcome::ImplicitDeny => f.write_str("Denied: nothing that is needed says yes.")?,
            Outcome::Unknown if self.allowed.is_false() => f.write_str(
                "Denied, by a statement or for want of one: nothing that is needed says yes.",
            )?,
            Outcome::Unknown => f.write_str("Not known.")?,
        }
        if self.outcome == Outcome::ImplicitDeny {
            for layer in &self.blocked_by {
                match (layer, self.scp_level) {
                    (Layer::Aws, _) => write!(f, "\nNot allowed by {}.", layer.in_words())?,
                    (Layer::Scp, Some(level)) => write!(
                        f,
                        "\nNo statement allows it in {} of level {} (the root is level 1).",
                        layer.in_words(),
                        level + 1
                    )?,
                    _ => write!(f, "\nNo statement allows it in {}.", layer.in_words())?,
                }
            }
        }
        for statement in &self.statements {
            let verb = match (self.outcome, statement.effect) {
                (Outcome::Unknown, Effect::Allow) => "May be allowed by",
                (Outcome::Unknown, Effect::Deny) => "May be denied by",
                (_, Effect::Allow) => "Allowed by",
                (_, Effect::Deny) => "Denied by",
            };
            write!(f, "\n{verb} {statement}.")?;
        }
        for statement in &self.overruled {
            write!(f, "\nIt would be allowed by {statement}.")?;
        }
        for key in &self.missing_context {
            write!(f, "\nThe value of `{}` is not known.", escape::visible(key))?;
        }
        for layer in &self.unknown_layers {
            write!(f, "\nNot everything is known in {}.", layer.in_words())?;
        }
        Ok(())
    }
}
