//! Decides requests of one principal, with what is known of him and of the owner.

use trailwarden_policy::evaluate::{Caller, Compiled, Context, Decision, Request};

use super::{Rcps, Standing, request_key};

impl Standing {
    /// Decides one request with the keys of `context`, which [`Standing::context`] begins. `resource`
    /// is the policy of the resource, of a role its trust policy.
    pub fn decide(
        &self,
        action: &str,
        resource: &str,
        context: &Context,
        policy: Option<&Compiled>,
    ) -> Option<Decision> {
        let arn = self.principal.likely_arn();
        let caller = Caller::parse(&arn).ok()?;
        Some(self.decide_request(Request::new(caller, action, resource, context), policy))
    }

    /// [`Standing::decide`] of a request that says more: whose resource it is, which session asks.
    /// What it leaves open about the principal or the owner, and is known of them, is put in.
    pub fn decide_request(&self, request: Request<'_>, policy: Option<&Compiled>) -> Decision {
        self.decide_under(request, policy, &Rcps::default())
    }

    /// [`Standing::decide_request`] under the RCPs of the account that owns the resource.
    pub fn decide_under(
        &self,
        request: Request<'_>,
        policy: Option<&Compiled>,
        rcps: &Rcps,
    ) -> Decision {
        self.told(request, |request| self.compiled().decide_under(request, policy, rcps))
    }

    /// [`Standing::decide_request`] as if it held no identity policies but those that were seen.
    pub(crate) fn decide_as_seen(
        &self,
        request: Request<'_>,
        policy: Option<&Compiled>,
    ) -> Decision {
        self.told(request, |request| self.compiled().decide_as_seen(request, policy))
    }

    /// A decision with what is known of the keys that it leaves open.
    fn told(&self, request: Request<'_>, decide: impl Fn(Request<'_>) -> Decision) -> Decision {
        let mut context = request.context.clone();
        loop {
            let request = Request { context: &context, ..request };
            let decision = decide(request);
            let mut fuller = context.clone();
            for key in decision.missing_context.iter().filter(|key| context.is_unknown(key)) {
                let key = key.to_ascii_lowercase();
                fuller = match request_key(&key, &request) {
                    Some(value) => fuller.with(&key, &value),
                    None => self.principal.tell(&key, fuller),
                };
            }
            if fuller == context {
                return decision;
            }
            context = fuller;
        }
    }
}
