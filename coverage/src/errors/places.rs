//! Finds the places that build an error: calls of constructors, by their names.

use std::fmt;

use proc_macro2::{Span as Position, TokenStream, TokenTree};
use serde::de::{Deserialize, Deserializer, Error};
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};
use syn::{Expr, ExprCall, ExprPath, ExprTry, ImplItem, Item, TraitItem, UseRename};

use crate::source::{attributes_of, attributes_of_impl, attributes_of_trait, is_test_code};

/// The name of a function that builds an error: `Refusal::new`, `Refusal::*` for all of its type, or a bare `Err`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constructor {
    type_name: Option<String>,
    function: String,
}

impl Constructor {
    /// Reads a name.
    ///
    /// # Errors
    /// When it is no name of a function, with or without a type.
    pub fn new(text: &str) -> Result<Self, String> {
        let is_name = |text: &str| syn::parse_str::<syn::Ident>(text).is_ok();
        let (type_name, function) = match text.split_once("::") {
            Some((type_name, function)) => (Some(type_name), function),
            None => (None, text),
        };
        if type_name.is_none_or(is_name) && (is_name(function) || (type_name.is_some() && function == "*")) {
            return Ok(Self { type_name: type_name.map(str::to_owned), function: function.to_owned() });
        }
        Err(format!("`{text}` is no constructor: wanted `Type::function`, `Type::*` or `function`"))
    }

    fn means(&self, type_name: Option<&str>, function: &str) -> bool {
        let is_type = self.type_name.is_none() || self.type_name.as_deref() == type_name;
        is_type && (self.function == "*" || self.function == function)
    }
}

impl fmt::Display for Constructor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.type_name.iter().try_for_each(|type_name| write!(f, "{type_name}::"))?;
        f.write_str(&self.function)
    }
}

impl<'de> Deserialize<'de> for Constructor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// A place that builds an error.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Its line.
    pub line: u64,
    /// Its column in bytes, from 1, as the compiler counts.
    pub column: u64,
    /// What is called.
    pub constructor: String,
    /// Line and column whose count tells whether the error was built.
    pub counted: (u64, u64),
    /// Whether that is so only for the whole line: the constructor is handed on as a function, and no `?` follows.
    pub is_vague: bool,
}

/// Finds all places in a file, test code apart.
///
/// # Errors
/// The parser's message if this is no Rust.
pub fn places(text: &str, constructors: &[Constructor]) -> Result<Vec<Place>, String> {
    let file = syn::parse_file(text).map_err(|error| error.to_string())?;
    if is_test_code(&file.attrs) {
        return Ok(Vec::new());
    }
    let mut aliases = Aliases::default();
    aliases.visit_file(&file);
    let text: Vec<&str> = text.lines().collect();
    let mut search = Search { constructors, aliases: aliases.names, text: &text, tries: Vec::new(), found: Vec::new() };
    search.visit_file(&file);
    search.found.sort();
    search.found.dedup();
    Ok(search.found)
}

/// `use error::Refusal as R`.
#[derive(Default)]
struct Aliases {
    names: Vec<(String, String)>,
}

impl<'ast> Visit<'ast> for Aliases {
    fn visit_use_rename(&mut self, alias: &'ast UseRename) {
        self.names.push((alias.rename.to_string(), alias.ident.to_string()));
    }
}

struct Search<'a> {
    constructors: &'a [Constructor],
    aliases: Vec<(String, String)>,
    text: &'a [&'a str],
    /// The question marks around what is being visited, the nearest last.
    tries: Vec<Position>,
    found: Vec<Place>,
}

impl Search<'_> {
    /// Line and column as the compiler counts: columns in bytes, from 1.
    fn at(&self, position: Position) -> (u64, u64) {
        let start = position.start();
        let line = self.text.get(start.line - 1).copied().unwrap_or_default();
        let bytes: usize = line.chars().take(start.column).map(char::len_utf8).sum();
        (start.line as u64, bytes as u64 + 1)
    }

    /// The name of the constructor, if the last parts of a path name one.
    fn constructor(&self, type_name: Option<&str>, function: &str) -> Option<String> {
        let alias = self.aliases.iter().find(|(alias, _)| Some(alias.as_str()) == type_name);
        let type_name = alias.map_or(type_name, |(_, name)| Some(name));
        self.constructors.iter().find(|constructor| constructor.means(type_name, function)).map(|constructor| {
            let type_name = constructor.type_name.iter().map(|name| format!("{name}::"));
            format!("{}{function}", type_name.collect::<String>())
        })
    }

    fn of_path(&self, path: &syn::Path) -> Option<String> {
        let mut names = path.segments.iter().rev().map(|segment| segment.ident.to_string());
        let function = names.next()?;
        self.constructor(names.next().as_deref(), &function)
    }

    fn note(&mut self, constructor: String, position: Position, counted: Option<Position>) {
        let (line, column) = self.at(position);
        let (counted, is_vague) = counted.map_or(((line, column), true), |counted| (self.at(counted), false));
        self.found.push(Place { line, column, constructor, counted, is_vague });
    }

    /// The tokens of a macro are not parsed; `Type :: function` and `function (..)` in them are taken for calls.
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let is_colon = |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':');
        for (index, token) in tokens.iter().enumerate() {
            let (before, after) = (&tokens[..index], tokens.get(index + 1));
            match token {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Ident(function) => {
                    let type_name = match before {
                        [.., TokenTree::Ident(type_name), one, two] if is_colon(one) && is_colon(two) => {
                            Some(type_name)
                        }
                        _ => None,
                    };
                    let is_call = matches!(after, Some(TokenTree::Group(_)));
                    let name = type_name.map(ToString::to_string);
                    if let Some(constructor) = self.constructor(name.as_deref(), &function.to_string())
                        && (is_call || type_name.is_some())
                    {
                        let position = type_name.unwrap_or(function).span();
                        self.note(constructor, position, Some(position));
                    }
                }
                _ => {}
            }
        }
    }

    /// What stands inside of a function or closure is not counted by a question mark outside of it.
    fn apart(&mut self, visit: impl FnOnce(&mut Self)) {
        let tries = std::mem::take(&mut self.tries);
        visit(self);
        self.tries = tries;
    }
}

impl<'ast> Visit<'ast> for Search<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        if !is_test_code(attributes_of(item)) {
            self.apart(|search| visit::visit_item(search, item));
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

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        self.apart(|search| visit::visit_expr_closure(search, closure));
    }

    fn visit_expr_call(&mut self, call: &'ast ExprCall) {
        match &*call.func {
            Expr::Path(path) => match self.of_path(&path.path) {
                Some(constructor) => self.note(constructor, path.span(), Some(path.span())),
                None => self.visit_expr_path(path),
            },
            other => self.visit_expr(other),
        }
        call.args.iter().for_each(|argument| self.visit_expr(argument));
    }

    /// A constructor that is handed on as a function, `map_err(Refusal::new)?`: the `?` counts how often it failed.
    fn visit_expr_path(&mut self, path: &'ast ExprPath) {
        if let Some(constructor) = self.of_path(&path.path) {
            self.note(constructor, path.span(), self.tries.last().copied());
        }
    }

    fn visit_expr_try(&mut self, attempt: &'ast ExprTry) {
        self.tries.push(attempt.question_token.span());
        visit::visit_expr_try(self, attempt);
        self.tries.pop();
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        self.tokens(call.tokens.clone());
    }
}
