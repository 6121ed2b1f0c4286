//! The suite `keys`: each form in which a key is published, bound to the issuer and not.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::edit::{with, without};
use super::jwt::payload;
use super::ob3::{achievement, credential};
use super::signer::{Key, did_jwk};
use super::suite::{Case, Document, Suite, pretty};

pub(super) fn make(suite: &mut Suite) {
    did_keys(suite);
    did_jwks(suite);
    did_webs(suite);
    documents(suite);
    single_keys(suite);
    key_sets(suite);
    super::key_sets::make(suite);
    other_dids(suite);
    super::did_urls::make(suite);
    super::key_uses::make(suite);
    super::key_reach::make(suite);
    super::key_names::make(suite);
    super::key_ids::make(suite);
}

fn bell_ringer(issuer: &str) -> Value {
    credential(
        "urn:uuid:6a0f3c0e-2b1d-4b52-8f6e-9d1f00aa0001",
        &json!({"id": issuer, "type": ["Profile"], "name": "Tower of Bells"}),
        &achievement(
            "urn:uuid:6a0f3c0e-2b1d-4b52-8f6e-9d1f00aaffff",
            "Bell Ringer",
            "Rings changes on eight bells.",
            "A quarter peal without a fault.",
        ),
    )
}

/// The badge of an issuer, with a proof over its JSON that names a method.
pub(super) fn sealed(key: &Key, issuer: &str, method: &str) -> String {
    let cryptosuite = if matches!(key, Key::Ed25519(_)) { "eddsa-jcs-2022" } else { "ecdsa-jcs-2019" };
    let proof = json!({
        "type": "DataIntegrityProof",
        "cryptosuite": cryptosuite,
        "created": "2026-03-01T09:00:00Z",
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    });
    pretty(&key.seal(&bell_ringer(issuer), &proof))
}

/// The badge of an issuer as a JWT.
pub(super) fn token(key: &Key, algorithm: &str, issuer: &str, header: &Value) -> String {
    format!("{}\n", key.jws(algorithm, header, &payload(&bell_ringer(issuer))))
}

pub(super) fn valid(case: &mut Case) {
    case.verdict("3.0", "valid").passed(["proof.signature", "key.linked", "key.controller"]);
}

fn unbound(case: &mut Case) {
    case.verdict("3.0", "unverified").passed(["proof.signature"]).inconclusive(["key.controller"]);
}

fn unsupported(case: &mut Case) {
    case.verdict("3.0", "unverified").inconclusive(["proof.signature"]);
}

pub(super) fn invalid(case: &mut Case, code: &'static str) {
    case.verdict("3.0", "invalid").failed([code]);
}

/// Issuers who are their key (the did:key Method).
fn did_keys(suite: &mut Suite) {
    let (ed, p256, p384) = (Key::ed25519("the tower"), Key::p256("the tower"), Key::p384("the tower"));
    let rsa = Key::rsa_of_the_observatory();
    for (name, key) in [("ed25519", &ed), ("p256", &p256), ("p384", &p384)] {
        valid(suite.badge(
            &format!("badges/did-key-{name}.json"),
            sealed(key, &key.did(), &key.did_method()),
            format!("A did:key of {name}, with the fragment."),
        ));
        valid(suite.badge(
            &format!("badges/did-key-{name}-bare.json"),
            sealed(key, &key.did(), &key.did()),
            format!("A did:key of {name}, without fragment: it has one method only."),
        ));
        unbound(suite.badge(
            &format!("badges/did-key-{name}-foreign.json"),
            sealed(key, &Key::ed25519("the chapel").did(), &key.did_method()),
            format!("A did:key of {name}, for a badge of another did:key."),
        ));
    }
    valid(suite.badge(
        "badges/did-key-rsa.jws",
        token(&rsa, "RS256", &rsa.did(), &json!({"kid": rsa.did_method()})),
        "A did:key of RSA.",
    ));
    let base64url = format!("did:key:u{}", URL_SAFE_NO_PAD.encode(ed.multicodec()));
    valid(suite.badge(
        "badges/did-key-base64url.json",
        sealed(&ed, &base64url, &base64url),
        "A did:key in base64url.",
    ));
    let fragment = format!("{}#{}", ed.did(), p256.multikey());
    invalid(
        suite.badge(
            "badges/did-key-fragment.json",
            sealed(&ed, &ed.did(), &fragment),
            "The fragment names a key that the DID does not have.",
        ),
        "proof.signature",
    );
    let cut = did_of(&ed.multicodec()[..33]);
    invalid(
        suite.badge("badges/did-key-cut.json", sealed(&ed, &cut, &cut), "The key is one byte short."),
        "proof.signature",
    );
    for (name, prefix) in [("secp256k1", [0xE7, 0x01]), ("p521", [0x82, 0x24]), ("x25519", [0xEC, 0x01])] {
        let did = did_of(&[&prefix, &p256.multicodec()[2..]].concat());
        unsupported(suite.badge(
            &format!("badges/did-key-{name}.json"),
            sealed(&p256, &did, &did),
            format!("A key of {name}, which this crate does not have, is no sign of forgery."),
        ));
    }
}

fn did_of(multicodec: &[u8]) -> String {
    format!("did:key:z{}", bs58::encode(multicodec).into_string())
}

/// Issuers who are their JWK (did:jwk Method).
fn did_jwks(suite: &mut Suite) {
    let rsa = Key::rsa_of_the_observatory();
    let keys = [
        ("ed25519", "EdDSA", Key::ed25519("the tower")),
        ("p256", "ES256", Key::p256("the tower")),
        ("p384", "ES384", Key::p384("the tower")),
        ("rsa", "PS256", Key::rsa_of_the_observatory()),
    ];
    for (name, algorithm, key) in &keys {
        let did = key.did_jwk();
        let header = json!({"kid": format!("{did}#0")});
        valid(suite.badge(
            &format!("badges/did-jwk-{name}.jws"),
            token(key, algorithm, &did, &header),
            format!("A did:jwk of {name}."),
        ));
        unbound(suite.badge(
            &format!("badges/did-jwk-{name}-foreign.jws"),
            token(key, algorithm, "https://tower.example/", &header),
            format!("A did:jwk of {name}, for a badge of an issuer on the web."),
        ));
    }
    let ed = Key::ed25519("the tower");
    for (name, jwk, fragment, about) in [
        ("fragment", ed.jwk(), "1", "The fragment names a key that the DID does not have."),
        ("private", with(&ed.jwk(), "/d", "AA"), "0", "The DID tells a private key."),
        ("encryption", with(&ed.jwk(), "/use", "enc"), "0", "The JWK says that it is for encryption."),
        ("other-alg", with(&ed.jwk(), "/alg", "ES256"), "0", "The JWK is for another algorithm."),
        ("signing-only", with(&ed.jwk(), "/key_ops", json!(["sign"])), "0", "The JWK is not for verifying."),
        ("cut", with(&ed.jwk(), "/x", "AAAA"), "0", "The key is too short."),
    ] {
        let did = did_jwk(&jwk);
        let header = json!({"kid": format!("{did}#{fragment}")});
        let badge = token(&ed, "EdDSA", &did, &header);
        invalid(suite.badge(&format!("badges/did-jwk-{name}.jws"), badge, about), "proof.signature");
    }
    let unknown = did_jwk(&with(&Key::p256("the tower").jwk(), "/crv", "secp256k1"));
    unsupported(suite.badge(
        "badges/did-jwk-secp256k1.jws",
        token(&rsa, "RS256", &unknown, &json!({"kid": format!("{unknown}#0")})),
        "A curve that this crate does not have is no sign of forgery.",
    ));
}

/// A verification method of each type, without id and controller, for a key.
fn typed(key: &Key) -> Vec<(&'static str, Value)> {
    let multikey = |name| json!({"type": name, "publicKeyMultibase": key.multikey()});
    let jwk = |name| json!({"type": name, "publicKeyJwk": key.jwk()});
    let mut forms = vec![
        ("multikey", multikey("Multikey")),
        ("json-web-key", jwk("JsonWebKey")),
        ("json-web-key-2020", jwk("JsonWebKey2020")),
    ];
    if matches!(key, Key::Ed25519(_)) {
        forms.push(("2020", multikey("Ed25519VerificationKey2020")));
        forms.push(("2018", json!({"type": "Ed25519VerificationKey2018", "publicKeyBase58": key.base58()})));
    }
    forms
}

/// The same method with its name and controller.
pub(super) fn named(method: &Value, id: &str, controller: &str) -> Value {
    with(&with(method, "/id", id), "/controller", controller)
}

/// Issuers with a document of their DID (did:web Method).
fn did_webs(suite: &mut Suite) {
    let kinds = [
        ("ed25519", Key::ed25519("the tower")),
        ("p256", Key::p256("the tower")),
        ("p384", Key::p384("the tower")),
    ];
    for (kind, key) in &kinds {
        for (form, method) in typed(key) {
            let did = format!("did:web:tower.example:{kind}:{form}");
            let name = format!("{did}#key-1");
            let document = document_of(&did, json!([named(&method, &name, &did)]), json!([name]));
            let served = suite.serve(&did, &document);
            valid(
                suite
                    .badge(
                        &format!("badges/did-web-{kind}-{form}.json"),
                        sealed(key, &did, &name),
                        format!("A key of {kind} as {form} in the document of a did:web."),
                    )
                    .with(served),
            );
        }
    }
    let did = "did:web:tower.example";
    let name = "did:web:tower.example#key-1";
    let ed = Key::ed25519("the tower");
    suite.file("badges/did-web.json", sealed(&ed, did, name));
    let multikey = named(&typed(&ed)[0].1, name, did);
    let relative = with(&multikey, "/id", "#key-1");
    for (case, methods, asserting) in [
        ("relative", json!([relative]), json!(["#key-1"])),
        ("relative-and-absolute", json!([relative]), json!([name])),
        ("one-object", multikey.clone(), json!(name)),
        ("within-assertion-method", json!([]), json!([multikey])),
        ("within-assertion-method-too", json!([multikey]), json!([multikey])),
        ("repeated", json!([multikey, relative]), json!([name])),
        (
            "among-others",
            json!([named(&typed(&Key::p256("the tower"))[0].1, "#key-0", did), multikey]),
            json!(["#key-0", "#key-1"]),
        ),
        ("not-yet-expired", json!([with(&multikey, "/expires", "2027-01-01T00:00:00Z")]), json!([name])),
    ] {
        let served = variant(suite, case, did, &document_of(did, methods, asserting));
        let about = "The document of the DID holds the key, and lists it for assertions.";
        valid(suite.again("badges/did-web.json", &format!("did-web-{case}"), about).with(served));
    }
    for (case, methods, asserting, code) in [
        ("absent", json!([]), json!([]), "key.linked"),
        (
            "expired",
            json!([with(&multikey, "/expires", "2026-06-01T00:00:00Z")]),
            json!([name]),
            "key.linked",
        ),
        (
            "revoked",
            json!([with(&multikey, "/revoked", "2026-04-01T00:00:00Z")]),
            json!([name]),
            "key.linked",
        ),
        (
            "twice",
            json!([multikey, with(&multikey, "/publicKeyMultibase", Key::ed25519("the chapel").multikey())]),
            json!([name]),
            "key.linked",
        ),
        (
            "twice-in-two-places",
            json!([multikey]),
            json!([with(&multikey, "/publicKeyMultibase", Key::ed25519("the chapel").multikey())]),
            "key.linked",
        ),
        ("to-log-in", json!([multikey]), json!([]), "proof.purpose"),
        (
            "of-another",
            json!([with(&multikey, "/controller", "did:web:chapel.example")]),
            json!([name]),
            "key.controller",
        ),
        (
            "exchanged",
            json!([with(&multikey, "/publicKeyMultibase", Key::ed25519("the chapel").multikey())]),
            json!([name]),
            "proof.signature",
        ),
        (
            "another-curve",
            json!([with(&multikey, "/publicKeyMultibase", Key::p256("the tower").multikey())]),
            json!([name]),
            "proof.signature",
        ),
        (
            "another-type",
            json!([with(
                &with(&multikey, "/type", "Ed25519VerificationKey2020"),
                "/publicKeyMultibase",
                Key::p256("the tower").multikey()
            )]),
            json!([name]),
            "proof.signature",
        ),
        (
            "with-secret",
            json!([with(&multikey, "/secretKeyMultibase", "z3u2")]),
            json!([name]),
            "proof.signature",
        ),
        (
            "with-two-keys",
            json!([with(&multikey, "/publicKeyJwk", ed.jwk())]),
            json!([name]),
            "proof.signature",
        ),
        ("without-key", json!([without(&multikey, "/publicKeyMultibase")]), json!([name]), "proof.signature"),
    ] {
        let served = variant(suite, case, did, &document_of(did, methods, asserting));
        let about = "The document of the DID does not give this key for assertions of the issuer's.";
        invalid(suite.again("badges/did-web.json", &format!("did-web-{case}"), about).with(served), code);
    }
    let own = document_of(did, json!([multikey]), json!([name]));
    let served = variant(suite, "with-keys", did, &with(&own, "/keys", json!([])));
    valid(
        suite
            .again(
                "badges/did-web.json",
                "did-web-with-keys",
                "The document of the DID has a member of key sets, which makes it none.",
            )
            .with(served),
    );
    let bare = without(&multikey, "/publicKeyMultibase");
    for (case, kind, method) in [
        ("unknown-type", "MoonKey2030", multikey.clone()),
        ("unknown-type-and-member", "MoonKey2030", with(&bare, "/publicKeyHex", "00")),
        (
            "account",
            "EcdsaSecp256k1RecoveryMethod2020",
            with(&bare, "/blockchainAccountId", "eip155:1:0xab16a96D359eC26a11e2C2b3d8f8B8942d5Bfcdb"),
        ),
        ("unknown-type-two-keys", "MoonKey2030", with(&multikey, "/publicKeyJwk", ed.jwk())),
    ] {
        let unknown = json!([with(&method, "/type", kind)]);
        let served = variant(suite, case, did, &document_of(did, unknown, json!([name])));
        unsupported(
            suite
                .again(
                    "badges/did-web.json",
                    &format!("did-web-{case}"),
                    "A type of key that nobody knows is no sign of forgery.",
                )
                .with(served),
        );
    }
    for (case, document, about) in [
        (
            "other-id",
            with(&own, "/id", "did:web:chapel.example"),
            "The document says that it is another DID's.",
        ),
        ("id-in-capitals", with(&own, "/id", "did:web:Tower.example"), "DIDs are compared as text."),
        ("without-id", without(&own, "/id"), "The document does not say whose it is."),
        ("id-no-text", with(&own, "/id", 7), "The document does not say whose it is."),
    ] {
        let served = variant(suite, case, did, &document);
        suite
            .again("badges/did-web.json", &format!("did-web-{case}"), about)
            .with(served)
            .verdict("3.0", "unverified")
            .inconclusive(["link.id"]);
    }
    for (case, answer) in [("timeout", Document::timeout(did)), ("gone", Document::status(did, 410))] {
        suite
            .again(
                "badges/did-web.json",
                &format!("did-web-{case}"),
                "The document of the DID cannot be had.",
            )
            .with(answer)
            .verdict("3.0", "unverified")
            .inconclusive(["resource.available", "proof.signature"]);
    }
}

pub(super) fn document_of(id: &str, methods: Value, asserting: Value) -> Value {
    json!({"id": id, "verificationMethod": methods, "assertionMethod": asserting})
}

/// Another document of the same DID or URL, for one case.
pub(super) fn variant(suite: &mut Suite, case: &str, id: &str, document: &Value) -> Document {
    let file = format!("documents/variants/{case}.json");
    suite.file(&file, pretty(document));
    Document::file_at(id, file)
}

/// Issuers on the web, whose own document holds their keys (Controlled Identifiers 1.0).
fn documents(suite: &mut Suite) {
    let key = Key::p256("the tower");
    let issuer = "https://tower.example/issuer.json";
    let name = "https://tower.example/issuer.json#key-1";
    let elsewhere = "https://tower.example/keys.json";
    for (form, method) in typed(&key) {
        let document = document_of(issuer, json!([named(&method, name, issuer)]), json!([name]));
        let served = variant(suite, &format!("issuer-{form}"), issuer, &document);
        let path = format!("badges/document-{form}.json");
        valid(
            suite
                .badge(&path, sealed(&key, issuer, name), format!("{form} in the issuer's own document."))
                .with(served.clone()),
        );
        let path = format!("badges/document-{form}.jws");
        valid(
            suite
                .badge(&path, token(&key, "ES256", issuer, &json!({"kid": name})), "The same, for a JWT.")
                .with(served),
        );
    }
    // A document beside the issuer's can name any controller.
    let method = named(&typed(&key)[0].1, "https://tower.example/keys.json#key-1", issuer);
    let document = document_of(elsewhere, json!([method]), json!(["#key-1"]));
    let served = variant(suite, "keys-elsewhere", elsewhere, &document);
    unbound(
        suite
            .badge(
                "badges/document-elsewhere.json",
                sealed(&key, issuer, "https://tower.example/keys.json#key-1"),
                "Another document says that the issuer controls its key.",
            )
            .with(served),
    );
    let own = with(&document, "/verificationMethod", json!([named(&typed(&key)[0].1, "#key-1", elsewhere)]));
    let served = variant(suite, "keys-own", elsewhere, &own);
    invalid(
        suite
            .badge(
                "badges/document-foreign.json",
                sealed(&key, issuer, "https://tower.example/keys.json#key-1"),
                "The key's controller is another document.",
            )
            .with(served),
        "key.controller",
    );
    let fragment = format!("{issuer}#{}", key.multikey());
    suite
        .badge(
            "badges/document-fragment-key.json",
            sealed(&key, issuer, &fragment),
            "The key stands in the fragment of a URL that nobody answers: a fragment is a name, and no key.",
        )
        .with(Document::timeout(issuer))
        .verdict("3.0", "unverified")
        .inconclusive(["resource.available", "proof.signature"]);
    let unlisted = document_of(issuer, json!([]), json!([]));
    let served = variant(suite, "fragment-key", issuer, &unlisted);
    invalid(
        suite
            .again(
                "badges/document-fragment-key.json",
                "document-fragment-key-denied",
                "The issuer's document does not hold the key in the fragment.",
            )
            .with(served),
        "key.linked",
    );
}

/// A method or JWK that is served by itself.
fn single_keys(suite: &mut Suite) {
    let key = Key::ed25519("the tower");
    let issuer = "https://tower.example/issuer.json";
    let url = "https://tower.example/key.json";
    let method =
        with(&named(&typed(&key)[0].1, url, issuer), "/@context", "https://w3id.org/security/multikey/v1");
    let alone = variant(suite, "method-alone", url, &method);
    unbound(
        suite
            .badge(
                "badges/method-alone.json",
                sealed(&key, issuer, url),
                "A method that is served by itself says whom it likes to be its controller.",
            )
            .with(alone),
    );
    let jwk = variant(suite, "jwk-alone", url, &key.jwk());
    let badge = token(&key, "EdDSA", issuer, &json!({"kid": url}));
    suite.file("badges/jwk-alone.jws", badge);
    unbound(
        suite
            .again("badges/jwk-alone.jws", "jwk-alone", "A JWK at a URL of its own names no controller.")
            .with(jwk.clone()),
    );
    let set = "https://tower.example/.well-known/jwks.json";
    let published = variant(suite, "set-with-jwk", set, &json!({"keys": [key.jwk()]}));
    valid(
        suite
            .again(
                "badges/jwk-alone.jws",
                "jwk-alone-published",
                "The key set at the issuer's host holds the JWK, too.",
            )
            .with(jwk.clone())
            .with(published),
    );
    let of_another = variant(
        suite,
        "set-of-another",
        set,
        &json!({"keys": [with(&key.jwk(), "/iss", "https://chapel.example/")]}),
    );
    invalid(
        suite
            .again(
                "badges/jwk-alone.jws",
                "jwk-alone-of-another",
                "The key set says that the JWK signs for somebody else.",
            )
            .with(jwk)
            .with(of_another),
        "key.controller",
    );
    let private = variant(suite, "jwk-private", url, &with(&key.jwk(), "/d", "AA"));
    invalid(
        suite
            .again("badges/jwk-alone.jws", "jwk-alone-private", "The URL serves a private key.")
            .with(private),
        "proof.signature",
    );
    let other = variant(suite, "jwk-other", url, &Key::ed25519("the chapel").jwk());
    invalid(
        suite.again("badges/jwk-alone.jws", "jwk-alone-exchanged", "The URL serves another key.").with(other),
        "proof.signature",
    );
}

/// JWK Sets (RFC 7517 section 5), and what the header says of the key.
fn key_sets(suite: &mut Suite) {
    let issuer = "https://tower.example/issuer.json";
    let set = "https://tower.example/.well-known/jwks.json";
    let keys = [
        ("ed25519", "EdDSA", Key::ed25519("the tower")),
        ("p256", "ES256", Key::p256("the tower")),
        ("p384", "ES384", Key::p384("the tower")),
        ("rsa", "RS256", Key::rsa_of_the_observatory()),
    ];
    let members: Vec<Value> = keys.iter().map(|(name, _, key)| with(&key.jwk(), "/kid", *name)).collect();
    let served = variant(suite, "key-set", set, &json!({"keys": members}));
    let bound = |case: &mut Case| {
        case.verdict("3.0", "valid").passed(["proof.signature", "key.controller"]);
    };
    for (name, algorithm, key) in &keys {
        for (form, header) in [
            ("kid", json!({"kid": name})),
            ("url", json!({"kid": format!("{set}#{name}")})),
            ("jwk", json!({"jwk": key.jwk()})),
        ] {
            bound(
                suite
                    .badge(
                        &format!("badges/set-{name}-{form}.jws"),
                        token(key, algorithm, issuer, &header),
                        format!("A key of {name} in the key set of the issuer's host, named by `{form}`."),
                    )
                    .with(served.clone()),
            );
        }
    }
    let (ed, chapel) = (&keys[0].2, Key::ed25519("the chapel"));
    let by_chapel = |header: &Value| token(&chapel, "EdDSA", issuer, header);
    unbound(
        suite
            .badge(
                "badges/set-stranger-jwk.jws",
                by_chapel(&json!({"jwk": chapel.jwk()})),
                "The key set does not hold the key in the header.",
            )
            .with(served.clone()),
    );
    unbound(
        suite
            .badge(
                "badges/set-stranger-opaque.jws",
                by_chapel(&json!({"jwk": chapel.jwk(), "kid": "chapel"})),
                "The header's own key under a name that the key set does not have: the key counts.",
            )
            .with(served.clone()),
    );
    invalid(
        suite
            .badge(
                "badges/set-stranger-misnamed.jws",
                by_chapel(&json!({"jwk": chapel.jwk(), "kid": "ed25519"})),
                "The header's own key under the name of a key in the set.",
            )
            .with(served.clone()),
        "key.controller",
    );
    for (name, header, code, about) in [
        (
            "kid",
            json!({"kid": "ed25519"}),
            "proof.signature",
            "A stranger signed, and named a key of the set.",
        ),
        (
            "jwk",
            json!({"jwk": ed.jwk()}),
            "proof.signature",
            "A stranger signed, and put a key of the set into the header.",
        ),
        (
            "both",
            json!({"kid": format!("{set}#ed25519"), "jwk": chapel.jwk()}),
            "proof.signature",
            "`kid` and `jwk` are two keys.",
        ),
        (
            "absent",
            json!({"kid": format!("{set}#lead")}),
            "key.linked",
            "The key set holds no key of this name.",
        ),
        (
            "private",
            json!({"jwk": with(&chapel.jwk(), "/d", "AA")}),
            "proof.signature",
            "The header tells a private key.",
        ),
    ] {
        invalid(
            suite
                .badge(&format!("badges/set-forged-{name}.jws"), by_chapel(&header), about)
                .with(served.clone()),
            code,
        );
    }
    unsupported(
        suite
            .badge(
                "badges/set-unknown-name.jws",
                token(ed, "EdDSA", issuer, &json!({"kid": "lead"})),
                "A name that is no URL and not in the key set leads nowhere.",
            )
            .with(served.clone()),
    );
    unsupported(
        suite
            .badge(
                "badges/set-no-name.jws",
                token(ed, "EdDSA", issuer, &json!({})),
                "The header names no key.",
            )
            .with(served),
    );
    suite
        .again("badges/set-ed25519-kid.jws", "set-missing", "There is no key set to look the name up in.")
        .with(Document::status(set, 404))
        .verdict("3.0", "unverified")
        .inconclusive(["proof.signature"]);
    let named = with(&with(&ed.jwk(), "/kid", "ed25519"), "/iss", "https://chapel.example/");
    let of_another = variant(suite, "key-set-of-another", set, &json!({"keys": [named]}));
    invalid(
        suite
            .again(
                "badges/set-ed25519-url.jws",
                "set-of-another",
                "The key set says that the key signs for somebody else.",
            )
            .with(of_another),
        "key.controller",
    );
}

/// DID methods that the host resolves.
fn other_dids(suite: &mut Suite) {
    let key = Key::ed25519("the tower");
    let (did, name) = ("did:example:tower", "did:example:tower#key-1");
    let method = named(&typed(&key)[0].1, name, did);
    suite.file("badges/did-example.json", sealed(&key, did, name));
    let served = variant(suite, "did-example", did, &document_of(did, json!([method]), json!([name])));
    valid(
        suite
            .again(
                "badges/did-example.json",
                "did-example",
                "The host has resolved a DID of a method of its own.",
            )
            .with(served),
    );
    suite
        .again("badges/did-example.json", "did-example-unresolved", "Nobody has resolved the DID.")
        .verdict("3.0", "unverified")
        .inconclusive(["resource.available", "proof.signature"]);
    suite
        .badge(
            "badges/did-web-malformed.json",
            sealed(&key, "did:web:127.0.0.1", "did:web:127.0.0.1#key-1"),
            "A did:web that is an address: nothing is asked for.",
        )
        .verdict("3.0", "unverified")
        .inconclusive(["proof.signature"]);
    suite
        .badge(
            "badges/method-urn.json",
            sealed(
                &key,
                "urn:uuid:6a0f3c0e-2b1d-4b52-8f6e-9d1f00aa0002",
                "urn:uuid:6a0f3c0e-2b1d-4b52-8f6e-9d1f00aa0003",
            ),
            "A verification method under which nothing can be asked for.",
        )
        .verdict("3.0", "unverified")
        .inconclusive(["resource.available", "proof.signature"]);
    invalid(
        suite.badge(
            "badges/method-no-url.json",
            sealed(&key, &key.did(), "key-1"),
            "A verification method that is no URL.",
        ),
        "structure.value",
    );
}
