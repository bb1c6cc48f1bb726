//! `iam:UpdateOpenIDConnectProviderThumbprint`.

use crate::call::call;

call! {
    /// Replaces the certificate fingerprints by which an OpenID Connect issuer is known.
    iam UpdateOpenIDConnectProviderThumbprint Alters IdentityProvider(open_id_connect_provider_arn) {
        /// ARN of the provider.
        open_id_connect_provider_arn: Option<String> = request "openIDConnectProviderArn",
        /// Fingerprints of the issuer's certificates.
        thumbprint_list: Vec<String> = request "thumbprintList",
    }
}
