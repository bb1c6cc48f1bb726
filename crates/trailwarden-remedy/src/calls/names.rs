//! What clients make of the names of the API: `--user-name`, `update_access_key`.

/// The boto3 method of an operation, or the keyword of a parameter in snake case.
///
/// A word begins at a capital before a small letter, and at one after a small letter or a digit:
/// `DeleteSAMLProvider` is `delete_saml_provider`, `S3BucketName` is `s3_bucket_name`.
#[must_use]
pub fn method(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| letters.get(before));
        let after = letters.get(at + 1);
        let begins = letter.is_ascii_uppercase()
            && before.is_some_and(|before| {
                after.is_some_and(char::is_ascii_lowercase)
                    || before.is_ascii_lowercase()
                    || before.is_ascii_digit()
            });
        if begins {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

/// The AWS CLI's spelling of an operation, or of a parameter without its dashes.
#[must_use]
pub fn flag(name: &str) -> String {
    method(name).replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_clients() {
        for (name, told) in [
            ("UpdateAccessKey", "update_access_key"),
            ("DeleteOpenIDConnectProvider", "delete_open_id_connect_provider"),
            ("OpenIDConnectProviderArn", "open_id_connect_provider_arn"),
            ("DeleteSAMLProvider", "delete_saml_provider"),
            ("SAMLProviderArn", "saml_provider_arn"),
            ("S3BucketName", "s3_bucket_name"),
            ("PutUserPermissionsBoundary", "put_user_permissions_boundary"),
            ("CreateVirtualMFADevice", "create_virtual_mfa_device"),
        ] {
            assert_eq!(method(name), told);
        }
        assert_eq!(flag("IsMultiRegionTrail"), "is-multi-region-trail");
    }
}
