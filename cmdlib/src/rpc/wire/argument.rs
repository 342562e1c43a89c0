//! Arguments on their way. What they refer to is looked up when the call is made; the values, whole instances often, are made
//! when somebody looks at them: whoever carries the call, or the test that asks what was sent.

use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

use serde_json::Value;

use crate::lazy::Lazy;

/// One argument: its value, or all that is needed to make it.
pub enum Argument {
    /// The value.
    Made(Value),
    /// What makes it, from things that no longer change.
    Later(Box<dyn FnOnce() -> Value>),
}

impl Argument {
    /// Returns an argument that is made when somebody looks at it.
    #[must_use]
    pub fn later(make: impl FnOnce() -> Value + 'static) -> Self {
        Self::Later(Box::new(make))
    }

    /// Returns the list of several.
    #[must_use]
    pub fn list(items: Vec<Self>) -> Self {
        Self::later(|| items.into_iter().map(Self::value).collect())
    }

    /// Returns the value.
    #[must_use]
    pub fn value(self) -> Value {
        match self {
            Self::Made(value) => value,
            Self::Later(make) => make(),
        }
    }
}

impl From<Value> for Argument {
    fn from(value: Value) -> Self {
        Self::Made(value)
    }
}

impl fmt::Debug for Argument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Argument")
    }
}

/// All arguments of a call, as they go to one node. Copies share them.
#[derive(Debug, Clone, PartialEq)]
pub struct Args(Lazy<Rc<Vec<Value>>>);

impl Args {
    /// Returns the values, to be kept.
    #[must_use]
    pub fn values(&self) -> Rc<Vec<Value>> {
        Rc::clone(&self.0)
    }
}

impl FromIterator<Argument> for Args {
    fn from_iter<I: IntoIterator<Item = Argument>>(arguments: I) -> Self {
        let arguments: Vec<Argument> = arguments.into_iter().collect();
        Self(Lazy::new(|| Rc::new(arguments.into_iter().map(Argument::value).collect())))
    }
}

impl Default for Args {
    fn default() -> Self {
        Self::from_iter([])
    }
}

impl Deref for Args {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        &self.0
    }
}
