//! From the records behind a finding to the things that they changed, each with what was before.
//!
//! # Invariants
//! - Of several records about one thing the first one's before counts: that is what to go back to.
//! - A record that took something away is not answered by taking it away once more.

use trailwarden_account::fact::Fact;
use trailwarden_account::{
    Change, Field, Id, Model, PolicyText, Presence, Subject as Thing, Touched,
};
use trailwarden_model::Finding;
use trailwarden_remedy::subject::{Known as State, Policy};
use trailwarden_remedy::{NoPlan, Subject};

use super::Known;
use super::given_back::is_of_call;

/// How to get to know what only a record tells.
pub(super) const ASK_LOGS: &str =
    "give the logs that hold the finding's records, from as early on as there are: --logs PATH";

/// Remediations that undo what records did, and the parts that they bring back, the most fitting first.
const UNDOING: &[(&str, &[Field])] = &[
    ("add-to-group", &[Field::Groups]),
    ("delete-identity-provider", &[Field::Existence, Field::Clients]),
    ("detach-policy", &[Field::Attached]),
    ("narrow-policy", &[Field::Inline, Field::Version, Field::Default, Field::Existence]),
    ("remove-from-group", &[Field::Groups]),
    ("remove-trust", &[Field::Trust]),
    ("rename-group", &[Field::Name, Field::Path]),
    ("rename-user", &[Field::Name, Field::Path]),
    ("restore-password-policy", &[Field::Setting]),
    ("restore-permissions-boundary", &[Field::Boundary]),
    ("restore-policy", &[Field::Inline, Field::Attached]),
    ("restore-policy-version", &[Field::Version, Field::Default]),
    ("restore-tags", &[Field::Tags]),
];

/// One thing that a record changed.
#[derive(Clone, Copy)]
pub(super) struct Deed<'h> {
    pub(super) change: &'h Change,
    pub(super) touched: &'h Touched,
}

/// The parts that a remediation brings back.
pub(super) fn fields_of(remedy: &str) -> Option<&'static [Field]> {
    UNDOING.iter().find(|(id, _)| *id == remedy).map(|(_, fields)| *fields)
}

/// Whether a remediation brings back what a record touched: whoever was made new is dealt with otherwise.
pub(super) fn is_undoable(touched: &Touched) -> bool {
    let is_new =
        touched.field == Field::Existence && matches!(touched.subject, Thing::Identity(..));
    !is_new && UNDOING.iter().any(|(_, fields)| fields.contains(&touched.field))
}

impl Known<'_> {
    /// What the records of a finding changed that a remediation brings back, each thing once.
    pub(super) fn deeds(
        &self,
        finding: &Finding,
        fields: &[Field],
    ) -> Result<Vec<Deed<'_>>, NoPlan> {
        let unknown = |ask| NoPlan::Unknown { what: "what the records changed".to_owned(), ask };
        let history = self.history.ok_or_else(|| unknown(ASK_LOGS))?;
        let mut deeds: Vec<Deed<'_>> = Vec::new();
        let mut is_told = false;
        for (id, change) in history.changes_by_id(self.account(), finding) {
            is_told = true;
            for touched in &change.touched {
                let deed = self.first_of_run(id, Deed { change, touched });
                let Deed { change, touched } = deed;
                let is_same = |deed: &Deed<'_>| {
                    (&deed.touched.subject, thing(deed.touched.field), &deed.touched.item)
                        == (&touched.subject, thing(touched.field), &touched.item)
                };
                if fields.contains(&touched.field) && !deeds.iter().any(is_same) {
                    deeds.push(Deed { change, touched });
                }
            }
        }
        match (is_told, deeds.is_empty()) {
            (false, _) => Err(unknown(ASK_LOGS)),
            (true, true) => Err(NoPlan::Missing("a record that changed such a thing")),
            (true, false) => Ok(deeds),
        }
    }

    /// One subject for each thing that a remediation brings back.
    pub(super) fn restored(&self, finding: &Finding, remedy: &str) -> Result<Vec<Subject>, NoPlan> {
        let fields = fields_of(remedy).unwrap_or_default();
        is_of_call(finding, remedy)?;
        let mut subjects: Vec<Subject> = Vec::new();
        let mut refused = None;
        if remedy == "delete-identity-provider"
            && let Some(subject) = self.provider_of_record(finding)?
        {
            return Ok(vec![subject]);
        }
        if let Some(made) = self.made_role(finding).filter(|_| remedy == "remove-trust") {
            return Ok(vec![made?]);
        }
        for deed in self.deeds(finding, fields)? {
            match self.before(finding, remedy, deed) {
                Ok(subject) if subjects.contains(&subject) => {}
                Ok(subject) => subjects.push(subject),
                Err(no_plan) => refused = refused.or(Some(no_plan)),
            }
        }
        match (subjects.is_empty(), refused) {
            (true, Some(no_plan)) => Err(no_plan),
            _ => Ok(subjects),
        }
    }

    /// The thing as it is, with what it was.
    pub(super) fn before(
        &self,
        finding: &Finding,
        remedy: &str,
        deed: Deed<'_>,
    ) -> Result<Subject, NoPlan> {
        let mut subject = self.blank(Some(finding));
        let Deed { change, touched } = deed;
        let id = match &touched.subject {
            Thing::Identity(_, _) if touched.field == Field::Existence => {
                return Err(NoPlan::Missing("a policy"));
            }
            Thing::Identity(kind, id) => {
                let identity = self.present(*kind, id, &change.after)?;
                self.fill_identity(identity, &mut subject)?;
                id
            }
            Thing::Policy(id) => return self.policy_before(finding, id, change, subject),
            Thing::Account => {
                let before = &change.before.settings().password_policy;
                subject.password_policy = self.password_policy();
                subject.password_policy_before = super::settings::rules(before);
                return Ok(subject);
            }
            Thing::Provider(arn) if touched.field == Field::Existence => {
                self.is_provider_left(finding, arn)?;
                subject.provider = Some(arn.to_string());
                return Ok(subject);
            }
            Thing::Provider(arn) => {
                return Err(NoPlan::Person(format!(
                    "a client was added to the provider `{arn}`, which others use: take the client out again"
                )));
            }
            Thing::AnyIdentity(_) | Thing::AnyPolicy => {
                return Err(NoPlan::Person(
                    "the record does not say what it changed: CloudTrail left out its parameters. Look at what the caller may change".to_owned(),
                ));
            }
            _ => return Err(NoPlan::Missing("a user, group, role or policy")),
        };
        self.part_before(finding, remedy, deed, id, subject)
    }

    /// A user, group or role with what one of its parts was.
    fn part_before(
        &self,
        finding: &Finding,
        remedy: &str,
        Deed { change, touched }: Deed<'_>,
        id: &Id,
        mut subject: Subject,
    ) -> Result<Subject, NoPlan> {
        super::mended::is_change(change, touched)?;
        // Whose id the record tells first is there under it only with what the record tells.
        let was = change.before.identity(id).or_else(|| change.informed.identity(id));
        let is = change.after.identity(id);
        match (touched.field, touched.item.as_deref()) {
            (Field::Inline, Some(name)) => {
                is_there(is.map(|is| is.inline.get(&name.into())), remedy)?;
                subject.before =
                    was.map_or(State::Unknown, |was| text(was.inline.get(&name.into())));
                subject.policy = Some(Policy::Inline(name.to_owned()));
            }
            (Field::Attached, Some(arn)) => {
                is_there(is.map(|is| is.attached.get(&arn.into())), remedy)?;
                if remedy == "restore-policy" {
                    self.is_policy_left(finding, change, arn)?;
                }
                subject.policy = Some(self.managed(finding, arn));
            }
            (Field::Groups, Some(group)) => {
                let group = Id::unique(group);
                is_there(is.map(|is| is.groups.get(&group)), remedy)?;
                self.fill_membership(remedy, change, (id, &group), &mut subject)?;
            }
            (Field::Tags, Some(key)) => {
                self.fill_tag(Deed { change, touched }, was, key, &mut subject)?;
            }
            (Field::Boundary, _) => {
                subject.before = match was.map(|was| &was.boundary) {
                    Some(Fact::Known { value: Some(arn), .. }) => State::Is(arn.to_string()),
                    Some(Fact::Known { value: None, .. }) => State::Absent,
                    _ => State::Unknown,
                };
                self.is_boundary_left(finding, touched, &subject)?;
                if let Some(arn) = subject.before.is() {
                    self.is_policy_left(finding, change, arn)?;
                }
            }
            (Field::Trust, _) => {
                let trust = was.and_then(|was| was.trust.value());
                subject.before =
                    trust.map_or(State::Unknown, |trust| State::Is(trust.as_str().to_owned()));
            }
            (Field::Name | Field::Path, _) => {
                let is_moved = change
                    .touched
                    .iter()
                    .any(|one| one.field == Field::Path && one.subject == touched.subject);
                if is_moved && !was.is_some_and(|was| was.path.is_known()) {
                    let what = "the path before the change".to_owned();
                    return Err(NoPlan::Unknown { what, ask: ASK_LOGS });
                }
                subject.name_before = was.map(|was| was.name.to_string());
                subject.path_before = was.and_then(|was| was.path.value()).map(|it| it.to_string());
            }
            _ => return Err(NoPlan::Missing("a record that changed such a thing")),
        }
        Ok(subject)
    }

    /// A managed policy as it is, with the version and the document that counted before.
    fn policy_before(
        &self,
        finding: &Finding,
        id: &Id,
        change: &Change,
        mut subject: Subject,
    ) -> Result<Subject, NoPlan> {
        let of = |model: &Model| model.policies().find(|policy| policy.id == *id).cloned();
        let unknown =
            || NoPlan::Unknown { what: "which policy was changed".to_owned(), ask: ASK_LOGS };
        let after = of(&change.after).ok_or_else(unknown)?;
        let before = of(&change.before);
        let counted = before.as_ref().and_then(|before| before.default.value());
        if before.is_none() && change.touched.iter().any(|it| it.field == Field::Existence) {
            return Err(NoPlan::Person(self.told_of_new_policy(&after)));
        }
        let mut policy = self.managed(finding, &after.arn);
        if let Policy::Managed { version_before, .. } = &mut policy {
            *version_before = counted.map(ToString::to_string);
        }
        let document = before.as_ref().map(trailwarden_account::ManagedPolicy::document);
        subject.before = match document.as_ref().and_then(Fact::value) {
            Some(text) => State::Is(text.as_str().to_owned()),
            None => State::Unknown,
        };
        subject.policy = Some(policy);
        Ok(subject)
    }
}

/// A version and its being the default are one thing.
fn thing(field: Field) -> Field {
    if field == Field::Default { Field::Version } else { field }
}

fn text(presence: Presence<'_, PolicyText>) -> State<String> {
    match presence {
        Presence::Present(fact) => {
            fact.value().map_or(State::Unknown, |text| State::Is(text.as_str().to_owned()))
        }
        Presence::Absent => State::Absent,
        Presence::Unknown(_) => State::Unknown,
    }
}

/// Refuses where the record took away what is to be taken away, or gave what is to be given back.
fn is_there<V>(presence: Option<Presence<'_, V>>, remedy: &str) -> Result<(), NoPlan> {
    let is_gone = matches!(presence, Some(Presence::Absent));
    match (["add-to-group", "restore-policy"].contains(&remedy), is_gone) {
        (false, true) => Err(NoPlan::Missing("a record that gave something")),
        (true, false) => Err(NoPlan::Missing("a record that took something away")),
        _ => Ok(()),
    }
}
