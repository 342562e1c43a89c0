//! What must not be printed: the secrets of a configuration and of opcodes.

use std::collections::BTreeSet;

use serde_json::Value;

/// What stands in the place of a secret.
const HIDDEN: &str = "<secret>";
/// Shorter secrets are looked for as whole words only.
const LONG: usize = 6;

/// The secrets of the documents that were read.
#[derive(Debug, Clone, Default)]
pub(super) struct Secrets {
    /// The longest first: one may be a part of another.
    texts: Vec<String>,
}

impl Secrets {
    /// Adds those of a document: texts below members with `private` or `secret` in their name, and those of mirrored disks.
    pub(super) fn learn(&mut self, document: &Value) {
        let mut found: BTreeSet<String> = self.texts.drain(..).collect();
        collect(document, false, &mut found);
        let mut texts: Vec<String> = found.into_iter().filter(|text| !text.trim().is_empty()).collect();
        texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
        self.texts = texts;
    }

    /// Adds the forms that the secrets take on where a text is rewritten.
    pub(super) fn also(&mut self, rewritten: impl Fn(&str) -> String) {
        let more: Vec<String> = self.texts.iter().map(|text| rewritten(text)).collect();
        self.learn(&serde_json::json!({ "secret": more }));
    }

    /// Tells whether a text has no secret.
    pub(super) fn harmless(&self, text: &str) -> bool {
        self.hide(text) == text
    }

    /// Returns a text without secrets.
    pub(super) fn hide(&self, text: &str) -> String {
        self.texts.iter().fold(text.to_owned(), |text, secret| without(&text, secret))
    }

    /// Returns a text as it may be printed: without secrets, and with nothing that a terminal takes for a command.
    pub(super) fn printable(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for character in self.hide(text).chars() {
            if character.is_control() && character != '\n' {
                out.extend(character.escape_default());
            } else {
                out.push(character);
            }
        }
        out
    }
}

fn collect(value: &Value, secret: bool, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) if secret => {
            // As it stands, and as it stands in JSON.
            let quoted = value.to_string();
            found.insert(quoted[1..quoted.len() - 1].to_owned());
            found.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, secret, found)),
        Value::Object(members) => {
            for (key, member) in members {
                let named = key.contains("private") || key.contains("secret");
                collect(member, secret || named, found);
                // The last part of a mirrored disk's identity is what its two sides know each other by.
                if let ("logical_id", Some([.., last])) =
                    (key.as_str(), member.as_array().filter(|it| it.len() == 6).map(Vec::as_slice))
                {
                    collect(last, true, found);
                }
            }
        }
        _ => {}
    }
}

fn without(text: &str, secret: &str) -> String {
    if secret.chars().count() >= LONG {
        return text.replace(secret, HIDDEN);
    }
    let part_of_word = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(secret) {
        let (before, after) = (&rest[..at], &rest[at + secret.len()..]);
        let inside = part_of_word(before.chars().next_back().or_else(|| out.chars().next_back()))
            || part_of_word(after.chars().next());
        out.push_str(before);
        out.push_str(if inside { secret } else { HIDDEN });
        rest = after;
    }
    out + rest
}
