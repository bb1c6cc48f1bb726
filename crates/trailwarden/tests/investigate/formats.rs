//! The four renderings, and text that wants to be more than text.

use jsonschema::draft202012;

use crate::support::{fixture, investigate, records, run};

const HOSTILE: &str = r#"
    evil iam:CreateUser {"userIdentity":{"userName":"<script>alert(1)"},"userAgent":"a\u001b[31m\u202e|b","request":{"userName":"<img src=x onerror=alert(1)>|\u202e"}}
    evil s3:GetObject {"userIdentity":{"userName":"<script>alert(1)"},"request":{"bucketName":"b|<b>","key":"[x](javascript:alert(1))"}}
    evil s3:GetBucketAcl {"userIdentity":{"userName":"<script>alert(1)"},"request":{"bucketName":"b`|\\|x"}}
    evil s3:PutBucketPolicy denied {"userIdentity":{"userName":"<script>alert(1)"},"errorCode":"AccessDenied|<i>"}"#;

#[test]
fn json_is_what_its_schema_says() {
    let schema = run(&["generate", "schema", "investigation"]);
    assert_eq!(schema.code, 0, "{}", schema.said);
    let schema: serde_json::Value = serde_json::from_str(&schema.out).unwrap();
    assert_eq!(schema["properties"]["schema"]["const"], "trailwarden.investigation/1");
    let log = fixture("trails/leaked-intern-key.ndjson");
    let log = log.to_str().unwrap();
    for who in ["pavel", "nobody-at-all", "203.0.113.9"] {
        let ran = run(&["investigate", log, "--principal", who, "--json"]);
        let story: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        let errors: Vec<String> = draft202012::new(&schema)
            .unwrap()
            .iter_errors(&story)
            .map(|error| error.to_string())
            .collect();
        assert!(errors.is_empty(), "{who}: {errors:?}");
    }
}

/// Whoever came in by a door that the story opened may be anybody: each rendering says so, and of nobody
/// else.
#[test]
fn whose_calls_may_be_somebody_elses_is_said() {
    let opened = r#"mallory iam:UpdateAssumeRolePolicy role/app trust=999988887777"#;
    let entered = r#"account/999988887777 sts:AssumeRole role/app issues=ASIABACK {"userIdentity":{"type":"AWSAccount","accountId":"999988887777"},"request":{"roleArn":"arn:aws:iam::111122223333:role/app"},"response":{"assumedRoleUser":{"arn":"arn:aws:sts::111122223333:assumed-role/app/s","assumedRoleId":"AROAAPP:s"}}}
        role/app/s s3:CreateBucket bucket/one key=ASIABACK"#;
    for format in ["table", "markdown", "html"] {
        let told = |trail: &str| {
            let ran = investigate(&records(trail), "mallory", &["--format", format]);
            let words: Vec<&str> = ran.out.split_whitespace().collect();
            words.join(" ").replace("&#39;", "'").replace("&#x27;", "'").replace("\\'", "'")
        };
        let page = told(&format!("{opened}\n{entered}"));
        let why = "Its calls may be somebody else's: somebody from outside the account assumed role app after its trust policy was changed";
        assert_eq!(page.matches("may be somebody else's").count(), 1, "{format}: {page}");
        assert!(page.contains(why), "{format}: {page}");
        assert!(!told(opened).contains("somebody else's"), "{format}");
    }
}

#[test]
fn every_rendering_tells_what_happened_and_what_is_left() {
    let log = fixture("trails/leaked-intern-key.ndjson");
    let log = log.to_str().unwrap();
    for format in ["table", "json", "markdown", "html"] {
        let ran = run(&["investigate", log, "--principal", "pavel", "--format", format]);
        assert_eq!(ran.code, 0, "{}", ran.said);
        for word in [
            "svc-metrics",
            "AWSSupportTelemetry",
            "breakglass",
            "AKIA7DAC4XA5WEXAMPLE",
            "UpdateAssumeRolePolicy",
            "GetAccountAuthorizationDetails",
            "secretsmanager",
            "OrganizationFormationRole",
        ] {
            // A terminal breaks long words over lines.
            let flat: String = ran.out.split_whitespace().collect();
            assert!(flat.contains(word), "{format}: {word}");
        }
    }
}

#[test]
fn no_rendering_lets_a_strangers_text_act() {
    let who = "<script>alert(1)";
    for format in ["table", "json", "markdown", "html"] {
        let ran = investigate(&records(HOSTILE), who, &["--format", format, "--color", "never"]);
        assert_eq!(ran.code, 0, "{}", ran.said);
        for hidden in ['\u{1b}', '\u{202e}'] {
            assert!(!ran.out.contains(hidden), "{format}");
        }
        if format == "html" {
            for live in ["<script", "<img", "<i>", "<b>|", "javascript:alert(1)\""] {
                assert!(!ran.out.contains(live), "{live}");
            }
            assert!(ran.out.contains("default-src &#39;none&#39;"));
        }
        if format == "markdown" {
            for live in ["<script", "<img", "[x](javascript"] {
                assert!(!ran.out.contains(live), "{live}: {}", ran.out);
            }
            let rows = ran.out.lines().filter(|line| line.starts_with('|'));
            for row in rows.filter(|row| row.contains("s3:Get")) {
                let bars = row.replace("\\\\", "").replace("\\|", "").matches('|').count();
                assert_eq!(bars, 7, "{row}");
            }
        }
    }
}

#[test]
fn colour_is_only_where_it_is_wanted() {
    let records = records("alice iam:CreateUser user/eve");
    let plain = investigate(&records, "alice", &[]);
    assert!(!plain.out.contains('\u{1b}'));
    let coloured = investigate(&records, "alice", &["--color", "always"]);
    assert!(coloured.out.contains('\u{1b}'));
}

#[test]
fn help_shows_examples_and_the_output_goes_where_it_is_sent() {
    assert!(run(&["investigate", "--help"]).out.contains("Examples:"));
    let folder = crate::support::folder();
    let page = folder.path().join("story.html");
    let flags = ["--format", "html", "--output", page.to_str().unwrap()];
    let ran = investigate(&records("alice iam:CreateUser user/eve"), "alice", &flags);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""));
    assert!(std::fs::read_to_string(page).unwrap().starts_with("<!doctype html>"));
}
