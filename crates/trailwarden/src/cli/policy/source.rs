//! Policies that a command line names: files, parts of files, and policies of AWS.

use std::borrow::Cow;
use std::rc::Rc;

use anyhow::{anyhow, bail};
use trailwarden_policy::document::{Document, Error};
use trailwarden_policy::facts::managed_policy;
use trailwarden_policy::locate::{Located, Unread, locate};
use trailwarden_policy::nearest::nearest;
use trailwarden_policy::{PolicyKind, Span, line_column};

use super::files;

/// How a policy can be named, for help texts.
pub(crate) const NAMING: &str = "\
A policy is named by a file, - for standard input, FILE#NAME for one of several policies in a file (a \
Terraform plan, a template, a reply of the AWS CLI), or the ARN of an AWS managed policy, such as \
arn:aws:iam::aws:policy/ReadOnlyAccess.";

/// The SCP that AWS attaches everywhere at first, by the name that AWS gave it.
///
/// Source: AWS Organizations User Guide, "SCP evaluation".
const FULL_ACCESS: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;

/// The most names that a message lists.
const NAMES_MAX: usize = 8;

/// A policy that was read.
#[derive(Debug, Clone)]
pub(crate) struct Policy {
    /// The file, or the ARN.
    pub(crate) file: String,
    /// Its name within the file; empty when the file is the policy.
    pub(crate) name: String,
    /// Its kind, when the place tells.
    pub(crate) kind: Option<PolicyKind>,
    /// The policy.
    pub(crate) document: Document,
    /// The text that the document's places refer to.
    pub(crate) text: Rc<str>,
    /// Values that a template leaves open.
    pub(crate) open: Vec<String>,
    /// The policy's own place in the file, where that is all there is: inside a string.
    outer: Option<Position>,
}

#[derive(Debug, Clone, Copy)]
struct Position {
    line: usize,
    column: usize,
}

impl Policy {
    /// As messages name it.
    pub(crate) fn label(&self) -> String {
        match self.name.as_str() {
            "" => files::shown(&self.file).to_owned(),
            name => format!("{}#{name}", files::shown(&self.file)),
        }
    }

    /// Where a place of the document stands, as compilers write it.
    pub(crate) fn place(&self, span: Span) -> String {
        let at = self.outer.unwrap_or_else(|| {
            let at = line_column(&self.text, span.start);
            Position { line: at.line, column: at.column }
        });
        format!("{}:{}:{}", files::shown(&self.file), at.line, at.column)
    }

    /// The text of the document alone.
    pub(crate) fn json(&self) -> &str {
        self.document.places.document.of(&self.text)
    }

    /// What could not be read of it, each with its place.
    pub(crate) fn unread(&self) -> Vec<String> {
        let lost = self.document.problems.iter().filter(|p| p.fault.costs_the_statement());
        let said = lost.map(|problem| {
            let place = self.place(problem.span);
            format!("{place}: {}; {}", problem.fault, problem.help())
        });
        said.collect()
    }
}

/// The policies of a name.
pub(crate) struct Loaded {
    /// Those that could be read, or could in part.
    pub(crate) policies: Vec<Policy>,
    /// The names of those that could not, each with the cause.
    pub(crate) unread: Vec<(String, String)>,
}

/// Every policy of a name. An error when none of them can be read.
pub(crate) fn load(spec: &str) -> anyhow::Result<Loaded> {
    let mut loaded = Loaded { policies: Vec::new(), unread: Vec::new() };
    let mut first = None;
    let source = Source::open(spec)?;
    for located in &source.located {
        match source.policy(located) {
            Ok(policy) => loaded.policies.push(policy),
            Err(error) => {
                loaded.unread.push((located.name.clone(), error.to_string()));
                first.get_or_insert(error);
            }
        }
    }
    match first {
        Some(error) if loaded.policies.is_empty() => Err(error),
        _ => Ok(loaded),
    }
}

/// The only policy of a name.
pub(crate) fn load_one(spec: &str) -> anyhow::Result<Policy> {
    let source = Source::open(spec)?;
    match source.located.as_slice() {
        [one] => source.policy(one),
        many => bail!(
            "{}: holds {} policies; say which as `{spec}#NAME`: {}",
            files::shown(spec),
            many.len(),
            listed(many.iter().map(|one| one.name.as_str()))
        ),
    }
}

/// A text with the policies in it that a name means.
struct Source {
    file: String,
    text: Rc<str>,
    located: Vec<Located>,
}

impl Source {
    fn open(spec: &str) -> anyhow::Result<Self> {
        if let Some(text) = of_aws(spec)? {
            let located = locate(&text);
            return Ok(Self { file: spec.to_owned(), text: text.into(), located });
        }
        let (file, name) = match spec.split_once('#') {
            Some((file, name)) if !std::path::Path::new(spec).exists() => (file, Some(name)),
            _ => (spec, None),
        };
        let shown = files::shown(file);
        let text = files::read(file).map_err(|cause| anyhow!("{shown}: {cause}"))?;
        let mut located = locate(&text);
        if located.is_empty() {
            bail!("{shown}: {}", files::NO_POLICY);
        }
        if let Some(name) = name {
            let names: Vec<String> = located.iter().map(|one| one.name.clone()).collect();
            located.retain(|one| one.name == name);
            if located.is_empty() {
                let names = names.iter().map(String::as_str);
                let near = nearest(name, names.clone());
                bail!(
                    "{shown}: holds no policy `{name}`{}",
                    near.map_or_else(
                        || format!("; it holds {}", listed(names)),
                        |near| format!("; did you mean `{near}`?")
                    )
                );
            }
        }
        Ok(Self { file: file.to_owned(), text: text.into(), located })
    }

    fn policy(&self, located: &Located) -> anyhow::Result<Policy> {
        policy(&self.file, located, &self.text)
    }
}

fn policy(file: &str, located: &Located, text: &Rc<str>) -> anyhow::Result<Policy> {
    let inner = match located.text(text) {
        // Most often the file's own text; a copy for each of its policies would add up.
        Cow::Borrowed(inner) if std::ptr::eq(inner, &**text) => Rc::clone(text),
        inner => inner.into(),
    };
    let is_inside = located.span_in_file(Span::default()) != Span::default();
    let outer = is_inside.then(|| {
        let at = line_column(text, located.span.start);
        Position { line: at.line, column: at.column }
    });
    let document = located.document(text).map_err(|error| {
        let at = match &error {
            Unread::Policy(error) => error.span(),
            _ => None,
        };
        let at = line_column(text, at.map_or(located.span, |at| located.span_in_file(at)).start);
        let place = format!("{}:{at}", files::shown(file));
        match &error {
            Unread::Policy(Error::Json(cause)) => {
                anyhow!("{place}: {}; {}", cause.fault, cause.help())
            }
            Unread::Policy(cause) => anyhow!("{place}: {error}; {}", cause.help()),
            _ => anyhow!("{place}: {}: {error}", located.name),
        }
    })?;
    Ok(Policy {
        file: file.to_owned(),
        name: located.name.clone(),
        kind: located.kind,
        document,
        text: inner,
        open: located.unknowns.iter().map(|unknown| unknown.what.clone()).collect(),
        outer,
    })
}

/// The document of a policy that AWS maintains; `None` when the text names none.
fn of_aws(spec: &str) -> anyhow::Result<Option<String>> {
    if spec.starts_with("arn:")
        && spec.contains(":organizations::aws:policy/service_control_policy/p-FullAWSAccess")
        || spec == "p-FullAWSAccess"
    {
        return Ok(Some(FULL_ACCESS.to_owned()));
    }
    if !spec.starts_with("arn:") || !spec.contains(":iam::aws:policy/") {
        return Ok(None);
    }
    match managed_policy(spec) {
        Some(policy) => Ok(Some(policy.document.to_owned())),
        None => bail!(
            "`{spec}` is not among the AWS managed policies known here; check its name, or give its \
             document as a file (aws iam get-policy-version)"
        ),
    }
}

fn listed<'n>(names: impl Iterator<Item = &'n str> + Clone) -> String {
    let shown: Vec<String> =
        names.clone().take(NAMES_MAX).map(|name| format!("`{name}`")).collect();
    let more = names.count().saturating_sub(NAMES_MAX);
    let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{tail}", shown.join(", "))
}
