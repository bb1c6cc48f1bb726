//! `sso:DisassociateDirectory`.

use crate::call::call;

call! {
    /// Stops a directory from being the source of people for IAM Identity Center.
    sso DisassociateDirectory Detaches IdentityCenter(directory_id) {
        /// The directory or identity store.
        directory_id: Option<String> = request "directoryId" or request "identityStoreId",
    }
}
