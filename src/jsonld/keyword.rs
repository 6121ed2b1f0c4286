//! The keywords of JSON-LD (JSON-LD 1.1 section 1.7), without those of framing.

macro_rules! keywords {
    ($($variant:ident $name:literal)+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(super) enum Keyword {
            $($variant,)+
        }

        impl Keyword {
            pub(super) fn parse(text: &str) -> Option<Self> {
                if !text.starts_with('@') {
                    return None;
                }
                match text { $($name => Some(Self::$variant),)+ _ => None }
            }

            pub(super) const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }
    };
}

keywords! {
    Base "@base"
    Container "@container"
    Context "@context"
    Direction "@direction"
    Graph "@graph"
    Id "@id"
    Import "@import"
    Included "@included"
    Index "@index"
    Json "@json"
    Language "@language"
    List "@list"
    Nest "@nest"
    None "@none"
    Prefix "@prefix"
    Propagate "@propagate"
    Protected "@protected"
    Reverse "@reverse"
    Set "@set"
    Type "@type"
    Value "@value"
    Version "@version"
    Vocab "@vocab"
}

/// Whether a text has the form of a keyword, `@` and letters: such texts are reserved, keywords or not.
pub(super) fn is_keyword_like(text: &str) -> bool {
    text.strip_prefix('@')
        .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_at_sign_and_letters_look_like_a_keyword() {
        for text in ["@id", "@foo"] {
            assert!(is_keyword_like(text), "{text}");
        }
        for text in ["@", "@foo.bar", "id", "", "@1"] {
            assert!(!is_keyword_like(text), "{text}");
        }
        assert_eq!(Keyword::parse("@id"), Some(Keyword::Id));
        assert_eq!(Keyword::parse("@foo"), None);
    }
}
