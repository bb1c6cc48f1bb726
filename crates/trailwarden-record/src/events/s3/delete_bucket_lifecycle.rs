//! `s3:DeleteBucketLifecycle`.

use crate::call::call;

call! {
    /// Takes off the rules by which objects of a bucket are moved or deleted.
    s3 DeleteBucketLifecycle Deletes Resource(bucket_name) {
        /// The bucket.
        bucket_name: Option<String> = request "bucketName",
    }
}
