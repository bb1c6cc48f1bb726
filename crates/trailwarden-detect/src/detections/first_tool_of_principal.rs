//! A principal changes IAM with a kind of tool it never used.

use crate::prelude::*;

/// See the fields.
pub static DETECTION: Detection = Detection {
    id: "first-tool-of-principal",
    title: "Change to IAM with a new kind of tool",
    severity: Severity::Low,
    confidence: Confidence::Low,
    since: "0.1.0",
    covers: &["TW-AN-03"],
    select: Select {
        events: &["iam:<writes>"],
        outcomes: &[],
        flags: Flags(0),
        reads: Reads::Record,
    },
    attack: &["T1078.004"],
    risk: "Whoever stole a console session or a key brings other tools than its owner uses.",
    false_positives: &["A person who tries another tool: look at what the change did."],
    remedies: &["revoke-sessions", "deactivate-access-key"],
    needs: Needs::History,
    fires_on: &[r#"alice iam:CreateUser user/a ua=Terraform/1.9
             +20d alice iam:CreateUser user/b ua=Boto3/1.35"#],
    quiet_on: &[
        r#"alice iam:CreateUser user/a ua=aws-cli/2.31.0
             +20d alice iam:CreateUser user/b ua=aws-cli/2.32.0"#,
        r#"alice iam:CreateUser user/a ua=Terraform/1.9
             +5d alice iam:CreateUser user/b ua=Boto3/1.35"#,
    ],
    logic: Logic::First(First { of, learn_days: 14, memory_days: 90, tell }),
};

/// A part of the agent and the family it stands for; the first that fits.
const FAMILIES: [(&str, &str); 16] = [
    ("terraform", "Terraform"),
    ("opentofu", "OpenTofu"),
    ("pulumi", "Pulumi"),
    ("cdk", "the CDK"),
    ("cloudformation", "CloudFormation"),
    ("aws-cli", "the AWS CLI"),
    ("powershell", "PowerShell"),
    ("boto", "a Python program"),
    ("aws-sdk-go", "a Go program"),
    ("aws-sdk-java", "a Java program"),
    ("aws-sdk-js", "a JavaScript program"),
    ("aws-sdk-dotnet", "a .NET program"),
    ("aws-sdk-ruby", "a Ruby program"),
    ("aws-sdk-rust", "a Rust program"),
    ("console", "the console"),
    ("mozilla", "a browser"),
];

fn family(event: &Event) -> &'static str {
    let agent = event.user_agent.to_ascii_lowercase();
    if event.caller.from_console {
        return "the console";
    }
    FAMILIES
        .iter()
        .find(|(part, _)| agent.contains(part))
        .map_or("a tool of unknown kind", |(_, family)| family)
}

fn of(cx: &Cx<'_>) -> Option<(u64, u64)> {
    let counts = cx.actor() != 0 && !cx.has(Flags::INVOKED_BY_SERVICE);
    let event = cx.event()?;
    counts.then(|| (cx.actor(), hash::of(family(event))))
}

fn tell(story: &Story<'_>) -> Option<Match> {
    let event = story.first()?;
    let family = family(event);
    let done = event.done_or("called", "tried");
    let text =
        format!("{{actor}} {done} {} with {family} for the first time in 90 days.", event.action());
    Some(Match::on_caller(event, text).subject(format!("{} {family}", event.caller.stable)))
}
