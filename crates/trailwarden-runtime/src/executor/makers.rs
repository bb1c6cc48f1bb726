//! Calls that make a thing with an id of AWS's own: nothing but the list of such things tells afterwards
//! whether one was made, and which.
//!
//! # Invariants
//! - A thing counts as made by a call only when it was not in the list before, is alone in that, is what
//!   the call asked for, and is as old as the call. What is in doubt is named, and left alone.

use serde_json::{Map, Value};
use trailwarden_account::snapshot::Answer;
use trailwarden_model::Timestamp;
use trailwarden_remedy::calls::Call;
use trailwarden_remedy::documents;
use trailwarden_remedy::plan::{Argument, Check, Expected, Input, Part};

use super::going::{Known, is_maker};
use super::look::Look;

/// Clocks of two machines differ by so much, in seconds.
const CLOCKS_SECONDS: i64 = 5;
/// No call is under way longer, in seconds.
const CALL_SECONDS: i64 = 120;

/// How the things of a call are listed.
struct Row {
    operation: &'static str,
    /// The question.
    list: &'static str,
    /// The question's parameter.
    with: &'static str,
    /// The member that has them, as a list or alone.
    items: &'static str,
    /// The member of each that is its id.
    id: &'static str,
    /// The member of the call's reply that describes the new one.
    replied: &'static str,
    /// The permissions for all questions about it.
    actions: &'static [&'static str],
}

const ROWS: &[Row] = &[
    Row {
        operation: "CreateAccessKey",
        list: "ListAccessKeys",
        with: "UserName",
        items: "AccessKeyMetadata",
        id: "AccessKeyId",
        replied: "AccessKey",
        actions: &["iam:ListAccessKeys"],
    },
    Row {
        operation: "CreatePolicy",
        list: "GetPolicy",
        with: "PolicyArn",
        items: "Policy",
        id: "Arn",
        replied: "Policy",
        actions: &["iam:GetPolicy", "iam:GetPolicyVersion"],
    },
    Row {
        operation: "CreatePolicyVersion",
        list: "ListPolicyVersions",
        with: "PolicyArn",
        items: "Versions",
        id: "VersionId",
        replied: "PolicyVersion",
        actions: &["iam:GetPolicyVersion", "iam:ListPolicyVersions"],
    },
];

/// A call that makes a thing.
pub(super) struct Maker {
    row: &'static Row,
    /// What the list is asked about.
    about: Argument,
    /// The document that the thing must have, where it has one.
    document: Option<Value>,
}

/// Which thing a call made.
#[derive(PartialEq, Debug)]
pub(super) enum Made {
    /// None.
    Nothing,
    /// This one: what the call would have replied.
    One(Value),
    /// One of several, or one that may be somebody else's; their ids.
    Several(Vec<String>),
    /// A question was not answered.
    Unknown(String),
}

/// What is to be known of a call that makes a thing; nothing for the others.
pub(super) fn of(call: &Call, input: &Input, known: &Known) -> Option<Maker> {
    if !is_maker(call) {
        return None;
    }
    let row = ROWS.iter().find(|row| row.operation == call.operation)?;
    let text = |name: &str| input.get(name).and_then(Argument::as_str);
    let about = match input.get(row.with) {
        Some(about) => about.clone(),
        None => {
            let (partition, account) = (&known.partition, &known.account);
            let path = text("Path").unwrap_or("/");
            format!("arn:{partition}:iam::{account}:policy{path}{}", text("PolicyName")?).into()
        }
    };
    Some(Maker { row, about, document: text("PolicyDocument").and_then(documents::parse) })
}

/// The permissions that it takes to know what such a call made.
pub(super) fn questions(operation: &str) -> impl Iterator<Item = &'static str> {
    let row = ROWS.iter().find(|row| row.operation == operation);
    row.into_iter().flat_map(|row| row.actions.iter().copied())
}

impl Maker {
    /// The question that lists the things, and its parameters.
    pub(super) fn question(&self) -> (String, Input) {
        let api = format!("iam:{}", self.row.list);
        (api, [(self.row.with.to_owned(), self.about.clone())].into())
    }

    /// That the thing of a reply is in the list.
    pub(super) fn shows(&self, reply: &Value) -> Option<Vec<Check>> {
        let id = reply.get(self.row.replied)?.get(self.row.id)?;
        let mut path = vec![Part::Member(self.row.items.to_owned())];
        // What is asked for by its id needs no search.
        if self.row.id == "Arn" {
            path.push(Part::Member(self.row.id.to_owned()));
        } else {
            path.push(Part::Where([(self.row.id.to_owned(), id.clone())].into()));
        }
        let (_, input) = self.question();
        Some(vec![Check {
            service: "iam".to_owned(),
            operation: self.row.list.to_owned(),
            input,
            path,
            expected: Expected::Present,
        }])
    }

    /// Which thing was made since `before`, when the call was about to be made at `since`.
    pub(super) fn made(&self, look: &mut Look<'_>, before: &[Answer], since: Timestamp) -> Made {
        let (api, input) = self.question();
        let Some(before) = before.iter().find(|answer| answer.api == api) else {
            return Made::Unknown(format!("what `{api}` said before is not known"));
        };
        let now = look.ask(&api, None, &input);
        if let Some(why) = now.why_not() {
            return Made::Unknown(why);
        }
        let old: Vec<Option<&Value>> =
            self.items(before).into_iter().map(|item| item.get(self.row.id)).collect();
        let (mut ours, mut doubtful) = (Vec::new(), Vec::new());
        for item in self.items(&now) {
            if old.contains(&item.get(self.row.id)) {
                continue;
            }
            match self.is_asked_for(look, item) {
                Ok(true) if is_of_then(item, since) => ours.push(item),
                Ok(true) => doubtful.push(item),
                Ok(false) => {}
                Err(why) => return Made::Unknown(why),
            }
        }
        match (ours.as_slice(), doubtful.as_slice()) {
            ([], []) => Made::Nothing,
            ([one], []) => {
                let reply = [(self.row.replied.to_owned(), (*one).clone())];
                Made::One(Value::Object(Map::from_iter(reply)))
            }
            (ours, doubtful) => {
                let all = ours.iter().chain(doubtful);
                let ids = all.filter_map(|item| item.get(self.row.id)?.as_str());
                Made::Several(ids.map(str::to_owned).collect())
            }
        }
    }

    fn items<'v>(&self, answer: &'v Answer) -> Vec<&'v Value> {
        match answer.body().and_then(|body| body.get(self.row.items)) {
            Some(Value::Array(items)) => items.iter().collect(),
            Some(Value::Null) | None => Vec::new(),
            Some(one) => vec![one],
        }
    }

    /// Whether a thing is what the call asked for: only those with documents differ.
    fn is_asked_for(&self, look: &mut Look<'_>, item: &Value) -> Result<bool, String> {
        let text = |name: &str| item.get(name).and_then(Value::as_str);
        let Some(document) = &self.document else { return Ok(true) };
        let arn = text("Arn").map_or_else(|| self.about.clone(), Argument::from);
        let version = text("VersionId").or_else(|| text("DefaultVersionId"));
        let version = version.ok_or("which version a policy has is not known")?;
        let input =
            [("PolicyArn".to_owned(), arn), ("VersionId".to_owned(), version.into())].into();
        let answer = look.ask("iam:GetPolicyVersion", None, &input);
        if let Some(why) = answer.why_not() {
            return Err(why);
        }
        let told = answer.body().and_then(|body| body.get("PolicyVersion")?.get("Document"));
        Ok(told.is_some_and(|told| documents::is_same_policy(told, document)))
    }
}

/// Whether a thing was made when a call was under way. One that was made at another time is another's, or
/// one of the two clocks is wrong.
fn is_of_then(item: &Value, since: Timestamp) -> bool {
    let made = item.get("CreateDate").and_then(Value::as_str).and_then(Timestamp::parse);
    made.is_some_and(|made| (-CLOCKS_SECONDS..=CALL_SECONDS).contains(&made.since(since)))
}
