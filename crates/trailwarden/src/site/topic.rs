//! The page of a name: what `explain` says of it.

use trailwarden_catalogue::Heading;

use super::markdown::{self, Links, anchor, escape};
use super::names::{self, Names, relative};
use super::shell::Sheet;
use crate::cli::explain::page::Page;
use crate::cli::explain::responses::{Example, Form, INVENTED, Response, YOURS};
use crate::cli::explain::topics::Topic;

/// Links from one page of the site.
pub(super) struct FromPage<'a> {
    pub(super) names: &'a Names,
    /// The page.
    pub(super) path: &'a str,
    /// The file of the repository that it is made of, which links are relative to.
    pub(super) source: &'a str,
}

impl Links for FromPage<'_> {
    fn of_code(&self, code: &str) -> Option<String> {
        let page = self.names.page(code).filter(|page| *page != self.path)?;
        Some(relative(self.path, page))
    }

    fn of_link(&self, link: &str) -> Option<String> {
        if link.starts_with('#') || link.starts_with("https://") {
            return Some(link.to_owned());
        }
        Some(relative(self.path, &names::target(self.source, link)?))
    }
}

/// The page.
pub(super) fn sheet(topic: &Topic, names: &Names) -> Sheet {
    let page = topic.page();
    let path = names::path(topic);
    let links = FromPage { names, path: &path, source: "" };
    let mut sheet = Sheet {
        title: page.name.clone(),
        kind: page.kind,
        lead: match topic {
            // Many ways are of one kind.
            Topic::Technique(way) => format!("{}: {}", page.title, way.actions.join(", ")),
            _ => page.title.clone(),
        },
        is_name: true,
        is_found: true,
        words: words(topic, &page),
        severity: severity(topic),
        ..Sheet::default()
    };
    for (label, value) in &page.facts {
        sheet.facts.push(((*label).to_owned(), markdown::line(value, &links)));
    }
    for section in &page.sections {
        head(&mut sheet, &section.heading);
        sheet.html.push_str(&markdown::render(&section.markdown, &links).html);
    }
    for response in &page.responses {
        respond(&mut sheet, topic, response, &links);
    }
    if let Some(sample) = &page.sample {
        head(&mut sheet, "A record of it");
        code(&mut sheet.html, &format!("{sample:#}"));
    }
    sheet.path = path;
    sheet
}

/// A heading of the second rank, with an anchor of its own.
fn head(sheet: &mut Sheet, heading: &str) {
    let base = anchor(heading);
    let is_used = |id: &String| sheet.headings.iter().any(|(used, _)| used == id);
    let numbered = (1..).map(|count| format!("{base}-{count}"));
    let id = std::iter::once(base.clone()).chain(numbered).find(|id| !is_used(id)).unwrap_or(base);
    let label = escape(heading);
    sheet.html.push_str(&format!(
        "<h2 id=\"{id}\">{label} <a class=\"anchor\" href=\"#{id}\" aria-label=\"Link to: {label}\">#</a></h2>\n"
    ));
    sheet.headings.push((id, heading.to_owned()));
}

fn code(html: &mut String, text: &str) {
    html.push_str(&format!("<pre tabindex=\"0\"><code>{}</code></pre>\n", escape(text.trim_end())));
}

/// One way to respond, in all its forms.
fn respond(sheet: &mut Sheet, topic: &Topic, response: &Response, links: &FromPage<'_>) {
    head(sheet, response.title);
    let id = format!("`{}`", response.remediation);
    let is_own = response.remediation == topic.name();
    if !is_own {
        let told = format!("Remediation {id}.");
        sheet.html.push_str(&markdown::render(&told, links).html);
    }
    if let Some(by_hand) = &response.by_hand {
        let steps: Vec<String> = by_hand.steps.iter().map(|step| format!("- {step}")).collect();
        let told = format!("There is no plan: {}.\n\n{}", by_hand.why, steps.join("\n"));
        sheet.html.push_str(&markdown::render(&told, links).html);
    }
    if let Some(example) = &response.example {
        forms(sheet, response, example, is_own, links);
    }
}

/// The forms of an example. On the page of an event, programs show the part that is their own.
fn forms(
    sheet: &mut Sheet,
    response: &Response,
    example: &Example,
    is_own: bool,
    links: &FromPage<'_>,
) {
    let told = format!("{INVENTED}. For a finding of yours: `{YOURS}`.");
    sheet.html.push_str(&format!("<p class=\"note\">{}</p>\n", markdown::line(&told, links)));
    for form in Form::ALL {
        let (title, option) = (form.title(), form.option());
        let is_open = if form == Form::Console { " open" } else { "" };
        let id = if is_own { format!(" id=\"{option}\"") } else { String::new() };
        sheet.html.push_str(&format!(
            "<details class=\"form\"{id}{is_open}><summary>{title} <span>{}</span></summary>\n",
            if form == Form::Console { "steps" } else { "example" }
        ));
        let is_cut = !is_own && example.own(form) != example.form(form);
        code(&mut sheet.html, if is_cut { example.own(form) } else { example.form(form) });
        if is_cut {
            let whole = links.of_code(response.remediation).unwrap_or_default();
            sheet.html.push_str(&format!(
                "<p class=\"note\">This is the part that differs from plan to plan; the whole program stands with <a href=\"{}#{option}\">{}</a>.</p>\n",
                escape(&whole),
                escape(response.remediation)
            ));
        }
        sheet.html.push_str("</details>\n");
    }
}

/// The severity that a list shows.
pub(super) fn severity(topic: &Topic) -> Option<&'static str> {
    let severity = match topic {
        Topic::Event(entry) => entry.header.risks.iter().map(|risk| risk.severity).max()?,
        Topic::Detection(one) => one.severity,
        Topic::Check(one) => one.severity,
        Topic::Lint(one) => one.severity,
        Topic::Verify(one) => one.severity,
        _ => return None,
    };
    Some(severity.as_str())
}

/// Words by which a page is found beside its name and title: the beginning of what it says, of an event also what can go
/// wrong, and of a way the calls that it takes.
fn words(topic: &Topic, page: &Page) -> String {
    let beginning = |text: &str, most: usize| {
        let plain: String = text.chars().filter(|c| !"`*#[]".contains(*c)).collect();
        plain.split_whitespace().take(most).collect::<Vec<_>>().join(" ")
    };
    let first = page.sections.first().map_or("", |section| section.markdown.as_str());
    match topic {
        Topic::Event(entry) => {
            let does = entry.section(Heading::Does).unwrap_or_default();
            let risks = entry.header.risks.iter().map(|risk| risk.text.as_str());
            let risks: Vec<&str> = risks.collect();
            format!("{} {}", beginning(does, 40), beginning(&risks.join(" "), 80))
        }
        Topic::Technique(way) => {
            format!("privilege escalation {} {}", way.actions.join(" "), beginning(first, 40))
        }
        _ => beginning(first, 40),
    }
}
