//! What is to be done: an action, the resource that it is done to, and the circumstances.

use std::collections::BTreeMap;

use anyhow::bail;
use clap::Args as ClapArgs;
use trailwarden_model::{AccountId, Arn, Timestamp};
use trailwarden_policy::cases::{Scalar, Values};
use trailwarden_policy::evaluate::{Context, Entry, second_of};
use trailwarden_policy::facts::{Action, Service, facts};
use trailwarden_policy::nearest::nearest;
use trailwarden_policy::pattern::resource_matches;

use crate::cli::simulate::context;
use crate::cli::terminal;

/// The most forms of an ARN that a message lists.
const FORMS_MAX: usize = 3;

/// What is asked about
#[derive(ClapArgs, Debug)]
#[group(skip)]
pub(crate) struct DeedArgs {
    /// What is to be done, as service:Name
    #[arg(value_name = "ACTION")]
    action: String,

    /// To what: an ARN, or a pattern of ARNs; else every resource that the action takes
    #[arg(value_name = "RESOURCE")]
    resource: Option<String>,

    /// A condition key of the request; repeat it for further values of the same key
    #[arg(long, value_name = "KEY=VALUE")]
    context: Vec<String>,

    /// Who owns the resource, when its ARN does not tell
    #[arg(long, value_name = "ACCOUNT")]
    resource_account: Option<AccountId>,
}

/// What is asked about, understood.
pub(crate) struct Asked {
    pub(crate) deed: Deed,
    /// The account that owns the resource, where a person said so.
    pub(crate) owner: Option<String>,
    keys: BTreeMap<String, Values>,
}

impl DeedArgs {
    /// Reads what a person typed.
    pub(crate) fn read(&self) -> anyhow::Result<Asked> {
        Ok(Asked {
            deed: Deed::read(&self.action, self.resource.as_deref())?,
            owner: self.resource_account.map(|account| account.to_string()),
            keys: context::given(&self.context)?,
        })
    }
}

impl Asked {
    /// The time of the request, where a person said it.
    pub(crate) fn time(&self) -> Option<Timestamp> {
        self.keys
            .iter()
            .find_map(|(key, values)| {
                let is_time =
                    ["aws:currenttime", "aws:epochtime"].contains(&&*key.to_ascii_lowercase());
                match values {
                    Values::One(Scalar::Text(text)) if is_time => second_of(text),
                    Values::One(Scalar::Number(number)) if is_time => {
                        second_of(&number.to_string())
                    }
                    _ => None,
                }
            })
            .map(Timestamp::from_seconds)
    }

    /// Puts the keys that a person gave into the context of a request.
    pub(crate) fn put(&self, context: &mut Context) {
        let text = |scalar: &Scalar| match scalar {
            Scalar::Text(text) => text.clone(),
            Scalar::Boolean(value) => value.to_string(),
            Scalar::Number(number) => number.to_string(),
        };
        for (key, values) in &self.keys {
            let entry = match values {
                Values::One(one) => Entry::One(text(one)),
                Values::Many(many) => Entry::Many(many.iter().map(text).collect()),
            };
            context.insert(key, entry);
        }
    }
}

/// An action, and what it is done to.
#[derive(Debug, Clone)]
pub(crate) struct Deed {
    /// As AWS spells it, where it is known.
    pub(crate) action: String,
    /// The action in the table, if it is there.
    pub(crate) known: Option<&'static Action>,
    pub(crate) target: Target,
}

/// What it is done to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Target {
    /// The action takes no resource.
    NoResource,
    /// This one.
    One(String),
    /// Whatever fits a pattern of a person's.
    Pattern(String),
    /// None was named.
    Any,
}

impl Deed {
    /// Reads what a person typed.
    pub(crate) fn read(action: &str, resource: Option<&str>) -> anyhow::Result<Self> {
        let (action, known) = read_action(action.trim())?;
        let target = read_target(resource.map(str::trim), &action, known)?;
        Ok(Self { action, known, target })
    }

    /// As it stands in a sentence.
    pub(crate) fn in_words(&self) -> String {
        match &self.target {
            Target::NoResource | Target::Any => self.action.clone(),
            Target::One(resource) | Target::Pattern(resource) => {
                format!("{} on {resource}", self.action)
            }
        }
    }

    /// The resource of a request.
    pub(crate) fn resource(&self) -> &str {
        match &self.target {
            Target::One(resource) | Target::Pattern(resource) => resource,
            Target::NoResource | Target::Any => "*",
        }
    }

    /// The service part of the action.
    pub(crate) fn service(&self) -> &str {
        self.action.split_once(':').map_or("", |(service, _)| service)
    }

    /// The forms of ARN that the action takes: of the types that it needs, else of any.
    pub(crate) fn forms(&self) -> Vec<&'static str> {
        let Some(action) = self.known else { return Vec::new() };
        let has_required = action.resource_types().any(|one| one.is_required());
        let counted = action.resource_types().filter(|one| one.is_required() || !has_required);
        counted.flat_map(|one| one.resource_type().arn_patterns()).collect()
    }
}

fn read_action(text: &str) -> anyhow::Result<(String, Option<&'static Action>)> {
    let Some((prefix, name)) = text.split_once(':') else {
        let named = facts().actions().iter().find(|one| one.name().eq_ignore_ascii_case(text));
        match named {
            Some(named) => {
                bail!("`{text}` lacks its service; did you mean `{}`?", named.full_name())
            }
            None => bail!("`{text}` is no action; write service:Name, such as s3:GetObject"),
        }
    };
    if name.contains(['*', '?']) {
        bail!("`{text}` is a pattern; ask about one action");
    }
    let Some(service) = facts().service(prefix) else {
        let near = nearest(prefix, facts().services().iter().map(Service::prefix));
        match near {
            Some(near) => bail!("no service `{prefix}` is known; did you mean `{near}:{name}`?"),
            None => {
                bail!("no service `{prefix}` is known; write service:Name, such as s3:GetObject")
            }
        }
    };
    if let Some(action) = facts().action_in(prefix, name) {
        return Ok((action.full_name().to_owned(), Some(action)));
    }
    if let Some(near) = nearest(name, service.actions().iter().map(Action::name)) {
        bail!("no action `{text}` is known; did you mean `{prefix}:{near}`?");
    }
    terminal::warn(&format!(
        "no action `{text}` is known: check its name, or it is newer than the table of {}",
        facts().date()
    ));
    Ok((text.to_owned(), None))
}

fn read_target(
    resource: Option<&str>,
    name: &str,
    action: Option<&Action>,
) -> anyhow::Result<Target> {
    let resource = resource.filter(|text| !text.is_empty() && *text != "*");
    if action.is_some_and(Action::is_wildcard_only) {
        if resource.is_some() {
            terminal::warn(&format!("`{name}` takes no resource; it is decided without one"));
        }
        return Ok(Target::NoResource);
    }
    let Some(resource) = resource else { return Ok(Target::Any) };
    let types = || action.into_iter().flat_map(Action::resource_types);
    let forms: Vec<&str> = types().flat_map(|one| one.resource_type().arn_patterns()).collect();
    let listed = forms.iter().take(FORMS_MAX).copied().collect::<Vec<_>>().join(" or ");
    if Arn::parse(resource).is_none() {
        let form = if listed.is_empty() { "arn:...".to_owned() } else { listed };
        bail!("`{resource}` is no ARN; write {form}");
    }
    if resource.contains(['*', '?']) {
        return Ok(Target::Pattern(resource.to_owned()));
    }
    if !forms.is_empty() && !forms.iter().any(|form| resource_matches(&pattern(form), resource)) {
        terminal::warn(&format!(
            "`{resource}` is not of a type that `{name}` works on; these are {listed}"
        ));
    }
    Ok(Target::One(resource.to_owned()))
}

/// `${Partition}` and the like stand for any text.
pub(crate) fn pattern(form: &str) -> String {
    let mut out = String::new();
    let mut rest = form;
    while let Some((before, placeholder)) = rest.split_once("${") {
        out.push_str(before);
        out.push('*');
        rest = placeholder.split_once('}').map_or("", |(_, after)| after);
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_found_in_any_case_and_slips_are_pointed_out() {
        let read = |action: &str| Deed::read(action, None);
        assert_eq!(read("S3:getobject").unwrap().action, "s3:GetObject");
        assert_eq!(read("s3:ListAllMyBuckets").unwrap().target, Target::NoResource);
        let said = |action: &str| read(action).unwrap_err().to_string();
        assert!(said("s3:GetObjects").contains("did you mean `s3:GetObject`?"));
        assert!(said("PassRole").contains("did you mean `iam:PassRole`?"));
        assert!(said("iamm:PassRole").contains("did you mean `iam:PassRole`?"));
        assert!(said("iam:*").contains("is a pattern"));
    }

    #[test]
    fn resources_are_arns_or_patterns_of_them() {
        let read = |resource: &str| Deed::read("s3:GetObject", Some(resource));
        assert_eq!(read("*").unwrap().target, Target::Any);
        let pattern = "arn:aws:s3:::reports/*";
        assert_eq!(read(pattern).unwrap().target, Target::Pattern(pattern.to_owned()));
        assert!(read("reports").unwrap_err().to_string().contains("is no ARN"));
    }
}
