//! `organizations:EnableAWSServiceAccess`.

use crate::call::call;

call! {
    /// Lets an AWS service act in every account of the organization.
    organizations EnableAWSServiceAccess Alters Organization(service_principal) {
        /// The service.
        service_principal: Option<String> = request "servicePrincipal",
    }
}
