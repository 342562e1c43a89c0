//! What sweeps have found, as a page to be kept: a table a unit. What varies from cluster to cluster is left out: which node, which
//! object, how often.

use std::collections::{BTreeMap, BTreeSet};

use crate::sweep::Point;
use crate::sweep::interference::Interferences;
use crate::sweep::matrix::{COLUMNS, Matrix};

/// The outcomes of what was done, by the column of what was done.
type Fields = BTreeMap<String, BTreeSet<String>>;

/// Returns the faults of a unit as a table: where something went wrong, and what came of it in any of the ways that the unit goes.
pub(super) fn of_faults(sweeps: &[Matrix]) -> String {
    let mut rows: BTreeMap<(usize, String), Fields> = BTreeMap::new();
    for row in sweeps.iter().flat_map(|it| &it.rows) {
        let point = Point { node: None, nth: None, ..row.point.clone() }.to_string();
        let place = format!("{}: {}", row.phase.as_str(), point.trim_end_matches(" @all"));
        let fields = rows.entry((row.phase as usize, place)).or_default();
        fields.entry(row.fault.column().to_owned()).or_default().insert(row.outcome.to_string());
    }
    table("fault", &COLUMNS, rows.into_iter().map(|((_, place), fields)| (place, fields)))
}

/// Returns what other jobs did to the objects of a unit's runs as a table, by the level of locks at whose grant they did it.
pub(super) fn of_interferences(sweeps: &[Interferences]) -> String {
    let mut rows: BTreeMap<String, Fields> = BTreeMap::new();
    let mut levels = BTreeSet::new();
    for sweep in sweeps {
        for (change, outcomes) in &sweep.rows {
            for (level, outcome) in sweep.levels.iter().zip(outcomes) {
                levels.insert(*level);
                let fields = rows.entry(without_arguments(change)).or_default();
                fields.entry(level.to_string()).or_default().insert(outcome.to_string());
            }
        }
    }
    let levels: Vec<&str> = levels.iter().map(|level| level.as_str()).collect();
    table("another job", &levels, rows)
}

/// Returns which method a test calls for a change: `instance.up`.
fn without_arguments(change: &str) -> String {
    let mut depth = 0;
    let outside = change.chars().filter(|it| {
        depth += usize::from(*it == '(');
        let keep = depth == 0;
        depth -= usize::from(*it == ')');
        keep
    });
    outside.collect::<String>().trim_start_matches("cluster.").trim_end_matches(';').to_owned()
}

fn table(what: &str, columns: &[&str], rows: impl IntoIterator<Item = (String, Fields)>) -> String {
    let rows: Vec<(String, Fields)> = rows.into_iter().collect();
    if rows.is_empty() {
        return "nothing to disturb\n".to_owned();
    }
    let used: Vec<&str> =
        columns.iter().copied().filter(|it| rows.iter().any(|(_, of)| of.contains_key(*it))).collect();
    let line = |fields: Vec<String>| format!("| {} |\n", fields.join(" | "));
    let mut page = line([what].iter().chain(&used).map(|it| (*it).to_owned()).collect());
    page += &line(vec!["---".to_owned(); used.len() + 1]);
    for (place, of) in rows {
        let field = |column: &&str| {
            of.get(*column).map_or_else(String::new, |all| all.iter().cloned().collect::<Vec<_>>().join(" / "))
        };
        page += &line([place].into_iter().chain(used.iter().map(field)).collect());
    }
    page
}
