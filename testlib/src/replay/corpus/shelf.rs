//! The values and configurations that traces of one folder share.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::rc::Rc;

use serde_json::{Map, Value};

use super::TraceError;
use super::drawer::Drawer;

/// So many configurations are kept: neighbouring traces often share one, distant ones seldom.
const CONFIGURATIONS_KEPT: usize = 64;

pub(crate) struct Shelf {
    values: Drawer,
    configs: Drawer,
    expanded: RefCell<BTreeMap<String, Rc<Value>>>,
    recent: RefCell<VecDeque<(String, Rc<Value>)>>,
}

impl Shelf {
    pub(super) fn beside(folder: &Path) -> Self {
        Self {
            values: Drawer::new(folder.join("values.jsonl"), "value"),
            configs: Drawer::new(folder.join("configs.jsonl"), "config"),
            expanded: RefCell::default(),
            recent: RefCell::default(),
        }
    }

    /// Returns the configuration with this id, expanded.
    pub(crate) fn config(&self, id: &str) -> Result<Rc<Value>, TraceError> {
        if let Some((_, kept)) = self.recent.borrow().iter().find(|(kept, _)| kept == id) {
            return Ok(Rc::clone(kept));
        }
        let (raw, line) = self.configs.get(id)?;
        let config = expand(raw, Some(self)).map_err(|error| error.at(self.configs.path(), line))?;
        let config = Rc::new(config);
        let mut recent = self.recent.borrow_mut();
        if recent.len() == CONFIGURATIONS_KEPT {
            recent.pop_front();
        }
        recent.push_back((id.to_owned(), Rc::clone(&config)));
        Ok(config)
    }

    fn value(&self, id: &str, via: &mut Vec<String>) -> Result<Rc<Value>, TraceError> {
        if let Some(value) = self.expanded.borrow().get(id) {
            return Ok(Rc::clone(value));
        }
        if via.iter().any(|it| it == id) {
            return Err(TraceError::of_text(format!("the value {id} contains itself: {} -> {id}", via.join(" -> "))));
        }
        let (raw, line) = self.values.get(id)?;
        via.push(id.to_owned());
        let value = expand_via(raw, Some(self), via).map_err(|error| error.at(self.values.path(), line))?;
        via.pop();
        let value = Rc::new(value);
        self.expanded.borrow_mut().insert(id.to_owned(), Rc::clone(&value));
        Ok(value)
    }
}

/// Puts shared values in the place of references to them.
pub(crate) fn expand(value: Value, shelf: Option<&Shelf>) -> Result<Value, TraceError> {
    expand_via(value, shelf, &mut Vec::new())
}

fn expand_via(value: Value, shelf: Option<&Shelf>, via: &mut Vec<String>) -> Result<Value, TraceError> {
    match value {
        Value::Object(members) if members.contains_key("$") => {
            let id = reference(&members)?;
            let shelf = shelf.ok_or_else(|| {
                TraceError::of_text(format!("it refers to the value {id}, and there is no values.jsonl beside it"))
            })?;
            shelf.value(id, via).map(|value| (*value).clone())
        }
        Value::Object(mut members) => {
            for member in members.values_mut() {
                *member = expand_via(member.take(), shelf, via)?;
            }
            Ok(Value::Object(members))
        }
        Value::Array(mut items) => {
            for item in &mut items {
                *item = expand_via(item.take(), shelf, via)?;
            }
            Ok(Value::Array(items))
        }
        plain => Ok(plain),
    }
}

fn reference(members: &Map<String, Value>) -> Result<&str, TraceError> {
    let id = members.get("$").and_then(Value::as_str).filter(|_| members.len() == 1);
    id.ok_or_else(|| TraceError::of_text("a reference is an object with nothing but the member `$`, the id of a value"))
}
