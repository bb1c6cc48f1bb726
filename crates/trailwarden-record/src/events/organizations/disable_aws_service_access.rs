//! `organizations:DisableAWSServiceAccess`.

use crate::call::call;

call! {
    /// Ends what an AWS service may do in the accounts of the organization.
    ///
    /// For a security service it means that members go unwatched.
    organizations DisableAWSServiceAccess Detaches Organization(service_principal) {
        /// The service.
        service_principal: Option<String> = request "servicePrincipal",
    }
}
