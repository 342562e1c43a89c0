//! Which source files must be in a report: those with a function body that the compiler counts.
//!
//! Tried out with rustc 1.95: every function, method, default method and closure in a `static` gets lines, called or
//! not, generic, `const`, `async` and `inline` ones and dead code too. Files of types, derives or macro calls get none.
//! Two kinds of function are never in a report: those with an argument of a type without values, and those that a
//! `cfg` turns off. A file of nothing else must be named in `product.except`; it is not guessed.

use syn::visit::{self, Visit};
use syn::{Attribute, ExprClosure, ImplItem, ImplItemFn, Item, ItemFn, Meta, Token, TraitItem, TraitItemFn};

/// The first function body outside macros and test code, by its name; `None` if there is none.
///
/// # Errors
/// The parser's message, with line and column, if this is no Rust.
pub fn first_body(text: &str) -> Result<Option<String>, String> {
    let file = syn::parse_file(text).map_err(|error| error.to_string())?;
    if is_test_code(&file.attrs) {
        return Ok(None);
    }
    let mut search = Search { found: None };
    search.visit_file(&file);
    Ok(search.found)
}

struct Search {
    found: Option<String>,
}

impl Search {
    fn note(&mut self, name: impl ToString) {
        self.found.get_or_insert_with(|| name.to_string());
    }
}

// Tokens of macros (definitions and calls) are not parsed by syn, so nothing in them is visited.
impl<'ast> Visit<'ast> for Search {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_test_code(attributes_of(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        if !is_test_code(attributes_of_impl(item)) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_trait_item(&mut self, item: &'ast TraitItem) {
        if !is_test_code(attributes_of_trait(item)) {
            visit::visit_trait_item(self, item);
        }
    }

    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        self.note(&function.sig.ident);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast ImplItemFn) {
        self.note(&function.sig.ident);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast TraitItemFn) {
        if function.default.is_some() {
            self.note(&function.sig.ident);
        }
    }

    fn visit_expr_closure(&mut self, _: &'ast ExprClosure) {
        self.note("a closure");
    }
}

pub(crate) fn attributes_of_impl(item: &ImplItem) -> &[Attribute] {
    match item {
        ImplItem::Fn(item) => &item.attrs,
        ImplItem::Const(item) => &item.attrs,
        _ => &[],
    }
}

pub(crate) fn attributes_of_trait(item: &TraitItem) -> &[Attribute] {
    match item {
        TraitItem::Fn(item) => &item.attrs,
        TraitItem::Const(item) => &item.attrs,
        _ => &[],
    }
}

pub(crate) fn attributes_of(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        _ => &[],
    }
}

/// Whether an item is there in test builds only.
pub(crate) fn is_test_code(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::Path(path) => path.segments.last().is_some_and(|last| last.ident == "test"),
        Meta::List(list) if list.path.is_ident("cfg") => {
            attribute.parse_args::<Meta>().is_ok_and(|condition| needs_test(&condition))
        }
        _ => false,
    })
}

/// Whether a `cfg` condition can only hold in a test build.
fn needs_test(condition: &Meta) -> bool {
    let inner = |list: &syn::MetaList| {
        list.parse_args_with(syn::punctuated::Punctuated::<Meta, Token![,]>::parse_terminated).unwrap_or_default()
    };
    match condition {
        Meta::Path(path) => path.is_ident("test"),
        Meta::List(list) if list.path.is_ident("all") => inner(list).iter().any(needs_test),
        Meta::List(list) if list.path.is_ident("any") => {
            let choices = inner(list);
            !choices.is_empty() && choices.iter().all(needs_test)
        }
        _ => false,
    }
}
