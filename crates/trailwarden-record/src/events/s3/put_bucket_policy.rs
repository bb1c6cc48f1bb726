//! `s3:PutBucketPolicy`.

use crate::call::call;

call! {
    /// Replaces the resource policy of a bucket.
    s3 PutBucketPolicy Alters Resource(bucket_name) {
        /// The bucket.
        bucket_name: Option<String> = request "bucketName",
        /// The policy as JSON text.
        bucket_policy: Option<String> = document "requestParameters.bucketPolicy",
    }
}
