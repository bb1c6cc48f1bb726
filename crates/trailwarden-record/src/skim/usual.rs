//! The usual record, read key by key without looking any of them up.
//!
//! CloudTrail writes the keys of a record in one order and leaves out those it has no value for. So
//! the walk asks for each key in turn, in code that knows it; whatever it does not expect ends it,
//! and the walk of any record goes on from there.
//!
//! # Soundness
//! It passes a member only as a whole, and reads it as the walk of any record would: text is taken
//! only where it is ASCII without escapes. It passes each key once at most, and those behind it find
//! what it has filled in, so a key that stands twice is noticed.

use trailwarden_model::Timestamp;

use super::fields::{Fields, Notes, Taken};
use super::keys::place;
use super::{Identity, Text};
use crate::scan::{self, UNKNOWN, Usual};

impl<'a, N: Notes> Fields<'a, N> {
    /// Reads members of the record whose brace is at `start` for as long as they come as usual;
    /// where the next one is.
    pub(super) fn usual_record(&mut self, start: usize, taken: &mut Taken<'_, 'a>) -> usize {
        let mut usual = Usual::new(self.bytes, start + 1);
        // What stops it is read again by the walk of any record.
        let _ = self.usual_head(start, &mut usual, taken);
        usual.at()
    }

    #[inline(always)]
    fn usual_head(
        &mut self,
        start: usize,
        usual: &mut Usual<'a>,
        taken: &mut Taken<'_, 'a>,
    ) -> Option<()> {
        let skim = &mut *taken.skim;
        self.texted_of::<4, _>(usual, start, b"\"eventVersion\":\"", place::EVENT_VERSION)?;
        if let Some(value) = usual.value(b",\"userIdentity\":") {
            let end = self.identity(value, &mut skim.identity).ok()?;
            taken.has_identity = true;
            self.noted(place::USER_IDENTITY, start, value, end);
            usual.resume(end);
        }
        let time =
            self.texted_of::<20, _>(usual, start, b",\"eventTime\":\"", place::EVENT_TIME)?;
        if !time.is_empty() {
            let time = Timestamp::parse_bytes(time.0);
            (skim.time, skim.has_time) = (time.unwrap_or_default(), time.is_some());
        }
        skim.event_source =
            self.texted(usual, start, b",\"eventSource\":\"", place::EVENT_SOURCE)?;
        skim.event_name = self.texted(usual, start, b",\"eventName\":\"", place::EVENT_NAME)?;
        skim.region =
            self.texted_of::<9, _>(usual, start, b",\"awsRegion\":\"", place::AWS_REGION)?;
        skim.address =
            self.texted(usual, start, b",\"sourceIPAddress\":\"", place::SOURCE_IPADDRESS)?;
        skim.user_agent = self.texted(usual, start, b",\"userAgent\":\"", place::USER_AGENT)?;
        skim.error_code = self.texted(usual, start, b",\"errorCode\":\"", place::ERROR_CODE)?;
        let message = self.texted(usual, start, b",\"errorMessage\":\"", place::ERROR_MESSAGE)?;
        skim.has_error_message = !message.is_empty();
        self.usual_tail(start, usual, taken)
    }

    #[inline(always)]
    fn usual_tail(
        &mut self,
        start: usize,
        usual: &mut Usual<'a>,
        taken: &mut Taken<'_, 'a>,
    ) -> Option<()> {
        self.passed(usual, start, b",\"requestParameters\":", place::REQUEST_PARAMETERS)?;
        if let Some(value) = usual.value(b",\"responseElements\":") {
            let end = self.response(value, taken).ok()?;
            self.noted(place::RESPONSE_ELEMENTS, start, value, end);
            usual.resume(end);
        }
        let skim = &mut *taken.skim;
        self.passed(usual, start, b",\"additionalEventData\":", place::ADDITIONAL_EVENT_DATA)?;
        self.texted_of::<36, _>(usual, start, b",\"requestID\":\"", place::REQUEST_ID)?;
        skim.event_id =
            self.texted_of::<36, _>(usual, start, b",\"eventID\":\"", place::EVENT_ID)?;
        self.passed(usual, start, b",\"readOnly\":", place::READ_ONLY)?;
        self.passed(usual, start, b",\"resources\":", place::RESOURCES)?;
        let kind =
            self.texted_of::<10, _>(usual, start, b",\"eventType\":\"", place::EVENT_TYPE)?;
        skim.is_service_event = kind == "AwsServiceEvent";
        skim.is_insight = kind == "AwsCloudTrailInsight";
        self.passed(usual, start, b",\"apiVersion\":", UNKNOWN)?;
        self.passed(usual, start, b",\"managementEvent\":", place::MANAGEMENT_EVENT)?;
        taken.recipient = self.texted_of::<12, _>(
            usual,
            start,
            b",\"recipientAccountId\":\"",
            place::RECIPIENT_ACCOUNT_ID,
        )?;
        self.texted_of::<36, _>(usual, start, b",\"sharedEventID\":\"", UNKNOWN)?;
        self.texted(usual, start, b",\"vpcEndpointId\":\"", place::VPC_ENDPOINT_ID)?;
        self.texted(usual, start, b",\"vpcEndpointAccountId\":\"", place::VPC_ENDPOINT_ACCOUNT_ID)?;
        self.texted_of::<10, _>(usual, start, b",\"eventCategory\":\"", place::EVENT_CATEGORY)?;
        if let Some(value) = usual.value(b",\"tlsDetails\":")
            && let Some(end) = usual_tls(self.bytes, value)
        {
            self.noted(place::TLS_DETAILS, start, value, end);
            usual.resume(end);
        }
        Some(())
    }

    /// Reads members of the identity whose brace is at `value` for as long as they come as usual;
    /// where the next one is, and whether what was read holds no unusual object.
    #[inline(always)]
    pub(super) fn usual_identity(
        &mut self,
        value: usize,
        identity: &mut Identity<'a>,
    ) -> (usize, bool) {
        let mut usual = Usual::new(self.bytes, value + 1);
        let is_usual = self.usual_caller(&mut usual, identity).unwrap_or(false);
        (usual.at(), is_usual)
    }

    #[inline(always)]
    fn usual_caller(&mut self, usual: &mut Usual<'a>, identity: &mut Identity<'a>) -> Option<bool> {
        let mut is_usual = true;
        identity.kind = Text(usual.text_of::<11, _>(b"\"type\":\"")?);
        if identity.kind.is_empty() {
            return None;
        }
        identity.principal_id = Text(usual.text(b",\"principalId\":\"")?);
        identity.arn = Text(usual.text(b",\"arn\":\"")?);
        identity.account = Text(usual.text_of::<12, _>(b",\"accountId\":\"")?);
        identity.access_key = Text(usual.text_of::<20, _>(b",\"accessKeyId\":\"")?);
        identity.user_name = Text(usual.text(b",\"userName\":\"")?);
        if let Some(value) = usual.value(b",\"sessionContext\":") {
            let end = match usual_session(self.bytes, value) {
                Some((issuer, end)) => {
                    identity.issuer_arn = issuer;
                    end
                }
                None => {
                    is_usual = false;
                    self.session(value, identity).ok()?
                }
            };
            usual.resume(end);
        }
        identity.invoked_by = Text(usual.text(b",\"invokedBy\":\"")?);
        Some(is_usual)
    }

    /// A text under a key, if that comes next: empty if not, and `None` if the text is unusual.
    #[inline(always)]
    fn texted<const L: usize>(
        &mut self,
        usual: &mut Usual<'a>,
        start: usize,
        key: &[u8; L],
        place: usize,
    ) -> Option<Text<'a>> {
        let before = usual.at();
        let text = usual.text(key)?;
        if usual.at() != before {
            // With its quotes.
            self.noted(place, start, usual.at() - text.len() - 2, usual.at());
        }
        Some(Text(text))
    }

    /// The same for a text that nearly always has this length.
    #[inline(always)]
    fn texted_of<const LENGTH: usize, const L: usize>(
        &mut self,
        usual: &mut Usual<'a>,
        start: usize,
        key: &[u8; L],
        place: usize,
    ) -> Option<Text<'a>> {
        let before = usual.at();
        let text = usual.text_of::<LENGTH, L>(key)?;
        if usual.at() != before {
            self.noted(place, start, usual.at() - text.len() - 2, usual.at());
        }
        Some(Text(text))
    }

    /// Passes the member with a key, if that comes next.
    #[inline(always)]
    fn passed<const L: usize>(
        &mut self,
        usual: &mut Usual<'a>,
        start: usize,
        key: &[u8; L],
        place: usize,
    ) -> Option<()> {
        if let Some(value) = usual.value(key) {
            let end = scan::skip_value(self.bytes, value, self.depth_max).ok()?;
            self.noted(place, start, value, end);
            usual.resume(end);
        }
        Some(())
    }

    #[inline(always)]
    fn noted(&mut self, place: usize, start: usize, value: usize, end: usize) {
        const PLAIN: scan::Text<'_> = scan::Text { raw: b"", escaped: false, ascii: true, end: 0 };
        self.notes.note(place, &PLAIN, value - start..end - start);
    }
}

/// The issuer's ARN and the end of a `sessionContext` that begins at `at`, where it holds an issuer and
/// attributes and nothing else.
#[inline(always)]
fn usual_session(bytes: &[u8], at: usize) -> Option<(Text<'_>, usize)> {
    let mut usual = Usual::new(bytes, at);
    let opens = usual.pass(b"{\"sessionIssuer\":{\"type\":\"Role\"");
    if !opens {
        return None;
    }
    usual.text_of::<21, _>(b",\"principalId\":\"")?;
    let arn = Text(usual.text(b",\"arn\":\"")?);
    usual.text_of::<12, _>(b",\"accountId\":\"")?;
    usual.text(b",\"userName\":\"")?;
    if !usual.pass(b"},\"attributes\":{\"creationDate\":") {
        return None;
    }
    usual.text_of::<20, _>(b"\"")?;
    usual.text_of::<5, _>(b",\"mfaAuthenticated\":\"")?;
    if !usual.pass(b"}") {
        return None;
    }
    // Sessions of EC2 instances have it.
    usual.text_of::<3, _>(b",\"ec2RoleDelivery\":\"")?;
    usual.pass(b"}").then(|| (arn, usual.at()))
}

/// The end of the usual `tlsDetails` that begin at `at`.
#[inline(always)]
fn usual_tls(bytes: &[u8], at: usize) -> Option<usize> {
    let mut usual = Usual::new(bytes, at);
    if !usual.pass(b"{\"tlsVersion\":") {
        return None;
    }
    usual.text_of::<7, _>(b"\"")?;
    usual.text_of::<22, _>(b",\"cipherSuite\":\"")?;
    usual.text(b",\"clientProvidedHostHeader\":\"")?;
    usual.pass(b"}").then(|| usual.at())
}

/// The key and the end of the response of an STS call that begins at `at` and issued one.
#[inline(always)]
pub(super) fn usual_issue(bytes: &[u8], at: usize) -> Option<(Text<'_>, usize)> {
    let mut usual = Usual::new(bytes, at);
    if !usual.pass(b"{\"credentials\":{\"accessKeyId\":") {
        return None;
    }
    let key = Text(usual.text_of::<20, _>(b"\"")?);
    usual.text(b",\"sessionToken\":\"")?;
    usual.text(b",\"expiration\":\"")?;
    if !usual.pass(b"}") {
        return None;
    }
    if usual.pass(b",\"assumedRoleUser\":{\"assumedRoleId\":") {
        usual.text(b"\"")?;
        usual.text(b",\"arn\":\"")?;
        if !usual.pass(b"}") {
            return None;
        }
    }
    usual.pass(b"}").then(|| (key, usual.at()))
}

#[cfg(test)]
mod tests {
    use crate::skim::{Outline, Skim};

    /// What only sessions of EC2 instances have keeps them on the short way, and nothing else does.
    #[test]
    fn sessions_of_instances_are_usual_callers() {
        for (delivery, is_usual) in [
            ("", true),
            (r#","ec2RoleDelivery":"2.0""#, true),
            (r#","ec2RoleDelivery":2"#, false),
            (r#","ec2RoleDelivery":"1.0","ec2RoleDelivery":"2.0""#, false),
            (r#","webIdFederationData":{}"#, false),
        ] {
            let record = format!(
                r#"{{"eventVersion":"1.11","userIdentity":{{"type":"AssumedRole","principalId":"AROAX:i-0123456789abcdef0","arn":"arn:aws:sts::111122223333:assumed-role/app/i-0123456789abcdef0","accountId":"111122223333","accessKeyId":"ASIAX","sessionContext":{{"sessionIssuer":{{"type":"Role","principalId":"AROAX","arn":"arn:aws:iam::111122223333:role/app","accountId":"111122223333","userName":"app"}},"attributes":{{"creationDate":"2026-01-02T03:04:05Z","mfaAuthenticated":"false"}}{delivery}}}}},"eventTime":"2026-01-02T03:04:05Z","eventName":"GetObject"}}"#
            );
            let (mut skim, mut outline) = (Skim::default(), Outline::default());
            let end = skim.read_into(record.as_bytes(), 0, 64, Some(&mut outline)).unwrap();
            assert_eq!(outline.has_usual_caller(), is_usual, "{delivery}");
            let tree: serde_json::Value = serde_json::from_str(&record).unwrap();
            assert_eq!((skim, end), (Skim::of_value(&tree), record.len()), "{delivery}");
        }
    }
}
