//! Digest chains of our own, signed with a key that nobody keeps.
//!
//! The fixtures of `verify`: log files, the digest files that name them, and what
//! `aws s3api head-object` and `aws cloudtrail list-public-keys` would print. Each run makes a fresh
//! key pair in the system's folder for temporary files, signs, and deletes it; only the public half is
//! written. So the bytes differ from run to run, and tests must not know them.
//!
//! Everything that can be done to files without a key (change, delete, move) the tests do themselves.

mod signer;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use libdeflater::{CompressionLvl, Compressor};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use self::signer::Signer;

const BUCKET: &str = "example-trail-logs";

/// Arguments of `corpus digests`.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Arguments {
    /// Folder to write to, such as `fixtures/integrity`; what is in it is replaced.
    out: PathBuf,
}

/// The command.
pub(super) fn run(arguments: &Arguments) -> Result<()> {
    let out = &arguments.out;
    if out.exists() {
        fs::remove_dir_all(out).with_context(|| format!("cannot empty `{}`", out.display()))?;
    }
    let signer = Signer::new()?;
    let mut files = 0;
    for (name, chains) in [("valid", valid()), ("overlap", overlap()), ("hostile", hostile())] {
        for chain in chains {
            files += chain.write(&out.join(name), &signer)?;
        }
    }
    write(&out.join("public-keys.json"), &pretty(&signer.keys()?))?;
    write(&out.join("public-keys-spki.json"), &pretty(&signer.keys_in_info()?))?;
    // Another key under the same fingerprint: nothing that was signed fits it.
    let other = Signer::new()?.keys_called(&signer.fingerprint()?)?;
    write(&out.join("other-keys.json"), &pretty(&other))?;
    eprintln!("{files} digests in {}", out.display());
    Ok(())
}

/// What one trail delivers from one region of one account.
struct Chain {
    /// What comes before `AWSLogs/` in the bucket, and the organization after it.
    prefix: &'static str,
    account: &'static str,
    region: &'static str,
    is_backfill: bool,
    digests: Vec<Planned>,
}

/// One digest to be.
struct Planned {
    is_start: bool,
    start: &'static str,
    end: &'static str,
    /// When each log file is delivered; an entry with a slash is a key as it is, without a file.
    logs: &'static [&'static str],
}

const fn starting(
    start: &'static str,
    end: &'static str,
    logs: &'static [&'static str],
) -> Planned {
    Planned { is_start: true, start, end, logs }
}

const fn next(start: &'static str, end: &'static str, logs: &'static [&'static str]) -> Planned {
    Planned { is_start: false, start, end, logs }
}

fn chain(account: &'static str, region: &'static str, digests: Vec<Planned>) -> Chain {
    Chain { prefix: "AWSLogs", account, region, is_backfill: false, digests }
}

/// Two regions, an hour without logs, a pause, late log files, and an organization.
fn valid() -> Vec<Chain> {
    let east = vec![
        starting("2026-03-01T00:10:00Z", "2026-03-01T01:10:00Z", &["0035", "0105"]),
        next("2026-03-01T01:10:00Z", "2026-03-01T02:10:00Z", &[]),
        next("2026-03-01T02:10:00Z", "2026-03-01T03:10:00Z", &["0245"]),
        // The last one before logging was stopped is shorter than an hour.
        next("2026-03-01T03:10:00Z", "2026-03-01T03:40:00Z", &["0335"]),
        starting("2026-03-01T06:00:00Z", "2026-03-01T07:00:00Z", &["0640"]),
        next("2026-03-01T07:00:00Z", "2026-03-01T08:00:00Z", &["0715", "0750"]),
        next("2026-03-01T08:00:00Z", "2026-03-01T09:00:00Z", &["0830"]),
    ];
    let west = vec![
        starting("2026-03-01T00:20:00Z", "2026-03-01T01:20:00Z", &["0055"]),
        next("2026-03-01T01:20:00Z", "2026-03-01T02:20:00Z", &["0150"]),
        next("2026-03-01T02:20:00Z", "2026-03-01T03:20:00Z", &["0250"]),
    ];
    let late = vec![
        starting("2026-03-01T01:10:00Z", "2026-03-01T02:10:00Z", &["0140"]),
        next("2026-03-01T07:00:00Z", "2026-03-01T08:00:00Z", &["0730"]),
    ];
    let member = vec![
        starting("2026-03-01T00:00:00Z", "2026-03-01T01:00:00Z", &["0030"]),
        next("2026-03-01T01:00:00Z", "2026-03-01T02:00:00Z", &["0130"]),
    ];
    vec![
        chain("111122223333", "us-east-1", east),
        chain("111122223333", "eu-west-1", west),
        Chain { is_backfill: true, ..chain("111122223333", "us-east-1", late) },
        Chain {
            prefix: "archive/AWSLogs/o-exampleorg",
            ..chain("444455556666", "us-west-2", member)
        },
    ]
}

/// Digests that lead to each other and whose times do not fit.
fn overlap() -> Vec<Chain> {
    let digests = vec![
        starting("2026-03-01T00:00:00Z", "2026-03-01T01:00:00Z", &[]),
        next("2026-03-01T00:30:00Z", "2026-03-01T01:30:00Z", &[]),
        next("2026-03-01T03:00:00Z", "2026-03-01T04:00:00Z", &[]),
    ];
    vec![chain("222233334444", "us-east-1", digests)]
}

/// Signed, and naming what no digest should name.
fn hostile() -> Vec<Chain> {
    const KEYS: &[&str] = &[
        "../../../../../../etc/passwd",
        "/etc/hostname",
        "AWSLogs/777788889999/CloudTrail/us-east-1/2026/03/01/../../../../../../../Cargo.toml",
        "AWSLogs/\u{1b}[31m\u{202e}/x.json.gz",
    ];
    let digests = vec![starting("2026-03-01T00:00:00Z", "2026-03-01T01:00:00Z", KEYS)];
    vec![chain("777788889999", "us-east-1", digests)]
}

impl Chain {
    fn write(&self, root: &Path, signer: &Signer) -> Result<usize> {
        let mut before: Option<(String, String, String)> = None;
        for planned in &self.digests {
            if planned.is_start {
                before = None;
            }
            before = Some(self.write_digest(root, signer, planned, before)?);
        }
        Ok(self.digests.len())
    }

    fn folder(&self, kind: &str) -> String {
        format!("{}/{}/{kind}/{}/2026/03/01", self.prefix, self.account, self.region)
    }

    /// Writes a digest, its logs and its metadata; its key, sum and signature.
    fn write_digest(
        &self,
        root: &Path,
        signer: &Signer,
        planned: &Planned,
        before: Option<(String, String, String)>,
    ) -> Result<(String, String, String)> {
        let Self { account, region, .. } = self;
        let end = planned.end.replace(['-', ':'], "");
        let backfill = if self.is_backfill { "_backfill" } else { "" };
        let key = format!(
            "{}/{account}_CloudTrail-Digest_{region}_main_trail_us-east-1_{end}{backfill}.json.gz",
            self.folder("CloudTrail-Digest")
        );
        let logs: Vec<Value> = planned
            .logs
            .iter()
            .map(|minute| self.write_log(root, minute))
            .collect::<Result<_>>()?;
        let (object, sum, signature) = before
            .map_or((None, None, None), |(object, sum, signature)| {
                (Some(object), Some(sum), Some(signature))
            });
        let newest = (!logs.is_empty()).then_some(planned.end);
        let digest = json!({
            "awsAccountId": account,
            "digestStartTime": planned.start, "digestEndTime": planned.end,
            "digestS3Bucket": BUCKET, "digestS3Object": key,
            "digestPublicKeyFingerprint": signer.fingerprint()?,
            "digestSignatureAlgorithm": "SHA256withRSA",
            "newestEventTime": newest, "oldestEventTime": newest.map(|_| planned.start),
            "previousDigestS3Bucket": object.as_ref().map(|_| BUCKET),
            "previousDigestS3Object": object,
            "previousDigestHashValue": sum,
            "previousDigestHashAlgorithm": sum.as_ref().map(|_| "SHA-256"),
            "previousDigestSignature": signature,
            "logFiles": logs,
        });
        let content = digest.to_string();
        let sum = hex(&Sha256::digest(content.as_bytes()));
        let before = signature.as_deref().unwrap_or("null");
        let signed = format!("{}\n{BUCKET}/{key}\n{sum}\n{before}", planned.end);
        let signature = hex(&signer.sign(signed.as_bytes())?);
        let mut metadata = BTreeMap::from([
            ("signature", signature.as_str()),
            ("signature-algorithm", "SHA256withRSA"),
        ]);
        if self.is_backfill {
            metadata.insert("backfill-generation-timestamp", "2026-03-02T00:00:00Z");
        }
        let packed = gzip(content.as_bytes())?;
        let head = json!({ "ContentLength": packed.len(), "Metadata": metadata });
        write(&root.join(format!("{key}.head.json")), &pretty(&head))?;
        write(&root.join(&key), &packed)?;
        Ok((key, sum, signature))
    }

    /// Writes a log file that was delivered at an hour and minute; its entry in the digest.
    fn write_log(&self, root: &Path, minute: &str) -> Result<Value> {
        let Self { account, region, .. } = self;
        let id = hex(&Sha256::digest(format!("{account} {region} {minute} {}", self.is_backfill)));
        let (id, random) = (id.get(..36).unwrap_or(""), id.get(36..52).unwrap_or(""));
        let (hour, clock) = minute.split_at_checked(2).unwrap_or(("00", "00"));
        let content = json!({ "Records": [{
            "eventVersion": "1.11", "eventID": id, "eventTime": format!("2026-03-01T{hour}:{clock}:00Z"),
            "eventSource": "iam.amazonaws.com", "eventName": "ListUsers", "awsRegion": region,
            "recipientAccountId": account, "sourceIPAddress": "203.0.113.9", "userAgent": "example",
            "userIdentity": { "type": "IAMUser", "accountId": account, "userName": "alice",
                "principalId": "AIDAEXAMPLE", "arn": format!("arn:aws:iam::{account}:user/alice") },
            "requestParameters": null, "responseElements": null, "eventType": "AwsApiCall",
            "readOnly": true, "managementEvent": true, "eventCategory": "Management",
        }]})
        .to_string();
        let key = if minute.contains('/') {
            minute.to_owned()
        } else {
            let folder = self.folder("CloudTrail");
            let key = format!(
                "{folder}/{account}_CloudTrail_{region}_20260301T{minute}Z_{random}.json.gz"
            );
            write(&root.join(&key), &gzip(content.as_bytes())?)?;
            key
        };
        let time = format!("2026-03-01T{hour}:{clock}:00Z");
        Ok(json!({
            "s3Bucket": BUCKET, "s3Object": key, "hashAlgorithm": "SHA-256",
            "hashValue": hex(&Sha256::digest(content.as_bytes())),
            "newestEventTime": time, "oldestEventTime": time,
        }))
    }
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut compressor = Compressor::new(CompressionLvl::best());
    let mut packed = vec![0; compressor.gzip_compress_bound(content.len())];
    let length = compressor.gzip_compress(content, &mut packed).context("cannot compress")?;
    packed.truncate(length);
    Ok(packed)
}

fn pretty(value: &Value) -> Vec<u8> {
    format!("{value:#}\n").into_bytes()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn write(path: &Path, content: &[u8]) -> Result<()> {
    let folder = path.parent().context("a file lies in a folder")?;
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, content))
        .with_context(|| format!("cannot write `{}`", path.display()))
}
