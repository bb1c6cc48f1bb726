//! Secrets on their way to whoever keeps them.

use serde_json::Value;

use super::super::going::Going;
use super::super::look::Look;
use super::super::report::{Stop, Why};
use super::super::secrets;
use super::super::witness::Secret;
use super::Carrier;

impl Carrier<'_> {
    /// A password that the account takes, where the call sets one.
    pub(super) fn password(&mut self, going: &Going<'_>) -> Result<Option<String>, Stop> {
        if !going.makes_password() {
            return Ok(None);
        }
        let answer = Look::new(self.world).ask("iam:GetAccountPasswordPolicy", None, &[].into());
        // Not being told the policy is no obstacle: what is made is stricter than most.
        let policy = answer.body().and_then(|body| body.get("PasswordPolicy")?.as_object());
        let made = secrets::password(self.world, policy);
        made.map(Some).map_err(|error| self.stop(Why::NotHanded, going, error.to_string()))
    }

    pub(super) fn hand_over(
        &mut self,
        going: &Going<'_>,
        reply: &Value,
        what: &str,
        value: &str,
    ) -> Result<(), Stop> {
        let mut about = going.about();
        let id = reply.pointer("/AccessKey/AccessKeyId").and_then(Value::as_str);
        about.extend(id.map(|id| ("AccessKeyId".to_owned(), id.to_owned())));
        let taken = self.witness.hand_over(&Secret { step: &going.step.id, what, about, value });
        taken.map_err(|error| self.stop(Why::NotHanded, going, error.to_string()))
    }

    /// Takes back what was made with a secret that nobody got, and makes another, once.
    pub(super) fn remake(&mut self, going: &Going<'_>, reply: Option<Value>) -> Result<(), Stop> {
        if let Some(reply) = reply {
            self.keep(going, &reply);
        }
        let inverse = Going::back(going, &self.known);
        let inverse = inverse.map_err(|cause| self.stop(Why::NotHanded, going, cause))?;
        if let Some(inverse) = inverse {
            self.carry(&inverse)?;
        }
        self.not_done(going, "nobody got its secret, so it was taken back")?;
        // Whatever keeps the secret from arriving may do so every time.
        if !self.remade.insert(going.step.id.clone()) {
            let cause = "it was lost twice on its way from AWS, so what it belongs to was taken back; see what stands between this machine and AWS";
            return Err(self.stop(Why::NotHanded, going, cause.to_owned()));
        }
        self.make(going, false)
    }
}
