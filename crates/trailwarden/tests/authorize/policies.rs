//! `check` and `schema`, and folders with faults.

use crate::support::{LOGS, POLICIES, assert_schema, folder, put, run};

const SOUND: &str = r#"
@id("a")
permit (principal, action, resource is Role)
when { context has effect && context.effect.grade_after_rank <= 1 };
"#;

#[test]
fn every_policy_is_listed_with_its_bound() {
    let ran = run(&["authorize", "check", POLICIES, "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.said);
    let answer = ran.json();
    assert_schema("authorize-check", &answer);
    let policies = answer["policies"].as_array().unwrap();
    let ids: Vec<&str> = policies.iter().map(|policy| policy["id"].as_str().unwrap()).collect();
    assert_eq!(
        ids,
        [
            "deploy-manages-applications",
            "platform-keeps-boundaries",
            "nobody-stops-the-logs",
            "nobody-takes-a-boundary-off"
        ]
    );
    assert!(policies[0]["bound"]["effect"].is_object() && policies[2]["bound"] == "not_needed");
    let table = run(&["authorize", "check", POLICIES]);
    assert!(table.out.ends_with("2 permits, 2 forbids; all of them load\n"), "{}", table.out);
}

/// All faults are told at once, at their places, by each command that takes policies.
#[test]
fn a_fault_ends_every_command_with_its_place() {
    let folder = folder();
    let text = format!(
        "{SOUND}permit (principal, action, resource);\nforbid (principal, action == Action::\"iam:PutRolPolicy\", resource);\n"
    );
    put(folder.path(), "a.cedar", text);
    let dir = folder.path().to_str().unwrap();
    let explain = ["authorize", "explain", "e", "--logs", "x", "--change-policies", dir];
    for args in [&["authorize", "check", dir][..], &["authorize", "test", dir], &explain] {
        let ran = run(args);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{args:?}");
        assert!(ran.said.contains("2 faults"), "{}", ran.said);
        assert!(ran.said.contains("a.cedar:5:1") && ran.said.contains("a.cedar:6"), "{}", ran.said);
        assert!(ran.said.contains("PutRolePolicy"), "{}", ran.said);
    }
}

#[test]
fn a_folder_without_policies_is_an_error() {
    let folder = folder();
    let ran = run(&["authorize", "check", folder.path().to_str().unwrap()]);
    assert_eq!(ran.code, 2);
    assert!(ran.said.contains("no change policy"), "{}", ran.said);
    put(folder.path(), "a.cedar", "// Nothing yet.\n");
    let ran = run(&["authorize", "check", folder.path().to_str().unwrap()]);
    assert!(ran.code == 2 && ran.said.contains("holds no policy"), "{}", ran.said);
    assert_eq!(run(&["authorize", "check", "no/such/folder"]).code, 2);
}

#[test]
fn the_schema_is_printed_as_it_is_shipped() {
    let plain = run(&["authorize", "schema"]);
    let json = run(&["authorize", "schema", "--json"]).json();
    assert_eq!(plain.code, 0);
    assert_eq!(json["schema_text"].as_str().unwrap().trim_end(), plain.out.trim_end());
    assert!(plain.out.contains("grade_after_rank: Long"));
    assert!(!plain.out.to_lowercase().contains("useragent"));
}

#[test]
fn changes_from_before_the_time_that_was_asked_for_are_not_counted() {
    let count = |flags: &[&str]| {
        let args = ["scan", LOGS, "--change-policies", POLICIES, "--json"];
        let args: Vec<&str> = args.iter().chain(flags).copied().collect();
        run(&args).json()["summary"]["change_policies"]["changes"].as_u64().unwrap()
    };
    let args = ["changes", LOGS, "--change-policies", POLICIES, "--since", "2026-06-10", "--json"];
    let listed = run(&args).json();
    let listed = listed["changes"].as_array().unwrap().len() as u64;
    assert_eq!(count(&["--since", "2026-06-10"]), listed);
    assert!(listed < count(&[]));
}
