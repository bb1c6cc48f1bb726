//! What is said of several changes as a whole, and which files of a folder are read.

use trailwarden_model::finding::{Evidence, Party, SCHEMA};
use trailwarden_model::{Confidence, Timestamp};

use super::*;

fn said(verdict: Verdict, by: &[&str]) -> Authorized {
    let by = by.iter().map(|id| (*id).to_owned()).collect();
    Authorized { verdict, by, doubts: Vec::new() }
}

#[test]
fn one_forbidden_change_decides_and_one_unknown_leaves_all_unknown() {
    let permitted = said(Verdict::Permitted, &["b"]);
    let other = said(Verdict::Permitted, &["a", "b"]);
    let forbidden = said(Verdict::Forbidden, &["f"]);
    let unknown = said(Verdict::Unknown, &[]);
    assert_eq!(together([&permitted, &other]), said(Verdict::Permitted, &["a", "b"]));
    assert_eq!(together([&permitted, &unknown]), unknown);
    assert_eq!(together([&permitted, &unknown, &forbidden]), forbidden);
    assert_eq!(together([]), unknown);
    let doubted = Authorized { doubts: vec!["forbid `f` may match".to_owned()], ..unknown.clone() };
    assert_eq!(together([&permitted, &doubted, &unknown]), doubted);
    assert_eq!(together([&doubted, &forbidden]), forbidden);
}

#[test]
fn a_folder_gives_policies_and_entities_by_name_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["b.cedar", "a.cedar", "C.CEDAR", "entities.toml", "a.cases.toml", "README.md"] {
        std::fs::write(folder.path().join(name), "x").unwrap();
    }
    std::fs::create_dir(folder.path().join("more")).unwrap();
    let names: Vec<String> =
        files(folder.path()).unwrap().into_iter().map(|file| file.name).collect();
    assert_eq!(names, ["C.CEDAR", "a.cedar", "b.cedar", "entities.toml"]);
}

/// A finding of a detection that rests on record 0 of `a.json`.
fn finding(kind: Kind, severity: Severity) -> Finding {
    let time = Timestamp::from_seconds(1_780_000_000);
    let evidence = Evidence {
        event_id: "e".to_owned(),
        event_name: "PutRolePolicy".to_owned(),
        event_source: "iam.amazonaws.com".to_owned(),
        event_time: time,
        account: None,
        file: "a.json".to_owned(),
        record: 0,
    };
    Finding {
        schema: SCHEMA.to_owned(),
        id: "tw-1".to_owned(),
        rule: "key-used-from-many-networks".to_owned(),
        title: String::new(),
        risk: String::new(),
        explanation: String::new(),
        supersedes: Vec::new(),
        kind,
        severity,
        confidence: Confidence::High,
        status: Status::Open,
        outcome: None,
        account: None,
        region: None,
        first_time: time,
        last_time: time,
        actor: Party::default(),
        target: Party::default(),
        evidence: vec![evidence],
        evidence_total: 1,
        effect: None,
        authorized: Authorized::default(),
        attack: Vec::new(),
        false_positives: Vec::new(),
        remediation: Vec::new(),
    }
}

/// A stolen session that does what its role is permitted stays a stolen session.
#[test]
fn a_permit_excuses_no_detection_graver_than_what_it_was_asked_about() {
    let answer = |gravest| {
        let said = said(Verdict::Permitted, &["p"]);
        let by_place = [(("a.json".to_owned(), 0), Answer { said, gravest })];
        Answers { by_place: by_place.into_iter().collect(), ..Answers::default() }
    };
    let status = |gravest, kind, severity| {
        let mut findings = [finding(kind, severity)];
        answer(gravest).mark(&mut findings);
        let is_said = findings[0].authorized.verdict == Verdict::Permitted;
        assert_eq!(is_said, findings[0].status == Status::Authorized);
        findings[0].status
    };
    let low = Some(Severity::Low);
    assert_eq!(status(low, Kind::Detection, Severity::Low), Status::Authorized);
    assert_eq!(status(low, Kind::Detection, Severity::High), Status::Open);
    assert_eq!(status(None, Kind::Detection, Severity::Info), Status::Open);
    assert_eq!(
        status(Some(Severity::Critical), Kind::Detection, Severity::High),
        Status::Authorized
    );
    // A rule that looks at the call's name alone tells nothing that the permit does not know.
    assert_eq!(status(low, Kind::Sigma, Severity::High), Status::Authorized);
}

/// A forbid that is passed over in silence forbids nothing.
#[cfg(unix)]
#[test]
fn what_is_named_like_a_policy_and_cannot_be_read_is_an_error() {
    type Make = fn(&std::path::Path) -> std::io::Result<()>;
    let all: [(&str, Make); 4] = [
        ("b.cedar", |path| std::fs::create_dir(path)),
        ("b.cedar", |path| std::os::unix::fs::symlink("nowhere", path)),
        ("b.cedar", |path| std::fs::write(path, b"forbid \xff")),
        ("entities.toml", |path| std::os::unix::fs::symlink("nowhere", path)),
    ];
    for (name, make) in all {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.cedar"), "x").unwrap();
        make(&folder.path().join(name)).unwrap();
        let fault = files(folder.path()).unwrap_err();
        assert!(
            matches!(&fault, FolderError::Read { path, .. } if path.ends_with(name)),
            "{fault}"
        );
    }
}

#[test]
fn a_folder_without_policies_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(files(folder.path()), Err(FolderError::Empty { .. })));
    assert!(matches!(files(&folder.path().join("missing")), Err(FolderError::Read { .. })));
    let long = folder.path().join("long.cedar");
    std::fs::write(long, vec![b' '; (1 << 20) + 1]).unwrap();
    assert!(matches!(files(folder.path()), Err(FolderError::TooLarge { .. })));
}
