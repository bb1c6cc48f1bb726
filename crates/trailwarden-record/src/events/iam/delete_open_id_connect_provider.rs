//! `iam:DeleteOpenIDConnectProvider`.

use crate::call::call;

call! {
    /// Stops trusting an OpenID Connect issuer.
    ///
    /// Roles that name the provider stay as they are, and work again when it is made anew.
    iam DeleteOpenIDConnectProvider Deletes IdentityProvider(open_id_connect_provider_arn) {
        /// ARN of the provider.
        open_id_connect_provider_arn: Option<String> = request "openIDConnectProviderArn",
    }
}
