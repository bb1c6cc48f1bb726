//! A policy that is longer than AWS stores.

use crate::lint::input::PATTERNS_MAX;
use crate::lint::prelude::*;
use crate::width::minified_len;

/// See the fields.
pub static CHECK: Check = Check {
    id: "policy-too-long",
    title: "Policy too long",
    severity: Severity::High,
    confidence: Confidence::High,
    kinds: EVERY_KIND,
    about: "Each kind of policy has a quota of characters. A policy beyond it is not stored, so what it was to forbid stays allowed. In policies of IAM, white space between the parts does not count.",
    source: "IAM User Guide, \"IAM and AWS STS quotas\"; AWS Organizations User Guide, \"Quotas and service limits for AWS Organizations\"; AWS PrivateLink Guide, \"Control access to VPC endpoints using endpoint policies\"",
    cross: &[
        (Tool::AccessAnalyzer, "POLICY_SIZE_EXCEEDS_IDENTITY_POLICY_QUOTA"),
        (Tool::AccessAnalyzer, "POLICY_SIZE_EXCEEDS_RCP_QUOTA"),
        (Tool::AccessAnalyzer, "POLICY_SIZE_EXCEEDS_RESOURCE_POLICY_QUOTA"),
        (Tool::AccessAnalyzer, "POLICY_SIZE_EXCEEDS_ROLE_TRUST_POLICY_QUOTA"),
        (Tool::AccessAnalyzer, "POLICY_SIZE_EXCEEDS_SCP_QUOTA"),
    ],
    run: Run::Document(run),
    fires_on: &[
        Example::trust(TRUST_OF_2600),
        Example::statement(PolicyKind::Session, IDENTITY_OF_2600),
        // White space counts where it is stored as it is.
        Example::document(PolicyKind::Rcp, RCP_WITH_SPACE),
    ],
    quiet_on: &[
        Example::identity(IDENTITY_OF_2600),
        Example::trust(
            r#""Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole""#,
        ),
    ],
};

/// The same text sixteen times.
macro_rules! sixteen {
    ($text:expr) => {
        concat!(
            $text, $text, $text, $text, $text, $text, $text, $text, $text, $text, $text, $text,
            $text, $text, $text, $text
        )
    };
}

const TRUST_OF_2600: &str = concat!(
    r#""Sid":""#,
    sixteen!(sixteen!("abcdefghij")),
    r#"","Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"sts:AssumeRole""#
);

const IDENTITY_OF_2600: &str = concat!(
    r#""Sid":""#,
    sixteen!(sixteen!("abcdefghij")),
    r#"","Effect":"Allow","Action":"s3:GetObject","Resource":"*""#
);

const RCP_WITH_SPACE: &str = concat!(
    r#"{"Version":"2012-10-17","Statement":["#,
    sixteen!(sixteen!("                    \n")),
    r#"{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}]}"#
);

/// How long a kind of policy may be.
struct Quota {
    /// In characters, whatever one does.
    most: usize,
    /// Less, where a case of the kind or an account as it comes has less.
    usual: Option<(usize, &'static str)>,
    /// Whether white space counts, too.
    counts_space: bool,
    fix: &'static str,
}

fn quota(kind: PolicyKind) -> Quota {
    let split = "split it into several policies";
    let of = |most, usual, counts_space, fix| Quota { most, usual, counts_space, fix };
    match kind {
        PolicyKind::Identity => of(
            10_240,
            Some((
                6_144,
                "of a managed policy; inline policies of a role may have 10,240 together",
            )),
            false,
            split,
        ),
        PolicyKind::Boundary => of(6_144, None, false, "say the same with fewer words"),
        PolicyKind::Session => of(2_048, None, false, "pass the ARNs of managed policies instead"),
        PolicyKind::Trust => of(
            8_192,
            Some((2_048, "of an account that asked for no more")),
            false,
            "ask for the higher quota, or split the role",
        ),
        PolicyKind::Scp => of(10_240, None, true, split),
        PolicyKind::Rcp => of(5_120, None, true, split),
        PolicyKind::Endpoint => of(20_480, None, true, "say the same with fewer words"),
        PolicyKind::Resource => of(
            32_768,
            Some((20_480, "of a bucket and most other resources; a KMS key may have 32,768")),
            false,
            "give access points or grants policies of their own",
        ),
    }
}

fn run(input: &Input<'_>, found: &mut Found<'_>) {
    if let Some(first) = input.left_out().first() {
        let count = input.left_out().len();
        let which = match count {
            1 => format!("statement {} was", first + 1),
            _ => format!("{count} statements from statement {} on were", first + 1),
        };
        let message = format!(
            "{which} not checked: the policy has too many action patterns with wildcards, of which {PATTERNS_MAX} within services, or fewer over all services, are looked at"
        );
        found.on_document(message, "use fewer patterns, or split the policy and check the parts");
    }
    let places = &input.document.places;
    let text = places.document.of(input.text);
    // How long a value becomes that a template leaves open, nobody knows yet.
    if !places.unknown.is_empty() {
        return;
    }
    let Some(bytes) = minified_len(text) else {
        return;
    };
    let in_characters = text.bytes().filter(|byte| byte & 0xC0 == 0x80).count();
    let length = bytes.saturating_sub(in_characters);
    let quota = quota(input.kind);
    let kind = input.kind;
    if length > quota.most {
        let most = quota.most;
        let message = format!("the policy has {length} characters, of {most} for kind {kind}");
        found.on_document(message, quota.fix);
    } else if let Some((usual, whose)) = quota.usual.filter(|(usual, _)| length > *usual) {
        let message = format!("the policy has {length} characters, of {usual} {whose}");
        found.graded(Severity::Medium, places.document, None, message, quota.fix);
    } else if quota.counts_space && text.chars().count() > quota.most {
        let most = quota.most;
        let message = format!("with its white space, the policy has more than {most} characters");
        let fix = "take the white space out before you store it by API or CLI";
        found.graded(Severity::Low, places.document, None, message, fix);
    }
}
