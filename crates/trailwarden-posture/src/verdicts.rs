//! What checks say: a verdict on each resource, in a sentence that names it.

use trailwarden_account::Identity;
use trailwarden_account::query::name_of;
use trailwarden_model::posture::Verdict;
use trailwarden_model::{Confidence, Severity};

use crate::answers::Missing;
use crate::state::State;

/// What a verdict is about.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Resource {
    /// `user`, `role`, `group`, `policy`, `root`, `account`, `trail`, `bucket`, `access_key`...
    pub kind: &'static str,
    /// What people call it, such as `user/alice`.
    pub label: String,
    /// Its ARN.
    pub arn: Option<String>,
    /// Its unique id, where AWS gives one.
    pub id: Option<String>,
    /// Its region.
    pub region: Option<String>,
}

/// One answer of a check.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// What it is about.
    pub resource: Resource,
    /// The verdict.
    pub verdict: Verdict,
    /// Why, in a sentence that names the resource.
    pub sentence: String,
    /// Harm, where this case is better or worse than most.
    pub severity: Option<Severity>,
    /// Likelihood, where it is not the usual.
    pub confidence: Option<Confidence>,
}

/// Where a check puts its verdicts.
#[derive(Debug, Default)]
pub struct Verdicts {
    rows: Vec<Row>,
}

impl Verdicts {
    /// All is well.
    pub fn pass(&mut self, resource: &Resource, sentence: impl Into<String>) {
        self.add(resource, Verdict::Pass, sentence.into());
    }

    /// The flaw is there.
    pub fn fail(&mut self, resource: &Resource, sentence: impl Into<String>) {
        self.add(resource, Verdict::Fail, sentence.into());
    }

    /// The flaw is there, and it does another harm than most.
    pub fn fail_as(
        &mut self,
        severity: Severity,
        resource: &Resource,
        sentence: impl Into<String>,
    ) {
        self.fail(resource, sentence);
        if let Some(row) = self.rows.last_mut() {
            row.severity = Some(severity);
        }
    }

    /// The flaw is there if something holds that the sentence names.
    pub fn fail_if(
        &mut self,
        severity: Severity,
        resource: &Resource,
        sentence: impl Into<String>,
    ) {
        self.fail_as(severity, resource, sentence);
        if let Some(row) = self.rows.last_mut() {
            row.confidence = Some(Confidence::Medium);
        }
    }

    /// It cannot be told.
    pub fn unknown(&mut self, resource: &Resource, why: impl std::fmt::Display) {
        let sentence = format!("{}: not known, because {why}.", resource.label);
        self.add(resource, Verdict::Unknown, sentence);
    }

    /// What was missing.
    pub fn missing(&mut self, resource: &Resource, missing: &Missing) {
        self.unknown(resource, missing);
    }

    /// The question does not arise.
    pub fn not_applicable(&mut self, resource: &Resource, sentence: impl Into<String>) {
        self.add(resource, Verdict::NotApplicable, sentence.into());
    }

    /// Only a person can tell.
    pub fn manual(&mut self, resource: &Resource, sentence: impl Into<String>) {
        self.add(resource, Verdict::Manual, sentence.into());
    }

    /// Fails or passes.
    pub fn judge(
        &mut self,
        resource: &Resource,
        is_flawed: bool,
        flawed: impl FnOnce() -> String,
        sound: impl FnOnce() -> String,
    ) {
        match is_flawed {
            true => self.fail(resource, flawed()),
            false => self.pass(resource, sound()),
        }
    }

    /// All that was said.
    #[must_use]
    pub fn into_rows(self) -> Vec<Row> {
        self.rows
    }

    /// Whether nothing was said.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn add(&mut self, resource: &Resource, verdict: Verdict, sentence: String) {
        let resource = resource.clone();
        self.rows.push(Row { resource, verdict, sentence, severity: None, confidence: None });
    }
}

impl Resource {
    /// Something with an ARN.
    #[must_use]
    pub fn arn(kind: &'static str, label: impl Into<String>, arn: impl Into<String>) -> Self {
        Self { kind, label: label.into(), arn: Some(arn.into()), ..Self::default() }
    }

    /// Something that has none, or whose ARN is not known.
    #[must_use]
    pub fn named(kind: &'static str, label: impl Into<String>) -> Self {
        Self { kind, label: label.into(), ..Self::default() }
    }

    /// The account.
    #[must_use]
    pub fn account(state: &State<'_>) -> Self {
        Self {
            kind: "account",
            label: format!("account {}", state.account()),
            arn: Some(format!("arn:{}:iam::{}:root", state.partition(), state.account())),
            id: Some(state.account().to_string()),
            region: None,
        }
    }

    /// A region of the account.
    #[must_use]
    pub fn region(state: &State<'_>, region: &str) -> Self {
        Self {
            kind: "region",
            label: format!("region {region}"),
            id: Some(format!("{}/{region}", state.account())),
            region: Some(region.to_owned()),
            arn: None,
        }
    }

    /// The root user.
    #[must_use]
    pub fn root(state: &State<'_>) -> Self {
        Self { kind: "root", label: "the root user".to_owned(), ..Self::account(state) }
    }

    /// A user, group or role.
    #[must_use]
    pub fn identity(state: &State<'_>, identity: &Identity) -> Self {
        let id = &identity.id;
        Self {
            kind: identity.kind.as_str(),
            label: name_of(identity),
            arn: identity.arn(state.partition(), state.account()),
            id: (!id.is_provisional()).then(|| id.to_string()),
            region: None,
        }
    }

    /// A managed policy.
    #[must_use]
    pub fn policy(arn: &str) -> Self {
        let name = arn.rsplit('/').next().unwrap_or(arn);
        Self::arn("policy", format!("policy {name}"), arn)
    }

    /// A bucket.
    #[must_use]
    pub fn bucket(state: &State<'_>, name: &str) -> Self {
        Self::arn(
            "bucket",
            format!("bucket {name}"),
            format!("arn:{}:s3:::{name}", state.partition()),
        )
    }

    /// What tells it from all others, for ids that last.
    #[must_use]
    pub fn key(&self) -> &str {
        self.id.as_deref().or(self.arn.as_deref()).unwrap_or(&self.label)
    }

    /// The same with a part named, such as one key of a user.
    #[must_use]
    pub fn part(&self, kind: &'static str, part: &str) -> Self {
        Self {
            kind,
            label: format!("{part} of {}", self.label),
            id: Some(format!("{}/{part}", self.key())),
            ..self.clone()
        }
    }
}
