//! Every format over every kind of change, one of them hostile.

use clap::ValueEnum as _;
use expect_test::expect_file;
use serde_json::Value;
use trailwarden_account::effect::Verdict;
use trailwarden_model::Outcome;

use super::testkit::{effect, principal, quiet, run_of, sample_changes, tame_changes};
use super::{Change, Changes, Counts, Format, Moved, words, write};
use crate::formats::testkit::{sample_report, tame_report};
use crate::formats::{self, Style, change_schema, changes_schema, schema};

fn render(changes: &Changes, format: Format, full: bool, style: &Style) -> String {
    let mut out = Vec::new();
    write(changes, format, full, style, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn full(changes: Vec<Change>, format: Format) -> String {
    render(&run_of(changes), format, true, &Style::default())
}

fn scan(format: formats::Format, changes: Option<&[Change]>) -> String {
    let mut out = Vec::new();
    formats::write(&sample_report(), changes, format, &Style::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn assert_valid(schema: &Value, instance: &Value) {
    let validator = jsonschema::validator_for(schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(instance).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn every_format_tells_every_change_and_its_effect() {
    let told = [
        "privesc",
        "unknown",
        "create any function",
        "read objects in bucket",
        "nightly-maintenance",
        "whether a service control policy denies it",
        "wholly capped by boundary ContractorBoundary",
    ];
    for format in Format::value_variants() {
        let text = full(tame_changes(), *format);
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for change in tame_changes() {
            assert!(text.contains(&change.event_id), "{format:?} lacks {}", change.event_id);
        }
        let names_way = flat.contains("x-lambda-01") || flat.contains("lambda:CreateFunction");
        assert!(names_way, "{format:?} does not name the way");
        for part in told {
            assert!(flat.contains(part), "{format:?} lacks `{part}`");
        }
    }
}

#[test]
fn a_strangers_text_cannot_act_in_any_format() {
    for format in Format::value_variants() {
        for full in [false, true] {
            let text = render(&run_of(sample_changes()), *format, full, &Style::default());
            let flat = text.replace('\n', "");
            assert_eq!(flat, trailwarden_model::escape::visible(&flat), "{format:?}");
            assert!(text.contains("Zoë-管理者"), "{format:?} keeps what is harmless");
            if matches!(format, Format::Json | Format::Ndjson) {
                continue;
            }
            for line in text.lines() {
                assert!(!line.trim_start().starts_with("line two"), "{format:?}: {line}");
                assert!(!line.starts_with("# heading"), "{format:?}: {line}");
            }
        }
    }
    let page = full(sample_changes(), Format::Html);
    assert_eq!(page.matches("<script").count(), 1, "only our own script");
    for tag in ["<img", "<b>&", " onerror=\"", " style="] {
        assert!(!page.contains(tag), "{tag}");
    }
    assert!(!page.contains("https://evil.example\"") && !page.contains("=\"https://evil"));
}

#[test]
fn csv_has_a_row_per_change_and_no_formulas() {
    let text = full(sample_changes(), Format::Csv);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let columns = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), sample_changes().len());
    for cell in rows.iter().flatten() {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
    }
    let cell = |row: usize, name: &str| {
        rows[row][columns.iter().position(|column| column == name).unwrap()].to_owned()
    };
    let user = "arn:aws:iam::111122223333:user";
    assert_eq!(
        cell(1, "grades"),
        format!("{user}/deniz: read -> privesc; {user}/emre: unknown -> privesc")
    );
    assert_eq!(cell(1, "lost"), format!("{user}/emre: read objects in bucket `lake`"));
    assert_eq!((cell(1, "moved"), cell(3, "moved")), ("both".to_owned(), "latent".to_owned()));
    assert_eq!(cell(1, "record"), "logs/april.json.gz, record 2");
}

#[test]
fn json_obeys_its_schema() {
    let run = run_of(sample_changes());
    let whole: Value =
        serde_json::from_str(&render(&run, Format::Json, false, &Style::default())).unwrap();
    assert_valid(&changes_schema(), &whole);
    assert_eq!(whole["counts"]["changes"], 8);
    let text = full(sample_changes(), Format::Ndjson);
    assert_eq!(text.lines().count(), 8);
    for (line, row) in text.lines().zip(whole["changes"].as_array().unwrap()) {
        let line: Value = serde_json::from_str(line).unwrap();
        assert_valid(&change_schema(), &line);
        assert_eq!(&line, row);
    }
    let validator = jsonschema::validator_for(&change_schema()).unwrap();
    let mut wrong = whole["changes"][0].clone();
    wrong["moved"] = "sideways".into();
    assert!(!validator.is_valid(&wrong), "the schema can refuse");
}

#[test]
fn a_scan_carries_the_changes_where_there_is_a_place_for_them() {
    let changes = sample_changes();
    for format in formats::Format::value_variants() {
        use formats::Format as F;
        let (with, without) = (scan(*format, Some(&changes)), scan(*format, None));
        let has_place = matches!(format, F::Table | F::Json | F::Markdown | F::Html);
        assert_eq!(with != without, has_place, "{format:?}");
        assert_eq!(with.contains("ContractorBoundary"), has_place, "{format:?}");
        assert!(!without.contains("ContractorBoundary"), "{format:?}");
    }
    let json: Value = serde_json::from_str(&scan(formats::Format::Json, Some(&changes))).unwrap();
    assert_valid(&schema(), &json);
    assert_eq!(json["changes"].as_array().unwrap().len(), changes.len());
    let mut wrong = json;
    wrong["changes"][0]["outcome"] = "maybe".into();
    assert!(!jsonschema::validator_for(&schema()).unwrap().is_valid(&wrong));
}

/// An effect in a finding is told by every format: grades before and after, what was gained and
/// lost, the way, and what is not known.
#[test]
fn every_format_of_a_scan_tells_the_effect() {
    let mut report = tame_report();
    let told = tame_changes().remove(1).effect.unwrap();
    report.findings.truncate(1);
    report.findings[0].effect = Some(told);
    for format in formats::Format::value_variants() {
        let mut out = Vec::new();
        formats::write(&report, None, *format, &Style::default(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for part in [
            "deniz",
            "privesc",
            "read",
            "create any function",
            "read objects in bucket",
            "nightly-maintenance",
            "whether a service control policy denies it",
        ] {
            assert!(flat.contains(part), "{format:?} lacks `{part}`");
        }
        let names_way = flat.contains("x-lambda-01") || flat.contains("lambda:CreateFunction");
        assert!(names_way, "{format:?} does not name the way");
    }
}

#[test]
fn a_page_draws_the_way_for_a_finding_and_a_change() {
    let mut report = tame_report();
    let told = tame_changes().remove(1).effect.unwrap();
    report.findings[0].effect = Some(told);
    report.findings[1].effect = None;
    let draw = |changes: Option<&[Change]>| {
        let mut out = Vec::new();
        formats::write(&report, changes, formats::Format::Html, &Style::default(), &mut out)
            .unwrap();
        String::from_utf8(out).unwrap()
    };
    let words = "aria-label=\"Ways that were opened: deniz (user) to nightly-maintenance (role) by \
                 iam:PassRole + lambda:CreateFunction;";
    assert_eq!(draw(None).matches(words).count(), 1);
    assert_eq!(draw(Some(&tame_changes())).matches(words).count(), 2);
}

#[test]
fn a_finding_on_the_page_is_linked_and_another_is_not() {
    let mut change = tame_changes().remove(1);
    let here = tame_report().findings[0].id.clone();
    change.findings = vec![here.clone(), "tw-elsewhere".to_owned()];
    let page = scan(formats::Format::Html, Some(&[change]));
    assert!(page.contains(&format!("<a href=\"#{here}\"><code>{here}</code></a>")));
    assert!(page.contains(" <code>tw-elsewhere</code>"));
}

#[test]
fn the_table_fits_and_has_colour_only_when_asked() {
    for width in [40, 80, 110] {
        let mut style = Style { width, ..Style::default() };
        let text = render(&run_of(sample_changes()), Format::Table, true, &style);
        for line in text.lines() {
            assert!(textwrap::core::display_width(line) <= usize::from(width), "{width}: {line}");
        }
        style.colour = true;
        let painted = render(&run_of(sample_changes()), Format::Table, true, &style);
        let mut bare = String::new();
        let mut rest = painted.as_str();
        while let Some((before, code)) = rest.split_once("\u{1b}[") {
            bare.push_str(before);
            rest = code.split_once('m').unwrap().1;
        }
        bare.push_str(rest);
        assert_eq!(bare, text, "colour adds nothing but colour");
    }
}

#[test]
fn people_read_their_own_zone_and_machines_utc() {
    let style = Style {
        zone: jiff::tz::TimeZone::fixed(jiff::tz::offset(-10)),
        zone_name: "Pacific/Honolulu".to_owned(),
        ..Style::default()
    };
    for format in Format::value_variants() {
        let text = render(&run_of(tame_changes()), *format, true, &style);
        let is_for_people = matches!(format, Format::Table | Format::Markdown | Format::Html);
        assert_eq!(text.contains("Pacific/Honolulu"), is_for_people, "{format:?}");
        assert_eq!(text.contains("2026-04-13"), is_for_people, "{format:?}");
    }
}

#[test]
fn what_nobody_judged_is_not_called_quiet() {
    let of = |outcome, event| words::unjudged(outcome, event);
    let (moved, sentence) = of(Outcome::Succeeded, "iam:UploadServerCertificate");
    assert_eq!(moved, Moved::Nothing);
    assert_eq!(sentence, "nothing changes: server certificates authorize nobody");
    assert_eq!(of(Outcome::Succeeded, "iam:PutUserPolicy").0, Moved::Unknown);
    for outcome in [Outcome::Denied, Outcome::Failed] {
        let (moved, sentence) = of(outcome, "iam:PutUserPolicy");
        assert_eq!(moved, Moved::Unknown);
        assert!(sentence.ends_with("so nothing changed"), "{sentence}");
    }
}

#[test]
fn people_are_told_when_rows_may_be_missing() {
    for format in [Format::Table, Format::Json, Format::Markdown, Format::Html] {
        let text = full(tame_changes(), format);
        assert!(text.contains("The list of changes is full"), "{format:?}");
    }
}

#[test]
fn no_changes_is_said_plainly() {
    for format in [Format::Table, Format::Markdown, Format::Html] {
        assert!(full(Vec::new(), format).contains("No IAM changes"), "{format:?}");
    }
    assert_eq!(full(Vec::new(), Format::Ndjson), "");
}

#[test]
fn what_moved_follows_from_the_verdict() {
    let mut one = principal("x", ("read", "write"), &["write"]);
    let gaining = effect(vec![one.clone()]);
    one.lost = vec!["read".to_owned()];
    let moving = effect(vec![one]);
    let of = |verdict| Moved::of(Some(verdict), Some(&gaining));
    assert_eq!(Moved::of(None, None), Moved::Nothing);
    assert_eq!(of(Verdict::Nothing), Moved::Nothing);
    assert_eq!(of(Verdict::Narrower), Moved::Lost);
    assert_eq!(of(Verdict::Unknown), Moved::Unknown);
    for way in [Verdict::Reads, Verdict::Writes, Verdict::Entry, Verdict::Escalates] {
        assert_eq!(of(way), Moved::Gained);
        assert_eq!(Moved::of(Some(way), Some(&moving)), Moved::Both);
    }
    for held_back in [Verdict::Capped, Verdict::Latent] {
        assert_eq!(of(held_back), Moved::Latent);
    }
}

#[test]
fn each_change_is_counted_once() {
    let counts = Counts::of(&tame_changes());
    let expected = Counts {
        changes: 7,
        widened: 1,
        narrowed: 1,
        latent: 1,
        quiet: 1,
        unknown: 1,
        denied: 1,
        failed: 1,
    };
    assert_eq!(counts, expected);
    // Whatever an attempt would have moved, it counts as an attempt.
    let mut attempt = tame_changes().remove(1);
    attempt.outcome = Outcome::Denied;
    assert_eq!(Counts::of(&[attempt]).denied, 1);
    assert_eq!(Counts::of(&[quiet(1, "2026-04-14T09:02:11Z")]).quiet, 1);
}

#[test]
fn table_at_eighty_columns() {
    let run = run_of(tame_changes());
    let text = render(&run, Format::Table, false, &Style::default());
    expect_file!["../snapshots/changes.txt"].assert_eq(&text);
}

#[test]
fn table_in_full() {
    expect_file!["../snapshots/changes-full.txt"].assert_eq(&full(tame_changes(), Format::Table));
}

#[test]
fn markdown_list() {
    expect_file!["../snapshots/changes.md"].assert_eq(&full(tame_changes(), Format::Markdown));
}
