//! Installing what is missing, by the user's own rustup and cargo.

use std::ffi::OsString;
use std::path::Path;
use std::process::Command;

use crate::process;
use crate::progress::Progress;
use crate::trouble::Trouble;

/// A command that installs something.
pub(super) struct Install {
    what: &'static str,
    program: OsString,
    words: Vec<String>,
}

/// The tools of LLVM that belong to the toolchain.
pub(super) fn llvm_tools() -> Install {
    let words = ["component", "add", "llvm-tools"].map(str::to_owned).to_vec();
    Install { what: "llvm-cov and llvm-profdata", program: "rustup".into(), words }
}

/// cargo-llvm-cov, into `target/tools`.
pub(super) fn cargo_llvm_cov(folder: &Path, root: &Path) -> Install {
    by_cargo("cargo-llvm-cov", folder, root)
}

/// A program of cargo's, into `target/tools`.
pub(super) fn by_cargo(name: &'static str, folder: &Path, root: &Path) -> Install {
    // Shown and run relative to the workspace, so that the command can be copied.
    let folder = folder.strip_prefix(root).unwrap_or(folder).display().to_string();
    let mut words = ["install", "--locked", name, "--root"].map(str::to_owned).to_vec();
    words.push(folder);
    Install { what: name, program: process::cargo(), words }
}

impl Install {
    pub(super) fn shown(&self) -> String {
        format!("{} {}", process::short(&self.program), self.words.join(" "))
    }

    /// Says what it runs, and runs it.
    pub(super) fn run(&self, root: &Path, progress: &mut Progress) -> Result<(), Trouble> {
        progress.say(&format!("gate: {} missing, running `{}`", self.what, self.shown()));
        let wrong = |what: String| {
            Trouble::new(what, format!("`{}`", self.shown()))
                .expected(format!("{} installed", self.what))
                .remedy("run the command by hand and see what it says; without rustup, set LLVM_COV and LLVM_PROFDATA")
        };
        let ran =
            process::watch(Command::new(&self.program).args(&self.words).current_dir(root), "installing", progress)
                .map_err(|error| wrong(format!("a tool is missing and can't be installed: {error}")))?;
        if ran.status.success() {
            return Ok(());
        }
        progress.say(&ran.text);
        Err(wrong(format!("a tool is missing and installing it failed with {}", ran.status)))
    }
}

/// What to say when nothing may be installed.
pub(super) fn refused(missing: &[Install], failures: &[String]) -> Trouble {
    let names: Vec<&str> = missing.iter().map(|each| each.what).collect();
    let commands: Vec<String> = missing.iter().map(Install::shown).collect();
    Trouble::new(format!("tools are missing: {}", names.join("; ")), place(failures))
        .expected("tools that read this compiler's profiles, or leave to install them (no `--no-install`)")
        .remedy(commands.join("\n"))
}

/// What to say when it was installed, and still is not there.
pub(super) fn without_effect(what: &str, failures: &[String]) -> Trouble {
    Trouble::new(format!("{what} was installed, but none that works is found"), place(failures))
        .expected("tools that read this compiler's profiles")
        .remedy("set LLVM_COV and LLVM_PROFDATA to tools as new as the compiler's LLVM (`rustc -vV` names it)")
}

fn place(failures: &[String]) -> String {
    let looked = "looked at LLVM_COV and LLVM_PROFDATA, the toolchain, the path, target/tools/bin";
    std::iter::once(looked).chain(failures.iter().map(String::as_str)).collect::<Vec<_>>().join("\n")
}
