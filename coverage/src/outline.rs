//! Which function a line stands in, and which phase of a unit that function belongs to.
//!
//! A unit's phases are functions with fixed names (`[units.phases]` of the TOML: `check`, `exec`, ..). A helper that is
//! reached from one phase only, through calls inside its file, belongs to that phase; one that several reach, or none,
//! is `shared`. Calls are told by names, so two methods of one name in a file are taken for one.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Span as Place, TokenStream, TokenTree};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{ExprMethodCall, ExprPath, ImplItemConst, ImplItemFn, Item, ItemConst, ItemFn, ItemStatic, TraitItemFn};

use crate::lines::Span;

/// The phase of what is reached from several phases, or from none.
pub const SHARED: &str = "shared";

/// Names of functions and constants, and the phase that each is.
pub type Phases = BTreeMap<String, String>;

/// A function with a body, or a constant: both may hold closures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Its lines.
    pub lines: Span,
    /// Its phase; `None` if the TOML names no phases.
    pub phase: Option<String>,
}

/// The functions of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    functions: Vec<Function>,
}

impl Outline {
    /// Reads a file. In one that has the name of a phase (`exec.rs` of a unit in a folder), what no phase reaches
    /// belongs to that.
    ///
    /// # Errors
    /// The parser's message if this is no Rust.
    pub fn read(text: &str, path: &str, phases: &Phases) -> Result<Self, String> {
        let file = syn::parse_file(text).map_err(|error| error.to_string())?;
        let mut search = Search::default();
        search.visit_file(&file);
        let stem = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".rs");
        let reached = reached(&search.found, phases);
        let phase = |found: &Found| {
            let own = phases.get(&found.name).cloned();
            own.or_else(|| match reached.get(&found.name).map(|phases| phases.iter().collect::<Vec<_>>()).as_deref() {
                Some([only]) => Some((*only).clone()),
                _ => Some(phases.get(stem).map_or(SHARED, String::as_str).to_owned()),
            })
        };
        let function = |found: &Found| Function {
            name: found.name.clone(),
            lines: found.lines,
            phase: phase(found).filter(|_| !phases.is_empty()),
        };
        Ok(Self { functions: search.found.iter().map(function).collect() })
    }

    /// The innermost function that a line stands in.
    #[must_use]
    pub fn at(&self, line: u64) -> Option<&Function> {
        let around =
            self.functions.iter().filter(|function| function.lines.start <= line && line <= function.lines.end);
        around.min_by_key(|function| function.lines.end - function.lines.start)
    }

    /// Cuts lines where another function begins, each part with the function that it stands in.
    #[must_use]
    pub fn cut(&self, span: Span) -> Vec<(Span, Option<&Function>)> {
        let mut parts: Vec<(Span, Option<&Function>)> = Vec::new();
        for line in span.start..=span.end {
            let here = self.at(line);
            match parts.last_mut() {
                Some((part, function)) if *function == here => part.end = line,
                _ => parts.push((Span { start: line, end: line }, here)),
            }
        }
        parts
    }
}

impl Function {
    /// How reports name it: its phase, and its own name where that is another.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.phase {
            Some(phase) if *phase == self.name => phase.clone(),
            Some(phase) => format!("{phase}, in {}", self.name),
            None => format!("in {}", self.name),
        }
    }
}

/// For each function, the phases from which it is reached.
fn reached(functions: &[Found], phases: &Phases) -> BTreeMap<String, BTreeSet<String>> {
    let mut calls: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for function in functions {
        calls.entry(&function.name).or_default().extend(function.calls.iter().map(String::as_str));
    }
    let mut reached: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (root, phase) in phases {
        let mut open = vec![root.as_str()];
        let mut seen = BTreeSet::new();
        while let Some(name) = open.pop() {
            for called in calls.get(name).into_iter().flatten() {
                // Another phase is no helper of this one.
                if calls.contains_key(called) && !phases.contains_key(*called) && seen.insert(*called) {
                    reached.entry((*called).to_owned()).or_default().insert(phase.clone());
                    open.push(called);
                }
            }
        }
    }
    reached
}

struct Found {
    name: String,
    lines: Span,
    calls: BTreeSet<String>,
}

#[derive(Default)]
struct Search {
    found: Vec<Found>,
}

/// The lines of something in the source.
pub(crate) fn lines(place: Place) -> Span {
    Span { start: place.start().line as u64, end: place.end().line as u64 }
}

impl Search {
    fn note(&mut self, name: impl ToString, place: Place, walk: impl FnOnce(&mut Calls)) {
        let mut calls = Calls::default();
        walk(&mut calls);
        self.found.push(Found { name: name.to_string(), lines: lines(place), calls: calls.names });
    }
}

impl<'ast> Visit<'ast> for Search {
    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.note(&item.sig.ident, item.span(), |calls| calls.visit_block(&item.block));
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        self.note(&item.sig.ident, item.span(), |calls| calls.visit_block(&item.block));
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'ast TraitItemFn) {
        if let Some(block) = &item.default {
            self.note(&item.sig.ident, item.span(), |calls| calls.visit_block(block));
        }
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_item_const(&mut self, item: &'ast ItemConst) {
        self.note(&item.ident, item.span(), |calls| calls.visit_expr(&item.expr));
    }

    fn visit_impl_item_const(&mut self, item: &'ast ImplItemConst) {
        self.note(&item.ident, item.span(), |calls| calls.visit_expr(&item.expr));
    }

    fn visit_item_static(&mut self, item: &'ast ItemStatic) {
        self.note(&item.ident, item.span(), |calls| calls.visit_expr(&item.expr));
    }
}

/// Names that a body calls, or hands on as functions.
#[derive(Default)]
struct Calls {
    names: BTreeSet<String>,
}

impl Calls {
    /// The tokens of a macro are not parsed: every name in them may be a call.
    fn tokens(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Ident(name) => drop(self.names.insert(name.to_string())),
                TokenTree::Group(group) => self.tokens(group.stream()),
                _ => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Calls {
    fn visit_expr_path(&mut self, path: &'ast ExprPath) {
        self.names.extend(path.path.segments.last().map(|last| last.ident.to_string()));
        visit::visit_expr_path(self, path);
    }

    fn visit_expr_method_call(&mut self, call: &'ast ExprMethodCall) {
        self.names.insert(call.method.to_string());
        visit::visit_expr_method_call(self, call);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.tokens(call.tokens.clone());
    }

    // A function inside of a function has calls of its own.
    fn visit_item(&mut self, _: &'ast Item) {}
}
