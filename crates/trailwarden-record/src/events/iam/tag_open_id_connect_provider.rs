//! `iam:TagOpenIDConnectProvider`.

use crate::call::{Tag, call};

call! {
    /// Sets tags on an OpenID Connect provider.
    iam TagOpenIDConnectProvider Alters IdentityProvider(open_id_connect_provider_arn) {
        /// ARN of the provider.
        open_id_connect_provider_arn: Option<String> = request "openIDConnectProviderArn",
        /// The tags.
        tags: Vec<Tag> = request "tags",
    }
}
