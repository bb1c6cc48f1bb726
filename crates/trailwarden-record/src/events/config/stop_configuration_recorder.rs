//! `config:StopConfigurationRecorder`.

use crate::call::call;

call! {
    /// Stops recording the configuration of resources.
    config StopConfigurationRecorder Detaches Resource(configuration_recorder_name) {
        /// The recorder.
        configuration_recorder_name: Option<String> = request "configurationRecorderName",
    }
}
