//! Services that somebody may use and does not.

use serde_json::Value;
use trailwarden_account::Kind;
use trailwarden_account::snapshot::may_use;
use trailwarden_model::Timestamp;

use crate::answers::{Known, Missing, items, text};
use crate::state::State;
use crate::verdicts::{Resource, Verdicts};

const CALL: &str = "iam:GetServiceLastAccessedDetails";
const DAYS: i64 = 60;

/// Judges users or roles that may use a service by when they last did.
///
/// Source: IAM API Reference, `GetServiceLastAccessedDetails`: the answer lists the services that the
/// policies allow, with the last attempt where there was one.
pub fn stale_access(
    state: &State<'_>,
    kind: Kind,
    service: &str,
    verdicts: &mut Verdicts,
) -> Known<()> {
    for identity in state.all(kind, verdicts)? {
        let resource = Resource::identity(state, identity);
        let label = &resource.label;
        if identity.is_service_linked() {
            continue;
        }
        if state.standing(identity).is_some_and(|standing| !may_use(standing, service)) {
            verdicts.not_applicable(&resource, format!("{label} may not use {service}."));
            continue;
        }
        // Where nobody was asked about, that is said once.
        state.everywhere(CALL)?;
        let Some(arn) = resource.arn.as_deref() else {
            verdicts.missing(&resource, &Missing::new("its ARN", "is not known"));
            continue;
        };
        let listed = state.about(CALL, "Arn", arn);
        let listed = match listed.and_then(|body| items(CALL, body, "ServicesLastAccessed")) {
            Ok(listed) => listed,
            Err(missing) => {
                verdicts.missing(&resource, &missing);
                continue;
            }
        };
        let entry: Option<&Value> =
            listed.iter().find(|one| text(one, "ServiceNamespace") == service);
        let used = entry.map(|entry| Timestamp::parse(text(entry, "LastAuthenticated")));
        match used {
            None => verdicts.not_applicable(&resource, format!("{label} may not use {service}.")),
            Some(Some(time)) if state.days_since(time) <= DAYS => {
                verdicts.pass(&resource, format!("{label} used {service} at {time}."));
            }
            Some(Some(time)) => {
                verdicts
                    .fail(&resource, format!("{label} may use {service} and last did at {time}."));
            }
            Some(None) => {
                verdicts.fail(&resource, format!("{label} may use {service} and never did."));
            }
        }
    }
    Ok(())
}
