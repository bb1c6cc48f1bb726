//! `iam:DeleteLoginProfile`.

use crate::call::call;

call! {
    /// Takes a user's console password away.
    ///
    /// Access keys go on working.
    iam DeleteLoginProfile Deletes User(user_name) {
        /// The user.
        user_name: Option<String> = request "userName" or caller,
    }
}
