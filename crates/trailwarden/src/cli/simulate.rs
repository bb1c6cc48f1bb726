//! `trailwarden simulate`: whether AWS would allow a request, and why.

mod batch;
pub(super) mod context;
mod explain;
mod fit;
mod hints;
mod request;

use clap::Args as ClapArgs;

use self::request::Simulated;
use super::policy::source::NAMING;
use super::{Colour, Exit};

const EXAMPLES: &str = "\
Examples:
  trailwarden simulate --principal arn:aws:iam::111122223333:user/alice \\
      --action s3:GetObject --resource arn:aws:s3:::reports/q1.pdf \\
      --identity-policy alice.json --resource-policy bucket.json
  trailwarden simulate ... --boundary boundary.json --scp 1=p-FullAWSAccess --scp 2=ou.json
  trailwarden simulate ... --context aws:MultiFactorAuthPresent=true
  trailwarden simulate ... --resource-account 111122223333   whose bucket is it?
  trailwarden simulate ... --incomplete-context     what would the missing keys change?
  trailwarden simulate ... --identity-policy arn:aws:iam::aws:policy/ReadOnlyAccess
  trailwarden simulate --cases cases.ndjson         many requests, one JSON object per line

Exit codes: 0 allowed; 1 denied; 2 usage, or a policy could not be read; 3 not known.
With --cases: 0 all decided; 2 nothing could be read; 3 some cases are in error.";

/// Whether AWS would allow a request, and which statement decides
///
/// Works offline on the policies that are given. Grants of KMS keys, ACLs and Block Public Access
/// are not policies and are not asked.
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES, after_long_help = format!("{NAMING}\n\n{EXAMPLES}"))]
pub(crate) struct Args {
    /// Who asks: an ARN, an account id, a service, or anonymous
    #[arg(long, value_name = "ARN", required_unless_present = "cases")]
    principal: Option<String>,

    /// What is to be done, as service:Name
    #[arg(long, value_name = "ACTION", required_unless_present = "cases")]
    action: Option<String>,

    /// To what: an ARN, or * for a call that names no resource
    #[arg(long, value_name = "ARN", default_value = "*")]
    resource: String,

    /// Who owns the resource, when its ARN does not tell
    #[arg(long, value_name = "ACCOUNT")]
    resource_account: Option<String>,

    /// A condition key of the request; repeat it for further values of the same key
    #[arg(long, value_name = "KEY=VALUE")]
    context: Vec<String>,

    /// A condition key that the request does not have; may be repeated
    #[arg(long, value_name = "KEY")]
    absent_context: Vec<String>,

    /// Keys that are not given are all unknown, those a caller may leave out too
    #[arg(long)]
    incomplete_context: bool,

    /// Policy of the principal or one of its groups; may be repeated
    #[arg(long, value_name = "POLICY")]
    identity_policy: Vec<String>,

    /// Policy of the resource; of a role, its trust policy
    #[arg(long, value_name = "POLICY")]
    resource_policy: Option<String>,

    /// Permissions boundary of the principal
    #[arg(long, value_name = "POLICY")]
    boundary: Option<String>,

    /// Policy passed along when the session began; may be repeated
    #[arg(long, value_name = "POLICY")]
    session_policy: Vec<String>,

    /// SCP, with the level that it is attached to, the root being 1; may be repeated
    #[arg(long, value_name = "[LEVEL=]POLICY")]
    scp: Vec<String>,

    /// RCP, with the level that it is attached to, the root being 1; may be repeated
    #[arg(long, value_name = "[LEVEL=]POLICY")]
    rcp: Vec<String>,

    /// The principal is of the organization's management account, which no SCP binds, nor an RCP
    /// its resources
    #[arg(long)]
    management_account: bool,

    /// Policy of the VPC endpoint that the request passes; may be repeated
    #[arg(long, value_name = "POLICY")]
    endpoint_policy: Vec<String>,

    /// Decide every line of a file of cases, or of - for standard input
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = [
            "principal", "action", "resource", "resource_account", "context", "absent_context",
            "incomplete_context", "identity_policy", "resource_policy", "boundary", "session_policy", "scp", "rcp",
            "endpoint_policy", "management_account",
        ]
    )]
    cases: Option<String>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub(crate) fn run(args: &Args, colour: Colour) -> anyhow::Result<Exit> {
    if let Some(file) = &args.cases {
        return batch::run(file);
    }
    let simulated = Simulated::of(args)?;
    explain::print(&simulated, args.json, colour)?;
    Ok(simulated.exit())
}
