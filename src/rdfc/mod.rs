//! Brings RDF statements into canonical form: RDF Dataset Canonicalization (RDFC-1.0).
//!
//! In: [`Quad`]s in any order, with any numbers for their blank nodes. Out: the N-Quads that every implementation
//! gives for the same dataset. Telling blank nodes apart can be made arbitrarily laborious (RDFC-1.0 section 7.1),
//! so the work is bounded.

mod nquads;
mod work;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use sha2::{Digest, Sha256, Sha384};

use self::nquads::{line, push_term};
pub(crate) use self::work::Work;
use crate::jsonld::{Quad, Term};
use crate::limits::{Limit, LimitExceeded, Limits};

/// Brings statements into canonical form.
///
/// # Errors
/// [`RdfcError::Limit`] if there are too many statements or blank nodes, or if telling the blank nodes apart takes
/// too much work.
pub fn canonicalize(
    quads: &[Quad],
    algorithm: HashAlgorithm,
    limits: &Limits,
) -> Result<Canonical, RdfcError> {
    let statements = quads.len();
    limits.check(Limit::Quads, statements)?;
    // A dataset is a set.
    let mut quads: Vec<&Quad> = quads.iter().collect();
    quads.sort_unstable();
    quads.dedup();
    let mut canonicalizer = Canonicalizer::new(&quads, algorithm, limits)?;
    canonicalizer.label_all()?;
    let mut lines = Vec::with_capacity(quads.len());
    for quad in quads {
        lines.push(canonicalizer.line(quad, |text, node| canonicalizer.canonical.push_label(text, node))?);
    }
    lines.sort_unstable();
    let work = Work { bytes: canonicalizer.bytes.get(), hash_calls: canonicalizer.hash_calls, statements };
    Ok(Canonical { nquads: lines.concat(), work, issuer: canonicalizer.canonical })
}

/// Writes statements with other labels for their blank nodes, as sorted lines; the same statement counts once.
///
/// A node that has no label is written without one.
pub(crate) fn relabelled<'q>(
    quads: &'q [Quad],
    labels: &BTreeMap<u32, String>,
) -> BTreeMap<String, &'q Quad> {
    let push_label = |text: &mut String, node: u32| {
        text.push_str(labels.get(&node).map(String::as_str).unwrap_or_default());
    };
    quads.iter().map(|quad| (line(quad, push_label), quad)).collect()
}

/// The hash function with which blank nodes are told apart (RDFC-1.0 section 4.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum HashAlgorithm {
    /// SHA-256, the usual one.
    #[default]
    Sha256,
    /// SHA-384, for signatures with P-384.
    Sha384,
}

/// A dataset in canonical form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canonical {
    nquads: String,
    work: Work,
    issuer: Issuer,
}

impl Canonical {
    /// The canonical N-Quads: what is hashed and signed.
    pub fn nquads(&self) -> &str {
        &self.nquads
    }

    /// As [`nquads`](Self::nquads), without the rest.
    pub(crate) fn into_nquads(self) -> String {
        self.nquads
    }

    /// The canonical N-Quads, line by line in their order, each with its line feed.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.nquads.split_inclusive('\n')
    }

    /// The canonical label, such as `c14n0`, of each blank node of the input.
    pub fn labels(&self) -> BTreeMap<u32, String> {
        self.issuer.numbers.iter().map(|(node, number)| (*node, format!("c14n{number}"))).collect()
    }

    /// What it took.
    pub(crate) fn work(&self) -> Work {
        self.work
    }
}

/// Why a dataset is not brought into canonical form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RdfcError {
    /// The dataset is too large or too laborious.
    #[error(transparent)]
    Limit(#[from] LimitExceeded),
}

/// The state of the algorithm (section 4.3).
struct Canonicalizer<'a> {
    algorithm: HashAlgorithm,
    limits: &'a Limits,
    /// The bytes that were written and hashed so far: one long name can stand in every statement.
    bytes: Cell<usize>,
    /// The statements that each blank node stands in.
    quads: BTreeMap<u32, Vec<&'a Quad>>,
    /// The hash of each blank node's own statements.
    first_degree: BTreeMap<u32, String>,
    canonical: Issuer,
    hash_calls: usize,
    hash_depth: usize,
    permuted: usize,
}

impl<'a> Canonicalizer<'a> {
    fn new(dataset: &[&'a Quad], algorithm: HashAlgorithm, limits: &'a Limits) -> Result<Self, RdfcError> {
        let mut quads: BTreeMap<u32, Vec<&Quad>> = BTreeMap::new();
        for quad in dataset {
            for (node, _) in blank_nodes(quad) {
                let quads = quads.entry(node).or_default();
                // A statement counts once, however often the node stands in it.
                if !quads.last().is_some_and(|last| std::ptr::eq(*last, *quad)) {
                    quads.push(quad);
                }
            }
        }
        limits.check(Limit::BlankNodes, quads.len())?;
        let (first_degree, canonical) = (BTreeMap::new(), Issuer::new("c14n"));
        Ok(Self {
            algorithm,
            limits,
            bytes: Cell::new(0),
            quads,
            first_degree,
            canonical,
            hash_calls: 0,
            hash_depth: 0,
            permuted: 0,
        })
    }

    /// The canonicalization algorithm (section 4.4.3), up to the labels.
    fn label_all(&mut self) -> Result<(), RdfcError> {
        // A node that is the only one needs nothing to be told apart by.
        if self.quads.len() == 1 {
            self.quads.keys().for_each(|node| self.canonical.issue(*node));
            return Ok(());
        }
        let mut by_hash: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for (node, quads) in &self.quads {
            let hash = self.hash_first_degree(*node, quads)?;
            by_hash.entry(hash.clone()).or_default().push(*node);
            self.first_degree.insert(*node, hash);
        }
        // Step 4: nodes whose own statements set them apart.
        let (unique, shared): (Vec<_>, Vec<_>) = by_hash.into_values().partition(|nodes| nodes.len() == 1);
        for node in unique.into_iter().flatten() {
            self.canonical.issue(node);
        }
        // Step 5: the others, by what they are connected with.
        for nodes in shared {
            let mut results = Vec::new();
            for node in nodes {
                if !self.canonical.has(node) {
                    let mut issuer = Issuer::new("b");
                    issuer.issue(node);
                    results.push(self.hash_n_degree(node, issuer)?);
                }
            }
            results.sort_by(|one, other| one.hash.cmp(&other.hash));
            for node in results.into_iter().flat_map(|result| result.issuer.order) {
                self.canonical.issue(node);
            }
        }
        Ok(())
    }

    /// Counts bytes of work.
    fn count(&self, bytes: usize) -> Result<(), RdfcError> {
        self.bytes.set(self.bytes.get().saturating_add(bytes));
        Ok(self.limits.check(Limit::CanonicalBytes, self.bytes.get())?)
    }

    fn line(&self, quad: &Quad, label: impl Fn(&mut String, u32)) -> Result<String, RdfcError> {
        let line = line(quad, label);
        self.count(line.len())?;
        Ok(line)
    }

    fn hash(&self, text: &str) -> Result<String, RdfcError> {
        self.count(text.len())?;
        Ok(self.algorithm.hash(text))
    }

    /// Hash First Degree Quads (section 4.6).
    fn hash_first_degree(&self, node: u32, quads: &[&Quad]) -> Result<String, RdfcError> {
        let label = |text: &mut String, other| text.push(if other == node { 'a' } else { 'z' });
        let lines: Result<Vec<String>, _> = quads.iter().map(|quad| self.line(quad, label)).collect();
        let mut lines = lines?;
        lines.sort_unstable();
        self.hash(&lines.concat())
    }

    /// Hash Related Blank Node (section 4.7).
    fn hash_related(
        &self,
        related: u32,
        quad: &Quad,
        issuer: &Issuer,
        position: Position,
    ) -> Result<String, RdfcError> {
        let mut input = String::from(position.as_str());
        if position != Position::Graph {
            push_term(&mut input, &quad.predicate, |_, _| {});
        }
        if self.canonical.has(related) {
            self.canonical.push_term(&mut input, related);
        } else if issuer.has(related) {
            issuer.push_term(&mut input, related);
        } else {
            input.push_str(self.first_degree.get(&related).map(String::as_str).unwrap_or_default());
        }
        self.hash(&input)
    }

    /// Hash N-Degree Quads (section 4.8).
    ///
    /// Recursion goes along the graph, so that its depth, too, needs a bound. What it hands back is boxed, which keeps
    /// small what each level takes of the stack.
    fn hash_n_degree(&mut self, node: u32, mut issuer: Issuer) -> Result<Box<NDegree>, RdfcError> {
        self.descend()?;
        let mut data = String::new();
        for (hash, related) in self.related_nodes(node, &issuer)? {
            data.push_str(&hash);
            let best = self.best_path(related, &issuer)?;
            data.push_str(&best.path);
            issuer = best.issuer;
        }
        self.hash_depth = self.hash_depth.saturating_sub(1);
        Ok(Box::new(NDegree { hash: self.hash(&data)?, issuer }))
    }

    fn descend(&mut self) -> Result<(), RdfcError> {
        self.hash_calls = self.hash_calls.saturating_add(1);
        self.limits.check(Limit::HashCalls, self.hash_calls)?;
        self.hash_depth = self.hash_depth.saturating_add(1);
        Ok(self.limits.check(Limit::HashDepth, self.hash_depth)?)
    }

    /// The nodes that share a statement with a node, by the hash of how they are related (section 4.8.3, step 3).
    ///
    /// NOTE: step 3.1.2 leaves open whether a node that is related twice in the same way is listed twice. It is, as
    /// in the implementations that most credentials are signed with.
    fn related_nodes(&self, node: u32, issuer: &Issuer) -> Result<BTreeMap<String, Vec<u32>>, RdfcError> {
        let mut related: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for quad in self.quads.get(&node).into_iter().flatten() {
            for (other, position) in blank_nodes(quad) {
                if other != node {
                    let hash = self.hash_related(other, quad, issuer, position)?;
                    related.entry(hash).or_default().push(other);
                }
            }
        }
        Ok(related)
    }

    /// Of all orders in which related nodes can be labelled, the one with the least path (step 5).
    fn best_path(&mut self, mut nodes: Vec<u32>, issuer: &Issuer) -> Result<Box<Path>, RdfcError> {
        let mut best: Option<Box<Path>> = None;
        nodes.sort_unstable();
        loop {
            self.permuted = self.permuted.saturating_add(nodes.len());
            self.limits.check(Limit::Permutations, self.permuted)?;
            if let Some(path) = self.path(&nodes, issuer, best.as_deref())? {
                best = Some(path);
            }
            if !next_permutation(&mut nodes) {
                break;
            }
        }
        Ok(best.unwrap_or_else(|| Box::new(Path { path: String::new(), issuer: issuer.clone() })))
    }

    /// The path for one order of related nodes (steps 5.4.1 to 5.4.6); `None` if `best` is no worse.
    fn path(
        &mut self,
        nodes: &[u32],
        issuer: &Issuer,
        best: Option<&Path>,
    ) -> Result<Option<Box<Path>>, RdfcError> {
        let Some((mut path, unlabelled)) = self.start_path(nodes, issuer, best) else { return Ok(None) };
        for node in unlabelled {
            let result = self.hash_n_degree(node, path.issuer.clone())?;
            path.go_on(node, *result);
            if path.is_worse_than(best) {
                return Ok(None);
            }
        }
        // The length was not looked at so far: a longer path can still come first.
        let is_better = best.is_none_or(|best| path.path < best.path);
        Ok(is_better.then_some(path))
    }

    /// The labels that the path begins with, and the nodes that got theirs on it (step 5.4.4); `None` if `best` is no
    /// worse.
    fn start_path(
        &self,
        nodes: &[u32],
        issuer: &Issuer,
        best: Option<&Path>,
    ) -> Option<(Box<Path>, Vec<u32>)> {
        let mut path = Box::new(Path { path: String::new(), issuer: issuer.clone() });
        let mut unlabelled = Vec::new();
        for &node in nodes {
            if self.canonical.has(node) {
                self.canonical.push_term(&mut path.path, node);
            } else {
                if !path.issuer.has(node) {
                    unlabelled.push(node);
                    path.issuer.issue(node);
                }
                path.push_term(node);
            }
            if path.is_worse_than(best) {
                return None;
            }
        }
        Some((path, unlabelled))
    }
}

/// What Hash N-Degree Quads gives.
struct NDegree {
    hash: String,
    issuer: Issuer,
}

/// A path through related nodes, and the labels that they have after it.
struct Path {
    path: String,
    issuer: Issuer,
}

impl Path {
    fn push_term(&mut self, node: u32) {
        self.issuer.push_term(&mut self.path, node);
    }

    /// Goes on with a node, and with what its own neighbours gave (steps 5.4.5.2 to 5.4.5.4).
    fn go_on(&mut self, node: u32, result: NDegree) {
        self.push_term(node);
        self.path.extend(["<", &result.hash, ">"]);
        self.issuer = result.issuer;
    }

    fn is_worse_than(&self, best: Option<&Self>) -> bool {
        best.is_some_and(|best| self.path.len() >= best.path.len() && self.path >= best.path)
    }
}

/// Where a blank node stands in a statement.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    Graph,
    Object,
    Subject,
}

impl Position {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Graph => "g",
            Self::Object => "o",
            Self::Subject => "s",
        }
    }
}

/// Issues labels in the order in which they are asked for (section 4.5).
#[derive(Clone, Debug, PartialEq, Eq)]
struct Issuer {
    prefix: &'static str,
    /// The nodes with their numbers, in order of the nodes: a sorted list, because issuers are copied all the time.
    numbers: Vec<(u32, usize)>,
    /// The nodes in order of their numbers.
    order: Vec<u32>,
}

impl Issuer {
    fn new(prefix: &'static str) -> Self {
        Self { prefix, numbers: Vec::new(), order: Vec::new() }
    }

    /// Where the node stands in the sorted list, or else where it would.
    fn find(&self, node: u32) -> Result<usize, usize> {
        self.numbers.binary_search_by_key(&node, |(node, _)| *node)
    }

    fn has(&self, node: u32) -> bool {
        self.find(node).is_ok()
    }

    fn issue(&mut self, node: u32) {
        if let Err(place) = self.find(node) {
            self.numbers.insert(place, (node, self.order.len()));
            self.order.push(node);
        }
    }

    /// Appends the node's label, without `_:`.
    fn push_label(&self, text: &mut String, node: u32) {
        let place = self.find(node).unwrap_or_default();
        let number = self.numbers.get(place).map(|(_, number)| *number).unwrap_or_default();
        // Writing to a string cannot fail.
        let _ = write!(text, "{}{number}", self.prefix);
    }

    fn push_term(&self, text: &mut String, node: u32) {
        text.push_str("_:");
        self.push_label(text, node);
    }
}

impl HashAlgorithm {
    /// The hash of a text, in hexadecimal digits.
    fn hash(self, text: &str) -> String {
        match self {
            Self::Sha256 => hexadecimal(&Sha256::digest(text)),
            Self::Sha384 => hexadecimal(&Sha384::digest(text)),
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from(if value < 10 { b'0' + value } else { b'a' - 10 + value });
    let mut digits = String::with_capacity(bytes.len().saturating_mul(2));
    digits.extend(bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]));
    digits
}

/// The blank nodes of a statement, and where they stand.
fn blank_nodes(quad: &Quad) -> impl Iterator<Item = (u32, Position)> {
    let terms = [
        (Some(&quad.subject), Position::Subject),
        (Some(&quad.object), Position::Object),
        (quad.graph.as_ref(), Position::Graph),
    ];
    terms.into_iter().filter_map(|(term, position)| match term {
        Some(Term::BlankNode(node)) => Some((*node, position)),
        Some(Term::Iri(_) | Term::Literal(_)) | None => None,
    })
}

/// Rearranges into the next order of the alphabet; false after the last. Equal elements are not told apart, so that
/// repetitions multiply no work.
fn next_permutation(nodes: &mut [u32]) -> bool {
    let is_descent = |pair: &[u32]| pair.first() < pair.get(1);
    let Some(pivot) = nodes.windows(2).rposition(is_descent) else { return false };
    let Some(value) = nodes.get(pivot).copied() else { return false };
    let Some(successor) = nodes.iter().rposition(|other| *other > value) else { return false };
    nodes.swap(pivot, successor);
    if let Some(tail) = nodes.get_mut(pivot.saturating_add(1)..) {
        tail.reverse();
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A statement that leads from one blank node to another.
    fn edge(from: u32, to: u32) -> Quad {
        let predicate = Term::Iri("http://example.org/p".into());
        Quad { subject: Term::BlankNode(from), predicate, object: Term::BlankNode(to), graph: None }
    }

    fn clique(size: u32) -> Vec<Quad> {
        let pairs = (0..size).flat_map(|from| (0..size).map(move |to| (from, to)));
        pairs.filter(|(from, to)| from != to).map(|(from, to)| edge(from, to)).collect()
    }

    fn ring(size: u32) -> Vec<Quad> {
        (0..size).map(|node| edge(node, (node + 1) % size)).collect()
    }

    /// The bound that a dataset goes over.
    fn exceeded(quads: &[Quad], limits: &Limits) -> Limit {
        match canonicalize(quads, HashAlgorithm::Sha256, limits) {
            Err(RdfcError::Limit(exceeded)) => exceeded.limit,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn refuses_graphs_that_are_made_to_be_laborious() {
        let limits = Limits::default();
        assert_eq!(exceeded(&clique(12), &limits), Limit::Permutations);
        assert_eq!(exceeded(&ring(1_000), &limits), Limit::HashDepth);
        let hubs: Vec<Quad> = (2..2_000).flat_map(|leaf| [edge(0, leaf), edge(1, leaf)]).collect();
        assert_eq!(exceeded(&hubs, &limits), Limit::HashCalls);
        assert_eq!(exceeded(&ring(2_001), &limits), Limit::BlankNodes);
        assert_eq!(exceeded(&clique(142), &limits), Limit::Quads);
    }

    #[test]
    fn many_equal_children_are_no_labour() {
        let star: Vec<Quad> = (1..100).map(|leaf| edge(0, leaf)).collect();
        let canonical = canonicalize(&star, HashAlgorithm::Sha256, &Limits::default()).unwrap();
        assert_eq!(canonical.lines().count(), 99);
    }

    #[test]
    fn labels_do_not_depend_on_numbers_and_order() {
        let mut graph = ring(5);
        graph.push(edge(0, 2));
        let mut other: Vec<Quad> = ring(5).into_iter().rev().map(|quad| renumbered(&quad)).collect();
        other.push(renumbered(&edge(0, 2)));
        other.push(renumbered(&edge(0, 2)));
        let canonical = |quads: &[Quad]| {
            canonicalize(quads, HashAlgorithm::Sha256, &Limits::default()).unwrap().into_nquads()
        };
        assert_eq!(canonical(&graph), canonical(&other));
        assert_ne!(canonical(&graph), canonical(&ring(5)));
    }

    fn renumbered(quad: &Quad) -> Quad {
        let renumber = |term: &Term| match term {
            Term::BlankNode(node) => Term::BlankNode(1_000 - node),
            other => other.clone(),
        };
        Quad { subject: renumber(&quad.subject), object: renumber(&quad.object), ..quad.clone() }
    }

    #[test]
    fn finds_every_distinct_order_once() {
        let mut nodes = [1, 1, 2, 3];
        let mut count = 1;
        while next_permutation(&mut nodes) {
            count += 1;
        }
        assert_eq!((count, nodes), (12, [3, 2, 1, 1]));
    }

    #[test]
    fn the_default_depth_fits_a_small_stack() {
        let stack = if cfg!(debug_assertions) { 1024 * 1024 } else { 192 * 1024 };
        #[allow(clippy::disallowed_methods)]
        std::thread::Builder::new()
            .stack_size(stack)
            .spawn(|| {
                canonicalize(&ring(62), HashAlgorithm::Sha256, &Limits::default()).unwrap();
                assert_eq!(exceeded(&ring(100), &Limits::default()), Limit::HashDepth);
            })
            .unwrap()
            .join()
            .unwrap();
    }
}
