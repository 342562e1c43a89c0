//! Replacing what tells whose cluster it is: names, addresses, secrets. The documents are read once to learn all of them, then
//! each is replaced, the same by the same everywhere: in members, in their keys, inside of texts.
//!
//! Names keep what a run depends on: equal labels stay equal (so that a short name finds what it found), labels sort as
//! before, domains stay domains. Addresses keep their place in their network, since its pool counts on it. A name that is a
//! word of configurations is kept: replaced inside of texts, it would change what they mean.

mod addresses;
mod names;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use serde_json::{Map, Value};

use self::addresses::Addresses;
use self::names::Names;

/// Shorter secrets are replaced where they stand alone only.
const LONG: usize = 6;

/// Replaces names, addresses and secrets.
#[derive(Debug)]
pub(super) struct Redactor {
    names: Names,
    addresses: Addresses,
    /// The longest first: one may be a part of another.
    secrets: Vec<(String, String)>,
}

impl Redactor {
    /// Learns from a configuration, opcodes, and what nodes answer.
    pub(super) fn new(config: &Value, ops: &[&Value], answers: &[&Value]) -> Self {
        let mut words = names::words();
        ops.iter().filter_map(|op| op.as_object()).for_each(|op| words.extend(op.keys().cloned()));
        let mut found = BTreeSet::new();
        let all = || std::iter::once(config).chain(ops.iter().copied()).chain(answers.iter().copied());
        all().for_each(|document| learn_secrets(document, false, &mut found));
        let mut secrets: Vec<String> = found.into_iter().filter(|it| !it.trim().is_empty()).collect();
        secrets.retain(|secret| !words.contains(secret));
        let mut secrets: Vec<(String, String)> =
            secrets.into_iter().enumerate().map(|(index, it)| (it, format!("secret-{:04}", index + 1))).collect();
        secrets.sort_by_key(|(secret, _)| std::cmp::Reverse(secret.len()));
        let mut names = Names::learn(config, ops, &words);
        let mut addresses = Addresses::learn(config);
        all().for_each(|document| {
            texts(document, &mut |text| {
                names.learn_hosts(text);
                addresses.learn_text(text);
            });
        });
        names.settle();
        addresses.settle();
        Self { names, addresses, secrets }
    }

    /// Replaces all of it in a document.
    pub(super) fn redact(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.redact(item)),
            Value::Object(members) => {
                for (key, mut member) in std::mem::take(members) {
                    self.redact(&mut member);
                    members.insert(self.text(&key), member);
                }
            }
            _ => {}
        }
    }

    /// The names that are words of configurations, and were kept.
    pub(super) fn kept(&self) -> Vec<String> {
        self.names.kept()
    }

    fn text(&self, text: &str) -> String {
        if let Some((_, new)) = self.secrets.iter().find(|(secret, _)| secret == text) {
            return new.clone();
        }
        let mut parts = vec![(text.to_owned(), false)];
        for (secret, new) in self.secrets.iter().filter(|(secret, _)| secret.chars().count() >= LONG) {
            parts = parts.into_iter().flat_map(|part| without(part, secret, new)).collect();
        }
        let part = |(part, done): (String, bool)| if done { part } else { self.words_of(&part) };
        parts.into_iter().map(part).collect()
    }

    /// Replaces addresses and names in a text.
    fn words_of(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let alone = !out.chars().next_back().is_some_and(char::is_alphanumeric);
            let found = if alone { self.addresses.at(rest).or_else(|| self.names.at(rest)) } else { None };
            let length = match found {
                Some((length, new)) => {
                    out.push_str(&new);
                    length
                }
                None => {
                    out.push(first);
                    first.len_utf8()
                }
            };
            rest = &rest[length..];
        }
        out
    }
}

/// Cuts a secret out of a part of a text that is not done yet.
fn without((part, done): (String, bool), secret: &str, new: &str) -> Vec<(String, bool)> {
    if done || !part.contains(secret) {
        return vec![(part, done)];
    }
    let mut parts = Vec::new();
    for (index, piece) in part.split(secret).enumerate() {
        if index > 0 {
            parts.push((new.to_owned(), true));
        }
        parts.push((piece.to_owned(), false));
    }
    parts
}

/// Finds texts below members with `private` or `secret` in their name, and the secrets of mirrored disks.
fn learn_secrets(value: &Value, secret: bool, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if secret => _ = found.insert(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| learn_secrets(item, secret, found)),
        Value::Object(members) => {
            for (key, member) in members {
                let named = ["private", "secret", "password", "passwd"].iter().any(|it| key.contains(it));
                learn_secrets(member, secret || named, found);
                if let ("logical_id", Some([.., last])) =
                    (key.as_str(), member.as_array().filter(|it| it.len() == 6).map(Vec::as_slice))
                {
                    learn_secrets(last, true, found);
                }
            }
        }
        _ => {}
    }
}

/// Shows all texts of a document, keys too.
fn texts(value: &Value, show: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) => show(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, show)),
        Value::Object(members) => {
            for (key, member) in members {
                show(key);
                texts(member, show);
            }
        }
        _ => {}
    }
}

/// Adds all keys of a document.
fn keys(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
        Value::Object(members) => {
            found.extend(members.keys().cloned());
            members.values().for_each(|member| keys(member, found));
        }
        _ => {}
    }
}

/// Returns the objects of a table of a configuration.
fn table<'a>(config: &'a Value, name: &str) -> impl Iterator<Item = &'a Map<String, Value>> {
    config.get(name).and_then(Value::as_object).into_iter().flat_map(Map::values).filter_map(Value::as_object)
}

/// Tells whether a name ends here: what follows is no letter or digit.
fn ends(rest: &str) -> bool {
    !rest.chars().next().is_some_and(char::is_alphanumeric)
}

/// Returns the head of a text that consists of such characters.
fn run(text: &str, is: impl Fn(u8) -> bool) -> &str {
    &text[..text.bytes().position(|byte| !is(byte)).unwrap_or(text.len())]
}

/// Numbers things in their order, with as many digits for each.
fn numbered<'a>(things: impl Iterator<Item = &'a String>, prefix: &str) -> BTreeMap<String, String> {
    let things: Vec<&String> = things.collect();
    let width = things.len().to_string().len();
    let name = |(index, thing): (usize, &&String)| ((*thing).clone(), format!("{prefix}{:0width$}", index + 1));
    things.iter().enumerate().map(name).collect()
}

fn address(text: &str) -> Option<IpAddr> {
    text.parse().ok()
}
