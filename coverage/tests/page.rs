//! The page of HTML: what stands in it, and that a browser shows it, wide and narrow.

use std::path::PathBuf;
use std::process::Command;

use coverage::page::treemap::{Rectangle, layout};
use expect_test::expect;

use crate::scratch::{Run, Scratch, fixtures, run, say};

fn page(scratch: &Scratch, words: &[&str]) -> Run {
    let given = ["page", "--report", "report.json", "--out", "page.html"];
    let words: Vec<&str> = given.iter().chain(words).copied().collect();
    run(&mut scratch.command(&words))
}

/// A page with all its parts.
fn complete() -> Scratch {
    let scratch = Scratch::new();
    scratch
        .write("errors.json", r#"{"units": [{"name": "tags/set", "places": 3, "reached": 2}]}"#)
        .write(
            "mutants.json",
            r#"{"kind": "all", "files": [{"file": "cmdlib/src/lu/tags/set.rs", "caught": 4, "missed": 1,
                "survivors": [{"line": 5, "change": "replace < with <= in check"}]}]}"#,
        )
        .write(
            "api.json",
            r#"{"entries": [{"call": "OP_TAGS_SET", "class": "direct", "direct": ["a"], "client": [], "implied": []},
                {"call": "OP_TAGS_DEL", "class": "none", "direct": [], "client": [], "implied": []}]}"#,
        );
    std::fs::copy(fixtures().join("results/junit.xml"), scratch.path("junit.xml")).unwrap();
    let words = ["--errors", "errors.json", "--mutants", "mutants.json", "--api", "api.json", "--tests", "junit.xml"];
    let run = page(&scratch, &words);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "page.html: 4 files\n", ""));
    scratch
}

#[test]
fn each_unit_has_lines_error_places_mutants_and_its_class() {
    let html = complete().read("page.html");
    let rows = html.split("<h2>Each LU, worst first</h2>").nth(1).unwrap().split("</table>").next().unwrap();
    expect![[r##"

        <div class="wide"><table>
        <tr><th>LU</th><th class="number">lines</th><th class="number optional"></th><th class="number">error places</th><th class="number">mutants</th><th class="number">API</th></tr>
        <tr><td><a href="#cmdlib-src-lu-tags-set-rs">tags/set</a></td><td class="number">50.0 %</td><td class="number optional">9/18</td><td class="number bad">2/3</td><td class="number bad">4/5</td><td class="number">direct</td></tr>
        <tr><td><a href="#cmdlib-src-lu-instance-startup-rs">instance/startup</a></td><td class="number">100.0 %</td><td class="number optional">11/11</td><td class="number">-</td><td class="number">-</td><td class="number">-</td></tr>
    "##]].assert_eq(rows);
}

#[test]
fn sources_have_hits_and_survivors() {
    let html = complete().read("page.html");
    let source = html.split("id=\"cmdlib-src-lu-tags-set-rs\">").nth(1).unwrap().split("</pre>").next().unwrap();
    let lines: String = source.split_inclusive("</span>").take(8).map(|line| format!("{line}\n")).collect();
    expect![[r#"
        <span class="none"><i>   1        </i>pub struct TagsSet { pub tags: Vec&lt;String&gt; }</span>
        <span class="none"><i>   2        </i></span>
        <span class="none"><i>   3        </i>impl TagsSet {</span>
        <span class="hit"><i>   4      1 </i>    pub fn check(&amp;self) -&gt; Result&lt;usize, String&gt; {</span>
        <span class="hit"><i>   5      1 </i>        let long = self.tags.iter().filter(|t| t.len() &gt; 128).count();</span>
        <span class="survivor"><i>            </i>survives: replace &lt; with &lt;= in check</span>
        <span class="hit"><i>   6      1 </i>        if long &gt; 0 {</span>
        <span class="miss"><i>   7      0 </i>            return Err(format!(&quot;{long} tags are too long&quot;));</span>
    "#]].assert_eq(&lines);
}

#[test]
fn what_is_not_given_is_not_shown() {
    let scratch = Scratch::new();
    assert_eq!(page(&scratch, &[]).code, 0);
    let html = scratch.read("page.html");
    for part in ["error places", "mutants", "API", "Slowest"] {
        assert!(!html.contains(part), "{part}");
    }
}

#[test]
fn nothing_comes_from_elsewhere() {
    let html = complete().read("page.html");
    for word in ["http:", "https:", "src=", "<link", "@import", "url("] {
        assert!(!html.contains(word), "{word}");
    }
}

#[test]
fn parts_that_can_not_be_used_are_2() {
    let scratch = complete();
    scratch.write("api.json", r#"{"verdict": "unmeasured", "error": {"what": "no runs"}}"#).write("bad.json", "{}");
    let tried = [["--api", "api.json"], ["--mutants", "bad.json"], ["--errors", "absent.json"]]
        .map(|words| page(&scratch, &words));
    let said: String = tried.iter().map(|run| format!("{} {}", run.code, run.err)).collect();
    expect![[r#"
        2 could not measure: `coverage api matrix` had measured nothing: no runs
          where     api.json
          expected  what `coverage api matrix` prints as JSON
          do        make it anew
        2 could not measure: a part of the page can't be read: missing field `kind` at line 1 column 2
          where     bad.json
          expected  what `coverage mutants` prints as JSON
          do        make it anew
        2 could not measure: a file can't be read: No such file or directory (os error 2)
          where     absent.json
          expected  what `coverage errors` prints as JSON, in UTF-8
          do        make the file, or name another one
    "#]]
    .assert_eq(&said);
}

#[test]
fn a_treemap_fills_its_room_in_proportion() {
    let room = Rectangle { x: 0.0, y: 0.0, width: 600.0, height: 400.0 };
    let areas = [6.0, 6.0, 4.0, 3.0, 2.0, 2.0, 1.0];
    let rectangles = layout(&areas, room);
    assert_eq!(rectangles.len(), areas.len());
    for (rectangle, area) in rectangles.iter().zip(areas) {
        assert!((rectangle.width * rectangle.height - area * 10_000.0).abs() < 1e-6, "{rectangle:?}");
        assert!(rectangle.x + rectangle.width <= 600.0 + 1e-6 && rectangle.y + rectangle.height <= 400.0 + 1e-6);
        assert!((rectangle.width / rectangle.height).max(rectangle.height / rectangle.width) < 3.1, "{rectangle:?}");
    }
    assert!(layout(&[], room).is_empty());
}

fn chromium() -> Option<PathBuf> {
    if std::env::var_os("GATE").is_some() {
        say("skipped: the gate is on, and counts nothing that needs a browser");
        return None;
    }
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found =
        std::env::split_paths(&path).flat_map(|folder| names.map(|name| folder.join(name))).find(|it| it.is_file());
    if found.is_none() {
        say("skipped: there is no Chromium on the path");
    }
    found
}

/// What a browser says of the page in a frame of this width: windows have a least width that is wider than a phone's.
fn shown(chromium: &PathBuf, scratch: &Scratch, width: u32) -> String {
    let probe = "<script>addEventListener('load', () => { const root = document.documentElement; \
                 const wider = root.scrollWidth > root.clientWidth ? 'wider' : 'fits'; \
                 const rects = document.querySelectorAll('rect[class]').length; \
                 parent.postMessage(`${innerWidth} ${wider} ${rects} ${document.title}`, '*'); });</script></body>";
    scratch.write("probed.html", &scratch.read("page.html").replace("</body>", probe));
    let frame = format!(
        "<!doctype html><body><script>addEventListener('message', said => document.body.dataset.said = said.data)</script>\
         <iframe src=\"probed.html\" width=\"{width}\" height=\"800\" frameborder=\"0\"></iframe></body>"
    );
    scratch.write("frame.html", &frame);
    let flags = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--dump-dom",
        "--virtual-time-budget=5000",
    ];
    let profile = tempfile::tempdir().unwrap();
    let mut command = Command::new(chromium);
    command.args(flags).arg(format!("--user-data-dir={}", profile.path().display()));
    let output = command.arg(format!("file://{}", scratch.path("frame.html").display())).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_browser_shows_it_wide_and_narrow_without_scrolling_sideways() {
    let Some(chromium) = chromium() else { return };
    let scratch = complete();
    for width in [1280, 360] {
        let dom = shown(&chromium, &scratch, width);
        // Four files and the five steps of the legend.
        assert!(dom.contains(&format!("data-said=\"{width} fits 9 Coverage of cmdlib\"")), "{dom}");
    }
}
