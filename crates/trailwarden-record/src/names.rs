//! Service and event names as CloudTrail writes them, reduced to what stays the same.

/// `iam` from `iam.amazonaws.com`; anything else unchanged.
pub fn service(event_source: &str) -> &str {
    let cut = event_source.strip_suffix(".cn").unwrap_or(event_source);
    cut.strip_suffix(".amazonaws.com").unwrap_or(event_source)
}

/// `UpdateFunctionCode` from `UpdateFunctionCode20150331v2`: Lambda and a few others put the API
/// version behind the name.
pub fn event(event_name: &str) -> &str {
    let unversioned = match event_name.rfind('v') {
        Some(at) if is_digits(event_name.get(at + 1..).unwrap_or_default()) => {
            event_name.get(..at).unwrap_or(event_name)
        }
        _ => event_name,
    };
    // Eight digits are a date; fewer belong to the name, as in `PutBucketLifecycle2`.
    let cut = unversioned.len().saturating_sub(8);
    match (unversioned.get(..cut), unversioned.get(cut..)) {
        (Some(name), Some(date)) if date.len() == 8 && is_digits(date) && !name.is_empty() => name,
        _ => event_name,
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether the name is that of a call that reads: by AWS's own habit of naming.
pub fn reads(event_name: &str) -> bool {
    const VERBS: [&str; 11] = [
        "Get", "List", "Describe", "Head", "Lookup", "Search", "Query", "Scan", "BatchGet",
        "Simulate", "View",
    ];
    VERBS.iter().any(|verb| event_name.starts_with(verb))
}

/// Whether an error code means that authorization was refused.
pub fn denies(error_code: &str) -> bool {
    // Seen: AccessDenied, AccessDeniedException, Client.UnauthorizedOperation,
    // UnauthorizedOperation, VpceAccessDenied, AuthorizationErrorException, NotAuthorized.
    ["AccessDenied", "Unauthorized", "AuthorizationError", "NotAuthorized"]
        .iter()
        .any(|part| error_code.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn api_versions_are_dropped() {
        assert_eq!(event("UpdateFunctionCode20150331v2"), "UpdateFunctionCode");
        assert_eq!(event("CreateFunction20150331"), "CreateFunction");
        assert_eq!(event("PutUserPolicy"), "PutUserPolicy");
        assert_eq!(event("20150331"), "20150331");
        assert_eq!(event("ListObjectsV2"), "ListObjectsV2");
    }

    #[test]
    fn services_lose_their_domain() {
        assert_eq!(service("iam.amazonaws.com"), "iam");
        assert_eq!(service("sts.amazonaws.com.cn"), "sts");
        assert_eq!(service("aws-internal"), "aws-internal");
    }

    #[test]
    fn refusals_have_many_names() {
        for code in [
            "AccessDenied",
            "AccessDeniedException",
            "Client.UnauthorizedOperation",
            "VpceAccessDenied",
        ] {
            assert!(denies(code), "{code}");
        }
        assert!(!denies("NoSuchEntityException"));
    }
}
