//! What is probably a slip: names that nobody knows, a resource of another type, a policy of another
//! kind. The answer stands all the same, so these are warnings.

use trailwarden_model::Arn;
use trailwarden_policy::PolicyKind;
use trailwarden_policy::cases::Case;
use trailwarden_policy::facts::{Action, facts};
use trailwarden_policy::nearest::nearest;
use trailwarden_policy::pattern::resource_matches;

use crate::cli::policy::kind_in_words;
use crate::cli::policy::source::Policy;
use crate::cli::terminal;

/// The most forms of an ARN that a message lists.
const FORMS_MAX: usize = 3;

/// A misspelt action is denied like any other, so say that it is not known.
pub(super) fn warn_of_names(case: &Case) {
    let Some((prefix, name)) = case.action.split_once(':') else {
        return;
    };
    if name.contains(['*', '?']) {
        terminal::warn(&format!(
            "`{}` is a pattern; a request is for one action, and this is taken for its name",
            case.action
        ));
        return;
    }
    match facts().service(prefix) {
        None => terminal::warn(&format!("no service `{prefix}` is known; check the action")),
        Some(service) => match facts().action_in(prefix, name) {
            None => {
                let near = nearest(name, service.actions().iter().map(|action| action.name()));
                let help = near.map_or_else(
                    || "check its name, or it is newer than the table of actions".to_owned(),
                    |near| format!("did you mean `{prefix}:{near}`?"),
                );
                terminal::warn(&format!("no action `{}` is known; {help}", case.action));
            }
            Some(action) => {
                if let Some(text) = of_resource(&case.resource, action) {
                    terminal::warn(&text);
                }
            }
        },
    }
}

fn of_resource(resource: &str, action: &Action) -> Option<String> {
    let name = action.full_name();
    if action.is_wildcard_only() {
        let is_named = resource != "*";
        return is_named.then(|| format!("`{name}` takes no resource; it is decided for `*`"));
    }
    let forms: Vec<&str> =
        action.resource_types().flat_map(|used| used.resource_type().arn_patterns()).collect();
    let listed = forms.iter().take(FORMS_MAX).copied().collect::<Vec<_>>().join(" or ");
    if resource == "*" {
        return Some(format!(
            "`{name}` is about a resource, and none is given: only statements on every resource \
             fit; say which with --resource {listed}"
        ));
    }
    if Arn::parse(resource).is_none() {
        return Some(format!(
            "`{resource}` is no ARN, so hardly any statement fits; write {listed}"
        ));
    }
    let is_of_type = forms.iter().any(|form| resource_matches(&pattern(form), resource));
    (!is_of_type && !forms.is_empty() && !resource.contains('*')).then(|| {
        format!("`{resource}` is not of a type that `{name}` works on; these are {listed}")
    })
}

/// `${Partition}` and the like stand for any text.
fn pattern(form: &str) -> String {
    let mut out = String::new();
    let mut rest = form;
    while let Some((before, placeholder)) = rest.split_once("${") {
        out.push_str(before);
        out.push('*');
        rest = placeholder.split_once('}').map_or("", |(_, after)| after);
    }
    out + rest
}

/// A bucket policy given as an identity policy names principals that are not asked, and an identity
/// policy on a resource names nobody.
pub(super) fn warn_of_kind(policy: &Policy, kind: PolicyKind) {
    if policy.document.statements.is_empty() {
        return;
    }
    let looks = PolicyKind::guess(&policy.document);
    if looks.names_principals() == kind.names_principals() {
        return;
    }
    let (reads, instead) = match (kind.names_principals(), kind) {
        (true, PolicyKind::Rcp) => ("it names no principal", "--scp"),
        (true, _) => ("it names no principal, and so nobody", "--identity-policy"),
        (false, _) => ("it names principals, which are not asked here", "--resource-policy"),
    };
    terminal::warn(&format!(
        "{}: read as {}, although {reads}; is it for {instead}?",
        policy.label(),
        kind_in_words(kind)
    ));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_of_another_type_is_pointed_out() {
        let said = |action: &str, resource: &str| {
            of_resource(resource, facts().action(action).unwrap()).unwrap_or_default()
        };
        assert_eq!(said("s3:GetObject", "arn:aws:s3:::b/x"), "");
        assert_eq!(said("iam:GetRole", "arn:aws:iam::111122223333:role/team/app"), "");
        assert_eq!(said("s3:ListAllMyBuckets", "*"), "");
        assert!(said("s3:GetObject", "arn:aws:s3:::b").contains("works on"));
        assert!(said("s3:GetObject", "b/x").contains("is no ARN"));
        assert!(said("s3:GetObject", "*").contains("--resource arn:${Partition}:s3"));
        assert!(said("s3:ListAllMyBuckets", "arn:aws:s3:::b").contains("takes no resource"));
    }
}
