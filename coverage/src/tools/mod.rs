//! The tools of a measurement: cargo-llvm-cov, and llvm-cov with llvm-profdata that read this compiler's profiles.
//!
//! What is there is used. What is missing is installed by rustup and cargo, for this user and into `target/tools`;
//! never by a package manager of the system. `--no-install` names the commands instead.

mod find;
mod install;
mod trial;

use std::path::{Path, PathBuf};

pub use find::{Pair, candidates, newest_first};

use crate::baseline::Machine;
use crate::process;
use crate::progress::Progress;
use crate::trouble::Trouble;

/// The tools, ready to use.
#[derive(Debug)]
pub struct Tools {
    /// The program `cargo-llvm-cov`.
    pub cargo_llvm_cov: PathBuf,
    /// The tools of LLVM.
    pub llvm: Pair,
    /// What one should know: tools that were asked for and don't work.
    pub notes: Vec<String>,
}

/// The compiler, and where its own tools would be.
#[derive(Debug)]
pub struct Compiler {
    /// Version and system.
    pub machine: Machine,
    /// `rustc --print sysroot`.
    pub sysroot: PathBuf,
}

impl Compiler {
    /// Asks rustc, in the workspace, so that its toolchain file holds.
    ///
    /// # Errors
    /// When there is no rustc that answers.
    pub fn ask(root: &Path) -> Result<Self, Trouble> {
        let rustc = || {
            let mut command = std::process::Command::new(process::rustc());
            command.current_dir(root);
            command
        };
        let about = process::ask(rustc().arg("-vV"))?;
        let compiler = about.lines().next().unwrap_or_default().to_owned();
        let system = about.lines().find_map(|line| line.strip_prefix("host: "));
        let Some(system) = system.filter(|_| compiler.starts_with("rustc ")) else {
            return Err(Trouble::new("the compiler does not say what it is", "`rustc -vV`")
                .expected("`rustc VERSION` and a line `host: SYSTEM`")
                .remedy("install Rust with rustup, or correct `RUSTC`"));
        };
        let machine = Machine { compiler, system: system.to_owned() };
        let sysroot = process::ask(rustc().args(["--print", "sysroot"]))?;
        Ok(Self { machine, sysroot: PathBuf::from(sysroot.trim()) })
    }

    /// The folder of the toolchain's own tools.
    fn own_tools(&self) -> PathBuf {
        self.sysroot.join("lib").join("rustlib").join(&self.machine.system).join("bin")
    }
}

/// Finds the tools, and installs those that are missing if that is allowed.
///
/// # Errors
/// When one is missing and can't or may not be installed.
pub fn provide(
    compiler: &Compiler,
    root: &Path,
    target: &Path,
    may_install: bool,
    progress: &mut Progress,
) -> Result<Tools, Trouble> {
    let folder = target.join("tools");
    let mut search = Search { compiler, folder: &folder, failures: Vec::new() };
    let mut runner = find::cargo_llvm_cov(&folder);
    let mut llvm = search.llvm(progress)?;
    let mut missing = Vec::new();
    if llvm.is_none() {
        missing.push(install::llvm_tools());
    }
    if runner.is_none() {
        missing.push(install::cargo_llvm_cov(&folder, root));
    }
    if !missing.is_empty() && !may_install {
        return Err(install::refused(&missing, &search.failures));
    }
    for each in &missing {
        each.run(root, progress)?;
    }
    if !missing.is_empty() {
        search.failures.clear();
        runner = runner.or_else(|| find::cargo_llvm_cov(&folder));
        llvm = if llvm.is_none() { search.llvm(progress)? } else { llvm };
    }
    let Some(cargo_llvm_cov) = runner else { return Err(install::without_effect("cargo-llvm-cov", &[])) };
    let Some(llvm) = llvm else { return Err(install::without_effect("llvm-tools", &search.failures)) };
    // Only what somebody asked for by name is worth a word when it was passed over.
    let notes = search.failures.into_iter().filter(|failure| failure.contains(find::VARIABLES)).collect();
    Ok(Tools { cargo_llvm_cov, llvm, notes })
}

/// Finds cargo-mutants, and installs it if it is missing and that is allowed.
///
/// # Errors
/// When it is missing and can't or may not be installed.
pub fn cargo_mutants(
    root: &Path,
    target: &Path,
    may_install: bool,
    progress: &mut Progress,
) -> Result<PathBuf, Trouble> {
    const NAME: &str = "cargo-mutants";
    let folder = target.join("tools");
    if let Some(program) = find::installed(NAME, &folder) {
        return Ok(program);
    }
    let missing = install::by_cargo(NAME, &folder, root);
    if !may_install {
        return Err(Trouble::new("a tool is missing: cargo-mutants", "looked at the path, target/tools/bin")
            .expected("cargo-mutants, or leave to install it (no `--no-install`)")
            .remedy(missing.shown()));
    }
    missing.run(root, progress)?;
    find::installed(NAME, &folder).ok_or_else(|| {
        Trouble::new("cargo-mutants was installed, but is not found", "looked at the path, target/tools/bin")
            .expected("a program `cargo-mutants`")
            .remedy(missing.shown())
    })
}

struct Search<'a> {
    compiler: &'a Compiler,
    folder: &'a Path,
    failures: Vec<String>,
}

impl Search<'_> {
    /// The first pair that reads a profile of this compiler.
    fn llvm(&mut self, progress: &mut Progress) -> Result<Option<Pair>, Trouble> {
        let found = find::from_environment(&self.compiler.own_tools());
        self.failures.extend(found.notes);
        let mut tried = None;
        for pair in found.pairs {
            let key = trial::key(&self.compiler.machine, &pair);
            if trial::is_known(self.folder, &key) {
                return Ok(Some(pair));
            }
            progress.show("trying whether llvm-cov reads this compiler's profiles", &pair.origin);
            let trial = match &mut tried {
                Some(trial) => trial,
                none => none.insert(trial::Trial::start(self.folder)?),
            };
            match trial.read_with(&pair) {
                Ok(()) => {
                    trial::remember(self.folder, &key);
                    progress.clear();
                    return Ok(Some(pair));
                }
                Err(why) => self.failures.push(format!("{}: {why}", pair.origin)),
            }
        }
        progress.clear();
        Ok(None)
    }
}
