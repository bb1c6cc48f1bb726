//! Texts with `<slots>` in them.

use anyhow::{Context as _, Result};

use super::slot::{self, Filling, Slot};

/// A text with slots.
#[derive(Debug, Clone, Default)]
pub(crate) struct Text(pub(crate) Vec<Part>);

#[derive(Debug, Clone)]
pub(crate) enum Part {
    Literal(String),
    Slot(Slot),
}

impl Text {
    /// Reads a text; a slot that is not known is an error.
    pub(crate) fn parse(text: &str, known: &slot::Known<'_>) -> Result<Self> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('<') {
            let (name, behind) = after.split_once('>').context("a `<` without its `>`")?;
            if !before.is_empty() {
                parts.push(Part::Literal(before.to_owned()));
            }
            parts.push(Part::Slot(slot::parse(name, known)?));
            rest = behind;
        }
        if !rest.is_empty() {
            parts.push(Part::Literal(rest.to_owned()));
        }
        Ok(Self(parts))
    }

    /// Appends the text with its slots filled.
    pub(crate) fn fill(&self, filling: &Filling<'_>, out: &mut String) {
        for part in &self.0 {
            match part {
                Part::Literal(literal) => out.push_str(literal),
                Part::Slot(slot) => slot.fill(filling, out),
            }
        }
    }

    pub(crate) fn filled(&self, filling: &Filling<'_>) -> String {
        let mut out = String::new();
        self.fill(filling, &mut out);
        out
    }
}
