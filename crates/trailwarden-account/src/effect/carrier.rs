//! Instance profiles: what hands a role to machines.

use trailwarden_model::Severity;
use trailwarden_policy::PolicyKind;
use trailwarden_policy::evaluate::{Caller, Compiled, Context, Input, Outcome, Request, evaluate};
use trailwarden_policy::reach::Grade;

use super::entrance::grade_of;
use super::naming::arn_of;
use super::severity::of_gain;
use super::words::plain;
use super::{Effect, Judging, Width};
use crate::access::World;
use crate::change::{Field, Subject};
use crate::identity::{Id, Identity};
use crate::model::Model;
use crate::query::name_of;

/// An instance profile that got another role, or none.
#[derive(Clone, PartialEq, Debug)]
pub struct Carrier {
    /// The instance profile's name.
    pub profile: String,
    /// The role that machines acted as before, such as `role/app`.
    pub before: Option<String>,
    /// The role that they act as now.
    pub after: Option<String>,
    /// How far the role of before goes, if known.
    pub grade_before: Option<Grade>,
    /// How far the role goes now, if known.
    pub grade_after: Option<Grade>,
}

impl Carrier {
    /// Whether machines that have the profile may do more.
    #[must_use]
    pub fn is_gain(&self) -> bool {
        self.after.is_some() && self.grade_after > self.grade_before
    }

    /// Whether they may do less.
    pub(in crate::effect) fn is_loss(&self) -> bool {
        self.before.is_some() && (self.after.is_none() || self.grade_after < self.grade_before)
    }

    /// The severity. A profile without a role before has no machines that had any use of it, and who
    /// may start one is told by the paths.
    #[must_use]
    pub fn severity(&self) -> Option<Severity> {
        let grade = self.grade_after.filter(|_| self.is_gain() && self.before.is_some())?;
        of_gain(grade, false, Width::Wide)
    }
}

pub(super) fn judge(judging: &Judging<'_>, effect: &mut Effect) {
    for touched in &judging.change.touched {
        if let (Subject::InstanceProfile(name), Field::Role) = (&touched.subject, touched.field) {
            profile(judging, name, effect);
        }
    }
}

fn profile(judging: &Judging<'_>, name: &str, effect: &mut Effect) {
    let role = |model: &Model| -> Option<Id> {
        model.instance_profile(name)?.role.value().cloned().flatten()
    };
    let [before, after] = [&judging.change.informed, &judging.change.after];
    let (was, is) = (role(before), role(after));
    if was == is {
        return;
    }
    let found = is.as_ref().and_then(|id| after.identity(id));
    let serves = found.map(|role| serves_machines(after, role));
    if let (Some(role), Some(serves)) = (found, serves) {
        let label = name_of(role);
        match serves {
            Outcome::Allow => {}
            Outcome::Unknown => effect.doubt(format!("whether {label} trusts EC2")),
            Outcome::ExplicitDeny | Outcome::ImplicitDeny => effect.note(&format!(
                "{} does not trust EC2, so no machine can act as it",
                plain(&label)
            )),
        }
    }
    let account = after.account();
    let of = |world: World<'_>, id: Option<Id>| -> (Option<String>, Option<Grade>) {
        let Some(model) = world.model(account) else { return (None, None) };
        let Some(role) = id.as_ref().and_then(|id| model.identity(id)) else { return (None, None) };
        let is_shut =
            matches!(serves_machines(model, role), Outcome::ExplicitDeny | Outcome::ImplicitDeny);
        match is_shut {
            true => (None, None),
            false => (Some(name_of(role)), grade_of(world, account, &role.id)),
        }
    };
    let (before, grade_before) = of(judging.before, was);
    let (after, grade_after) = of(judging.after, is);
    if let (Some(label), None) = (&after, grade_after) {
        effect.doubt(format!("what {label} may do"));
    }
    if before != after {
        let profile = name.to_owned();
        effect.carriers.push(Carrier { profile, before, after, grade_before, grade_after });
    }
}

/// Whether the role's trust lets machines of its account in.
///
/// Source: IAM User Guide, "Use an IAM role to grant permissions to applications running on Amazon EC2
/// instances" (the trust policy names `ec2.amazonaws.com`).
fn serves_machines(model: &Model, role: &Identity) -> Outcome {
    let Some(document) = role.trust.value().and_then(|text| text.document().ok()) else {
        return Outcome::Unknown;
    };
    let trust = Compiled::new("trust policy", document, PolicyKind::Trust);
    let context = Context::incomplete()
        .with("aws:SourceAccount", &model.account().to_string())
        .with("aws:PrincipalIsAWSService", "true");
    let arn = arn_of(model, role);
    let ask = |service: &str| {
        let request = Request::new(Caller::Service(service), "sts:AssumeRole", &arn, &context);
        evaluate(&Input { resource: Some(&trust), ..Input::new(request) }).outcome
    };
    // In China, services also go by names of that partition.
    let answers = [ask("ec2.amazonaws.com"), ask("ec2.amazonaws.com.cn")];
    let best = [Outcome::Allow, Outcome::Unknown].into_iter().find(|one| answers.contains(one));
    best.unwrap_or(Outcome::ImplicitDeny)
}
