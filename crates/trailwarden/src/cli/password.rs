//! `trailwarden password check`: whether a password is one that an account's policy takes.
//!
//! # Invariants
//! - The password comes from a prompt or standard input, never from an argument, where every user of the
//!   machine would see it; and it goes nowhere.
//! - A policy that is not known is an error, never a pass.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _};

use anyhow::{Context as _, bail, ensure};
use clap::{Args as ClapArgs, Subcommand};
use console::Term;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};
use trailwarden_account::snapshot::Answer;
use trailwarden_aws::reads;
use trailwarden_model::AccountId;
use trailwarden_record::limits::Limits;
use trailwarden_remedy::passwords;
use trailwarden_runtime::baselines;

use super::connect::ConnectionArgs;
use super::output::print_json;
use super::{Exit, to_stdout};
use crate::formats::answer_schema;

const EXAMPLES: &str = "\
Examples:
  trailwarden password check                          asks for it without showing it; asks AWS for the policy
  trailwarden password check --baseline account.tw    by what AWS said in a baseline
  trailwarden password check --target                 also by the policy that strengthen-password-policy would set
  pass show aws/alice | trailwarden password check --json

Asking AWS needs iam:GetAccountPasswordPolicy.

Exit codes: 0 the policy takes it; 1 it does not; 2 usage, or the policy is not known.";

/// Whether a password is one that the account's policy takes
#[derive(ClapArgs, Debug)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Reads a password from a prompt or standard input, and names the rules that it breaks
    ///
    /// The password is neither shown nor kept. Whether somebody had it before, IAM alone knows.
    #[command(after_help = EXAMPLES)]
    Check(Check),
}

#[derive(ClapArgs, Debug)]
struct Check {
    /// Ask nobody: a file of `trailwarden baseline`, or what the AWS CLI printed
    ///
    /// ACCOUNT= is for files that do not say of which account they are, such as a password policy.
    #[arg(long, value_name = "[ACCOUNT=]FILE", num_args = 1.., conflicts_with_all = ASKING)]
    baseline: Vec<String>,

    /// The account, where baselines are of several
    #[arg(long, value_name = "ACCOUNT", requires = "baseline")]
    account: Option<AccountId>,

    /// Also by the policy that the remediation strengthen-password-policy would set
    #[arg(long)]
    target: bool,

    /// Print the answer as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    connection: ConnectionArgs,
}

/// The flags of asking, which a baseline makes needless.
const ASKING: &[&str] =
    &["profile", "region", "endpoint_url", "assume_role", "external_id", "session_name"];
const QUESTION: &str = "iam:GetAccountPasswordPolicy";
const SCHEMA: &str = "trailwarden.password/1";
/// More bytes are no password.
const BYTES_MAX: u64 = 4096;

/// What became of a password, as data.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Wire {
    /// Always `trailwarden.password/1`.
    schema: &'static str,
    /// The account whose policy was asked for, twelve digits.
    account: String,
    /// Whether no rule is broken.
    accepted: bool,
    /// The rules that it breaks.
    broken: Vec<Rule>,
    /// What the password alone does not tell, in sentences.
    beyond: Vec<String>,
}

/// A rule that a password breaks.
#[derive(Serialize, JsonSchema)]
struct Rule {
    /// Whose rule it is.
    policy: Policy,
    /// The member of the policy, or `default` for a rule that counts without one.
    rule: &'static str,
    /// What it asks for.
    asks: String,
}

/// Which policy a rule is of.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Policy {
    /// The account's own.
    Present,
    /// The one that a plan would set.
    Target,
}

impl Wire {
    /// The JSON Schema of it.
    pub(crate) fn schema() -> Value {
        answer_schema::<Self>(SCHEMA)
    }
}

/// Runs the command.
pub(crate) fn run(args: &Args) -> anyhow::Result<Exit> {
    let Command::Check(args) = &args.command;
    // What is wrong with the policy is said before anybody types a password.
    let (account, present) = args.policy()?;
    let candidate = candidate()?;
    let mut broken = rules(Policy::Present, &candidate, present.as_ref());
    if args.target {
        let target = passwords::strengthened(present.as_ref());
        broken.extend(rules(Policy::Target, &candidate, Some(&target)));
    }
    let wire = Wire {
        schema: SCHEMA,
        account: account.to_string(),
        accepted: broken.is_empty(),
        broken,
        beyond: passwords::beyond(present.as_ref()),
    };
    match args.json {
        true => print_json(&wire)?,
        false => wire.print()?,
    }
    Ok(if wire.accepted { Exit::Done } else { Exit::Found })
}

fn rules(policy: Policy, candidate: &str, of: Option<&Map<String, Value>>) -> Vec<Rule> {
    let broken = passwords::broken(candidate, of).into_iter();
    broken.map(|one| Rule { policy, rule: one.rule, asks: one.asks }).collect()
}

impl Wire {
    fn print(&self) -> io::Result<()> {
        to_stdout(|out| {
            let is_taken = !self.broken.iter().any(|one| matches!(one.policy, Policy::Present));
            let verb = if is_taken { "takes" } else { "does not take" };
            let end = if self.accepted { "." } else { ", but:" };
            let end = if is_taken { end } else { ":" };
            writeln!(out, "The policy of account {} {verb} it{end}", self.account)?;
            for Rule { policy, rule, asks } in &self.broken {
                let whose = match policy {
                    Policy::Present => "",
                    Policy::Target => "by the target policy: ",
                };
                writeln!(out, "  - {whose}it must have {asks} ({rule})")?;
            }
            self.beyond.iter().try_for_each(|sentence| writeln!(out, "Not checked: {sentence}"))
        })
    }
}

impl Check {
    /// The account and its policy; none where it set none.
    fn policy(&self) -> anyhow::Result<(AccountId, Option<Map<String, Value>>)> {
        if self.baseline.is_empty() {
            let connection = self.connection.open()?;
            let (caller, _) = connection.identity()?;
            let read = reads::find(QUESTION).context("the question is not in the table")?;
            let answer = connection.ask(read, None, Map::new());
            return Ok((caller.account, policy_in(&answer)?));
        }
        let mut all = baselines::snapshots(&self.baseline, Limits::default(), None)?;
        all.retain(|one| self.account.is_none_or(|account| one.account == account));
        let [one] = all.as_slice() else {
            let accounts: Vec<String> = all.iter().map(|one| one.account.to_string()).collect();
            ensure!(!accounts.is_empty(), "no baseline is of the account that --account names");
            bail!(
                "the baselines are of the accounts {}; name one with --account",
                accounts.join(", ")
            )
        };
        let answer = one.answer(QUESTION).with_context(|| {
            format!(
                "the baseline of account {} does not tell the password policy; give what \
                 `aws iam get-account-password-policy` prints as {}=FILE, or leave --baseline out to ask AWS",
                one.account, one.account
            )
        })?;
        Ok((one.account, policy_in(answer)?))
    }
}

fn policy_in(answer: &Answer) -> anyhow::Result<Option<Map<String, Value>>> {
    if answer.is_absent() {
        return Ok(None);
    }
    let policy = answer.body().and_then(|body| body.get("PasswordPolicy"));
    match policy {
        Some(Value::Object(policy)) => Ok(Some(policy.clone())),
        _ => {
            let why = answer.why_not().unwrap_or_else(|| format!("`{QUESTION}` told none"));
            bail!("the password policy is not known: {why}")
        }
    }
}

/// The password, from a prompt without echo, or the first line of standard input.
fn candidate() -> anyhow::Result<String> {
    if io::stdin().is_terminal() {
        let term = Term::stderr();
        ensure!(
            term.is_term(),
            "standard error is no terminal to ask for the password on; pipe it into standard input"
        );
        term.write_str("password: ")?;
        let typed = term.read_secure_line().context("cannot read the password")?;
        ensure!(!typed.is_empty(), "no password was typed; run it again");
        return Ok(typed);
    }
    let mut line = Vec::new();
    let mut input = io::stdin().lock().take(BYTES_MAX);
    input.read_until(b'\n', &mut line).context("cannot read standard input")?;
    let text = String::from_utf8(line).ok().context("the password is no text in UTF-8")?;
    let text = text.strip_suffix('\n').unwrap_or(&text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    ensure!(!text.is_empty(), "there is no password on standard input; its first line is taken");
    Ok(text.to_owned())
}
