//! One question of the models: whether a principal may do something, and what the other side says.
//!
//! The models know the trust policies of roles and no other policy of a resource. Where such a policy
//! must allow, or could do so by itself, and was not seen, nothing is called denied for want of an
//! Allow.

use std::borrow::Cow;
use std::cell::OnceCell;

use trailwarden_account::access::{Rcps, World, unseen};
use trailwarden_account::fact::{Fact, Why};
use trailwarden_account::session::Token;
use trailwarden_account::{Id, Kind, Model, PolicyText, Standing};
use trailwarden_model::{AccountId, Arn};
use trailwarden_policy::evaluate::{Caller, Compiled, Context, Decision, Outcome, Owner, Request};
use trailwarden_policy::facts::facts;
use trailwarden_policy::facts::lacks_resource_account;
use trailwarden_policy::{Document, PolicyKind};

use super::carriers::has_resource_policies;
use super::session::Begun;
use crate::cli::state::{Deed, Named, Target};

/// Actions that a role's trust policy decides.
const ON_TRUST: [&str; 4] =
    ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity", "sts:SetContext"];

/// The keys of the time of a request.
const TIME: [&str; 2] = ["aws:CurrentTime", "aws:EpochTime"];

/// Who asks for what.
pub(crate) struct Question<'q> {
    pub(crate) world: World<'q>,
    pub(crate) model: &'q Model,
    pub(crate) standing: Standing,
    /// The ARN of the principal, or of the session that was named.
    pub(crate) caller: String,
    /// The keys that are known.
    pub(crate) context: Context,
    /// Of a session, how it began.
    pub(crate) session: Option<Begun>,
    /// The resource control policies over the caller's own account.
    own_rcps: OnceCell<Rcps>,
}

/// What the resource has to say.
pub(crate) enum Side {
    /// Nothing: it carries no policy that decides here.
    Silent,
    /// This.
    Says { name: String, policy: Compiled, text: Option<Fact<PolicyText>> },
    /// Something that must allow, and that nobody has seen: what, and why not.
    Unseen(String, Why),
    /// Something that could allow by itself, and that nobody has seen.
    MayAllow,
}

/// What came of it.
pub(crate) struct Decided {
    pub(crate) decision: Decision,
    /// Whether the policy of the resource could allow what nothing else does.
    pub(crate) may_be_allowed_there: bool,
}

impl<'q> Question<'q> {
    /// About a principal that was named.
    pub(crate) fn of(world: World<'q>, named: &Named) -> Option<Self> {
        let mut question = Self::about(world, named.account, &named.id)?;
        if let Some(session) = &named.session {
            question.caller.clone_from(session);
            let name = Arn::parse(session).map(|arn| arn.name()).unwrap_or_default();
            if !named.id.is_provisional() {
                let id = format!("{}:{name}", named.id);
                question.context = question.context.with("aws:userid", &id);
            }
        }
        Some(question)
    }

    /// About a principal of a model.
    pub(crate) fn about(world: World<'q>, account: AccountId, id: &Id) -> Option<Self> {
        let model = world.model(account)?;
        let standing = world.standing(account, id)?;
        let caller = standing.principal.likely_arn();
        let context = TIME.iter().fold(standing.context(), |context, key| {
            match standing.principal.key(&key.to_ascii_lowercase()) {
                Some(Some(value)) => context.with(key, &value),
                Some(None) | None => context,
            }
        });
        let (session, own_rcps) = (None, OnceCell::new());
        Some(Self { world, model, standing, caller, context, session, own_rcps })
    }

    /// The same for a session of it.
    pub(crate) fn in_session(mut self, session: Option<Begun>) -> Self {
        let Some(begun) = session else { return self };
        self.standing = self.standing.in_session(begun.limited(self.model));
        if let Some(session) = begun.session() {
            self.context = self.context.with("aws:TokenIssueTime", &session.begun().to_string());
        }
        if self.caller.contains(":federated-user/") {
            self.context = federated(self.context, &self.caller);
        }
        self.session = Some(begun);
        self
    }

    /// Whether the session that is asked about had ended, as far as records show.
    pub(crate) fn has_ended(&self) -> bool {
        matches!(self.session, Some(Begun::Seen { has_ended: true, .. }))
    }

    /// Of a session of `GetSessionToken`, what AWS lets it call.
    pub(crate) fn token(&self) -> Option<Token> {
        self.session.as_ref()?.session()?.limit.token
    }

    /// The resource control policies over what is asked about.
    pub(crate) fn rcps(&self, owner: Owner<'_>) -> Cow<'_, Rcps> {
        let own = self.model.account();
        let account = match owner {
            Owner::Caller => Some(own),
            Owner::Account(account) => AccountId::parse(account),
            Owner::Unknown => None,
        };
        match account {
            None => Cow::Owned(Rcps::default()),
            Some(account) if account == own => {
                Cow::Borrowed(self.own_rcps.get_or_init(|| self.world.rcps(own)))
            }
            Some(account) => Cow::Owned(self.world.rcps(account)),
        }
    }

    /// The same, where the request is not decided.
    pub(crate) fn rcps_of(&self, deed: &Deed, owner: Option<&str>) -> Cow<'_, Rcps> {
        let told = owner.and_then(Owner::of_account);
        self.rcps(told.unwrap_or_else(|| Owner::of(deed.resource())))
    }

    /// The request, whose resource belongs to `owner` where its ARN does not tell.
    pub(crate) fn request<'r>(
        &'r self,
        deed: &'r Deed,
        owner: Option<&'r str>,
        context: &'r Context,
    ) -> Option<Request<'r>> {
        let caller = Caller::parse(&self.caller).ok()?;
        let mut request = Request::new(caller, &deed.action, deed.resource(), context);
        request.is_wildcard_only = deed.target == Target::NoResource;
        if let Some(owner) = owner.and_then(Owner::of_account) {
            request.owner = owner;
        }
        Some(request)
    }

    /// The keys of a request: the principal's, and the owner of the resource where the ARN tells.
    pub(crate) fn keys(&self, deed: &Deed, owner: Option<&str>) -> Context {
        let mut context = self.context.clone();
        let named = Arn::parse(deed.resource()).and_then(|arn| arn.account_id());
        let owner = owner.map(str::to_owned).or_else(|| named.map(|account| account.to_string()));
        let Some(owner) = owner else { return context };
        let (service, name) = deed.action.split_once(':').unwrap_or_default();
        let mut put = |key: &str| {
            if !context.contains(key) {
                context = context.clone().with(key, &owner);
            }
        };
        if !lacks_resource_account(service, name) {
            put("aws:ResourceAccount");
        }
        if service == "s3" {
            put("s3:ResourceAccount");
        }
        context
    }

    /// What the resource has to say, as far as the models show it.
    pub(crate) fn side(&self, deed: &Deed, owner: Option<&str>) -> Side {
        let resource = deed.resource();
        let arn = Arn::parse(resource);
        if is_on_trust(&deed.action) && arn.is_some_and(|arn| arn.kind() == "role") {
            return self.trust(resource);
        }
        let own = self.model.account();
        let told = owner.and_then(AccountId::parse);
        let owner = told.or_else(|| arn.and_then(|arn| arn.account_id()));
        if owner.is_some_and(|owner| owner != own) {
            let what = "the policy of the resource, which must allow whoever is of another account";
            return Side::Unseen(what.to_owned(), Why::NeverSeen);
        }
        match deed.service() {
            "kms" if deed.target != Target::NoResource => {
                Side::Unseen("the policy of the key, which decides".to_owned(), Why::NeverSeen)
            }
            "sts" if is_on_trust(&deed.action) => {
                Side::Unseen("the trust policy of the role".to_owned(), Why::NeverSeen)
            }
            service if has_resource_policies(service) && deed.target != Target::NoResource => {
                Side::MayAllow
            }
            _ => Side::Silent,
        }
    }

    fn trust(&self, role: &str) -> Side {
        let account = Arn::parse(role).and_then(|arn| arn.account_id());
        let unseen = |why: Why| Side::Unseen(format!("the trust policy of {role}"), why);
        let Some(model) = account.and_then(|account| self.world.model(account)) else {
            return unseen(Why::NeverSeen);
        };
        let Some(found) = model.find_arn(role).filter(|found| found.kind == Kind::Role) else {
            // A role that is not there trusts nobody.
            return match model.listed().roles.why() {
                None => Side::Silent,
                Some(why) => unseen(why.clone()),
            };
        };
        match &found.trust {
            Fact::Known { value, .. } => match value.document() {
                Ok(document) => Side::Says {
                    name: role.to_owned(),
                    policy: Compiled::new(role, document, PolicyKind::Trust),
                    text: Some(found.trust.clone()),
                },
                Err(_) => unseen(Why::NeverSeen),
            },
            Fact::Unknown { why, .. } => unseen(why.clone()),
        }
    }

    /// Decides.
    pub(crate) fn decide(&self, request: Request<'_>, side: &Side) -> Decided {
        let settled = |decision| Decided { decision, may_be_allowed_there: false };
        let rcps = self.rcps(request.owner);
        let decide = |policy| self.standing.decide_under(request, policy, &rcps);
        match side {
            Side::Silent => settled(decide(None)),
            Side::Says { policy, .. } => settled(decide(Some(policy))),
            Side::Unseen(..) => settled(decide(Some(&unseen(PolicyKind::Resource)))),
            Side::MayAllow => {
                let decision = decide(None);
                if decision.outcome == Outcome::ExplicitDeny || !decision.allowed.is_false() {
                    return settled(decision);
                }
                let with = decide(Some(&unseen(PolicyKind::Resource)));
                let may_be_allowed_there = !with.allowed.is_false();
                Decided { decision, may_be_allowed_there }
            }
        }
    }
}

/// The keys of a federated user, which are not those of the user who asked for the session.
///
/// Source: IAM User Guide, "IAM policy elements: Variables and tags", "Principal key values".
fn federated(context: Context, arn: &str) -> Context {
    let parsed = Arn::parse(arn);
    let id = parsed.map(|arn| format!("{}:{}", arn.account, arn.name())).unwrap_or_default();
    context
        .without("aws:username")
        .with("aws:userid", &id)
        .with("aws:PrincipalArn", arn)
        .with("aws:PrincipalType", "FederatedUser")
}

/// Whether resource control policies bind a service.
pub(crate) fn guards(service: &str) -> bool {
    facts().service(service).is_some_and(|service| service.supports_rcp())
}

/// A policy of the other side that leaves it to the identity policies of an account.
pub(super) fn leaving_it_to(account: AccountId, kind: PolicyKind) -> Compiled {
    let resource = if kind == PolicyKind::Trust { "" } else { r#""Resource":"*","# };
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow",{resource}"Action":"*",
            "Principal":{{"AWS":"{account}"}}}}]}}"#
    );
    Compiled::new("", &Document::parse(&text).unwrap_or_default(), kind)
}

/// Whether a role's trust policy decides it.
pub(crate) fn is_on_trust(action: &str) -> bool {
    ON_TRUST.contains(&action)
}
