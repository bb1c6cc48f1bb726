//! `s3:PutBucketLifecycle`.

use crate::call::call;

call! {
    /// Sets when objects of a bucket are moved or deleted.
    ///
    /// A rule of one day on a log bucket deletes the logs without a single delete call.
    s3 PutBucketLifecycle Alters Resource(bucket_name) {
        /// The bucket.
        bucket_name: Option<String> = request "bucketName",
        /// The rules as JSON text; one rule is an object, several are a list.
        lifecycle_configuration: Option<String> =
            document "requestParameters.LifecycleConfiguration",
    }
}
