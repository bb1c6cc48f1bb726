//! `iam:UntagSAMLProvider`.

use crate::call::call;

call! {
    /// Takes tags off a SAML provider.
    iam UntagSAMLProvider Detaches IdentityProvider(saml_provider_arn) {
        /// ARN of the provider.
        saml_provider_arn: Option<String> = request "sAMLProviderArn",
        /// Keys of the tags that go.
        tag_keys: Vec<String> = request "tagKeys",
    }
}
