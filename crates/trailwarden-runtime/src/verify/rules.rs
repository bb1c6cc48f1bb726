//! What verification finds: the words and the weight of each finding.
//!
//! Ids read well after "we found:". They are part of the public interface.

use trailwarden_model::{Confidence, Severity};

/// One kind of finding.
#[derive(Debug)]
pub struct Rule {
    /// Kebab-case, stable for ever.
    pub id: &'static str,
    /// The same in plain words.
    pub title: &'static str,
    /// Why it matters.
    pub risk: &'static str,
    /// Harm if true.
    pub severity: Severity,
    /// Likelihood that it is true.
    pub confidence: Confidence,
    /// Techniques of ATT&CK.
    pub attack: &'static [&'static str],
    /// What it may be besides.
    pub false_positives: &'static [&'static str],
}

/// Every kind.
pub static ALL: &[&Rule] = &[
    &LOG_CHANGED,
    &LOG_DAMAGED,
    &LOG_MISSING,
    &LOG_UNLISTED,
    &LOGS_UNCOVERED,
    &DIGEST_CHANGED,
    &DIGESTS_DISAGREE,
    &SIGNATURE_INVALID,
    &DIGEST_DAMAGED,
    &DIGEST_MOVED,
    &DIGEST_MISSING,
    &GAP,
    &OUTSIDE,
    &OVERLAP,
    &BEGINS_LATE,
    &ENDS_EARLY,
    &SIGNATURE_MISSING,
    &KEY_UNKNOWN,
    &KEY_NOT_THEN,
];

const CHANGED: &[&str] = &["T1565.001", "T1070"];
const REMOVED: &[&str] = &["T1070", "T1485"];
const STOPPED: &[&str] = &["T1562.008"];

const fn grave(id: &'static str, title: &'static str, risk: &'static str) -> Rule {
    Rule {
        id,
        title,
        risk,
        severity: Severity::Critical,
        confidence: Confidence::High,
        attack: CHANGED,
        false_positives: &[],
    }
}

const fn doubt(id: &'static str, title: &'static str, risk: &'static str) -> Rule {
    Rule { severity: Severity::Low, attack: &[], ..grave(id, title, risk) }
}

pub(super) const LOG_CHANGED: Rule = grave(
    "log-file-changed",
    "A log file was changed",
    "Its records are not those that CloudTrail delivered: some may have been altered, added or left out.",
);

pub(super) const LOG_DAMAGED: Rule = Rule {
    false_positives: &["A download that broke off; fetch the file again."],
    ..grave(
        "log-file-damaged",
        "A log file cannot be what was delivered",
        "What is in it cannot be inflated to what CloudTrail signed, so its records prove nothing.",
    )
};

pub(super) const LOG_MISSING: Rule = Rule {
    severity: Severity::High,
    attack: REMOVED,
    false_positives: &[
        "A copy that is not complete, or that holds digests of more days than logs.",
        "A lifecycle rule that deletes logs before digests.",
    ],
    ..grave(
        "log-file-missing",
        "A log file is missing",
        "CloudTrail delivered it and it is not here: what happened in those minutes cannot be seen.",
    )
};

pub(super) const LOG_UNLISTED: Rule = Rule {
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    attack: &["T1565.001"],
    false_positives: &[
        "Another trail that delivers to the same place, without log file validation.",
        "A late log file whose backfill digest is not in the copy.",
    ],
    ..grave(
        "log-file-unlisted",
        "A log file that no digest names",
        "Digests cover the time of its delivery and do not name it, so somebody else may have put it there.",
    )
};

pub(super) const LOGS_UNCOVERED: Rule = Rule {
    false_positives: &[
        "Log file validation was not on at that time, or the digests were not copied.",
    ],
    ..doubt(
        "logs-not-covered",
        "Log files that no digest covers",
        "Nothing can be said of them: they may be as delivered, or not.",
    )
};

pub(super) const DIGEST_CHANGED: Rule = grave(
    "digest-file-changed",
    "A digest file was changed",
    "It does not fit the digest beside it, which is proven. Log files that it names or leaves out prove nothing.",
);

pub(super) const DIGESTS_DISAGREE: Rule = grave(
    "digest-chain-broken",
    "Two digest files contradict each other",
    "One of them was changed. Log files that they name or leave out prove nothing.",
);

pub(super) const SIGNATURE_INVALID: Rule = grave(
    "digest-signature-invalid",
    "A digest file does not fit its signature",
    "It is not what CloudTrail signed. Log files that it names or leaves out prove nothing.",
);

pub(super) const DIGEST_DAMAGED: Rule = Rule {
    severity: Severity::High,
    false_positives: &["A download that broke off; fetch the file again."],
    ..grave(
        "digest-file-damaged",
        "A digest file cannot be read as one",
        "What it said of its hour is lost: log files of that hour prove nothing.",
    )
};

pub(super) const DIGEST_MOVED: Rule = Rule {
    severity: Severity::High,
    false_positives: &[
        "Files that somebody sorted into other folders; keep the folders of the bucket.",
    ],
    ..grave(
        "digest-file-moved",
        "A digest file lies where it was not delivered",
        "A digest of another time, region or account may stand in for one that was removed.",
    )
};

pub(super) const DIGEST_MISSING: Rule = Rule {
    severity: Severity::High,
    attack: REMOVED,
    false_positives: &[
        "A copy that is not complete.",
        "A lifecycle rule that deletes old digests; ask for a time after it with --since.",
    ],
    ..grave(
        "digest-file-missing",
        "A digest file is missing",
        "The next digest names it. Which log files were delivered in its hour is not known any more.",
    )
};

pub(super) const GAP: Rule = Rule {
    severity: Severity::Medium,
    attack: STOPPED,
    false_positives: &[
        "Somebody stopped logging or log file validation on purpose, or made the trail anew.",
    ],
    ..grave(
        "digest-chain-gap",
        "Nothing was signed for some time",
        "Logging or log file validation was off, or the trail was gone: what happened then may be in no log.",
    )
};

pub(super) const OUTSIDE: Rule = Rule {
    severity: Severity::Medium,
    confidence: Confidence::Medium,
    ..grave(
        "digest-outside-chain",
        "A digest file that no other leads to",
        "It is no part of the chain around it, so it does not prove that nothing is missing beside it.",
    )
};

pub(super) const OVERLAP: Rule = Rule {
    severity: Severity::Info,
    ..doubt(
        "digest-times-overlap",
        "Two digest files cover the same time",
        "Both may be sound; CloudTrail does not usually write them so.",
    )
};

pub(super) const BEGINS_LATE: Rule = Rule {
    severity: Severity::Info,
    ..doubt(
        "digest-chain-begins-late",
        "The first digest here is not the first one of its chain",
        "Whether older digests and log files were deleted, or not copied, cannot be seen.",
    )
};

pub(super) const ENDS_EARLY: Rule = Rule {
    severity: Severity::Medium,
    attack: REMOVED,
    false_positives: &[
        "The copy is older than the time that was asked for.",
        "The trail was stopped.",
    ],
    ..grave(
        "digest-chain-ends-early",
        "The digests end before the time that was asked for",
        "Whether the newest digests were deleted cannot be seen: only a later one would tell.",
    )
};

pub(super) const SIGNATURE_MISSING: Rule = doubt(
    "digest-signature-missing",
    "A digest file without a signature",
    "It may be as delivered, or not; and so may the log files that it names.",
);

pub(super) const KEY_UNKNOWN: Rule = Rule {
    severity: Severity::Medium,
    attack: CHANGED,
    false_positives: &["The keys were saved for another region or another time."],
    ..doubt(
        "digest-key-unknown",
        "Digest files signed with a key that was not given",
        "If AWS does not list the key either, somebody else signed them.",
    )
};

pub(super) const KEY_NOT_THEN: Rule = Rule {
    severity: Severity::Medium,
    attack: CHANGED,
    ..doubt(
        "digest-key-not-valid-then",
        "Digest files signed with a key of another time",
        "CloudTrail signs with the key of the day; an old one may have become known to others.",
    )
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_rule_is_listed_once() {
        let written = include_str!("rules.rs").matches("pub(super) const ").count() - 1;
        let ids: BTreeSet<&str> = ALL.iter().map(|rule| rule.id).collect();
        assert_eq!((ids.len(), ALL.len()), (written, written));
    }
}
