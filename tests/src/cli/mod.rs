//! The command `lu`, run in this process. What only a process can show (pipes, exit codes) is in testlib's own test `cli`.

mod answers;
mod list;
mod records;
mod redact;
mod refusals;
mod replay;
mod secrets;
mod tries;

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;

use expect_test::{Expect, expect};
use serde_json::Value;
use tempfile::TempDir;
use testlib::cli::{Streams, run};
use testlib::{GiB, MockConfig};

/// What the command did.
#[derive(Debug)]
struct Ran {
    code: u8,
    out: String,
    err: String,
}

impl Ran {
    /// Judges all three.
    #[track_caller]
    fn is(&self, code: u8, out: Expect, err: Expect) {
        out.assert_eq(&self.out);
        err.assert_eq(&self.err);
        assert_eq!(self.code, code);
    }

    /// The input could not be used: nothing is on standard output, and standard error tells why.
    #[track_caller]
    fn unusable(&self, err: Expect) {
        err.assert_eq(&self.err);
        assert_eq!((self.code, self.out.as_str()), (2, ""));
    }

    /// Standard error is empty; returns standard output.
    #[track_caller]
    fn out(self, code: u8) -> String {
        assert_eq!((self.code, self.err.as_str()), (code, ""));
        self.out
    }
}

/// A folder with files for the command.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A desk with `config.data`: two nodes and the mirrored instance web1, which is down.
    fn with_cluster() -> Self {
        let desk = Self::new();
        desk.json("config.data", &cluster().snapshot().write());
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), text).unwrap();
    }

    fn json(&self, name: &str, value: &Value) {
        self.file(name, value.to_string());
    }

    /// Runs the command. `@name` is a file of the desk, and the desk is `..` in what the command says.
    fn lu<const N: usize>(&self, arguments: [&str; N]) -> Ran {
        self.lu_reading("", arguments)
    }

    fn lu_reading<const N: usize>(&self, input: &str, arguments: [&str; N]) -> Ran {
        let argument = |text: &str| match text.strip_prefix('@') {
            Some(name) => self.path(name).into_os_string(),
            None => OsString::from(text),
        };
        let mut ran = lu(input.as_bytes(), std::iter::once("lu").chain(arguments).map(argument).collect(), false);
        let here = self.0.path().to_str().unwrap();
        (ran.out, ran.err) = (ran.out.replace(here, ".."), ran.err.replace(here, ".."));
        ran
    }
}

fn lu(mut input: &[u8], arguments: Vec<OsString>, watched: bool) -> Ran {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut streams = Streams { input: &mut input, out: &mut out, err: &mut err, watched };
    let code = run(cmdlib::lu::UNITS, arguments, &mut streams);
    Ran { code, out: String::from_utf8(out).unwrap(), err: String::from_utf8(err).unwrap() }
}

fn cluster() -> MockConfig {
    let mut config = MockConfig::new();
    config.node("node2");
    config.instance("web1").on("node1").drbd("node2", GiB(1));
    config
}

/// A reader that has gone away, or a disk that is full.
struct Fails(io::ErrorKind);

impl Write for Fails {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[track_caller]
fn writing_to(kind: io::ErrorKind, code: u8, err: Expect) {
    let mut said = Vec::new();
    let mut streams = Streams { input: &mut io::empty(), out: &mut Fails(kind), err: &mut said, watched: false };
    assert_eq!(run(cmdlib::lu::UNITS, ["lu", "list"], &mut streams), code);
    err.assert_eq(&String::from_utf8(said).unwrap());
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    writing_to(io::ErrorKind::BrokenPipe, 0, expect![""]);
}

#[test]
fn a_disk_that_is_full_is_one() {
    writing_to(
        io::ErrorKind::StorageFull,
        2,
        expect![[r#"
        error: the output can't be written: no storage space
          where     standard output
    "#]],
    );
}

#[test]
fn nobody_has_to_hear_what_is_wrong() {
    let mut streams = Streams {
        input: &mut io::empty(),
        out: &mut Vec::new(),
        err: &mut Fails(io::ErrorKind::BrokenPipe),
        watched: false,
    };
    assert_eq!(run(cmdlib::lu::UNITS, ["lu", "replay", "/nowhere"], &mut streams), 2);
}

#[test]
fn help_fits_into_a_terminal() {
    let desk = Desk::new();
    for ran in
        [desk.lu(["--help"]), desk.lu(["replay", "--help"]), desk.lu(["try", "--help"]), desk.lu(["list", "--help"])]
    {
        let out = ran.out(0);
        let wide: Vec<&str> = out.lines().filter(|line| line.chars().count() > 100).collect();
        assert!(wide.is_empty(), "{wide:#?}");
    }
}

#[test]
fn the_version_is_the_crates() {
    assert!(Desk::new().lu(["--version"]).out(0).starts_with("lu 0."));
}

#[test]
fn help() {
    expect![[r#"
        Replays recorded runs of Ganeti, tries opcodes on a cluster's file, lists the logical units

        Usage: lu <COMMAND>

        Commands:
          replay  Runs what the reference was recorded doing, and counts where our runs differ
          try     Runs an opcode, or a job's opcodes, against a cluster's config.data on healthy nodes
          record  Writes what `try` runs as a trace, or as a test
          list    Shows the opcodes, their logical units, and which of these stand; or the parameters of one

        Options:
          -h, --help     Print help
          -V, --version  Print version

        Exit codes:
          0  done: the traces held, the opcodes succeeded
          1  not so: too few traces held; an opcode was refused or failed
          2  unusable input: arguments, files, opcodes
    "#]]
    .assert_eq(&Desk::new().lu(["--help"]).out(0));
}

#[test]
fn help_of_replay() {
    expect![[r#"
        Runs what the reference was recorded doing, and counts where our runs differ

        Usage: lu replay [OPTIONS] <PATH>...

        Arguments:
          <PATH>...  Files or folders of traces; configs.jsonl and values.jsonl are found beside them

        Options:
              --json                Print the counts as one JSON object; differences go to standard error
              --rules <FILE>        Rules on the reference's defects [default: the project's own]
              --at-least <PERCENT>  The part of all traces that must hold [default: 100]
              --show <N>            Show the first N traces that don't hold, recorded and ours side by side
          -h, --help                Print help

        What is counted, trace by trace:
          equal      our run is as recorded
          corrected  the reference has a known defect; our run shows what is right
          pardoned   a channel is not compared because of a known defect; counts as held
                     up to 5 % of all traces and 15 % of one unit's
          crash_ok   the reference died of an exception; our run ends as it should
          crash_bad  the same, but our run differs before, or ends no better
          differs    our run differs; counted under the first channel that does, of
                     outcome, locks, rpc, allocator, jobs, changes

        Traces of logical units that don't stand are named and not counted.

        Exit codes:
          0  at least PERCENT of the traces held
          1  fewer held, or there was none that could be run
          2  unusable input: arguments, rules, files that are missing or no traces
    "#]]
    .assert_eq(&Desk::new().lu(["replay", "--help"]).out(0));
}

#[test]
fn help_of_try() {
    expect![[r#"
        Runs an opcode, or a job's opcodes, against a cluster's config.data on healthy nodes

        Usage: lu try [OPTIONS] --config <FILE> <--opcode <FILE|JSON|->|--job <FILE>>

        Options:
              --config <FILE>         The cluster's configuration, of Ganeti 3.0 or 3.1
              --opcode <FILE|JSON|->  The opcode: JSON, a file of it, or `-` for standard input
              --job <FILE>            A job file, whose opcodes run one after the other; or `-`
              --answers <FILE>        What nodes and the allocator answer, where they are not healthy
          -h, --help                  Print help

        An opcode is a JSON object in wire form; `lu list` names those that can be run:
          lu try --config config.data --opcode '{"OP_ID": "OP_TAGS_SET",
              "kind": "instance", "name": "web1", "tags": ["blue"]}'

        A job file is what the master keeps in its queue (queue/job-NNN, and below
        archive/). Its opcodes run one after the other, each on what the former one has
        left; the first that does not succeed ends it. With --opcode and --job, the
        job's opcodes run first.

        All nodes are healthy and consistent with the configuration, all locks are free,
        no hook script complains, every job is taken; but for what --answers says. What
        an allocator would reply is not known: a unit that asks one fails, and the
        output says why, unless the answers have the reply.

        Answers are JSON objects, one a line: `call`, `node` (none: each of them), how
        often (`times`, else once), and one of
          "ok": PAYLOAD     the node did so and answers this
          "fail": TEXT      the node says no
          "failed": TEXT    there was no usable answer
          "offline": true   the node is not called
        They are given in their order; when none is left, nodes are healthy again:
          {"call": "instance_start", "node": "node1", "fail": "no kernel"}
          {"call": "iallocator_runner", "ok": {"success": true, "info": "",
              "result": [[], [], []]}}

        Nothing is written, and no node is called. Secrets are not shown.

        Exit codes:
          0  all opcodes succeeded
          1  an opcode was refused or failed: the journal shows where
          2  unusable input: arguments; a configuration that is not of Ganeti 3.0 or 3.1,
             not whole, or refers to objects that don't exist; a bad opcode
    "#]]
    .assert_eq(&Desk::new().lu(["try", "--help"]).out(0));
}

#[test]
fn help_of_record() {
    expect![[r#"
        Writes what `try` runs as a trace, or as a test

        Usage: lu record [OPTIONS] --config <FILE> <--opcode <FILE|JSON|->|--job <FILE>>

        Options:
              --config <FILE>         The cluster's configuration, of Ganeti 3.0 or 3.1
              --opcode <FILE|JSON|->  The opcode: JSON, a file of it, or `-` for standard input
              --job <FILE>            A job file, whose opcodes run one after the other; or `-`
              --answers <FILE>        What nodes and the allocator answer, where they are not healthy
              --out <FILE>            Where to write it [default: standard output]
              --test                  Print a Rust test without a verdict instead
              --redact                Replace names, addresses and secrets
          -h, --help                  Print help

        The run is that of `lu try` with the same arguments: see `lu try --help` for
        opcodes, jobs and answers. A trace is one line of JSON, an opcode each; `replay`
        takes it. It holds the configuration, with its secrets unless --redact is given.

        A test (--test) has configuration, opcode and answers, and no verdict: it
        compiles, and fails until you write what should have happened. Where builders
        can't tell the cluster, the test reads it from a file beside it, which is
        written with --out. Units of another crate are taken from its `library()`.

        With --redact names (of instances, nodes, groups, networks, the cluster, and
        their domains), addresses (IPv4, IPv6, MAC) and secrets are replaced before
        anything runs, the same by the same everywhere. Names sort and abbreviate as
        before, addresses stay in their networks. A name that is also a word of
        configurations (an instance `kvm`) stays, and is told. Other texts stay, tags
        and paths too, but for names and addresses in them: read what you publish.

        Exit codes:
          0  recorded, however the opcodes ended
          2  unusable input, as for `try`; a call that nobody answers; a run that a
             trace has no place for; the output can't be written
    "#]]
    .assert_eq(&Desk::new().lu(["record", "--help"]).out(0));
}

#[test]
fn help_of_list() {
    expect![[r#"
        Shows the opcodes, their logical units, and which of these stand; or the parameters of one

        Usage: lu list [OPTIONS] [OPCODE]

        Arguments:
          [OPCODE]  Show the parameters of this one: OP_TAGS_SET, or TagsSet

        Options:
              --json  Print one JSON object
          -h, --help  Print help
    "#]]
    .assert_eq(&Desk::new().lu(["list", "--help"]).out(0));
}
