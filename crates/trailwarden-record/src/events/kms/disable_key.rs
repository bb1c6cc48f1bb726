//! `kms:DisableKey`.

use crate::call::call;

call! {
    /// Switches a key off; what it encrypts cannot be read or written.
    kms DisableKey Detaches Resource(key_id) {
        /// The key, by id or ARN.
        key_id: Option<String> = request "keyId",
    }
}
