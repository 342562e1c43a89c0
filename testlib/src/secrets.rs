//! The secrets of a cluster and of an opcode, and whether a text tells one.

use std::collections::BTreeMap;

use cmdlib::config::Snapshot;
use cmdlib::field::Params;
use serde_json::Value;

/// Shorter ones would be found in other words.
const LENGTH_MIN: usize = 6;

type Beginning = [u8; LENGTH_MIN];

/// Texts that nobody may tell, by how they begin: there may be thousands, and a text is read through once for all of them.
#[derive(Debug, Default)]
pub(crate) struct Secrets {
    texts: BTreeMap<Beginning, Vec<String>>,
    /// The first two bytes of all: most places of a text need no further look. A bit for each pair.
    pairs: Vec<u64>,
}

impl Secrets {
    /// Returns the secrets of a configuration.
    pub(crate) fn of(config: &Snapshot) -> Self {
        let mut secrets = Self::default();
        let disks = config.disks.values().flat_map(|disk| disk.tree());
        disks.filter_map(|disk| disk.logical_id.secret()).for_each(|secret| secrets.add(secret));
        config.instances.values().for_each(|instance| secrets.add_all(&instance.osparams_private.0));
        config.cluster.osparams_private_cluster.values().for_each(|params| secrets.add_all(&params.0));
        secrets
    }

    /// Returns the secrets of an opcode.
    pub(crate) fn of_op(op: &Value) -> Self {
        let mut secrets = Self::default();
        for key in ["osparams_private", "osparams_secret"] {
            if let Some(params) = op.get(key).and_then(Value::as_object) {
                secrets.add_all(params);
            }
        }
        secrets
    }

    fn add_all(&mut self, params: &Params) {
        params.values().filter_map(Value::as_str).for_each(|secret| self.add(secret));
    }

    fn add(&mut self, secret: &str) {
        let Some(beginning) = secret.as_bytes().first_chunk::<LENGTH_MIN>() else { return };
        self.pairs.resize(usize::from(u16::MAX) / 64 + 1, 0);
        let (word, bit) = place(beginning);
        self.pairs[word] |= bit;
        self.texts.entry(*beginning).or_default().push(secret.to_owned());
    }

    /// Tells whether one of them is in the text.
    pub(crate) fn are_told_by(&self, text: &str) -> bool {
        if self.texts.is_empty() {
            return false;
        }
        let mut rest = text.as_bytes();
        while let Some(beginning) = rest.first_chunk::<LENGTH_MIN>() {
            let (word, bit) = place(beginning);
            let begins = || self.texts.get(beginning).into_iter().flatten();
            if self.pairs[word] & bit != 0 && begins().any(|secret| rest.starts_with(secret.as_bytes())) {
                return true;
            }
            rest = &rest[1..];
        }
        false
    }
}

fn place(beginning: &Beginning) -> (usize, u64) {
    let pair = usize::from(beginning[0]) << 8 | usize::from(beginning[1]);
    (pair / 64, 1 << (pair % 64))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn secrets() -> Secrets {
        Secrets::of_op(&json!({
            "osparams_private": {"key": "hunter2-one", "pin": "12345"},
            "osparams_secret": {"key": "hunter2-two", "other": "pässwort"},
        }))
    }

    #[test]
    fn a_secret_is_told_by_a_text_that_has_it_anywhere() {
        for text in ["hunter2-one", "is hunter2-two.", "hunter2-hunter2-one", "das pässwort"] {
            assert!(secrets().are_told_by(text), "{text}");
        }
    }

    #[test]
    fn a_text_with_only_the_beginning_tells_none() {
        for text in ["", "hunter", "hunter2-", "hunter2-on", "hunter2-three", "unter2-one"] {
            assert!(!secrets().are_told_by(text), "{text}");
        }
    }

    #[test]
    fn a_short_one_is_not_looked_for() {
        assert!(!secrets().are_told_by("12345"));
    }

    #[test]
    fn without_secrets_nothing_is_told() {
        assert!(!Secrets::of_op(&json!({})).are_told_by("hunter2-one"));
    }
}
