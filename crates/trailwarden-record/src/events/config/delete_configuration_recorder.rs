//! `config:DeleteConfigurationRecorder`.

use crate::call::call;

call! {
    /// Deletes the configuration recorder; what it recorded stays.
    config DeleteConfigurationRecorder Deletes Resource(configuration_recorder_name) {
        /// The recorder.
        configuration_recorder_name: Option<String> = request "configurationRecorderName",
    }
}
