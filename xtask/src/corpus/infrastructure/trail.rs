//! The records so far, the time, and who is calling.

use serde_json::{Value, json};

use super::{ACCOUNT, PROVIDER, REGION};
use crate::corpus::calendar;
use crate::corpus::random::{self, Random, mix};
use crate::corpus::unit::Entry;

const TERRAFORM: &str = "APN/1.0 HashiCorp/1.0 Terraform/1.12.2 (+https://www.terraform.io) terraform-provider-aws/6.2.0 aws-sdk-go-v2/1.36.5 ua/2.1 os/linux lang/go#1.24.4 md/GOOS#linux md/GOARCH#amd64 m/C,D";
const CLOUDFORMATION: &str = "cloudformation.amazonaws.com";
const ROTATOR: &str = "Boto3/1.38.36 md/Botocore#1.38.46 ua/2.1 os/linux#6.1.0 md/arch#x86_64 lang/python#3.13.5 md/pyimpl#CPython cfg/retry-mode#standard Botocore/1.38.46";

/// Who does the work.
#[derive(Debug, Clone)]
pub(super) enum Caller {
    Terraform,
    CloudFormation,
    /// A machine's user, with its access key.
    Machine {
        name: &'static str,
        key: String,
    },
}

/// A trail that grows.
pub(super) struct Trail {
    pub(super) random: Random,
    pub(super) records: Vec<Entry>,
    pub(super) time: i64,
    seed: u64,
    identity: Value,
    agent: &'static str,
    address: &'static str,
}

impl Trail {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            random: Random::new(mix(&[seed, 91])),
            records: Vec::new(),
            time: calendar::BEGIN + 7 * 3_600,
            seed,
            identity: Value::Null,
            agent: TERRAFORM,
            address: "",
        }
    }

    /// Some time later, somebody begins to work.
    pub(super) fn begin(&mut self, caller: Caller) {
        self.time += self.random.between(600, 9_000);
        let created = calendar::instant(self.time);
        match caller {
            Caller::Machine { name, key } => {
                (self.agent, self.address) = (ROTATOR, "198.51.100.31");
                self.identity = json!({
                    "type": "IAMUser",
                    "principalId": unique("AIDA", name),
                    "arn": format!("arn:aws:iam::{ACCOUNT}:user/machines/{name}"),
                    "accountId": ACCOUNT,
                    "accessKeyId": key,
                    "userName": name,
                });
            }
            Caller::Terraform => {
                (self.agent, self.address) = (TERRAFORM, "198.51.100.20");
                let key = self.enter();
                let session = format!("run-{}", 10_000 + self.random.below(80_000));
                self.identity = session_of("ci-deploy", &session, &key, &created);
            }
            Caller::CloudFormation => {
                (self.agent, self.address) = (CLOUDFORMATION, CLOUDFORMATION);
                let key = format!("ASIA{}", random::letters(self.random.next(), 16));
                self.identity = session_of("cfn-execution", "AWSCloudFormation", &key, &created);
                if let Some(identity) = self.identity.as_object_mut() {
                    identity.insert("invokedBy".to_owned(), json!(CLOUDFORMATION));
                }
            }
        }
    }

    /// The build server enters its role; gives the key of the session.
    fn enter(&mut self) -> String {
        let key = format!("ASIA{}", random::letters(self.random.next(), 16));
        let subject = "repo:example-corp/platform:ref:refs/heads/main";
        let provider = format!("arn:aws:iam::{ACCOUNT}:oidc-provider/{PROVIDER}");
        self.identity = json!({
            "type": "WebIdentityUser",
            "principalId": format!("{provider}:sts.amazonaws.com:{subject}"),
            "userName": subject,
            "identityProvider": provider,
        });
        let role = format!("arn:aws:iam::{ACCOUNT}:role/ci-deploy");
        let request = json!({"roleArn": role, "roleSessionName": "ci", "durationSeconds": 3_600});
        let response = json!({
            "credentials": {
                "accessKeyId": key,
                "expiration": calendar::text(self.time + 3_600),
            },
            "subjectFromWebIdentityToken": subject,
            "assumedRoleUser": {
                "assumedRoleId": format!("{}:ci", unique("AROA", "ci-deploy")),
                "arn": format!("arn:aws:sts::{ACCOUNT}:assumed-role/ci-deploy/ci"),
            },
            "provider": provider,
            "audience": "sts.amazonaws.com",
        });
        let mut record = self.record("AssumeRoleWithWebIdentity", request, response, true);
        if let Some(fields) = record.as_object_mut() {
            fields.insert("eventSource".to_owned(), json!("sts.amazonaws.com"));
            fields.insert("awsRegion".to_owned(), json!(REGION));
            let resource = json!([{"accountId": ACCOUNT, "type": "AWS::IAM::Role", "ARN": role}]);
            fields.insert("resources".to_owned(), resource);
        }
        self.push(&record);
        self.time += 4;
        key
    }

    /// A call that changes something.
    pub(super) fn change(&mut self, name: &str, request: Value, response: Value) {
        let record = self.record(name, request, response, false);
        self.push(&record);
    }

    /// A call that asks.
    pub(super) fn ask(&mut self, name: &str, request: Value) {
        let record = self.record(name, request, Value::Null, true);
        self.push(&record);
    }

    /// A call that failed, though it was allowed.
    pub(super) fn fail(&mut self, name: &str, request: Value, code: &str, message: &str) {
        let mut record = self.record(name, request, Value::Null, name.starts_with("Get"));
        if let Some(fields) = record.as_object_mut() {
            fields.insert("errorCode".to_owned(), json!(code));
            fields.insert("errorMessage".to_owned(), json!(message));
        }
        self.push(&record);
    }

    fn record(&mut self, name: &str, request: Value, response: Value, is_read: bool) -> Value {
        // Several calls in one second are usual.
        self.time += self.random.between(0, 2);
        let number = self.records.len() as u64;
        let id = |which| {
            let mut text = String::new();
            random::uuid(mix(&[self.seed, number, which]), &mut text);
            text
        };
        let mut record = json!({
            "eventVersion": "1.11",
            "userIdentity": self.identity,
            "eventTime": calendar::instant(self.time),
            "eventSource": "iam.amazonaws.com",
            "eventName": name,
            "awsRegion": "us-east-1",
            "sourceIPAddress": self.address,
            "userAgent": self.agent,
            "requestParameters": request,
            "responseElements": response,
            "requestID": id(92),
            "eventID": id(93),
            "readOnly": is_read,
            "eventType": "AwsApiCall",
            "managementEvent": true,
            "recipientAccountId": ACCOUNT,
            "eventCategory": "Management",
        });
        if let (Some(fields), true) = (record.as_object_mut(), self.agent != CLOUDFORMATION) {
            let details = json!({
                "tlsVersion": "TLSv1.3",
                "cipherSuite": "TLS_AES_128_GCM_SHA256",
                "clientProvidedHostHeader": "iam.amazonaws.com",
            });
            fields.insert("tlsDetails".to_owned(), details);
        }
        record
    }

    fn push(&mut self, record: &Value) {
        self.records.push(Entry { time: self.time, texts: vec![record.to_string()] });
    }
}

/// A unique id of IAM, the same for the same name.
pub(super) fn unique(kind: &str, name: &str) -> String {
    format!("{kind}{}", random::unique_id(ACCOUNT, name))
}

fn session_of(role: &str, session: &str, key: &str, created: &str) -> Value {
    let id = unique("AROA", role);
    json!({
        "type": "AssumedRole",
        "principalId": format!("{id}:{session}"),
        "arn": format!("arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}"),
        "accountId": ACCOUNT,
        "accessKeyId": key,
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": id,
                "arn": format!("arn:aws:iam::{ACCOUNT}:role/{role}"),
                "accountId": ACCOUNT,
                "userName": role,
            },
            "attributes": {"creationDate": created, "mfaAuthenticated": "false"},
        },
    })
}
