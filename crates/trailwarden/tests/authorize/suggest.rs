//! `authorize suggest`: what it writes loads, passes its own cases and covers what it says.

use serde_json::Value;

use crate::support::{LOGS, assert_schema, folder, run};

/// Event ids of changes that the policies of a folder do not permit.
fn unauthorized(dir: &str) -> usize {
    let ran = run(&["changes", LOGS, "--change-policies", dir, "--unauthorized", "--json"]);
    ran.json()["changes"].as_array().unwrap().len()
}

#[test]
fn the_written_folder_loads_passes_its_cases_and_permits_what_it_claims() {
    let folder = folder();
    let dir = folder.path().join("new");
    let dir = dir.to_str().unwrap();
    let ran = run(&["authorize", "suggest", LOGS, "--output", dir, "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.said);
    let answer = ran.json();
    assert_schema("authorize-suggest", &answer);
    assert!(answer["covered"].as_u64().unwrap() >= 20, "{answer}");
    let tested = run(&["authorize", "test", dir]);
    assert_eq!(tested.code, 0, "{}{}", tested.out, tested.said);
    let all = run(&["changes", LOGS, "--json"]).json()["changes"].as_array().unwrap().len();
    let covered = usize::try_from(answer["covered"].as_u64().unwrap()).unwrap();
    assert_eq!(unauthorized(dir), all - covered);
    // What nobody did who could be proposed for is left, the gravest with its event.
    let reasons: Vec<&str> = answer["left"]
        .as_array()
        .unwrap()
        .iter()
        .map(|left| left["why"].as_str().unwrap())
        .collect();
    for why in ["privesc_or_admin", "credentials_or_logging", "person"] {
        assert!(reasons.contains(&why), "{reasons:?}");
    }
    // The pipeline is named, and nobody else.
    let is_pipeline = |permit: &Value| {
        permit["behind"]
            .as_array()
            .unwrap()
            .iter()
            .all(|who| who.as_str().unwrap().starts_with("repo:example-corp/"))
    };
    assert!(answer["permits"].as_array().unwrap().iter().all(is_pipeline), "{answer}");
}

#[test]
fn policies_go_to_standard_output_and_the_rest_does_not() {
    let ran = run(&["authorize", "suggest", LOGS]);
    assert_eq!(ran.code, 0, "{}", ran.said);
    let folder = folder();
    std::fs::write(folder.path().join("a.cedar"), &ran.out).unwrap();
    let checked = run(&["authorize", "check", folder.path().to_str().unwrap()]);
    assert_eq!(checked.code, 0, "{}\n{}", checked.said, ran.out);
    assert!(ran.said.contains("are covered by"), "{}", ran.said);
}

#[test]
fn nobodys_files_are_written_over() {
    let folder = folder();
    let dir = folder.path().to_str().unwrap();
    std::fs::write(folder.path().join("entities.toml"), "# mine\n").unwrap();
    let ran = run(&["authorize", "suggest", LOGS, "--output", dir]);
    assert_eq!(ran.code, 2);
    assert!(ran.said.contains("is there already"), "{}", ran.said);
    assert_eq!(std::fs::read_to_string(folder.path().join("entities.toml")).unwrap(), "# mine\n");
    assert!(!folder.path().join("suggested.cedar").exists());
}

#[test]
fn without_records_there_is_nothing_to_suggest() {
    let folder = folder();
    let ran = run(&["authorize", "suggest", folder.path().to_str().unwrap()]);
    assert_eq!(ran.code, 2, "{}", ran.out);
}

#[test]
fn where_nothing_is_proposed_nothing_is_written() {
    let folder = folder();
    let dir = folder.path().join("new");
    let dir = dir.to_str().unwrap();
    let args = ["authorize", "suggest", LOGS, "--min-events", "1000", "--output", dir];
    let ran = run(&args);
    assert_eq!(ran.code, 0, "{}", ran.said);
    assert!(ran.out.contains("nothing was written"), "{}", ran.out);
    assert!(!folder.path().join("new").exists());
}
