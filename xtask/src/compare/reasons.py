"""Why the two differ: every difference that a run may show. docs/concepts/posture-comparison.md tells each reason."""

import fnmatch

# Joined by the account, since one side names another thing than the other.
WHOLE = {"iam_policy_cloudshell_admin_not_attached"}
# Theirs are about policies or groups, ours about who has them.
BY_CARRIER = {
    "iam_policy_allows_privilege_escalation",
    "iam_administrator_access_with_mfa",
}
# Ours are about everybody, by all that he has; compared where theirs looks.
WHERE_THEIRS = {"iam_inline_policy_allows_privilege_escalation"}

ESCALATION = "iam_*policy_allows_privilege_escalation"
DEPUTY = "iam_role_cross_service_confused_deputy_prevention"
SOURCE = "iam_role_service_trust_restricts_source_to_account"
ASSUME = "iam_no_custom_policy_permissive_role_assumption"
PASS = "iam_policy_passrole_to_bedrock_agentcore_restricted"
TOKENS = "iam_policy_no_agentcore_workload_access_token_wildcard"
ADMIN_USER = "iam_user_administrator_access_policy"
ADMIN_ROLE = "iam_role_administratoraccess_policy"
FULL = "iam_*_no_administrative_privileges"

# Reason, check, resource, theirs, ours; `*` and `?` stand for anything.
KNOWN = [
    ("deny-counts", FULL, "*denied*", "fail", "pass"),
    ("deny-counts", ASSUME, "policy/everything-denied", "fail", "pass"),
    ("deny-counts", ESCALATION, "policy/escalate-deny-elsewhere", "pass", "fail"),
    ("boundary-counts", ADMIN_ROLE, "role/admin-own-bounded", "fail", "pass"),
    ("words-of-everything", "iam_*", "policy/everything-spelled", "pass", "fail"),
    ("words-of-everything", ASSUME, "policy/all-but-nothing", "pass", "fail"),
    ("words-of-everything", "iam_policy_*agentcore*", "policy/all-but-nothing", "manual", "fail"),
    ("words-of-everything", "iam_policy_*agentcore*", "policy/everything*", "pass", "fail"),
    ("words-of-everything", PASS, "policy/escalate-lambda", "pass", "fail"),
    ("star-in-a-name", ASSUME, "policy/everything-of-a-bucket", "fail", "pass"),
    ("iam-is-everything", "iam_aws_attached_*", "policy/IAMFullAccess", "pass", "fail"),
    ("iam-is-everything", ADMIN_USER, "user/iam-full", "pass", "fail"),
    ("by-name-of-policy", "iam_group_administrator_access_policy", "group/empty", "pass", "fail"),
    ("by-name-of-policy", ADMIN_USER, "user/admin-*", "pass", "fail"),
    ("services-left-out", ADMIN_ROLE, "role/*", "none", "fail"),
    ("can-become", "iam_administrator_access_with_mfa", "group/writers", "pass", "fail"),
    ("can-become", ESCALATION, "policy/assume-any*", "pass", "fail"),
    ("can-become", ESCALATION, "policy/escalate-version", "pass", "fail"),
    ("nothing-to-gain", ESCALATION, "policy/escalate-version-other", "fail", "pass"),
    ("nothing-to-gain", ESCALATION, "policy/everything-of-a-bucket", "fail", "pass"),
    ("nothing-to-gain", ESCALATION, "*escalate-*", "fail", "pass"),
    ("administrator-already", ESCALATION, "*", "fail", "not_applicable"),
    ("nobody-has-it", ESCALATION, "group/empty", "fail", "none"),
    ("unattached-too", "iam_*", "policy/unused-everything", "none", "fail"),
    ("no-source-to-name", DEPUTY, "role/*", "fail", "pass"),
    ("source-of-anybody", DEPUTY, "role/service-config-any-arn", "pass", "fail"),
    ("source-of-anybody", DEPUTY, "role/service-config-some", "pass", "fail"),
    ("who-hears", "cloudwatch_changes_to_network_gateways_alarm_configured", "account", "pass", "fail"),
    ("who-hears", "cloudwatch_changes_to_network_route_tables_alarm_configured", "account", "pass", "fail"),
    ("who-hears", "cloudwatch_*_aws_config_configuration_changes_enabled", "account", "pass", "fail"),
    ("what-it-matches", "cloudwatch_*_disable_or_scheduled_deletion_of_kms_cmk", "account", "pass", "fail"),
    ("what-it-matches", "cloudwatch_changes_to_network_acls_alarm_configured", "account", "fail", "pass"),
    ("not-answered", "iam_root_credentials_management_enabled", "account", "fail", "unknown"),
    ("not-answered", "kms_cmk_rotation_enabled", "account", "pass", "unknown"),
    ("emulator", "cloudtrail_insights_exist", "account", "pass", "fail"),
    ("aws-tells", "account_security_contact_information_is_registered", "account", "manual", "fail"),
    ("checks-cut-otherwise", SOURCE, "role/service-*", "none", "fail"),
    ("checks-cut-otherwise", SOURCE, "role/open", "fail", "pass"),
    ("checks-cut-otherwise", "iam_rotate_access_key_90_days", "root", "fail", "none"),
    ("checks-cut-otherwise", "iam_user_no_setup_initial_access_key", "root", "fail", "none"),
    ("checks-cut-otherwise", "iam_user_hardware_mfa_enabled", "user/*", "fail", "not_applicable"),
    ("never-used", "iam_user_accesskey_unused", "user/*", "pass", "fail"),
    ("never-used", "iam_user_console_access_unused", "user/console-never", "pass", "fail"),
    ("never-used", "iam_user_no_setup_initial_access_key", "user/key-*", "pass", "fail"),
]


def find(check, resource, theirs, ours):
    for why, *patterns in KNOWN:
        if all(map(fnmatch.fnmatchcase, (check, resource, theirs, ours), patterns)):
            return why
    return None
