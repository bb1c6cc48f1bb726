//! What does not load, and how it is told.

use expect_test::{Expect, expect};
use trailwarden_authorize::{File, Policies};

use super::{faults, load, shown};

fn check(cedar: &str, expect: &Expect) {
    expect.assert_eq(&faults(cedar));
}

#[test]
fn every_fault_is_told_at_once_with_its_place_and_the_nearest_name() {
    check(
        "// A file with faults.\n\
         forbid(principal in Team::\"plattform\", action == Action::\"iam:PutRolPolicy\", resource);\n\
         @id(\"x\") permit(principal, action, resource);\n\
         forbid(principal, action, resource) when { context.mfa };\n\
         forbid(principal, action, resource) when { context.unser_agent == \"x\" };\n\
         forbid(principal, action, resource) wen { true };\n\
         @id(\"x\") forbid(principal, action, resource);\n",
        &expect![[r#"
            a.cedar:2:27 there is no team `plattform` | did you mean `platform`?
            a.cedar:2:58 there is no call and no group `iam:PutRolPolicy` | did you mean `iam:PutRolePolicy`?
            a.cedar:3:10 this permit does not bound what the change may do | add a condition such as `context has effect && context.effect.grade_after_rank <= 3` (at most grade write), or say why it may excuse anything: `@unbounded("...")`
            a.cedar:4:44 unable to guarantee safety of access to optional attribute `mfa` in context | try testing for the attribute's presence with `context has mfa && ..`
            a.cedar:5:44 attribute `unser_agent` in context not found | did you mean `effect`?
            a.cedar:6:37 invalid policy condition: wen | condition must be either `when` or `unless`
            a.cedar:7:1 a second policy is called `x` | the other one is at a.cedar:3
        "#]],
    );
}

#[test]
fn a_name_is_not_enough_to_be_somebody() {
    check(
        "forbid(principal == Role::\"deploy\", action, resource);\n\
         forbid(principal == Role::\"arn:aws:iam::111122223333:role/ci/*\", action, resource);\n\
         forbid(principal == Role::\"arn:aws:sts::111122223333:assumed-role/deploy/run\", action, resource);\n\
         forbid(principal == User::\"arn:aws:iam::111122223333:role/deploy\", action, resource);\n\
         forbid(principal == Account::\"dev\", action, resource);\n\
         forbid(principal == Service::\"lambda\", action, resource);\n\
         forbid(principal == Role::\"arn:aws:iam::11112222333:role/deploy\", action, resource);\n\
         forbid(principal == Role::\"arn:aws:iam::111122223333:x:role/deploy\", action, resource);\n\
         forbid(principal == Root::\"arn:aws:iam::111122223333:user/root\", action, resource);\n\
         forbid(principal == Rolle::\"arn:aws:iam::111122223333:role/deploy\", action, resource);\n\
         forbid(principal, action, resource) when { Tags::\"resource\".hasTag(\"a\") };\n",
        &expect![[r#"
            a.cedar:1:27 `deploy` is not the ARN of a Role | a name alone would fit any account and path: write all of it, as in `Role::"arn:aws:iam::111122223333:role/app/deploy"`, or compare `name`
            a.cedar:2:27 `*` stands for itself in `Role::"arn:aws:iam::111122223333:role/ci/*"` | compare the ARN: `resource has arn && resource.arn like "arn:...*"`
            a.cedar:3:27 `arn:aws:sts::111122223333:assumed-role/deploy/run` is a session | name its role, and ask for the session with `context.session_name`
            a.cedar:4:27 `arn:aws:iam::111122223333:role/deploy` is not the ARN of a User | a name alone would fit any account and path: write all of it, as in `User::"arn:aws:iam::111122223333:user/alice"`, or compare `name`
            a.cedar:5:30 `dev` is no account | write its twelve digits
            a.cedar:6:30 `lambda` is no service | write its principal name: `cloudformation.amazonaws.com`
            a.cedar:7:27 `arn:aws:iam::11112222333:role/deploy` is not the ARN of a Role | a name alone would fit any account and path: write all of it, as in `Role::"arn:aws:iam::111122223333:role/app/deploy"`, or compare `name`
            a.cedar:8:27 `arn:aws:iam::111122223333:x:role/deploy` is not the ARN of a Role | a name alone would fit any account and path: write all of it, as in `Role::"arn:aws:iam::111122223333:role/app/deploy"`, or compare `name`
            a.cedar:9:27 `arn:aws:iam::111122223333:user/root` is not the ARN of a Root | a name alone would fit any account and path: write all of it, as in `Root::"arn:aws:iam::111122223333:root"`, or compare `name`
            a.cedar:10:28 there is no type `Rolle` | did you mean `Role`?
            a.cedar:11:50 tags have no name of their own | reach them from what has them: `resource has tags && resource.tags.hasTag("stage")`
        "#]],
    );
}

#[test]
fn a_name_that_is_wrong_hides_no_other_fault_of_its_policy() {
    check(
        "@id(\"\") permit(principal == Role::\"deploy\", action, resource)\n\
         when { context.effect.grade_after_rank <= 3 };\n",
        &expect![[r#"
            a.cedar:1:1 `@id` is empty | write `@id("deploy-manages-app-roles")`
            a.cedar:1:35 `deploy` is not the ARN of a Role | a name alone would fit any account and path: write all of it, as in `Role::"arn:aws:iam::111122223333:role/app/deploy"`, or compare `name`
            a.cedar:2:8 unable to guarantee safety of access to optional attribute `effect` in context | try testing for the attribute's presence with `context has effect && ..`
        "#]],
    );
}

#[test]
fn annotations_must_say_something() {
    check(
        "@id(\" \") forbid(principal, action, resource);\n\
         @id(\"a\\nb\") forbid(principal, action, resource);\n\
         @id(\"a\\u{202e}b\") forbid(principal, action, resource);\n\
         @unbounded(\"\") permit(principal, action, resource);\n\
         @unbounded permit(principal, action, resource);\n\
         @unbounded(\"why\") forbid(principal, action, resource);\n",
        &expect![[r#"
            a.cedar:1:1 `@id` is empty | write `@id("deploy-manages-app-roles")`
            a.cedar:2:1 `@id` has characters that are not seen | use letters, digits and `-`
            a.cedar:3:1 `@id` has characters that are not seen | use letters, digits and `-`
            a.cedar:4:1 `@unbounded` gives no reason | write why this permit may excuse any effect
            a.cedar:5:1 `@unbounded` gives no reason | write why this permit may excuse any effect
            a.cedar:6:1 a `forbid` needs no bound | take `@unbounded` away
        "#]],
    );
}

#[test]
fn templates_words_that_never_are_and_policies_that_never_match_do_not_load() {
    check(
        "permit(principal == ?principal, action, resource);\n\
         forbid(principal, action, resource) when { context has effect && context.effect.grade_after == \"amdin\" };\n\
         forbid(principal, action, resource) when { [\"denied\", \"refused\"].contains(context.outcome) };\n\
         forbid(principal, action == Action::\"iam:PutRolePolicy\", resource is Trail);\n",
        &expect![[r#"
            a.cedar:1:21 templates are not supported | name the principal or resource instead of the slot
            a.cedar:2:96 `grade_after` is never `amdin` | did you mean `admin`?
            a.cedar:3:55 `outcome` is never `refused` | use succeeded, denied, failed
            a.cedar:4:1 policy is impossible: the policy expression evaluates to false for all valid requests | no call fits all of it: see the schema for which calls are made on which resources
        "#]],
    );
}

#[test]
fn an_unbounded_permit_says_what_to_write_instead() {
    for condition in [
        "true",
        "context has effect",
        "context has effect && context.effect.severity_rank >= 0",
        "context has effect && (context.effect.grade_after == \"write\" || true)",
        "context has effect && context.effect.grade_after_rank <= 5",
        "context has effect && context.effect.grade_after_rank <= context.effect.grade_before_rank",
        "context has effect && context.effect.moved",
        "context has effect && !(context.effect.grade_after_rank <= 3)",
        "context has effect && context.effect has within_boundary && context.effect.within_boundary",
        "context has effect && context.effect.gained.contains(\"s3:GetObject\")",
        "context has effect && context.effect.gained.containsAll([\"s3:GetObject\"])",
        "if context has effect then context.effect.grade_after_rank <= 3 else true",
    ] {
        let permit = format!("permit(principal, action, resource) when {{ {condition} }};");
        let found = faults(&permit);
        let is_told = found.contains("a.cedar:1:1 this permit does not bound")
            && found.contains("context.effect.grade_after_rank <= 3");
        assert!(is_told, "{condition}: {found}");
    }
}

#[test]
fn a_bound_is_read_through_clauses_and_operators() {
    let bounds = |condition: &str| {
        let permit = format!("permit(principal, action, resource) {condition};");
        load(&permit)
            .map_err(|faults| shown(&faults))
            .map(|policies| policies.listed()[0].bound.clone())
    };
    let limits = |condition: &str| match bounds(condition) {
        Ok(trailwarden_authorize::bounds::Bound::Effect { limits }) => limits.join(" | "),
        other => format!("{other:?}"),
    };
    for (condition, expected) in [
        (
            "when { context has effect && context.effect.grade_after_rank <= 3 }",
            "grade after none, read, data or write",
        ),
        (
            "when { context has effect } when { 2 > context.effect.grade_after_rank }",
            "grade after none or read",
        ),
        (
            "when { context has effect } unless { context.effect.grade_after_rank > 1 }",
            "grade after none or read",
        ),
        (
            "when { context has effect && context.effect.grade_after == \"admin\" }",
            "grade after admin",
        ),
        (
            "when { context has effect && context.effect.grade_after != \"admin\" }",
            "grade after none, read, data, write or privesc",
        ),
        (
            "when { context has effect && [\"none\", \"read\"].contains(context.effect.grade_after) }",
            "grade after none or read",
        ),
        (
            "when { context has effect && context.effect.severity_rank < 3 }",
            "severity none, info or low",
        ),
        (
            "when { context has effect && context.effect has severity && context.effect.severity == \"low\" }",
            "severity low",
        ),
        (
            "when { context has effect && [\"s3:GetObject\"].containsAll(context.effect.gained) }",
            "gains only s3:GetObject",
        ),
        ("when { context has effect && context.effect.gained.isEmpty() }", "gains nothing"),
        ("when { context has effect } unless { context.effect.moved }", "nothing moves"),
        (
            "when { context has effect && (!context.effect.moved || context.effect.grade_after_rank == 1) }",
            "nothing moves | grade after read",
        ),
        (
            "when { context has effect && (if context.denied then context.effect.grade_after_rank <= 4 else context.effect.severity_rank == 0) }",
            "grade after none, read, data, write or privesc | severity none",
        ),
        ("when { if context has effect then !context.effect.moved else false }", "nothing moves"),
    ] {
        assert_eq!(limits(condition), expected, "{condition}");
    }
}

#[test]
fn the_file_of_teams_tells_every_fault() {
    let text = "[team.platform]\nmembers = []\n\
                [teams.web]\nmembers = [\"alice\", \"arn:aws:iam::*:role/web\", 7, \"arn:aws:sts::111122223333:assumed-role/web/x\", \"arn:aws:iam::11112222333:role/web\"]\nlead = \"x\"\n\
                [teams.empty]\n\
                [owners.\"arn:aws:iam::111122223333:role/app/*\"]\nteam = \"wbe\"\n\
                [[protected]]\nreason = \"x\"\n[[protected]]\narn = \"role/x\"\n";
    let files = [("entities.toml", text), ("readme.md", "x"), ("entities.json", "{\"teams\": }")]
        .map(|(name, text)| File { name: name.to_owned(), text: text.to_owned() });
    let found = Policies::load(&files).map_or_else(|faults| shown(&faults), |_| String::new());
    expect![[r#"
        entities.toml:1:2 unknown key `team` | did you mean `teams`?
        entities.toml:4:13 `alice` is not an ARN | write all of it, with `*` where anything may stand: `arn:aws:iam::111122223333:role/app/*`
        entities.toml:4:22 member `arn:aws:iam::*:role/web` names no account | write the twelve digits of the account
        entities.toml:4:48 `7` is not a text | put it into quotes
        entities.toml:4:52 member `arn:aws:sts::111122223333:assumed-role/web/x` is a session | name its role: `arn:aws:iam::111122223333:role/deploy`
        entities.toml:4:100 member `arn:aws:iam::11112222333:role/web` names no account | write the twelve digits of the account
        entities.toml:5:1 unknown key `lead` | use members
        entities.toml:6:8 team `empty` has no `members` | write `members = ["arn:aws:iam::111122223333:role/deploy"]`
        entities.toml:8:9 there is no team `wbe` | describe it under `[teams]`
        entities.toml:9:3 an entry of `protected` has no `arn` | write `[[protected]]` and below it `arn = "arn:..."`
        entities.toml:12:8 `role/x` is not an ARN | write all of it, with `*` where anything may stand: `arn:aws:iam::111122223333:role/app/*`
        readme.md:1:1 `readme.md` is not a file of change policies | policies end with `.cedar`; teams and owners stand in `entities.toml`
        entities.json:1:11 expected value at line 1 column 11 | -
        entities.json:1:1 there is a second file of teams and owners | keep one of them
    "#]].assert_eq(&found);
}

#[test]
fn a_key_that_stands_twice_is_a_fault_at_its_place() {
    for (name, text, expected) in [
        (
            "entities.json",
            "{\"teams\": {\n  \"a\": {\"members\": []},\n  \"a\": {\"members\": []}\n}}",
            "entities.json:3:5 the key `a` stands twice at line 3 column 5",
        ),
        (
            "entities.json",
            "{\"protected\": [], \"protected\": []}",
            "entities.json:1:29 the key `protected` stands twice at line 1 column 29",
        ),
        ("entities.toml", "[teams.a]\nmembers = []\n[teams.a]\nmembers = []\n", "entities.toml:3:"),
    ] {
        let file = File { name: name.to_owned(), text: text.to_owned() };
        let found = Policies::load(&[file]).map_or_else(|faults| shown(&faults), |_| String::new());
        assert!(found.starts_with(expected), "{found}");
    }
}

#[test]
fn a_fault_is_drawn_where_it_is() {
    use miette::{GraphicalReportHandler, GraphicalTheme};
    let faults = load("\n  @id(\"a\")\n  permit(principal, action, resource);").unwrap_err();
    let mut drawn = String::new();
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::none());
    handler.render_report(&mut drawn, &faults[0]).unwrap();
    assert!(drawn.contains("a.cedar:3:3"), "{drawn}");
    assert!(drawn.contains("permit(principal"), "{drawn}");
}

#[test]
fn policies_are_listed_with_their_ids_and_places() {
    let policies = load(
        "// first\nforbid(principal, action, resource) when { context.denied };\n\
         @id(\"b\") @owner(\"ann\") forbid(principal, action, resource) when { context.from_console };",
    )
    .unwrap();
    let listed = policies.listed();
    let places: Vec<_> = listed.iter().map(|info| (info.id.as_str(), info.line)).collect();
    assert_eq!(places, [("a.cedar:2", 2), ("b", 3)]);
    assert_eq!(listed[1].annotations["owner"], "ann");
    assert!(Policies::load(&[]).unwrap().is_empty());
}
