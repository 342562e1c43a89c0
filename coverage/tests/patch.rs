//! Patches, as git writes them and as they get broken.

use coverage::changed::patch::{Patch, read};
use coverage::lines::Span;
use expect_test::{Expect, expect};

fn words(patch: &Patch) -> String {
    let span = |span: Option<Span>| span.map_or("-".to_owned(), |span| span.to_string());
    let files = patch.files.iter().map(|file| {
        let before = file.before.as_ref().filter(|before| **before != file.path);
        let before = before.map_or(String::new(), |before| format!(" from {before:?}"));
        let hunks = file.hunks.iter().map(|hunk| format!(" {}>{}", span(hunk.removed), span(hunk.added)));
        let binary = if file.is_binary { " binary" } else { "" };
        format!("{:?}{before}{binary}{}\n", file.path, hunks.collect::<String>())
    });
    let gone = patch.gone.iter().map(|path| format!("gone {path:?}\n"));
    files.chain(gone).collect()
}

#[track_caller]
fn check(text: &str, expect: Expect) {
    expect.assert_eq(&words(&read(text).unwrap()));
}

#[track_caller]
fn refused(text: &str, expect: Expect) {
    expect.assert_eq(&read(text).unwrap_err());
}

#[test]
fn lines_are_counted_on_both_sides() {
    check(
        "diff --git a/x.rs b/x.rs\nindex 1..2 100644\n--- a/x.rs\n+++ b/x.rs\n@@ -3 +3,2 @@ fn f\n-a\n+b\n+c\n@@ -9,2 +10,0 @@\n-d\n-e\n@@ -20,0 +20 @@\n+f\n",
        expect![[r#"
            "x.rs" 3>3-4 9-10>- ->20
        "#]],
    );
}

#[test]
fn context_parts_places() {
    check(
        "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,5 +1,5 @@\n-a\n+b\n c\n\n d\n-e\n+f\n",
        expect![[r#"
        "x" 1>1 5>5
    "#]],
    );
}

#[test]
fn renames_and_copies_keep_both_names() {
    check(
        "diff --git a/old name.rs b/new name.rs\nsimilarity index 90%\nrename from old name.rs\nrename to new name.rs\n--- a/old name.rs\t\n+++ b/new name.rs\t\n@@ -1 +1 @@\n-a\n+b\ndiff --git a/p.rs b/q.rs\nsimilarity index 100%\ncopy from p.rs\ncopy to q.rs\n",
        expect![[r#"
            "new name.rs" from "old name.rs" 1>1
            "q.rs" from "p.rs"
        "#]],
    );
}

#[test]
fn deleted_files_have_no_lines() {
    check(
        "diff --git a/x.rs b/x.rs\ndeleted file mode 100644\nindex 1..0\n--- a/x.rs\n+++ /dev/null\n@@ -1,2 +0,0 @@\n-a\n-b\ndiff --git a/empty b/empty\ndeleted file mode 100644\nindex e69..000\n",
        expect![[r#"
            gone "x.rs"
            gone "empty"
        "#]],
    );
}

#[test]
fn new_empty_and_mode_changed_files_are_named_by_their_head() {
    check(
        "diff --git a/a b/c.rs b/a b/c.rs\nnew file mode 100644\nindex 0..e\ndiff --git a/run b/run\nold mode 100644\nnew mode 100755\n",
        expect![[r#"
            "a b/c.rs"
            "run"
        "#]],
    );
}

#[test]
fn crlf_stays_inside_of_lines_and_may_end_heads() {
    check(
        "diff --git a/x.rs b/x.rs\r\n--- a/x.rs\r\n+++ b/x.rs\r\n@@ -1,2 +1 @@\r\n-a\r\n-\r\n+b\r\n",
        expect![[r#"
        "x.rs" 1-2>1
    "#]],
    );
}

#[test]
fn binary_files_have_no_lines() {
    check(
        "diff --git a/i.png b/i.png\nindex 1..2 100644\nBinary files a/i.png and b/i.png differ\ndiff --git a/j.png b/j.png\nindex 1..2 100644\nGIT binary patch\nliteral 5\nMcmZQzWMT#Y01f~L\n\nliteral 0\nHcmV?d00001\n\ndiff --git a/k.rs b/k.rs\n--- a/k.rs\n+++ b/k.rs\n@@ -0,0 +1 @@\n+x\n",
        expect![[r#"
            "i.png" binary
            "j.png" binary
            "k.rs" ->1
        "#]],
    );
}

#[test]
fn quoted_names_are_unquoted() {
    check(
        "diff --git \"a/gr\\303\\274n \\\"x\\\".rs\" \"b/gr\\303\\274n \\\"x\\\".rs\"\nnew file mode 100644\n--- /dev/null\n+++ \"b/gr\\303\\274n \\\"x\\\".rs\"\n@@ -0,0 +1 @@\n+x\ndiff --git \"a/t\\tb\" \"b/t\\tb\"\nold mode 100644\nnew mode 100755\n",
        expect![[r#"
            "grün \"x\".rs" ->1
            "t\tb"
        "#]],
    );
}

#[test]
fn lines_that_look_like_heads_are_lines() {
    check(
        "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n--- a/y\n-diff --git a/z b/z\n+++ b/y\n+@@ -1 +1 @@\n",
        expect![[r#"
            "x" 1-2>1-2
        "#]],
    );
}

#[test]
fn a_missing_last_newline_is_no_line() {
    check(
        "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n",
        expect![[r#"
            "x" 1>1
        "#]],
    );
}

#[test]
fn nothing_is_an_empty_patch() {
    assert_eq!(read("").unwrap(), Patch::default());
}

#[test]
fn broken_patches_are_refused_with_their_line() {
    refused("garbage\n", expect!["line 1: `garbage` is no head of a file"]);
    refused("diff --cc x.rs\n", expect!["line 1: `diff --cc x.rs` is a merge compared with both parents"]);
    refused(
        "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n-a\n",
        expect!["line 4: the patch ends inside of a hunk: `@@ -1,2 +1,2 @@`"],
    );
    refused(
        "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n-b\n+c\n",
        expect!["line 4: a hunk with more lines than its head says: `@@ -1 +1 @@`"],
    );
    refused(
        "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n*b\n",
        expect!["line 4: a hunk with a line that is neither added, removed nor kept: `@@ -1 +1 @@`"],
    );
    refused("diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ x @@\n", expect!["line 4: a head that can't be read: `@@ x @@`"]);
    refused(
        "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n+c\n",
        expect!["line 7: a line that belongs to no hunk: `+c`"],
    );
    refused("diff --git a/x b/x\n--- \"a/\\9\"\n", expect![[r#"line 2: a name that can't be read: `--- "a/\9"`"#]]);
    refused("diff --git x y\nnew file mode 100644\n", expect!["line 2: a file without a name"]);
    refused(
        "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -18446744073709551615,2 +1 @@\n",
        expect!["line 4: a head that can't be read: `@@ -18446744073709551615,2 +1 @@`"],
    );
}
