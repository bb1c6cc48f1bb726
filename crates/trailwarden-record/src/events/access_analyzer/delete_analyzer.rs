//! `access-analyzer:DeleteAnalyzer`.

use crate::call::call;

call! {
    /// Deletes an analyzer with all its findings.
    "access-analyzer" DeleteAnalyzer Deletes Resource(analyzer_name) {
        /// The analyzer.
        analyzer_name: Option<String> = request "analyzerName",
    }
}
