//! Sessions of `GetSessionToken`, which AWS itself limits.

use trailwarden_record::events::Call;

use crate::fact::{Fact, Proof};
use crate::text::PolicyText;

/// The name of what AWS itself limits a session of `GetSessionToken` to.
pub const TOKEN: &str = "GetSessionToken";

/// What a session of `GetSessionToken` may call, whatever policies say: of STS no more than
/// `AssumeRole` and `GetCallerIdentity`, and IAM only where a second factor began it.
///
/// Source: AWS STS API Reference, `GetSessionToken`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Token {
    /// Also IAM.
    WithSecondFactor,
    /// Nothing of IAM.
    WithoutSecondFactor,
}

impl Token {
    pub(super) fn of(call: &Call) -> Option<Self> {
        match call {
            Call::StsGetSessionToken(call) if call.serial_number.is_some() => {
                Some(Self::WithSecondFactor)
            }
            Call::StsGetSessionToken(_) => Some(Self::WithoutSecondFactor),
            _ => None,
        }
    }

    /// As a policy. `iam:PassRole` is a permission and no call.
    pub(super) fn document(self, proof: &Proof) -> Fact<PolicyText> {
        let kept = match self {
            Self::WithSecondFactor => "\"sts:*\"",
            Self::WithoutSecondFactor => "\"sts:*\",\"iam:*\"",
        };
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":[
                {{"Effect":"Allow","NotAction":[{kept}],"Resource":"*"}},
                {{"Effect":"Allow","Action":["sts:AssumeRole","sts:GetCallerIdentity","iam:PassRole"],
                    "Resource":"*"}}]}}"#
        );
        Fact::known(PolicyText::new(&text), proof)
    }
}
