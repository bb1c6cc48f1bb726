//! Every format over one report, most of it hostile.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use clap::ValueEnum as _;
use expect_test::expect_file;
use serde_json::Value;
use trailwarden_model::finding::Kind;
use trailwarden_model::{Finding, Report, report};
use trailwarden_testkit::skip;

use super::testkit::{HOSTILE, sample_report, tame_report};
use super::{Format, Style, finding_schema, schema, write};

fn render(report: &Report, format: Format, style: &Style) -> String {
    let mut out = Vec::new();
    write(report, None, format, style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn plain(report: &Report, format: Format) -> String {
    render(report, format, &Style::default())
}

fn empty_report() -> Report {
    let mut report = tame_report();
    report.findings.clear();
    report.rejects.clear();
    report.summary.rejects = 0;
    report
}

#[test]
fn every_format_names_every_finding() {
    let report = sample_report();
    for format in Format::value_variants() {
        let text = plain(&report, *format);
        for finding in &report.findings {
            assert!(text.contains(&finding.id), "{format:?} lacks {}", finding.rule);
        }
    }
}

#[test]
fn no_format_lets_a_hidden_character_through() {
    for format in Format::value_variants() {
        let text = plain(&sample_report(), *format);
        let hidden = trailwarden_model::escape::visible(&text.replace('\n', "")).into_owned();
        assert_eq!(text.replace('\n', ""), hidden, "{format:?}");
        assert!(text.contains("Zoë-管理者"), "{format:?} keeps what is harmless");
    }
}

/// A hostile newline would begin a line of its own: a forged row, heading or finding.
#[test]
fn hostile_newlines_do_not_survive() {
    for format in [Format::Table, Format::Csv, Format::Markdown, Format::Html, Format::Junit] {
        for line in plain(&sample_report(), format).lines() {
            assert!(!line.trim_start().starts_with("line two"), "{format:?}: {line}");
            assert!(!line.starts_with("# heading"), "{format:?}: {line}");
        }
    }
}

#[test]
fn rendering_twice_gives_the_same_bytes() {
    for format in Format::value_variants() {
        assert_eq!(plain(&sample_report(), *format), plain(&sample_report(), *format));
    }
}

#[test]
fn json_comes_back_whole_and_obeys_the_schema() {
    let report = sample_report();
    let json = plain(&report, Format::Json);
    assert_eq!(serde_json::from_str::<Report>(&json).unwrap(), report);
    let value: Value = serde_json::from_str(&json).unwrap();
    assert_valid(&schema(), &value);
    let parts = value.as_object().unwrap().keys().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(parts, ["schema", "findings", "rejects", "summary"]);
    assert_valid(&schema(), &serde_json::from_str(&plain(&empty_report(), Format::Json)).unwrap());
}

#[test]
fn each_line_of_ndjson_obeys_the_schema_of_a_finding() {
    let report = sample_report();
    let text = plain(&report, Format::Ndjson);
    assert_eq!(text.lines().count(), report.findings.len());
    for (line, finding) in text.lines().zip(&report.findings) {
        assert_valid(&finding_schema(), &serde_json::from_str(line).unwrap());
        let back: Finding = serde_json::from_str(line).unwrap();
        assert_eq!(&back, finding);
    }
    assert_eq!(plain(&empty_report(), Format::Ndjson), "");
}

#[test]
fn the_schema_refuses_what_is_not_a_finding() {
    let validator = jsonschema::validator_for(&finding_schema()).unwrap();
    let line = plain(&tame_report(), Format::Ndjson);
    let good: Value = serde_json::from_str(line.lines().next().unwrap()).unwrap();
    assert!(validator.is_valid(&good));
    for (field, wrong) in [
        ("schema", Value::from("trailwarden.finding/9")),
        ("severity", Value::from("urgent")),
        ("first_time", Value::from("2026-03-01T22:58:07+01:00")),
        ("evidence", Value::Null),
    ] {
        let mut bad = good.clone();
        bad[field] = wrong;
        assert!(!validator.is_valid(&bad), "{field}");
    }
    assert_eq!(schema().pointer("/properties/schema/const"), Some(&report::SCHEMA.into()));
}

fn assert_valid(schema: &Value, instance: &Value) {
    let validator = jsonschema::validator_for(schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(instance).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn csv_has_a_row_per_finding_and_no_formulas() {
    let report = sample_report();
    let text = plain(&report, Format::Csv);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let columns = reader.headers().unwrap().clone();
    assert_eq!(columns.len(), 31);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), report.findings.len());
    for cell in rows.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
    }
    let name = columns.iter().position(|column| column == "actor_name").unwrap();
    assert_eq!(&rows[0][name], "'=cmd|'/C calc'!A0");
}

/// The validator is found through two variables; without them there is nothing to ask.
#[test]
fn ocsf_satisfies_the_published_schema() {
    let folders = ["TRAILWARDEN_TEST_DATA", "TRAILWARDEN_TEST_TOOLS"];
    let test = "formats::ocsf_satisfies_the_published_schema";
    let [Some(data), Some(tools)] = folders.map(|name| skip::variable(test, name)) else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("findings.json");
    for report in [sample_report(), empty_report()] {
        std::fs::write(&file, plain(&report, Format::Ocsf)).unwrap();
        let output = Command::new("python3")
            .arg(PathBuf::from(&tools).join("ocsf_validate.py"))
            .arg(PathBuf::from(&data).join("ocsf-1.8.0.json"))
            .arg(&file)
            .output()
            .unwrap();
        let answer = String::from_utf8_lossy(&output.stdout).into_owned();
        let expected = format!("{} events, 0 with problems", report.findings.len());
        assert!(answer.starts_with(&expected), "{answer}");
    }
}

#[test]
fn ocsf_times_are_milliseconds() {
    let events: Value = serde_json::from_str(&plain(&tame_report(), Format::Ocsf)).unwrap();
    let first = &events[0];
    assert_eq!(first["time"], 1_772_405_911_000_i64);
    assert_eq!(first["finding_info"]["first_seen_time"], 1_772_405_887_000_i64);
    assert_eq!((&first["class_uid"], &first["type_uid"]), (&2004.into(), &200_401.into()));
    assert_eq!((&first["severity_id"], &first["confidence_id"]), (&4.into(), &2.into()));
    assert_eq!(first["cloud"]["account"]["uid"], "111122223333");
    assert_eq!(first["evidences"][0]["src_endpoint"]["ip"], "198.51.100.7");
    assert_eq!(events[1]["action_id"], 2, "a denied call");
    assert_eq!(events[2]["status_id"], 3, "a suppressed finding");
}

#[test]
fn sarif_gives_code_scanning_what_it_demands() {
    let report = sample_report();
    let log: Value = serde_json::from_str(&plain(&report, Format::Sarif)).unwrap();
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!((&log["version"], results.len()), (&"2.1.0".into(), report.findings.len()));
    for (result, finding) in results.iter().zip(&report.findings) {
        let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], finding.rule);
        assert_eq!(result["partialFingerprints"]["trailwardenFinding/v1"], finding.id);
        for location in result["locations"].as_array().unwrap() {
            let place = &location["physicalLocation"];
            let uri = place["artifactLocation"]["uri"].as_str().unwrap();
            assert!(uri.bytes().all(|b| b.is_ascii_graphic() && !b"<>\"'`|{}\\:".contains(&b)));
            assert!(place["region"]["startLine"].as_u64().unwrap() >= 1);
        }
    }
    let first = &results[1]["locations"][0];
    assert_eq!(first["physicalLocation"]["region"]["startLine"], 2, "record 1 is line 2");
    let arn = "arn:aws:iam::111122223333:user/alice";
    assert_eq!(first["logicalLocations"][0]["fullyQualifiedName"], arn);
    assert!(!results[0]["message"]["text"].as_str().unwrap().contains("![x]("));
}

#[test]
fn junit_counts_and_parses_back() {
    let report = sample_report();
    let xml = plain(&report, Format::Junit);
    let back = quick_junit::Report::deserialize_from_str(&xml).unwrap();
    let suites: Vec<&str> = back.test_suites.iter().map(|suite| suite.name.as_str()).collect();
    assert_eq!(suites, ["detection", "sigma", "health", "rejects"]);
    assert_eq!(back.tests, report.findings.len() + report.rejects.len());
    assert_eq!((back.failures, back.errors, back.skipped), (4, report.rejects.len(), 1));
    let clean = plain(&empty_report(), Format::Junit);
    assert_eq!(quick_junit::Report::deserialize_from_str(&clean).unwrap().tests, 1);
}

#[test]
fn html_runs_nothing_of_a_strangers() {
    let page = plain(&sample_report(), Format::Html);
    assert_eq!(page.matches("<script").count(), 1, "only our own script");
    assert_eq!(page.matches("</script").count(), 1);
    assert_eq!(page.matches("<style").count(), 1);
    for tag in ["<img", "<b>&", "<iframe", "<link", " onerror=\"", " onclick=", " style="] {
        assert!(!page.contains(tag), "{tag}");
    }
    assert!(page.contains("&#60;script&#62;alert(1)&#60;/script&#62;"));
    assert!(page.contains("default-src &#39;none&#39;"));
    // Nothing is fetched: the only addresses are links that a person may follow.
    for (place, _) in page.match_indices("https://") {
        let before = &page[..place];
        let is_link = page[place..].starts_with("https://attack.mitre.org/techniques/T")
            && before.ends_with("href=\"");
        let is_text = page[place..].starts_with("https://evil.example");
        assert!(is_link || (is_text && !before.ends_with('"')), "{}", &page[place..place + 40]);
    }
}

#[test]
fn html_leaves_out_what_is_not_known() {
    let mut report = tame_report();
    // The only effect in the report is that of an attempt.
    assert!(plain(&report, Format::Html).contains("<h3>Effect, had it succeeded</h3>"));
    for finding in &mut report.findings {
        finding.effect = None;
    }
    assert!(!plain(&report, Format::Html).contains("<h3>Effect"));
}

#[test]
fn ten_thousand_findings_make_a_page_that_opens() {
    let mut report = tame_report();
    let template = report.findings[0].clone();
    report.findings = (0..10_000)
        .map(|number| {
            let mut finding = template.clone();
            finding.id = format!("tw-{number:016x}");
            finding.first_time = template.first_time.plus(number * 97);
            finding.last_time = finding.first_time;
            finding
        })
        .collect();
    let page = plain(&report, Format::Html);
    assert_eq!(page.matches("<details class=\"finding ").count(), 10_000);
    // What an event is stands there once, and each finding leads to it.
    assert_eq!(page.matches("<details class=\"about\"").count(), 1);
    assert_eq!(page.matches("<a href=\"#about-iam-CreateAccessKey\">").count(), 10_000);
    assert!(page.matches("<circle").count() <= 500, "marks are gathered");
    assert!(page.len() < 40_000_000, "{}", page.len());
}

#[test]
fn markdown_mentions_nobody_and_links_nowhere() {
    let text = plain(&sample_report(), Format::Markdown);
    for line in text.lines() {
        // Outside code spans there must be nothing that a ticket system acts on.
        let prose: String = outside_code(line);
        assert!(!prose.contains(['@', '<']) && !prose.contains("://"), "{line}");
        assert!(!prose.contains("](") || prose.contains("\\]("), "{line}");
    }
}

/// The parts of a line that are not in a code span, found as CommonMark finds them.
fn outside_code(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(start) = rest.find('`') {
        let fence: String = rest[start..].chars().take_while(|c| *c == '`').collect();
        out.push_str(&rest[..start]);
        let inner = &rest[start + fence.len()..];
        let mut from = 0;
        let end = loop {
            let Some(found) = inner[from..].find('`').map(|at| from + at) else { break None };
            let run = inner[found..].bytes().take_while(|b| *b == b'`').count();
            if run == fence.len() {
                break Some(found + run);
            }
            from = found + run;
        };
        rest = &inner[end.unwrap_or_else(|| panic!("an open code span: {line}"))..];
    }
    out.push_str(rest);
    out
}

#[test]
fn the_table_fits_and_has_colour_only_when_asked() {
    let mut style = Style { width: 80, ..Style::default() };
    let text = render(&sample_report(), Format::Table, &style);
    for line in text.lines() {
        assert!(textwrap::core::display_width(line) <= 80, "{line}");
    }
    style.colour = true;
    let painted = render(&sample_report(), Format::Table, &style);
    assert!(painted.contains("\u{1b}["));
    // Colour adds nothing but colour.
    let mut bare = String::new();
    let mut rest = painted.as_str();
    while let Some((before, code)) = rest.split_once("\u{1b}[") {
        bare.push_str(before);
        rest = code.split_once('m').unwrap().1;
    }
    bare.push_str(rest);
    assert_eq!(bare, text);
}

/// A long table shortens what is mild, and still names it.
#[test]
fn a_long_table_is_brief_about_mild_findings() {
    let mut report = tame_report();
    let mild = report.findings.iter().find(|finding| finding.rule == "first-seen-region").unwrap();
    let many = (0..60).map(|number| Finding { id: format!("tw-{number:016x}"), ..mild.clone() });
    report.findings.extend(many.collect::<Vec<_>>());
    let text = plain(&report, Format::Table);
    for finding in &report.findings {
        assert!(text.contains(&finding.id), "{}", finding.id);
    }
    let worst = &report.findings[0];
    assert!(text.contains("mallory created two access keys"), "{}", worst.severity.as_str());
    assert!(!text.contains("panicked and was switched off"));
}

#[test]
fn people_read_their_own_zone_and_machines_utc() {
    let style = Style {
        zone: jiff::tz::TimeZone::fixed(jiff::tz::offset(2)),
        zone_name: "Europe/Kyiv".to_owned(),
        ..Style::default()
    };
    for format in Format::value_variants() {
        let text = render(&tame_report(), *format, &style);
        let is_for_people = matches!(format, Format::Table | Format::Markdown | Format::Html);
        assert_eq!(text.contains("Europe/Kyiv"), is_for_people, "{format:?}");
        assert_eq!(text.contains("2026-03-02 00:58:07"), is_for_people, "{format:?}");
        assert_eq!(text == plain(&tame_report(), *format), !is_for_people, "{format:?}");
    }
}

#[test]
fn no_findings_is_said_plainly() {
    for format in [Format::Table, Format::Markdown, Format::Html] {
        let text = plain(&empty_report(), format);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.to_lowercase().contains("no findings"), "{format:?}");
        assert!(text.contains("12,345 records"), "{format:?} says what was read");
        assert!(text.contains("not proof that nothing happened"), "{format:?}");
        let mut unread = empty_report();
        unread.summary.records = 0;
        let text = plain(&unread, format);
        assert!(text.contains("nothing could be judged"), "{format:?}");
    }
}

#[test]
fn a_cut_short_run_says_so() {
    let mut report = tame_report();
    report.summary.interrupted = true;
    for format in [Format::Table, Format::Markdown, Format::Html] {
        assert!(plain(&report, format).to_lowercase().contains("cut short"), "{format:?}");
    }
}

#[test]
fn hostile_text_is_in_the_report_at_all() {
    let json = plain(&sample_report(), Format::Json);
    let back: Report = serde_json::from_str(&json).unwrap();
    for text in HOSTILE {
        assert!(back.findings[0].explanation.contains(text));
    }
}

#[test]
fn table_at_eighty_columns() {
    expect_file!["snapshots/table.txt"].assert_eq(&plain(&tame_report(), Format::Table));
}

#[test]
fn table_without_findings() {
    expect_file!["snapshots/table-empty.txt"].assert_eq(&plain(&empty_report(), Format::Table));
}

#[test]
fn table_of_hostile_text() {
    expect_file!["snapshots/table-hostile.txt"].assert_eq(&plain(&sample_report(), Format::Table));
}

#[test]
fn findings_say_where_to_read_on() {
    let report = tame_report();
    let html = plain(&report, Format::Html);
    let links = html.split("href=\"#about-").skip(1);
    let names: BTreeSet<&str> = links.filter_map(|rest| rest.split('"').next()).collect();
    assert!(names.contains("iam-CreateAccessKey"));
    for name in names {
        assert_eq!(html.matches(&format!(" id=\"about-{name}\"")).count(), 1, "{name}");
    }
    assert!(html.contains("<code>trailwarden explain iam:CreateAccessKey</code>"));
    let sarif = plain(&report, Format::Sarif);
    for finding in &report.findings {
        let command = format!("trailwarden explain {}", finding.rule);
        // Of a Sigma rule, its author knows more than we do.
        let is_ours = finding.kind != Kind::Sigma;
        assert_eq!(html.contains(&format!("<code>{command}</code>")), is_ours, "{command}");
        assert_eq!(sarif.contains(&command), is_ours, "{command}");
    }
}

#[test]
fn markdown_report() {
    expect_file!["snapshots/markdown.md"].assert_eq(&plain(&tame_report(), Format::Markdown));
}
