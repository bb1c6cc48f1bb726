//! `s3:PutBucketVersioning`.

use crate::call::call;

call! {
    /// Switches the keeping of old versions on or off.
    ///
    /// Suspended, an overwrite destroys what was there.
    s3 PutBucketVersioning Alters Resource(bucket_name) {
        /// The bucket.
        bucket_name: Option<String> = request "bucketName",
        /// `Enabled` or `Suspended`.
        status: Option<String> = request "VersioningConfiguration.Status",
        /// Whether deletions need MFA: `Enabled` or `Disabled`.
        mfa_delete: Option<String> = request "VersioningConfiguration.MfaDelete",
    }
}
