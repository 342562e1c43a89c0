//! What runners print, line by line: libtest's words, its JSON (nextest's `libtest-json` too), nextest's words.

use serde::Deserialize;

use super::junit::seconds;
use super::{Outcome, Test};

#[derive(Deserialize)]
struct Line {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    event: String,
    #[serde(default)]
    name: String,
    exec_time: Option<f64>,
    #[serde(default)]
    stdout: String,
}

/// Reads libtest's JSON: an object a line.
pub(super) fn read_json(text: &str) -> Result<Vec<Test>, String> {
    let mut tests = Vec::new();
    let mut suites = 0_i64;
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let line: Line =
            serde_json::from_str(line).map_err(|error| format!("line {} can't be read: {error}", index + 1))?;
        if line.kind == "suite" {
            suites += if line.event == "started" { 1 } else { -1 };
        }
        let outcome = match (line.kind.as_str(), line.event.as_str()) {
            ("test", "ok") => Outcome::Passed,
            ("test", "failed" | "timeout") => Outcome::Failed,
            ("test", "ignored") => Outcome::Skipped,
            _ => continue,
        };
        let duration = line.exec_time.and_then(|time| seconds(&time.to_string()));
        let message = line.stdout;
        // nextest writes `package::binary$name`, and `#2` after the name for a second attempt.
        match line.name.split_once('$') {
            Some((class, name)) => {
                let name = name.split_once('#').map_or(name, |(name, _)| name).to_owned();
                put(&mut tests, Test { class: class.to_owned(), name, outcome, duration, message });
            }
            None => tests.push(Test { class: String::new(), name: line.name, outcome, duration, message }),
        }
    }
    if suites == 0 { Ok(tests) } else { Err("the results are cut off: a suite began and never ended".to_owned()) }
}

/// Reads what libtest or nextest prints for people.
pub(super) fn read_words(text: &str) -> Result<Vec<Test>, String> {
    let text = without_colours(text);
    // What a failed test printed stands in nextest's output, libtest's lines among it.
    if text.lines().any(|line| line.trim_start().starts_with("Nextest run ID ")) {
        read_nextest(&text)
    } else {
        read_libtest(&text)
    }
}

fn read_libtest(text: &str) -> Result<Vec<Test>, String> {
    let (mut tests, mut open, mut ended) = (Vec::new(), 0_u32, false);
    let messages = messages(text);
    for line in text.lines() {
        if line.starts_with("running ") && (line.ends_with(" tests") || line.ends_with(" test")) {
            open += 1;
        } else if line.starts_with("test result: ") {
            open = open.saturating_sub(1);
            ended = true;
        } else if let Some(mut test) = libtest(line) {
            if test.outcome == Outcome::Failed
                && let Some((_, message)) = messages.iter().find(|(name, _)| *name == test.name)
            {
                test.message = (*message).to_owned();
            }
            tests.push(test);
        }
    }
    if open > 0 || !ended {
        return Err("the results are cut off, or no runner's: no line says how all of it ended".to_owned());
    }
    Ok(tests)
}

fn read_nextest(text: &str) -> Result<Vec<Test>, String> {
    let mut tests = Vec::new();
    let mut ended = false;
    for line in text.lines() {
        ended |= line.trim_start().starts_with("Summary [");
        if let Some(test) = nextest(line.trim()) {
            put(&mut tests, test);
        }
    }
    if ended { Ok(tests) } else { Err("the results are cut off: nextest's summary is missing".to_owned()) }
}

/// Of several attempts at one test the last one counts; failures are told twice, too.
fn put(tests: &mut Vec<Test>, test: Test) {
    match tests.iter_mut().find(|other| other.name == test.name && other.class == test.class) {
        Some(before) => *before = test,
        None => tests.push(test),
    }
}

/// `test lu::tags::set::adds ... ok`
fn libtest(line: &str) -> Option<Test> {
    let (name, end) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
    let (word, rest) = end.split_once([' ', ',']).unwrap_or((end, ""));
    let outcome = match word {
        "ok" => Outcome::Passed,
        "FAILED" => Outcome::Failed,
        "ignored" => Outcome::Skipped,
        _ => return None,
    };
    let name = name.strip_suffix(" - should panic").unwrap_or(name).to_owned();
    let time = rest.trim().strip_prefix('<').and_then(|rest| rest.strip_suffix("s>"));
    Some(Test { class: String::new(), name, outcome, duration: time.and_then(seconds), message: String::new() })
}

/// `PASS [   0.012s] (1/9) tests lu::tags::set::adds`
fn nextest(line: &str) -> Option<Test> {
    let (word, rest) = line.split_once(" [")?;
    let (time, rest) = rest.split_once(']')?;
    let last = if word.starts_with("FLAKY") { "FLAKY" } else { word.split_whitespace().next_back()? };
    let outcome = match last {
        "PASS" | "LEAK" | "FLAKY" => Outcome::Passed,
        "SKIP" => Outcome::Skipped,
        "FAIL" | "TIMEOUT" | "ABORT" | "LEAK-FAIL" | "XFAIL" | "TMT" => Outcome::Failed,
        word if word.starts_with("SIG") => Outcome::Failed,
        _ => return None,
    };
    let mut words = rest.split_whitespace().skip_while(|word| word.starts_with('(') || word.ends_with(')'));
    let (class, name) = (words.next()?, words.next()?);
    let duration = time.trim().strip_suffix('s').and_then(seconds);
    Some(Test { class: class.to_owned(), name: name.to_owned(), outcome, duration, message: String::new() })
}

/// What libtest prints of each failed test: a block that begins with `---- name stdout ----`.
fn messages(text: &str) -> Vec<(&str, &str)> {
    let blocks = text.split("\n---- ").skip(1).filter_map(|block| {
        let (name, rest) = block.split_once(" stdout ----\n")?;
        Some((name, rest.split("\n\n\n").next().unwrap_or(rest).split("\nfailures:\n").next()?.trim()))
    });
    blocks.collect()
}

fn without_colours(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\x1b[") {
        out.push_str(before);
        rest = after.find(|each: char| each.is_ascii_alphabetic()).map_or("", |end| &after[end + 1..]);
    }
    out + rest
}
