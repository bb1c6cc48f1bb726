//! Decisions per second on one core, compiling counted once.
//!
//! `cargo bench --package trailwarden-policy --bench evaluate` prints the speeds; with
//! `-- --print-cases NAME COUNT` it prints the same requests as simulation cases, for another
//! evaluator to be timed on.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench speaks to a terminal and may stop at the first surprise"
)]

use std::hint::black_box;
use std::time::Instant;

use serde_json::{Value, json};
use trailwarden_policy::evaluate::{Caller, Compiled, Context, Input, Request, decide, evaluate};
use trailwarden_policy::{Document, PolicyKind};

/// Decisions in one round, and rounds.
const ROUND: usize = 20_000;
const ROUNDS: usize = 20;

const PRINCIPAL: &str = "arn:aws:iam::111122223333:user/alice";

struct Bench {
    name: &'static str,
    target: u32,
    requests: [(&'static str, &'static str); 4],
    identity: Vec<Value>,
    scps: Vec<Vec<Value>>,
}

fn main() {
    let benches = [small(), large()];
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--print-cases") {
        let name = arguments.get(at + 1).map(String::as_str).unwrap_or_default();
        let count = arguments.get(at + 2).and_then(|count| count.parse().ok()).unwrap_or(1_000);
        for bench in benches.iter().filter(|bench| bench.name == name) {
            bench.print_cases(count);
        }
        return;
    }
    println!("{:<28} {:>12} {:>12} {:>14}", "", "decide/s", "explain/s", "at least");
    for bench in &benches {
        bench.run();
    }
}

fn document(statements: Vec<Value>) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements })
}

/// What most principals have: a grant, one with a condition and variable, and a deny.
fn small() -> Bench {
    let identity = document(vec![
        json!({ "Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"],
                "Resource": "arn:aws:s3:::reports/2026/alice/*" }),
        json!({ "Effect": "Allow", "Action": "ec2:*Instances", "Resource": "*",
                "Condition": { "StringEquals": { "aws:RequestedRegion": ["eu-west-1", "eu-central-1"] } } }),
        json!({ "Effect": "Deny", "Action": "s3:Delete*", "Resource": "*",
                "Condition": { "BoolIfExists": { "aws:MultiFactorAuthPresent": "false" } } }),
    ]);
    Bench {
        name: "small",
        target: 500_000,
        requests: [
            ("s3:GetObject", "arn:aws:s3:::reports/2026/alice/q1.csv"),
            ("s3:DeleteBucket", "arn:aws:s3:::reports"),
            ("ec2:StartInstances", "arn:aws:ec2:eu-west-1:111122223333:instance/i-0abc"),
            ("iam:PassRole", "arn:aws:iam::111122223333:role/app"),
        ],
        identity: vec![identity],
        scps: Vec::new(),
    }
}

/// A hundred statements, each with several actions, resources, and a condition in every other.
fn large() -> Bench {
    let services = ["s3", "ec2", "iam", "sqs", "sns", "kms", "lambda", "logs", "dynamodb", "rds"];
    let statement = |at: usize| {
        let service = services[at % services.len()];
        let mut statement = json!({
            "Effect": if at % 10 == 9 { "Deny" } else { "Allow" },
            "Action": [format!("{service}:Get*"), format!("{service}:List*"), format!("{service}:*{at}Thing"),
                       format!("{service}:Describe*")],
            "Resource": [format!("arn:aws:{service}:*:111122223333:thing{at}/*"),
                         format!("arn:aws:{service}:::reports/{at}/${{aws:username}}/*")],
        });
        if at.is_multiple_of(2) {
            statement["Condition"] = json!({
                "StringLike": { "aws:PrincipalTag/team": ["ops*", "dev-?"] },
                "IpAddress": { "aws:SourceIp": ["203.0.113.0/24", "2001:db8::/32"] },
            });
        }
        statement
    };
    let scp = |deny: &str| {
        vec![
            document(vec![json!({ "Effect": "Allow", "Action": "*", "Resource": "*" })]),
            document(vec![
                json!({ "Effect": "Deny", "NotAction": [deny, "iam:*", "s3:*", "ec2:*"], "Resource": "*",
                "Condition": { "StringNotEquals": { "aws:RequestedRegion": ["eu-west-1", "eu-central-1"] } } }),
            ]),
        ]
    };
    Bench {
        name: "large",
        target: 20_000,
        requests: [
            ("s3:GetObject", "arn:aws:s3:::reports/80/alice/q1.csv"),
            ("ec2:DescribeInstances", "arn:aws:ec2:eu-west-1:111122223333:thing99/x"),
            ("rds:GetThing", "arn:aws:rds:eu-west-1:111122223333:thing99/x"),
            ("iam:PassRole", "arn:aws:iam::111122223333:role/app"),
        ],
        identity: vec![document((0..100).map(statement).collect())],
        scps: vec![scp("sts:*"), scp("support:*")],
    }
}

impl Bench {
    fn run(&self) {
        let start = Instant::now();
        let compile = |value: &Value, kind| {
            Compiled::new("p", &Document::parse(&value.to_string()).unwrap(), kind)
        };
        let identity: Vec<_> =
            self.identity.iter().map(|policy| compile(policy, PolicyKind::Identity)).collect();
        let level = |level: &Vec<Value>| {
            level.iter().map(|policy| compile(policy, PolicyKind::Scp)).collect::<Vec<_>>()
        };
        let scps: Vec<_> = self.scps.iter().map(level).collect();
        let compiling = start.elapsed();
        let context = context();
        let ask = |(action, resource): (&str, &str), full: bool| {
            let caller = Caller::parse(black_box(PRINCIPAL)).unwrap();
            let request = Request::new(caller, black_box(action), black_box(resource), &context);
            let input = Input { identity: &identity, scps: &scps, ..Input::new(request) };
            if full {
                black_box(evaluate(&input));
            } else {
                black_box(decide(&input));
            }
        };
        // The best of many short rounds: what else the machine does must not count.
        let per_second = |full: bool| {
            let round = || {
                let start = Instant::now();
                for at in 0..ROUND {
                    ask(self.requests[at % self.requests.len()], full);
                }
                ROUND as f64 / (start.elapsed() + compiling).as_secs_f64()
            };
            (0..ROUNDS).map(|_| round()).fold(0.0, f64::max)
        };
        let (fast, full) = (per_second(false), per_second(true));
        let verdict = if fast >= f64::from(self.target) { "met" } else { "MISSED" };
        println!("{:<28} {fast:>12.0} {full:>12.0} {:>14} {verdict}", self.name, self.target);
    }

    fn print_cases(&self, count: usize) {
        for at in 0..count {
            let (action, resource) = self.requests[at % self.requests.len()];
            let case = json!({
                "id": at, "principal": PRINCIPAL, "action": action, "resource": resource,
                "resourceAccount": "111122223333",
                "context": { "aws:username": "alice", "aws:SourceIp": "203.0.113.9",
                    "aws:RequestedRegion": "eu-west-1", "aws:PrincipalTag/team": "ops" },
                "identityPolicies": self.identity, "scps": self.scps,
            });
            println!("{case}");
        }
    }
}

fn context() -> Context {
    Context::complete()
        .with("aws:username", "alice")
        .with("aws:SourceIp", "203.0.113.9")
        .with("aws:RequestedRegion", "eu-west-1")
        .with("aws:PrincipalTag/team", "ops")
}
