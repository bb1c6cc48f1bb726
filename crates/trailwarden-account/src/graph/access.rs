//! Becoming another user or role: his credentials, his password, his sessions.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock};

use trailwarden_model::{AccountId, Arn, Timestamp};
use trailwarden_policy::evaluate::Compiled;
use trailwarden_policy::{
    Document, Effect, PolicyKind, Principal, PrincipalKind, Principals, Statement,
};

use super::answer::{Proof, better};
use super::digest::Mask;
use super::ground::Ground;
use super::secrets::{self, KEYS_MAX};
use super::source::{On, Source};
use super::target::{Target, Trust};
use super::{Edge, Node, carriers, combined, providers, second_factor};
use crate::access::World;
use crate::fact::Fact;
use crate::identity::CredentialKind;
use crate::techniques::{self, Pattern};
use crate::trust::is_later;

/// What drawing needs.
pub(super) struct Cx<'a> {
    pub(super) world: World<'a>,
    pub(super) grounds: &'a BTreeMap<AccountId, Ground>,
    pub(super) sources: &'a BTreeMap<Node, Arc<Source>>,
    /// What was found of principals whose policies were changed in thought.
    pub(super) thoughts: RefCell<HashMap<(Node, String), Option<Proof>>>,
}

/// All edges from a source that one target makes.
pub(super) fn pair(cx: &Cx<'_>, source: &Source, target: &Target) -> Vec<Edge> {
    if source.node == target.node || source.is_root() {
        return Vec::new();
    }
    let is_named = || {
        let names = target.names(&source.arn) || target.sessions_of(&source.arn).next().is_some();
        target.is_role() && names
    };
    if !source.is_active() && !is_named() {
        return Vec::new();
    }
    let mut edges = Vec::new();
    let mut put = |technique, proof: Option<Proof>| {
        if let Some(proof) = proof {
            edges.push(proof.edge(&source.node, &target.node, technique));
        }
    };
    if target.is_role() && !is_namesake(cx, source, target) {
        put("sts-001", assume(cx.world.now(), source, target));
    }
    if source.account != target.account {
        second_factor::draw(cx, source, target, &mut edges);
        return edges;
    }
    if target.is_role() {
        put("iam-012", rewrite_trust(source, target));
        providers::draw(cx, source, target, &mut put);
        carriers::draw(cx, source, target, &mut put);
    } else if source.mask.intersects(*CREDENTIALS) {
        access_key(source, target, &mut put);
        password(source, target, &mut put);
        let limited = limited(cx, source, target);
        edges.extend(limited);
    }
    combined::draw(cx, source, target, &mut edges);
    second_factor::draw(cx, source, target, &mut edges);
    drop_detours(target, &mut edges);
    edges
}

/// Who certainly becomes a role needs none of what may carry it.
fn drop_detours(target: &Target, edges: &mut Vec<Edge>) {
    if edges.iter().any(|edge| edge.certainty.is_yes() && edge.to == target.node) {
        edges.retain(|edge| {
            let row = techniques::find(edge.technique);
            row.is_none_or(|row| row.pattern != Pattern::ExistingCarrier)
        });
    }
}

/// Actions on the credentials of users.
pub(super) static CREDENTIALS: LazyLock<Mask> = LazyLock::new(|| Mask::of(techniques::CREDENTIALS));

impl Target {
    pub(super) fn on(&self) -> On<'_> {
        let tags = Some(&self.identity.tags);
        On { tags, other: self.other_arn.as_ref(), ..On::thing(&self.arn, &self.label) }
    }
}

/// Whether the role lets in nobody like him but one who had his name before.
fn is_namesake(cx: &Cx<'_>, source: &Source, target: &Target) -> bool {
    let identity = cx.world.model(source.account).and_then(|model| model.identity(&source.id));
    identity.is_some_and(|identity| is_later(identity, &target.identity.trust))
        && target.names_alone(&source.arn, source.account)
}

fn assume(now: Option<Timestamp>, source: &Source, target: &Target) -> Option<Proof> {
    let by_identity = source.may("sts:AssumeRole", &target.arn);
    match &target.trust {
        Trust::Known { compiled, .. } => {
            let is_named = source.account == target.account && target.names(&source.arn);
            let on = On { trust: Some(compiled), now, ..target.on() };
            let own = match by_identity || is_named {
                true => source.ask("sts:AssumeRole", on, &[]),
                false => None,
            };
            better(own, || {
                target.sessions_of(&source.arn).find_map(|session| {
                    let on = On { session: Some(session.text), ..on };
                    Some(source.ask("sts:AssumeRole", on, &[])?.provided(of_session(&session)))
                })
            })
        }
        Trust::Unknown if by_identity && target.is_role() => {
            let trust = trust_of(&source.account.to_string());
            let proof =
                source.ask("sts:AssumeRole", On { trust: Some(&trust), ..target.on() }, &[])?;
            let label = &target.label;
            let doubt = format!("the trust policy of {label}, which is not known, lets it in");
            Some(proof.provided(doubt))
        }
        Trust::Unknown | Trust::None => None,
    }
}

/// Whoever begins a session names it.
///
/// Source: AWS STS API Reference, `AssumeRole` (`RoleSessionName`).
pub(crate) fn of_session(session: &Arn<'_>) -> String {
    format!("its session is named `{}`", session.name())
}

/// A trust policy that names one principal and nothing else.
pub(super) fn trust_of(principal: &str) -> Compiled {
    let statement = Statement {
        principals: Principals::List(vec![Principal {
            kind: PrincipalKind::Aws,
            value: principal.to_owned(),
        }]),
        effect: Effect::Allow,
        actions: vec!["sts:AssumeRole".to_owned()],
        resources: Vec::new(),
        ..Statement::allowing_everything()
    };
    let document = Document {
        version: Some("2012-10-17".to_owned()),
        statements: vec![statement],
        ..Document::default()
    };
    Compiled::new("the new trust policy", &document, PolicyKind::Trust)
}

/// A trust policy that names the caller needs no identity policy of his.
///
/// Source: IAM User Guide, "Cross account resource access in IAM" and "Policy evaluation logic".
fn rewrite_trust(source: &Source, target: &Target) -> Option<Proof> {
    let rewrite = source.ask("iam:UpdateAssumeRolePolicy", target.on(), &[])?;
    let trust = trust_of(&source.arn);
    let assume = source.ask("sts:AssumeRole", On { trust: Some(&trust), ..target.on() }, &[])?;
    Some(rewrite.and(assume))
}

fn access_key(source: &Source, target: &Target, put: &mut impl FnMut(&'static str, Option<Proof>)) {
    let label = &target.label;
    let keys = secrets::keys(&target.identity);
    if let Some(create) = source.ask("iam:CreateAccessKey", target.on(), &[]) {
        let has_room = *keys.end() < KEYS_MAX;
        if has_room {
            put("iam-002", Some(create.clone()));
        } else if *keys.start() < KEYS_MAX {
            let doubt = format!("{label} has fewer than two access keys");
            put("iam-002", Some(create.clone().provided(doubt)));
        }
        if !has_room {
            let delete = source.ask("iam:DeleteAccessKey", target.on(), &[]);
            put("iam-003", delete.map(|delete| delete.and(create)));
        }
    }
    let doubt = match secrets::has_inactive_key(&target.identity) {
        Some(true) => format!("the secret of the inactive access key of {label} is known"),
        Some(false) => return,
        None => format!("{label} has an inactive access key whose secret is known"),
    };
    let wake = source.ask("iam:UpdateAccessKey", target.on(), &[]);
    put("x-iam-25", wake.map(|wake| wake.provided(doubt)));
}

fn password(source: &Source, target: &Target, put: &mut impl FnMut(&'static str, Option<Proof>)) {
    let label = &target.label;
    let login = &target.identity.login;
    let has = match login {
        Fact::Known { value, .. } => Some(value.is_some()),
        Fact::Unknown { .. } => None,
    };
    let either = |proof: Proof, wanted: bool, word: &str| match has {
        Some(has) => (has == wanted).then_some(proof),
        None => Some(proof.provided(format!("{label} has {word} console password"))),
    };
    let create = source.ask("iam:CreateLoginProfile", target.on(), &[]);
    let create = create.and_then(|proof| either(proof, false, "no"));
    put("iam-004", create.and_then(|proof| past_mfa(source, target, proof)));
    let update = source.ask("iam:UpdateLoginProfile", target.on(), &[]);
    let update = update.and_then(|proof| either(proof, true, "a"));
    put("iam-006", update.and_then(|proof| past_mfa(source, target, proof)));
    if has != Some(false) && secrets::has_mfa(&target.identity) != Some(false) {
        let detach = source.ask("iam:DeactivateMFADevice", target.on(), &[]);
        let doubt = format!("the password of {label} is known");
        put("x-iam-07", detach.map(|proof| proof.provided(doubt)));
    }
}

/// A password alone signs nobody in who has an MFA device.
///
/// Source: IAM User Guide, "AWS Multi-factor authentication in IAM".
fn past_mfa(source: &Source, target: &Target, proof: Proof) -> Option<Proof> {
    let has_mfa = secrets::has_mfa(&target.identity);
    if has_mfa == Some(false) {
        return Some(proof);
    }
    let detach = source.ask("iam:DeactivateMFADevice", target.on(), &[]);
    let detached = detach.map(|detach| detach.and(proof.clone()));
    let otherwise = || {
        let doubt = format!("{} has no MFA device", target.label);
        has_mfa.is_none().then(|| proof.provided(doubt))
    };
    better(detached, otherwise)
}

/// Services that take credentials of their own, what those are good for there, and whether SSH keys
/// are among them.
const SERVICES: [(&str, &[&str], bool); 3] = [
    ("codecommit.amazonaws.com", &["codecommit:GitPull", "codecommit:GitPush"], true),
    ("cassandra.amazonaws.com", &["cassandra:Select"], false),
    ("bedrock.amazonaws.com", &["bedrock:CallWithBearerToken", "bedrock:InvokeModel"], false),
];

/// What makes the credentials of a user worth something at a service.
pub(super) static SERVED: LazyLock<Mask> = LazyLock::new(|| {
    SERVICES.iter().fold(Mask::default(), |all, (_, actions, _)| all.or(Mask::of(actions)))
});

/// Credentials that one service takes: they lead to what the user may do there, and no further.
///
/// Sources: IAM User Guide, "Use IAM with CodeCommit", "Use IAM with Amazon Keyspaces"; Amazon
/// Bedrock User Guide, "API keys".
fn limited(cx: &Cx<'_>, source: &Source, target: &Target) -> Vec<Edge> {
    let mut edges = Vec::new();
    let Some(owner) = cx.sources.get(&target.node) else { return edges };
    let has_one = !target.identity.credentials.is_complete()
        || target.identity.credentials.iter().any(|(_, credential)| {
            credential.value().is_none_or(|one| one.kind == CredentialKind::ServiceSpecific)
        });
    for (technique, action) in [
        ("x-iam-05", "iam:CreateServiceSpecificCredential"),
        ("x-iam-21", "iam:ResetServiceSpecificCredential"),
        ("x-iam-30", "iam:UploadSSHPublicKey"),
        ("x-iam-31", "iam:UploadSigningCertificate"),
    ] {
        let Some(proof) = source.ask(action, target.on(), &[]) else { continue };
        if technique == "x-iam-31" {
            let doubt = "a service still takes signing certificates";
            let to = Node::Service("x509".into());
            edges.push(proof.provided(doubt).edge(&source.node, &to, technique));
            continue;
        }
        for (service, actions, takes_ssh) in SERVICES {
            let is_good = owner.mask.intersects(Mask::of(actions))
                && (technique != "x-iam-30" || takes_ssh)
                && (technique != "x-iam-21" || has_one);
            if is_good {
                let proof = proof.clone().provided(format!("{} may use {service}", target.label));
                edges.push(proof.edge(&source.node, &Node::Service(service.into()), technique));
            }
        }
    }
    edges
}
