//! The trial: does this llvm-cov read a profile of this compiler? Versions alone don't tell.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::UNIX_EPOCH;

use super::Pair;
use crate::baseline::Machine;
use crate::lines::Span;
use crate::process;
use crate::report::Report;
use crate::trouble::Trouble;

const PROGRAM: &str = "fn reached(x: u32) -> u32 {
    if x > 1 {
        return 7;
    }
    x
}

fn main() {
    assert_eq!(reached(1), 1);
}
";
/// What must come out: the line that never runs.
const UNCOVERED: Span = Span { start: 3, end: 3 };

/// A compiled and run program, with its profile.
pub(super) struct Trial {
    folder: PathBuf,
}

impl Trial {
    /// Compiles and runs the program in a folder of its own.
    pub(super) fn start(tools: &Path) -> Result<Self, Trouble> {
        let folder = tools.join(format!("trial-{}", std::process::id()));
        let wrong = |what: String| {
            Trouble::new(what, "the trial program in target/tools")
                .expected("a compiler that builds with `-C instrument-coverage`")
                .remedy("build a small program with `rustc -C instrument-coverage` by hand, and see what it says")
        };
        fs::create_dir_all(&folder).map_err(|error| wrong(format!("a folder can't be made: {error}")))?;
        // From here on `drop` takes the folder away, whatever happens. Paths in reports are those after links.
        let mut trial = Self { folder };
        let folder = trial.folder.canonicalize().map_err(|error| wrong(format!("a folder can't be read: {error}")))?;
        trial.folder = folder;
        fs::write(trial.folder.join("trial.rs"), PROGRAM)
            .map_err(|error| wrong(format!("a file can't be written: {error}")))?;
        let mut rustc = Command::new(process::rustc());
        rustc.args(["--edition", "2021", "-C", "instrument-coverage", "-o", "trial", "trial.rs"]);
        process::ask(rustc.current_dir(&trial.folder)).map_err(|trouble| wrong(trouble.what))?;
        let mut program = Command::new(trial.folder.join("trial"));
        program.env("LLVM_PROFILE_FILE", trial.folder.join("trial.profraw"));
        process::ask(program.current_dir(&trial.folder)).map_err(|trouble| wrong(trouble.what))?;
        Ok(trial)
    }

    /// Reads the profile with a pair; says why not.
    pub(super) fn read_with(&self, pair: &Pair) -> Result<(), String> {
        let mut merge = Command::new(&pair.profdata);
        merge.args(["merge", "-sparse", "trial.profraw", "-o", "trial.profdata"]);
        process::ask(merge.current_dir(&self.folder)).map_err(|trouble| trouble.what)?;
        let mut export = Command::new(&pair.cov);
        export.args(["export", "-format=text", "-instr-profile=trial.profdata", "trial"]);
        let text = process::ask(export.current_dir(&self.folder)).map_err(|trouble| trouble.what)?;
        let roots = [self.folder.to_string_lossy().into_owned()];
        let report = Report::read(&text, "the trial's report", &roots).map_err(|trouble| trouble.what)?;
        match report.files.get("trial.rs") {
            Some(measured) if measured.uncovered == [UNCOVERED] => Ok(()),
            _ => Err("its report of a small program is wrong".to_owned()),
        }
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        // A left-over folder does no harm, and its name is taken by the next process of that number only.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// What a trial's result depends on.
pub(super) fn key(machine: &Machine, pair: &Pair) -> String {
    let about = |program: &Path| {
        let metadata = fs::metadata(program).ok();
        let modified = metadata.as_ref().and_then(|metadata| metadata.modified().ok());
        let age =
            modified.and_then(|modified| modified.duration_since(UNIX_EPOCH).ok()).map_or(0, |age| age.as_nanos());
        format!("{}\t{age}\t{}", program.display(), metadata.map_or(0, |metadata| metadata.len()))
    };
    format!("{}\t{}\t{}\t{}", machine.compiler, machine.system, about(&pair.cov), about(&pair.profdata))
}

/// Whether a trial with this key went well before. Failures are not kept: what failed for want of space may work now.
pub(super) fn is_known(tools: &Path, key: &str) -> bool {
    fs::read_to_string(memory(tools)).is_ok_and(|text| text.lines().any(|line| line == key))
}

/// Keeps a good result; if that fails, the next run tries again.
pub(super) fn remember(tools: &Path, key: &str) {
    let mut text = fs::read_to_string(memory(tools)).unwrap_or_default();
    text.push_str(key);
    text.push('\n');
    let _ = fs::write(memory(tools), text);
}

fn memory(tools: &Path) -> PathBuf {
    tools.join("tried")
}
