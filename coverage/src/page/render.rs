//! The page in HTML.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::html::{self, escaped};
use crate::judge::plural;
use crate::percent::Percent;
use crate::results::Results;

use super::inputs::{Api, Errors, File, Mutants};
use super::treemap::{Rectangle, layout};

/// All that the page shows; what was not given is not shown.
pub(super) struct Parts<'a> {
    pub(super) product: &'a str,
    pub(super) unit_word: &'a str,
    pub(super) files: &'a [File],
    pub(super) errors: Option<Errors>,
    pub(super) mutants: Option<Mutants>,
    pub(super) api: Option<Api>,
    pub(super) results: Option<Results>,
    pub(super) slowest: usize,
}

// A link into a source that is folded opens it; browsers of today do so by themselves, older ones don't.
const SCRIPT: &str = "<script>
function open_target() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  const fold = target && target.closest('details');
  if (fold) { fold.open = true; target.scrollIntoView(); }
}
addEventListener('hashchange', open_target);
addEventListener('load', open_target);
</script>
";

pub(super) fn html(parts: &Parts<'_>) -> String {
    let (covered, total) = parts.files.iter().fold((0, 0), |sum, file| (sum.0 + file.covered, sum.1 + file.total));
    let units = parts.files.iter().filter(|file| file.unit.is_some()).count();
    let mut body = format!(
        "<p><b>{} %</b> of the lines of {} are covered ({covered} of {total}), in {}, {units} of them of a {}.</p>\n",
        Percent::of(covered, total),
        escaped(parts.product),
        plural(parts.files.len() as u64, "file"),
        escaped(parts.unit_word),
    );
    body += &treemap(parts);
    body += &table(parts);
    body += &calls(parts);
    body += &tests(parts);
    body += &sources(parts);
    html::document(&format!("Coverage of {}", parts.product), &(body + SCRIPT))
}

/// The class of colour for a share: five steps.
fn step(percent: Percent) -> &'static str {
    match percent.number() {
        share if share >= 98.0 => "c5",
        share if share >= 95.0 => "c4",
        share if share >= 90.0 => "c3",
        share if share >= 75.0 => "c2",
        _ => "c1",
    }
}

fn anchor(path: &str) -> String {
    path.chars().map(|each| if each.is_ascii_alphanumeric() { each } else { '-' }).collect()
}

fn treemap(parts: &Parts<'_>) -> String {
    const ROOM: Rectangle = Rectangle { x: 0.0, y: 0.0, width: 1000.0, height: 420.0 };
    let mut files: Vec<&File> = parts.files.iter().filter(|file| file.total > 0).collect();
    files.sort_by(|one, other| other.total.cmp(&one.total).then_with(|| one.path.cmp(&other.path)));
    #[expect(clippy::cast_precision_loss, reason = "no file has 2^52 lines")]
    let areas: Vec<f64> = files.iter().map(|file| file.total as f64).collect();
    let mut out = "<h2>All files: area is lines, colour is coverage</h2>\n\
                   <svg class=\"treemap\" viewBox=\"0 0 1000 420\" role=\"img\" aria-label=\"treemap of all files\">\n"
        .to_owned();
    for (file, it) in files.iter().zip(layout(&areas, ROOM)) {
        let percent = Percent::of(file.covered, file.total);
        let Rectangle { x, y, width, height } = it;
        let _ = write!(
            out,
            "<a href=\"#{}\"><rect class=\"{}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\"><title>{}: {percent} % of {}</title></rect>",
            anchor(&file.path),
            step(percent),
            escaped(&file.path),
            plural(file.total, "line"),
        );
        let last = file.path.rsplit('/').next().unwrap_or(&file.path);
        let name = [file.unit.as_deref().unwrap_or(last), last].into_iter().find(|name| fits(name, width, height));
        if let Some(name) = name {
            let _ = write!(out, "<text x=\"{:.1}\" y=\"{:.1}\">{}</text>", x + 4.0, y + 13.0, escaped(name));
        }
        out.push_str("</a>\n");
    }
    out.push_str("</svg>\n<p class=\"legend\">");
    for (class, words) in [("c5", "98 % and more"), ("c4", "95"), ("c3", "90"), ("c2", "75"), ("c1", "less")] {
        let _ = write!(
            out,
            "<span><svg viewBox=\"0 0 10 10\"><rect class=\"{class}\" width=\"10\" height=\"10\"/></svg> {words}</span> "
        );
    }
    out + "</p>\n"
}

/// Whether a name fits into a rectangle, at 11 pixels a letter's height.
fn fits(name: &str, width: f64, height: f64) -> bool {
    u32::try_from(name.len()).is_ok_and(|letters| width > f64::from(letters) * 6.2 + 8.0 && height > 16.0)
}

fn table(parts: &Parts<'_>) -> String {
    let mut units: Vec<(&File, &str)> = parts.files.iter().filter_map(|it| Some((it, it.unit.as_deref()?))).collect();
    units.sort_by_key(|(file, _)| (Percent::of(file.covered, file.total), &file.path));
    let word = escaped(parts.unit_word);
    let mut out = format!(
        "<h2>Each {word}, worst first</h2>\n<div class=\"wide\"><table>\n<tr><th>{word}</th><th class=\"number\">lines</th><th class=\"number optional\"></th>"
    );
    let columns =
        [(parts.errors.is_some(), "error places"), (parts.mutants.is_some(), "mutants"), (parts.api.is_some(), "API")];
    for (_, head) in columns.iter().filter(|(shown, _)| *shown) {
        let _ = write!(out, "<th class=\"number\">{head}</th>");
    }
    out.push_str("</tr>\n");
    for (file, unit) in units {
        let percent = Percent::of(file.covered, file.total);
        let _ = write!(
            out,
            "<tr><td><a href=\"#{}\">{}</a></td><td class=\"number\">{percent} %</td><td class=\"number optional\">{}/{}</td>",
            anchor(&file.path),
            escaped(unit),
            file.covered,
            file.total
        );
        let mut cell = |shown: bool, text: Option<(String, bool)>| {
            if shown {
                let (text, good) = text.unwrap_or_else(|| ("-".to_owned(), true));
                let class = if good { "" } else { " bad" };
                let _ = write!(out, "<td class=\"number{class}\">{text}</td>");
            }
        };
        let errors = parts.errors.as_ref().and_then(|errors| errors.units.iter().find(|it| it.name == unit));
        cell(
            parts.errors.is_some(),
            errors.map(|it| (format!("{}/{}", it.reached, it.places), it.reached == it.places)),
        );
        let mutants = parts.mutants.as_ref().and_then(|mutants| mutants.files.iter().find(|it| it.file == file.path));
        cell(
            parts.mutants.is_some(),
            mutants.map(|it| (format!("{}/{}", it.caught, it.caught + it.missed), it.missed == 0)),
        );
        let api = parts.api.as_ref().and_then(|api| api.of_unit(unit));
        cell(parts.api.is_some(), api.map(|it| (escaped(&it.class), it.class != "none")));
        out.push_str("</tr>\n");
    }
    out.push_str("</table></div>\n");
    if let Some(mutants) = &parts.mutants {
        let _ = writeln!(
            out,
            "<p class=\"faint\">Mutants: {}; survivors are marked in the sources.</p>",
            escaped(&mutants.kind)
        );
    }
    out
}

fn calls(parts: &Parts<'_>) -> String {
    let Some(api) = &parts.api else { return String::new() };
    let mut classes: BTreeMap<&str, u64> = BTreeMap::new();
    api.entries.iter().for_each(|entry| *classes.entry(&entry.class).or_default() += 1);
    let counted: Vec<String> = classes.iter().map(|(class, count)| format!("{count} {class}")).collect();
    let mut out = format!(
        "<h2>API coverage</h2>\n<details><summary>{}: {}</summary>\n<div class=\"wide\"><table>\n",
        plural(api.entries.len() as u64, "call"),
        counted.join(", ")
    );
    for entry in &api.entries {
        let (direct, client, implied) = (entry.direct.len(), entry.client.len(), entry.implied.len());
        let _ = writeln!(
            out,
            "<tr><td><code>{}</code></td><td>{}</td><td class=\"number\">{direct} direct, {client} client, {implied} implied</td></tr>",
            escaped(&entry.call),
            escaped(&entry.class)
        );
    }
    out + "</table></div>\n</details>\n"
}

fn tests(parts: &Parts<'_>) -> String {
    let Some(results) = &parts.results else { return String::new() };
    let slow = results.slowest(parts.slowest);
    let mut out = format!("<h2>Slowest of {}</h2>\n", plural(results.tests.len() as u64, "test"));
    if slow.is_empty() {
        return out + "<p class=\"faint\">These results hold no durations; nextest's do.</p>\n";
    }
    out.push_str("<div class=\"wide\"><table>\n");
    for test in slow {
        let seconds = test.duration.unwrap_or_default().as_secs_f64();
        let _ = writeln!(
            out,
            "<tr><td class=\"number\">{seconds:.3} s</td><td><code>{}</code></td></tr>",
            escaped(&test.name)
        );
    }
    out + "</table></div>\n"
}

fn sources(parts: &Parts<'_>) -> String {
    let mut out = "<h2>Sources</h2>\n".to_owned();
    for file in parts.files {
        let survivors = parts.mutants.iter().flat_map(|mutants| &mutants.files).filter(|it| it.file == file.path);
        let mut marked: BTreeMap<u64, Vec<&str>> = BTreeMap::new();
        for survivor in survivors.flat_map(|it| &it.survivors) {
            marked.entry(survivor.line).or_default().push(&survivor.change);
        }
        let percent = Percent::of(file.covered, file.total);
        let _ = write!(
            out,
            "<details><summary>{} <span class=\"faint\">{percent} %</span></summary>\n<pre class=\"source\" id=\"{}\">",
            escaped(&file.path),
            anchor(&file.path)
        );
        for (number, line) in (1_u64..).zip(file.source.lines()) {
            let hits = file.hits.get(&number);
            let class = match hits {
                Some(0) => "miss",
                Some(_) => "hit",
                None => "none",
            };
            let hits = hits.map(u64::to_string).unwrap_or_default();
            let _ = write!(out, "<span class=\"{class}\"><i>{number:>4} {hits:>6} </i>{}</span>", escaped(line));
            for change in marked.get(&number).into_iter().flatten() {
                let _ = write!(out, "<span class=\"survivor\"><i>            </i>survives: {}</span>", escaped(change));
            }
        }
        out.push_str("</pre></details>\n");
    }
    out
}
