//! `access-analyzer:UpdateArchiveRule`.

use crate::call::call;

call! {
    /// Changes a rule that puts findings out of sight.
    "access-analyzer" UpdateArchiveRule Alters Resource(analyzer_name) {
        /// The analyzer.
        analyzer_name: Option<String> = request "analyzerName",
        /// The rule.
        rule_name: Option<String> = request "ruleName",
        /// The filter as JSON text.
        filter: Option<String> = document "requestParameters.filter",
    }
}
