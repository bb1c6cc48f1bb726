//! Who asks, and where: credentials, roles, region, endpoint.
//!
//! # Invariants
//! - Credentials are asked of the SDK's chain when they are needed, kept until five minutes before
//!   they end, and never shown: there is no `Debug` of them here.
//! - Clones share pace, ledger and threads.

mod load;
mod send;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_config::sts::AssumeRoleProvider;
use aws_config::{Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_smithy_runtime_api::client::http::SharedHttpConnector;
use tokio::runtime::Runtime;
use trailwarden_model::{AccountId, Arn};

use crate::endpoint::{self, Endpoint};
use crate::ledger::Ledger;
use crate::pace::Pace;
use crate::protocol::Parameters;
use crate::reads::{self, Service};
use crate::{Error, outcome};
use trailwarden_account::snapshot::{Answer, Outcome};

pub use crate::pace::Patience;
pub(crate) use load::causes;
use load::{connector, is_address, load};
pub(crate) use send::Arriving;

/// How to connect. What is not told is looked up as every AWS tool does: environment, shared files,
/// container and instance.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// A profile of the shared files.
    pub profile: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// One address for all services, such as a proxy's or an emulator's.
    pub endpoint_url: Option<String>,
    /// Roles to take, each with what the one before gives.
    pub roles: Vec<Role>,
    /// How much patience there is with failures.
    pub patience: Patience,
}

/// A role to take.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Role {
    /// Its ARN.
    pub arn: String,
    /// What its trust policy asks for.
    pub external_id: Option<String>,
    /// How the session is called in the account's trail.
    pub session_name: String,
}

/// How a session is called when nobody says otherwise.
pub const SESSION_NAME: &str = "trailwarden";

/// Who asks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Identity {
    /// The account.
    pub account: AccountId,
    /// The caller.
    pub arn: String,
    /// The partition.
    pub partition: String,
}

/// A way to ask AWS.
#[derive(Clone)]
pub struct Connection {
    runtime: Arc<Runtime>,
    config: SdkConfig,
    provider: SharedCredentialsProvider,
    cached: Arc<Mutex<Option<Credentials>>>,
    connector: SharedHttpConnector,
    region: String,
    pub(crate) patience: Patience,
    pace: Arc<Pace>,
    ledger: Ledger,
    /// Keeps apart the queues of different callers.
    caller: String,
    /// Addresses at which nobody answered in spite of all patience.
    silent: Arc<Mutex<BTreeSet<String>>>,
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("region", &self.region).finish_non_exhaustive()
    }
}

impl Connection {
    /// Looks up credentials and region, and takes the roles. Nothing is asked yet, except for roles.
    ///
    /// # Errors
    /// No credentials, no region, a role that cannot be taken.
    pub fn open(settings: &Settings) -> Result<Self, Error> {
        Self::with(settings, None)
    }

    /// The same for whoever has credentials already, in place of the chain.
    ///
    /// # Errors
    /// As [`Connection::open`].
    pub fn given(settings: &Settings, provider: SharedCredentialsProvider) -> Result<Self, Error> {
        Self::with(settings, Some(provider))
    }

    fn with(
        settings: &Settings,
        provider: Option<SharedCredentialsProvider>,
    ) -> Result<Self, Error> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(Error::Start)?;
        let endpoint = settings.endpoint_url.as_deref();
        if let Some(url) = endpoint.filter(|url| !is_address(url)) {
            return Err(Error::Endpoint(url.to_owned()));
        }
        let config = runtime.block_on(load(settings, provider));
        let region = config.region().map(ToString::to_string).ok_or(Error::NoRegion)?;
        let provider = config
            .credentials_provider()
            .ok_or_else(|| Error::NoCredentials { cause: "no provider is set up".to_owned() })?;
        let mut connection = Self {
            connector: connector(config.endpoint_url(), settings.patience),
            runtime: Arc::new(runtime),
            config,
            provider,
            cached: Arc::default(),
            region,
            patience: settings.patience,
            pace: Arc::default(),
            ledger: Ledger::default(),
            caller: String::new(),
            silent: Arc::default(),
        };
        // So that a lack of credentials is not told as a fault of the first question.
        connection.runtime.block_on(connection.credentials())?;
        for role in &settings.roles {
            connection = connection.assuming(role)?;
        }
        Ok(connection)
    }

    /// The same, as a role.
    ///
    /// # Errors
    /// The role cannot be taken.
    pub fn assuming(&self, role: &Role) -> Result<Self, Error> {
        let provider = self.runtime.block_on(async {
            let mut builder = AssumeRoleProvider::builder(&role.arn)
                .session_name(&role.session_name)
                .region(Region::new(self.region.clone()))
                .configure(&self.config);
            if let Some(id) = &role.external_id {
                builder = builder.external_id(id);
            }
            builder.build().await
        });
        let provider = SharedCredentialsProvider::new(provider);
        let config = self.config.to_builder().credentials_provider(provider.clone()).build();
        let taken = Self {
            config,
            provider,
            cached: Arc::default(),
            caller: role.arn.clone(),
            ..self.clone()
        };
        // The SDK's own client sends this one.
        self.ledger.note("sts:AssumeRole", |calls| calls.sent += 1);
        let asked = taken.runtime.block_on(taken.credentials());
        asked.map_err(|error| match error {
            Error::NoCredentials { cause } => Error::Role { role: role.arn.clone(), cause },
            error => error,
        })?;
        Ok(taken)
    }

    /// Who asks.
    ///
    /// # Errors
    /// AWS does not accept the credentials, or does not answer.
    pub fn identity(&self) -> Result<(Identity, Answer), Error> {
        let read = reads::find("sts:GetCallerIdentity").ok_or(Error::NoRegion)?;
        let answer = self.ask(read, None, Parameters::new());
        let text = |body: &serde_json::Value, name: &str| {
            body.get(name).and_then(serde_json::Value::as_str).map(str::to_owned)
        };
        let identity = answer.body().and_then(|body| {
            let arn = text(body, "Arn")?;
            let partition = Arn::parse(&arn)?.partition.to_owned();
            Some(Identity { account: AccountId::parse(&text(body, "Account")?)?, arn, partition })
        });
        match (identity, &answer.outcome) {
            (Some(identity), _) => Ok((identity, answer)),
            (None, Outcome::Failed { message }) if message.starts_with(outcome::UNREACHED) => {
                let endpoint = self.endpoint(read.service(), None).url;
                Err(Error::Unreachable { endpoint, cause: message.clone() })
            }
            (None, _) => {
                let cause = answer.why_not();
                Err(Error::Refused { cause: cause.unwrap_or_else(|| "no account".to_owned()) })
            }
        }
    }

    pub(crate) fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    /// How many calls were made so far.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Where the connection is.
    #[must_use]
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The partition of that region.
    #[must_use]
    pub fn partition(&self) -> &'static str {
        endpoint::partition(&self.region).name
    }

    pub(crate) fn endpoint(&self, service: &Service, region: Option<&str>) -> Endpoint {
        endpoint::endpoint(service, region.unwrap_or(&self.region), self.config.endpoint_url())
    }

    /// How much patience there is with an address: with one that was silent, no more than one attempt, or
    /// a connection that died would be waited for at every question.
    pub(crate) fn patience(&self, url: &str) -> Patience {
        let silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
        match silent.contains(url) {
            true => Patience { attempts: 1, ..self.patience },
            false => self.patience,
        }
    }

    /// The same with more attempts.
    pub(crate) fn more_patient(&self, attempts: u32) -> Self {
        let patience = Patience { attempts: self.patience.attempts + attempts, ..self.patience };
        Self { patience, ..self.clone() }
    }

    /// Notes whether an address answered.
    pub(crate) fn heard(&self, url: &str, is_silent: bool) {
        let mut silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
        match is_silent {
            true => silent.insert(url.to_owned()),
            false => silent.remove(url),
        };
    }

    /// The first wait, in milliseconds.
    pub(crate) fn first_wait_ms(&self) -> u64 {
        self.patience.first_wait_ms
    }

    /// The credentials, new ones when they end soon.
    pub(crate) async fn credentials(&self) -> Result<Credentials, Error> {
        let soon = std::time::SystemTime::now() + Duration::from_secs(300);
        let kept = self.cached.lock().ok().and_then(|cached| cached.clone());
        if let Some(kept) = kept.filter(|kept| kept.expiry().is_none_or(|end| end > soon)) {
            return Ok(kept);
        }
        let fresh = self.provider.provide_credentials().await;
        let fresh = fresh.map_err(|error| Error::NoCredentials { cause: causes(&error) })?;
        if let Ok(mut cached) = self.cached.lock() {
            *cached = Some(fresh.clone());
        }
        Ok(fresh)
    }
}
