//! `iam:CreateOpenIDConnectProvider`.

use crate::call::{Tag, call};

call! {
    /// Makes the account trust an OpenID Connect issuer.
    ///
    /// The provider alone grants nothing; a role that trusts it does.
    iam CreateOpenIDConnectProvider Creates IdentityProvider(open_id_connect_provider_arn or url) {
        /// ARN of the new provider.
        open_id_connect_provider_arn: Option<String> = response "openIDConnectProviderArn",
        /// Address of the issuer.
        url: Option<String> = request "url",
        /// The audiences that may sign in.
        client_id_list: Vec<String> = request "clientIDList",
        /// Fingerprints of the issuer's certificates.
        thumbprint_list: Vec<String> = request "thumbprintList",
        /// The tags.
        tags: Vec<Tag> = request "tags",
    }
}
