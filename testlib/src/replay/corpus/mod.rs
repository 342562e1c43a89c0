//! Reading traces from files: one a line, with the values and configurations that they share in files beside them. What a
//! trace says is read in `trace`.

mod drawer;
mod error;
mod shelf;

pub use error::TraceError;
pub(crate) use shelf::{Shelf, expand};

use std::path::{Path, PathBuf};

use super::Trace;

/// Names a folder of traces that takes the place of the usual one.
pub const FOLDER_VARIABLE: &str = "LU_TRACES";
const CONFIGS: &str = "configs.jsonl";
const VALUES: &str = "values.jsonl";

/// Files of traces in one folder. Nothing is kept of a trace once it is handed out.
pub struct Corpus {
    files: Vec<PathBuf>,
    shelf: Shelf,
}

impl Corpus {
    /// Opens a file of traces, or all files of a folder. Shared values and configurations are looked for beside.
    ///
    /// # Errors
    /// It does not exist, or the folder has no traces.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, TraceError> {
        let path = path.as_ref();
        if !path.is_dir() {
            if !path.is_file() {
                return Err(TraceError::of_file(path, "there is no such file or folder"));
            }
            let folder = path.parent().unwrap_or(Path::new("."));
            return Ok(Self { files: vec![path.to_owned()], shelf: Shelf::beside(folder) });
        }
        let failed = |error: std::io::Error| TraceError::of_file(path, error.to_string());
        let mut files = Vec::new();
        for entry in std::fs::read_dir(path).map_err(failed)? {
            let file = entry.map_err(failed)?.path();
            let shared = [CONFIGS, VALUES].iter().any(|name| file.ends_with(name));
            if file.extension().is_some_and(|it| it == "jsonl") && !shared {
                files.push(file);
            }
        }
        if files.is_empty() {
            return Err(TraceError::of_file(path, "there are no traces (files *.jsonl) in this folder"));
        }
        files.sort();
        Ok(Self { files, shelf: Shelf::beside(path) })
    }

    /// Returns the folder that holds traces by default: the one that the variable `LU_TRACES` names, else `../shared/corpus`
    /// beside the workspace. None if that does not exist.
    ///
    /// # Errors
    /// The variable is set and leads nowhere.
    pub fn default_folder() -> Result<Option<PathBuf>, TraceError> {
        if let Some(named) = std::env::var_os(FOLDER_VARIABLE) {
            let folder = PathBuf::from(named);
            if folder.is_dir() {
                return Ok(Some(folder));
            }
            return Err(TraceError::of_file(
                &folder,
                format!("{FOLDER_VARIABLE} names it, and there is no such folder"),
            ));
        }
        let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus");
        Ok(Some(beside).filter(|folder| folder.is_dir()))
    }

    /// Returns the files, in order.
    #[must_use]
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// Leaves out the files of which `wanted` does not want the name (without its ending: the name of a logical unit).
    #[must_use]
    pub fn only(mut self, wanted: impl Fn(&str) -> bool) -> Self {
        self.files.retain(|file| file.file_stem().and_then(|it| it.to_str()).is_some_and(&wanted));
        self
    }

    /// Reads the traces of one of the files.
    ///
    /// # Errors
    /// The file can't be read. Each trace may have its own error: its line.
    pub fn traces<'a>(
        &'a self,
        file: &'a Path,
    ) -> Result<impl Iterator<Item = Result<Trace, TraceError>> + use<'a>, TraceError> {
        let lines: Vec<(usize, String)> = read_file(file)?
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty())
            .map(|(number, line)| (number + 1, line.to_owned()))
            .collect();
        let read = move |(number, line): (usize, String)| {
            Trace::read(&line, Some(&self.shelf)).map_err(|error| error.at(file, number))
        };
        Ok(lines.into_iter().map(read))
    }

    /// Reads the traces of all files, one file after the other.
    pub fn all(&self) -> impl Iterator<Item = Result<Trace, TraceError>> + '_ {
        self.files.iter().flat_map(|file| {
            let (traces, error) = match self.traces(file) {
                Ok(traces) => (Some(traces), None),
                Err(error) => (None, Some(Err(error))),
            };
            traces.into_iter().flatten().chain(error)
        })
    }
}

fn read_file(path: &Path) -> Result<String, TraceError> {
    std::fs::read_to_string(path).map_err(|error| TraceError::of_file(path, error.to_string()))
}
