//! JUnit's XML, as nextest, pytest and others write it.

use std::time::Duration;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::{Outcome, Test};

/// Reads the test cases of a report.
pub(super) fn read(text: &str) -> Result<Vec<Test>, String> {
    let mut reader = Reader::from_str(text);
    let mut tests: Vec<Test> = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut current: Option<Test> = None;
    loop {
        let event = reader.read_event();
        let at = reader.buffer_position();
        let broken = |why: String| format!("the XML is broken near byte {at}: {why}");
        match event.map_err(|error| broken(error.to_string()))? {
            Event::Start(element) => {
                begin(&element, &mut current)?;
                open.push(element.name().as_ref().to_owned());
            }
            Event::Empty(element) => {
                begin(&element, &mut current)?;
                if element.name().as_ref() == "testcase" {
                    tests.extend(current.take());
                }
            }
            Event::End(element) => {
                open.pop();
                if let (Some(test), "failure" | "error") = (&mut current, element.name().as_ref()) {
                    once(&mut test.message);
                }
                if element.name().as_ref() == "testcase" {
                    tests.extend(current.take());
                }
            }
            Event::Text(words) if is_in_failure(&open) => say(&mut current, &words.xml10_content()),
            Event::CData(words) if is_in_failure(&open) => say(&mut current, &words),
            Event::GeneralRef(reference) if is_in_failure(&open) => {
                let text = quick_xml::escape::unescape(&format!("&{};", &*reference)).map(|text| text.into_owned());
                say(&mut current, &text.map_err(|error| broken(error.to_string()))?);
            }
            Event::Eof if open.is_empty() => return Ok(tests),
            Event::Eof => return Err("the XML is cut off".to_owned()),
            _ => {}
        }
    }
}

fn is_in_failure(open: &[String]) -> bool {
    open.last().is_some_and(|name| matches!(name.as_str(), "failure" | "error"))
}

fn say(test: &mut Option<Test>, words: &str) {
    if let Some(test) = test {
        test.message.push_str(words);
    }
}

/// Most runners begin the text with the message once more.
fn once(message: &mut String) {
    if let Some((first, rest)) = message.split_once('\n')
        && rest.starts_with(first)
    {
        *message = rest.to_owned();
    }
}

fn begin(element: &BytesStart<'_>, current: &mut Option<Test>) -> Result<(), String> {
    match (element.name().as_ref(), current) {
        ("testcase", current) => {
            let name = attribute(element, "name")?.ok_or("a test case has no name")?;
            let class = attribute(element, "classname")?.unwrap_or_default();
            let duration = match attribute(element, "time")? {
                Some(time) => Some(seconds(&time).ok_or_else(|| format!("`{time}` is no time in seconds"))?),
                None => None,
            };
            let (outcome, message) = (Outcome::Passed, String::new());
            *current = Some(Test { class, name, outcome, duration, message });
        }
        ("failure" | "error", Some(test)) => {
            test.outcome = Outcome::Failed;
            if let Some(message) = attribute(element, "message")? {
                test.message = message + "\n";
            }
        }
        ("skipped", Some(test)) => test.outcome = Outcome::Skipped,
        _ => {}
    }
    Ok(())
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, String> {
    let found = element.try_get_attribute(name).map_err(|error| format!("an attribute is broken: {error}"))?;
    let value = found.map(|found| found.normalized_value(XmlVersion::Implicit1_0).map(|value| value.into_owned()));
    value.transpose().map_err(|error| format!("an attribute is broken: {error}"))
}

pub(super) fn seconds(text: &str) -> Option<Duration> {
    // Some runners write thousands with commas.
    text.replace(',', "").parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
}
