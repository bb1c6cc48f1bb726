//! What holds for every remedy: its example, its plan, its renderings, and that no id leads nowhere.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

use std::collections::BTreeSet;
use std::path::Path;

use expect_test::expect_file;
use trailwarden_model::Timestamp;
use trailwarden_remedy::calls::{self, Undo};
use trailwarden_remedy::subject::Policy;
use trailwarden_remedy::{Plan, Remedy, people, reads, remedies, remedy, render};

/// The plan of a remedy's example.
fn plan(remedy: &Remedy) -> Plan {
    let mut subject = remedy.example().unwrap();
    subject.finding = Some("tw-00000000000000ff".to_owned());
    let draft = remedy.draft(&subject).unwrap_or_else(|why| panic!("{remedy:?}: {why}"));
    let made = Timestamp::from_seconds(1_769_947_260);
    Plan::from_drafts(subject.account, made, subject.time, vec![draft])
}

#[test]
fn every_remedy_makes_a_plan_that_is_read_again() {
    for remedy in remedies::ALL {
        let plan = plan(remedy);
        assert!(!plan.steps.is_empty(), "{remedy:?}");
        let read = Plan::read(plan.to_json().as_bytes());
        assert_eq!(read.unwrap_or_else(|error| panic!("{remedy:?}: {error}")), plan);
    }
}

/// A change to a plan's JSON.
type Forgery<'a> = &'a dyn Fn(&mut serde_json::Value);

/// Anybody can write a plan and its digest. Programs are made of what stands in it, so names stay names.
#[test]
fn a_plan_that_hides_a_program_is_refused() {
    let forge = |id: &str, change: Forgery<'_>| {
        let remedy = remedy::find(id).unwrap();
        let mut value: serde_json::Value = serde_json::from_str(&plan(remedy).to_json()).unwrap();
        change(&mut value);
        let forged: Plan = serde_json::from_value(value).unwrap();
        forged.check().map_err(|error| error.to_string())
    };
    assert_eq!(forge("rename-user", &|_| {}), Ok(()));
    let program = "1() { :; }; touch X; x";
    let forged: [(&str, Forgery<'_>); 5] = [
        ("rename-user", &|plan| plan["steps"][0]["id"] = program.into()),
        ("rename-user", &|plan| {
            plan["steps"][0]["preconditions"][0]["input"]["UserName; touch X; #"] = "alice".into();
        }),
        ("rename-user", &|plan| {
            plan["steps"][0]["preconditions"][0]["input"]["UserName"] =
                serde_json::json!({"$result": {"step": "1); touch X; (", "path": ["User"]}});
        }),
        ("rename-user", &|plan| {
            plan["steps"][0]["preconditions"][0]["expected"] =
                serde_json::json!({"equals": {"$result": {"step": program, "path": ["User"]}}});
        }),
        ("restore-trail", &|plan| {
            let steps = plan["steps"].as_array_mut().unwrap();
            let inputs = steps.iter_mut().map(|step| &mut step["input"]);
            let lists = inputs.flat_map(|input| input.as_object_mut().unwrap().values_mut());
            let list = lists.into_iter().find(|value| value.is_array()).unwrap();
            list[0]["a\n}\nresource \"x\" \"y\" {"] = true.into();
        }),
    ];
    for (at, (id, change)) in forged.into_iter().enumerate() {
        assert!(forge(id, change).is_err(), "{at}");
    }
}

/// What no summary of a plan names is carried out all the same, so whoever reads the plan must see it.
#[test]
fn a_step_that_nothing_explains_is_shown() {
    let mut plan = plan(remedy::find("detach-policy").unwrap());
    plan.preview.remedies.clear();
    let purpose = plan.steps.first().unwrap().purpose.clone();
    for text in [render::review(&plan), render::console(&plan)] {
        assert!(text.contains(&purpose), "{text}");
    }
    assert!(render::cli(&plan).contains("not_oneself "), "whom it takes from is not told");
}

#[test]
fn every_plan_is_of_the_schema() {
    let schema = trailwarden_remedy::plan::schema();
    let validator = jsonschema::validator_for(schema.as_value()).unwrap();
    for remedy in remedies::ALL {
        let value: serde_json::Value = serde_json::from_str(&plan(remedy).to_json()).unwrap();
        let faults: Vec<String> = validator.iter_errors(&value).map(|it| it.to_string()).collect();
        assert_eq!(faults, Vec::<String>::new(), "{remedy:?}");
    }
    assert!(!validator.is_valid(&serde_json::json!({ "schema": "trailwarden.plan/1" })));
}

/// The plan and what is made of it, for a reader to compare.
#[test]
fn every_plan_is_rendered_in_four_ways() {
    for remedy in remedies::ALL {
        let plan = plan(remedy);
        let value: serde_json::Value = serde_json::from_str(&plan.to_json()).unwrap();
        let text = [
            ("plan", serde_json::to_string_pretty(&value).unwrap()),
            ("console", render::console(&plan)),
            ("cli", render::cli::body(&plan)),
            ("boto3", render::boto3::body(&plan)),
            ("terraform", render::terraform(&plan)),
        ];
        let text = text.map(|(name, text)| format!("=== {name}\n{}\n", text.trim_end())).join("\n");
        let file = format!("{}/tests/plans/{}.txt", env!("CARGO_MANIFEST_DIR"), remedy.id);
        expect_file![file].assert_eq(&text);
    }
}

#[test]
fn a_digest_covers_all_of_a_plan() {
    let remedy = remedy::find("deactivate-access-key").unwrap();
    let plan = plan(remedy);
    assert_eq!(plan.digest.len(), 64);
    assert_eq!(plan.digest, self::plan(remedy).digest);
    let text = plan.to_json();
    for (told, changed) in [
        ("Inactive", "Active"),
        ("111122223333", "111122223334"),
        ("\"irreversible\":[]", "\"irreversible\":[],\"more\":1"),
    ] {
        let changed = text.replacen(told, changed, 1);
        assert_ne!(changed, text, "{told}");
        let error = Plan::read(changed.as_bytes()).unwrap_err().to_string();
        assert!(error.contains("was changed after it was made"), "{error}");
    }
    // White space and the order of members are no change.
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let spread = serde_json::to_string_pretty(&value).unwrap();
    assert_eq!(Plan::read(spread.as_bytes()).unwrap(), plan);
}

#[test]
fn a_plan_makes_only_calls_of_the_table() {
    let mut plan = plan(remedy::find("deactivate-access-key").unwrap());
    plan.steps[0].operation = "CreateServiceLinkedRole".to_owned();
    plan.digest = plan.computed_digest();
    let error = Plan::read(plan.to_json().as_bytes()).unwrap_err().to_string();
    assert!(error.contains("`iam:CreateServiceLinkedRole`"), "{error}");
}

/// Plans that cannot be taken back say why, and only these.
#[test]
fn the_irreversible_are_known() {
    let all: Vec<&str> = calls::all()
        .filter(|call| matches!(call.undo, Undo::Never(_)))
        .map(|call| call.operation)
        .collect();
    assert_eq!(
        all,
        [
            "DeletePolicy",
            "DeletePolicyVersion",
            "DeleteAccessKey",
            "DeleteOpenIDConnectProvider",
            "DeleteSAMLProvider",
            "DeleteTrail",
            "CreateBucket",
        ]
    );
    let remedies_of_no_return = remedies::ALL.iter().filter(|it| plan(it).is_irreversible());
    let ids: Vec<&str> = remedies_of_no_return.map(|remedy| remedy.id).collect();
    let known =
        ["create-trail", "delete-credential", "delete-identity-provider", "reset-console-password"];
    assert_eq!(ids, known);
    for remedy in remedies::ALL {
        let plan = plan(remedy);
        for step in &plan.steps {
            let is_final = plan.preview.irreversible.contains(&step.id);
            assert_eq!(step.inverse.is_none(), is_final, "{remedy:?}");
            assert!(!is_final || step.inverse_reason.is_some(), "{remedy:?}");
            assert!(!step.preconditions.is_empty() || step.operation.starts_with("Create"));
            assert!(!step.permissions.is_empty(), "{remedy:?}");
        }
    }
}

/// A managed policy has five versions at most: the oldest one goes before a new one is made, and cannot come back
/// under its number. Source: IAM User Guide, "IAM and AWS STS quotas".
#[test]
fn the_guide_names_what_deletes_a_version_to_make_room() {
    let document = |action: &str| {
        let statement = |sid: &str, action: &str| serde_json::json!({ "Sid": sid, "Effect": "Allow", "Action": action, "Resource": "*" });
        serde_json::json!({ "Version": "2012-10-17", "Statement": [statement("Read", "s3:GetObject"), statement("Rest", action)] })
    };
    let versions = ["v1", "v2", "v3", "v4", "v5"];
    let versions = versions.map(|id| (id.to_owned(), Some(document("iam:*").to_string()))).to_vec();
    let full = |remedy: &&Remedy| {
        let mut subject = remedy.example().unwrap();
        let is_managed = |policy: &Policy| matches!(policy, Policy::Managed { .. });
        if !subject.policy.as_ref().is_some_and(is_managed) && remedy.id != "narrow-policy" {
            return false;
        }
        subject.policy = Some(Policy::Managed {
            arn: "arn:aws:iam::111122223333:policy/full".to_owned(),
            default: Some("v5".to_owned()),
            versions: versions.clone(),
            version_before: Some("v4".to_owned()),
        });
        subject.statements = [1].into();
        remedy.draft(&subject).is_ok_and(|draft| {
            let plan = Plan::from_drafts(subject.account, subject.time, subject.time, vec![draft]);
            let is_deletion = |step: &trailwarden_remedy::Step| {
                step.operation == "DeletePolicyVersion" && step.inverse.is_none()
            };
            assert_eq!(plan.steps.iter().any(is_deletion), !plan.preview.irreversible.is_empty());
            plan.steps.iter().any(is_deletion)
        })
    };
    let ids: Vec<&str> = remedies::ALL.iter().copied().filter(full).map(|it| it.id).collect();
    assert_eq!(ids, ["narrow-policy"]);
    let guide = include_str!("../../../docs/guides/remediation.md");
    let row = guide.lines().find(|line| line.contains("with five versions")).unwrap();
    assert!(ids.iter().all(|id| row.contains(&format!("`{id}`"))), "{row}");
}

/// Without a question, nothing would tell a step that is taken back from one that is not.
#[test]
fn every_undo_shows() {
    for remedy in remedies::ALL {
        for step in plan(remedy).steps {
            let Some(inverse) = &step.inverse else { continue };
            let call = calls::find(&inverse.service, &inverse.operation).unwrap();
            assert!(!calls::shown(call, &inverse.input).is_empty(), "{remedy:?}: {}", step.id);
        }
    }
}

#[test]
fn the_table_is_sound() {
    let mut names = BTreeSet::new();
    for call in calls::all() {
        let name = format!("{}:{}", call.service, call.operation);
        assert!(names.insert(name.clone()), "{name} stands twice");
        let known = |parameter: &str| call.parameter(parameter).is_some();
        let undo = match call.undo {
            Undo::Restore { parameters, absent } => {
                assert!(parameters.iter().all(|it| known(it)), "{name}: restores");
                absent
            }
            Undo::By { operation, .. } => Some(operation),
            Undo::Item { parameter, absent, .. } => {
                assert!(known(parameter), "{name}: restores");
                Some(absent)
            }
            Undo::Never(reason) => {
                assert!(!reason.ends_with('.'), "{name}");
                None
            }
        };
        if let Some(operation) = undo {
            assert!(calls::find(call.service, operation).is_some(), "{name}: undo {operation}");
        }
        if let calls::Shows::Asked { read, with, .. } = call.shows {
            let read = reads::find(call.service, read).unwrap_or_else(|| panic!("{name}: {read}"));
            let asked =
                with.iter().all(|(theirs, ours)| read.parameters.contains(theirs) && known(ours));
            assert!(asked, "{name}: shows");
        }
    }
}

/// Where the console is told, nothing is left for the reader to fill in.
#[test]
fn places_in_the_console_name_what_is_given() {
    let named = |place: &'static str| {
        let parts = place.split('{').skip(1);
        parts.map(|part| part.split('}').next().unwrap()).collect::<Vec<_>>()
    };
    for call in calls::all() {
        let is_given = |name: &&str| {
            let name = name.split('/').next().unwrap();
            call.parameter(name).is_some_and(|it| it.is_required)
        };
        assert!(named(call.console).iter().all(is_given), "{}", call.operation);
    }
    for read in reads::ALL {
        let is_given = |name: &&str| read.parameters.contains(name);
        assert!(named(read.console).iter().all(is_given), "{}", read.operation);
    }
}

#[test]
fn ids_are_kebab_case_and_unique() {
    let mut ids = BTreeSet::new();
    let remedies = remedies::ALL
        .iter()
        .flat_map(|remedy| [remedy.id].into_iter().chain(remedy.aliases.iter().copied()));
    for id in remedies.chain(people::ALL.iter().map(|by_hand| by_hand.id)) {
        assert!(
            id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
            "{id}"
        );
        assert!(ids.insert(id), "{id} stands twice");
    }
    for remedy in remedies::ALL {
        let file = format!("src/remedies/{}.rs", remedy.id.replace('-', "_"));
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(file).exists(), "{remedy:?}");
        assert!(remedy.notes.iter().all(|note| note.ends_with('.')), "{remedy:?}: notes");
        assert!(!remedy.title.ends_with('.') && !remedy.notes.is_empty(), "{remedy:?}");
    }
    assert!(people::ALL.is_sorted_by_key(|by_hand| by_hand.id));
    for by_hand in people::ALL {
        assert!(by_hand.how.iter().all(|step| step.ends_with('.')), "{}", by_hand.id);
    }
}

/// Detections and checks name remediations; this crate does not see them, so their text is read.
#[test]
fn no_id_of_a_finding_leads_nowhere() {
    let mut named = BTreeSet::new();
    for folder in [
        "trailwarden-detect/src/detections",
        "trailwarden-posture/src/checks",
        "trailwarden-posture/src/families",
    ] {
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder), &mut named);
    }
    assert!(named.len() > 30, "{named:?}");
    let unknown = |id: &&String| remedy::find(id).is_none() && people::find(id).is_none();
    let unknown: Vec<&String> = named.iter().filter(unknown).collect();
    assert_eq!(unknown, Vec::<&String>::new());
}

fn collect(folder: &Path, named: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, named);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for list in text.split("remedies: &[").skip(1) {
            let list = list.split(']').next().unwrap();
            named.extend(list.split('"').skip(1).step_by(2).map(str::to_owned));
        }
    }
}
