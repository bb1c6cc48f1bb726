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
