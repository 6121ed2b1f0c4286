//! The suite `proofs`: each kind of proof in each carrier, sound and broken; several proofs on one badge; proofs inside a
//! JWT; what that JWT claims (`claimed`); proofs that were respelt (`respelt`), and what hosts demand (`demanded`). Every issuer is a `did:key`, so that
//! nothing has to be fetched but status lists.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openbadges::unbake::Standard;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::edit::with;
use super::image;
use super::jwt::{payload, payload_1};
use super::keys::tampered_jws;
use super::ob3::{OPEN_BADGES, VC_1, VC_2, achievement, credential, credential_1};
use super::signer::{Key, prepared};
use super::suite::{Case, Suite, baked, pretty};

mod claimed;
mod demanded;
mod respelt;

pub(super) fn make(suite: &mut Suite) {
    embedded(suite);
    selective(suite);
    tokens(suite);
    confused_tokens(suite);
    several(suite);
    circumstances(suite);
    within_tokens(suite);
    claimed::make(suite);
    demanded::make(suite);
    respelt::make(suite);
}

fn baker(issuer: &str, number: usize) -> Value {
    credential(
        &format!("urn:uuid:0d3a8a2e-61a5-4c8a-9a53-1f5f0c7b{number:04}"),
        &json!({"id": issuer, "type": ["Profile"], "name": "Guild of Bakers"}),
        &sourdough(),
    )
}

fn sourdough() -> Value {
    achievement(
        "urn:uuid:0d3a8a2e-61a5-4c8a-9a53-1f5f0c7bffff",
        "Sourdough",
        "Bakes bread that rises by itself.",
        "A loaf a week for a winter.",
    )
}

fn proof(method: &str, cryptosuite: &str) -> Value {
    json!({
        "type": "DataIntegrityProof",
        "cryptosuite": cryptosuite,
        "created": "2026-03-01T09:00:00Z",
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    })
}

/// Another name for the achievement, that nobody signed.
fn renamed(badge: &Value) -> Value {
    with(badge, "/credentialSubject/achievement/name", "Croissant")
}

fn as_png(text: &str) -> Vec<u8> {
    baked(image::PIXEL, text, Standard::OpenBadges3)
}

fn as_svg(text: &str) -> Vec<u8> {
    baked(image::svg().as_bytes(), text, Standard::OpenBadges3)
}

fn valid(case: &mut Case) {
    case.verdict("3.0", "valid").passed(["proof.algorithm", "proof.signature", "key.controller"]);
}

fn forged(case: &mut Case) {
    case.verdict("3.0", "invalid").failed(["proof.signature"]);
}

/// Every cryptosuite: its name in the files, and its keys: the issuer's, and one of somebody else's.
fn embedded(suite: &mut Suite) {
    let ed = || (Key::ed25519("the bakers"), Key::ed25519("the pirate bakers"));
    let p256 = || (Key::p256("the bakers"), Key::p256("the pirate bakers"));
    let p384 = || (Key::p384("the bakers"), Key::p384("the pirate bakers"));
    let kinds = [
        ("eddsa-rdfc-2022", "eddsa-rdfc-2022", ed()),
        ("eddsa-2022", "eddsa-2022", ed()),
        ("signature-2020", "Ed25519Signature2020", ed()),
        ("eddsa-jcs-2022", "eddsa-jcs-2022", ed()),
        ("ecdsa-rdfc-2019-p256", "ecdsa-rdfc-2019", p256()),
        ("ecdsa-rdfc-2019-p384", "ecdsa-rdfc-2019", p384()),
        ("ecdsa-jcs-2019-p256", "ecdsa-jcs-2019", p256()),
        ("ecdsa-jcs-2019-p384", "ecdsa-jcs-2019", p384()),
    ];
    for (number, (name, cryptosuite, (key, pirate))) in kinds.into_iter().enumerate() {
        let (badge, proof) = match cryptosuite {
            "Ed25519Signature2020" => (older(&key.did(), number), older_proof(&key.did_method())),
            _ => (baker(&key.did(), number), proof(&key.did_method(), cryptosuite)),
        };
        let seal = |badge: &Value, proof: &Value| key.seal(badge, proof);
        in_every_carrier(suite, name, &seal(&badge, &proof));
        let flipped = flip(&seal(&badge, &proof));
        forged(suite.badge(
            &format!("badges/{name}-flipped.json"),
            pretty(&flipped),
            format!("{name}: one bit of the signature is another."),
        ));
        forged(suite.badge(
            &format!("badges/{name}-pirate.json"),
            pretty(&pirate.seal(&badge, &proof)),
            format!("{name}: somebody else signed, and named the issuer's key."),
        ));
        let method = pirate.did_method();
        suite
            .badge(
                &format!("badges/{name}-stranger.json"),
                pretty(&pirate.seal(&badge, &with(&proof, "/verificationMethod", method))),
                format!("{name}: well signed by a key that nothing binds to the issuer."),
            )
            .verdict("3.0", "unverified")
            .passed(["proof.signature"])
            .inconclusive(["key.controller"]);
    }
    // The suite of one kind of key, by a key of another.
    for (name, cryptosuite, key) in [
        ("eddsa-by-p256", "eddsa-jcs-2022", Key::p256("the bakers")),
        ("ecdsa-by-ed25519", "ecdsa-jcs-2019", Key::ed25519("the bakers")),
    ] {
        forged(suite.badge(
            &format!("badges/{name}.json"),
            pretty(&key.seal(&baker(&key.did(), 20), &proof(&key.did_method(), cryptosuite))),
            "The cryptosuite is for keys of another kind.",
        ));
    }
}

/// A badge of VC 1.1, with the context of proofs of 2020.
fn older(issuer: &str, number: usize) -> Value {
    let badge = credential_1(
        &format!("urn:uuid:0d3a8a2e-61a5-4c8a-9a53-1f5f0c7b{number:04}"),
        &json!({"id": issuer, "type": ["Profile"], "name": "Guild of Bakers"}),
        &sourdough(),
    );
    with(&badge, "/@context", json!([VC_1, OPEN_BADGES, "https://w3id.org/security/suites/ed25519-2020/v1"]))
}

fn older_proof(method: &str) -> Value {
    json!({
        "type": "Ed25519Signature2020",
        "created": "2026-03-01T09:00:00Z",
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    })
}

/// The badge as it is and changed, as JSON, in a PNG and in an SVG.
fn in_every_carrier(suite: &mut Suite, name: &str, signed: &Value) {
    let changed = renamed(signed);
    let (signed_text, changed_text) = (signed.to_string(), changed.to_string());
    let carriers = [
        ("json", pretty(signed).into_bytes(), pretty(&changed).into_bytes()),
        ("png", as_png(&signed_text), as_png(&changed_text)),
        ("svg", as_svg(&signed_text), as_svg(&changed_text)),
    ];
    for (carrier, sound, broken) in carriers {
        let about = format!("{name}, by the issuer's did:key ({carrier}).");
        valid(suite.badge(&format!("badges/{name}.{carrier}"), sound, about));
        let about = format!("{name}: changed after it was signed ({carrier}).");
        forged(suite.badge(&format!("badges/{name}-tampered.{carrier}"), broken, about));
    }
}

/// The badge with another signature of the same length.
fn flip(badge: &Value) -> Value {
    let value = badge["proof"]["proofValue"].as_str().expect("a proof of ours");
    let mut bytes = bs58::decode(&value[1..]).into_vec().expect("base58btc");
    bytes[40] ^= 0x10;
    with(badge, "/proof/proofValue", format!("z{}", bs58::encode(bytes).into_string()))
}

/// ecdsa-sd-2023: what the issuer made mandatory is what is said of the badge itself.
fn selective(suite: &mut Suite) {
    let key = Key::p256("the bakers");
    let badge = with(&baker(&key.did(), 30), "/validUntil", "2030-01-01T00:00:00Z");
    let base = proof(&key.did_method(), "ecdsa-sd-2023");
    let sealed = derived(&key, &badge, &base);
    in_every_carrier(suite, "ecdsa-sd-2023", &sealed);
    forged(suite.badge(
        "badges/ecdsa-sd-2023-pirate.json",
        pretty(&derived(&Key::p256("the pirate bakers"), &badge, &base)),
        "ecdsa-sd-2023: somebody else signed, and named the issuer's key.",
    ));
    let value = sealed["proof"]["proofValue"].as_str().expect("a proof of ours");
    let mut bytes = URL_SAFE_NO_PAD.decode(&value[1..]).expect("base64url");
    let end = bytes.len() - 1;
    bytes[end] ^= 1;
    let other = with(&sealed, "/proof/proofValue", format!("u{}", URL_SAFE_NO_PAD.encode(&bytes)));
    forged(suite.badge(
        "badges/ecdsa-sd-2023-mandatory.json",
        pretty(&other),
        "ecdsa-sd-2023: the proof counts another statement among the mandatory ones.",
    ));
    bytes[2] = 0x00;
    let base_proof = with(&sealed, "/proof/proofValue", format!("u{}", URL_SAFE_NO_PAD.encode(&bytes)));
    forged(suite.badge(
        "badges/ecdsa-sd-2023-base.json",
        pretty(&base_proof),
        "ecdsa-sd-2023: a base proof is between issuer and holder.",
    ));
}

/// The document with a derived proof (Data Integrity ECDSA Cryptosuites 1.0 section 3.5.7).
fn derived(key: &Key, document: &Value, proof: &Value) -> Value {
    let for_one_proof = Key::p256("one proof of the bakers");
    let canonical = prepared(
        document,
        &with(&with(proof, "/cryptosuite", "ecdsa-rdfc-2019"), "/proofValue", dummy_value()),
    );
    let count = canonical.canonical_document().lines().count();
    let blank =
        (0..count).take_while(|n| canonical.canonical_document().contains(&format!("_:c14n{n} "))).count();
    let value = |base: &[u8], signatures: &[Vec<u8>], mandatory: &[usize]| {
        let labels = (0..blank).flat_map(|number| {
            [cbor(0, number), cbor_bytes(&Sha256::digest(format!("label {number}")))].concat()
        });
        let parts = [
            vec![0xD9, 0x5D, 0x01],
            cbor(4, 5),
            cbor_bytes(base),
            cbor_bytes(&for_one_proof.multicodec()),
            [cbor(4, signatures.len())]
                .into_iter()
                .chain(signatures.iter().map(|each| cbor_bytes(each)))
                .flatten()
                .collect(),
            cbor(5, blank).into_iter().chain(labels).collect(),
            [cbor(4, mandatory.len())]
                .into_iter()
                .chain(mandatory.iter().map(|each| cbor(0, *each)))
                .flatten()
                .collect(),
        ];
        format!("u{}", URL_SAFE_NO_PAD.encode(parts.concat()))
    };
    // First with every statement mandatory, to see in what order they come.
    let all: Vec<usize> = (0..count).collect();
    let sorted = prepared(document, &with(proof, "/proofValue", value(&[0; 64], &[], &all)));
    let id = format!("<{}> ", document["id"].as_str().expect("an id of ours"));
    let lines: Vec<&str> = sorted.canonical_document().lines().collect();
    let mandatory: Vec<usize> = all.into_iter().filter(|index| lines[*index].starts_with(&id)).collect();
    let dummies = vec![vec![0; 64]; count - mandatory.len()];
    let to_sign = prepared(document, &with(proof, "/proofValue", value(&[0; 64], &dummies, &mandatory)));
    let others = to_sign.disclosure().expect("a suite with disclosure").others();
    let signatures: Vec<Vec<u8>> = others.map(|(line, _)| for_one_proof.sign("", line.as_bytes())).collect();
    let base = key.sign("", to_sign.message());
    with(document, "/proof", with(proof, "/proofValue", value(&base, &signatures, &mandatory)))
}

/// Of the length of a signature.
fn dummy_value() -> String {
    format!("z{}", bs58::encode([0; 64]).into_string())
}

/// The head of a CBOR item (RFC 8949 section 3).
fn cbor(major: u8, number: usize) -> Vec<u8> {
    let number = u16::try_from(number).expect("a small number");
    match number.to_be_bytes() {
        [0, tiny @ 0..24] => vec![major << 5 | tiny],
        [0, short] => vec![major << 5 | 24, short],
        [high, low] => vec![major << 5 | 25, high, low],
    }
}

fn cbor_bytes(bytes: &[u8]) -> Vec<u8> {
    [cbor(2, bytes.len()).as_slice(), bytes].concat()
}

/// Every algorithm of a VC-JWT, in the two forms of a payload.
fn tokens(suite: &mut Suite) {
    let rsa = || (Key::rsa_of_the_observatory(), Key::rsa_of_a_stranger());
    let ed = || (Key::ed25519("the bakers"), Key::ed25519("the pirate bakers"));
    let p256 = || (Key::p256("the bakers"), Key::p256("the pirate bakers"));
    let p384 = || (Key::p384("the bakers"), Key::p384("the pirate bakers"));
    let algorithms = [
        ("RS256", rsa()),
        ("RS384", rsa()),
        ("RS512", rsa()),
        ("PS256", rsa()),
        ("PS384", rsa()),
        ("PS512", rsa()),
        ("ES256", p256()),
        ("ES384", p384()),
        ("EdDSA", ed()),
    ];
    for (number, (algorithm, (key, pirate))) in algorithms.into_iter().enumerate() {
        let newer = baker(&key.did(), 40 + number);
        let older = baker_of_vc_1(&key.did(), 60 + number);
        for (form, badge, payload) in [("vc2", &newer, payload(&newer)), ("vc1", &older, payload_1(&older))] {
            let name = format!("{}-{form}", algorithm.to_lowercase());
            let header = json!({"kid": key.did_method()});
            let token = key.jws(algorithm, &header, &payload);
            let about = format!("{algorithm} over a credential of {form}, by the issuer's did:key.");
            valid(suite.badge(&format!("badges/{name}.jws"), format!("{token}\n"), about));
            let image = if form == "vc2" { ("png", as_png(&token)) } else { ("svg", as_svg(&token)) };
            let about = format!("The same, in {}.", image.0.to_uppercase());
            valid(suite.badge(&format!("badges/{name}.{}", image.0), image.1, about));
            let other =
                if form == "vc2" { self::payload(&renamed(badge)) } else { payload_1(&renamed(badge)) };
            let tampered = tampered_jws(&token, &other);
            let about = format!("{algorithm}, {form}: the payload was changed after it was signed.");
            forged(suite.badge(&format!("badges/{name}-tampered.jws"), format!("{tampered}\n"), about));
            let image = if form == "vc2" { ("png", as_png(&tampered)) } else { ("svg", as_svg(&tampered)) };
            forged(suite.badge(
                &format!("badges/{name}-tampered.{}", image.0),
                image.1,
                "The same, in an image.",
            ));
            let about = format!("{algorithm}, {form}: somebody else signed, and named the issuer's key.");
            let by_pirate = pirate.jws(algorithm, &header, &payload);
            forged(suite.badge(&format!("badges/{name}-pirate.jws"), format!("{by_pirate}\n"), about));
        }
    }
}

/// A badge of VC 1.1 for the `vc` claim.
fn baker_of_vc_1(issuer: &str, number: usize) -> Value {
    with(&older(issuer, number), "/@context", json!([VC_1, OPEN_BADGES]))
}

/// Headers that name another algorithm than the key's, and claims that say something else.
fn confused_tokens(suite: &mut Suite) {
    let p256 = Key::p256("the bakers");
    let ed = Key::ed25519("the bakers");
    let rsa = Key::rsa_of_the_observatory();
    let token = |key: &Key, named: &str, made: &str| {
        let badge = payload(&baker(&key.did(), 80));
        let token = key.jws(made, &json!({"alg": named, "kid": key.did_method()}), &badge);
        format!("{token}\n")
    };
    for (key, named, made) in [
        (&p256, "ES384", "ES256"),
        (&p256, "EdDSA", "ES256"),
        (&ed, "ES256", "EdDSA"),
        (&rsa, "ES256", "RS256"),
        (&rsa, "PS256", "RS256"),
        (&rsa, "RS512", "RS256"),
    ] {
        forged(suite.badge(
            &format!("badges/{}-by-{}.jws", named.to_lowercase(), made.to_lowercase()),
            token(key, named, made),
            format!("The header says {named}, and the signature is one of {made}."),
        ));
    }
    for (named, about) in [
        ("none", "The header says `none`, over a signature that is sound."),
        ("HS256", "The header names an HMAC, whose secret would be the public key."),
    ] {
        suite
            .badge(
                &format!("badges/{}-by-eddsa.jws", named.to_lowercase()),
                token(&ed, named, "EdDSA"),
                about,
            )
            .verdict("3.0", "invalid")
            .failed(["proof.algorithm"]);
    }
    suite
        .badge(
            "badges/es256k.jws",
            token(&p256, "ES256K", "ES256"),
            "An algorithm that this crate does not have is no sign of forgery.",
        )
        .verdict("3.0", "unverified")
        .inconclusive(["proof.algorithm", "proof.signature"]);
    let badge = with(&baker(&ed.did(), 81), "/validUntil", "2030-01-01T00:00:00Z");
    let sound = payload(&badge);
    for (name, claims, failed) in [
        ("iss", with(&sound, "/iss", "https://bakers.example/"), "proof.claims"),
        ("jti", with(&sound, "/jti", "urn:uuid:0d3a8a2e-61a5-4c8a-9a53-000000000000"), "proof.claims"),
        ("nbf", with(&sound, "/nbf", 1_700_000_000), "proof.claims"),
        ("nbf-text", with(&sound, "/nbf", "2026-03-01T09:00:00Z"), "proof.claims"),
        ("vc", payload_1(&badge), "structure.context"),
    ] {
        suite
            .badge(
                &format!("badges/claim-{name}.jws"),
                format!("{}\n", ed.jws("EdDSA", &json!({"kid": ed.did_method()}), &claims)),
                "Well signed, but the claims and the credential contradict each other.",
            )
            .verdict("3.0", "invalid")
            .passed(["proof.signature"])
            .failed([failed]);
    }
    suite
        .badge(
            "badges/claim-exp.jws",
            format!(
                "{}\n",
                ed.jws("EdDSA", &json!({"kid": ed.did_method()}), &with(&sound, "/exp", 1_777_000_000))
            ),
            "The claim `exp` ends the badge before the credential does.",
        )
        .verdict("3.0", "expired")
        .passed(["proof.signature"])
        .failed(["proof.claims", "time.expiry"]);
}

/// Several proofs on one badge: one that holds and is bound suffices.
fn several(suite: &mut Suite) {
    let (key, second, stranger) =
        (Key::ed25519("the bakers"), Key::p256("the bakers"), Key::ed25519("the pirate bakers"));
    let badge = baker(&key.did(), 90);
    let own = key.seal(&badge, &proof(&key.did_method(), "eddsa-rdfc-2022"))["proof"].clone();
    let own_jcs = key.seal(&badge, &proof(&key.did_method(), "eddsa-jcs-2022"))["proof"].clone();
    let of_second = second.seal(&badge, &proof(&second.did_method(), "ecdsa-jcs-2019"))["proof"].clone();
    let of_stranger =
        stranger.seal(&badge, &proof(&stranger.did_method(), "eddsa-jcs-2022"))["proof"].clone();
    let broken = with(&own_jcs, "/created", "2026-03-01T10:00:00Z");
    let unknown = with(&own_jcs, "/cryptosuite", "moon-2030");
    let set = |proofs: &[&Value]| pretty(&with(&badge, "/proof", json!(proofs)));
    suite
        .badge("badges/set-both.json", set(&[&own, &own_jcs]), "Two proofs of the issuer's that hold.")
        .verdict("3.0", "valid")
        .passed(["proof.signature", "proof.other"]);
    suite
        .badge(
            "badges/set-with-stranger.json",
            set(&[&of_second, &own]),
            "The issuer's proof, and one of a key that nothing binds to it.",
        )
        .verdict("3.0", "valid")
        .passed(["proof.signature", "key.controller"])
        .inconclusive(["proof.other"]);
    suite
        .badge(
            "badges/set-with-unknown.json",
            set(&[&unknown, &own]),
            "The issuer's proof, and one that nobody can check.",
        )
        .verdict("3.0", "valid")
        .inconclusive(["proof.other"]);
    suite
        .badge(
            "badges/set-with-broken.json",
            set(&[&own, &broken]),
            "The issuer's proof, and one that does not hold.",
        )
        .verdict("3.0", "valid")
        .failed(["proof.other"]);
    suite
        .badge(
            "badges/set-of-strangers.json",
            set(&[&of_second, &of_stranger]),
            "Two proofs that hold, and nothing binds either key to the issuer.",
        )
        .verdict("3.0", "unverified")
        .inconclusive(["key.controller", "proof.other"]);
    suite
        .badge(
            "badges/set-broken-and-stranger.json",
            set(&[&broken, &of_stranger]),
            "One that does not hold, and one of a stranger's.",
        )
        .verdict("3.0", "unverified")
        .failed(["proof.other"])
        .inconclusive(["key.controller"]);
    suite
        .badge(
            "badges/set-broken.json",
            set(&[&broken, &with(&own, "/created", "2026-03-01T10:00:00Z")]),
            "Two proofs that do not hold.",
        )
        .verdict("3.0", "invalid")
        .failed(["proof.signature", "proof.other"]);
}

/// When, for whom and what for a proof was made.
fn circumstances(suite: &mut Suite) {
    let key = Key::ed25519("the bakers");
    let sealed = |member: &str, value: Value| {
        let proof = with(&proof(&key.did_method(), "eddsa-jcs-2022"), &format!("/{member}"), value);
        pretty(&key.seal(&baker(&key.did(), 95), &proof))
    };
    for (name, member, value, failed) in [
        ("expired", "expires", "2026-05-31T00:00:00Z", "proof.window"),
        ("of-the-future", "created", "2026-06-02T00:00:00Z", "proof.window"),
        ("undated", "created", "yesterday", "proof.window"),
        ("login", "proofPurpose", "authentication", "proof.purpose"),
    ] {
        suite
            .badge(
                &format!("badges/proof-{name}.json"),
                sealed(member, json!(value)),
                "Well signed, but not for this, or not for now.",
            )
            .verdict("3.0", "invalid")
            .failed([failed]);
    }
    for (name, member, value) in
        [("in-time", "expires", "2026-06-01T12:00:00Z"), ("without-zone", "created", "2026-03-01T09:00:00")]
    {
        suite
            .badge(
                &format!("badges/proof-{name}.json"),
                sealed(member, json!(value)),
                "The proof is in its own time.",
            )
            .verdict("3.0", "valid")
            .passed(["proof.window"]);
    }
    let domains = json!(["https://other.example", "https://museum.example"]);
    suite.file("badges/for-domains.json", sealed("domain", domains));
    suite.file("badges/for-challenge.json", sealed("challenge", json!("c0ffee")));
    for (file, name, policy, is_met) in [
        ("for-domains", "unasked", json!({}), true),
        ("for-domains", "asked", json!({"proofDomain": "https://museum.example"}), true),
        ("for-domains", "elsewhere", json!({"proofDomain": "https://library.example"}), false),
        (
            "for-domains",
            "and-challenge",
            json!({"proofDomain": "https://museum.example", "proofChallenge": "c0ffee"}),
            false,
        ),
        ("for-challenge", "asked", json!({"proofChallenge": "c0ffee"}), true),
        ("for-challenge", "other", json!({"proofChallenge": "decaf"}), false),
        ("for-challenge", "domain", json!({"proofDomain": "https://museum.example"}), false),
    ] {
        let about = "What the host demands of a proof, and what the proof says.";
        let case =
            suite.again(&format!("badges/{file}.json"), &format!("{file}-{name}"), about).under(policy);
        if is_met {
            case.verdict("3.0", "valid").passed(["proof.purpose"]);
        } else {
            case.verdict("3.0", "invalid").passed(["proof.signature"]).failed(["proof.purpose"]);
        }
    }
}

/// Badges that were sealed, and then put into a JWT: either proof suffices.
fn within_tokens(suite: &mut Suite) {
    let (key, stranger) = (Key::ed25519("the bakers"), Key::ed25519("the pirate bakers"));
    let badge = baker(&key.did(), 97);
    let sealed = key.seal(&badge, &proof(&key.did_method(), "eddsa-rdfc-2022"));
    let header = json!({"kid": key.did_method()});
    let sign = |credential: &Value| key.jws("EdDSA", &header, &payload(credential));
    let by_stranger =
        |credential: &Value| stranger.jws("EdDSA", &json!({"jwk": stranger.jwk()}), &payload(credential));
    let text = |token: String| format!("{token}\n");
    suite
        .badge("badges/within-both.jws", text(sign(&sealed)), "A sealed badge in a JWT: both proofs hold.")
        .verdict("3.0", "valid")
        .passed(["proof.signature", "proof.claims", "proof.other"]);
    let older = baker_of_vc_1(&key.did(), 98);
    let older = with(
        &older,
        "/@context",
        json!([VC_1, OPEN_BADGES, "https://w3id.org/security/suites/ed25519-2020/v1"]),
    );
    let older = key.seal(&older, &older_proof(&key.did_method()));
    suite
        .badge(
            "badges/within-both-vc1.svg",
            as_svg(&key.jws("EdDSA", &header, &payload_1(&older))),
            "The same with VC 1.1, in an SVG.",
        )
        .verdict("3.0", "valid")
        .passed(["proof.signature", "proof.claims", "proof.other"]);
    let jcs = key.seal(&badge, &proof(&key.did_method(), "eddsa-jcs-2022"));
    suite
        .badge(
            "badges/within-jcs.jws",
            text(sign(&jcs)),
            "The claims are no part of what the proof inside signs, over JSON either.",
        )
        .verdict("3.0", "valid")
        .passed(["proof.signature", "proof.other"]);
    suite
        .badge(
            "badges/within-changed.jws",
            text(sign(&renamed(&sealed))),
            "The JWT holds, and the proof inside does not.",
        )
        .verdict("3.0", "valid")
        .passed(["proof.signature"])
        .failed(["proof.other"]);
    suite
        .badge(
            "badges/within-stranger.jws",
            text(by_stranger(&sealed)),
            "A stranger put a sealed badge into a JWT of his own: the seal is the issuer's.",
        )
        .verdict("3.0", "valid")
        .passed(["proof.signature", "key.controller"])
        .inconclusive(["proof.other"]);
    suite
        .badge(
            "badges/within-stranger-changed.jws",
            text(by_stranger(&renamed(&sealed))),
            "A stranger changed a sealed badge, and put it into a JWT of his own.",
        )
        .verdict("3.0", "unverified")
        .failed(["proof.other"])
        .inconclusive(["key.controller"]);
    let claims = with(&payload(&sealed), "/jti", "urn:uuid:0d3a8a2e-61a5-4c8a-9a53-000000000000");
    suite
        .badge(
            "badges/within-other-claims.jws",
            text(stranger.jws("EdDSA", &json!({"jwk": stranger.jwk()}), &claims)),
            "The claims of a stranger's JWT contradict the sealed badge in it.",
        )
        .verdict("3.0", "valid")
        .failed(["proof.other"]);
    let more = with(&payload(&sealed), "/grade", "with honours");
    suite
        .badge(
            "badges/within-more.jws",
            text(stranger.jws("EdDSA", &json!({"jwk": stranger.jwk()}), &more)),
            "A stranger added a member that the seal does not cover.",
        )
        .verdict("3.0", "unverified")
        .failed(["proof.other"]);
    let broken = tampered_jws(&sign(&sealed), &payload(&renamed(&sealed)));
    suite
        .badge(
            "badges/within-neither.jws",
            text(broken),
            "Changed after both proofs were made: neither holds.",
        )
        .verdict("3.0", "invalid")
        .failed(["proof.signature", "proof.other"]);
    suite
        .badge(
            "badges/within-vc2-context.json",
            pretty(&with(&sealed, "/@context", json!([OPEN_BADGES, VC_2]))),
            "The contexts of a sealed badge were exchanged.",
        )
        .verdict("3.0", "invalid")
        .failed(["structure.context"]);
}
