//! Calls of one second, whose true order nobody tells.
//!
//! Records carry whole seconds. In the total order what makes comes before what takes off, as in a
//! script that makes a thing and cleans up. But whoever replaces a thing takes it off first. Where it
//! was there before, both stories fit the records, so whether it is there now is unknown; where it
//! was certainly not there, taking it off first would have failed.

use std::sync::Arc;

use super::Fold;
use crate::change::Field;
use crate::fact::Why;
use crate::identity::{Id, Kind};
use crate::listing::Before;

impl Fold<'_> {
    /// Notes that something was put there which may have been there before.
    pub(super) fn was_put(&mut self, before: Option<Before>, id: &Id, field: Field, item: &str) {
        if before != Some(Before::Absent) {
            self.model.just_made.insert_mut(mark(id, field, item), ());
        }
    }

    /// Notes that something was put somewhere, of which the record does not say what and where.
    pub(super) fn was_put_somewhere(&mut self, kind: Kind, field: Field) {
        self.model.just_made.insert_mut(mark_any(kind, field), ());
    }

    /// Why it is unknown whether something that is taken off now is there after this second; none
    /// when it is gone.
    pub(super) fn is_unordered(&self, id: &Id, field: Field, item: &str) -> Option<Why> {
        let is_put = |mark: Arc<str>| self.model.just_made.contains_key(&mark);
        let kind = self.model.identity(id).map(|identity| identity.kind);
        let is_unordered =
            is_put(mark(id, field, item)) || kind.is_some_and(|kind| is_put(mark_any(kind, field)));
        is_unordered.then(|| Why::Unordered(self.entry.proof.clone()))
    }
}

fn mark_any(kind: Kind, field: Field) -> Arc<str> {
    format!("{kind:?} {field:?}").into()
}

fn mark(id: &Id, field: Field, item: &str) -> Arc<str> {
    format!("{id} {field:?} {item}").into()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::identity::Id;
    use crate::listing::Presence;
    use crate::trail::{Play, arn, by_user};

    const IDP: &str = "arn:aws:iam::111122223333:saml-provider/idp";

    fn is_known_there<V>(presence: &Presence<'_, V>) -> Option<bool> {
        match presence {
            Presence::Present(fact) => fact.is_known().then_some(true),
            Presence::Absent => Some(false),
            Presence::Unknown(_) => None,
        }
    }

    /// What Terraform and others do when they replace a thing: it is there afterwards.
    #[test]
    fn what_is_replaced_within_a_second_is_there() {
        let mut play = Play::new();
        play.create_user("bob", "AIDABOB");
        let bob = || json!({"userName": "bob"});
        play.iam("CreateLoginProfile", bob());
        let profile = || json!({"instanceProfileName": "web"});
        let made = |id: &str| json!({"instanceProfile": {"instanceProfileId": id}});
        play.reply("CreateInstanceProfile", profile(), made("AIPA1"));
        let saml = |text: &str| json!({"name": "idp", "sAMLMetadataDocument": text});
        let provider = || json!({"sAMLProviderArn": IDP});
        play.reply("CreateSAMLProvider", saml("old"), provider());
        let device = |name: &str| json!({"virtualMFADeviceName": name});
        let serial = || json!({"serialNumber": arn("mfa/d")});
        let made_device = || json!({"virtualMFADevice": serial()});
        play.reply("CreateVirtualMFADevice", device("d"), made_device());
        play.iam("CreateAccountAlias", json!({"accountAlias": "old"}));

        let null = || Value::Null;
        let replaced = [
            [("DeleteLoginProfile", bob(), null()), ("CreateLoginProfile", bob(), null())],
            [
                ("DeleteInstanceProfile", profile(), null()),
                ("CreateInstanceProfile", profile(), made("AIPA2")),
            ],
            [
                ("DeleteSAMLProvider", provider(), null()),
                ("CreateSAMLProvider", saml("new"), provider()),
            ],
            [
                ("DeleteVirtualMFADevice", serial(), null()),
                ("CreateVirtualMFADevice", device("d"), made_device()),
            ],
            [
                ("DeleteAccountAlias", json!({"accountAlias": "old"}), null()),
                ("CreateAccountAlias", json!({"accountAlias": "new"}), null()),
            ],
        ];
        replaced.into_iter().for_each(|calls| play.at_once(calls));
        assert!(matches!(play.user("bob").login.value(), Some(Some(_))));
        let web = play.model.instance_profile("web").unwrap();
        assert_eq!(web.id.value().map(|id| &**id), Some("AIPA2"));
        let idp = play.model.providers().next().unwrap();
        assert_eq!(idp.metadata.value().map(|text| &**text), Some("new"));
        assert_eq!(play.model.mfa_devices().count(), 1);
        assert_eq!(play.model.settings().alias.value(), Some(&Some("new".into())));
        assert_eq!(play.gaps(), Vec::<String>::new());
    }

    /// Taken off and put back, or put there again and taken off: the records are the same.
    #[test]
    fn what_two_calls_of_a_second_leave_is_unknown_when_it_was_there_before() {
        let mut play = Play::new();
        play.create_user("bob", "AIDABOB");
        play.create_group("devs", "AGPADEVS");
        let with = |key: &str, value: &str| json!({"userName": "bob", key: value});
        let null = || Value::Null;
        let pairs = || {
            let policy = || with("policyArn", "arn:aws:iam::aws:policy/AdministratorAccess");
            let inline = || json!({"userName": "bob", "policyName": "x", "policyDocument": "{}"});
            let bound = || with("permissionsBoundary", &arn("policy/p"));
            let device = || with("serialNumber", "mfa");
            [
                [("AttachUserPolicy", policy(), null()), ("DetachUserPolicy", policy(), null())],
                [("PutUserPolicy", inline(), null()), ("DeleteUserPolicy", inline(), null())],
                [
                    ("AddUserToGroup", with("groupName", "devs"), null()),
                    ("RemoveUserFromGroup", with("groupName", "devs"), null()),
                ],
                [
                    ("PutUserPermissionsBoundary", bound(), null()),
                    ("DeleteUserPermissionsBoundary", with("userName", "bob"), null()),
                ],
                [("EnableMFADevice", device(), null()), ("DeactivateMFADevice", device(), null())],
            ]
        };
        let there = |play: &Play| {
            let bob = play.user("bob");
            let admin = "arn:aws:iam::aws:policy/AdministratorAccess".into();
            [
                is_known_there(&bob.attached.get(&admin)),
                is_known_there(&bob.inline.get(&"x".into())),
                is_known_there(&bob.groups.get(&Id::unique("AGPADEVS"))),
                bob.boundary.value().map(Option::is_some),
                is_known_there(&bob.mfa.get(&"mfa".into())),
            ]
        };
        // Not there before: taking it off first would have failed.
        pairs().into_iter().for_each(|calls| play.at_once(calls));
        assert_eq!(there(&play), [Some(false); 5]);
        for [(put, request, _), _] in pairs() {
            play.iam(put, request);
        }
        assert_eq!(there(&play), [Some(true); 5]);
        pairs().into_iter().for_each(|calls| play.at_once(calls));
        assert_eq!(there(&play), [None; 5]);
        // The next call settles it.
        for [_, (take, request, _)] in pairs() {
            play.iam(take, request);
        }
        assert_eq!(there(&play), [Some(false); 5]);
        assert_eq!(play.gaps(), Vec::<String>::new());
    }

    /// One that was never seen may have been replaced: the new one is not taken for dead when it calls.
    #[test]
    fn who_was_made_and_deleted_in_a_second_may_live() {
        let mut play = Play::new();
        let bob = || json!({"userName": "bob"});
        let reply = json!({"user": {"userId": "AIDABOB"}});
        play.at_once([("DeleteUser", bob(), Value::Null), ("CreateUser", bob(), reply)]);
        let id = Id::unique("AIDABOB");
        assert!(play.model.identity(&id).is_none() && play.model.tombstone(&id).is_none());
        play.call("iam", "CreateLoginProfile", bob(), Value::Null, by_user("bob", "AIDABOB"));
        assert_eq!(play.user("bob").id, id);
        assert_eq!(play.gaps(), Vec::<String>::new());
    }

    /// Without knowledge of a password before, nobody knows which of the two calls came last.
    #[test]
    fn a_password_made_and_deleted_in_a_second_is_unknown_unless_there_was_none() {
        let pair = || {
            let bob = || json!({"userName": "bob"});
            [("DeleteLoginProfile", bob(), Value::Null), ("CreateLoginProfile", bob(), Value::Null)]
        };
        let mut play = Play::new();
        play.at_once(pair());
        assert!(!play.user("bob").login.is_known());
        let mut play = Play::new();
        play.create_user("bob", "AIDABOB");
        play.at_once(pair());
        assert_eq!(play.user("bob").login.value(), Some(&None));
    }
}
