//! Small valid badges, made and signed here, each with the web that it lives in.
//!
//! A sailing school issues them from `school.example`; `mallory.example` is somebody who would like to.

// Each test file uses its own part, and a test has nobody to export to.
#![allow(dead_code, unreachable_pub)]

use std::collections::BTreeMap;
use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ed25519_dalek::{Signer, SigningKey};
use openbadges::jsonld::ContextStore;
use openbadges::limits::Limits;
use openbadges::proof::did;
use openbadges::proof::integrity::{Cryptosuite, IntegrityError, prepare};
use openbadges::resource::{Response, Retrieval, Target, Unavailable};
use openbadges::unbake::Standard;
use openbadges::{Documents, Policy, Report, Status, Verifier};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use time::macros::datetime;

pub const NOW: OffsetDateTime = datetime!(2026-11-22 12:00 UTC);

pub const CONTEXT_2: &str = "https://w3id.org/openbadges/v2";
pub const CONTEXT_VC: &str = "https://www.w3.org/ns/credentials/v2";
pub const CONTEXT_3: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";

pub const SCHOOL: &str = "https://school.example/issuer";
pub const SCHOOL_KEY: &str = "https://school.example/issuer#key";
pub const SCHOOL_LIST: &str = "https://school.example/status";
pub const MALLORY: &str = "https://mallory.example/issuer";
pub const ASSERTION: &str = "https://school.example/assertions/1";

// ---- keys

/// A key for tests, made of its name.
pub struct Key(SigningKey);

impl Key {
    pub fn of(name: &str) -> Self {
        Self(SigningKey::from_bytes(&Sha256::digest(name).into()))
    }

    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    pub fn multikey(&self) -> String {
        let bytes = [&[0xED, 0x01], self.public().as_slice()].concat();
        format!("z{}", bs58::encode(bytes).into_string())
    }

    pub fn did(&self) -> String {
        format!("did:key:{}", self.multikey())
    }

    /// The DID's only verification method.
    pub fn method(&self) -> String {
        format!("{}#{}", self.did(), self.multikey())
    }

    pub fn jwk(&self) -> Value {
        json!({"kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(self.public())})
    }

    pub fn pem(&self) -> String {
        // RFC 8410 section 4: SubjectPublicKeyInfo of Ed25519.
        let start = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00];
        let der = STANDARD.encode([start.as_slice(), &self.public()].concat());
        format!("-----BEGIN PUBLIC KEY-----\n{der}\n-----END PUBLIC KEY-----\n")
    }

    /// A verification method of a controller document.
    pub fn verification_method(&self, id: &str, controller: &str) -> Value {
        json!({"id": id, "type": "Multikey", "controller": controller, "publicKeyMultibase": self.multikey()})
    }

    /// A compact JWS.
    pub fn jws(&self, header: &Value, payload: &Value) -> String {
        let input = jws_input(header, payload);
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(self.0.sign(input.as_bytes()).to_bytes()))
    }

    /// The document with one more proof, by eddsa-rdfc-2022.
    pub fn seal(&self, document: &Value, method: &str) -> Value {
        self.seal_with(document, &proof(method), &ContextStore::bundled())
    }

    pub fn seal_with(&self, document: &Value, proof: &Value, contexts: &ContextStore) -> Value {
        self.try_seal(document, proof, contexts).unwrap()
    }

    /// As [`Key::seal_with`]; an error if the document stands for no statements.
    pub fn try_seal(
        &self,
        document: &Value,
        proof: &Value,
        contexts: &ContextStore,
    ) -> Result<Value, IntegrityError> {
        let mut unsigned = proof.clone();
        // Anything of the right length: the value is not part of what is signed.
        unsigned["proofValue"] = json!(format!("z{}", bs58::encode([1; 64]).into_string()));
        let members = document.as_object().unwrap();
        let suite = Cryptosuite::of(unsigned.as_object().unwrap()).unwrap();
        let prepared = prepare(members, unsigned.as_object().unwrap(), suite, contexts, &Limits::default())?;
        let value = bs58::encode(self.0.sign(prepared.message()).to_bytes()).into_string();
        unsigned["proofValue"] = json!(format!("z{value}"));
        let mut sealed = document.clone();
        sealed["proof"] = match &document["proof"] {
            Value::Null => unsigned,
            Value::Array(proofs) => proofs.iter().cloned().chain([unsigned]).collect(),
            one => json!([one, unsigned]),
        };
        Ok(sealed)
    }
}

pub fn proof(method: &str) -> Value {
    json!({
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-03-01T09:00:00Z",
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    })
}

pub fn jws_input(header: &Value, payload: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(header), part(payload))
}

pub fn school() -> Key {
    Key::of("school.example")
}

pub fn mallory() -> Key {
    Key::of("mallory.example")
}

// ---- the web

/// What the network would answer.
#[derive(Clone, Default)]
pub struct Web(BTreeMap<String, Retrieval>);

impl Web {
    pub fn with(mut self, target: &str, document: &Value) -> Self {
        self.serve(target, document.to_string().as_bytes());
        self
    }

    pub fn serve(&mut self, target: &str, body: &[u8]) {
        let url = match target.parse() {
            Ok(did) => did::web_url(&did).unwrap(),
            Err(_) => target.parse().unwrap(),
        };
        self.answer_with(target, Ok(Response::new(200, url, body.to_vec(), NOW)));
    }

    pub fn answer_with(&mut self, target: &str, retrieval: Retrieval) {
        self.0.insert(target.to_owned(), retrieval);
    }

    pub fn answer(&self, target: &Target) -> Retrieval {
        self.0.get(&target.to_string()).cloned().unwrap_or(Err(Unavailable::Timeout))
    }

    pub fn documents(&self) -> Documents {
        let entry = |(target, retrieval): (&String, &Retrieval)| {
            (Target::try_from(target.clone()).unwrap(), retrieval.clone())
        };
        self.0.iter().map(entry).collect()
    }
}

// ---- badges

/// A valid badge.
pub struct Sample {
    pub name: &'static str,
    pub input: Vec<u8>,
    pub web: Web,
}

impl Sample {
    fn new(name: &'static str, input: impl Into<Vec<u8>>, web: Web) -> Self {
        Self { name, input: input.into(), web }
    }
}

/// Every kind, one of each.
pub fn samples() -> Vec<Sample> {
    let web = school_web();
    let hosted = hosted_assertion();
    let signed = signed_assertion();
    let embedded = school().seal(&with_status(credential(SCHOOL)), SCHOOL_KEY);
    let of_did = school().seal(&credential(&school().did()), &school().method());
    let of_web = school().seal(&credential("did:web:school.example"), "did:web:school.example#key");
    let jwt = credential_jwt(&school(), &json!({"alg": "EdDSA", "kid": SCHOOL_KEY}), &credential(SCHOOL));
    let in_set = json!({"alg": "EdDSA", "jwk": school().jwk()});
    vec![
        Sample::new("hosted", hosted.to_string(), web.clone()),
        Sample::new("hosted, by its address", ASSERTION, web.clone()),
        Sample::new("hosted, in a PNG", bake(PIXEL, &hosted.to_string(), Standard::OpenBadges2), web.clone()),
        Sample::new("signed", signed.clone(), web.clone()),
        Sample::new("signed, in an SVG", bake(CIRCLE, &signed, Standard::OpenBadges2), web.clone()),
        Sample::new("integrity", embedded.to_string(), web.clone()),
        Sample::new(
            "integrity, in a PNG",
            bake(PIXEL, &embedded.to_string(), Standard::OpenBadges3),
            web.clone(),
        ),
        Sample::new("integrity, of a did:key", of_did.to_string(), Web::default()),
        Sample::new("integrity, of a did:web", of_web.to_string(), web.clone()),
        Sample::new("jwt", jwt, web.clone()),
        Sample::new(
            "jwt, by a key of the issuer's set",
            credential_jwt(&school(), &in_set, &credential(SCHOOL)),
            web,
        ),
    ]
}

/// Everything that the school serves.
pub fn school_web() -> Web {
    let method = |id: &str, controller: &str| school().verification_method(id, controller);
    Web::default()
        .with(SCHOOL, &issuer_profile())
        .with("https://school.example/class", &badge_class())
        .with("https://school.example/key", &json!({"@context": CONTEXT_2, "type": "CryptographicKey", "id": "https://school.example/key", "owner": SCHOOL, "publicKeyPem": school().pem()}))
        .with("https://school.example/revoked", &json!({"@context": CONTEXT_2, "type": "RevocationList", "id": "https://school.example/revoked", "issuer": SCHOOL, "revokedAssertions": ["urn:uuid:0"]}))
        .with("https://school.example/.well-known/jwks.json", &json!({"keys": [school().jwk()]}))
        .with(ASSERTION, &hosted_assertion())
        .with(SCHOOL_LIST, &school().seal(&status_list(SCHOOL_LIST, SCHOOL, "revocation", &[]), SCHOOL_KEY))
        .with("did:web:school.example", &json!({"id": "did:web:school.example", "verificationMethod": [method("did:web:school.example#key", "did:web:school.example")], "assertionMethod": ["did:web:school.example#key"]}))
}

/// The issuer, as Open Badges 2.0 and as a controller document.
pub fn issuer_profile() -> Value {
    json!({
        "@context": CONTEXT_2,
        "type": "Profile",
        "id": SCHOOL,
        "name": "Windward Sailing School",
        "url": "https://school.example/",
        "email": "badges@school.example",
        "publicKey": "https://school.example/key",
        "revocationList": "https://school.example/revoked",
        "verificationMethod": [school().verification_method(SCHOOL_KEY, SCHOOL)],
        "assertionMethod": [SCHOOL_KEY],
    })
}

pub fn badge_class() -> Value {
    json!({
        "@context": CONTEXT_2,
        "type": "BadgeClass",
        "id": "https://school.example/class",
        "name": "First Mate",
        "description": "Handles the sheets and keeps a lookout.",
        "image": "https://school.example/class.png",
        "criteria": {"narrative": "Five days at sea."},
        "issuer": SCHOOL,
    })
}

pub fn assertion(id: &str, verification: &Value) -> Value {
    json!({
        "@context": CONTEXT_2,
        "type": "Assertion",
        "id": id,
        "recipient": {"type": "email", "hashed": false, "identity": "grace@example.com"},
        "badge": "https://school.example/class",
        "verification": verification,
        "issuedOn": "2026-03-01T09:00:00Z",
        "expires": "2031-03-01T09:00:00Z",
    })
}

pub fn hosted_assertion() -> Value {
    assertion(ASSERTION, &json!({"type": "HostedBadge"}))
}

pub fn signed_assertion() -> String {
    let verification = json!({"type": "SignedBadge", "creator": "https://school.example/key"});
    school().jws(
        &json!({"alg": "EdDSA"}),
        &assertion("urn:uuid:5c1f7bd2-5b77-4d0c-8a3e-1f2e5d0a7b01", &verification),
    )
}

pub fn credential(issuer: &str) -> Value {
    json!({
        "@context": [CONTEXT_VC, CONTEXT_3],
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "id": "urn:uuid:5c1f7bd2-5b77-4d0c-8a3e-1f2e5d0a7b03",
        "name": "First Mate",
        "issuer": {"id": issuer, "type": ["Profile"], "name": "Windward Sailing School"},
        "validFrom": "2026-03-01T09:00:00Z",
        "validUntil": "2031-03-01T09:00:00Z",
        "credentialSubject": {
            "id": "mailto:grace@example.com",
            "type": ["AchievementSubject"],
            "achievement": {
                "id": "https://school.example/achievements/first-mate",
                "type": ["Achievement"],
                "name": "First Mate",
                "description": "Handles the sheets and keeps a lookout.",
                "criteria": {"narrative": "Five days at sea."},
            },
        },
    })
}

/// The credential with a place in the school's list.
pub fn with_status(mut credential: Value) -> Value {
    credential["credentialStatus"] = status_entry(SCHOOL_LIST, json!("94567"));
    credential
}

pub fn status_entry(list: &str, index: Value) -> Value {
    json!({
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": index,
        "statusListCredential": list,
    })
}

/// A list of 131,072 places, some of them set.
pub fn status_list(url: &str, issuer: &str, purpose: &str, set: &[usize]) -> Value {
    let mut bits = vec![0; 131_072 / 8];
    for place in set {
        bits[place / 8] |= 0x80 >> (place % 8);
    }
    json!({
        "@context": [CONTEXT_VC],
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "id": url,
        "issuer": issuer,
        "validFrom": "2026-03-01T09:00:00Z",
        "credentialSubject": {
            "id": format!("{url}#list"),
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encoded(&bits),
        },
    })
}

/// Bitstring Status List 1.0 section 3.1: multibase of gzip.
pub fn encoded(bits: &[u8]) -> String {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bits).unwrap();
    format!("u{}", URL_SAFE_NO_PAD.encode(encoder.finish().unwrap()))
}

/// A credential of VC 2.0 as a JWT, with the claims that belong to it.
pub fn credential_jwt(key: &Key, header: &Value, credential: &Value) -> String {
    key.jws(header, &claims(credential))
}

pub fn claims(credential: &Value) -> Value {
    let mut payload = credential.clone();
    let issuer = &credential["issuer"];
    payload["iss"] = issuer.get("id").unwrap_or(issuer).clone();
    payload["jti"] = credential["id"].clone();
    payload["sub"] = credential["credentialSubject"]["id"].clone();
    payload["nbf"] = json!(datetime!(2026-03-01 9:00 UTC).unix_timestamp());
    let end = credential["validUntil"].as_str().and_then(|end| OffsetDateTime::parse(end, &Rfc3339).ok());
    if let Some(end) = end {
        payload["exp"] = json!(end.unix_timestamp());
    }
    payload
}

pub fn bake(image: &[u8], text: &str, standard: Standard) -> Vec<u8> {
    openbadges::bake::bake(image, text, standard, &Limits::default()).unwrap()
}

/// A grey pixel.
pub const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\
    \0\0\0\x0DIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9BU\
    \0\0\0\x0AIDATx\xDAc`\0\0\0\x02\0\x01\xE5'\xDE\xFC\
    \0\0\0\0IEND\xAE\x42\x60\x82";

pub const CIRCLE: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg'><circle r='4'/></svg>";

// ---- verdicts

/// The report under the strict policy.
pub fn verify(input: impl AsRef<[u8]>, web: &Web) -> Report {
    let verifier = Verifier::new(Policy::strict());
    let step = verifier.begin(input.as_ref(), NOW).unwrap();
    step.run(|request| web.answer(request.target()))
}

pub fn status(input: impl AsRef<[u8]>, web: &Web) -> Status {
    verify(input, web).status()
}
