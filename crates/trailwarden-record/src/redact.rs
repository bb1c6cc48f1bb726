//! Secrets are taken out where a record enters, before anything is kept, matched or shown.
//!
//! CloudTrail hides most secrets itself, but STS responses carry session tokens, and a few services
//! log passwords and tokens in parameters.

use std::borrow::Cow;

use crate::scan::{self, Stop};

/// What stands in place of a secret.
pub const MASK: &str = "***";

/// Keys, in lower case, whose text is a secret.
const SECRETS: [&str; 24] = [
    "sessiontoken",
    "secretaccesskey",
    "password",
    "newpassword",
    "oldpassword",
    "userpassword",
    "masteruserpassword",
    "masterpassword",
    "adminpassword",
    "temporarypassword",
    "secretstring",
    "secretbinary",
    "secretkey",
    "clientsecret",
    "authtoken",
    "samlassertion",
    "webidentitytoken",
    "base32stringseed",
    "qrcodepng",
    "authenticationcode1",
    "authenticationcode2",
    "privatekey",
    "servicepassword",
    "signintoken",
];

fn is_secret(key: &[u8]) -> bool {
    key.len() >= 8 && SECRETS.iter().any(|secret| key.eq_ignore_ascii_case(secret.as_bytes()))
}

/// Whether what stands under this key is a secret.
pub fn is_secret_key(key: &str) -> bool {
    is_secret(key.as_bytes())
}

/// The same for a key as it is written, which may be in escapes.
fn names_secret(raw: &[u8], escaped: bool) -> bool {
    if !escaped {
        return is_secret(raw);
    }
    let quoted = [b"\"", raw, b"\""].concat();
    sonic_rs::from_slice::<String>(&quoted).is_ok_and(|key| is_secret(key.as_bytes()))
}

/// The record with the text of every secret key replaced by [`MASK`]; borrowed when there is none.
///
/// Works on the text, so that it costs no tree, and is total: bytes that are not JSON come back as
/// they are.
pub fn bytes(record: &[u8]) -> Cow<'_, [u8]> {
    let mut out: Vec<u8> = Vec::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some((found, end)) = next_secret(record, at) {
        out.extend_from_slice(record.get(copied..found).unwrap_or_default());
        out.extend_from_slice(b"\"");
        out.extend_from_slice(MASK.as_bytes());
        out.extend_from_slice(b"\"");
        (copied, at) = (end, end);
    }
    if copied == 0 {
        return Cow::Borrowed(record);
    }
    out.extend_from_slice(record.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

/// Deeper than any record may be; a secret key's value is masked whole, whatever is in it.
const DEPTH_MAX: usize = 10_000;

/// The bounds of the next secret value: a text that is not empty, a list, an object or a number.
fn next_secret(record: &[u8], mut at: usize) -> Option<(usize, usize)> {
    loop {
        at += memchr::memchr(b'"', record.get(at..)?)?;
        let text = match scan::string(record, at) {
            Ok(text) => text,
            Err(Stop::Incomplete | Stop::Malformed(_) | Stop::TooDeep(_)) => return None,
        };
        at = text.end;
        let colon = scan::skip_space(record, text.end);
        if record.get(colon) != Some(&b':') || !names_secret(text.raw, text.escaped) {
            continue;
        }
        let value = scan::skip_space(record, colon + 1);
        let is_empty = record.get(value..).is_some_and(|rest| rest.starts_with(b"\"\""));
        let is_word = matches!(record.get(value), Some(b'n' | b't' | b'f'));
        match scan::skip_value(record, value, DEPTH_MAX) {
            Ok(end) if !is_empty && !is_word => return Some((value, end)),
            Ok(end) => at = end,
            Err(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_passwords_go_and_the_rest_stays() {
        let record = br#"{"responseElements":{"credentials":{"accessKeyId":"ASIAX","sessionToken":"IQoJ\"b3","expiration":"soon"}},"requestParameters":{"Password" : "hunter2","note":"password"}}"#;
        let clean = String::from_utf8(bytes(record).into_owned()).unwrap();
        assert!(!clean.contains("IQoJ") && !clean.contains("hunter2"), "{clean}");
        assert!(
            clean.contains(r#""accessKeyId":"ASIAX","sessionToken":"***","expiration":"soon""#),
            "{clean}"
        );
        assert!(serde_json::from_str::<serde_json::Value>(&clean).is_ok());
    }

    #[test]
    fn lists_and_objects_under_a_secret_key_go_whole() {
        let record =
            br#"{"password":["a","b"],"secretAccessKey":{"x":{"y":"z"}},"signInToken":7,"a":null}"#;
        let clean = br#"{"password":"***","secretAccessKey":"***","signInToken":"***","a":null}"#;
        assert_eq!(&*bytes(record), clean);
    }

    #[test]
    fn escapes_hide_no_key() {
        let record = br#"{"p\u0061ssword":"hunter2","w\u0061ssword":"x"}"#;
        assert_eq!(&*bytes(record), br#"{"p\u0061ssword":"***","w\u0061ssword":"x"}"#);
    }

    #[test]
    fn nothing_to_hide_costs_nothing() {
        assert!(matches!(bytes(br#"{"userName":"alice"}"#), Cow::Borrowed(_)));
        assert!(matches!(bytes(br#"{"password":""}"#), Cow::Borrowed(_)));
        assert!(matches!(bytes(b"\"password"), Cow::Borrowed(_)));
    }
}
