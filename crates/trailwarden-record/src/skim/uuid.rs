//! Event ids as numbers and back.

/// The 128 bits of a lower-case, hyphenated UUID.
pub(super) fn uuid(text: &[u8]) -> Option<u128> {
    let text: &[u8; 36] = text.try_into().ok()?;
    // 8-4-4-4-12 digits: eight bytes at a time, where the hyphens leave eight.
    let [
        a0,
        a1,
        a2,
        a3,
        a4,
        a5,
        a6,
        a7,
        b'-',
        b0,
        b1,
        b2,
        b3,
        b'-',
        c0,
        c1,
        c2,
        c3,
        b'-',
        d0,
        d1,
        d2,
        d3,
        b'-',
        e0,
        e1,
        e2,
        e3,
        f0,
        f1,
        f2,
        f3,
        f4,
        f5,
        f6,
        f7,
    ] = *text
    else {
        return None;
    };
    let parts = [
        hex([a0, a1, a2, a3, a4, a5, a6, a7])?,
        hex([b0, b1, b2, b3, c0, c1, c2, c3])?,
        hex([d0, d1, d2, d3, e0, e1, e2, e3])?,
        hex([f0, f1, f2, f3, f4, f5, f6, f7])?,
    ];
    Some(parts.into_iter().fold(0, |bits, part| bits << 32 | u128::from(part)))
}

/// The number that eight lower-case hexadecimal digits write.
#[inline]
fn hex(digits: [u8; 8]) -> Option<u32> {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    const ONES: u64 = 0x0101_0101_0101_0101;
    let bytes = u64::from_be_bytes(digits);
    if bytes & HIGH != 0 {
        return None;
    }
    // For bytes below 0x80, adding `0x80 - n` sets the top bit exactly where the byte is `n` or more.
    let at_least = |n: u8| (bytes + ONES * u64::from(0x80 - n)) & HIGH;
    let decimals = at_least(b'0') & !at_least(b'9' + 1);
    let letters = at_least(b'a') & !at_least(b'f' + 1);
    if decimals | letters != HIGH {
        return None;
    }
    // `0` is 0x30 and `a` is 0x61: the low half of the byte, and nine more for a letter.
    let mut nibbles = (bytes & (ONES * 0x0f)) + (letters >> 7) * 9;
    nibbles = (nibbles | nibbles >> 4) & 0x00ff_00ff_00ff_00ff;
    nibbles = (nibbles | nibbles >> 8) & 0x0000_ffff_0000_ffff;
    u32::try_from((nibbles | nibbles >> 16) & 0xffff_ffff).ok()
}

/// The text of a UUID, the inverse of what [`Skim::event_key`](super::Skim::event_key) does to one.
pub fn uuid_text(bits: u128) -> String {
    let hex = format!("{bits:032x}");
    let mut text = String::with_capacity(36);
    for (place, digit) in hex.chars().enumerate() {
        if matches!(place, 8 | 12 | 16 | 20) {
            text.push('-');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn ids_are_read_as_they_are_written(bits in any::<u128>()) {
            prop_assert_eq!(uuid(uuid_text(bits).as_bytes()), Some(bits));
        }

        /// What has another byte in any place is no id, or another one.
        #[test]
        fn any_other_byte_is_refused(bits in any::<u128>(), place in 0_usize..36, byte: u8) {
            let mut text = uuid_text(bits).into_bytes();
            text[place] = byte;
            let is_hyphen = matches!(place, 8 | 13 | 18 | 23);
            let is_fine = match is_hyphen {
                true => byte == b'-',
                false => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
            };
            prop_assert_eq!(uuid(&text).is_some(), is_fine);
        }
    }
}
