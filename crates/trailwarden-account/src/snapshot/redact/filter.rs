//! Patterns of metric filters: what they look for stays, whom they name goes.
//!
//! Syntax after "Filter pattern syntax for metric filters" (Amazon CloudWatch Logs User Guide): a pattern
//! over JSON begins with a brace, and sets selectors against values.

use super::words::Words;

/// Selectors whose values are of AWS's vocabulary.
const OF_AWS: &[&str] = &[
    "additionalEventData.MFAUsed",
    "errorCode",
    "eventCategory",
    "eventName",
    "eventSource",
    "eventType",
    "managementEvent",
    "readOnly",
    "responseElements.ConsoleLogin",
    "userIdentity.invokedBy",
    "userIdentity.sessionContext.attributes.mfaAuthenticated",
    "userIdentity.type",
];
/// Whatever AWS says of the caller is in it; the benchmarks look for these words alone.
const MESSAGE: &str = "errorMessage";
const MESSAGES: &[&str] = &["Failed authentication"];
const KEYWORDS: &[&str] = &["AND", "EXISTS", "FALSE", "IS", "NOT", "NULL", "OR", "TRUE"];
const BETWEEN: &[char] = &['{', '}', '(', ')', '&', '|', '=', '!', '<', '>', ' ', '\t', '\r', '\n'];

/// The pattern without names of somebody's.
pub(super) fn redacted(words: &Words, pattern: &str) -> String {
    if !pattern.trim_start().starts_with('{') {
        return words.text(pattern);
    }
    let mut out = String::new();
    let (mut is_of_aws, mut is_message) = (false, false);
    let mut rest = pattern;
    while let Some(next) = rest.chars().next() {
        let length = match next {
            '"' => quoted(rest),
            _ if BETWEEN.contains(&next) => next.len_utf8(),
            _ => rest.find(|c| BETWEEN.contains(&c)).unwrap_or(rest.len()),
        };
        let (token, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let inner = token.trim_matches('"');
        if let Some(selector) = token.strip_prefix("$.") {
            is_of_aws = OF_AWS.contains(&selector);
            is_message = selector == MESSAGE;
            out.push_str(token);
        } else if is_of_aws
            || (is_message && MESSAGES.contains(&inner))
            || token.chars().all(|c| BETWEEN.contains(&c))
            || KEYWORDS.contains(&token.to_uppercase().as_str())
        {
            out.push_str(token);
        } else {
            let quote = if token.starts_with('"') { "\"" } else { "" };
            out.extend([quote, &words.text(inner), quote]);
        }
        rest = after;
    }
    out
}

/// Bytes of a text in quotes, to the end where the second one is missing.
fn quoted(rest: &str) -> usize {
    let mut is_escaped = false;
    let end = rest.char_indices().skip(1).find(|(_, c)| {
        let is_end = *c == '"' && !is_escaped;
        is_escaped = *c == '\\' && !is_escaped;
        is_end
    });
    end.map_or(rest.len(), |(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_for_stays() {
        let words = Words::new(&[7; 32]);
        for pattern in [
            r#"{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }"#,
            r#"{($.eventName=DeleteGroupPolicy)||($.eventName=PutUserPolicy)}"#,
            r#"{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }"#,
            r#"{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }"#,
        ] {
            assert_eq!(redacted(&words, pattern), pattern);
        }
    }

    #[test]
    fn whoever_is_named_goes() {
        let words = Words::new(&[7; 32]);
        for pattern in [
            r#"{ $.userIdentity.arn = "arn:aws:iam::111122223333:user/margaret" }"#,
            r#"{ $.eventName = PutUserPolicy && $.userIdentity.userName != margaret }"#,
            r#"{ $.requestParameters.bucketName = "margaret" "#,
            r#"{ $.requestParameters.bucketName = "mar\"garet" && $.eventName = x }"#,
            r#"?margaret "margaret""#,
            r#"{ $.sourceIPAddress != margaret* "#,
            r#"{ $.errorMessage = "User: arn:aws:iam::111122223333:user/margaret is not authorized*" }"#,
        ] {
            let text = redacted(&words, pattern);
            assert!(!text.contains("garet") && !text.contains("111122223333"), "{text}");
        }
    }
}
