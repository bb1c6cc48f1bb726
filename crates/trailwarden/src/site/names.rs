//! Where things are on the site: the page of every name, and the page that a link of ours means.

use std::collections::BTreeMap;

use clap::Command;

use crate::cli::explain::topics::Topic;

/// The pages of names, by the name as text writes it.
pub(super) struct Names {
    pages: BTreeMap<String, String>,
}

/// The folder of a kind of topic.
pub(super) fn folder(topic: &Topic) -> &'static str {
    match topic {
        Topic::Event(_) => "events",
        Topic::Detection(_) => "detections",
        Topic::Check(_) => "checks",
        Topic::Lint(_) => "lint-checks",
        Topic::Technique(_) => "techniques",
        Topic::Remedy(_) | Topic::ByHand(_) => "remediations",
        Topic::Key(_) => "condition-keys",
        Topic::Attack(_) => "attack",
        Topic::Verify(_) | Topic::Named(_) | Topic::Sigma(_) => "rules",
    }
}

/// Where the page of a topic lies.
pub(super) fn path(topic: &Topic) -> String {
    let folder = folder(topic);
    match topic {
        Topic::Event(entry) => format!("{folder}/{}/{}.html", entry.service(), entry.event()),
        _ => format!("{folder}/{}.html", file(topic.name())),
    }
}

/// A name as a file's name on every file system.
fn file(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        match c {
            c if c.is_ascii_alphanumeric() || c == '.' || c == '_' => out.push(c),
            _ if !out.ends_with('-') => out.push('-'),
            _ => {}
        }
    }
    out.trim_matches('-').to_owned()
}

/// Whether a page of the reference is what the pages of topics, and their list, are on the site.
pub(super) fn is_of_topics(reference: &str) -> bool {
    reference.starts_with("detections")
}

impl Names {
    pub(super) fn of(topics: &[Topic], command: &Command) -> Self {
        let mut pages = BTreeMap::new();
        let mut add = |name: &str, path: String| {
            // What is listed first is what a name without its kind means.
            pages.entry(name.to_owned()).or_insert(path);
        };
        for topic in topics {
            add(topic.name(), path(topic));
        }
        for topic in topics {
            match topic {
                Topic::Event(entry) => add(entry.event(), path(topic)),
                Topic::Remedy(remedy) => {
                    remedy.aliases.iter().for_each(|alias| add(alias, path(topic)));
                }
                _ => {}
            }
        }
        let mut open = vec![("trailwarden".to_owned(), command)];
        while let Some((name, command)) = open.pop() {
            for child in command.get_subcommands().filter(|child| child.get_name() != "help") {
                let name = format!("{name} {}", child.get_name());
                let anchor = name.replace(' ', "-");
                add(&name, format!("reference/command-line.html#{anchor}"));
                open.push((name, child));
            }
        }
        Self { pages }
    }

    /// The page of a name, or of the command that a command line begins with.
    pub(super) fn page(&self, code: &str) -> Option<&str> {
        if let Some(page) = self.pages.get(code) {
            return Some(page);
        }
        let words: Vec<&str> = code.split_whitespace().take(3).collect();
        let (first, _) = words.split_first()?;
        if *first != "trailwarden" {
            return None;
        }
        let begin = |count: usize| words.get(..count).map(|words| words.join(" "));
        [3, 2].into_iter().find_map(|count| self.pages.get(&begin(count)?)).map(String::as_str)
    }
}

/// The page of the site that a link in a file of the repository leads to; none where the site has no such page.
pub(super) fn target(source: &str, link: &str) -> Option<String> {
    let (path, fragment) = link.split_once('#').map_or((link, None), |(p, f)| (p, Some(f)));
    let path = resolve(source, path)?;
    let page = page_of(&path)?;
    Some(match fragment {
        Some(fragment) => format!("{page}#{fragment}"),
        None => page,
    })
}

/// The page of a file of the repository.
pub(super) fn page_of(path: &str) -> Option<String> {
    if let Some(entry) = path.strip_prefix("catalogue/") {
        return Some(match entry.strip_suffix(".md") {
            Some(name) => format!("events/{name}.html"),
            None => "events/index.html".to_owned(),
        });
    }
    let below = path.strip_prefix("docs/")?;
    Some(match below {
        "reference/" | "reference" => "reference/index.html".to_owned(),
        "reference/detections.md" => "detections/index.html".to_owned(),
        "reference/attack-coverage.md" => "attack/index.html".to_owned(),
        below => match below.strip_prefix("reference/detections/") {
            Some(detection) => format!("detections/{}.html", detection.strip_suffix(".md")?),
            None => {
                let name = below.strip_suffix(".md").or_else(|| below.strip_suffix(".json"))?;
                format!("{name}.html")
            }
        },
    })
}

/// A relative path from a file of the repository.
fn resolve(source: &str, link: &str) -> Option<String> {
    let mut parts: Vec<&str> = source.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// A page as another names it.
pub(super) fn relative(from: &str, to: &str) -> String {
    format!("{}{to}", "../".repeat(from.matches('/').count()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_of_the_repository_lead_to_pages() {
        let of = |source, link| target(source, link);
        let told = |text: &str| Some(text.to_owned());
        assert_eq!(of("docs/guides/a.md", "../changes.md#x"), told("changes.html#x"));
        assert_eq!(of("docs/guides/a.md", "b.md"), told("guides/b.html"));
        assert_eq!(of("docs/reference/a.md", "detections/b.md"), told("detections/b.html"));
        assert_eq!(
            of("docs/reference/a.md", "../../catalogue/iam/PutUserPolicy.md"),
            told("events/iam/PutUserPolicy.html")
        );
        assert_eq!(of("docs/a.md", "reference/can.schema.json"), told("reference/can.schema.html"));
        assert_eq!(of("docs/a.md", "../examples/README.md"), None);
        assert_eq!(of("docs/a.md", "../../../../etc/passwd"), None);
    }

    #[test]
    fn names_are_names_of_files() {
        assert_eq!(file("aws:RequestTag/${TagKey}"), "aws-RequestTag-TagKey");
        assert_eq!(file("T1098.003"), "T1098.003");
        assert_eq!(relative("events/iam/A.html", "index.html"), "../../index.html");
    }
}
