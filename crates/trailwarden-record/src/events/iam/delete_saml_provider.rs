//! `iam:DeleteSAMLProvider`.

use crate::call::call;

call! {
    /// Stops trusting a SAML identity provider.
    iam DeleteSAMLProvider Deletes IdentityProvider(saml_provider_arn) {
        /// ARN of the provider.
        saml_provider_arn: Option<String> = request "sAMLProviderArn",
    }
}
