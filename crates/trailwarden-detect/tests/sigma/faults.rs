//! What cannot be loaded is named with place and cause, and costs only itself.

use trailwarden_detect::sigma::{LintLevel, Loaded, Placeholders, RuleSet, Source, lint};

use super::{load, matches, rule};

fn errors(text: &str) -> Vec<(Option<u32>, String)> {
    let (_, errors) = RuleSet::load(&[Source { name: "t.yml".into(), text: text.into() }]);
    errors.into_iter().map(|error| (error.line, error.cause)).collect()
}

/// The one fault of a detection section whose first line is line 7 of the file.
fn fault(detection: &str) -> (Option<u32>, String) {
    let mut errors = errors(&rule(detection));
    assert_eq!(errors.len(), 1, "{errors:?}");
    errors.remove(0)
}

#[test]
fn faults_name_their_line_and_cause() {
    let cases = [
        ("s:\n  a: x\n  b|contain: y\ncondition: s", 9, "unknown modifier `contain`"),
        (
            "s:\n  a: x\ncondition: s and t",
            9,
            "the condition names `t`, which is not defined; the rule has `s`",
        ),
        ("s:\n  a: x\ncondition: 1 of f_*", 9, "`1 of f_*` fits no selection; the rule has `s`"),
        ("s:\n  a|re: '(?<=x)y'\ncondition: s", 8, "look-around"),
        ("s:\n  a|re: '('\ncondition: s", 8, "unclosed group"),
        (
            "s:\n  a|cidr: 10.0.0.0/40\ncondition: s",
            8,
            "`10.0.0.0/40` is not a network such as 10.0.0.0/8",
        ),
        ("s:\n  a|expand: '%admins%'\ncondition: s", 8, "the placeholder `%admins%` has no values"),
        ("s:\n  a|gt: many\ncondition: s", 8, "`many` is not a number"),
        ("s:\n  a|exists: maybe\ncondition: s", 8, "`exists` takes a field and `true` or `false`"),
        ("s:\n  a|base64: 'x*'\ncondition: s", 8, "a value with wildcards cannot be encoded"),
        ("s:\n  a|gt|lt: 3\ncondition: s", 8, "two modifiers of one kind"),
        ("s:\n  a|cidr|re: x\ncondition: s", 8, "exclude each other"),
        ("s:\n  a|i: x\ncondition: s", 8, "belong to `re`"),
        ("s:\n  a: []\ncondition: s", 8, "an empty list matches nothing"),
        ("s:\n  a:\n    b: x\ncondition: s", 8, "a map as a value"),
        ("s:\n  a: x\ncondition: s and", 9, "the condition cannot be read"),
        ("s:\n  a: x\ncondition: s | count() > 5", 9, "aggregations in conditions"),
        ("s: {}\ncondition: s", 7, "an empty selection"),
    ];
    for (detection, line, cause) in cases {
        let (found_line, found_cause) = fault(detection);
        assert!(found_cause.contains(cause), "{detection}\n{found_cause}");
        assert_eq!(found_line, Some(line), "{detection}\n{found_cause}");
        assert!(!found_cause.contains('\n') && !found_cause.ends_with('.'), "{found_cause}");
    }
}

#[test]
fn one_bad_document_costs_only_itself() {
    let bad = rule("s:\n  a|nope: x\ncondition: s").replace("id: t", "id: bad");
    let text = format!("{bad}---\n{}", rule("s:\n  a: x\ncondition: s"));
    let (rules, errors) = RuleSet::load(&[
        Source { name: "mixed.yml".into(), text },
        Source { name: "broken.yml".into(), text: "title: x\n  bad: [".into() },
        Source { name: "list.yml".into(), text: "- a\n- b\n".into() },
    ]);
    assert_eq!(rules.rules().len(), 1);
    assert!(matches(&rules, r#"{"a":"x"}"#));
    let places: Vec<_> = errors.iter().map(|e| (e.file.as_str(), e.line)).collect();
    assert_eq!(places, [("broken.yml", Some(2)), ("list.yml", Some(1)), ("mixed.yml", Some(8))]);
    assert_eq!(errors[2].to_string(), "mixed.yml:8: unknown modifier `nope`");
}

#[test]
fn the_second_document_of_a_file_has_its_own_lines() {
    let text = format!(
        "{}---\n# a comment\n\n{}",
        rule("s:\n  a: x\ncondition: s"),
        rule("s:\n  a: x\ncondition: gone").replace("id: t", "id: u")
    );
    let found = errors(&text);
    let line = text.lines().position(|line| line.contains("gone")).unwrap() + 1;
    assert_eq!(found[0].0, u32::try_from(line).ok(), "{found:?}");
}

#[test]
fn rules_for_other_logs_are_said_to_be() {
    let text = rule("s:\n  a: x\ncondition: s").replace("cloudtrail", "guardduty");
    let (rules, errors) = RuleSet::load(&[Source { name: "t.yml".into(), text }]);
    assert!(rules.rules().is_empty());
    assert_eq!(errors[0].loaded, Loaded::NotForCloudTrail);
    assert_eq!(
        errors[0].cause,
        "not for CloudTrail: its logsource is product `aws`, service `guardduty`"
    );
    let any_service = rule("s:\n  a: x\ncondition: s").replace("  service: cloudtrail\n", "");
    assert_eq!(load(&any_service).rules().len(), 1);
}

#[test]
fn a_wrong_level_is_told_and_the_rule_kept() {
    let text = format!("{}level: hihg\n", rule("s:\n  a: x\ncondition: s"));
    let (rules, errors) = RuleSet::load(&[Source { name: "t.yml".into(), text }]);
    assert_eq!(rules.rules().len(), 1);
    assert_eq!(errors[0].loaded, Loaded::WithFault);
    assert_eq!((errors[0].line, errors[0].cause.as_str()), (Some(10), "invalid level: `hihg`"));
}

#[test]
fn two_rules_of_one_id_are_not_both_loaded() {
    let one = rule("s:\n  a: x\ncondition: s");
    let sources = ["a.yml", "b.yml"].map(|name| Source { name: name.into(), text: one.clone() });
    let (rules, errors) = RuleSet::load(&sources);
    assert_eq!(rules.rules().len(), 1);
    assert_eq!(errors[0].to_string(), "b.yml:2: `id: t` is already taken by a rule in `a.yml`");
}

#[test]
fn hostile_files_are_refused_before_the_parser_recurses() {
    let brackets = format!("title: t\ndetection:\n  condition: {}a", "(".repeat(50_000));
    let nots = format!("title: t\ndetection:\n  condition: {}a", "not ".repeat(50_000));
    for text in [brackets, nots, "x".repeat(2 << 20), "[".repeat(100_000)] {
        let found = errors(&text);
        assert_eq!(found.len(), 1, "{found:?}");
    }
}

#[test]
fn placeholders_stand_for_each_of_their_values() {
    let text = rule(
        r"s:
  a|expand: '%names%-x\%'
condition: s",
    );
    let placeholders: Placeholders = [("names".into(), vec!["bob".into(), "ev*".into()])].into();
    let source = Source { name: "t.yml".into(), text };
    let (rules, errors) = RuleSet::load_with(&[source], &placeholders);
    assert_eq!(errors, []);
    assert!(matches(&rules, r#"{"a":"bob-x%"}"#));
    assert!(matches(&rules, r#"{"a":"eve-x%"}"#));
    assert!(!matches(&rules, r#"{"a":"rob-x%"}"#));
}

fn filter(rules: &str, condition: &str) -> String {
    format!(
        "title: f\nid: f\nlogsource: {{product: aws}}\nfilter:\n  rules: {rules}\n  \
         selection: {{b: x}}\n  condition: {condition}\n"
    )
}

#[test]
fn filters_narrow_the_rules_they_name() {
    let rule = rule("s:\n  a: x\ncondition: s");
    for target in ["[t]", "any"] {
        let rules = load(&format!("{rule}---\n{}", filter(target, "not selection")));
        assert!(matches(&rules, r#"{"a":"x"}"#));
        assert!(!matches(&rules, r#"{"a":"x","b":"x"}"#));
    }
    // The names of a filter's selections are its own.
    let rules = load(&format!("{rule}---\n{}", filter("[t]", "not 1 of s*")));
    assert!(matches(&rules, r#"{"a":"x"}"#));
}

#[test]
fn a_filter_that_misses_its_rule_is_told() {
    let rule = rule("s:\n  a: x\ncondition: s");
    let found = errors(&format!("{rule}---\n{}", filter("[gone]", "not selection")));
    assert_eq!(found[0].1, "no rule has the id or name `gone`");
    let found = errors(&filter("any", "not selection"));
    assert_eq!(found[0].1, "it applies to no rule that was loaded");
}

#[test]
fn the_linter_sees_what_loading_lets_pass() {
    let detection = "s:\n  userIdentity.arn: responseElements.user.arn\n  eventname: x\n  \
                     requestParameters.roleArn: admin\ncondition: s";
    let text = rule(detection).replace("id: t\n", "");
    let found = lint(&[Source { name: "t.yml".into(), text }]);
    let has = |check: &str, line: u32, part: &str| {
        assert!(
            found.iter().any(|message| message.check == check
                && message.line == Some(line)
                && message.message.contains(part)),
            "{check} {line} {part}\n{found:#?}"
        );
    };
    has("missing-id", 1, "no `id`");
    has("missing-level", 1, "no `level`");
    has("never-true", 7, "use `userIdentity.arn|fieldref`");
    has("unknown-field", 8, "did you mean `eventName`?");
    has("never-true", 9, "never equals `admin`");
    assert!(found.iter().all(|message| message.level < LintLevel::Error), "{found:#?}");
    let kept = lint(&[Source { name: "f.yml".into(), text: filter("any", "selection") }]);
    assert!(kept.iter().any(|message| message.check == "filter-keeps"));
}

#[test]
fn the_linter_says_a_thing_once_and_in_one_way() {
    let wrong = "status: strange\nlevel: severe\ndate: tomorrow\n";
    let text = format!("{wrong}{}", rule("s:\n  eventName: x\ncondition: s"));
    let found = lint(&[Source { name: "t.yml".into(), text }]);
    let checks: Vec<&str> = found.iter().map(|message| message.check.as_str()).collect();
    assert_eq!(
        checks,
        ["invalid-status", "invalid-level", "invalid-date", "invalid-id"],
        "{found:#?}"
    );
    let bare =
        lint(&[Source { name: "t.yml".into(), text: rule("s:\n  eventName: x\ncondition: s") }]);
    let levels = bare.iter().filter(|message| message.check == "missing-level").count();
    assert_eq!(levels, 1, "{bare:#?}");
}

#[test]
fn the_linter_repeats_what_loading_refuses() {
    let found = lint(&[Source { name: "t.yml".into(), text: rule("s:\n  a: x\ncondition: gone") }]);
    assert!(
        found.iter().any(|message| message.level == LintLevel::Error && message.line == Some(9))
    );
}
