//! Why no question can be asked at all.

/// No connection.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing in the chain gave credentials.
    #[error(
        "no AWS credentials: {cause}; sign in with `aws sso login` or `aws configure`, or name a profile with \
         `--profile`"
    )]
    NoCredentials {
        /// What the chain said.
        cause: String,
    },
    /// AWS refuses the credentials.
    #[error(
        "AWS does not accept the credentials: {cause}; sign in again, or correct the clock of this machine"
    )]
    Refused {
        /// What it said.
        cause: String,
    },
    /// A role could not be taken.
    #[error(
        "cannot take the role `{role}`: {cause}; its trust policy must name the caller, who needs `sts:AssumeRole`. \
         If it asks for MFA, take a session first: `aws sts get-session-token --serial-number ... --token-code ...`"
    )]
    Role {
        /// Its ARN.
        role: String,
        /// What AWS said.
        cause: String,
    },
    /// Nothing tells the region.
    #[error("no region is set; give `--region`, or set `AWS_REGION`")]
    NoRegion,
    /// Nobody answers.
    #[error("no answer from `{endpoint}`: {cause}; see whether this machine reaches it")]
    Unreachable {
        /// Where.
        endpoint: String,
        /// Why.
        cause: String,
    },
    /// The address is none.
    #[error(
        "`{0}` is no address of an endpoint; write it like `https://host` or `http://127.0.0.1:5000`"
    )]
    Endpoint(String),
    /// The machine gives no threads or no randomness.
    #[error("cannot start to ask AWS")]
    Start(#[source] std::io::Error),
}
