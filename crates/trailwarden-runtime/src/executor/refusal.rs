//! Why nothing was done.

use trailwarden_model::Timestamp;

/// Why nothing was done: no call was made, and the journal has no run of it.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Another digest was approved.
    #[error(
        "the plan's digest is `{plan}`, and what was approved is `{approved}`; approve this plan, or apply that one"
    )]
    NotApproved {
        /// The plan's.
        plan: String,
        /// The approved one.
        approved: String,
    },
    /// It is not the plan that was made, or asks for what no plan may.
    #[error(transparent)]
    Plan(#[from] trailwarden_remedy::plan::Error),
    /// There is nothing in it.
    #[error("the plan has no steps; there is nothing to do")]
    Empty,
    /// The plan holds a time that has passed.
    #[error("the plan was to be applied before {0}; make a new one")]
    TooOld(Timestamp),
    /// Steps cannot be taken back.
    #[error("these steps cannot be taken back: {}; add `--accept-irreversible` to run them", .0.join(", "))]
    Irreversible(Vec<String>),
    /// Too much at once.
    #[error(
        "the plan has {count} {what}, and at most {most} may run at once; plan less, or raise the limit"
    )]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// How many there may be.
        most: usize,
    },
    /// The credentials are of another account.
    #[error(
        "these credentials are of the account `{caller}`, and the plan is for `{plan}`; use those of that account, or name a role there with `--role`"
    )]
    Account {
        /// The caller's.
        caller: String,
        /// The plan's.
        plan: String,
    },
    /// AWS does not say who asks.
    #[error(transparent)]
    Caller(#[from] trailwarden_aws::Error),
    /// It would take access away from who runs it.
    #[error(
        "{} may take access away from `{caller}`, who runs this; ask somebody else to apply the plan",
        told(.steps)
    )]
    OwnIdentity {
        /// The steps; none where only the preview of the whole plan tells.
        steps: Vec<String>,
        /// The caller.
        caller: String,
    },
    /// Whether it would is not known.
    #[error(
        "whether the plan takes access away from `{caller}`, who runs this, is not known: {cause}; see to it that somebody else could take it back, and add `--accept-unknown` to run it all the same"
    )]
    OwnUnknown {
        /// The caller.
        caller: String,
        /// Why it is not known.
        cause: String,
    },
    /// The account is not as the plan takes it to be.
    #[error(
        "step {step}: the account is not as the plan takes it to be: {cause}; make a new plan, or one without it (`remediate plan` with `--id` for each of the other findings)"
    )]
    Drift {
        /// The step.
        step: String,
        /// What is not so.
        cause: String,
    },
    /// A question was not answered.
    #[error("step {step}: {cause}; nothing was changed")]
    Unasked {
        /// The step.
        step: String,
        /// The question, and why there is no answer.
        cause: String,
    },
    /// The plan was begun already.
    #[error(
        "this plan was begun by the run `{run}`, which is {status}; go on with `trailwarden remediate apply --resume {run}`, or take it back with `trailwarden remediate undo {run}`"
    )]
    Begun {
        /// The run.
        run: String,
        /// Where it stands.
        status: &'static str,
    },
    /// The plan was carried out already.
    #[error(
        "this plan was carried out by the run `{run}` of {time}; see it with `trailwarden remediate history {run}`, take it back with `trailwarden remediate undo {run}`, or make a new plan"
    )]
    Applied {
        /// The run.
        run: String,
        /// When it began.
        time: Timestamp,
    },
    /// The journal cannot be used.
    #[error(transparent)]
    Journal(#[from] super::JournalError),
    /// There is no such run.
    #[error("the journal has no run `{0}`; `trailwarden remediate history` lists them")]
    NoRun(String),
    /// It cannot be gone on with.
    #[error(
        "the run `{run}` is {status}, and cannot be {what}; `trailwarden remediate history {run}` shows what it did, and anything more takes a new plan"
    )]
    Over {
        /// The run.
        run: String,
        /// Where it stands.
        status: &'static str,
        /// What was asked for.
        what: &'static str,
    },
}

/// Steps, as a sentence begins with them.
fn told(steps: &[String]) -> String {
    match steps {
        [] => "the plan, by its preview,".to_owned(),
        [one] => format!("step {one}"),
        many => format!("each of the steps {}", many.join(", ")),
    }
}
