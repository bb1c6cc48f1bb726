//! Text that is not quite Unicode, made so, because a record must not vanish for it.
//!
//! CloudTrail cuts long fields (`userAgent`, `errorMessage`: 1 KB), and a caller chooses what stands
//! in them. A cut inside a character leaves bytes that are no UTF-8, or half of a surrogate pair as
//! `\ud83d`. JSON readers refuse the whole record then; whoever could cause that would hide the
//! call. Such places become U+FFFD, and everything else stays as it is.

/// The tree of a whole record, with those escapes repaired where nothing else is wrong with it.
///
/// # Errors
/// What is wrong with the record as it stands.
pub fn tree(record: &[u8]) -> serde_json::Result<serde_json::Value> {
    serde_json::from_slice(record).or_else(|error| match unicode(record) {
        Some(repaired) => serde_json::from_slice(&repaired),
        None => Err(error),
    })
}

/// The record with the replacement character for what is no Unicode; `None` when nothing is.
pub fn unicode(record: &[u8]) -> Option<Vec<u8>> {
    let text = String::from_utf8_lossy(record);
    let mut out = text.as_bytes().to_vec();
    let mut changed = matches!(text, std::borrow::Cow::Owned(_));
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'\\', out.get(at..).unwrap_or_default()) {
        at += found;
        match unit(&out, at) {
            // Any other escape: the escaped character may be a backslash itself.
            None => at += 2,
            Some(0xd800..=0xdbff) if matches!(unit(&out, at + 6), Some(0xdc00..=0xdfff)) => {
                at += 12
            }
            Some(0xd800..=0xdfff) => {
                if let Some(digits) = out.get_mut(at + 2..at + 6) {
                    digits.copy_from_slice(b"fffd");
                }
                changed = true;
                at += 6;
            }
            Some(_) => at += 6,
        }
    }
    changed.then_some(out)
}

/// The UTF-16 unit of the `\uXXXX` at a place.
fn unit(text: &[u8], at: usize) -> Option<u32> {
    let digits = text.get(at..at + 6)?.strip_prefix(b"\\u")?;
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn repaired(text: &[u8]) -> String {
        String::from_utf8(unicode(text).unwrap()).unwrap()
    }

    #[test]
    fn halves_of_pairs_and_stray_bytes_are_replaced() {
        assert_eq!(repaired(br#""a\ud83d""#), r#""a\ufffd""#);
        assert_eq!(repaired(br#""\ude00\ud83d\ud83d\ude00""#), r#""\ufffd\ufffd\ud83d\ude00""#);
        assert_eq!(repaired(b"\"caf\xe9\""), "\"caf\u{fffd}\"");
    }

    #[test]
    fn what_is_well_stays() {
        for well in [r#""\ud83d\ude00""#, r#""\\ud83d""#, r#""plain \n é""#, r#""\u00e9""#] {
            assert_eq!(unicode(well.as_bytes()), None, "{well}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_become_text(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            if let Some(text) = unicode(&bytes) {
                prop_assert!(String::from_utf8(text).is_ok());
            }
        }
    }
}
