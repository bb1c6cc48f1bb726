//! `account:DisableRegion`.

use crate::call::call;

call! {
    /// Switches a region off; what runs there goes on and costs.
    account DisableRegion Detaches Account(account_id) {
        /// The account; the caller's own when the call names none.
        account_id: Option<String> = request "AccountId" or record "recipientAccountId",
        /// The region.
        region_name: Option<String> = request "RegionName",
    }
}
