//! `lu record`: writes what `try` runs as a trace, or as a Rust test without a verdict.

mod builders;
mod opcode;
mod script;
mod test;

use std::path::{Path, PathBuf};

use cmdlib::processor::Ended;

use super::arguments::Record;
use super::subject::Subject;
use super::trouble::Trouble;
use super::{GOOD, Streams, complain};
use crate::bench::Once;
use crate::finding::Topic;
use crate::library::Library;

/// Records what is wanted; returns what is printed, and the exit code.
pub(super) fn record(wanted: &Record, library: &Library, streams: &mut Streams<'_>) -> Result<(String, u8), Trouble> {
    if let Some(out) = &wanted.out {
        spare_the_input(wanted, out)?;
    }
    let subject = Subject::read(&wanted.subject, wanted.redact, library, streams)?;
    let mut files = Vec::new();
    let mut text = String::new();
    let mut state = subject.state.clone();
    for (index, planned) in subject.plan.iter().enumerate() {
        let once = subject.run(planned, &state, library);
        answered(&once, &subject)?;
        if wanted.test {
            let beside = test::Beside::new(wanted.out.as_deref(), index, subject.plan.len());
            let test = test::write(&once, planned, &subject, &beside)?;
            text += if index > 0 { "\n" } else { "" };
            text += &test.text;
            files.extend(test.document.map(|document| (beside.path(), document)));
        } else {
            let line = crate::record::line(&once, None);
            text +=
                &line.map_err(|why| Trouble::new(format!("this run can't be recorded: {why}"), planned.unit.op_id))?;
            text.push('\n');
        }
        let left = subject.plan.len() - index - 1;
        if !matches!(once.ended, Ended::Success(_)) && left > 0 {
            complain(streams, &format!("warning: {left} more not run, since {} did not succeed\n", planned.unit.op_id));
            break;
        }
        state = once.after;
    }
    for answer in subject.answers.unused() {
        complain(streams, &format!("warning: nobody asked for this answer: {}\n", subject.secrets.printable(&answer)));
    }
    let with_secrets = !subject.secrets.harmless(&text) || files.iter().any(|(_, it)| !subject.secrets.harmless(it));
    if with_secrets && !wanted.redact {
        complain(streams, "warning: the record holds secrets: keep it to yourself, or give `--redact`\n");
    }
    let Some(out) = &wanted.out else { return Ok((text, GOOD)) };
    for (path, document) in &files {
        write(path, document)?;
    }
    write(out, &text)?;
    for (path, _) in &files {
        complain(streams, &format!("the cluster is in {}, from where the test reads it\n", path.display()));
    }
    Ok((String::new(), GOOD))
}

/// A call that healthy nodes can't answer got an answer of the bench's, which no node gave.
fn answered(once: &Once, subject: &Subject) -> Result<(), Trouble> {
    let unanswered: Vec<String> =
        once.findings.iter().filter(|it| it.topic == Topic::Rpc).flat_map(|it| it.got.clone()).collect();
    if unanswered.is_empty() {
        return Ok(());
    }
    let what = format!("healthy nodes have no answer to {}", unanswered.join(", "));
    Err(Trouble::new(subject.secrets.printable(&what), "this run")
        .expected("an answer to every call")
        .remedy("say what was answered with `--answers`; `lu try --help` tells how"))
}

/// Refuses to write over what is read.
fn spare_the_input(wanted: &Record, out: &Path) -> Result<(), Trouble> {
    let same = |one: &Path| matches!((one.canonicalize(), out.canonicalize()), (Ok(one), Ok(two)) if one == two);
    let subject = &wanted.subject;
    let opcode = subject.opcode.as_deref().map(Path::new);
    let read = [Some(&*subject.config), opcode, subject.job.as_deref(), subject.answers.as_deref()];
    if !read.into_iter().flatten().any(same) {
        return Ok(());
    }
    let what = "the record would be written over what is read";
    Err(Trouble::new(what, format!("--out {}", out.display())).remedy("give another file"))
}

/// Writes a file: whole, or not at all.
fn write(path: &Path, text: &str) -> Result<(), Trouble> {
    let trouble = |error: std::io::Error| {
        Trouble::new(format!("the record can't be written: {error}"), path.display().to_string())
            .remedy("correct the path, or its permissions")
    };
    if path.exists() && !path.is_file() {
        // A pipe or a device: nothing is there that could be half lost.
        return std::fs::write(path, text).map_err(trouble);
    }
    let mut new = path.as_os_str().to_owned();
    new.push(".new");
    let new = PathBuf::from(new);
    std::fs::write(&new, text).and_then(|()| std::fs::rename(&new, path)).map_err(|error| {
        let _ = std::fs::remove_file(&new);
        trouble(error)
    })
}
