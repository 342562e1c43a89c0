//! Reading a file of rules.

use std::collections::BTreeMap;
use std::fmt;

use cmdlib::op;
use serde::Deserialize;

use super::corrections::{self, Correction};
use super::named::Use;
use super::{OwnDefect, Rule, RuleKind, Rules, conditions};
use crate::replay::channels::Channel;

/// The highest number in the list of known defects.
const KNOWN_DEFECTS: u32 = 184;

/// A file of rules can't be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleError(String);

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for RuleError {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    defect: Vec<DefectEntry>,
    #[serde(default)]
    rule: Vec<RuleEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DefectEntry {
    id: String,
    what: String,
    right: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleEntry {
    defect: String,
    lus: Vec<String>,
    kind: String,
    when: Vec<String>,
    #[serde(default)]
    shows: BTreeMap<String, String>,
    #[serde(default)]
    channels: Vec<String>,
}

impl Rules {
    /// Reads a file of rules.
    ///
    /// # Errors
    /// It is no such file; or a rule names what does not exist, or has no effect.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        let file: File = toml::from_str(text).map_err(|error| RuleError(error.to_string().trim_end().to_owned()))?;
        let mut defects = BTreeMap::new();
        for DefectEntry { id, what, right } in file.defect {
            let error = |text: &str| RuleError(format!("defect {id}: {text}"));
            if id.strip_prefix('N').is_none_or(|number| number.parse::<u32>().is_err()) {
                return Err(error("an own defect has an id such as N01"));
            }
            if what.trim().is_empty() || right.trim().is_empty() {
                return Err(error("`what` and `right` say what the reference does, and what is right"));
            }
            if defects.insert(id.clone(), OwnDefect { what, right }).is_some() {
                return Err(error("is described twice"));
            }
        }
        let read = |(index, entry): (usize, RuleEntry)| {
            let place = format!("rule {} ({})", index + 1, entry.defect);
            rule(entry, &defects).map_err(|text| RuleError(format!("{place}: {text}")))
        };
        let rules = file.rule.into_iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
        if let Some(id) = defects.keys().find(|id| !rules.iter().any(|rule| rule.defect == **id)) {
            return Err(RuleError(format!("defect {id}: no rule is about it")));
        }
        Ok(Self { rules, defects })
    }
}

fn rule(entry: RuleEntry, defects: &BTreeMap<String, OwnDefect>) -> Result<Rule, String> {
    let RuleEntry { defect, lus, kind, when, shows, channels } = entry;
    let known = defect.strip_prefix('D').and_then(|number| number.parse().ok());
    if !known.is_some_and(|number: u32| (1..=KNOWN_DEFECTS).contains(&number)) && !defects.contains_key(&defect) {
        return Err(format!(
            "`{defect}` is neither a known defect (D01 to D{KNOWN_DEFECTS}) nor described in the file"
        ));
    }
    if lus.is_empty() {
        return Err("it has no effect: `lus` is empty".to_owned());
    }
    if let Some(lu) = lus.iter().find(|lu| !names_opcode(lu)) {
        return Err(format!("there is no logical unit `{lu}`"));
    }
    if when.is_empty() {
        return Err("`when` is empty: say `always` if that is meant".to_owned());
    }
    let when = when.iter().map(|text| Use::read(text, conditions::TABLE)).collect::<Result<Vec<_>, _>>();
    let when = when.map_err(|text| format!("`when`: {text}"))?;
    let kind = match kind.as_str() {
        "correction" if !channels.is_empty() => return Err("a correction has `shows`, not `channels`".to_owned()),
        "pardon" if !shows.is_empty() => return Err("a pardon has `channels`, not `shows`".to_owned()),
        "correction" => RuleKind::Correction(corrections(&shows)?),
        "pardon" => RuleKind::Pardon(channels.iter().map(|name| channel(name)).collect::<Result<_, _>>()?),
        other => return Err(format!("`kind` is correction or pardon, not `{other}`")),
    };
    match &kind {
        RuleKind::Correction(shows) if shows.is_empty() => Err("it has no effect: `shows` is empty".to_owned()),
        RuleKind::Pardon(channels) if channels.is_empty() => Err("it has no effect: `channels` is empty".to_owned()),
        _ => Ok(Rule { defect, lus, when, kind }),
    }
}

/// A correction, and the channels on which it shows.
type Shows = (Use<Correction>, Vec<Channel>);

/// Tells whether an opcode belongs to a unit of this name.
fn names_opcode(lu: &str) -> bool {
    let mut id = String::from("OP");
    for letter in lu.chars() {
        if letter.is_ascii_uppercase() {
            id.push('_');
        }
        id.push(letter.to_ascii_uppercase());
    }
    op::Any::IDS.contains(&id.as_str())
}

fn channel(name: &str) -> Result<Channel, String> {
    Channel::ALL.into_iter().find(|channel| channel.as_str() == name).ok_or_else(|| {
        let names = Channel::ALL.map(Channel::as_str).join(", ");
        format!("there is no channel `{name}` (there are: {names})")
    })
}

fn corrections(shows: &BTreeMap<String, String>) -> Result<Vec<Shows>, String> {
    let mut out: Vec<(&str, Use<Correction>, Vec<Channel>)> = Vec::new();
    for (name, text) in shows {
        let channel = channel(name)?;
        if let Some((_, _, channels)) = out.iter_mut().find(|(known, ..)| known == text) {
            channels.push(channel);
            continue;
        }
        let read = Use::read(text, corrections::TABLE).map_err(|text| format!("`shows.{name}`: {text}"))?;
        if read.negated {
            return Err(format!("`shows.{name}`: `{text}` can't be turned around"));
        }
        out.push((text, read, vec![channel]));
    }
    // In the order of channels: what is told of the end comes first.
    let mut out: Vec<_> = out.into_iter().map(|(_, read, channels)| (read, channels)).collect();
    out.sort_by_key(|(_, channels)| channels.iter().min().copied());
    Ok(out)
}
