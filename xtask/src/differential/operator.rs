//! The condition operators and their forms, and the words that conditions are made of.

/// What an operator compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Type {
    Text,
    Number,
    Date,
    Bool,
    Binary,
    Address,
    Arn,
    Null,
}

/// Every operator with its type, as the IAM User Guide lists them on "IAM JSON policy elements:
/// Condition operators".
pub(crate) const OPERATORS: &[(&str, Type)] = &[
    ("StringEquals", Type::Text),
    ("StringNotEquals", Type::Text),
    ("StringEqualsIgnoreCase", Type::Text),
    ("StringNotEqualsIgnoreCase", Type::Text),
    ("StringLike", Type::Text),
    ("StringNotLike", Type::Text),
    ("NumericEquals", Type::Number),
    ("NumericNotEquals", Type::Number),
    ("NumericLessThan", Type::Number),
    ("NumericLessThanEquals", Type::Number),
    ("NumericGreaterThan", Type::Number),
    ("NumericGreaterThanEquals", Type::Number),
    ("DateEquals", Type::Date),
    ("DateNotEquals", Type::Date),
    ("DateLessThan", Type::Date),
    ("DateLessThanEquals", Type::Date),
    ("DateGreaterThan", Type::Date),
    ("DateGreaterThanEquals", Type::Date),
    ("Bool", Type::Bool),
    ("BinaryEquals", Type::Binary),
    ("IpAddress", Type::Address),
    ("NotIpAddress", Type::Address),
    ("ArnEquals", Type::Arn),
    ("ArnLike", Type::Arn),
    ("ArnNotEquals", Type::Arn),
    ("ArnNotLike", Type::Arn),
    ("Null", Type::Null),
];

/// What stands around an operator: a set operator before it, `IfExists` after it.
pub(crate) const FORMS: &[(&str, &str, u64)] = &[
    ("", "", 40),
    ("", "IfExists", 20),
    ("ForAnyValue:", "", 15),
    ("ForAllValues:", "", 15),
    ("ForAnyValue:", "IfExists", 5),
    ("ForAllValues:", "IfExists", 5),
];

/// The operator without set operator and `IfExists`, in the spelling of [`OPERATORS`].
pub(crate) fn base(written: &str) -> Option<&'static str> {
    let name = written.rsplit_once(':').map_or(written, |(_, name)| name).to_ascii_lowercase();
    let name = name.strip_suffix("ifexists").unwrap_or(&name);
    OPERATORS.iter().map(|(known, _)| *known).find(|known| known.eq_ignore_ascii_case(name))
}

/// The form of an operator: `""`, `IfExists`, `ForAnyValue`...
pub(crate) fn form(written: &str) -> String {
    let lower = written.to_ascii_lowercase();
    let mut form = String::new();
    if lower.starts_with("foranyvalue:") {
        form.push_str("ForAnyValue");
    } else if lower.starts_with("forallvalues:") {
        form.push_str("ForAllValues");
    }
    if lower.ends_with("ifexists") {
        form.push_str(if form.is_empty() { "IfExists" } else { "+IfExists" });
    }
    form
}

/// Keys of one value, by type. The reference looks up no key's type, so keys that no service has
/// are as good where AWS has none of a kind.
pub(crate) fn single_keys(kind: Type) -> &'static [&'static str] {
    match kind {
        Type::Text | Type::Null => &[
            "aws:PrincipalTag/team",
            "aws:RequestedRegion",
            "aws:username",
            "aws:ResourceTag/team",
            "aws:SourceVpce",
            "s3:prefix",
        ],
        Type::Number => &["s3:max-keys", "aws:MultiFactorAuthAge", "sts:DurationSeconds"],
        Type::Date => &["aws:CurrentTime", "aws:TokenIssueTime", "aws:EpochTime"],
        Type::Bool => &["aws:SecureTransport", "aws:MultiFactorAuthPresent", "aws:ViaAWSService"],
        Type::Binary => &["example:Digest"],
        Type::Address => &["aws:SourceIp", "aws:VpcSourceIp"],
        Type::Arn => &["aws:SourceArn", "lambda:FunctionArn", "aws:PrincipalArn"],
    }
}

/// Keys of several values, by type.
pub(crate) fn multi_keys(kind: Type) -> &'static [&'static str] {
    match kind {
        Type::Text | Type::Null => &["aws:TagKeys", "aws:CalledVia", "dynamodb:Attributes"],
        Type::Number => &["example:Sizes"],
        Type::Date => &["example:Times"],
        Type::Bool => &["example:Flags"],
        Type::Binary => &["example:Digests"],
        Type::Address => &["example:Addresses"],
        Type::Arn => &["example:Arns"],
    }
}

/// What requests carry, by type; `PARTITION` stands for that of the case.
pub(crate) fn request_values(kind: Type) -> &'static [&'static str] {
    match kind {
        Type::Text | Type::Null => {
            &["alice", "bob", "core", "Core", "ops", "a*b", "eu-west-1", "core/db"]
        }
        Type::Number => &["0", "1", "5", "9", "10", "10.5", "-1", "100"],
        Type::Date => DATES,
        Type::Bool => &["true", "false", "true", "false", "True"],
        Type::Binary => &["QUJD", "QUJE", "AAEC"],
        Type::Address => &[
            "10.1.2.3",
            "10.1.3.0",
            "10.1.2.255",
            "192.0.2.10",
            "192.0.2.16",
            "203.0.113.127",
            "203.0.113.128",
            "2001:db8::1",
            "2001:db8:0:1::5",
        ],
        Type::Arn => &[
            "arn:PARTITION:s3:::reports",
            "arn:PARTITION:sns:eu-west-1:111122223333:alerts",
            "arn:PARTITION:sns:eu-west-1:111122223333:alerts:sub",
            "arn:PARTITION:iam::111122223333:role/app/core",
            "arn:PARTITION:lambda:eu-west-1:444455556666:function:resize",
        ],
    }
}

const DATES: &[&str] = &[
    "2024-01-01T00:00:00Z",
    "2024-01-01T12:00:00Z",
    "2024-06-30T23:59:59Z",
    "2023-12-31T23:59:59Z",
    "2025-02-01T00:00:00Z",
];

/// The dates that cases use, in both spellings that AWS reads.
pub(crate) const EPOCHS: &[(&str, &str)] = &[
    ("2024-01-01T00:00:00Z", "1704067200"),
    ("2024-01-01T12:00:00Z", "1704110400"),
    ("2024-06-30T23:59:59Z", "1719791999"),
    ("2023-12-31T23:59:59Z", "1704067199"),
    ("2025-02-01T00:00:00Z", "1738368000"),
];

/// What policies ask for, beside the values of requests.
pub(crate) fn policy_values(kind: Type) -> &'static [&'static str] {
    match kind {
        Type::Text => &[
            "CORE", "ALICE", "Bob", "c*", "*e", "?ore", "*", "al?ce", "c?r*", "a*b", "*o*",
            "nobody",
        ],
        Type::Null => &["true", "false"],
        Type::Number => &["5.0", "0.5", "10.25", "09", "1000000", "-2", "7"],
        Type::Date => &[
            "2024-01-01",
            "2024-01-01T01:00:00+01:00",
            "2024-07-01T00:00:00Z",
            "2024-01-01T00:00:01Z",
        ],
        Type::Bool => &["TRUE", "False"],
        Type::Binary => &["QUJDRA=="],
        Type::Address => &[
            "10.1.2.0/24",
            "10.0.0.0/8",
            "10.1.2.2/31",
            "10.1.2.0/23",
            "192.0.2.8/29",
            "192.0.2.10/32",
            "203.0.113.0/25",
            "2001:db8::/32",
            "2001:db8::/64",
            "2001:DB8::1/128",
            "0.0.0.0/0",
            "0.0.0.0/1",
            "128.0.0.0/1",
        ],
        Type::Arn => &[
            "arn:PARTITION:s3:::*",
            "arn:PARTITION:s3:::rep?rts",
            "arn:PARTITION:sns:*:111122223333:alerts",
            "arn:PARTITION:sns:*:*:alerts*",
            "arn:PARTITION:sns:*",
            "arn:PARTITION:sns:eu-west-1:*:sub",
            "arn:*:iam::*:role/*",
            "arn:PARTITION:iam::111122223333:role/*/core",
            "arn:PARTITION:iam::111122223333:role/app",
            "arn:PARTITION:*:*:*:*",
            "arn:PARTITION:lambda:eu-*:444455556666:function:*",
        ],
    }
}
