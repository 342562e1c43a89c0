//! The files of the product, and which of them are units.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::glob::Glob;
use crate::trouble::Trouble;

/// A file of the product. Its path is relative to the workspace, with `/`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// The path.
    pub path: String,
    /// The name of the unit, if it is one.
    pub unit: Option<String>,
}

/// The root of the workspace that `start` lies in: the nearest manifest with a `[workspace]`, else the nearest manifest.
///
/// # Errors
/// When there is no manifest, or one can't be read.
pub fn root(start: &Path) -> Result<PathBuf, Trouble> {
    let mut nearest = None;
    for folder in start.ancestors() {
        let manifest = folder.join("Cargo.toml");
        if !manifest.is_file() {
            continue;
        }
        let wrong = |what: String| {
            Trouble::new(what, "Cargo.toml of the workspace")
                .expected("a manifest that cargo reads")
                .remedy("correct it until `cargo metadata` runs")
        };
        let text =
            fs::read_to_string(&manifest).map_err(|error| wrong(format!("the manifest can't be read: {error}")))?;
        let table: toml::Table = text
            .parse()
            .map_err(|error: toml::de::Error| wrong(format!("the manifest is no TOML: {}", error.message())))?;
        if table.contains_key("workspace") {
            return Ok(folder.to_owned());
        }
        nearest.get_or_insert_with(|| folder.to_owned());
    }
    nearest.ok_or_else(|| {
        Trouble::new("there is no workspace here", "this folder and those above it")
            .expected("a Cargo.toml")
            .remedy("run the gate inside the workspace")
    })
}

/// Lists the product's files and names the units.
///
/// # Errors
/// When a folder can't be read, when a pattern means no file, or when a unit is no file of the product.
pub fn sources(root: &Path, config: &Config, place: &str) -> Result<Vec<Source>, Trouble> {
    let mut product = list(root, &config.product.sources, "product.sources", place)?;
    let excepted = list(root, &config.product.except, "product.except", place)?;
    product.retain(|path| !excepted.contains(path));
    let units = list(root, &config.units.sources, "units.sources", place)?;
    if let Some(stray) = units.iter().find(|path| !product.contains(*path) && !excepted.contains(*path)) {
        return Err(Trouble::new(format!("the unit `{stray}` is no file of the product"), place)
            .expected("patterns in `units.sources` that mean files of `product.sources`")
            .remedy("correct one of the two"));
    }
    let name = |path: &str| {
        let glob = config.units.sources.iter().find(|glob| glob.matches(path))?;
        let below = path.strip_prefix(&glob.folder()).unwrap_or(path).trim_start_matches('/');
        Some(below.strip_suffix(".rs").unwrap_or(below).to_owned())
    };
    Ok(product.into_iter().map(|path| Source { unit: name(&path), path }).collect())
}

fn list(root: &Path, globs: &[Glob], key: &str, place: &str) -> Result<BTreeSet<String>, Trouble> {
    let mut all = BTreeSet::new();
    for glob in globs {
        let mut found = Vec::new();
        let folder = glob.folder();
        walk(&root.join(&folder), &folder, &mut found).map_err(|(path, error)| {
            Trouble::new(format!("a folder can't be read: {error}"), path)
                .expected("a readable folder")
                .remedy(format!("correct its permissions, or `{key}` in {place}"))
        })?;
        found.retain(|path| glob.matches(path));
        if found.is_empty() {
            return Err(Trouble::new(
                format!("`{glob}` means no file, so nothing would be judged"),
                format!("{place}, `{key}`"),
            )
            .expected("patterns that mean files of this workspace")
            .remedy("correct the pattern, or take it out"));
        }
        all.extend(found);
    }
    Ok(all)
}

/// Lists files below `folder`; links to folders and build output are not followed.
fn walk(folder: &Path, name: &str, found: &mut Vec<String>) -> Result<(), (String, io::Error)> {
    let shown = || if name.is_empty() { ".".to_owned() } else { name.to_owned() };
    let entries = match fs::read_dir(folder) {
        // A pattern for a folder that is gone means no file: the caller says so.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other.map_err(|error| (shown(), error))?,
    };
    for entry in entries {
        let entry = entry.map_err(|error| (shown(), error))?;
        let file_name = entry.file_name().to_string_lossy().into_owned();
        let path = if name.is_empty() { file_name.clone() } else { format!("{name}/{file_name}") };
        let kind = entry.file_type().map_err(|error| (path.clone(), error))?;
        if kind.is_dir() {
            let is_output = name.is_empty() && (file_name == "target" || file_name.starts_with('.'));
            if !is_output {
                walk(&entry.path(), &path, found)?;
            }
        } else {
            found.push(path);
        }
    }
    Ok(())
}
