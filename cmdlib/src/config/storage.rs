//! Where the configuration is kept. This and `host` are the only places of the crate that touch files.

#![expect(clippy::disallowed_methods, clippy::disallowed_types, reason = "this is the place for it")]

use std::fmt;
use std::fs::{OpenOptions, Permissions};
use std::io::Write;
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

/// Keeps the configuration in a file, which is replaced as a whole.
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
        std::fs::read(&self.path).map_err(|error| StorageError(format!("{}: {error}", self.path.display())))
    }

    fn replace(&self, text: &[u8]) -> std::io::Result<()> {
        let folder = self
            .path
            .parent()
            .filter(|it| !it.as_os_str().is_empty())
            .map_or_else(|| PathBuf::from("."), PathBuf::from);
        let mut name = self.path.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        let beside = folder.join(name);
        // What can fail without harm comes before the rename: after it the former state is gone.
        let folder = std::fs::File::open(&folder)?;
        let replaced = self.write_beside(&beside, text).and_then(|()| std::fs::rename(&beside, &self.path));
        if let Err(error) = replaced {
            // Best effort: the file beside is of no use to anybody.
            let _ = std::fs::remove_file(&beside);
            return Err(error);
        }
        // Makes the rename survive a power cut. Without it the new state is in place all the same: no error.
        let _ = folder.sync_all();
        Ok(())
    }

    /// Writes the file that is to replace the former one, readable for whom that was: it has secrets, so a first one is
    /// readable for its owner alone.
    fn write_beside(&self, beside: &Path, text: &[u8]) -> std::io::Result<()> {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(beside)?;
        let former = std::fs::metadata(&self.path).map(|former| former.permissions());
        file.set_permissions(former.unwrap_or_else(|_| Permissions::from_mode(0o600)))?;
        file.write_all(text)?;
        file.sync_all()
    }
}

impl Storage for FileStorage {
    fn save(&self, snapshot: &Snapshot) -> Result<(), StorageError> {
        let text = serde_json::to_vec(&snapshot.write()).map_err(|error| StorageError(error.to_string()))?;
        self.replace(&text).map_err(|error| StorageError(format!("{}: {error}", self.path.display())))
    }
}
