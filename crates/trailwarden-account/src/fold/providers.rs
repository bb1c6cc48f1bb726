//! SAML and OpenID Connect providers.

use std::sync::Arc;

use trailwarden_record::events::Call;

use super::Fold;
use crate::change::{Field, Subject};
use crate::fact::Fact;
use crate::gap::GapKind;
use crate::identity::Id;
use crate::listing::Listing;
use crate::managed::{Provider, ProviderKind};
use crate::model::Tombstone;

impl Fold<'_> {
    pub(super) fn providers(&mut self, call: &Call) -> bool {
        use ProviderKind::{OpenIdConnect, Saml};
        match call {
            Call::CreateOpenIDConnectProvider(c) => {
                let Some(arn) = &c.open_id_connect_provider_arn else { return true };
                let clients = c.client_id_list.iter().map(|id| (id.as_str().into(), ()));
                let provider = Provider {
                    arn: arn.as_str().into(),
                    kind: OpenIdConnect,
                    clients: Listing::all(clients, &self.entry.proof),
                    thumbprints: self.known(texts(&c.thumbprint_list)),
                    metadata: Fact::default(),
                    tags: self.tag_listing(&c.tags),
                };
                self.made_provider(provider);
            }
            Call::CreateSAMLProvider(c) => {
                let Some(arn) = &c.saml_provider_arn else { return true };
                let provider = Provider {
                    arn: arn.as_str().into(),
                    kind: Saml,
                    clients: Listing::empty(&self.entry.proof),
                    thumbprints: self.known(Vec::new()),
                    metadata: self.given(c.saml_metadata_document.as_deref().map(Into::into)),
                    tags: self.tag_listing(&c.tags),
                };
                self.made_provider(provider);
            }
            Call::UpdateSAMLProvider(c) if c.saml_provider_arn.is_none() => self.any_saml(),
            Call::UpdateSAMLProvider(c) => {
                let metadata = c.saml_metadata_document.as_deref().map(Arc::<str>::from);
                // The call may change only the encryption; the document then stays.
                let metadata =
                    (metadata.is_some() || self.entry.is_omitted).then(|| self.given(metadata));
                self.edit_provider(Saml, &c.saml_provider_arn, Field::Certificates, |provider| {
                    if let Some(metadata) = metadata {
                        provider.metadata = metadata;
                    }
                });
            }
            Call::UpdateOpenIDConnectProviderThumbprint(c) => {
                let thumbprints = self.known(texts(&c.thumbprint_list));
                let arn = &c.open_id_connect_provider_arn;
                self.edit_provider(OpenIdConnect, arn, Field::Certificates, |provider| {
                    provider.thumbprints = thumbprints;
                });
            }
            Call::AddClientIDToOpenIDConnectProvider(c) => {
                self.client(&c.open_id_connect_provider_arn, &c.client_id, true);
            }
            Call::RemoveClientIDFromOpenIDConnectProvider(c) => {
                self.client(&c.open_id_connect_provider_arn, &c.client_id, false);
            }
            Call::DeleteOpenIDConnectProvider(c) => {
                self.deleted_provider(&c.open_id_connect_provider_arn);
            }
            Call::DeleteSAMLProvider(c) => self.deleted_provider(&c.saml_provider_arn),
            _ => return false,
        }
        true
    }

    /// The metadata of some SAML provider. Metadata is long, so its parameters are often left out.
    fn any_saml(&mut self) {
        let why = self.why_absent();
        let saml = self.model.providers().filter(|provider| provider.kind == ProviderKind::Saml);
        let arns: Vec<Arc<str>> = saml.map(|provider| provider.arn.clone()).collect();
        for arn in arns {
            if let Some(shared) = self.model.providers.get_mut(&arn) {
                Arc::make_mut(shared).metadata.doubt(&why);
            }
            self.touch(Subject::Provider(arn), Field::Certificates, None);
        }
    }

    fn client(&mut self, arn: &Option<String>, client: &Option<String>, is_added: bool) {
        let Some(client) = client.as_deref().map(Arc::<str>::from) else { return };
        let (here, proof) = (self.known(()), self.entry.proof.clone());
        self.edit_provider(ProviderKind::OpenIdConnect, arn, Field::Clients, |provider| {
            if is_added {
                provider.clients.put(client, here);
            } else {
                provider.clients.remove(&client, &proof);
            }
        });
    }

    fn made_provider(&mut self, provider: Provider) {
        if self.model.providers.contains_key(&provider.arn) {
            self.gap(GapKind::MadeTwice, &provider.arn, "");
        }
        self.touch(Subject::Provider(provider.arn.clone()), Field::Existence, None);
        self.model.tombstones.remove_mut(&Id::unique(&provider.arn));
        self.model.providers.insert_mut(provider.arn.clone(), Arc::new(provider));
    }

    fn deleted_provider(&mut self, arn: &Option<String>) {
        let Some(arn) = arn else { return };
        // Replaced within a second: it was the one before that was deleted.
        if self.settle(GapKind::MadeTwice, arn, None) {
            return;
        }
        self.model.providers.remove_mut(arn.as_str());
        self.touch(Subject::Provider(arn.as_str().into()), Field::Existence, None);
        // A provider has no id of its own: whoever makes one of that ARN brings it back.
        self.entomb(Tombstone {
            id: Id::unique(arn),
            subject: arn.as_str().into(),
            arn: Some(arn.clone()),
            deleted: self.entry.proof.clone(),
        });
    }

    /// Edits a provider, which begins here when it was never seen.
    pub(super) fn edit_provider(
        &mut self,
        kind: ProviderKind,
        arn: &Option<String>,
        field: Field,
        edit: impl FnOnce(&mut Provider),
    ) {
        let Some(arn) = arn else { return };
        let arn: Arc<str> = arn.as_str().into();
        if !self.model.providers.contains_key(&arn) {
            let provider = Provider {
                arn: arn.clone(),
                kind,
                clients: Listing::default(),
                thumbprints: Fact::default(),
                metadata: Fact::default(),
                tags: Listing::default(),
            };
            self.model.tombstones.remove_mut(&Id::unique(&arn));
            self.model.providers.insert_mut(arn.clone(), Arc::new(provider));
        }
        if let Some(shared) = self.model.providers.get_mut(&arn) {
            edit(Arc::make_mut(shared));
        }
        self.touch(Subject::Provider(arn), field, None);
    }
}

fn texts(list: &[String]) -> Vec<Arc<str>> {
    list.iter().map(|text| text.as_str().into()).collect()
}
