//! Where the configuration is kept. This and `host` are the only places of the crate that touch files.

#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "this is the place for it")]

use std::fmt;
use std::fs::{File, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::config::data::Snapshot;

/// The configuration could not be kept.
#[derive(Debug)]
pub struct StorageError(pub String);

impl fmt::Display for StorageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl std::error::Error for StorageError {}

/// Keeps the configuration.
pub trait Storage: Send + Sync {
    /// Keeps a state: afterwards either this one or the former one is there, never a part.
    ///
    /// # Errors
    /// The former state is still there.
    fn save(&self, snapshot: &Snapshot) -> Result<(), StorageError>;
}

/// Keeps nothing beyond the process.
#[derive(Debug, Clone, Copy, Default)]
pub struct MemoryStorage;

impl Storage for MemoryStorage {
    fn save(&self, _: &Snapshot) -> Result<(), StorageError> {
        Ok(())
    }
}

/// Keeps the configuration in a file, which is replaced as a whole: the new state is written beside it, under the name with
/// `.new`, brought to the disk, and then takes its place. One process at a time writes.
#[derive(Debug, Clone)]
pub struct FileStorage {
    path: PathBuf,
}

impl FileStorage {
    /// Returns the storage in the file at `path`.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Reads the file.
    ///
    /// # Errors
    /// It can't be read.
    pub fn read(&self) -> Result<Vec<u8>, StorageError> {
        std::fs::read(&self.path).map_err(failed("read", &self.path))
    }

    fn replace(&self, text: &[u8]) -> Result<(), StorageError> {
        let folder = self.path.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut name = self.path.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        let beside = folder.join(name);
        // What can fail without harm comes before the rename: after it the former state is gone.
        let handle = File::open(folder).map_err(failed("open folder", folder))?;
        // What an interrupted save has left. Nothing else has this name; what can't be removed shows when it is made anew.
        let _ = std::fs::remove_file(&beside);
        let replaced = self
            .write_beside(&beside, text)
            .and_then(|()| std::fs::rename(&beside, &self.path).map_err(failed("replace", &self.path)));
        if let Err(error) = replaced {
            // Best effort: the file beside is of no use to anybody.
            let _ = std::fs::remove_file(&beside);
            return Err(error);
        }
        // Makes the rename survive a power cut. Without it the new state is in place all the same: no error.
        let _ = handle.sync_all();
        Ok(())
    }

    /// Writes the file that is to replace the former one, readable for whom that was: it has secrets, so a first one is
    /// readable for its owner alone.
    fn write_beside(&self, beside: &Path, text: &[u8]) -> Result<(), StorageError> {
        // A new file, never one that is there: what that leads to is not known.
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(beside)
            .map_err(failed("create", beside))?;
        let former = std::fs::metadata(&self.path).map(|former| former.permissions());
        file.set_permissions(former.unwrap_or_else(|_| Permissions::from_mode(0o600)))
            .map_err(failed("set the permissions of", beside))?;
        file.write_all(text).and_then(|()| file.sync_all()).map_err(failed("write", beside))
    }
}

impl Storage for FileStorage {
    fn save(&self, snapshot: &Snapshot) -> Result<(), StorageError> {
        self.replace(snapshot.write().to_string().as_bytes())
            .map_err(|StorageError(why)| StorageError(format!("{why} ({} is as it was)", self.path.display())))
    }
}

/// What to do about an error.
const REMEDIES: [(ErrorKind, &str); 9] = [
    (ErrorKind::StorageFull, "make room there, and try again"),
    (ErrorKind::QuotaExceeded, "make room there, and try again"),
    (ErrorKind::FileTooLarge, "make room there, and try again"),
    (ErrorKind::PermissionDenied, "let this process write there"),
    (ErrorKind::ReadOnlyFilesystem, "let this process write there"),
    (ErrorKind::NotFound, "is the path right?"),
    (ErrorKind::AlreadyExists, "what is in its place?"),
    (ErrorKind::IsADirectory, "what is in its place?"),
    (ErrorKind::NotADirectory, "what is in its place?"),
];

/// Says what could not be done with which file, and what to do about it.
fn failed<'a>(what: &'a str, path: &'a Path) -> impl FnOnce(io::Error) -> StorageError + 'a {
    move |error| {
        let remedy = REMEDIES.iter().find(|(kind, _)| *kind == error.kind());
        let remedy = remedy.map_or("look after the file system", |(_, remedy)| remedy);
        StorageError(format!("can't {what} {}: {error}; {remedy}", path.display()))
    }
}
