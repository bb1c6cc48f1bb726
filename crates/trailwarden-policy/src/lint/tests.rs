//! Findings of whole documents: order, places, and that no text makes lint panic.

use proptest::prelude::*;

use super::*;
use crate::facts::managed_policies;
use crate::line_column;
use crate::locate::locate;

fn shown(text: &str, kind: Option<PolicyKind>) -> String {
    let findings = lint(text, kind);
    let line = |f: &LintFinding| {
        format!("{} {}: {}; {}\n", line_column(text, f.span.start), f.check.id, f.message, f.fix)
    };
    findings.iter().map(line).collect()
}

#[test]
fn findings_stand_in_order_of_the_text() {
    let text = r#"{
  "Version": "2012-10-17",
  "Statement": [
    {"Effect": "allow", "Action": "iam:PasRole", "Resource": "*"},
    {"Action": "s3:*", "NotAction": "s3:Get*", "Ressource": "*"},
    7
  ]
}"#;
    let only = ["invalid-effect", "unknown-action", "missing-effect", "unknown-element"];
    let lines = shown(text, None);
    let known: Vec<&str> =
        lines.lines().filter(|line| only.iter().any(|id| line.contains(id))).collect();
    let expected = expect_test::expect![[r#"
        4:16 invalid-effect: `allow` is spelled `Allow` or `Deny`; write `Allow`
        4:35 unknown-action: `iam:PasRole` is not known as an action of AWS Identity and Access Management (IAM); did you mean `iam:PassRole`?
        5:5 missing-effect: a statement needs `Effect`; add `"Effect": "Allow"` or `"Effect": "Deny"`
        5:48 unknown-element: `Ressource` is not a policy element; did you mean `Resource`?
    "#]];
    expected.assert_eq(&(known.join("\n") + "\n"));
}

#[test]
fn findings_in_a_file_stand_in_the_file() {
    let file = "{\"Resources\": {\n\"P\": {\"Type\": \"AWS::IAM::ManagedPolicy\", \"Properties\": {\"PolicyDocument\": {\"Statement\": [\n\
        {\"Effect\": {\"Ref\": \"E\"}, \"Action\": \"iam:PasRole\", \"Resource\": \"*\"},\n\
        {\"Effect\": \"Allow\", \"Action\": [\"iam:PasRole\", {\"Fn::Sub\": \"iam:${X}\"}], \"Resource\": \"*\"}]}}}}}";
    let located = locate(file);
    let findings = lint_located(&located[0], file, None);
    let places = |id: &str| {
        let own = findings.iter().filter(|f| f.check.id == id);
        own.map(|f| line_column(file, f.span.start).to_string()).collect::<Vec<_>>()
    };
    assert_eq!(places("unknown-action"), ["4:32"]);
    assert_eq!(places("value-not-known"), ["3:12", "4:47"]);
    // An effect that is not known yet is not a wrong one.
    assert!(places("invalid-effect").is_empty());

    let quoted = format!(
        "{{\"a\": 1,\n\"PolicyDocument\": {:?}}}",
        r#"{"Statement":{"Action":"iam:PasRole"}}"#
    );
    let located = locate(&quoted);
    for finding in lint_located(&located[0], &quoted, None) {
        assert_eq!(line_column(&quoted, finding.span.start).to_string(), "2:19");
    }
}

/// AWS stores these, so whatever a check calls refused by AWS it may not find here. The table of
/// actions is younger or older than some of them, and a few name no `Version` or an old one.
#[test]
fn what_aws_itself_wrote_is_not_called_refused() {
    let policies = crate::facts::managed_policies();
    assert!(policies.len() > 1_000);
    for policy in policies {
        let document = Document::parse(policy.document).unwrap();
        assert!(document.problems.is_empty(), "{}: {:?}", policy.name, document.problems);
        for finding in lint(policy.document, Some(PolicyKind::Identity)) {
            let claims_refusal = finding.check.about.contains("AWS refuses")
                || finding.check.about.contains("IAM refuses");
            assert!(!claims_refusal, "{}: {}", policy.name, finding.message);
        }
    }
}

#[test]
fn a_kind_that_is_given_counts_before_the_guess() {
    let text = r#"{"Statement":[{"Effect":"Allow","Action":"s3:Nothing","Resource":"*"}]}"#;
    for kind in PolicyKind::ALL {
        assert!(shown(text, Some(kind)).contains("unknown-action"), "{kind}");
    }
}

#[test]
fn a_flood_is_cut_and_counted() {
    let actions: Vec<String> = (0..250).map(|n| format!("\"s3:No{n}\"")).collect();
    let text = format!(
        r#"{{"Statement":[{{"Effect":"Allow","Action":[{}],"Resource":"*"}}]}}"#,
        actions.join(",")
    );
    let findings = lint(&text, None);
    let own: Vec<_> = findings.iter().filter(|f| f.check.id == "unknown-action").collect();
    assert_eq!(own.len(), 100);
    assert!(own[99].message.ends_with("and 150 more like it"), "{}", own[99].message);
}

/// What no service takes is not looked into: it would cost time and help nobody.
#[test]
fn a_policy_beyond_every_quota_is_one_finding() {
    let policy = |statements: usize| {
        let statement = r#"{"Effect":"Allow","Action":"s3:*Nothing*","Resource":"*"}"#;
        format!(r#"{{"Statement":[{}]}}"#, vec![statement; statements].join(",\n      "))
    };
    let text = policy(5_000);
    let findings = lint(&text, None);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].message.contains("262144"), "{}", findings[0].message);
    assert_eq!(findings[0].span, Span::new(0, text.len()));
    let fits = policy(4_400);
    assert!(fits.len() > POLICY_BYTES_MAX, "white space does not count");
    assert!(lint(&fits, None).len() > 1);
}

/// To find what a pattern means takes time, so a policy made of them is not looked into further.
#[test]
fn too_many_action_patterns_are_said_and_left_out() {
    let statement = |from: usize| {
        let actions: Vec<String> = (from..from + 1_500).map(|n| format!("\"s3:*{n}\"")).collect();
        format!(r#"{{"Effect":"Allow","Action":[{}],"Resource":"b"}}"#, actions.join(","))
    };
    let text = |statements: &[String]| format!(r#"{{"Statement":[{}]}}"#, statements.join(","));
    let of = |text: &str, id: &str| {
        let findings = lint(text, Some(PolicyKind::Identity));
        let own = findings.into_iter().filter(|f| f.check.id == id);
        own.map(|f| (f.statement, f.message)).collect::<Vec<_>>()
    };
    let long = text(&[statement(0), statement(1_500), statement(0)]);
    let said = of(&long, "policy-too-long");
    assert!(
        said.iter()
            .any(|(_, message)| message
                .starts_with("2 statements from statement 2 on were not checked")),
        "{said:?}"
    );
    let judged = of(&long, "resource-not-an-arn");
    assert_eq!(judged.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [Some(0)]);
    let fits = text(&[statement(0), statement(0)]);
    assert!(of(&fits, "policy-too-long").iter().all(|(_, message)| !message.contains("checked")));
}

/// A policy of a few kilobytes may ask more than anybody waits for; then that is said.
#[test]
fn hostile_policies_end_and_say_what_was_not_checked() {
    let list = |count: usize, text: &dyn Fn(usize) -> String| {
        (0..count).map(|at| format!("{:?}", text(at))).collect::<Vec<_>>().join(",")
    };
    let one = |inside: String| format!(r#"{{"Statement":[{{"Effect":"Allow",{inside}}}]}}"#);
    let resources = list(500, &|at| format!("arn:*s*:*:*:*:x*{at}*y"));
    let actions = list(1_800, &|at| format!("*a*{at}*"));
    for (text, said) in [
        (one(format!(r#""Action":"*","Resource":[{resources}]"#)), "too complex for these checks"),
        (one(format!(r#""Action":[{actions}],"Resource":"*""#)), "not checked"),
    ] {
        let (findings, steps) = fuel::counted(|| lint(&text, Some(PolicyKind::Identity)));
        let is_said =
            |one: &LintFinding| one.check.id == "policy-too-long" && one.message.contains(said);
        assert!(findings.iter().any(is_said), "{findings:?}");
        // A dozen checks look at sets of patterns.
        let steps_max = 12 * steps_for(text.len());
        assert!(steps < steps_max, "{steps} of {steps_max}");
    }
}

/// AWS Managed Policy Reference.
#[test]
fn managed_policies_are_checked_to_the_end() {
    for policy in managed_policies().iter().step_by(11) {
        let findings = lint(policy.document, Some(PolicyKind::Identity));
        let cut = findings.iter().find(|one| one.message.contains("too complex"));
        assert!(cut.is_none(), "{}: {cut:?}", policy.name);
    }
}

/// Members that hold one thing cannot be merged.
#[test]
fn a_doubled_effect_is_to_be_decided() {
    let text = r#"{"Statement":[{"Effect":"Deny","Effect":"Allow","Action":"s3:*","Action":"sqs:*","Resource":"*"}]}"#;
    let lines = shown(text, None);
    assert!(lines.contains("keep the `Effect` that is meant"), "{lines}");
    assert!(lines.contains("merge the values under one `Action`"), "{lines}");
}

#[test]
fn long_values_are_cut_in_messages() {
    assert_eq!(quoted("é"), "`é`");
    assert_eq!(quoted(&"é".repeat(81)), format!("`{}…`", "é".repeat(80)));
}

/// The texts of checks, cut and mixed: near enough to policies to reach most of every check.
fn near_policy() -> impl Strategy<Value = String> {
    let examples: Vec<String> = checks::ALL
        .iter()
        .flat_map(|check| check.fires_on.iter().chain(check.quiet_on))
        .map(Example::policy)
        .collect();
    let cut = any::<prop::sample::Index>();
    let one = prop::sample::select(examples);
    (one.clone(), one, cut.clone(), cut, any::<bool>()).prop_map(|(a, b, at, from, is_whole)| {
        if is_whole {
            return a;
        }
        let head = a.chars().take(at.index(a.chars().count().max(1)));
        let tail = b.chars().skip(from.index(b.chars().count().max(1)));
        head.chain(tail).collect()
    })
}

fn assert_sound(text: &str, kind: Option<PolicyKind>) {
    let decoded = Document::decode(text).unwrap_or(text.into());
    let findings = lint(text, kind);
    for finding in &findings {
        let (start, end) = (finding.span.start, finding.span.end);
        assert!(decoded.get(start..end).is_some(), "{finding:?}");
    }
    assert!(findings.is_sorted_by_key(|finding| finding.span.start));
    assert_eq!(findings, lint(text, kind), "the same text gives the same findings");
    let is_faultless = Document::parse(text).is_ok_and(|document| document.problems.is_empty());
    assert!(is_faultless || !findings.is_empty(), "a fault that nobody tells");
}

proptest! {
    #[test]
    fn any_text_is_linted_without_panic(text in any::<String>()) {
        assert_sound(&text, None);
    }

    #[test]
    fn any_near_policy_is_linted_without_panic(
        text in near_policy(),
        kind in prop::option::of(prop::sample::select(PolicyKind::ALL.to_vec())),
    ) {
        assert_sound(&text, kind);
        for located in locate(&text) {
            for finding in lint_located(&located, &text, kind) {
                prop_assert!(text.get(finding.span.start..finding.span.end).is_some());
            }
        }
    }
}
