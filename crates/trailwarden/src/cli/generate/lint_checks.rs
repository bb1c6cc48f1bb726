//! The page of lint checks: each with its reason and source, and how they answer to other tools.

use std::fmt::Write as _;

use trailwarden_policy::PolicyKind;
use trailwarden_policy::lint::checks::ALL;
use trailwarden_policy::lint::{Check, Tool, coverage};

use super::docs::MARK;

const TOOLS: [(Tool, &str); 3] = [
    (
        Tool::AccessAnalyzer,
        "IAM Access Analyzer, `ValidatePolicy` (the issue codes of its reference, 138 headings in May 2023, and newer ones)",
    ),
    (Tool::Parliament, "parliament 1.6.4 (with its community auditors)"),
    (Tool::Cloudsplaining, "cloudsplaining 0.9.1 (risks)"),
];

/// The page.
pub(super) fn page() -> String {
    let mut text = format!(
        "# Lint checks\n\n{MARK}{} checks are built in. Each is proven by policies on which it fires and on which it \
         stays quiet; the tests run them. Severity is harm if true, confidence how likely it is true; a single \
         finding may be graded better or worse than its check.\n\n\
         | severity | check | title |\n|---|---|---|\n",
        ALL.len()
    );
    for check in ALL {
        let (severity, id) = (check.severity.as_str(), check.id);
        let _ = writeln!(text, "| {severity} | [{id}](#{id}) | {} |", check.title);
    }
    for check in ALL {
        one(&mut text, check);
    }
    others(&mut text);
    text
}

fn one(text: &mut String, check: &Check) {
    let _ = write!(
        text,
        "\n## {}\n\n{}. Severity **{}**, confidence **{}**.\n\n{}\n\n- Policies: {}\n- Source: {}\n",
        check.id,
        check.title,
        check.severity.as_str(),
        check.confidence.as_str(),
        check.about,
        kinds(check),
        check.source
    );
    if !check.cross.is_empty() {
        let answers: Vec<String> =
            check.cross.iter().map(|(tool, id)| format!("`{id}` ({})", tool.name())).collect();
        let _ = writeln!(text, "- Answers: {}", answers.join(", "));
    }
}

fn kinds(check: &Check) -> String {
    if PolicyKind::ALL.iter().all(|kind| check.kinds.contains(kind)) {
        return "every kind".to_owned();
    }
    let names: Vec<&str> = check.kinds.iter().map(|kind| kind.name()).collect();
    names.join(", ")
}

fn others(text: &mut String) {
    text.push_str(
        "\n# Beside other tools\n\nWhat they publish, and which of it a check answers.\n\n\
         | tool | looks for | answered | not checked, with reason |\n|---|---|---|---|\n",
    );
    for (tool, name) in TOOLS {
        let ids = coverage::ids(tool);
        let not_checked = of_tool(tool).count();
        let answered = ids.iter().filter(|id| checks_of(tool, id).next().is_some()).count();
        let _ = writeln!(text, "| {name} | {} | {answered} | {not_checked} |", ids.len());
    }
    text.push_str("\n## Not checked\n\n| tool | its name | reason |\n|---|---|---|\n");
    for (tool, id, reason) in coverage::NOT_CHECKED {
        let _ = writeln!(text, "| {} | `{id}` | {reason} |", tool.name());
    }
    for (tool, _) in TOOLS {
        let _ = write!(text, "\n## Of {}\n\n| its name | checks |\n|---|---|\n", tool.name());
        for id in coverage::ids(tool) {
            let links: Vec<String> =
                checks_of(tool, id).map(|check| format!("[{0}](#{0})", check.id)).collect();
            let links = if links.is_empty() { "none".to_owned() } else { links.join(", ") };
            let _ = writeln!(text, "| `{id}` | {links} |");
        }
    }
}

fn of_tool(tool: Tool) -> impl Iterator<Item = &'static (Tool, &'static str, &'static str)> {
    coverage::NOT_CHECKED.iter().filter(move |(of, _, _)| *of == tool)
}

fn checks_of(tool: Tool, id: &str) -> impl Iterator<Item = &'static Check> {
    ALL.iter()
        .copied()
        .filter(move |check| check.cross.iter().any(|(of, its)| *of == tool && *its == id))
}
