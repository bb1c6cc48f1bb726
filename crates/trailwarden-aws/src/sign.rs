//! Signatures: by the SDK's own signer, over requests of ours.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SignableBody, SignableRequest, SigningSettings,
    UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;

use crate::protocol::Outgoing;
use crate::reads::{Protocol, Service};

/// The request, ready to be sent. The error says what is wrong, without the credentials.
pub(crate) fn signed(
    outgoing: &Outgoing,
    service: &Service,
    region: &str,
    credentials: &Credentials,
) -> Result<HttpRequest, String> {
    let mut settings = SigningSettings::default();
    if service.protocol == Protocol::S3 {
        // S3 User Guide, "Authenticating Requests": paths are taken as they are, and the hash of the body is a header.
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        settings.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
    }
    let identity = credentials.clone().into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(region)
        .name(service.name)
        .time(SystemTime::now())
        .settings(settings)
        .build()
        .map_err(|error| error.to_string())?
        .into();
    let headers = outgoing.headers.iter().map(|(name, value)| (*name, value.as_str()));
    let body = SignableBody::Bytes(outgoing.body.as_bytes());
    let signable = SignableRequest::new(outgoing.method, &outgoing.url, headers, body)
        .map_err(|error| error.to_string())?;
    let (instructions, _) =
        sign(signable, &parameters).map_err(|error| error.to_string())?.into_parts();
    let mut request = HttpRequest::new(SdkBody::from(outgoing.body.as_str()));
    request.set_method(outgoing.method).map_err(|error| error.to_string())?;
    request.set_uri(outgoing.url.as_str()).map_err(|error| error.to_string())?;
    for (name, value) in &outgoing.headers {
        request.headers_mut().insert(*name, value.clone());
    }
    for (name, value) in instructions.headers() {
        request.headers_mut().insert(name.to_owned(), value.to_owned());
    }
    Ok(request)
}
