//! The order in which CloudTrail writes keys, for every walk that guesses the next one.

use crate::scan::Key;

/// The order in which CloudTrail writes a record's keys, colon included. A guess: a key that does not
/// come where it is expected costs a comparison or two and is read like any other.
pub const RECORD: &[Key] = &[
    Key::new(b"\"eventVersion\":"),
    Key::new(b"\"userIdentity\":"),
    Key::new(b"\"eventTime\":"),
    Key::new(b"\"eventSource\":"),
    Key::new(b"\"eventName\":"),
    Key::new(b"\"awsRegion\":"),
    Key::new(b"\"sourceIPAddress\":"),
    Key::new(b"\"userAgent\":"),
    Key::new(b"\"errorCode\":"),
    Key::new(b"\"errorMessage\":"),
    Key::new(b"\"requestParameters\":"),
    Key::new(b"\"responseElements\":"),
    Key::new(b"\"additionalEventData\":"),
    Key::new(b"\"requestID\":"),
    Key::new(b"\"eventID\":"),
    Key::new(b"\"readOnly\":"),
    Key::new(b"\"resources\":"),
    Key::new(b"\"eventType\":"),
    Key::new(b"\"managementEvent\":"),
    Key::new(b"\"recipientAccountId\":"),
    Key::new(b"\"vpcEndpointId\":"),
    Key::new(b"\"vpcEndpointAccountId\":"),
    Key::new(b"\"eventCategory\":"),
    Key::new(b"\"tlsDetails\":"),
];

/// Keys of `userIdentity`.
pub const IDENTITY: &[Key] = &[
    Key::new(b"\"type\":"),
    Key::new(b"\"principalId\":"),
    Key::new(b"\"arn\":"),
    Key::new(b"\"accountId\":"),
    Key::new(b"\"accessKeyId\":"),
    Key::new(b"\"userName\":"),
    Key::new(b"\"sessionContext\":"),
    Key::new(b"\"invokedBy\":"),
];

/// Keys of `sessionContext`.
pub const SESSION: &[Key] = &[
    Key::new(b"\"sessionIssuer\":"),
    Key::new(b"\"webIdFederationData\":"),
    Key::new(b"\"attributes\":"),
];

/// Keys of `sessionIssuer`.
pub const ISSUER: &[Key] = &[
    Key::new(b"\"type\":"),
    Key::new(b"\"principalId\":"),
    Key::new(b"\"arn\":"),
    Key::new(b"\"accountId\":"),
    Key::new(b"\"userName\":"),
];

/// Places in [`RECORD`] and [`IDENTITY`]; a test of the skim holds them together.
pub(super) mod place {
    pub(in crate::skim) const EVENT_VERSION: usize = 0;
    pub(in crate::skim) const USER_IDENTITY: usize = 1;
    pub(in crate::skim) const EVENT_TIME: usize = 2;
    pub(in crate::skim) const EVENT_SOURCE: usize = 3;
    pub(in crate::skim) const EVENT_NAME: usize = 4;
    pub(in crate::skim) const AWS_REGION: usize = 5;
    pub(in crate::skim) const SOURCE_IPADDRESS: usize = 6;
    pub(in crate::skim) const USER_AGENT: usize = 7;
    pub(in crate::skim) const ERROR_CODE: usize = 8;
    pub(in crate::skim) const ERROR_MESSAGE: usize = 9;
    pub(in crate::skim) const REQUEST_PARAMETERS: usize = 10;
    pub(in crate::skim) const RESPONSE_ELEMENTS: usize = 11;
    pub(in crate::skim) const ADDITIONAL_EVENT_DATA: usize = 12;
    pub(in crate::skim) const REQUEST_ID: usize = 13;
    pub(in crate::skim) const EVENT_ID: usize = 14;
    pub(in crate::skim) const READ_ONLY: usize = 15;
    pub(in crate::skim) const RESOURCES: usize = 16;
    pub(in crate::skim) const EVENT_TYPE: usize = 17;
    pub(in crate::skim) const MANAGEMENT_EVENT: usize = 18;
    pub(in crate::skim) const RECIPIENT_ACCOUNT_ID: usize = 19;
    pub(in crate::skim) const VPC_ENDPOINT_ID: usize = 20;
    pub(in crate::skim) const VPC_ENDPOINT_ACCOUNT_ID: usize = 21;
    pub(in crate::skim) const EVENT_CATEGORY: usize = 22;
    pub(in crate::skim) const TLS_DETAILS: usize = 23;
    pub(in crate::skim) const IDENTITY_TYPE: usize = 0;
    pub(in crate::skim) const IDENTITY_PRINCIPAL_ID: usize = 1;
    pub(in crate::skim) const IDENTITY_ARN: usize = 2;
    pub(in crate::skim) const IDENTITY_ACCOUNT_ID: usize = 3;
    pub(in crate::skim) const IDENTITY_ACCESS_KEY_ID: usize = 4;
    pub(in crate::skim) const IDENTITY_USER_NAME: usize = 5;
    pub(in crate::skim) const IDENTITY_SESSION_CONTEXT: usize = 6;
    pub(in crate::skim) const IDENTITY_INVOKED_BY: usize = 7;
}
