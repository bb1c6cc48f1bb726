//! `trailwarden can`: whether a principal may do something, by logs and baselines.

pub(crate) mod answer;
mod carriers;
pub(crate) mod evidence;
pub(crate) mod extent;
mod lines;
pub(crate) mod question;
mod roles;
mod session;
mod text;
mod wire;

use anyhow::{Context as _, bail};
use clap::Args as ClapArgs;
use trailwarden_policy::PolicyKind;
use trailwarden_policy::evaluate::Compiled;

use self::answer::{Answer, Given, Verdict};
use self::question::Question;
use super::output::print_json;
use super::policy::source;
use super::state::{AtArgs, DeedArgs, Target};
use super::{Colour, Exit, to_stdout};

pub(crate) use wire::{Wire, WirePrincipal, WireUnknown};

const EXAMPLES: &str = "\
Examples:
  trailwarden can alice iam:CreateAccessKey --logs logs/
  trailwarden can role/app s3:GetObject arn:aws:s3:::reports/q1.pdf --logs logs/
  trailwarden can alice s3:GetObject 'arn:aws:s3:::reports/*' --baseline account.json
  trailwarden can alice sts:AssumeRole arn:aws:iam::111122223333:role/app --logs logs/ --at 24h
  trailwarden can bob ec2:RunInstances --baseline account.json \\
      --context aws:MultiFactorAuthPresent=true

Exit codes: 0 allowed, at least on some resources; 1 denied; 2 usage, or the principal is not known;
3 not known.";

/// Whether a principal may do something, by logs and baselines
///
/// Rebuilds the account from its logs, from a baseline, or from both, at the end or at any instant, and
/// decides as AWS would: policies of the principal and its groups, permissions boundary, policies that
/// a session began with, policies of the organization, and the trust policy of a role. What has not been seen makes the answer \"not
/// known\", never \"denied\".
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// Who: an ARN, also of a session, a temporary access key, an account id for its root user, or a
    /// name such as alice, user/alice, role/app
    #[arg(value_name = "PRINCIPAL")]
    principal: String,

    #[command(flatten)]
    deed: DeedArgs,

    /// The policy of the resource, which logs do not show, or `none` when it has none
    #[arg(long, value_name = "POLICY")]
    resource_policy: Option<String>,

    /// Print JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    at: AtArgs,
}

/// Runs the command.
pub(crate) fn run(args: &Args, colour: Colour) -> anyhow::Result<Exit> {
    let asked = args.deed.read()?;
    let deed = &asked.deed;
    let policy = args.resource_policy.as_deref().map(resource_policy).transpose()?;
    if matches!(policy, Some(Given::Policy { .. })) && !matches!(deed.target, Target::One(_)) {
        bail!("a policy of a resource is asked about one resource; name it behind the action");
    }
    let instant = args.at.read_for(Some(args.principal.trim()))?;
    let (state, models) = (&instant.state, &instant.models);
    let asker = session::find(models, state, &args.principal, instant.at)?;
    let world = instant.world(asked.time());
    let question = Question::of(world, &asker.named).context("the principal is not known")?;
    let mut question = question.in_session(asker.session);
    asked.put(&mut question.context);
    let mut answer = Answer::of(&question, deed, asked.owner.as_deref(), policy);
    answer.ask_roles(&question, deed);
    if question.has_ended() {
        let is_sure =
            question.session.as_ref().is_some_and(|begun| begun.is_sure(args.principal.trim()));
        answer.verdict = if is_sure { Verdict::Denied } else { Verdict::Unknown };
    }
    let lines = lines::of(&question, deed, &answer, state);
    if args.json {
        print_json(&Wire::of(&question, deed, &answer, &lines, state, instant.wire()))?;
    } else {
        let sources = instant.sources();
        to_stdout(|out| text::write(&answer, &lines, &sources, out, colour))?;
    }
    Ok(match answer.verdict {
        Verdict::Allowed if state.is_partial() => Exit::Partial,
        Verdict::Allowed => Exit::Done,
        Verdict::Denied => Exit::Found,
        Verdict::Unknown => Exit::Partial,
    })
}

fn resource_policy(spec: &str) -> anyhow::Result<Given> {
    if spec == "none" {
        return Ok(Given::None);
    }
    let policy = source::load_one(spec)?;
    if let Some(unread) = policy.unread().first() {
        bail!("{unread}");
    }
    let compiled = Compiled::new(policy.label(), &policy.document, PolicyKind::Resource);
    Ok(Given::Policy { name: policy.label(), policy: compiled, text: policy.json().into() })
}
