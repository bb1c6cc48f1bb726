//! The memo: what it remembers it may say, what it does not know it looks up.

use trailwarden_detect::sigma::{Memo, Plan};

use super::{assert_planned, load};

/// Rules that name no event: settled by the caller, settled in part, and not at all; one feeds a
/// correlation by who calls, one by what is asked for.
const RULES: &str = "\
title: roles
name: roles
logsource: {product: aws, service: cloudtrail}
detection: {s: {userIdentity.type: AssumedRole}, condition: s}
---
title: by caller
correlation: {type: event_count, rules: [roles], group-by: [userIdentity.arn], timespan: 1h, condition: {gte: 2}}
---
title: roots
name: roots
logsource: {product: aws, service: cloudtrail}
detection: {s: {userIdentity.type: Root}, condition: s}
---
title: by password
correlation: {type: event_count, rules: [roots], group-by: [requestParameters.password], timespan: 1h, condition: {gte: 2}}
---
title: half
logsource: {product: aws, service: cloudtrail}
detection: {s: {userIdentity.type: IAMUser, requestParameters.name|contains: secret-thing}, condition: s}
---
title: open
logsource: {product: aws, service: cloudtrail}
detection: {s: {requestParameters.name: very-special}, condition: s}
";

fn record(kind: &str, arn: usize, name: &str) -> String {
    format!(
        r#"{{"eventName":"X","eventSource":"y","userIdentity":{{"type":"{kind}","arn":"{arn}"}},"requestParameters":{{"name":"{name}","password":"hunter2"}}}}"#
    )
}

#[test]
fn what_the_caller_leaves_open_is_asked_of_the_record() {
    let rules = load(RULES);
    assert_eq!(rules.plan("X", "y"), Plan::Residual);
    let mut memo = Memo::new(rules);
    for kind in ["AssumedRole", "Root", "IAMUser", "AWSService"] {
        for name in ["", "very-special", "a Secret-Thing", "very-\\u0073pecial"] {
            for arn in 0..3 {
                assert_planned(&mut memo, &record(kind, arn, name));
            }
        }
    }
}

#[test]
fn what_it_forgets_it_works_out_again() {
    let mut memo = Memo::new(load(RULES));
    for round in 0..2 {
        for arn in 0..9_000 {
            let record = record("AssumedRole", arn, "");
            if arn % 500 == 0 {
                assert_planned(&mut memo, &record);
            } else {
                assert!(
                    !memo.encoded(Plan::Residual, record.as_bytes(), None).is_empty(),
                    "{round}"
                );
            }
        }
    }
}

#[test]
fn columns_for_the_disk_hold_no_secrets() {
    let mut memo = Memo::new(load(RULES));
    let bytes = memo.encoded(Plan::Residual, record("Root", 1, "x").as_bytes(), None).to_vec();
    let holds = |text: &[u8]| bytes.windows(text.len()).any(|window| window == text);
    assert!(holds(b"***") && !holds(b"hunter2"));
}

#[test]
fn no_rule_sees_a_secret_in_a_steady_field() {
    let rules = "title: t\nlogsource: {product: aws, service: cloudtrail}\ndetection: {s: {userAgent|contains: hunter2}, condition: s}\n";
    let mut memo = Memo::new(load(rules));
    let record = br#"{"eventName":"X","eventSource":"y","userAgent":{"password":"hunter2"}}"#;
    assert!(memo.encoded(Plan::Residual, record, None).is_empty());
    assert!(!memo.encoded(Plan::Residual, br#"{"userAgent":"hunter2"}"#, None).is_empty());
}

#[test]
fn bytes_that_are_no_record_match_nothing() {
    let mut memo = Memo::new(load(
        "title: t\nlogsource: {product: aws, service: cloudtrail}\ndetection: {s: {userIdentity.type: null}, condition: s}\n",
    ));
    for plan in [Plan::Nothing, Plan::Residual, Plan::Everything] {
        for bytes in [&b""[..], b"{", b"[]x", b"{\"userIdentity\":{\"type\":tru}}"] {
            assert!(memo.encoded(plan, bytes, None).is_empty(), "{plan:?} {bytes:?}");
            let must_tell = plan == Plan::Everything && bytes != b"";
            assert!(memo.is_broken() || !must_tell, "{plan:?} {bytes:?}");
        }
    }
}
