//! Lists the tests of a workspace from its sources, by following `mod` from each target that cargo knows.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use syn::spanned::Spanned as _;
use syn::{Attribute, Expr, Item, ItemMod, Lit, Meta};

use crate::lines::Span;
use crate::outline::lines;
use crate::process;
use crate::trouble::Trouble;

/// A test function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// Its name, as libtest prints it.
    pub name: String,
    /// The package that it belongs to.
    pub package: String,
    /// What tells cargo its target: `--lib`, or `--test NAME`.
    pub target: Vec<String>,
    /// The path of its file.
    pub path: String,
    /// Its lines, attributes included.
    pub lines: Span,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
    src_path: PathBuf,
    test: bool,
}

impl Target {
    fn words(&self) -> Option<Vec<String>> {
        let named = |word: &str| Some(vec![word.to_owned(), self.name.clone()]);
        match self.kind.first()?.as_str() {
            "test" => named("--test"),
            "bin" => named("--bin"),
            "example" => named("--example"),
            "bench" => named("--bench"),
            "custom-build" => None,
            _ => Some(vec!["--lib".to_owned()]),
        }
    }
}

/// All tests of a workspace.
///
/// # Errors
/// When cargo does not know the workspace, or a file can't be read.
pub(super) fn list(root: &Path) -> Result<Vec<Test>, Trouble> {
    let mut cargo = std::process::Command::new(process::cargo());
    process::forget_own_package(&mut cargo);
    let text = process::ask(cargo.args(["metadata", "--no-deps", "--format-version", "1"]).current_dir(root))?;
    let metadata: Metadata = serde_json::from_str(&text).map_err(|error| {
        Trouble::new(format!("cargo's answer can't be read: {error}"), "`cargo metadata`")
            .expected("packages with targets")
            .remedy("run it by hand and see what it says")
    })?;
    let mut all = Vec::new();
    for package in &metadata.packages {
        for target in package.targets.iter().filter(|target| target.test) {
            if let Some(words) = target.words() {
                let mut walk = Walk { root, package: &package.name, target: &words, found: &mut all };
                let folder = target.src_path.parent().unwrap_or(root);
                walk.file(&target.src_path, folder, &[])?;
            }
        }
    }
    Ok(all)
}

struct Walk<'a> {
    root: &'a Path,
    package: &'a str,
    target: &'a [String],
    found: &'a mut Vec<Test>,
}

impl Walk<'_> {
    /// Reads a file; its `mod x;` lead into `folder`.
    fn file(&mut self, file: &Path, folder: &Path, module: &[String]) -> Result<(), Trouble> {
        let path = file.strip_prefix(self.root).unwrap_or(file).to_string_lossy().replace('\\', "/");
        let wrong = |what: String| {
            Trouble::new(what, &path).expected("Rust that the compiler takes").remedy("make `cargo test` pass first")
        };
        let text = fs::read_to_string(file).map_err(|error| wrong(format!("a source file can't be read: {error}")))?;
        let parsed =
            syn::parse_file(&text).map_err(|error| wrong(format!("a source file can't be parsed: {error}")))?;
        let here = file.parent().unwrap_or(self.root);
        self.items(&parsed.items, &path, here, folder, module)
    }

    fn items(
        &mut self,
        items: &[Item],
        path: &str,
        here: &Path,
        folder: &Path,
        module: &[String],
    ) -> Result<(), Trouble> {
        for item in items {
            match item {
                Item::Fn(function) if function.attrs.iter().any(is_test) => {
                    let name = module.iter().cloned().chain([function.sig.ident.to_string()]);
                    self.found.push(Test {
                        name: name.collect::<Vec<_>>().join("::"),
                        package: self.package.to_owned(),
                        target: self.target.to_vec(),
                        path: path.to_owned(),
                        lines: lines(function.span()),
                    });
                }
                Item::Mod(below) => {
                    let name = below.ident.to_string().trim_start_matches("r#").to_owned();
                    let inner: Vec<String> = module.iter().cloned().chain([name.clone()]).collect();
                    match &below.content {
                        Some((_, items)) => self.items(items, path, here, &folder.join(&name), &inner)?,
                        None => self.below(below, &name, here, folder, &inner)?,
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Follows `mod x;`. One that leads nowhere is turned off by a `cfg`, or made later: no test of ours is there.
    fn below(
        &mut self,
        below: &ItemMod,
        name: &str,
        here: &Path,
        folder: &Path,
        inner: &[String],
    ) -> Result<(), Trouble> {
        if let Some(file) = below.attrs.iter().find_map(given_path) {
            let file = here.join(file);
            let folder = file.parent().unwrap_or(here).to_owned();
            return if file.is_file() { self.file(&file, &folder, inner) } else { Ok(()) };
        }
        let (flat, deep) = (folder.join(format!("{name}.rs")), folder.join(name).join("mod.rs"));
        let folder = folder.join(name);
        match [flat, deep].into_iter().find(|file| file.is_file()) {
            Some(file) => self.file(&file, &folder, inner),
            None => Ok(()),
        }
    }
}

/// `#[test]`, and those of other runtimes: `#[tokio::test]`.
fn is_test(attribute: &Attribute) -> bool {
    attribute.path().segments.last().is_some_and(|last| last.ident == "test")
}

/// `#[path = ".."]`
fn given_path(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => Some(text.value()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}
