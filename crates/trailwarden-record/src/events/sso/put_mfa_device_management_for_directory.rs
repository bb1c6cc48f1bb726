//! `sso:PutMfaDeviceManagementForDirectory`.

use crate::call::call;

call! {
    /// Sets when IAM Identity Center asks for MFA and who may register devices.
    ///
    /// It can drop MFA for everybody at once.
    sso PutMfaDeviceManagementForDirectory Alters IdentityCenter(directory_id) {
        /// The directory or identity store.
        directory_id: Option<String> = request "directoryId" or request "identityStoreId",
        /// All of the settings as JSON text.
        settings: Option<String> = document "requestParameters",
    }
}
