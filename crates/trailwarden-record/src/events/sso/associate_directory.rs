//! `sso:AssociateDirectory`.

use crate::call::call;

call! {
    /// Makes a directory the source of people for IAM Identity Center.
    ///
    /// Whoever runs that directory decides who signs in.
    sso AssociateDirectory Alters IdentityCenter(directory_id) {
        /// The directory or identity store.
        directory_id: Option<String> = request "directoryId" or request "identityStoreId",
        /// Kind of directory.
        directory_type: Option<String> = request "directoryType",
    }
}
