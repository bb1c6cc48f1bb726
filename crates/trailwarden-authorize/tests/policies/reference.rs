//! The tables of `docs/reference/change-policies.md` follow from the schema.

use std::fmt::Write as _;
use std::path::Path;

use trailwarden_authorize::schema::{groups, groups_of, resource_type};
use trailwarden_authorize::{File, Policies};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/change-policies.md");
const BEGIN: &str = "<!-- tables: made from the schema by a test of trailwarden-authorize; UPDATE_EXPECT=1 writes them -->";

/// The attributes of a block of the schema that opens with `head`, with their comments.
fn attributes(head: &str) -> String {
    let mut out =
        String::from("| Attribute | Type | Always there | What it is |\n|---|---|---|---|\n");
    let mut comment = String::new();
    let block = Policies::schema().lines().skip_while(|line| !line.starts_with(head));
    // The head may run over several lines.
    let body = block.skip_while(|line| !line.ends_with('{')).skip(1);
    for line in body.take_while(|line| !line.starts_with('}')) {
        let line = line.trim();
        if let Some(text) = line.strip_prefix("// ") {
            comment = format!("{comment} {text}").trim().to_owned();
            continue;
        }
        let Some((name, kind)) = line.trim_end_matches(',').split_once(": ") else { continue };
        let is_always = if name.ends_with('?') { "no" } else { "yes" };
        let name = name.trim_end_matches('?');
        let _ = writeln!(out, "| `{name}` | `{kind}` | {is_always} | {comment} |");
        comment.clear();
    }
    out
}

fn tables() -> String {
    let mut out = String::new();
    for (title, head) in [
        ("Attributes of `principal` and `resource`", "entity User"),
        ("Attributes of `context`", "type Change"),
        ("Attributes of `context.effect`", "type Effect"),
        ("Attributes of `context.behind`", "type Behind"),
    ] {
        let _ = write!(out, "### {title}\n\n{}\n", attributes(head));
    }
    out.push_str("### Groups by what calls do\n\n");
    for (group, members) in groups() {
        let is_service = members.iter().all(|member| member.starts_with(&format!("{group}:")));
        if is_service {
            continue;
        }
        let names: Vec<String> = members.iter().map(|name| format!("`{name}`")).collect();
        let _ = writeln!(out, "- **`{group}`**: {}", names.join(", "));
    }
    out.push_str("\n### Calls\n\n| Call | Groups | Made on |\n|---|---|---|\n");
    for call in trailwarden_authorize::schema::calls() {
        let on = resource_type(call).unwrap_or("-");
        let _ = writeln!(out, "| `{call}` | {} | {on} |", groups_of(call).join(", "));
    }
    out
}

#[test]
fn the_tables_of_the_reference_are_those_of_the_schema() {
    let page = std::fs::read_to_string(Path::new(PAGE)).unwrap();
    let (head, _) = page.split_once(BEGIN).expect("the page has its marker");
    let made = format!("{head}{BEGIN}\n\n{}", tables());
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(PAGE, &made).unwrap();
    }
    assert!(
        page == made || std::env::var_os("UPDATE_EXPECT").is_some(),
        "run with UPDATE_EXPECT=1"
    );
}

#[test]
fn every_policy_of_the_reference_loads() {
    let page = std::fs::read_to_string(Path::new(PAGE)).unwrap();
    let fenced = |language: &str| -> Vec<String> {
        let fence = format!("```{language}\n");
        let blocks = page.split(&fence).skip(1);
        blocks.map(|block| block.split("```").next().unwrap_or_default().to_owned()).collect()
    };
    let directory = fenced("toml").concat();
    let policies = fenced("cedar");
    assert!(policies.len() >= 3, "{}", policies.len());
    let files = [("entities.toml", directory), ("page.cedar", policies.concat())]
        .map(|(name, text)| File { name: name.to_owned(), text });
    let found = Policies::load(&files).map_err(|faults| super::shown(&faults));
    assert_eq!(found.map(|policies| policies.is_empty()), Ok(false));
}

/// The crate does not see the records, so it reads the generated list of typed calls.
#[test]
fn the_schema_lists_every_typed_call_and_no_other() {
    let hub = concat!(env!("CARGO_MANIFEST_DIR"), "/../trailwarden-record/src/events/mod.rs");
    let hub = std::fs::read_to_string(hub).unwrap();
    let names = hub.lines().filter_map(|line| line.trim().strip_prefix("/// `")?.strip_suffix('`'));
    let mut typed: Vec<&str> = names.filter(|name| name.contains(':')).collect();
    typed.sort_unstable();
    typed.dedup();
    assert_eq!(trailwarden_authorize::schema::calls(), typed);
}
