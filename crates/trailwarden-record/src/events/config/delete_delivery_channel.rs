//! `config:DeleteDeliveryChannel`.

use crate::call::call;

call! {
    /// Deletes the channel through which recorded configurations are delivered.
    config DeleteDeliveryChannel Deletes Resource(delivery_channel_name) {
        /// The delivery channel.
        delivery_channel_name: Option<String> = request "deliveryChannelName",
    }
}
