//! Which calls change policies speak of, and which of them cannot move a permission.

use trailwarden_record::call::Change;
use trailwarden_record::events::ALL;
use trailwarden_record::row::Action;

use super::is_change;

/// Calls that no model folds and that still move nothing for certain: nobody may do more or less by
/// them, now or later. Each has its reason in [`trailwarden_account::entry::NOT_FOLDED`].
///
/// A call of logging is not here. It moves no permission either, but what it does no grade measures,
/// so whoever permits it must say so without a bound by effect.
const INERT: [&str; 9] = [
    "iam:DeleteServerCertificate",
    "iam:ResyncMFADevice",
    "iam:TagServerCertificate",
    "iam:UntagServerCertificate",
    "iam:UpdateServerCertificate",
    "iam:UploadServerCertificate",
    "identitystore:CreateGroup",
    "identitystore:CreateUser",
    "sso-directory:CreateUser",
];

/// Whether change policies are asked about a call: every typed call that changes something, of
/// whatever service, and every row of the changes.
#[must_use]
pub fn is_governed(action: &Action) -> bool {
    let (service, name) = (action.service.as_str(), action.name.as_str());
    let is_typed = || {
        ALL.iter()
            .any(|info| info.service == service && info.name == name && info.change != Change::Uses)
    };
    is_change(action) || is_typed()
}

/// Every call that change policies are asked about, as `iam:PutGroupPolicy`.
pub fn governed() -> impl Iterator<Item = String> {
    let all = ALL.iter().filter(|info| {
        let (service, name) = (info.service.to_owned(), info.name.to_owned());
        is_governed(&Action { service, name, ..Action::default() })
    });
    all.map(|info| format!("{}:{}", info.service, info.name))
}

/// Whether a call cannot move a permission, whatever its parameters.
pub(super) fn is_inert(action: &Action) -> bool {
    INERT.iter().any(|inert| inert.split_once(':') == Some((&*action.service, &*action.name)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use trailwarden_account::entry;

    fn action(service: &str, name: &str) -> Action {
        Action { service: service.into(), name: name.into(), ..Action::default() }
    }

    #[test]
    fn calls_that_change_something_are_governed_those_of_logging_too() {
        for (service, name) in [
            ("iam", "PutGroupPolicy"),
            ("iam", "UploadServerCertificate"),
            ("cloudtrail", "StopLogging"),
            ("cloudtrail", "PutEventSelectors"),
            ("config", "StopConfigurationRecorder"),
            ("guardduty", "DeleteDetector"),
            ("securityhub", "DisableSecurityHub"),
            ("access-analyzer", "DeleteAnalyzer"),
            ("organizations", "DetachPolicy"),
            ("sso", "CreateAccountAssignment"),
            ("identitystore", "CreateGroupMembership"),
            ("rolesanywhere", "CreateTrustAnchor"),
        ] {
            assert!(is_governed(&action(service, name)), "{service}:{name}");
        }
        for (service, name) in [
            ("sts", "AssumeRole"),
            ("signin", "ConsoleLogin"),
            ("iam", "ListUsers"),
            ("ec2", "RunInstances"),
        ] {
            assert!(!is_governed(&action(service, name)), "{service}:{name}");
        }
    }

    #[test]
    fn what_is_inert_is_folded_by_no_model_and_governed() {
        for inert in INERT {
            assert!(entry::NOT_FOLDED.iter().any(|(call, _)| *call == inert), "{inert}");
            let (service, name) = inert.split_once(':').unwrap();
            assert!(is_governed(&action(service, name)), "{inert}");
        }
    }
}
