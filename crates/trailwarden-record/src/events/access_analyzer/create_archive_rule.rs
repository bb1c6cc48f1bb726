//! `access-analyzer:CreateArchiveRule`.

use crate::call::call;

call! {
    /// Makes a rule that puts findings out of sight as they appear.
    ///
    /// A broad filter hides new outside access without switching anything off.
    "access-analyzer" CreateArchiveRule Creates Resource(analyzer_name) {
        /// The analyzer.
        analyzer_name: Option<String> = request "analyzerName",
        /// The rule.
        rule_name: Option<String> = request "ruleName",
        /// The filter as JSON text.
        filter: Option<String> = document "requestParameters.filter",
    }
}
