//! Digests of policies.

use std::sync::Arc;

use super::digest::Digest;
use crate::text::PolicyText;

/// What was made of texts.
#[derive(Debug, Default)]
pub(super) struct Texts;

impl Texts {
    pub(super) fn digest(&mut self, text: &PolicyText) -> Option<Arc<Digest>> {
        text.digest().cloned()
    }
}
