//! The context documents that this crate carries.
//!
//! Where each comes from, and under which licence, is in `bundled/README.md`. A context decides what a signature
//! covers, so a test pins every byte of them.

/// A context document.
#[derive(Clone, Copy)]
pub(super) struct Document {
    /// Where documents say it is.
    pub(super) url: &'static str,
    /// The file that it lies in.
    #[cfg(test)]
    file: &'static str,
    /// The document itself.
    pub(super) text: &'static str,
}

macro_rules! document {
    ($url:literal, $file:literal) => {
        Document {
            url: $url,
            #[cfg(test)]
            file: $file,
            text: include_str!(concat!("bundled/", $file)),
        }
    };
}

/// What the URLs stand for today.
#[rustfmt::skip]
pub(super) const CURRENT: &[Document] = &[
    document!("https://openbadgespec.org/v2/context.json", "ob-2.0.json"),
    document!("https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json", "clr-2.0.1.json"),
    document!("https://purl.imsglobal.org/spec/clr/v2p0/context.json", "clr-2.0.json"),
    document!("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json", "ob-3.0.1.json"),
    document!("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json", "ob-3.0.2.json"),
    document!("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", "ob-3.0.3.json"),
    document!("https://purl.imsglobal.org/spec/ob/v3p0/context.json", "ob-3.0.json"),
    document!("https://purl.imsglobal.org/spec/ob/v3p0/context/ob_v3p0.jsonld", "ob-3.0.json"),
    document!("https://purl.imsglobal.org/spec/ob/v3p0/extensions.json", "ob-extensions.json"),
    document!("https://w3c-ccg.github.io/vc-ed/plugfest-1-2022/jff-vc-edu-plugfest-1-context.json", "jff-plugfest-1.json"),
    document!("https://w3id.org/openbadges/v2", "ob-2.0.json"),
    document!("https://w3id.org/security/data-integrity/v1", "data-integrity-v1.json"),
    document!("https://w3id.org/security/data-integrity/v2", "data-integrity-v2.json"),
    document!("https://w3id.org/security/multikey/v1", "multikey-v1.json"),
    document!("https://w3id.org/security/suites/ed25519-2020/v1", "ed25519-2020-v1.json"),
    document!("https://w3id.org/vc-revocation-list-2020/v1", "revocation-list-2020-v1.json"),
    document!("https://w3id.org/vc/status-list/2021/v1", "status-list-2021-v1.json"),
    document!("https://www.w3.org/2018/credentials/v1", "credentials-v1.json"),
    document!("https://www.w3.org/ns/credentials/status/v1", "status-v1.json"),
    document!("https://www.w3.org/ns/credentials/v2", "credentials-v2.json"),
    document!("https://www.w3.org/ns/did/v1", "did-v1.json"),
];

/// What some of them stood for earlier.
#[rustfmt::skip]
pub(super) const EARLIER: &[Document] = &[
    document!("https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json", "ob-3.0.3-earlier.json"),
    document!("https://purl.imsglobal.org/spec/ob/v3p0/context.json", "jff-plugfest-1.json"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Digest;
    use crate::jsonld::ContextStore;

    #[test]
    fn every_document_is_the_pinned_one() {
        #[rustfmt::skip]
        let pins = [
            ("clr-2.0.1.json", "880f1902d4158f2f33ce06af41b90719977cd1ea337a9de2e41edb3ff5e543d6"),
            ("clr-2.0.json", "e198d7b517d74c5036434ce495086f67b10244709e9a3df9dcb7f8b1579b6167"),
            ("credentials-v1.json", "ab4ddd9a531758807a79a5b450510d61ae8d147eab966cc9a200c07095b0cdcc"),
            ("credentials-v2.json", "8a9f494a89ecc51db093e90e84713e07e84d6d9204364a9b3c7868b21751236f"),
            ("data-integrity-v1.json", "b5d829bd09aa7c42abc6efa0c8ed7635313b5487f37ccfce3ecd149ca9418554"),
            ("data-integrity-v2.json", "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4"),
            ("did-v1.json", "4f3eae5568c9c5f036a082088f9e192019ee06faa78973c87ff91d5421b88dad"),
            ("ed25519-2020-v1.json", "b9e1ab971fd8bf2c7553e0c4a9438e0b9450afde1ea1ca5b2492368b9f549588"),
            ("jff-plugfest-1.json", "3bc63c2ac768b6c3ae9a1beeb2564b3156b47c4a3ffae1ae49b553d3664f2749"),
            ("multikey-v1.json", "c5f3806f8286920573221938917988a18a4cc5a09e968d29649613c7a1c2b1f6"),
            ("ob-2.0.json", "ee8c373cb831e92f0033b7f26b61a43b2719932a20da2c396e5dad48ec429b2d"),
            ("ob-3.0.1.json", "af095468326d3449160509b26ca71576e6321d13c85b0369cfe3b654c9a48fba"),
            ("ob-3.0.2.json", "00666ad080ba407687ed1846b7f5e7495f5019042b202a727de47c48a1755c53"),
            ("ob-3.0.3-earlier.json", "ef2fa9c7846dce233cc166b43639027278be4ee44f00bb1d45c75de2dd0cd761"),
            ("ob-3.0.3.json", "3d34f4d4ef1bce691106e63798beb5e7b862ba841423f5ee1e53ab7ddf3bca84"),
            ("ob-3.0.json", "b077fa134d909d92c1dcd1c153f2af1b244aeb415967fdc1467d7fc5dd48ac10"),
            ("ob-extensions.json", "2d013f981d1f4516081a6a04e55468ba2b071d4153b794f19a79715c45a89a5e"),
            ("revocation-list-2020-v1.json", "9fe1e5bd6d2f709e4628947c86455f2d97204e07ed7b7ae51d559e35e5238e9d"),
            ("status-list-2021-v1.json", "6dd06a52bedb771e059c1083ba8ba7848dce22f6b4a8cfa0b98ba3fc188870e4"),
            ("status-v1.json", "fda5add353231e6a6884a46b12e6c75464281900cb348284d9c360f62381d9f7"),
        ];
        for document in [CURRENT, EARLIER].concat() {
            let found = Digest::of(document.text.as_bytes()).to_string();
            assert!(pins.contains(&(document.file, found.as_str())), "{} is {found}", document.file);
        }
    }

    #[test]
    fn every_document_is_in_the_store() {
        let current = ContextStore::bundled();
        for document in CURRENT {
            assert!(current.contains(document.url), "{}", document.url);
        }
        let earlier = ContextStore::bundled_earlier();
        for document in EARLIER {
            let url = document.url;
            assert_ne!(current.document(url).unwrap().value, earlier.document(url).unwrap().value, "{url}");
        }
    }
}
