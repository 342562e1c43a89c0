//! How the members of an object are read: by name, or from its text in the order of its fields.

use std::borrow::{Borrow, Cow};
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use crate::field::{Field, Misfit, Params};

/// What a member that is missing or null stands for, if it may be.
pub(crate) type Preset<T> = Option<fn() -> T>;

/// The members of an object.
pub(crate) trait Members {
    /// Returns the member of this key. Whoever asks for all does so in the order of the fields.
    fn member<T: Field>(&mut self, key: &str, preset: Preset<T>) -> Result<T, Misfit>;
}

impl Members for &Params {
    fn member<T: Field>(&mut self, key: &str, preset: Preset<T>) -> Result<T, Misfit> {
        or_preset(self.get(key), key, preset, T::read)
    }
}

/// The members of an object in the order of its fields; what is read of them is not copied.
pub(crate) struct InOrder(std::vec::IntoIter<Option<Value>>);

impl Members for InOrder {
    fn member<T: Field>(&mut self, key: &str, preset: Preset<T>) -> Result<T, Misfit> {
        or_preset(self.0.next().flatten(), key, preset, T::take)
    }
}

fn or_preset<T: Field, V: Borrow<Value>>(
    value: Option<V>,
    key: &str,
    preset: Preset<T>,
    read: impl FnOnce(V) -> Result<T, Misfit>,
) -> Result<T, Misfit> {
    match (value.filter(|it| preset.is_none() || !it.borrow().is_null()), preset) {
        (Some(value), _) => read(value).map_err(|misfit| misfit.within(key)),
        (None, Some(preset)) => Ok(preset()),
        (None, None) => T::missing().ok_or_else(|| Misfit::missing("a value").within(key)),
    }
}

/// Returns the members of an object that have these names, in the order of the names. It is read through once, and no map is
/// made of it: a large cluster has many.
pub(crate) fn members_in(text: &str, names: &[&str]) -> serde_json::Result<InOrder> {
    struct Named<'a>(&'a [&'a str]);

    impl<'de> DeserializeSeed<'de> for Named<'_> {
        type Value = Vec<Option<Value>>;
        fn deserialize<D: Deserializer<'de>>(self, object: D) -> Result<Self::Value, D::Error> {
            object.deserialize_map(self)
        }
    }

    impl<'de> Visitor<'de> for Named<'_> {
        type Value = Vec<Option<Value>>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }
        fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
            let mut members = vec![None; self.0.len()];
            while let Some((Key(key), value)) = object.next_entry::<Key<'_>, Value>()? {
                if let Some(index) = self.0.iter().position(|name| *name == key) {
                    members[index] = Some(value);
                }
            }
            Ok(members)
        }
    }

    let mut reader = serde_json::Deserializer::from_str(text);
    let members = Named(names).deserialize(&mut reader)?;
    reader.end()?;
    Ok(InOrder(members.into_iter()))
}

/// The name of a member.
#[derive(Deserialize)]
#[serde(transparent)]
pub(crate) struct Key<'a>(#[serde(borrow)] pub(crate) Cow<'a, str>);
