//! `iam:TagSAMLProvider`.

use crate::call::{Tag, call};

call! {
    /// Sets tags on a SAML provider.
    iam TagSAMLProvider Alters IdentityProvider(saml_provider_arn) {
        /// ARN of the provider.
        saml_provider_arn: Option<String> = request "sAMLProviderArn",
        /// The tags.
        tags: Vec<Tag> = request "tags",
    }
}
