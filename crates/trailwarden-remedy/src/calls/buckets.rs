//! Calls about the buckets that trails write to.

use super::{
    At, Call, Filled, From, Held, Kind, Shows, Takes, Terraform, Undo, needs, takes, text,
};

const BUCKET: &str = "arn:{partition}:s3:::{Bucket}";

/// The rows.
pub(super) static ALL: &[Call] = &[
    Call {
        service: "s3",
        operation: "CreateBucket",
        parameters: &[text("Bucket"), takes("CreateBucketConfiguration", Kind::Structure)],
        shows: Shows::Asked {
            read: "GetBucketAcl",
            with: &[("Bucket", "Bucket")],
            path: &[At::Member("Owner")],
            held: Held::Present,
        },
        undo: Undo::Never(
            "logs may lie in the bucket by then: delete it by hand, once it is empty",
        ),
        takes: Takes::Nothing,
        permission: ("s3:CreateBucket", BUCKET),
        terraform: Terraform::Resource {
            kind: "aws_s3_bucket",
            arguments: &[("bucket", Filled::Parameter("Bucket"))],
            import: "{Bucket}",
            ignores: &[],
        },
        console: "S3 > General purpose buckets > Create bucket: the name {Bucket}; in the region of this step, which is chosen at the top of the console",
    },
    Call {
        service: "s3",
        operation: "PutBucketPolicy",
        parameters: &[text("Bucket"), needs("Policy", Kind::Document)],
        shows: Shows::Asked {
            read: "GetBucketPolicy",
            with: &[("Bucket", "Bucket")],
            path: &[At::Member("Policy")],
            held: Held::Document("Policy"),
        },
        undo: Undo::Restore { parameters: &["Policy"], absent: Some("DeleteBucketPolicy") },
        takes: Takes::Perhaps,
        permission: ("s3:PutBucketPolicy", BUCKET),
        terraform: Terraform::Resource {
            kind: "aws_s3_bucket_policy",
            arguments: &[
                ("bucket", Filled::Parameter("Bucket")),
                ("policy", Filled::Parameter("Policy")),
            ],
            import: "{Bucket}",
            ignores: &[],
        },
        console: "S3 > General purpose buckets > {Bucket} > Permissions > Bucket policy > Edit: save this document",
    },
    Call {
        service: "s3",
        operation: "DeleteBucketPolicy",
        parameters: &[text("Bucket")],
        shows: Shows::Asked {
            read: "GetBucketPolicy",
            with: &[("Bucket", "Bucket")],
            path: &[At::Member("Policy")],
            held: Held::Absent,
        },
        undo: Undo::By {
            operation: "PutBucketPolicy",
            with: &[("Bucket", From::Parameter("Bucket")), ("Policy", From::Before("Policy"))],
            volatile: &[],
            reason: None,
        },
        takes: Takes::Perhaps,
        permission: ("s3:DeleteBucketPolicy", BUCKET),
        terraform: Terraform::Removed { kind: "aws_s3_bucket_policy", import: "{Bucket}" },
        console: "S3 > General purpose buckets > {Bucket} > Permissions > Bucket policy > Delete",
    },
    Call {
        service: "s3",
        operation: "PutPublicAccessBlock",
        parameters: &[text("Bucket"), needs("PublicAccessBlockConfiguration", Kind::Structure)],
        shows: Shows::Asked {
            read: "GetPublicAccessBlock",
            with: &[("Bucket", "Bucket")],
            path: &[At::Member("PublicAccessBlockConfiguration")],
            held: Held::Value("PublicAccessBlockConfiguration"),
        },
        undo: Undo::Restore {
            parameters: &["PublicAccessBlockConfiguration"],
            absent: Some("DeletePublicAccessBlock"),
        },
        takes: Takes::Perhaps,
        permission: ("s3:PutBucketPublicAccessBlock", BUCKET),
        terraform: Terraform::Resource {
            kind: "aws_s3_bucket_public_access_block",
            arguments: &[
                ("bucket", Filled::Parameter("Bucket")),
                (
                    "block_public_acls",
                    Filled::Member("PublicAccessBlockConfiguration", "BlockPublicAcls"),
                ),
                (
                    "block_public_policy",
                    Filled::Member("PublicAccessBlockConfiguration", "BlockPublicPolicy"),
                ),
                (
                    "ignore_public_acls",
                    Filled::Member("PublicAccessBlockConfiguration", "IgnorePublicAcls"),
                ),
                (
                    "restrict_public_buckets",
                    Filled::Member("PublicAccessBlockConfiguration", "RestrictPublicBuckets"),
                ),
            ],
            import: "{Bucket}",
            ignores: &[],
        },
        console: "S3 > General purpose buckets > {Bucket} > Permissions > Block public access (bucket settings) > Edit: tick the boxes as below, save, and type `confirm`",
    },
    Call {
        service: "s3",
        operation: "DeletePublicAccessBlock",
        parameters: &[text("Bucket")],
        shows: Shows::Asked {
            read: "GetPublicAccessBlock",
            with: &[("Bucket", "Bucket")],
            path: &[At::Member("PublicAccessBlockConfiguration")],
            held: Held::Absent,
        },
        undo: Undo::By {
            operation: "PutPublicAccessBlock",
            with: &[
                ("Bucket", From::Parameter("Bucket")),
                ("PublicAccessBlockConfiguration", From::Before("PublicAccessBlockConfiguration")),
            ],
            volatile: &[],
            reason: None,
        },
        takes: Takes::Nothing,
        permission: ("s3:PutBucketPublicAccessBlock", BUCKET),
        terraform: Terraform::Removed {
            kind: "aws_s3_bucket_public_access_block",
            import: "{Bucket}",
        },
        console: "S3 > General purpose buckets > {Bucket} > Permissions > Block public access (bucket settings) > Edit: clear all boxes, save, and type `confirm`",
    },
];
