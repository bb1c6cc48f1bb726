//! Decimal digits, eight bytes at a time: an account id and a time stand in every record.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = ONES << 7;

/// The values of eight characters that are like a pattern of `0`, hyphens, colons, `T` and `Z`, such as
/// `0000-00-`: a `0` in it stands for any digit, and everything else for itself, whose value is 0. That of
/// the first character is in the lowest byte.
pub(crate) const fn above(text: [u8; 8], pattern: &[u8; 8]) -> Option<u64> {
    let pattern = u64::from_le_bytes(*pattern);
    let values = u64::from_le_bytes(text) ^ pattern;
    // Where the pattern has a digit, 0x76 more than 9 sets the top bit; elsewhere 0x7f more than 0 does.
    // Of hyphens, colons, `T`, `Z` and `0`, only the last has these bits so.
    let is_digit = (pattern >> 4) & (pattern >> 5) & !(pattern >> 3) & ONES;
    let excess = values.wrapping_add(ONES * 0x7f - is_digit * 9);
    // A carry from one byte to the next comes only from one whose top bit is set already.
    if (values | excess) & HIGH == 0 { Some(values) } else { None }
}

/// The numbers of two digits that begin at each byte of [`above`], in its place.
pub(crate) const fn pairs(values: u64) -> u64 {
    values.wrapping_mul(10).wrapping_add(values >> 8)
}

/// The number that eight digits write.
pub(crate) const fn eight(text: [u8; 8]) -> Option<u64> {
    let Some(values) = above(text, b"00000000") else { return None };
    let pairs = pairs(values) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    Some((fours & 0xffff_ffff) * 10_000 + (fours >> 32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn eight_digits_are_their_number(number in 0_u64..100_000_000) {
            let text = format!("{number:08}");
            prop_assert_eq!(eight(text.as_bytes().try_into().unwrap()), Some(number));
        }

        #[test]
        fn any_other_byte_is_refused(number in 0_u64..100_000_000, place in 0_usize..8, byte: u8) {
            let mut text: [u8; 8] = format!("{number:08}").into_bytes().try_into().unwrap();
            text[place] = byte;
            prop_assert_eq!(eight(text).is_some(), byte.is_ascii_digit());
        }

        #[test]
        fn what_stands_between_digits_stands_for_itself(place in 0_usize..8, byte: u8) {
            for pattern in [b"0000-00-", b"00T00:00", b":00Z0000"] {
                let mut text = *pattern;
                text[place] = byte;
                let is_fine = match pattern[place] {
                    b'0' => byte.is_ascii_digit(),
                    other => byte == other,
                };
                prop_assert_eq!(above(text, pattern).is_some(), is_fine);
            }
        }
    }
}
