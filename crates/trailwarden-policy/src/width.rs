//! How long a policy is once insignificant white space is gone.
//!
//! IAM does not count white space against its size quotas, while CloudTrail omits request
//! parameters above a size limit; so padding hides a document from the log without AWS minding.
//! Source: IAM User Guide, "IAM and AWS STS quotas".

use serde::de::IgnoredAny;

/// Length in bytes of a JSON text without the white space between its tokens; `None` when the text
/// is not JSON. White space inside strings counts.
pub fn minified_len(text: &str) -> Option<usize> {
    // The check reads without recursion and builds nothing.
    serde_json::from_str::<IgnoredAny>(text).ok()?;
    let mut length = 0;
    let mut in_string = false;
    let mut escaped = false;
    for byte in text.bytes() {
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
        } else if matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
            continue;
        } else {
            in_string = byte == b'"';
        }
        length += 1;
    }
    Some(length)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn white_space_counts_only_in_strings() {
        assert_eq!(minified_len(" { \"a b\" :\t[ 1 ,\n2 ] } "), Some(13));
        assert_eq!(minified_len(r#"{"a\" b": "\\" }"#), Some(r#"{"a\" b":"\\"}"#.len()));
        assert_eq!(minified_len("{"), None);
        assert_eq!(minified_len(""), None);
    }

    #[test]
    fn padding_and_depth_are_cheap() {
        let padded = format!("{{{}}}", " ".repeat(100_000));
        assert_eq!(minified_len(&padded), Some(2));
        let deep = format!("{}{}", "[".repeat(50_000), "]".repeat(50_000));
        assert_eq!(minified_len(&deep), Some(100_000));
    }

    proptest! {
        /// Pretty printing adds nothing that counts.
        #[test]
        fn agrees_with_a_real_minifier(keys in prop::collection::vec("\\PC{0,8}", 0..5)) {
            let value: serde_json::Value = keys.iter()
                .map(|k| (k.clone(), serde_json::json!([k, 1, {"x": k}])))
                .collect::<serde_json::Map<_, _>>()
                .into();
            let pretty = serde_json::to_string_pretty(&value).unwrap();
            prop_assert_eq!(minified_len(&pretty), Some(value.to_string().len()));
        }
    }
}
