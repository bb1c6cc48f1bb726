//! Names, programs and policies come from strangers. In no command and no format may they act: on a
//! browser, a terminal, a spreadsheet, a ticket system or a program that draws graphs.
//!
//! Two committed trails, in which names, sessions and programs are replaced by text that wants to be
//! more than text, go through every command that judges changes.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests, and helpers of tests, which the lints do not take for tests"
)]

mod page;
mod support;

use support::{Trail, run};

/// Text that each format must disarm in its own way. There is no backtick in it, so that the code
/// spans of Markdown can be found without knowing Markdown.
const NAMES: [&str; 4] = [
    "<script>alert(1)</script>|cmd",
    "\"><img src=x onerror=alert(1)>'--></style></title></svg>\"];x[\"<b>",
    "=1+1\u{1b}[31mred\u{7}\u{202e}<i>\nline two\r# heading",
    "@octocat ![x](https://evil.example) ](javascript:alert(1))<u>",
];

/// Every command that judges changes, with the names of its formats.
const COMMANDS: [(&str, &[&str]); 4] = [
    ("scan", &["table", "json", "ndjson", "csv", "ocsf", "sarif", "junit", "markdown", "html"]),
    ("changes", &["table", "json", "ndjson", "csv", "markdown", "html"]),
    ("investigate", &["table", "json", "markdown", "html"]),
    ("paths", &["table", "json", "dot", "mermaid"]),
];

#[test]
fn no_format_lets_a_strangers_text_act() {
    for trail in Trail::all(NAMES) {
        for (command, formats) in COMMANDS {
            for format in formats {
                let mut words: Vec<&str> = match command {
                    "scan" => vec!["scan", &trail.path, "--changes"],
                    "changes" => vec!["changes", &trail.path, "--full"],
                    "paths" => vec!["paths", "--logs", &trail.path],
                    _ => vec!["investigate", &trail.path, "--principal", trail.who],
                };
                words.extend(["--color", "never", "--format", format]);
                let out = run(&words);
                let what = format!("{command} {format}");
                hidden(&what, &out);
                match *format {
                    "html" => page_is_ours(&what, &out),
                    "markdown" => markdown_is_text(&what, &out),
                    "csv" => no_formula(&what, &out),
                    _ => machines_can_read_it(&what, format, &out),
                }
            }
        }
    }
}

/// No control code, no change of direction, and no line that a stranger began.
fn hidden(what: &str, out: &str) {
    let is_bad = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
    assert_eq!(out.chars().find(|c| is_bad(*c)), None, "{what}");
    assert!(!out.lines().any(|line| line.trim_start().starts_with("line two")), "{what}");
    assert!(out.contains("octocat") || out.contains("script"), "{what}: the names are there");
}

/// Pages hold the elements and attributes of the templates, and no others; drawings hold the names.
fn page_is_ours(what: &str, out: &str) {
    let faults = page::faults(out);
    assert!(faults.is_empty(), "{what}: {faults:?}");
    let scripts = usize::from(!what.starts_with("investigate"));
    assert_eq!(out.matches("<script").count(), scripts, "{what}");
    let drawings = out.split("<svg").skip(1).map(|rest| rest.split("</svg>").next().unwrap());
    assert!(drawings.collect::<String>().contains("&#60;"), "{what}: no name in any drawing");
}

/// Outside code spans, nothing that a ticket system acts on; and a bar makes no cell more.
fn markdown_is_text(what: &str, out: &str) {
    let mut columns = 0;
    for line in out.lines() {
        let prose: String = line.split('`').step_by(2).collect();
        let is_live = |mark: &&str| prose.contains(*mark) && !prose.contains(&format!("\\{mark}"));
        assert_eq!(["<", "@", "://", "](", "!["].iter().find(|mark| is_live(mark)), None, "{line}");
        let bars = line.replace("\\\\", "").replace("\\|", "").matches('|').count();
        match line.starts_with('|') {
            true if columns == 0 => columns = bars,
            true => assert_eq!(bars, columns, "{what}: {line}"),
            false => columns = 0,
        }
    }
}

fn no_formula(what: &str, out: &str) {
    for row in csv::Reader::from_reader(out.as_bytes()).records() {
        for cell in row.unwrap().iter() {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{what}: {cell}");
        }
    }
}

fn machines_can_read_it(what: &str, format: &str, out: &str) {
    match format {
        "json" | "ocsf" | "sarif" => {
            serde_json::from_str::<serde_json::Value>(out).unwrap();
        }
        "ndjson" => {
            for line in out.lines() {
                serde_json::from_str::<serde_json::Value>(line).unwrap();
            }
        }
        "junit" => {
            quick_junit::Report::deserialize_from_str(out).unwrap();
        }
        "dot" | "mermaid" => {
            // Outside quotes there are only numbers of ours and the words of the language.
            let text = out.replace("\\\\", "").replace("\\\"", "");
            assert_eq!(text.matches('"').count() % 2, 0, "{what}: quotes pair");
            let bare: String = text.split('"').step_by(2).collect();
            for word in ["script", "img", "cmd", "octocat", "heading", "<", "javascript"] {
                assert!(!bare.contains(word), "{what}: {bare}");
            }
            // Mermaid shows HTML and links within its labels.
            let is_quiet = format == "dot" || !out.contains(['<', '`']) && !out.contains("](");
            assert!(is_quiet, "{what}: {out}");
        }
        _ => {}
    }
}
