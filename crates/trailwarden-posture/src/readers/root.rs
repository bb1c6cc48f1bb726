//! Which credentials the root user has.

use crate::answers::Known;
use crate::report::ROOT;
use crate::state::State;

/// A credential of the root user in words, or None where it has none, as central management leaves it.
///
/// Source: IAM API Reference, "GetAccountSummary"; IAM User Guide, "Centrally manage root access for
/// member accounts". Where the summary does not tell of the password, the credential report may.
pub fn root_credential(state: &State<'_>) -> Known<Option<&'static str>> {
    let has_key = state.count("AccountAccessKeysPresent").map(|count| count > 0);
    let reported = || state.report().ok()?.row(ROOT)?.has_password;
    let has_password = match state.count("AccountPasswordPresent") {
        Ok(count) => Ok(count > 0),
        Err(missing) => reported().ok_or(missing),
    };
    match (has_password, has_key) {
        (Ok(true), _) => Ok(Some("a password")),
        (_, Ok(true)) => Ok(Some("an access key")),
        (Ok(false), Ok(false)) => Ok(None),
        (Err(missing), _) | (_, Err(missing)) => Err(missing),
    }
}
