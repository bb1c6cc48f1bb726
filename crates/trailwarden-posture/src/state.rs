//! What a check may ask of an account.
//!
//! Every question yields an answer or what is missing. The account model, the standing of each
//! principal and the graph are those of all accounts that are assessed together, so that a way
//! through a neighbour is seen.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::Value;
use trailwarden_account::fact::Fact;
use trailwarden_account::graph::{Graph, Node};
use trailwarden_account::organization::Organization;
use trailwarden_account::snapshot::{Answer, Snapshot};
use trailwarden_account::{Id, Identity, Kind, Model, Models, Standing, World};
use trailwarden_model::{AccountId, Timestamp};

use crate::answers::{self, Known, Missing, text};
use crate::report::Report;
use crate::trails::Trails;
use crate::verdicts::{Resource, Verdicts};

/// The call that the account model starts from.
pub const DETAILS: &str = "iam:GetAccountAuthorizationDetails";

/// The call that tells which regions are on.
pub const REGIONS: &str = "account:ListRegions";

/// The call that tells whether there is an organization.
const ORGANIZATION: &str = "organizations:DescribeOrganization";

/// The accounts that are assessed together.
#[derive(Debug)]
pub struct Accounts {
    models: Models,
    graph: OnceLock<Graph>,
}

/// One account, as checks see it.
#[derive(Debug)]
pub struct State<'a> {
    accounts: &'a Accounts,
    snapshot: &'a Snapshot,
    tightened: Option<Timestamp>,
    report: OnceLock<Known<Report>>,
    trails: OnceLock<Known<Trails<'a>>>,
    standings: OnceLock<BTreeMap<Id, Standing>>,
}

impl Accounts {
    /// Of models, usually of [`Models::from_baselines`].
    #[must_use]
    pub fn new(models: Models) -> Self {
        Self { models, graph: OnceLock::new() }
    }

    /// The models.
    #[must_use]
    pub fn models(&self) -> &Models {
        &self.models
    }

    fn graph(&self) -> &Graph {
        self.graph.get_or_init(|| Graph::of(World::of(&self.models)))
    }
}

impl<'a> State<'a> {
    /// The account of a snapshot.
    #[must_use]
    pub fn new(accounts: &'a Accounts, snapshot: &'a Snapshot) -> Self {
        Self {
            accounts,
            snapshot,
            tightened: None,
            report: OnceLock::new(),
            trails: OnceLock::new(),
            standings: OnceLock::new(),
        }
    }

    /// Says when the password policy was last made stricter, as only logs tell.
    #[must_use]
    pub fn with_policy_tightened(mut self, time: Option<Timestamp>) -> Self {
        self.tightened = time;
        self
    }

    /// When the password policy was last made stricter.
    pub fn policy_tightened(&self) -> Known<Timestamp> {
        let why = "is told by logs alone, and none were given";
        self.tightened.ok_or_else(|| Missing::new("when the password policy was tightened", why))
    }

    /// The account.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.snapshot.account
    }

    /// The partition in its ARNs.
    #[must_use]
    pub fn partition(&self) -> &str {
        &self.snapshot.partition
    }

    /// The time that all of this is of: ages are counted up to it.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.snapshot.taken
    }

    /// Whole days from a time to that of the state.
    #[must_use]
    pub fn days_since(&self, time: Timestamp) -> i64 {
        self.now().since(time) / trailwarden_model::time::DAY
    }

    /// What AWS answered.
    #[must_use]
    pub fn snapshot(&self) -> &'a Snapshot {
        self.snapshot
    }

    /// The answer to a question about the whole account.
    pub fn answer(&self, call: &str) -> Known<&'a Value> {
        answers::one(self.snapshot, call)
    }

    /// The items of a list in the answer to a question about the whole account.
    pub fn items(&self, call: &str, member: &str) -> Known<&'a [Value]> {
        answers::items(call, self.answer(call)?, member)
    }

    /// The answer to a question about one thing.
    pub fn about(&self, call: &str, parameter: &str, value: &str) -> Known<&'a Value> {
        answers::about(self.snapshot, call, parameter, value)
    }

    /// The answers to a question that is asked in each region.
    pub fn everywhere(&self, call: &str) -> Known<Vec<&'a Answer>> {
        answers::everywhere(self.snapshot, call)
    }

    /// The answers to a question that must be asked in every region that is on. Where regions are left
    /// out, or nobody knows which there are, that is said of the account.
    pub fn regional(&self, call: &str, verdicts: &mut Verdicts) -> Known<Vec<&'a Answer>> {
        let answers = self.everywhere(call)?;
        let asked = |region: &str| answers.iter().any(|one| one.region.as_deref() == Some(region));
        let left = self.items(REGIONS, "Regions").map(|regions| {
            let names =
                regions.iter().filter(|one| text(one, "RegionOptStatus").starts_with("ENABLED"));
            let mut left = names.map(|one| text(one, "RegionName")).filter(|name| !asked(name));
            left.next()
        });
        let account = Resource::account(self);
        match left {
            Ok(None) => {}
            Ok(Some(region)) => {
                verdicts.missing(
                    &account,
                    &Missing::new(format!("`{call}` in {region}"), "was not asked"),
                );
            }
            Err(missing) => verdicts.missing(&account, &missing),
        }
        Ok(answers)
    }

    /// A count of the account summary.
    pub fn count(&self, name: &str) -> Known<i64> {
        const CALL: &str = "iam:GetAccountSummary";
        let map = self.answer(CALL)?.get("SummaryMap");
        let found = map.and_then(|map| map.get(name)).and_then(Value::as_i64);
        found.ok_or_else(|| Missing::new(format!("`{name}` of `{CALL}`"), "is not in the answer"))
    }

    /// The credential report.
    pub fn report(&self) -> Known<&Report> {
        let read = || crate::report::read(self.answer(crate::report::CALL)?);
        self.report.get_or_init(read).as_ref().map_err(Clone::clone)
    }

    /// The trails.
    pub fn trails(&self) -> Known<&Trails<'a>> {
        let read = || Trails::read(self.snapshot);
        self.trails.get_or_init(read).as_ref().map_err(Clone::clone)
    }

    /// The account model.
    pub fn model(&self) -> Known<&'a Model> {
        answers::one(self.snapshot, DETAILS).and_then(|_| {
            let model = self.accounts.models.get(self.account());
            model.ok_or_else(|| Missing::not_understood(DETAILS))
        })
    }

    /// The organization that the account lies in, as far as any account that is assessed shows it.
    pub fn organization(&self) -> Known<&'a Organization> {
        let found = self.accounts.models.organization_of(self.account());
        found.ok_or_else(|| Missing::new("the organization", "was not seen"))
    }

    /// Whether AWS said that the account is in no organization; what is about one does not arise then, and
    /// that is said of the account.
    pub fn is_outside_organization(&self, verdicts: &mut Verdicts) -> bool {
        let is_outside = self.answer(ORGANIZATION).is_ok_and(Value::is_null);
        if is_outside {
            let account = Resource::account(self);
            let text = format!("The {} is in no organization.", account.label);
            verdicts.not_applicable(&account, text);
        }
        is_outside
    }

    /// All users, groups or roles that are known. Where there may be others, that is said of the
    /// account.
    pub fn all(&self, kind: Kind, verdicts: &mut Verdicts) -> Known<Vec<&'a Identity>> {
        let model = self.model()?;
        let listed = match kind {
            Kind::User => &model.listed().users,
            Kind::Group => &model.listed().groups,
            Kind::Role | Kind::Root => &model.listed().roles,
        };
        if kind != Kind::Root {
            self.whole(listed, plural(kind), &format!("{}s", kind.as_str()), verdicts);
        }
        Ok(model.identities().filter(|identity| identity.kind == kind).collect())
    }

    /// Says of the account where there may be customer managed policies that were not seen.
    pub fn policies_whole(&self, verdicts: &mut Verdicts) -> Known<()> {
        self.whole(&self.model()?.listed().policies, "Policies", "customer policies", verdicts);
        Ok(())
    }

    /// Says of the account where a list may have more. An account without any is one of which the
    /// details list none.
    fn whole(&self, listed: &Fact<()>, count: &str, what: &str, verdicts: &mut Verdicts) {
        if let Some(why) = listed.why().filter(|_| self.count(count) != Ok(0)) {
            let missing = Missing::new(format!("whether these are all {what}:"), why.as_str());
            verdicts.missing(&Resource::account(self), &missing);
        }
    }

    /// What a user, group or role may do, with all layers that decide.
    pub fn standing(&self, identity: &Identity) -> Option<&Standing> {
        let all = self.standings.get_or_init(|| {
            let world = World::of(&self.accounts.models);
            let Some(model) = world.model(self.account()) else { return BTreeMap::new() };
            let standing = |identity: &Identity| {
                Some((identity.id.clone(), world.standing(self.account(), &identity.id)?))
            };
            model.identities().filter_map(standing).collect()
        });
        all.get(&identity.id)
    }

    /// The graph of all accounts together.
    #[must_use]
    pub fn graph(&self) -> &'a Graph {
        self.accounts.graph()
    }

    /// Somebody as the graph knows him.
    #[must_use]
    pub fn node(&self, identity: &Identity) -> Node {
        Node::Identity(self.account(), identity.id.clone())
    }
}

fn plural(kind: Kind) -> &'static str {
    match kind {
        Kind::User => "Users",
        Kind::Group => "Groups",
        Kind::Role | Kind::Root => "Roles",
    }
}
