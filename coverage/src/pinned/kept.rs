//! A product file of the base with the tests of the change: hunks in test code are kept, the others are not.

use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{ImplItem, Item, TraitItem};

use crate::changed::patch::Hunk;
use crate::lines::Span;
use crate::outline::lines;
use crate::source::{attributes_of, attributes_of_impl, attributes_of_trait, is_test_code};

/// The base's text with those hunks that lie in test code.
///
/// # Errors
/// When a hunk changes product and tests together, or a text is no Rust.
pub fn kept(base: &str, change: &str, hunks: &[Hunk]) -> Result<String, String> {
    let (old_tests, new_tests) = (test_code(base)?, test_code(change)?);
    let old: Vec<&str> = base.split_inclusive('\n').collect();
    let new: Vec<&str> = change.split_inclusive('\n').collect();
    let mut text = String::new();
    let mut next = 0;
    for hunk in hunks {
        let removed = side(hunk.removed, &old, &old_tests);
        let added = side(hunk.added, &new, &new_tests);
        let place = hunk.added.map_or(hunk.after, |added| added.start);
        match (removed, added) {
            (Side::Mixed, _) | (_, Side::Mixed) | (Side::Tests, Side::Product) | (Side::Product, Side::Tests) => {
                return Err(format!("near line {place} one hunk changes product and tests together"));
            }
            (Side::Product, _) | (_, Side::Product) | (Side::Nothing, Side::Nothing) => continue,
            (Side::Tests | Side::Nothing, _) => {}
        }
        let (start, end) = hunk.removed.map_or((hunk.behind, hunk.behind), |span| (span.start - 1, span.end));
        text.extend(slice(&old, next, start).iter().copied());
        text.extend(hunk.added.map_or(&[][..], |added| slice(&new, added.start - 1, added.end)).iter().copied());
        next = end;
    }
    text.extend(slice(&old, next, old.len() as u64).iter().copied());
    Ok(text)
}

fn slice<'a>(lines: &'a [&'a str], start: u64, end: u64) -> &'a [&'a str] {
    let at = |line: u64| usize::try_from(line).unwrap_or(usize::MAX).min(lines.len());
    lines.get(at(start)..at(end)).unwrap_or_default()
}

/// What one side of a hunk consists of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Nothing,
    Tests,
    Product,
    Mixed,
}

/// Blank lines belong to whatever is beside them.
fn side(span: Option<Span>, text: &[&str], tests: &[Span]) -> Side {
    let Some(span) = span else { return Side::Nothing };
    let numbers = (span.start..=span.end).zip(slice(text, span.start - 1, span.end));
    let solid = numbers.filter(|(_, line)| !line.trim().is_empty());
    let kinds = solid.map(|(line, _)| tests.iter().any(|test| test.start <= line && line <= test.end));
    kinds.fold(Side::Nothing, |side, is_test| match (side, is_test) {
        (Side::Nothing | Side::Tests, true) => Side::Tests,
        (Side::Nothing | Side::Product, false) => Side::Product,
        _ => Side::Mixed,
    })
}

/// The lines of all items that are there in test builds only.
fn test_code(text: &str) -> Result<Vec<Span>, String> {
    let file = syn::parse_file(text).map_err(|error| error.to_string())?;
    if is_test_code(&file.attrs) {
        return Ok(vec![Span { start: 1, end: u64::MAX }]);
    }
    let mut search = Search { found: Vec::new() };
    search.visit_file(&file);
    Ok(search.found)
}

struct Search {
    found: Vec<Span>,
}

impl<'ast> Visit<'ast> for Search {
    fn visit_item(&mut self, item: &'ast Item) {
        if is_test_code(attributes_of(item)) {
            self.found.push(lines(item.span()));
        } else {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        if is_test_code(attributes_of_impl(item)) {
            self.found.push(lines(item.span()));
        }
    }

    fn visit_trait_item(&mut self, item: &'ast TraitItem) {
        if is_test_code(attributes_of_trait(item)) {
            self.found.push(lines(item.span()));
        }
    }
}
