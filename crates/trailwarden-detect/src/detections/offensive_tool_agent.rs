//! The user agent names a tool made for attacks.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "offensive-tool-agent",
    title: "User agent names an offensive tool",
    severity: Severity::Low,
    confidence: Confidence::Low,
    since: "0.1.0",
    covers: &["TW-RE-06"],
    select: Select {
        events: &[
            "iam:<writes>",
            "iam:ListUsers",
            "iam:ListRoles",
            "iam:GetAccountAuthorizationDetails",
            "iam:GetUser",
            "sts:GetCallerIdentity",
            "sts:GetFederationToken",
            "cloudtrail:<writes>",
        ],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::RecordNaming(WORDS),
    },
    attack: &["T1588.002"],
    risk: "The agent is what the caller chose to say: naming such a tool is a hint, and not naming one means nothing.",
    false_positives: &["Your own testers: suppress it for their role for the time of the test."],
    remedies: &["revoke-sessions", "deactivate-access-key"],
    needs: Needs::Nothing,
    fires_on: &[
        "mallory sts:GetCallerIdentity ua=TruffleHog",
        "mallory iam:ListUsers ua=aws-cli/2.15.0-Linux/6.6-kali3-amd64",
        "role/app/s iam:CreateUser user/eve ua=stratus-red-team_0b5b",
        "mallory iam:CreateUser user/eve denied ua=pacu",
    ],
    quiet_on: &[
        "alice sts:GetCallerIdentity ua=aws-cli/2.31.0",
        "alice iam:CreateUser user/bob ua=Boto3/1.35",
    ],
    logic: Logic::Each(detect),
};

/// What the tools' agents hold, in the order of [`NAMES`].
const WORDS: &[&str] = &[
    "pacu",
    "cloudfox",
    "trufflehog",
    "stratus-red-team",
    "scoutsuite",
    "enumerate-iam",
    "s3 browser",
    "kali",
    "parrot",
    "pentoo",
    "blackarch",
];

/// What the tools are called.
const NAMES: &[&str] = &[
    "Pacu",
    "CloudFox",
    "TruffleHog",
    "Stratus Red Team",
    "ScoutSuite",
    "enumerate-iam",
    "S3 Browser",
    "Kali Linux",
    "Parrot OS",
    "Pentoo",
    "BlackArch",
];

fn detect(cx: &Cx<'_>) -> Option<Match> {
    let event = cx.event()?;
    let agent = event.user_agent.to_ascii_lowercase();
    let (_, tool) = WORDS.iter().zip(NAMES).find(|(word, _)| agent.contains(**word))?;
    let text = format!(
        "{{actor}} called {}{{times}} with a user agent that names {tool}, from {}.",
        event.name(),
        event.address
    );
    let subject = format!("{} {tool}", event.caller.stable);
    Some(Match::on_caller(event, text).subject(subject))
}
