//! `lu replay`: replays traces, counts, judges.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cmdlib::unit::Unit;

use super::arguments::Replay;
use super::input;
use super::progress::Progress;
use super::trouble::Trouble;
use super::{BAD, GOOD, Streams, complain};
use crate::replay::{Corpus, Rules, Summary, Trace, TraceError, run, side_by_side};

const TRACES: &str = "files of traces, one a line, with configs.jsonl and values.jsonl beside them; or folders of such";
/// What traces share, and no traces.
const SHARED: [&str; 2] = ["configs.jsonl", "values.jsonl"];

/// What has come so far.
struct Came {
    summary: Summary,
    traces: usize,
    /// The first traces that don't hold, side by side.
    shown: Vec<String>,
    differ: usize,
}

/// Replays the traces that are wanted; returns what is printed, and the exit code.
pub(super) fn replay(
    wanted: &Replay,
    units: &'static [Unit],
    streams: &mut Streams<'_>,
) -> Result<(String, u8), Trouble> {
    let rules = rules(wanted.rules.as_deref())?;
    let corpora = corpora(&wanted.paths)?;
    let files: usize = corpora.iter().map(|corpus| corpus.files().len()).sum();
    let mut came = Came { summary: Summary::default(), traces: 0, shown: Vec::new(), differ: 0 };
    let mut progress = Progress::new(streams.watched);
    let mut done = Ok(());
    let mut number = 0;
    'all: for corpus in &corpora {
        for file in corpus.files() {
            number += 1;
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            done = replay_file(corpus, file, &rules, units, wanted.show, &mut came, &mut |came| {
                progress.show(streams.err, || {
                    format!("{name} ({number} of {files})  {} traces, {} differ", came.traces, came.differ)
                });
            });
            if done.is_err() {
                break 'all;
            }
        }
    }
    progress.clear(streams.err);
    done.map_err(|error| trace_trouble(&error))?;
    if came.traces == 0 {
        let places: Vec<String> = wanted.paths.iter().map(|path| path.display().to_string()).collect();
        return Err(Trouble::new("there is no trace", places.join(", ")).expected(TRACES));
    }
    Ok(verdict(wanted, &came, streams))
}

fn verdict(wanted: &Replay, came: &Came, streams: &mut Streams<'_>) -> (String, u8) {
    let ran = !came.summary.lus().is_empty();
    let held = ran && came.summary.held_percent() >= wanted.at_least;
    let shown: String = came.shown.iter().map(|text| format!("{text}\n")).collect();
    let out = if wanted.json {
        complain(streams, &shown);
        format!("{}\n", came.summary.json())
    } else if ran {
        format!("{shown}{}", came.summary)
    } else {
        let unknown: Vec<&str> = came.summary.unknown_lus().iter().map(String::as_str).collect();
        format!("no logical unit for: {}\n", unknown.join(", "))
    };
    if !ran {
        complain(streams, "not held: no trace could be run, since none of their logical units stands\n");
    } else if !held && !wanted.json {
        complain(streams, &format!("not held: fewer than {} %\n", wanted.at_least));
    }
    (out, if held { GOOD } else { BAD })
}

fn replay_file(
    corpus: &Corpus,
    file: &Path,
    rules: &Rules,
    units: &'static [Unit],
    show: usize,
    came: &mut Came,
    after_each: &mut dyn FnMut(&Came),
) -> Result<(), TraceError> {
    for trace in corpus.traces(file)? {
        let trace: Trace = trace?;
        let verdict = run(&trace, rules, units);
        came.traces += 1;
        if let Some(verdict) = verdict.as_ref().filter(|verdict| !verdict.held()) {
            came.differ += 1;
            if came.shown.len() < show {
                came.shown.push(side_by_side(&trace, verdict));
            }
        }
        came.summary.add(&trace, verdict.as_ref());
        after_each(came);
    }
    Ok(())
}

fn rules(path: Option<&Path>) -> Result<Rules, Trouble> {
    let Some(path) = path else { return Ok(Rules::own()) };
    let trouble = |what: String| {
        Trouble::new(what, path.display().to_string())
            .expected("a TOML of rules: [[rule]] with defect, lus, kind, when, and shows or channels")
            .remedy("correct it, or leave `--rules` out: the project's own rules are the default")
    };
    let text = input::text_of_file(path).map_err(|why| trouble(format!("the rules can't be read: {why}")))?;
    Rules::parse(&text).map_err(|error| trouble(format!("the rules can't be used: {error}")))
}

fn trace_trouble(error: &TraceError) -> Trouble {
    Trouble::new(format!("the traces can't be read: {error}"), "").expected(TRACES)
}

/// Opens all paths, each file once. Files of one folder share what lies beside them.
fn corpora(paths: &[PathBuf]) -> Result<Vec<Corpus>, Trouble> {
    let failed = |error: TraceError| trace_trouble(&error);
    let mut seen = BTreeSet::new();
    let mut folders: Vec<PathBuf> = Vec::new();
    let mut names: BTreeMap<PathBuf, BTreeSet<String>> = BTreeMap::new();
    let mut corpora = Vec::new();
    for path in paths {
        let files =
            if path.is_dir() { Corpus::open(path).map_err(failed)?.files().to_vec() } else { vec![path.clone()] };
        for file in files {
            let shared = SHARED.iter().any(|name| file.ends_with(name));
            if shared || !seen.insert(file.canonicalize().unwrap_or_else(|_| file.clone())) {
                continue;
            }
            let folder = file.parent().filter(|it| !it.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
            let stem = file.file_stem().and_then(|it| it.to_str());
            match stem.filter(|_| file.is_file() && file.extension().is_some_and(|it| it == "jsonl")) {
                Some(stem) => {
                    if !names.contains_key(&folder) {
                        folders.push(folder.clone());
                    }
                    names.entry(folder).or_default().insert(stem.to_owned());
                }
                None => corpora.push(Corpus::open(&file).map_err(failed)?),
            }
        }
    }
    for folder in folders {
        let names = names.remove(&folder).unwrap_or_default();
        corpora.push(Corpus::open(&folder).map_err(failed)?.only(|stem| names.contains(stem)));
    }
    Ok(corpora)
}
