//! `iam:CreateSAMLProvider`.

use crate::call::{Tag, call};

call! {
    /// Makes the account trust a SAML identity provider.
    ///
    /// Whoever holds the signing key in the metadata can sign in as any role that trusts the
    /// provider.
    iam CreateSAMLProvider Creates IdentityProvider(saml_provider_arn or name) {
        /// ARN of the new provider.
        saml_provider_arn: Option<String> = response "sAMLProviderArn",
        /// Name of the provider.
        name: Option<String> = request "name",
        /// The provider's metadata as XML text, its signing certificates included.
        saml_metadata_document: Option<String> = request "sAMLMetadataDocument",
        /// The tags.
        tags: Vec<Tag> = request "tags",
        /// Whether assertions must be encrypted: `Required` or `Allowed`.
        assertion_encryption_mode: Option<String> = request "assertionEncryptionMode",
    }
}
