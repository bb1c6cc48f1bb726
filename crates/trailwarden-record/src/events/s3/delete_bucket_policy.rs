//! `s3:DeleteBucketPolicy`.

use crate::call::call;

call! {
    /// Deletes the resource policy of a bucket.
    ///
    /// On a log bucket it takes away the service's right to write.
    s3 DeleteBucketPolicy Deletes Resource(bucket_name) {
        /// The bucket.
        bucket_name: Option<String> = request "bucketName",
    }
}
