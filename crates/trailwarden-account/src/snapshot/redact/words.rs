//! Texts word by word.

use std::net::IpAddr;

use sha2::{Digest as _, Sha256};
use trailwarden_model::{AccountId, Arn, Timestamp};

/// What stays of names: types in ARNs, and what AWS names itself.
const KEPT: &[&str] = &[
    "AWSCloudFormationStackSetAdministrationRole",
    "AWSCloudFormationStackSetExecutionRole",
    "AWSControlTowerExecution",
    "AWSReservedSSO",
    "OrganizationAccountAccessRole",
    "access-analyzer",
    "alias",
    "amazonaws",
    "analyzer",
    "arn",
    "assumed-role",
    "aws",
    "aws-reserved",
    "aws-service-role",
    "bucket",
    "default",
    "federated-user",
    "function",
    "group",
    "iam",
    "instance",
    "instance-profile",
    "key",
    "log-group",
    "mfa",
    "oidc-provider",
    "ou",
    "permissionSet",
    "policy",
    "role",
    "root",
    "root-account-mfa-device",
    "saml-provider",
    "server-certificate",
    "service-role",
    "sts",
    "table",
    "trail",
    "user",
];
/// Public identity providers: that it is one of them decides what a trust policy means.
const PROVIDERS: &[&str] = &[
    "accounts.google.com",
    "agent.buildkite.com",
    "api.bitbucket.org",
    "app.terraform.io",
    "cognito-identity.amazonaws.com",
    "gitlab.com",
    "graph.facebook.com",
    "oidc.circleci.com",
    "signin.aws.amazon.com",
    "token.actions.githubusercontent.com",
    "www.amazon.com",
];
/// How unique ids of IAM begin.
const IDS: &[&str] = &[
    "ABIA", "ACCA", "AGPA", "AIDA", "AIPA", "AKIA", "ANPA", "ANVA", "APKA", "AROA", "ASCA", "ASIA",
];

/// Pseudonyms under one key.
pub(super) struct Words {
    key: [u8; 32],
}

impl Words {
    pub(super) fn new(key: &[u8; 32]) -> Self {
        Self { key: *key }
    }

    fn hash(&self, text: &str) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(self.key);
        hash.update(text.as_bytes());
        hash.finalize().into()
    }

    pub(super) fn account(&self, account: AccountId) -> AccountId {
        let hash = self.hash(&account.to_string());
        let number = hash.iter().take(8).fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte));
        // Never with zeros in front, so that it is read as an account by everybody.
        AccountId::from_number(100_000_000_000 + number % 900_000_000_000).unwrap_or(account)
    }

    /// Any text that is not known to be harmless.
    pub(super) fn text(&self, text: &str) -> String {
        if is_harmless(text) {
            return text.to_owned();
        }
        if let Some(address) = self.address(text) {
            return address;
        }
        match Arn::parse(text) {
            Some(arn) if arn.account == "aws" => text.to_owned(),
            Some(arn) => {
                let head = [arn.partition, arn.service, arn.region].join(":");
                format!("arn:{head}:{}:{}", self.segments(arn.account), self.segments(arn.resource))
            }
            None => self.segments(text),
        }
    }

    /// `aws:ResourceTag/Project` and `oidc.example.com/id:sub` hold names of somebody's; other keys are AWS's.
    pub(super) fn condition_key(&self, key: &str) -> String {
        if let Some((key, tag)) = key.split_once('/').filter(|(key, _)| key.contains("Tag")) {
            return format!("{key}/{}", self.segments(tag));
        }
        match key.rsplit_once(':') {
            Some((host, name)) if host.contains('.') => format!("{}:{name}", self.segments(host)),
            _ => key.to_owned(),
        }
    }

    /// Segments between slashes and colons. Variables such as `${aws:username}` stay.
    fn segments(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, variable)) = rest.split_once("${") {
            out.push_str(&self.plain(before));
            let Some((variable, after)) = variable.split_once('}') else {
                return out + &self.plain(variable);
            };
            out.push_str("${");
            out.push_str(&self.condition_key(variable));
            out.push('}');
            rest = after;
        }
        out + &self.plain(rest)
    }

    fn plain(&self, text: &str) -> String {
        let parts = text.split_inclusive(['/', ':']).map(|part| {
            let segment = part.trim_end_matches(['/', ':']);
            let end = part.get(segment.len()..).unwrap_or_default();
            let stays = KEPT.contains(&segment)
                || PROVIDERS.contains(&segment)
                || segment.starts_with("AWSServiceRoleFor")
                || is_harmless(segment);
            match stays {
                true => part.to_owned(),
                false => self.runs(segment) + end,
            }
        });
        parts.collect()
    }

    /// Letters and digits are replaced, what stands between them stays.
    fn runs(&self, segment: &str) -> String {
        let mut out = String::new();
        let mut run = String::new();
        for character in segment.chars() {
            if character.is_alphanumeric() {
                run.push(character);
            } else {
                out.push_str(&self.run(&run));
                run.clear();
                out.push(character);
            }
        }
        out + &self.run(&run)
    }

    fn run(&self, run: &str) -> String {
        if run.is_empty() || KEPT.contains(&run) {
            return run.to_owned();
        }
        if let Some(account) = AccountId::parse(run) {
            return self.account(account).to_string();
        }
        let id = IDS.iter().find(|id| run.starts_with(**id) && run.len() >= 16);
        if let Some(id) = id {
            let hash = self.hash(run);
            let tail = hash.iter().take(17).map(|byte| char::from(b'A' + byte % 26));
            return id.chars().chain(tail).collect();
        }
        words(run).map(|word| self.word(word)).collect()
    }

    fn word(&self, word: &str) -> String {
        // A letter, or a number of two digits, says nothing about anybody.
        if word.len() < 2 || (word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_digit())) {
            return word.to_owned();
        }
        let lower = word.to_lowercase();
        let hash = self.hash(&lower);
        let is_upper = word.starts_with(char::is_uppercase);
        let letter = |(at, byte): (usize, &u8)| {
            let first = if is_upper && at == 0 { b'A' } else { b'a' };
            char::from(first + byte % 26)
        };
        hash.iter().take(8).enumerate().map(letter).collect()
    }

    /// Addresses and ranges: private ones and everything stay.
    fn address(&self, text: &str) -> Option<String> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length.parse::<u8>().ok()?)),
            None => (text, None),
        };
        let stays = match address.parse().ok()? {
            IpAddr::V4(v4) => v4.is_private() || v4.is_loopback() || v4.is_unspecified(),
            IpAddr::V6(v6) => v6.is_unique_local() || v6.is_loopback() || v6.is_unspecified(),
        };
        if stays {
            return Some(text.to_owned());
        }
        let [one, two, three, ..] = self.hash(address);
        let address = format!("198.{}.{two}.{three}", 18 + one % 2);
        Some(length.map_or(address.clone(), |length| format!("{address}/{}", length.min(32))))
    }
}

/// Parts of a run as people write them: `DevOpsTeam01` has four.
fn words(run: &str) -> impl Iterator<Item = &str> {
    let characters: Vec<(usize, char)> = run.char_indices().collect();
    let mut starts: Vec<usize> = characters
        .windows(2)
        .enumerate()
        .filter_map(|(at, pair)| {
            let [(_, left), (start, right)] = pair else { return None };
            let next = characters.get(at + 2).map(|(_, next)| *next);
            let is_start = (left.is_lowercase() && right.is_uppercase())
                || (left.is_numeric() != right.is_numeric())
                || (left.is_uppercase()
                    && right.is_uppercase()
                    && next.is_some_and(char::is_lowercase));
            is_start.then_some(*start)
        })
        .collect();
    starts.insert(0, 0);
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([run.len()]).collect();
    starts.into_iter().zip(ends).filter_map(|(start, end)| run.get(start..end))
}

/// What AWS spells, or says nothing about anybody: dates, numbers, flags, services, regions.
fn is_harmless(text: &str) -> bool {
    let is_number =
        text.len() != 12 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_number
        || ["*", "true", "false", "None", "N/A"].contains(&text)
        || Timestamp::parse(text).is_some()
        || is_service(text)
        || is_region(text)
}

/// `ec2.amazonaws.com`, `states.eu-west-1.amazonaws.com`; a host such as that of a bucket is somebody's.
fn is_service(text: &str) -> bool {
    let ends = [".amazonaws.com", ".amazonaws.com.cn", ".aws.internal"];
    let Some(service) = ends.iter().find_map(|end| text.strip_suffix(end)) else { return false };
    let is_word = service.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
    is_word
        && match service.split_once('.') {
            None => true,
            Some((part, service)) => is_region(service) || PARTS.contains(&part),
        }
}

/// Parts of services that sign in by a name of their own, such as `delivery.logs.amazonaws.com`.
const PARTS: &[&str] = &["continuousexport", "delivery", "ops", "replicator"];

/// `eu-west-1`, `us-gov-east-1`.
fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [area, .., number] = parts.as_slice() else { return false };
    (3..=4).contains(&parts.len())
        && (2..=4).contains(&area.len())
        && number.len() == 1
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && parts.iter().rev().skip(1).all(|part| part.bytes().all(|b| b.is_ascii_lowercase()))
        && DIRECTIONS.iter().any(|direction| text.contains(direction))
}

const DIRECTIONS: &[&str] = &["east", "west", "north", "south", "central"];
