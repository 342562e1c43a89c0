//! The API coverage matrix and hand-kept pages: on a project that is not ours, and the numbers of a real page where it is.

use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use coverage::api::baseline::Baseline;
use coverage::api::matrix::Class;
use coverage::api::page::{Form, Page, State};
use coverage::api::{calls, runs};
use expect_test::{Expect, expect};

use crate::scratch::{Run, Scratch, fixtures, run, say};

/// A scratch folder with the fixtures of the image service.
fn images() -> Scratch {
    let scratch = Scratch::new();
    for entry in fixtures().join("api").read_dir().unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), scratch.path(entry.file_name().to_str().unwrap())).unwrap();
    }
    scratch
}

const SOURCES: [&str; 6] = ["--calls", "calls.jsonl", "--runs", "runs.jsonl", "--results", "results.xml"];

fn api(scratch: &Scratch, words: &[&str]) -> Run {
    let words: Vec<&str> = ["api"].iter().chain(words).copied().collect();
    run(&mut scratch.command(&words))
}

/// With catalogue, runs and results.
fn measured(scratch: &Scratch, words: &[&str]) -> Run {
    let words: Vec<&str> = words.iter().chain(&SOURCES).copied().collect();
    api(scratch, &words)
}

fn page(name: &str) -> String {
    std::fs::read_to_string(fixtures().join("api").join(name)).unwrap()
}

#[track_caller]
fn could_not(run: &Run, expect: Expect) {
    expect.assert_eq(&run.err);
    assert_eq!((run.code, run.out.as_str()), (2, ""));
}

#[test]
fn a_page_is_written_back_byte_for_byte_in_both_forms() {
    for (name, form) in [("page.txt", Form::Plain), ("page.md", Form::Markdown)] {
        let text = page(name);
        assert!(!text.ends_with('\n'), "the fixture has no final newline");
        let read = Page::read(&text, name).unwrap();
        assert_eq!((read.form, read.text() == text), (form, true), "{name}");
        let exported = api(&images(), &["export", name]);
        assert_eq!((exported.code, exported.out == text), (0, true), "{name}");
    }
}

#[test]
fn any_piece_of_a_page_is_written_back_as_it_was() {
    let text = page("page.txt").replace("get_image", "get_image\r");
    for (end, _) in text.char_indices() {
        if let Ok(read) = Page::read(&text[..end], "piece") {
            assert_eq!(read.text(), &text[..end]);
        }
    }
}

#[test]
fn the_json_of_a_page_is_exported_again() {
    let scratch = images();
    for name in ["page.txt", "page.md"] {
        let imported = api(&scratch, &["import", name, "--json"]);
        let mut child =
            scratch.command(&["api", "export"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(imported.out.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), output.stdout == page(name).into_bytes()), (Some(0), true), "{name}");
    }
}

#[test]
fn what_a_page_says_of_each_call() {
    let states = |name| {
        let page = Page::read(&page(name), name).unwrap();
        let line = |it: &coverage::api::page::Entry| {
            format!("{} {:?} implied={} formerly={:?} {:?}\n", it.call, it.state, it.implied, it.formerly, it.tests)
        };
        page.entries.iter().map(line).collect::<String>()
    };
    let plain = states("page.txt");
    expect![[r#"
        list_images Explicit implied=true formerly=[] ["TestImages.test_list", "TestImages.test_gone_since"]
        get_image Explicit implied=false formerly=["fetch_image"] ["TestImages.test_get"]
        create_image Extensive implied=false formerly=[] []
        copy_image NotTested implied=false formerly=[] []
        ping Implied implied=false formerly=[] []
        old_name NotTested implied=false formerly=["older_name"] []
        drop_cache NotTested implied=false formerly=[] []
        wipe NotTested implied=false formerly=[] []
    "#]]
    .assert_eq(&plain);
    assert_eq!(states("page.md"), plain);
}

#[test]
fn a_text_that_is_not_understood_is_not_taken_for_tested() {
    let read = Page::read("a\n\nSomebody looked at it once.\n", "page").unwrap();
    assert_eq!(read.entries[0].state, State::NotTested);
}

#[test]
fn the_numbers_of_a_page() {
    let run = api(&images(), &["import", "page.txt"]);
    expect![[r#"
        8 calls: 2 explicit, 1 extensive, 1 implied, 4 not tested
        3 tests, listed 3 times
    "#]]
    .assert_eq(&run.out);
}

/// A page of a real project, where the corpus is.
#[test]
fn the_numbers_of_a_real_page() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/seeds/api-coverage.txt");
    let Ok(text) = std::fs::read_to_string(&path) else {
        say("skipped: there is no page at ../shared/seeds/api-coverage.txt");
        return;
    };
    let page = Page::read(&text, "api-coverage.txt").unwrap();
    let it = page.numbers();
    let numbers = [it.calls, it.links, it.tests, it.explicit, it.extensive, it.implied, it.not_tested];
    assert_eq!(numbers, [46, 45, 19, 23, 2, 2, 19]);
    assert!(page.text() == text);
    let again = Page::read(&page.json().to_string(), "json").unwrap();
    assert!(again.text() == text);
    // The same page as Markdown.
    let lines = text.split_inclusive('\n').map(|line| match line.trim_end() {
        call if page.entries.iter().any(|entry| entry.call == call) => format!("## {line}"),
        "Not tested." => "*Not tested.*\n".to_owned(),
        _ => line.replace("  • ", "* "),
    });
    let markdown: String = lines.collect();
    let read = Page::read(&markdown, "markdown").unwrap();
    assert_eq!((read.form, read.numbers()), (Form::Markdown, it));
    assert!(read.text() == markdown);
}

#[test]
fn pages_that_can_not_be_used() {
    let scratch = images();
    scratch
        .write("empty", " \n")
        .write("prose", "Two words.\n\nAnd more.\n")
        .write("twice", "a\n\nb\n\na\n")
        .write("json", "{\"form\": 1}");
    let tried = ["empty", "prose", "twice", "json", "absent"].map(|name| api(&scratch, &["import", name]));
    let said: String = tried.iter().map(|run| format!("{} {}", run.code, run.err)).collect();
    expect![[r#"
        2 could not measure: the page is empty
          where     empty
          expected  a page with a heading `## CALL` for each call (or plain: the call alone between blank lines), each once
          do        correct the page, or name another file
        2 could not measure: the page names no call
          where     prose
          expected  a page with a heading `## CALL` for each call (or plain: the call alone between blank lines), each once
          do        correct the page, or name another file
        2 could not measure: the page names `a` twice
          where     twice:5
          expected  a page with a heading `## CALL` for each call (or plain: the call alone between blank lines), each once
          do        correct the page, or name another file
        2 could not measure: the page is not JSON: expected value at line 1 column 10
          where     json
          expected  a page with a heading `## CALL` for each call (or plain: the call alone between blank lines), each once
          do        correct the page, or name another file
        2 could not measure: a file can't be read: No such file or directory (os error 2)
          where     absent
          expected  a page of API coverage, in UTF-8
          do        make the file, or name another one
    "#]].assert_eq(&said);
}

#[test]
fn json_that_contradicts_its_source_is_refused() {
    let text = Page::read(&page("page.txt"), "page").unwrap().json().to_string();
    for (from, to) in
        [("\"TestImages.test_get\"", "\"TestImages.other\""), ("\"form\":\"plain\"", "\"form\":\"markdown\"")]
    {
        assert!(text.contains(from));
        let trouble = Page::read(&text.replace(from, to), "json").unwrap_err();
        assert!(trouble.to_string().contains("`source`"), "{trouble}");
    }
}

#[test]
fn the_matrix_counts_what_was_as_wanted_in_tests_that_passed() {
    let run = measured(&images(), &["matrix"]);
    expect![[r#"
        call              class        tests  runs by way
        list_images       both             1  direct 2, client 1
        get_image         both             2  bench 1, client 1
        create_image      direct only      1  processor 1
        copy_image        direct only      1  replay 1
        ping              implied          0  implied 1
        new_name          not tested       0
        drop_cache        not tested       0
        upload, in parts  not tested       0  since 2.0

        note: not counted: 1 of the runs, which name no test
        note: not counted: runs of tests without a result (1): TestImages.test_unheard
        note: not counted: runs of tests that did not pass (2): TestImages.test_fails, TestImages.test_skipped
        note: not counted: runs of calls outside of the catalogue (1): wipe
        8 calls: 2 both, 2 direct only, 0 client only, 1 implied, 3 not tested
    "#]]
    .assert_eq(&run.out);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
}

#[test]
fn the_matrix_as_a_page() {
    let run = measured(&images(), &["matrix", "--format", "markdown"]);
    expect![[r#"
        # API coverage

        Generated by `coverage api matrix --format markdown`. A call is tested directly, through a client, or both; the gold standard is both.

        | class | grade | calls |
        | --- | --- | ---: |
        | both | gold | 2 |
        | direct only | silver | 2 |
        | client only | silver | 0 |
        | implied | implied | 1 |
        | not tested | none | 3 |

        ## list_images

        Tested directly:

        * TestImages.test_list

        Tested through a client:

        * TestImages.test_list

        ## get_image

        Tested directly:

        * TestImages.test_again

        Tested through a client:

        * TestImages.test_get

        ## create_image

        Tested directly only:

        * TestImages.test_again

        ## copy_image

        Tested directly only:

        * TestImages.test_again

        ## ping

        *Only implied by 1 test, where other calls lead to it or it is set-up.*

        ## new_name

        *Not tested.*

        ## drop_cache

        *Not tested.*

        ## upload, in parts

        *Not tested.*
    "#]].assert_eq(&run.out);
}

#[test]
fn the_page_of_the_matrix_agrees_with_it() {
    let scratch = images();
    // A call is one word on a page.
    scratch.replace("calls.jsonl", "upload, in parts", "upload");
    let run = measured(&scratch, &["matrix", "--format", "markdown"]);
    scratch.write("own.md", &run.out);
    let diff = measured(&scratch, &["diff", "own.md"]);
    assert_eq!((diff.code, diff.out.lines().last()), (0, Some("the page is as it is")), "{}", diff.out);
}

#[test]
fn the_matrix_as_json() {
    let run = measured(&images(), &["matrix", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    expect![[r#"
        {"both":2,"direct":2,"client":0,"implied":1,"none":3}
        {
          "call": "list_images",
          "class": "both",
          "grade": "gold",
          "direct": [
            "TestImages.test_list"
          ],
          "client": [
            "TestImages.test_list"
          ],
          "implied": [
            "TestImages.test_get"
          ],
          "runs": {
            "direct": 2,
            "client": 1
          },
          "ended": {
            "success": 1
          },
          "note": ""
        }
    "#]]
    .assert_eq(&format!("{}\n{:#}\n", value["classes"], value["entries"][0]));
}

#[test]
fn the_matrix_as_comma_separated_values() {
    expect![[r#"
        call,class,grade,way,test
        list_images,both,gold,direct,TestImages.test_list
        list_images,both,gold,client,TestImages.test_list
        list_images,both,gold,implied,TestImages.test_get
        get_image,both,gold,direct,TestImages.test_again
        get_image,both,gold,client,TestImages.test_get
        create_image,direct only,silver,direct,TestImages.test_again
        copy_image,direct only,silver,direct,TestImages.test_again
        ping,implied,implied,implied,TestImages.test_again
        new_name,not tested,none,,
        drop_cache,not tested,none,,
        "upload, in parts",not tested,none,,
    "#]]
    .assert_eq(&measured(&images(), &["matrix", "--format", "csv"]).out);
}

#[test]
fn the_matrix_as_html_names_all_and_escapes_it() {
    let scratch = images();
    scratch.replace("calls.jsonl", "upload, in parts", "upload <all> & sundry");
    let out = measured(&scratch, &["matrix", "--format", "html"]).out;
    assert!(out.starts_with("<!doctype html>") && out.contains("upload &lt;all&gt; &amp; sundry"), "{out}");
    assert!(out.contains("<code>TestImages.test_list</code>") && !out.contains("http"), "nothing comes from elsewhere");
}

#[test]
fn the_catalogue_of_lu_list_is_one_too() {
    let list = r#"{"opcodes": [{"opcode": "OP_A", "lu": "A", "stands": true}, {"opcode": "OP_B", "lu": "B", "stands": false}]}"#;
    let read = calls::read(list, "list").unwrap();
    let read: Vec<(&str, &str)> = read.iter().map(|call| (call.call.as_str(), call.note.as_str())).collect();
    assert_eq!(read, [("OP_A", ""), ("OP_B", "no unit yet")]);
}

#[test]
fn where_a_page_and_reality_differ() {
    let run = measured(&images(), &["diff", "page.txt"]);
    expect![[r#"
        list_images: TestImages.test_gone_since is listed, and has no result: no such test was run
        get_image: TestImages.test_again makes the call, and is not listed
        copy_image: TestImages.test_again makes the call, and is not listed
        old_name: gone: the page has it, and the catalogue does not
        wipe: gone: the page has it, and the catalogue does not
        new_name: the page leaves it out
        upload, in parts: the page leaves it out
        note: not counted: 1 of the runs, which name no test
        note: not counted: runs of tests without a result (1): TestImages.test_unheard
        note: not counted: runs of tests that did not pass (2): TestImages.test_fails, TestImages.test_skipped
        note: not counted: runs of calls outside of the catalogue (1): wipe
        7 differences
    "#]]
    .assert_eq(&run.out);
    assert_eq!(run.code, 1);
    let json = measured(&images(), &["diff", "page.txt", "--json"]);
    let value: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    expect![[r#"
        {"kind":"unknown_test","call":"list_images","test":"TestImages.test_gone_since","text":"list_images: TestImages.test_gone_since is listed, and has no result: no such test was run"}
    "#]].assert_eq(&format!("{}\n", value["differences"][0]));
}

#[test]
fn a_call_that_is_named_as_before_is_known() {
    let scratch = images();
    scratch.write("page.txt", "list_all\n\nFormerly list_images.\n\n  • TestImages.test_list\n");
    let out = measured(&scratch, &["diff", "page.txt"]).out;
    assert!(out.starts_with("list_images: the page calls it list_all") && !out.contains("gone"), "{out}");
}

#[test]
fn a_class_that_fell_is_red() {
    let scratch = images();
    let first = measured(&scratch, &["check", "--update"]);
    assert_eq!(first.code, 0, "{}", first.err);
    expect![[r#"
        # The class that each call had reached. Written by `coverage api check --update`; it only rises.
        # both (gold), direct or client (silver), implied, none
        copy_image direct
        create_image direct
        drop_cache none
        get_image both
        list_images both
        new_name none
        ping implied
        upload, in parts none
    "#]]
    .assert_eq(&scratch.read("api.baseline"));
    assert_eq!(measured(&scratch, &["check"]).code, 0);

    scratch.replace("results.xml", "name=\"test_list\" time=\"0.1\"/>", "name=\"test_list\"><failure/></testcase>");
    scratch.replace("calls.jsonl", "{\"call\": \"ping\"}\n", "{\"call\": \"pong\"}\n");
    let run = measured(&scratch, &["check", "--annotations", "--summary", "summary.md"]);
    expect![[r#"
        fell: list_images: was both, is implied
        fell: ping: was implied, is gone from the catalogue; if that is meant, `--update` takes it out
        note: not counted: 1 of the runs, which name no test
        note: not counted: runs of tests without a result (1): TestImages.test_unheard
        note: not counted: runs of tests that did not pass (3): TestImages.test_fails, TestImages.test_list, TestImages.test_skipped
        note: not counted: runs of calls outside of the catalogue (2): ping, wipe
        note: pong is new (not tested): `--update` writes it down
        8 calls: 1 both, 2 direct only, 0 client only, 1 implied, 4 not tested
        not held: 2 calls
    "#]].assert_eq(&run.out);
    expect![[r#"
        ::error file=api.baseline,title=API coverage::list_images: was both, is implied
        ::error file=api.baseline,title=API coverage::ping: was implied, is gone from the catalogue; if that is meant, `--update` takes it out
    "#]].assert_eq(&run.err);
    assert_eq!(run.code, 1);
    assert!(scratch.read("summary.md").starts_with("## API coverage\n"));

    let run = measured(&scratch, &["check", "--update", "--json"]);
    assert_eq!(run.code, 1, "what fell stays red");
    assert!(scratch.read("api.baseline").contains("list_images both\n"), "and keeps its class");
    let value: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(value["losses"][0]["call"], "list_images");
}

#[test]
fn a_class_that_rose_is_a_note() {
    let scratch = images();
    measured(&scratch, &["check", "--update"]);
    scratch.replace("api.baseline", "list_images both", "list_images implied");
    let run = measured(&scratch, &["check"]);
    assert_eq!(run.code, 0);
    assert!(run.out.contains("note: list_images rose from implied to both"), "{}", run.out);
}

#[test]
fn one_way_is_as_good_as_the_other() {
    assert!(!Class::Direct.falls_to(Class::Client) && !Class::Client.falls_to(Class::Direct));
    assert!(
        Class::Both.falls_to(Class::Client)
            && Class::Direct.falls_to(Class::Implied)
            && Class::Implied.falls_to(Class::None)
    );
}

#[test]
fn without_a_baseline_nothing_holds() {
    could_not(
        &measured(&images(), &["check"]),
        expect![[r#"
        could not measure: there is no baseline, so nothing would be judged
          where     api.baseline
          expected  what each call had reached
          do        write it with `coverage api check --update`, and commit it
    "#]],
    );
}

#[test]
fn baselines_that_can_not_be_read() {
    let said = ["", "a gold\n", "b both\na both\n"].map(|text| Baseline::read(text, "api.baseline").unwrap_err().what);
    assert_eq!(said, ["the baseline is empty", "`a gold` can't be read", "`a` is out of order, or there twice"]);
}

#[test]
fn runs_that_can_not_be_used() {
    let line = r#"{"test": "t", "call": "c", "via": "direct", "ok": true}"#;
    let cases = [
        String::new(),
        format!("{line}\n{}", &line[..20]),
        line.replace("direct", "by hand"),
        line.replace(", \"ok\": true", ""),
    ];
    for text in cases {
        let trouble = runs::read(&text, "runs").unwrap_err();
        assert!(trouble.expected.contains("\"via\""), "{trouble}");
    }
    assert_eq!(runs::read(&format!("{line}\n\n{line}\n"), "runs").unwrap().len(), 2);
}

#[test]
fn catalogues_that_can_not_be_used() {
    let line = "{\"call\": \"a\"}\n";
    for text in [String::new(), line.repeat(2), "call\n".to_owned(), "{\"opcodes\": [{}]}".to_owned()] {
        let trouble = calls::read(&text, "calls").unwrap_err();
        assert!(trouble.expected.contains("`{\"call\": NAME}`"), "{trouble}");
    }
}

#[test]
fn runs_without_results_are_refused() {
    let run = api(&images(), &["matrix", "--calls", "calls.jsonl", "--runs", "runs.jsonl"]);
    assert!(run.code == 2 && run.err.contains("--results"), "{}", run.err);
}

#[test]
fn without_a_catalogue_nothing_is_said() {
    could_not(
        &api(&images(), &["matrix"]),
        expect![[r#"
        could not measure: nothing says which calls there are
          where     coverage.toml, `api.list`
          expected  a command that prints the catalogue
          do        write it, or give the catalogue with `--calls FILE`
    "#]],
    );
}

#[test]
fn trouble_is_json_too() {
    let run = api(&images(), &["import", "absent", "--json"]);
    let value: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((run.code, &value["verdict"], &value["exit"]), (2, &"unmeasured".into(), &2.into()));
}
