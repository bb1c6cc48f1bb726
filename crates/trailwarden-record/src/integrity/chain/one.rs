//! What is known of one digest, by its own signature and by what the next ones say of it.

use super::verdict::{Doubt, Fault, Held, Proof, Unread, Verdict};
use crate::integrity::digest::Previous;
use crate::integrity::keys::{Checked, PublicKeys};
use crate::integrity::name::DigestName;
use crate::integrity::sha256::Sha256;

/// What a digest says of the one before it.
pub(super) struct Voice<'a> {
    pub(super) speaker: usize,
    pub(super) verdict: Verdict,
    pub(super) says: &'a Previous,
}

/// Judges one digest; and those that say of it what is not so.
pub(super) fn judge_one(
    one: &Held,
    keys: &PublicKeys,
    voices: &[Voice<'_>],
) -> (Verdict, Vec<usize>) {
    let alone = |verdict| (verdict, Vec::new());
    let (digest, sum) = match &one.content {
        Ok(content) => (&content.0, &content.1),
        Err(Unread::Unopened(why)) => return alone(Verdict::Unknown(Doubt::Unopened(why.clone()))),
        Err(Unread::Damaged(why)) => return alone(Verdict::Invalid(Fault::Damaged(why.clone()))),
    };
    if !one.is_in_place {
        return alone(Verdict::Invalid(Fault::Moved));
    }
    // A backfill digest is signed long after the time that it covers; only its metadata says when.
    let is_backfill = DigestName::parse(&digest.object).is_some_and(|name| name.chain.is_backfill);
    let generated = one.stamp.as_ref().and_then(|stamp| stamp.generated);
    let signed = generated.or_else(|| (!is_backfill).then_some(digest.end));
    let check = |signature: &String| keys.check(digest, sum, signature, signed);
    let own = one.stamp.as_ref().map(|stamp| check(&stamp.signature));
    if own == Some(Checked::Bad) {
        return alone(Verdict::Invalid(Fault::OwnSignature));
    }
    let mut heard = Heard::default();
    for voice in voices {
        heard.hear(voice, voice.says.signature.as_ref().map(check), sum);
    }
    let is_signed = own == Some(Checked::Good) || heard.signature == Some(Checked::Good);
    let verdict = if heard.is_disproved {
        Verdict::Invalid(Fault::NextDiffers)
    } else if own == Some(Checked::Good) {
        Verdict::Valid(Proof::OwnSignature)
    } else if is_signed {
        Verdict::Valid(Proof::NextSignature)
    } else if heard.is_hash_proven {
        Verdict::Valid(Proof::NextHash)
    } else if !heard.contradicting.is_empty() {
        Verdict::Invalid(Fault::Disagree)
    } else {
        Verdict::Unknown(match own.or(heard.signature) {
            Some(Checked::NoKey) => Doubt::NoKey,
            Some(Checked::NotThen) => Doubt::KeyNotThen,
            _ if heard.is_next_changed => Doubt::NextChanged,
            _ => Doubt::NoSignature,
        })
    };
    let liars = if verdict.is_valid() { heard.contradicting } else { Vec::new() };
    (verdict, liars)
}

/// What the next digests say of one.
#[derive(Default)]
struct Heard {
    signature: Option<Checked>,
    is_hash_proven: bool,
    is_disproved: bool,
    is_next_changed: bool,
    /// Digests that are not proven and say otherwise.
    contradicting: Vec<usize>,
}

impl Heard {
    fn hear(&mut self, voice: &Voice<'_>, checked: Option<Checked>, sum: &Sha256) {
        let same_sum = voice.says.sum.map(|said| said == *sum);
        let contradicts = checked == Some(Checked::Bad) || same_sum == Some(false);
        match voice.verdict {
            Verdict::Valid(_) => {
                self.is_disproved |= contradicts;
                self.is_hash_proven |= same_sum == Some(true);
            }
            Verdict::Unknown(_) if contradicts => self.contradicting.push(voice.speaker),
            Verdict::Unknown(_) => {}
            // What a changed digest says of others may be changed, too; a good signature may not.
            Verdict::Invalid(_) => self.is_next_changed |= contradicts,
        }
        let is_better = checked == Some(Checked::Good) || self.signature.is_none();
        if is_better && checked != Some(Checked::Bad) {
            self.signature = checked.or(self.signature);
        }
    }
}
