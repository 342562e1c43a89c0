//! Where tools may be.

use std::collections::BTreeSet;
use std::env;
use std::env::consts::EXE_SUFFIX;
use std::path::{Path, PathBuf};

/// How the pair of variables is called in messages.
pub(super) const VARIABLES: &str = "LLVM_COV and LLVM_PROFDATA";

/// llvm-cov and the llvm-profdata that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The program `llvm-cov`.
    pub cov: PathBuf,
    /// The program `llvm-profdata`.
    pub profdata: PathBuf,
    /// Where they come from, in words.
    pub origin: String,
}

/// Pairs that may work, best first.
pub(super) struct Found {
    pub(super) pairs: Vec<Pair>,
    pub(super) notes: Vec<String>,
}

/// Looks at the variables, the toolchain and the path.
pub(super) fn from_environment(own: &Path) -> Found {
    let variable = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let (cov, profdata) = (variable("LLVM_COV"), variable("LLVM_PROFDATA"));
    let mut notes = Vec::new();
    if cov.is_some() != profdata.is_some() {
        notes.push(format!("{VARIABLES} are used only if both are set"));
    }
    let named = cov.zip(profdata);
    Found { pairs: candidates(named, own, &path_folders()), notes }
}

/// Pairs that exist: the named one, the toolchain's own, and those in `folders`, newest first.
#[must_use]
pub fn candidates(named: Option<(PathBuf, PathBuf)>, own: &Path, folders: &[PathBuf]) -> Vec<Pair> {
    let mut pairs = Vec::new();
    if let Some((cov, profdata)) = named {
        pairs.push(Pair { cov, profdata, origin: VARIABLES.to_owned() });
    }
    pairs.extend(pair(own, "", "the toolchain's own".to_owned()));
    let names = folders.iter().filter_map(|folder| folder.read_dir().ok()).flatten().filter_map(Result::ok);
    let suffixes = newest_first(names.map(|entry| entry.file_name().to_string_lossy().into_owned()));
    for suffix in suffixes {
        let on_path = |folder: &PathBuf| pair(folder, &suffix, format!("llvm-cov{suffix} on the path"));
        pairs.extend(folders.iter().find_map(on_path));
    }
    pairs
}

fn pair(folder: &Path, suffix: &str, origin: String) -> Option<Pair> {
    let program = |name: &str| folder.join(format!("{name}{suffix}{EXE_SUFFIX}"));
    let (cov, profdata) = (program("llvm-cov"), program("llvm-profdata"));
    (cov.is_file() && profdata.is_file()).then_some(Pair { cov, profdata, origin })
}

/// The endings (`-19`, `-14`, and last the empty one) of the programs named `llvm-cov` among these, newest first.
#[must_use]
pub fn newest_first(names: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut versions: BTreeSet<u32> = BTreeSet::new();
    let mut plain = false;
    for name in names {
        let Some(ending) = name.strip_suffix(EXE_SUFFIX).unwrap_or(&name).strip_prefix("llvm-cov") else { continue };
        plain |= ending.is_empty();
        versions.extend(ending.strip_prefix('-').and_then(|version| version.parse::<u32>().ok()));
    }
    let numbered = versions.into_iter().rev().map(|version| format!("-{version}"));
    numbered.chain(plain.then(String::new)).collect()
}

/// cargo-llvm-cov on the path or where the gate installs it.
pub(super) fn cargo_llvm_cov(folder: &Path) -> Option<PathBuf> {
    installed("cargo-llvm-cov", folder)
}

/// A program of cargo's on the path or where the gate installs it.
pub(super) fn installed(name: &str, folder: &Path) -> Option<PathBuf> {
    let installed = folder.join("bin");
    let folders = path_folders().into_iter().chain([installed]);
    folders.map(|folder| folder.join(format!("{name}{EXE_SUFFIX}"))).find(|program| program.is_file())
}

/// The folders of the path. Relative ones are left out: they mean something else in each folder.
fn path_folders() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).filter(|folder| folder.is_absolute()).collect()
}
