//! `iam:AddClientIDToOpenIDConnectProvider`.

use crate::call::call;

call! {
    /// Lets one more audience sign in through an OpenID Connect provider.
    iam AddClientIDToOpenIDConnectProvider Alters IdentityProvider(open_id_connect_provider_arn) {
        /// ARN of the provider.
        open_id_connect_provider_arn: Option<String> = request "openIDConnectProviderArn",
        /// The audience, also called client id.
        client_id: Option<String> = request "clientID",
    }
}
