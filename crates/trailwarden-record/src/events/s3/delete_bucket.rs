//! `s3:DeleteBucket`.

use crate::call::call;

call! {
    /// Deletes an empty bucket.
    ///
    /// The name becomes free: whoever takes it receives what is still sent there.
    s3 DeleteBucket Deletes Resource(bucket_name) {
        /// The bucket.
        bucket_name: Option<String> = request "bucketName",
    }
}
