//! Ids of the collection that are no rows: those that only need more than a row does, and those of
//! services that are gone.

/// An id and the row that it is a superset of: whoever has all of its actions has those of the row.
pub const ALIASES: &[(&str, &str)] = &[
    ("datapipeline-001", "x-datapipeline-01"),
    ("ecs-001", "ecs-003"),
    ("ecs-002", "x-ecs-03"),
    ("ecs-004", "x-ecs-03"),
    ("ecs-005", "x-ecs-04"),
    ("lambda-001", "x-lambda-01"),
    ("lambda-002", "x-lambda-01"),
    ("lambda-004", "lambda-003"),
    ("lambda-005", "lambda-003"),
    ("lambda-006", "x-lambda-01"),
    ("x-bedrock-agentcore-04", "x-bedrock-agentcore-05"),
    ("x-datapipeline-02", "x-datapipeline-01"),
    ("x-dynamodb-01", "x-lambda-01"),
    ("x-ec2-01", "ec2-001"),
    ("x-ecs-02", "x-ecs-04"),
    ("x-glue-01", "glue-001"),
    // With the trust policy in hand, the provider and the identity policy are a detour.
    ("x-iam-02", "iam-012"),
    ("x-iam-26", "iam-012"),
    ("x-sagemaker-01", "sagemaker-001"),
    ("x-sso-02", "x-sso-01"),
];

/// An id that is no way any more, and why.
pub const RETIRED: &[(&str, &str)] =
    &[("x-codestar-01", CODESTAR), ("x-codestar-02", CODESTAR), ("x-codestar-03", CODESTAR)];

/// Source: AWS CodeStar User Guide, the notice on the end of support.
const CODESTAR: &str = "AWS closed CodeStar projects in July 2024, and its calls with them";
