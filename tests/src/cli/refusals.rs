//! Input that can't be used: one clear error each, and exit code 2.

use std::fs::File;

use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::{Desk, cluster};

const GET: &str = r#"{"OP_ID": "OP_TAGS_GET", "kind": "cluster"}"#;

#[track_caller]
fn config(text: impl AsRef<[u8]>, err: Expect) {
    let desk = Desk::new();
    desk.file("config.data", text);
    desk.lu(["try", "--config", "@config.data", "--opcode", GET]).unusable(err);
}

#[track_caller]
fn changed(change: impl FnOnce(&mut Value), err: Expect) {
    let mut document = cluster().snapshot().write();
    change(&mut document);
    config(document.to_string(), err);
}

#[track_caller]
fn opcode(text: &str, err: Expect) {
    Desk::with_cluster().lu(["try", "--config", "@config.data", "--opcode", text]).unusable(err);
}

#[track_caller]
fn job(text: &str, err: Expect) {
    let desk = Desk::with_cluster();
    desk.file("job", text);
    desk.lu(["try", "--config", "@config.data", "--job", "@job"]).unusable(err);
}

#[test]
fn a_command_line_without_an_opcode() {
    Desk::with_cluster().lu(["try", "--config", "@config.data"]).unusable(expect![[r#"
        error: the following required arguments were not provided:
          <--opcode <FILE|JSON|->|--job <FILE>>

        Usage: lu try --config <FILE> <--opcode <FILE|JSON|->|--job <FILE>>

        For more information, try '--help'.
    "#]]);
}

#[test]
fn an_unknown_subcommand() {
    Desk::new().lu(["reply"]).unusable(expect![[r#"
        error: unrecognized subcommand 'reply'

          tip: a similar subcommand exists: 'replay'

        Usage: lu <COMMAND>

        For more information, try '--help'.
    "#]]);
}

#[test]
fn a_configuration_that_is_not_there() {
    Desk::new().lu(["try", "--config", "@config.data", "--opcode", GET]).unusable(expect![[r#"
        error: the file can't be read: No such file or directory (os error 2)
          where     ../config.data
          expected  the config.data of a cluster of Ganeti 3.0 or 3.1
          do        correct the path, or its permissions
    "#]]);
}

#[test]
fn a_configuration_that_is_a_folder() {
    Desk::new().lu(["try", "--config", "@", "--opcode", GET]).unusable(expect![[r#"
        error: this is a folder
          where     ../
          expected  the config.data of a cluster of Ganeti 3.0 or 3.1
    "#]]);
}

#[test]
fn a_configuration_of_2_16() {
    changed(
        |it| it["version"] = 2_150_000.into(),
        expect![[r#"
            error: the configuration can't be read: it is of version 2.15 (number 2150000)
              where     ../config.data
              expected  the config.data of a cluster of Ganeti 3.0 or 3.1
              do        upgrade the cluster to Ganeti 3.0 or 3.1 first, and take the file anew
        "#]],
    );
}

#[test]
fn a_configuration_without_a_version() {
    changed(
        |it| drop(it.as_object_mut().unwrap().remove("version")),
        expect![[r#"
            error: the configuration can't be read: it names no version
              where     ../config.data
              expected  the config.data of a cluster of Ganeti 3.0 or 3.1
              do        take the whole file, unedited, from the master node
        "#]],
    );
}

#[test]
fn a_configuration_that_is_cut_off() {
    let text = cluster().snapshot().write().to_string();
    config(
        &text[..text.len() / 2],
        expect![[r#"
        error: not whole: the JSON ends before its end, at line 1 column 4357
          where     ../config.data
          expected  the config.data of a cluster of Ganeti 3.0 or 3.1
    "#]],
    );
}

#[test]
fn a_configuration_that_is_no_json() {
    config(
        "[cluster]\nname = x\n",
        expect![[r#"
        error: not JSON: expected value at line 1 column 2
          where     ../config.data
          expected  the config.data of a cluster of Ganeti 3.0 or 3.1
    "#]],
    );
    config(
        "name = x\n",
        expect![[r#"
        error: not JSON of an object: it begins with `n`
          where     ../config.data
          expected  the config.data of a cluster of Ganeti 3.0 or 3.1
    "#]],
    );
    config(
        "{\"cluster\": {}}}",
        expect![[r#"
        error: not JSON: trailing characters at line 1 column 16
          where     ../config.data
          expected  the config.data of a cluster of Ganeti 3.0 or 3.1
    "#]],
    );
}

#[test]
fn a_configuration_that_is_empty() {
    config(
        " \n",
        expect![[r#"
        error: it is empty
          where     ../config.data
          expected  the config.data of a cluster of Ganeti 3.0 or 3.1
    "#]],
    );
}

#[test]
fn a_hundred_megabytes_of_zeros() {
    let desk = Desk::new();
    File::create(desk.path("config.data")).unwrap().set_len(100_000_000).unwrap();
    desk.lu(["try", "--config", "@config.data", "--opcode", GET]).unusable(expect![[r#"
        error: not JSON: it begins with zero bytes, and has 100000000 bytes; a crash of its machine can leave a file like that: take a backup of it
          where     ../config.data
          expected  the config.data of a cluster of Ganeti 3.0 or 3.1
    "#]]);
    config(
        "0".repeat(100_000),
        expect![[r#"
        error: not JSON of an object: it begins with `0`
          where     ../config.data
          expected  the config.data of a cluster of Ganeti 3.0 or 3.1
    "#]],
    );
}

#[test]
fn a_file_that_is_too_large() {
    let desk = Desk::new();
    desk.file("config.data", "{");
    let spaces = vec![b' '; 64 * 1024 * 1024];
    std::io::Write::write_all(&mut File::options().append(true).open(desk.path("config.data")).unwrap(), &spaces)
        .unwrap();
    desk.lu(["try", "--config", "@config.data", "--opcode", GET]).unusable(expect![[r#"
        error: it is larger than 64 MiB
          where     ../config.data
          expected  the config.data of a cluster of Ganeti 3.0 or 3.1
    "#]]);
}

#[test]
fn a_configuration_that_is_something_else() {
    config(
        "[]",
        expect![[r#"
        error: not a configuration, but a list
          where     ../config.data
          expected  the config.data of a cluster of Ganeti 3.0 or 3.1
    "#]],
    );
    config(
        GET,
        expect![[r#"
        error: not a configuration: it has no `cluster`
          where     ../config.data
          expected  the config.data of a cluster of Ganeti 3.0 or 3.1
    "#]],
    );
    config(
        r#"{"id": 1, "ops": []}"#,
        expect![[r#"
        error: this is a job, not a configuration
          where     ../config.data
          expected  the config.data of a cluster of Ganeti 3.0 or 3.1
    "#]],
    );
}

#[test]
fn a_configuration_that_refers_to_what_does_not_exist() {
    let broken = |it: &mut Value| {
        for (_, instance) in it["instances"].as_object_mut().unwrap() {
            instance["primary_node"] = "a0de0000-0000-4000-8000-00000000dead".into();
        }
    };
    changed(
        broken,
        expect![[r#"
        error: the configuration refers to objects that don't exist
          the primary node of instance 'web1.example.com' is a0de0000-0000-4000-8000-00000000dead, which is not in the configuration
          where     ../config.data
          expected  the config.data of a cluster of Ganeti 3.0 or 3.1
          do        take the whole file, unedited, from the master node
    "#]],
    );
}

#[test]
fn a_configuration_with_a_member_of_the_wrong_type() {
    changed(
        |it| it["nodes"] = json!([{"uuid": "secret"}]),
        expect![[r#"
        error: not a configuration: nodes: expected an object, got a list
          where     ../config.data
          expected  the config.data of a cluster of Ganeti 3.0 or 3.1
          do        take the whole file, unedited, from the master node
    "#]],
    );
    let broken = |it: &mut Value| {
        for (_, instance) in it["instances"].as_object_mut().unwrap() {
            instance["admin_state"] = "asleep".into();
        }
    };
    changed(
        broken,
        expect![[r#"
        error: not a configuration: instances.1a5a0000-0000-4000-8000-000000000001.admin_state: expected one of up, down, offline, got "asleep"
          where     ../config.data
          expected  the config.data of a cluster of Ganeti 3.0 or 3.1
          do        take the whole file, unedited, from the master node
    "#]],
    );
}

#[test]
fn a_bare_name_instead_of_an_opcode() {
    opcode(
        "OP_TAGS_SET",
        expect![[r#"
        error: there is no such file; and a name alone is no opcode
          where     --opcode OP_TAGS_SET
          expected  an opcode in wire form: {"OP_ID": "OP_..", ..}
          do        write its parameters, too: `--opcode '{"OP_ID": "OP_TAGS_SET", ..}'`
    "#]],
    );
    opcode(
        "LUTagsSet",
        expect![[r#"
        error: there is no such file; and a name alone is no opcode
          where     --opcode LUTagsSet
          expected  an opcode in wire form: {"OP_ID": "OP_..", ..}
          do        write its parameters, too: `--opcode '{"OP_ID": "OP_TAGS_SET", ..}'`
    "#]],
    );
}

#[test]
fn an_opcode_file_that_is_not_there() {
    opcode(
        "@nowhere.json",
        expect![[r#"
        error: there is no such file
          where     --opcode ../nowhere.json
          expected  a file, `-`, or an opcode in wire form: {"OP_ID": "OP_..", ..}
          do        correct the path
    "#]],
    );
}

#[test]
fn an_opcode_that_is_no_json() {
    opcode(
        "{\"OP_ID\": OP_TAGS_GET}",
        expect![[r#"
        error: not JSON: expected value at line 1 column 11
          where     --opcode
          expected  an opcode in wire form: {"OP_ID": "OP_..", ..}
    "#]],
    );
    opcode(
        "{\"OP_ID\": \"OP_TAGS_GET\"",
        expect![[r#"
        error: not whole: the JSON ends before its end, at line 1 column 23
          where     --opcode
          expected  an opcode in wire form: {"OP_ID": "OP_..", ..}
    "#]],
    );
}

#[test]
fn an_opcode_on_standard_input_that_is_missing() {
    Desk::with_cluster().lu(["try", "--config", "@config.data", "--opcode", "-"]).unusable(expect![[r#"
        error: it is empty
          where     standard input (--opcode -)
          expected  an opcode in wire form: {"OP_ID": "OP_..", ..}
    "#]]);
}

#[test]
fn something_else_than_an_opcode() {
    opcode(
        "[]",
        expect![[r#"
        error: not an opcode, but a list
          where     --opcode
          expected  an opcode in wire form: {"OP_ID": "OP_..", ..}
    "#]],
    );
    opcode(
        "{}",
        expect![[r#"
        error: the opcode has no OP_ID, so nobody knows what it is
          where     --opcode
          expected  an opcode in wire form: {"OP_ID": "OP_..", ..}
    "#]],
    );
    opcode(
        "{\"OP_ID\": 5}",
        expect![[r#"
        error: opcode: OP_ID: expected a text, got 5
          where     --opcode
          expected  an opcode in wire form: {"OP_ID": "OP_..", ..}
    "#]],
    );
    opcode(
        "{\"ops\": []}",
        expect![[r#"
        error: this is a job, not an opcode
          where     --opcode
          expected  an opcode in wire form: {"OP_ID": "OP_..", ..}
          do        give it with `--job`
    "#]],
    );
}

#[test]
fn an_unknown_opcode() {
    opcode(
        "{\"OP_ID\": \"OP_TAG_SET\"}",
        expect![[r#"
        error: there is no opcode 'OP_TAG_SET'; did you mean OP_TAGS_SET?
          where     --opcode
          do        see `lu list` for those that can be read
    "#]],
    );
    opcode(
        "{\"OP_ID\": \"TagsSet\"}",
        expect![[r#"
        error: there is no opcode 'TagsSet'; did you mean OP_TAGS_SET?
          where     --opcode
          do        see `lu list` for those that can be read
    "#]],
    );
    opcode(
        "{\"OP_ID\": \"OP_COFFEE_BREW\"}",
        expect![[r#"
        error: there is no opcode 'OP_COFFEE_BREW'
          where     --opcode
          do        see `lu list` for those that can be read
    "#]],
    );
}

#[test]
fn an_opcode_without_a_unit() {
    use testlib::cli::{Streams, run};
    let desk = Desk::with_cluster();
    let mut err = Vec::new();
    let mut streams =
        Streams { input: &mut std::io::empty(), out: &mut std::io::sink(), err: &mut err, watched: false };
    let config = desk.path("config.data").into_os_string().into_string().unwrap();
    assert_eq!(run(&[], ["lu", "try", "--config", &config, "--opcode", GET], &mut streams), 2);
    expect![[r#"
        error: no such unit: the opcode OP_TAGS_GET can be read, but its logical unit TagsGet does not stand yet
          where     --opcode
          do        see `lu list` for those that stand
    "#]]
    .assert_eq(&String::from_utf8(err).unwrap());
}

#[test]
fn wrong_parameters() {
    opcode(
        r#"{"OP_ID": "OP_TAGS_GET", "kind": "cluster", "nam": "x"}"#,
        expect![[r#"
            error: OP_TAGS_GET: there is no parameter 'nam' (there are: kind, use_locking, name; and for every opcode: dry_run, debug_level, priority, depends, comment, reason)
              where     --opcode
        "#]],
    );
    opcode(
        r#"{"OP_ID": "OP_TAGS_GET", "kind": "clusters"}"#,
        expect![[r#"
            error: OP_TAGS_GET.kind: expected one of cluster, instance, network, node, nodegroup, got "clusters"
              where     --opcode
        "#]],
    );
    opcode(
        r#"{"OP_ID": "OP_TAGS_GET", "kind": "cluster", "use_locking": "yes"}"#,
        expect![[r#"
            error: OP_TAGS_GET.use_locking: expected true or false, got "yes"
              where     --opcode
        "#]],
    );
    opcode(
        r#"{"OP_ID": "OP_TAGS_GET"}"#,
        expect![[r#"
            error: OP_TAGS_GET.kind: expected a value, got nothing
              where     --opcode
        "#]],
    );
    opcode(
        r#"{"OP_ID": "OP_TAGS_GET", "kind": "cluster", "priority": 5}"#,
        expect![[r#"
            error: OP_TAGS_GET.priority: expected one of -10 (high), 0 (normal), 10 (low), got 5
              where     --opcode
        "#]],
    );
}

#[test]
fn something_else_than_a_job() {
    job(
        "[]",
        expect![[r#"
        error: not a job, but a list
          where     ../job
          expected  a job file of Ganeti: {"ops": [{"input": {"OP_ID": "OP_..", ..}, ..}], ..}
    "#]],
    );
    job(
        "{}",
        expect![[r#"
        error: not a job: it has no `ops`
          where     ../job
          expected  a job file of Ganeti: {"ops": [{"input": {"OP_ID": "OP_..", ..}, ..}], ..}
    "#]],
    );
    job(
        r#"{"ops": {}}"#,
        expect![[r#"
        error: not a job: `ops` is an object, not a list
          where     ../job
          expected  a job file of Ganeti: {"ops": [{"input": {"OP_ID": "OP_..", ..}, ..}], ..}
    "#]],
    );
    job(
        r#"{"ops": []}"#,
        expect![[r#"
        error: the job has no opcode
          where     ../job
          expected  a job file of Ganeti: {"ops": [{"input": {"OP_ID": "OP_..", ..}, ..}], ..}
    "#]],
    );
    job(
        r#"{"ops": [{"status": "error"}]}"#,
        expect![[r#"
        error: an entry of the job has no opcode
          where     ../job, ops[0].input
          expected  a job file of Ganeti: {"ops": [{"input": {"OP_ID": "OP_..", ..}, ..}], ..}
    "#]],
    );
    job(
        GET,
        expect![[r#"
        error: this is an opcode, not a job
          where     ../job
          expected  a job file of Ganeti: {"ops": [{"input": {"OP_ID": "OP_..", ..}, ..}], ..}
          do        give it with `--opcode`
    "#]],
    );
}

#[test]
fn a_job_with_one_bad_opcode_does_not_begin() {
    let ops =
        json!({"ops": [{"input": {"OP_ID": "OP_TAGS_GET", "kind": "cluster"}}, {"input": {"OP_ID": "OP_TAGS_GET"}}]});
    job(
        &ops.to_string(),
        expect![[r#"
            error: OP_TAGS_GET.kind: expected a value, got nothing
              where     ../job, ops[1].input
        "#]],
    );
}

#[test]
fn two_things_from_standard_input() {
    Desk::with_cluster().lu(["try", "--config", "@config.data", "--opcode", "-", "--job", "-"]).unusable(expect![[
        r#"
        error: both the opcode and the job are to come from standard input
          where     --opcode - --job -
          do        give one of them as a file
    "#
    ]]);
}
