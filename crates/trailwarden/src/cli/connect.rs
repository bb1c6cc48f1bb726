//! `--profile`, `--region`, `--assume-role` and their like: who asks AWS, and where.

use anyhow::Context as _;
use clap::Args as ClapArgs;
use trailwarden_aws::{Connection, Patience, Role, SESSION_NAME, Settings};
use trailwarden_remedy::render::quote;

/// How to reach AWS; what is not told is looked up as the AWS CLI does.
#[derive(ClapArgs, Debug)]
#[group(skip)]
pub(crate) struct ConnectionArgs {
    /// Profile of the AWS CLI's configuration
    #[arg(long, value_name = "NAME", help_heading = "AWS")]
    profile: Option<String>,

    /// Region to ask in
    #[arg(long, value_name = "REGION", help_heading = "AWS")]
    region: Option<String>,

    /// One address for all services, such as an emulator's
    #[arg(long, value_name = "URL", help_heading = "AWS")]
    endpoint_url: Option<String>,

    /// Role to take first; repeat it to take one from the other
    ///
    /// A role that asks for MFA needs a session with MFA: `aws sts get-session-token`.
    #[arg(long, value_name = "ARN", help_heading = "AWS")]
    assume_role: Vec<String>,

    /// External id that the last role asks for
    #[arg(long, value_name = "ID", requires = "assume_role", help_heading = "AWS")]
    external_id: Option<String>,

    /// How the session is called in the trail of the account
    #[arg(long, value_name = "NAME", default_value = SESSION_NAME, help_heading = "AWS")]
    session_name: String,
}

/// How often a request is sent at most, as every AWS tool is told.
///
/// Source: AWS SDKs and Tools Reference Guide, "Retry behavior".
const ATTEMPTS: &str = "AWS_MAX_ATTEMPTS";

fn patience() -> anyhow::Result<Patience> {
    let usual = Patience::default();
    let Some(told) = std::env::var_os(ATTEMPTS) else { return Ok(usual) };
    let attempts: std::num::NonZeroU32 = told
        .to_str()
        .and_then(|text| text.parse().ok())
        .with_context(|| format!("{ATTEMPTS} is no number; write how often to try, such as 3"))?;
    Ok(Patience { attempts: attempts.get(), ..usual })
}

impl ConnectionArgs {
    /// Connects; nothing but the roles is asked yet.
    pub(crate) fn open(&self) -> anyhow::Result<Connection> {
        let last = self.assume_role.len().saturating_sub(1);
        let roles = self.assume_role.iter().enumerate().map(|(at, arn)| Role {
            external_id: self.external_id.clone().filter(|_| at == last),
            ..self.role(arn)
        });
        Ok(Connection::open(&Settings {
            profile: self.profile.clone(),
            region: self.region.clone(),
            endpoint_url: self.endpoint_url.clone(),
            roles: roles.collect(),
            patience: patience()?,
        })?)
    }

    /// The flags that were given, as words of a shell: a command that is advised needs them again.
    pub(crate) fn given(&self) -> Vec<String> {
        let mut flags = Vec::new();
        let mut add = |flag: &str, value: Option<&String>| {
            flags.extend(value.map(|value| format!("{flag} {}", quote::bash(value))));
        };
        add("--profile", self.profile.as_ref());
        add("--region", self.region.as_ref());
        add("--endpoint-url", self.endpoint_url.as_ref());
        for role in &self.assume_role {
            add("--assume-role", Some(role));
        }
        add("--external-id", self.external_id.as_ref());
        add("--session-name", Some(&self.session_name).filter(|name| *name != SESSION_NAME));
        flags
    }

    /// A role under the session's name.
    pub(crate) fn role(&self, arn: &str) -> Role {
        Role { arn: arn.to_owned(), external_id: None, session_name: self.session_name.clone() }
    }
}
