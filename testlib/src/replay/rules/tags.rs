//! The object whose tags an opcode is about, as it stands in the document.

use cmdlib::config::ByName;
use cmdlib::objects::{Instance, Network, Node, NodeGroup};
use serde_json::Value;

use super::Case;
use crate::replay::channels::Changes;

/// An object has no more tags.
const MOST: usize = 4096;
/// A tag has no more characters.
const LONGEST: usize = 128;

/// The path of the object in the document.
fn path(case: &Case<'_>) -> Option<Vec<String>> {
    fn of<T: ByName>(case: &Case<'_>, table: &str) -> Option<Vec<String>> {
        let id = case.config.find::<T>(case.param("name")?.as_str()?).ok()?;
        Some(vec![table.to_owned(), id.to_string()])
    }
    match case.param("kind")?.as_str()? {
        "cluster" => Some(vec!["cluster".to_owned()]),
        "instance" => of::<Instance>(case, "instances"),
        "node" => of::<Node>(case, "nodes"),
        "nodegroup" => of::<NodeGroup>(case, "nodegroups"),
        "network" => of::<Network>(case, "networks"),
        _ => None,
    }
}

fn member<'a>(case: &'a Case<'_>, path: &[String], key: &str) -> Option<&'a Value> {
    path.iter().try_fold(&*case.trace.config, |value, step| value.get(step))?.get(key)
}

/// The tags of the request.
fn asked<'a>(case: &'a Case<'_>) -> impl Iterator<Item = &'a str> {
    case.param("tags").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// Tells whether one of the tags is none: empty, too long, or of other characters than tags have.
pub(super) fn misspelt(case: &Case<'_>) -> bool {
    let allowed = |letter: char| letter.is_alphanumeric() || "_.+*/:@-".contains(letter);
    asked(case).any(|tag| tag.is_empty() || tag.chars().count() > LONGEST || !tag.chars().all(allowed))
}

fn there(case: &Case<'_>) -> Vec<Value> {
    let there = path(case).and_then(|path| member(case, &path, "tags").and_then(Value::as_array).cloned());
    there.unwrap_or_default()
}

/// Tells whether the object has all of the tags.
pub(super) fn all_there(case: &Case<'_>) -> bool {
    let there = there(case);
    asked(case).all(|tag| there.iter().any(|it| it == tag))
}

/// Tells whether the object would have more tags than it may.
pub(super) fn too_many(case: &Case<'_>) -> bool {
    let mut all: Vec<String> = there(case).iter().filter_map(Value::as_str).map(str::to_owned).collect();
    all.extend(asked(case).map(str::to_owned));
    all.sort();
    all.dedup();
    all.len() > MOST
}

/// Takes the tags away, in one write.
pub(super) fn removed(case: &Case<'_>, changes: &mut Changes) -> Result<(), String> {
    let object = path(case).ok_or("the object is in the configuration")?;
    let at = |object: &[String], key: &str| [object, &[key.to_owned()]].concat();
    let mut written = vec![object.clone()];
    if object[0] == "nodes" {
        // The cluster object is written along with a node.
        written.push(vec!["cluster".to_owned()]);
    }
    for object in written {
        let serial = member(case, &object, "serial_no").cloned();
        let next = serial.as_ref().and_then(Value::as_i64).map(|serial| Value::from(serial + 1));
        changes.members.insert(at(&object, "serial_no"), (serial, next));
        let mtime = member(case, &object, "mtime").cloned();
        changes.members.insert(at(&object, "mtime"), (mtime, Some(case.trace.now.into())));
    }
    let before = member(case, &object, "tags").and_then(Value::as_array).cloned().unwrap_or_default();
    let asked: Vec<&str> = asked(case).collect();
    let left = before.iter().filter(|tag| !tag.as_str().is_some_and(|tag| asked.contains(&tag))).cloned();
    changes.members.insert(at(&object, "tags"), (Some(before.clone().into()), Some(left.collect())));
    Ok(())
}
