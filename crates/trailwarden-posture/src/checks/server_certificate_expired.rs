//! A server certificate of IAM has expired.

use crate::prelude::*;

/// See the fields.
pub static CHECK: Check = Check {
    id: "server-certificate-expired",
    title: "Expired server certificate",
    area: Area::Identities,
    severity: Severity::Medium,
    confidence: Confidence::High,
    risk: "Whoever puts it in front of a service by mistake takes the service down, or teaches people to click warnings away.",
    fix: "Delete the certificate, and keep certificates in ACM, which renews them.",
    needs: &["iam:ListServerCertificates"],
    controls: &[
        Control::Cis(["1.19", "1.19", "1.18", "2.18", "2.17"]),
        Control::SecurityHub("IAM.26"),
        Control::Config("iam-server-certificate-expiration-check"),
        Control::Prowler("iam_no_expired_server_certificates_stored"),
    ],
    remedies: &[],
    fails_on: &[
        r#"iam:ListServerCertificates {"ServerCertificateMetadataList":[{"ServerCertificateName":"web","Arn":"arn:aws:iam::111122223333:server-certificate/web","Expiration":"2026-01-01T00:00:00Z"}]}"#,
    ],
    passes_on: &[
        r#"iam:ListServerCertificates {"ServerCertificateMetadataList":[]}"#,
        r#"iam:ListServerCertificates {"ServerCertificateMetadataList":[{"ServerCertificateName":"web","Arn":"arn:aws:iam::111122223333:server-certificate/web","Expiration":"2027-01-01T00:00:00Z"}]}"#,
    ],
    logic: Logic::Each(judge),
};

fn judge(state: &State<'_>, verdicts: &mut Verdicts) -> Known<()> {
    const CALL: &str = "iam:ListServerCertificates";
    let certificates = state.items(CALL, "ServerCertificateMetadataList")?;
    for one in certificates {
        let label = format!("certificate {}", text(one, "ServerCertificateName"));
        let resource = Resource::arn("server_certificate", label.clone(), text(one, "Arn"));
        match Timestamp::parse(text(one, "Expiration")) {
            Some(end) => verdicts.judge(
                &resource,
                end < state.now(),
                || format!("The {label} expired at {end}."),
                || format!("The {label} is valid until {end}."),
            ),
            None => verdicts.unknown(&resource, "AWS does not say when it expires"),
        }
    }
    if certificates.is_empty() {
        let account = Resource::account(state);
        verdicts.pass(&account, format!("The {} keeps no server certificate.", account.label));
    }
    Ok(())
}
