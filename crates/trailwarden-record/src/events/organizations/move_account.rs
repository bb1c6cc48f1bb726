//! `organizations:MoveAccount`.

use crate::call::call;

call! {
    /// Moves an account to another unit, under other policies.
    organizations MoveAccount Alters Account(account_id) {
        /// The account.
        account_id: Option<String> = request "accountId",
        /// The unit or root it comes from.
        source_parent_id: Option<String> = request "sourceParentId",
        /// The unit or root it goes to.
        destination_parent_id: Option<String> = request "destinationParentId",
    }
}
