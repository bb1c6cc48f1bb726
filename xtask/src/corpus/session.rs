//! Role sessions: made once, opened by an AssumeRole record, used by later records.

use super::calendar;
use super::random::{self, Random, mix, of_text};
use super::world::{Account, World};

/// One assumption of a role.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) class: &'static str,
    pub(crate) role: String,
    pub(crate) name: String,
    pub(crate) access_key: String,
    pub(crate) start: i64,
    pub(crate) end: i64,
    pub(crate) region: usize,
    pub(crate) address: String,
    pub(crate) endpoint: Option<String>,
    pub(crate) agent: &'static str,
    /// The script that writes the records of its beginning.
    pub(crate) opening: &'static str,
}

/// A stretch of time, the end excluded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    pub(crate) begin: i64,
    pub(crate) end: i64,
}

/// How many of a hundred sessions are of which class, and for how many hours they live.
const CLASSES: [(&str, u64, i64); 6] = [
    ("lambda", 45, 12),
    ("task", 24, 6),
    ("instance", 17, 6),
    ("deploy", 7, 1),
    ("monitor", 6, 1),
    ("person", 1, 8),
];

/// The sessions that begin in a window of an account. A pure function, so that the next window can
/// ask for them again.
pub(crate) fn sessions(
    world: &World,
    account_index: usize,
    unit: usize,
    window: Window,
    count: u64,
) -> Vec<Session> {
    let Some(account) = world.accounts.get(account_index) else {
        return Vec::new();
    };
    (0..count)
        .map(|number| {
            let seed = mix(&[world.seed, account_index as u64, unit as u64, number, 21]);
            session(world, account, window, seed)
        })
        .collect()
}

fn session(world: &World, account: &Account, window: Window, seed: u64) -> Session {
    let mut random = Random::new(seed);
    let mut left = random.below(100);
    let found = CLASSES.into_iter().find(|(_, share, _)| match left.checked_sub(*share) {
        Some(rest) => {
            left = rest;
            false
        }
        None => true,
    });
    let (mut class, _, mut hours) = found.unwrap_or(("lambda", 0, 12));
    let mut start = random.between(window.begin, (window.end - 120).max(window.begin));
    if class == "person" {
        match daytime(&mut random, window, 600) {
            Some(time) => start = time,
            None => (class, hours) = ("lambda", 12),
        }
    }
    let mut session = Session {
        class,
        role: String::new(),
        name: String::new(),
        access_key: format!("ASIA{}", random::letters(random.next(), 16)),
        start,
        end: start + hours * 3_600,
        region: world.region(&mut random),
        address: String::new(),
        endpoint: None,
        agent: "",
        opening: "",
    };
    dress(world, account, &mut session, &mut random);
    session
}

/// A moment between 07:00 and 19:00 that leaves `length` seconds; `None` when the window is night.
pub(crate) fn daytime(random: &mut Random, window: Window, length: i64) -> Option<i64> {
    (0..12)
        .map(|_| random.between(window.begin, (window.end - length).max(window.begin)))
        .find(|time| (7..19).contains(&calendar::civil(*time).hour))
}

fn dress(world: &World, account: &Account, session: &mut Session, random: &mut Random) {
    let mut from_pool =
        |pool: &str| random.pick(world.pool(account, pool)).cloned().unwrap_or_default();
    match session.class {
        "lambda" => {
            session.role = from_pool("lambda-role");
            session.name = from_pool("function");
            session.address = format!("192.0.2.{}", 1 + random.below(90));
            session.agent = LAMBDA_AGENT;
            session.opening = "@lambda";
        }
        "task" => {
            session.role = from_pool("task-role");
            session.endpoint = Some(from_pool("endpoint"));
            random.characters(random::HEX, 32, &mut session.name);
            session.address = format!("10.0.{}.{}", random.below(64), 1 + random.below(250));
            session.agent = TASK_AGENT;
            session.opening = "@ecs";
        }
        "instance" => {
            session.name = from_pool("instance");
            let mut fixed = Random::new(mix(&[of_text(&account.id), of_text(&session.name)]));
            let roles = world.pool(account, "instance-role");
            session.role = fixed.pick(roles).cloned().unwrap_or_default();
            session.endpoint = fixed.pick(world.pool(account, "endpoint")).cloned();
            session.address = format!("10.0.{}.{}", 64 + fixed.below(64), 1 + fixed.below(250));
            session.region = world.region(&mut fixed);
            session.agent = INSTANCE_AGENT;
            session.opening = "@instance";
        }
        "deploy" => {
            "deploy-pipeline".clone_into(&mut session.role);
            session.address = format!("198.51.100.{}", 128 + random.below(60));
            session.agent = DEPLOY_AGENT;
            let is_web = random.below(2) == 0;
            session.opening = if is_web { "@web" } else { "@user" };
            session.name = if is_web { "GitHubActions".to_owned() } else { "deploy".to_owned() };
        }
        "monitor" => {
            "vendor-monitoring".clone_into(&mut session.role);
            "posture-collector".clone_into(&mut session.name);
            session.address = format!("192.0.2.{}", 240 + random.below(4));
            session.agent = MONITOR_AGENT;
            session.opening = "@foreign";
        }
        _ => {
            session.role = from_pool("person-role");
            session.name = format!("{}@example.com", from_pool("user"));
            session.address = person_address(&session.name);
            session.agent = BROWSER_AGENT;
            session.opening = "@saml";
        }
    }
}

/// Where a person usually sits.
pub(crate) fn person_address(name: &str) -> String {
    format!("198.51.100.{}", 1 + Random::new(of_text(name)).below(100))
}

/// Where an automation with a long-term key runs.
pub(crate) fn robot_address(name: &str) -> String {
    format!("192.0.2.{}", 100 + Random::new(of_text(name)).below(100))
}

const LAMBDA_AGENT: &str = "Boto3/1.38.36 md/Botocore#1.38.46 ua/2.1 os/linux#5.10.239-258.992.amzn2.x86_64 md/arch#x86_64 lang/python#3.13.5 md/pyimpl#CPython exec-env/AWS_Lambda_python3.13 m/Z,b,D,E cfg/retry-mode#legacy Botocore/1.38.46";
const TASK_AGENT: &str = "aws-sdk-java/2.31.61 md/io#sync md/http#Apache ua/2.1 os/Linux#6.1.141-155.222.amzn2023.x86_64 lang/java#21.0.7 md/OpenJDK_64-Bit_Server_VM#21.0.7+6-LTS md/vendor#Amazon.com_Inc. md/en exec-env/AWS_ECS_FARGATE m/D,E";
const INSTANCE_AGENT: &str =
    "aws-sdk-go/1.55.5 (go1.24.4; linux; amd64) amazon-ssm-agent/3.3.2299.0";
const DEPLOY_AGENT: &str = "APN/1.0 HashiCorp/1.0 Terraform/1.12.2 (+https://www.terraform.io) terraform-provider-aws/6.2.0 aws-sdk-go-v2/1.36.5 ua/2.1 os/linux lang/go#1.24.4 md/GOOS#linux md/GOARCH#amd64 m/C,D";
const MONITOR_AGENT: &str = "Boto3/1.34.162 md/Botocore#1.34.162 ua/2.0 os/linux#5.15.0 md/arch#x86_64 lang/python#3.11.9 md/pyimpl#CPython cfg/retry-mode#standard Botocore/1.34.162";
pub(crate) const BROWSER_AGENT: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0.0.0 Safari/537.36";
pub(crate) const CLI_AGENT: &str = "aws-cli/2.27.50 md/awscrt#0.26.1 ua/2.1 os/linux#6.8.0-1031-aws md/arch#x86_64 lang/python#3.13.4 md/pyimpl#CPython m/n,b,E cfg/retry-mode#standard md/installer#exe sid/9f2c1a7b0d4e md/prompt#off";
