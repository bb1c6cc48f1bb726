//! Event ids as numbers and back.

/// The 128 bits of a lower-case, hyphenated UUID.
pub(super) fn uuid(text: &[u8]) -> Option<u128> {
    let text: &[u8; 36] = text.try_into().ok()?;
    let [
        ..,
        h8,
        _,
        _,
        _,
        _,
        h13,
        _,
        _,
        _,
        _,
        h18,
        _,
        _,
        _,
        _,
        h23,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
    ] = text;
    if [*h8, *h13, *h18, *h23] != [b'-'; 4] {
        return None;
    }
    let mut bits = 0_u128;
    let mut wrong = 0_u8;
    let digits = text.iter().enumerate().filter(|(place, _)| !matches!(place, 8 | 13 | 18 | 23));
    for (_, byte) in digits {
        let digit = HEX.get(usize::from(*byte)).copied().unwrap_or(NO_DIGIT);
        wrong |= digit;
        bits = (bits << 4) | u128::from(digit & 0xf);
    }
    (wrong < NO_DIGIT).then_some(bits)
}

/// What stands in [`HEX`] for a byte that is no lower-case hexadecimal digit.
const NO_DIGIT: u8 = 0x80;

/// The value of each lower-case hexadecimal digit.
const HEX: [u8; 256] = {
    let mut table = [NO_DIGIT; 256];
    let mut value = 0;
    while value < 16 {
        let digit = if value < 10 { b'0' + value } else { b'a' + value - 10 };
        #[expect(clippy::indexing_slicing, reason = "a byte is below 256; checked at compile time")]
        {
            table[digit as usize] = value;
        }
        value += 1;
    }
    table
};

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
