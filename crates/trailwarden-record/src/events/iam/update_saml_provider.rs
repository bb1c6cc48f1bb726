//! `iam:UpdateSAMLProvider`.

use crate::call::call;

call! {
    /// Replaces the metadata of a SAML provider, its signing certificate with it.
    ///
    /// Roles that trust the provider now trust whoever holds the new key.
    iam UpdateSAMLProvider Alters IdentityProvider(saml_provider_arn) {
        /// ARN of the provider.
        saml_provider_arn: Option<String> = request "sAMLProviderArn",
        /// The provider's metadata as XML text, its signing certificates included.
        saml_metadata_document: Option<String> = request "sAMLMetadataDocument",
        /// Whether assertions must be encrypted: `Required` or `Allowed`.
        assertion_encryption_mode: Option<String> = request "assertionEncryptionMode",
        /// Id of a decryption key that is taken off.
        remove_private_key: Option<String> = request "removePrivateKey",
    }
}
