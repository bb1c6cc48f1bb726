//! Which of its actions a statement gives on which resources: on none, on named ones, or on every
//! one there is.
//!
//! Judged by the resource types of the facts table, action by action: `arn:aws:s3:::*` is every
//! bucket and every object, and no role. Where the table or the text leaves a doubt, the answer is
//! [`Fit::Named`], which no check complains of.
//!
//! Sources: IAM User Guide, "IAM JSON policy elements: Resource"; Service Authorization Reference,
//! "Resource types".

mod broad;

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use super::{Input, StatementView};
use crate::document::Element;
use crate::facts::{Action, ActionSet, ResourceType, facts};
use crate::fuel;
use crate::pattern::is_match_all;
use crate::reach::Glob;
pub(super) use broad::{Broad, is_everything, kinds, lower, names, only, place_of};

/// Statements with more resources are taken as naming something; no quota leaves room for them.
const RESOURCES_MAX: usize = 512;

/// What it takes to hold a resource against a type, but for what its patterns take.
const FIT_STEPS: usize = 16;

/// How far the resources of a statement fit an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    /// No resource of the action is among them.
    None,
    /// Some are, or it is not known.
    Named,
    /// Every resource of one of the action's types is, of some account at least.
    Every,
}

/// The resources of a statement.
pub(super) struct Scope {
    /// `*`, everything but something, or no element at all.
    is_everything: bool,
    /// Something that is not understood, or that a template leaves open.
    has_doubt: bool,
    globs: Vec<Resource>,
    by_type: RefCell<HashMap<*const ResourceType, Fit>>,
}

struct Resource {
    glob: Glob,
    widened: Glob,
    /// The service of the ARN, where it is written out.
    service: Option<String>,
    /// Its six parts, widened, where the colons can be told.
    parts: Option<Vec<Glob>>,
}

impl Scope {
    /// The scope of a statement.
    pub(super) fn of(input: &Input<'_>, view: &StatementView<'_>) -> Self {
        let mut scope = Self {
            is_everything: view.statement.not_resources.is_some()
                || !view.has(Element::Resource)
                || view.statement.resources.iter().any(|text| is_match_all(text)),
            has_doubt: view.statement.resources.len() > RESOURCES_MAX,
            globs: Vec::new(),
            by_type: RefCell::default(),
        };
        if scope.is_everything {
            return scope;
        }
        for part in view.resources().take(RESOURCES_MAX) {
            let glob = Glob::resource(part.text, input.knows_variables());
            match glob.filter(|_| part.text.starts_with("arn:")) {
                Some(glob) if !input.document.places.is_unknown(part.span) => {
                    let service = glob.arn_part(2).and_then(|part| part.as_literal());
                    let widened = glob.widened();
                    let parts = parts(&widened);
                    scope.globs.push(Resource { glob, widened, service, parts });
                }
                _ => scope.has_doubt = true,
            }
        }
        scope
    }

    /// Whether every resource of every action is meant.
    pub(super) fn is_everything(&self) -> bool {
        self.is_everything
    }

    /// How far an action is met.
    pub(super) fn fit(&self, action: &Action) -> Fit {
        if self.is_everything {
            return Fit::Every;
        }
        let types = action.resource_types().map(|used| self.fit_of_type(used.resource_type()));
        types.max().unwrap_or(Fit::None).max(if self.has_doubt { Fit::Named } else { Fit::None })
    }

    /// Those of the actions that are met on every resource.
    pub(super) fn open(&self, actions: &ActionSet) -> ActionSet {
        if self.is_everything {
            return actions.clone();
        }
        let mut near = ActionSet::empty();
        for resource in &self.globs {
            match &resource.service {
                Some(service) => {
                    if let Some(set) = BY_ARN_SERVICE.get(service.as_str()) {
                        near.union_with(set);
                    }
                }
                None => near = ActionSet::all(),
            }
        }
        near.intersect_with(actions);
        near.iter().filter(|id| self.fit(id.action()) == Fit::Every).collect()
    }

    fn fit_of_type(&self, kind: &'static ResourceType) -> Fit {
        if let Some(fit) = self.by_type.borrow().get(&std::ptr::from_ref(kind)) {
            return *fit;
        }
        let mut fit = Fit::None;
        let mut has_arn = false;
        for arn in kind.arn_patterns().filter_map(TypeArn::of) {
            has_arn = true;
            for resource in self.globs.iter().filter(|one| arn.may_be_of(one.service.as_deref())) {
                if !fuel::spend(FIT_STEPS) {
                    return Fit::Named;
                }
                fit = fit.max(arn.fit(resource));
            }
        }
        let fit = if has_arn { fit } else { fit.max(Fit::Named) };
        self.by_type.borrow_mut().insert(std::ptr::from_ref(kind), fit);
        fit
    }
}

/// The ARN of a resource type, every placeholder widened to `*`.
struct TypeArn {
    glob: Glob,
    service: Option<String>,
    parts: Option<Vec<Glob>>,
    /// The same in each partition, for resources that end before the sixth part.
    in_partitions: Vec<Glob>,
}

fn parts(glob: &Glob) -> Option<Vec<Glob>> {
    (0..6).map(|at| glob.arn_part(at)).collect()
}

impl TypeArn {
    fn may_be_of(&self, service: Option<&str>) -> bool {
        match (self.service.as_deref(), service) {
            (Some(mine), Some(other)) => mine == other,
            _ => true,
        }
    }

    fn fit(&self, resource: &Resource) -> Fit {
        // Part by part: a `*` for the account may reach across the colon behind it, but no name that
        // AWS gives makes use of that.
        let meets = match (&resource.parts, &self.parts) {
            (Some(a), Some(b)) => a.iter().zip(b).all(|(a, b)| a.intersects(b)),
            _ => resource.widened.intersects(&self.glob),
        };
        if !meets {
            return Fit::None;
        }
        // Region and account may be named: all resources of an account are every one that counts.
        let names = (resource.glob.arn_part(5), self.parts.as_ref().and_then(|parts| parts.last()));
        match names {
            (Some(mine), Some(all)) if mine.covers(all) => Fit::Every,
            (None, _) if self.in_partitions.iter().any(|arn| resource.glob.covers(arn)) => {
                Fit::Every
            }
            _ => Fit::Named,
        }
    }
}

impl TypeArn {
    fn new(arn: &str) -> Self {
        let glob = Glob::with_variables(arn).widened();
        let in_partition = |partition: &&str| {
            Glob::with_variables(&arn.replace("${Partition}", partition)).widened()
        };
        Self {
            parts: parts(&glob),
            service: glob.arn_part(2).and_then(|part| part.as_literal()),
            glob,
            in_partitions: ["aws", "aws-cn", "aws-us-gov"].iter().map(in_partition).collect(),
        }
    }

    /// That of a pattern of the facts, read when it is first asked for: there are thousands, and most
    /// documents concern a few.
    fn of(arn: &'static str) -> Option<&'static Self> {
        static KNOWN: LazyLock<HashMap<&'static str, OnceLock<TypeArn>>> = LazyLock::new(|| {
            let types = facts().services().iter().flat_map(|service| service.resource_types());
            types.flat_map(ResourceType::arn_patterns).map(|arn| (arn, OnceLock::new())).collect()
        });
        KNOWN.get(arn).map(|known| known.get_or_init(|| Self::new(arn)))
    }
}

/// The service that a pattern of the facts names, if it names one.
fn service_of(arn: &str) -> Option<&str> {
    let service = arn.split(':').nth(2)?;
    (!service.is_empty() && !service.contains(['$', '*', '?'])).then_some(service)
}

/// The actions that work on resources whose ARN names a service.
static BY_ARN_SERVICE: LazyLock<HashMap<&'static str, ActionSet>> = LazyLock::new(|| {
    let mut sets: HashMap<&'static str, ActionSet> = HashMap::new();
    for action in facts().actions() {
        let types = action.resource_types().map(|used| used.resource_type());
        for service in types.flat_map(ResourceType::arn_patterns).filter_map(service_of) {
            sets.entry(service).or_insert_with(ActionSet::empty).insert(action.id());
        }
    }
    sets
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::kind::PolicyKind;

    fn fit(resource: &str, action: &str) -> Fit {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"*","Resource":"{resource}"}}]}}"#
        );
        let document = Document::parse(&text).unwrap();
        let input = Input::new(&document, &text, PolicyKind::Identity);
        let scope = Scope::of(&input, &input.statements()[0]);
        let action = facts().action(action).unwrap();
        let fit = scope.fit(action);
        let is_open = !scope.open(&only(action.full_name())).is_empty();
        assert_eq!(is_open, fit == Fit::Every, "{resource}");
        fit
    }

    #[test]
    fn a_pattern_names_the_service_that_its_parts_do() {
        let types = facts().services().iter().flat_map(|service| service.resource_types());
        for arn in types.flat_map(ResourceType::arn_patterns) {
            assert_eq!(service_of(arn), TypeArn::of(arn).unwrap().service.as_deref(), "{arn}");
        }
    }

    #[test]
    fn resources_fit_actions_by_their_types() {
        for (resource, action, expected) in [
            ("*", "iam:PassRole", Fit::Every),
            ("*", "ec2:DescribeInstances", Fit::Every),
            ("arn:aws:iam::111122223333:role/app", "iam:PassRole", Fit::Named),
            ("arn:aws:iam::111122223333:role/app-*", "iam:PassRole", Fit::Named),
            ("arn:aws:iam::111122223333:role/*", "iam:PassRole", Fit::Every),
            ("arn:aws:iam::*", "iam:PassRole", Fit::Every),
            ("arn:aws:iam::111122223333:user/*", "iam:PassRole", Fit::None),
            ("arn:aws:s3:::*", "s3:GetObject", Fit::Every),
            ("arn:aws:s3:::bucket", "s3:GetObject", Fit::None),
            ("arn:aws:s3:::bucket/*", "s3:GetObject", Fit::Named),
            ("arn:aws:ec2:*:*:instance/*", "ec2:DescribeInstances", Fit::None),
            ("arn:aws:iam::*:user/${aws:username}", "iam:CreateAccessKey", Fit::Named),
            ("arn:aws:iam::*:${aws:PrincipalTag/kind}/x", "iam:CreateAccessKey", Fit::Named),
            ("arn:aws:iam::*:user/*", "iam:PassRole", Fit::None),
            ("arn:aws:logs:*:*:log-group:*", "logs:PutLogEvents", Fit::Every),
            ("bucket", "s3:GetObject", Fit::Named),
        ] {
            assert_eq!(fit(resource, action), expected, "{resource} {action}");
        }
    }
}
