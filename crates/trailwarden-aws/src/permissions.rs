//! The policy that a set of questions needs, ready to attach.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::reads::{ALL, Part, Read};

/// Logs that AWS is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Logs {
    /// Files in a bucket.
    Bucket {
        /// The bucket.
        bucket: String,
        /// What the keys begin with; empty for all.
        prefix: String,
    },
    /// The event history.
    History {
        /// Whether all regions are meant, which must be known then.
        everywhere: bool,
    },
}

/// Tells which regions there are.
const REGIONS: &str = "account:ListRegions";

/// The permissions of some parts, sorted.
#[must_use]
pub fn actions(parts: &[Part]) -> Vec<&'static str> {
    let reads = ALL.iter().filter(|read| parts.contains(&read.part()));
    let actions: BTreeSet<&str> = reads.filter_map(|read| read.action()).collect();
    actions.into_iter().collect()
}

/// The permissions to ask who may do what ([`crate::collect::access`]) and who did ([`crate::collect::last_access`]),
/// sorted.
#[must_use]
pub fn access() -> Vec<&'static str> {
    let is_of_it = |read: &&Read| match read.part() {
        Part::Core => read.api().starts_with("iam:") && read.api() != "iam:ListAccountAliases",
        Part::Full => {
            read.api().starts_with("organizations:")
                || read.api() == "iam:ListOrganizationsFeatures"
                || read.api().ends_with("ServiceLastAccessedDetails")
        }
        _ => false,
    };
    let all: BTreeSet<&str> = ALL.iter().filter(is_of_it).filter_map(|it| it.action()).collect();
    all.into_iter().collect()
}

/// A policy document of statements.
#[must_use]
pub fn policy(statements: Vec<Value>) -> Value {
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// The statement that allows what some parts ask. The operations list and describe whatever is there, so
/// the resource is everything; none of them changes or decrypts anything.
#[must_use]
pub fn reads(parts: &[Part]) -> Value {
    json!({
        "Sid": "TrailwardenReads",
        "Effect": "Allow",
        "Action": actions(parts),
        "Resource": "*",
    })
}

/// The statement that allows actions on whatever is there.
#[must_use]
pub fn anywhere(actions: &[&str]) -> Value {
    json!({"Effect": "Allow", "Action": actions, "Resource": "*"})
}

/// The statement that lets the same caller take a role of that name in other accounts.
#[must_use]
pub fn assume(partition: &str, role: &str, accounts: &[String]) -> Value {
    let arn = |account: &str| format!("arn:{partition}:iam::{account}:role/{role}");
    let resources: Vec<String> = match accounts {
        [] => vec![arn("*")],
        accounts => accounts.iter().map(|account| arn(account)).collect(),
    };
    json!({
        "Sid": "TrailwardenTakesTheRole",
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Resource": resources,
    })
}

/// What is asked to read logs, each once, in the order of the table.
#[must_use]
pub fn log_reads(logs: &[Logs]) -> Vec<&'static Read> {
    let is_asked = |read: &&Read| {
        logs.iter().any(|one| match one {
            Logs::Bucket { .. } => read.part() == Part::Bucket,
            Logs::History { everywhere } => {
                read.part() == Part::History || (*everywhere && read.api() == REGIONS)
            }
        })
    };
    ALL.iter().filter(is_asked).collect()
}

/// The statements that let somebody read logs, of their buckets and prefixes only, with `others` beside,
/// and decrypt them with these keys.
///
/// Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon S3" (who
/// lists needs the bucket, who reads the objects).
#[must_use]
pub fn logs(
    partition: &str,
    logs: &[Logs],
    keys: &[String],
    others: &[&'static str],
) -> Vec<Value> {
    let mut statements = Vec::new();
    let asked = log_reads(logs).into_iter().filter_map(Read::action);
    let mut anywhere: BTreeSet<&str> = others.iter().copied().collect();
    anywhere.extend(asked.filter(|action| !is_scoped(action)));
    let places = logs.iter().filter_map(|one| match one {
        Logs::Bucket { bucket, prefix } => Some((bucket.as_str(), prefix.as_str())),
        Logs::History { .. } => None,
    });
    let buckets: Vec<(&str, &str)> = places.collect();
    for (bucket, prefix) in &buckets {
        let mut listing = json!({
            "Effect": "Allow",
            "Action": "s3:ListBucket",
            "Resource": format!("arn:{partition}:s3:::{bucket}"),
        });
        if let (false, Some(members)) = (prefix.is_empty(), listing.as_object_mut()) {
            let condition = json!({"StringLike": {"s3:prefix": format!("{}*", literal(prefix))}});
            members.insert("Condition".to_owned(), condition);
        }
        statements.push(listing);
    }
    if !buckets.is_empty() {
        let arn = |(bucket, prefix): &(&str, &str)| {
            format!("arn:{partition}:s3:::{bucket}/{}*", literal(prefix))
        };
        statements.push(json!({
            "Effect": "Allow",
            "Action": "s3:GetObject",
            "Resource": buckets.iter().map(arn).collect::<Vec<_>>(),
        }));
    }
    if !keys.is_empty() {
        statements
            .push(json!({"Effect": "Allow", "Action": "kms:Decrypt", "Resource": keys.to_vec()}));
    }
    if !anywhere.is_empty() {
        let actions: Vec<&str> = anywhere.into_iter().collect();
        statements.push(json!({"Effect": "Allow", "Action": actions, "Resource": "*"}));
    }
    statements
}

/// Whether a permission is about a bucket or what is in it.
fn is_scoped(action: &str) -> bool {
    ["s3:ListBucket", "s3:GetObject"].contains(&action)
}

/// A prefix in which no character stands for others.
///
/// Source: IAM User Guide, "IAM JSON policy elements: Resource" (`${*}`, `${?}` and `${$}` are themselves).
fn literal(prefix: &str) -> String {
    let escape = |letter: char| match letter {
        '*' | '?' | '$' => format!("${{{letter}}}"),
        other => other.to_string(),
    };
    prefix.chars().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logs_are_read_where_they_lie_and_nowhere_else() {
        let bucket = Logs::Bucket { bucket: "trail".to_owned(), prefix: "AWSLogs/a*b/".to_owned() };
        let key = "arn:aws:kms:eu-west-1:111122223333:key/k".to_owned();
        let statements = logs("aws", &[bucket], std::slice::from_ref(&key), &[]);
        assert_eq!(
            policy(statements),
            json!({"Version": "2012-10-17", "Statement": [
                {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::trail",
                    "Condition": {"StringLike": {"s3:prefix": "AWSLogs/a${*}b/*"}}},
                {"Effect": "Allow", "Action": "s3:GetObject",
                    "Resource": ["arn:aws:s3:::trail/AWSLogs/a${*}b/*"]},
                {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": [key]},
            ]})
        );
        let everywhere = [Logs::History { everywhere: true }];
        let asked: Vec<&str> = log_reads(&everywhere).into_iter().map(Read::api).collect();
        assert_eq!(asked, ["account:ListRegions", "cloudtrail:LookupEvents"]);
        let history = logs("aws", &everywhere, &[], &[]);
        assert_eq!(history[0]["Action"], json!(["account:ListRegions", "cloudtrail:LookupEvents"]));
        assert_eq!(logs("aws", &[], &[], &[]), [] as [Value; 0]);
    }

    /// Whatever is asked of a bucket is allowed by one of the statements.
    #[test]
    fn every_permission_of_a_bucket_is_granted() {
        let bucket = Logs::Bucket { bucket: "b".to_owned(), prefix: String::new() };
        let told = policy(logs("aws", &[bucket], &[], &[])).to_string();
        for action in actions(&[Part::Bucket]) {
            assert!(told.contains(&format!("\"{action}\"")), "{action} in {told}");
        }
    }
}
