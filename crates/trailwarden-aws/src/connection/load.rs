//! From settings to the SDK's configuration and to a connector.

use std::time::Duration;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_async::rt::sleep::TokioSleep;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::{HttpConnectorSettings, SharedHttpConnector};

use super::Settings;
use crate::pace::Patience;

pub(super) async fn load(
    settings: &Settings,
    provider: Option<SharedCredentialsProvider>,
) -> SdkConfig {
    let client = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(client)
        .sleep_impl(TokioSleep::new());
    if let Some(profile) = &settings.profile {
        loader = loader.profile_name(profile);
    }
    if let Some(region) = &settings.region {
        loader = loader.region(Region::new(region.clone()));
    }
    if let Some(url) = &settings.endpoint_url {
        loader = loader.endpoint_url(url);
    }
    if let Some(provider) = provider {
        loader = loader.credentials_provider(provider);
    }
    loader.load().await
}

pub(super) fn connector(endpoint: Option<&str>, patience: Patience) -> SharedHttpConnector {
    let wait = Duration::from_millis(patience.timeout_ms);
    let settings = HttpConnectorSettings::builder()
        .connect_timeout(wait.min(Duration::from_secs(10)))
        .read_timeout(wait)
        .build();
    let is_local = endpoint.is_some_and(is_on_this_machine);
    // What is on this machine is not asked through a proxy.
    let proxy = if is_local { ProxyConfig::disabled() } else { ProxyConfig::from_env() };
    let connector = Connector::builder()
        .connector_settings(settings)
        .sleep_impl(TokioSleep::new())
        .proxy_config(proxy)
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build();
    SharedHttpConnector::new(connector)
}

pub(super) fn is_address(url: &str) -> bool {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && !host.starts_with(['/', ':']))
}

/// An error and what caused it, in one line.
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let mut texts = vec![error.to_string()];
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        if !texts.contains(&text) {
            texts.push(text);
        }
        next = cause.source();
    }
    texts.join(": ")
}

/// Whether an address is of this machine, by its host.
fn is_on_this_machine(url: &str) -> bool {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|host| {
        let after = rest.strip_prefix(host);
        after.is_some_and(|after| after.is_empty() || after.starts_with([':', '/']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hosts_of_this_machine_go_around_a_proxy() {
        for url in
            ["http://127.0.0.1:5000", "http://localhost", "https://localhost/x", "http://[::1]:1"]
        {
            assert!(is_on_this_machine(url), "{url}");
        }
        for url in [
            "https://localhost.example.com",
            "https://127.0.0.1.example.com",
            "https://example.com/localhost",
        ] {
            assert!(!is_on_this_machine(url), "{url}");
        }
    }
}
