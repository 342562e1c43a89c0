//! Files that are kept from run to run.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::trouble::Trouble;

/// Reads a file that there need not be; `what` and `place` are what messages call it.
pub(crate) fn read_if_there(path: &Path, what: &str, place: &str) -> Result<Option<String>, Trouble> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Trouble::new(format!("{what} can't be read: {error}"), place)
            .expected("a text file, or none")
            .remedy("correct its permissions")),
    }
}

/// Writes a file; an interrupted run leaves the old one.
pub(crate) fn write_whole(path: &Path, text: &str, what: &str, place: &str) -> Result<(), Trouble> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let written = fs::write(&beside, text).and_then(|()| fs::rename(&beside, path));
    written.map_err(|error| {
        Trouble::new(format!("{what} can't be written: {error}"), place)
            .expected("a file that can be written")
            .remedy("correct its permissions, or the path")
    })
}

/// Makes room for a file that a run is about to write: what an earlier run left there must never be judged.
pub(crate) fn take_away(folder: &Path, name: &str, what: &str) -> Result<PathBuf, Trouble> {
    let path = folder.join(name);
    let taken = fs::create_dir_all(folder).and_then(|()| match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    });
    taken.map(|()| path).map_err(|error| {
        Trouble::new(format!("{what} can't be taken away: {error}"), format!("target/coverage/{name}"))
            .expected("a folder that can be written")
            .remedy("correct its permissions")
    })
}

/// Returns the lines of a committed file that say something, each with its place.
pub(crate) fn lines<'a>(text: &'a str, place: &'a str) -> impl Iterator<Item = (String, &'a str)> {
    let numbered = text.lines().enumerate().map(move |(index, line)| (format!("{place}:{}", index + 1), line.trim()));
    numbered.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

/// Adds an entry of sorted lines; the error says that it is not where it belongs.
pub(crate) fn add_sorted<V>(entries: &mut BTreeMap<String, V>, key: String, value: V) -> Result<(), String> {
    if entries.last_key_value().is_some_and(|(last, _)| *last >= key) {
        return Err(format!("`{key}` is out of order, or there twice"));
    }
    entries.insert(key, value);
    Ok(())
}
