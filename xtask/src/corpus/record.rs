//! One CloudTrail record as text, its fields in the order in which CloudTrail writes them.

use super::actor::Actor;
use super::calendar;
use super::random::{self, Random, mix};
use super::script::Step;
use super::slot::Filling;
use super::text::Text;

/// What a record is made of.
pub(crate) struct Draft<'a> {
    pub(crate) step: &'a Step,
    pub(crate) actor: &'a Actor,
    pub(crate) from: Option<&'a Text>,
    pub(crate) agent: Option<&'a Text>,
    pub(crate) filling: Filling<'a>,
}

/// The text of a record and its event id.
pub(crate) fn write(draft: &Draft<'_>) -> (String, String) {
    let Draft { step, actor, filling, .. } = draft;
    let mut event_id = String::with_capacity(36);
    random::uuid(mix(&[filling.record_number, 71]), &mut event_id);
    let mut out = String::with_capacity(2_048);
    out.push_str(r#"{"eventVersion":""#);
    out.push_str(step.version.as_deref().unwrap_or("1.11"));
    out.push_str(r#"","userIdentity":"#);
    actor.identity(filling.account, step.invoked.as_deref(), &mut out);
    string(&mut out, "eventTime", &calendar::instant(filling.time));
    string(&mut out, "eventSource", &step.source);
    string(&mut out, "eventName", &step.name);
    string(&mut out, "awsRegion", filling.region);
    origin(draft, &mut out);
    if let Some(error) = &step.error {
        string(&mut out, "errorCode", error);
    }
    if let Some(message) = &step.message {
        string(&mut out, "errorMessage", &message.filled(filling));
    }
    out.push_str(r#","requestParameters":"#);
    step.request.fill(filling, &mut out);
    out.push_str(r#","responseElements":"#);
    step.response.fill(filling, &mut out);
    if let Some(extra) = &step.extra {
        out.push_str(r#","additionalEventData":"#);
        extra.fill(filling, &mut out);
    }
    request_id(draft, &mut out);
    string(&mut out, "eventID", &event_id);
    out.push_str(if step.is_read_only { r#","readOnly":true"# } else { r#","readOnly":false"# });
    if let Some(resources) = &step.resources {
        out.push_str(r#","resources":"#);
        resources.fill(filling, &mut out);
    }
    ending(draft, &mut out);
    (event_id, out)
}

/// Appends `,"name":"value"`. Values are ours and need no escaping.
fn string(out: &mut String, name: &str, value: &str) {
    out.push_str(",\"");
    out.push_str(name);
    out.push_str("\":\"");
    out.push_str(value);
    out.push('"');
}

fn origin(draft: &Draft<'_>, out: &mut String) {
    let Draft { step, actor, filling, .. } = draft;
    if let Some(service) = &step.invoked {
        string(out, "sourceIPAddress", service);
        string(out, "userAgent", service);
        return;
    }
    let address = draft.from.map_or_else(|| actor.address(), |text| text.filled(filling));
    let agent = draft.agent.map_or_else(|| actor.agent(), |text| text.filled(filling));
    string(out, "sourceIPAddress", &address);
    string(out, "userAgent", &agent);
}

fn request_id(draft: &Draft<'_>, out: &mut String) {
    // Sign-in events have none.
    if draft.step.event_type.is_some() {
        return;
    }
    let seed = mix(&[draft.filling.record_number, 72]);
    let mut id = String::new();
    match draft.step.request_id.as_deref() {
        Some("upper") => Random::new(seed).characters(random::UPPER, 16, &mut id),
        Some(_) => Random::new(seed).characters(random::UPPER, 52, &mut id),
        None => random::uuid(seed, &mut id),
    }
    string(out, "requestID", &id);
}

fn ending(draft: &Draft<'_>, out: &mut String) {
    let Draft { step, actor, filling, .. } = draft;
    string(out, "eventType", step.event_type.as_deref().unwrap_or("AwsApiCall"));
    let is_management = !step.is_data;
    out.push_str(if is_management {
        r#","managementEvent":true"#
    } else {
        r#","managementEvent":false"#
    });
    string(out, "recipientAccountId", filling.account);
    if step.is_shared {
        let mut id = String::new();
        random::uuid(mix(&[filling.record_number, 73]), &mut id);
        string(out, "sharedEventID", &id);
    }
    let is_direct = step.invoked.is_none() && !matches!(actor, Actor::Service(_));
    if let (Some(endpoint), None, true) = (actor.endpoint(), draft.from, is_direct) {
        string(out, "vpcEndpointId", endpoint);
        string(out, "vpcEndpointAccountId", filling.account);
    }
    string(out, "eventCategory", if is_management { "Management" } else { "Data" });
    if is_direct {
        let host = match &step.host {
            Some(host) => host.filled(filling),
            None if step.is_global => step.source.clone(),
            None => {
                let service = step.source.trim_end_matches(".amazonaws.com");
                format!("{service}.{}.amazonaws.com", filling.region)
            }
        };
        out.push_str(r#","tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":""#);
        out.push_str(&host);
        out.push_str("\"}");
        if actor.is_console() && step.event_type.is_none() {
            string(out, "sessionCredentialFromConsole", "true");
        }
    }
    out.push('}');
}
