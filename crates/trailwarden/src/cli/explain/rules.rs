//! The pages of what findings name as their rule, and no detection or check is.

use trailwarden_detect::conclude::unauthorized;
use trailwarden_model::Severity;
use trailwarden_model::attack::{self, Attack};
use trailwarden_runtime::aftermath;
use trailwarden_runtime::verify::Rule;

use super::page::Page;

/// A rule that has no file of its own.
#[derive(Debug)]
pub(crate) struct Named {
    /// Its id.
    pub(crate) id: &'static str,
    /// The same in plain words.
    pub(crate) title: &'static str,
    /// What makes such findings.
    from: &'static str,
    severity: Severity,
    /// What it means.
    means: &'static str,
    /// What to do.
    fix: &'static str,
}

const SCAN: &str = "`trailwarden scan`, of its own work";

/// All of them.
pub(crate) static ALL: &[Named] = &[
    Named {
        id: aftermath::RULE,
        title: aftermath::ABOUT.title,
        from: "`trailwarden remediate watch RUN --logs DIR`",
        severity: aftermath::ABOUT.severity,
        means: "A run of a plan switched a key off, denied everything, ended sessions or took a password away, and the \
                logs show calls of the contained after AWS showed it in force. A call that went through means that the \
                containment does not hold. One that was refused means that it does, and that somebody still tries; that \
                is less grave. IAM takes a while to agree with itself, so the first two minutes are told apart.",
        fix: "Look at which credential the call was made with. A session of a role, a second key or a service that keeps \
              its own session is not stopped by switching one key off: contain the whole principal with \
              `attach-quarantine-policy`, and end its sessions with `revoke-sessions`.",
    },
    Named {
        id: unauthorized::UNAUTHORIZED,
        title: unauthorized::TITLE,
        from: "`trailwarden scan --change-policies DIR`",
        severity: Severity::Medium,
        means: "A `forbid` of the change policies matches what was done. The finding names the policy, who did it, to what \
                and when. Its severity follows from the effect of the change: at least medium when it went through, at \
                least low when it was refused.",
        fix: "Ask whoever made the change. If it was right, the policy is too wide, and its owner narrows it. If not, take \
              the change back: the other findings of the same event name remediations.",
    },
    Named {
        id: "change-policy-failed",
        title: "A change policy could not be evaluated",
        from: "`trailwarden scan` and `trailwarden changes`, with `--change-policies DIR`",
        severity: Severity::Medium,
        means: "A condition asked for something that the change does not have, such as the tags of a principal that the \
                logs never showed. The policy then decides nothing, so the change counts as neither permitted nor \
                forbidden.",
        fix: "Test for the attribute first (`context has mfa && context.mfa`), and give a baseline, which tells what logs \
              leave out.",
    },
    Named {
        id: "detection-panicked",
        title: "A detection stopped with an error",
        from: SCAN,
        severity: Severity::Medium,
        means: "What this detection would have found from there on is not among the findings. All others went on.",
        fix: "Report it, with the message and, if you may, the record.",
    },
    Named {
        id: "model-panicked",
        title: "The model of the accounts stopped with an error",
        from: SCAN,
        severity: Severity::Medium,
        means: "Changes after it, or those that it names, are not judged by what they do to permissions. Detections that \
                look at single events still speak.",
        fix: "Report it, with the message and, if you may, the record.",
    },
    Named {
        id: "memory-limit-reached",
        title: "There was more to remember than there is room for",
        from: SCAN,
        severity: Severity::Low,
        means: "Counting and following need memory, which has a limit. The oldest was dropped, so a pattern that \
                stretches over a long time may have been missed.",
        fix: "Scan a shorter period at a time, or fewer accounts.",
    },
    Named {
        id: "finding-limit-reached",
        title: "A rule made more findings than are kept",
        from: SCAN,
        severity: Severity::Low,
        means: "The findings beyond the limit are not listed. A rule that is this loud usually fits your account badly.",
        fix: "Raise its threshold in `trailwarden.toml`, mend the Sigma rule, or scan a shorter period.",
    },
    Named {
        id: "paths-not-drawn",
        title: "Ways between principals were not worked out",
        from: SCAN,
        severity: Severity::Low,
        means: "There are more accounts than a graph of privileges is drawn for. Effects then tell what was gained, and not \
                which ways it opened.",
        fix: "Scan fewer accounts at a time with `--account`.",
    },
];

/// The page of such a rule.
pub(super) fn page(rule: &Named) -> Page {
    let mut page = Page::new("rule", rule.id, rule.title);
    page.fact("Severity", rule.severity.as_str());
    page.fact("Comes from", rule.from);
    page.section("What it means", rule.means);
    page.section("What to do", rule.fix);
    page
}

/// The page of a rule of `verify`.
pub(super) fn verify(rule: &Rule) -> Page {
    let mut page = Page::new("rule", rule.id, rule.title);
    page.fact(
        "Severity",
        format!("{}, confidence {}", rule.severity.as_str(), rule.confidence.as_str()),
    );
    page.fact("Comes from", "`trailwarden verify`");
    let attack = rule.attack.iter().map(|id| format!("`{id}` {}", Attack::of(id).tactic));
    let attack: Vec<String> = attack.collect();
    if !attack.is_empty() {
        page.fact("ATT&CK", format!("{}: {}", attack::VERSION, attack.join(", ")));
    }
    page.section("Why it matters", rule.risk);
    page.points("What it may be besides", rule.false_positives);
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use trailwarden_detect::conclude::health;

    #[test]
    fn every_rule_about_the_engine_itself_is_explained() {
        let own = [aftermath::RULE, unauthorized::UNAUTHORIZED];
        for id in health::RULES.iter().chain(&own) {
            assert!(ALL.iter().any(|rule| rule.id == *id), "`{id}` is not explained");
        }
    }
}
