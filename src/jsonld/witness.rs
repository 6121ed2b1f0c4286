//! Whoever wants to know what the names in a document stand for.
//!
//! Expansion replaces names by what they stand for, and forgets them. A [`Witness`] is told of each while the document is
//! expanded, in the order in which that happens.

/// Is told what stands where in a document.
pub(crate) trait Witness {
    /// A member begins, and its name stands for an IRI or a keyword.
    fn enter(&mut self, name: &str, stands_for: &str);

    /// The member ends.
    fn leave(&mut self);

    /// The node that the last member is in is of a class, which is named so.
    fn class(&mut self, name: &str, iri: &str);

    /// Something in the last member stands for nothing, though a text belongs to it: the key of a map.
    fn nothing(&mut self, text: &str);
}
