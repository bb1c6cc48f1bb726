//! `iam:UntagOpenIDConnectProvider`.

use crate::call::call;

call! {
    /// Takes tags off an OpenID Connect provider.
    iam UntagOpenIDConnectProvider Detaches IdentityProvider(open_id_connect_provider_arn) {
        /// ARN of the provider.
        open_id_connect_provider_arn: Option<String> = request "openIDConnectProviderArn",
        /// Keys of the tags that go.
        tag_keys: Vec<String> = request "tagKeys",
    }
}
