//! `account:EnableRegion`.

use crate::call::call;

call! {
    /// Switches on a region that is off by default.
    ///
    /// A region nobody watches is a place to hide in.
    account EnableRegion Alters Account(account_id) {
        /// The account; the caller's own when the call names none.
        account_id: Option<String> = request "AccountId" or record "recipientAccountId",
        /// The region.
        region_name: Option<String> = request "RegionName",
    }
}
