//! The command line, and what `--help` says.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand};

const EXIT_CODES: &str = "\
Exit codes:
  0  done: the traces held, the opcodes succeeded
  1  not so: too few traces held; an opcode was refused or failed
  2  unusable input: arguments, files, opcodes";

const REPLAY: &str = "\
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
  2  unusable input: arguments, rules, files that are missing or no traces";

const TRY: &str = "\
An opcode is a JSON object in wire form; `lu list` names those that can be run:
  lu try --config config.data --opcode '{\"OP_ID\": \"OP_TAGS_SET\",
      \"kind\": \"instance\", \"name\": \"web1\", \"tags\": [\"blue\"]}'

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
  \"ok\": PAYLOAD     the node did so and answers this
  \"fail\": TEXT      the node says no
  \"failed\": TEXT    there was no usable answer
  \"offline\": true   the node is not called
They are given in their order; when none is left, nodes are healthy again:
  {\"call\": \"instance_start\", \"node\": \"node1\", \"fail\": \"no kernel\"}
  {\"call\": \"iallocator_runner\", \"ok\": {\"success\": true, \"info\": \"\",
      \"result\": [[], [], []]}}

Nothing is written, and no node is called. Secrets are not shown.

Exit codes:
  0  all opcodes succeeded
  1  an opcode was refused or failed: the journal shows where
  2  unusable input: arguments; a configuration that is not of Ganeti 3.0 or 3.1,
     not whole, or refers to objects that don't exist; a bad opcode";

const RECORD: &str = "\
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
     trace has no place for; the output can't be written";

/// Replays recorded runs of Ganeti, tries opcodes on a cluster's file, lists the logical units.
#[derive(Debug, Parser)]
#[command(name = "lu", version, disable_help_subcommand = true, after_help = EXIT_CODES)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Runs what the reference was recorded doing, and counts where our runs differ
    #[command(after_help = REPLAY)]
    Replay(Replay),
    /// Runs an opcode, or a job's opcodes, against a cluster's config.data on healthy nodes
    #[command(after_help = TRY)]
    Try(Try),
    /// Writes what `try` runs as a trace, or as a test
    #[command(after_help = RECORD)]
    Record(Record),
    /// Shows the opcodes, their logical units, and which of these stand; or the parameters of one
    List(List),
}

#[derive(Debug, Args)]
pub(super) struct Replay {
    /// Print the counts as one JSON object; differences go to standard error
    #[arg(long)]
    pub(super) json: bool,
    /// Rules on the reference's defects [default: the project's own]
    #[arg(long, value_name = "FILE")]
    pub(super) rules: Option<PathBuf>,
    /// The part of all traces that must hold
    #[arg(long, value_name = "PERCENT", default_value = "100", value_parser = percent)]
    pub(super) at_least: f64,
    /// Show the first N traces that don't hold, recorded and ours side by side
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub(super) show: usize,
    /// Files or folders of traces; configs.jsonl and values.jsonl are found beside them
    #[arg(value_name = "PATH", required = true)]
    pub(super) paths: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Try {
    #[command(flatten)]
    pub(super) subject: Subject,
}

#[derive(Debug, Args)]
pub(super) struct Record {
    #[command(flatten)]
    pub(super) subject: Subject,
    /// Where to write it [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
    /// Print a Rust test without a verdict instead
    #[arg(long)]
    pub(super) test: bool,
    /// Replace names, addresses and secrets
    #[arg(long)]
    pub(super) redact: bool,
}

/// What is run, and on what.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new("what").args(["opcode", "job"]).required(true).multiple(true)))]
pub(super) struct Subject {
    /// The cluster's configuration, of Ganeti 3.0 or 3.1
    #[arg(long, value_name = "FILE")]
    pub(super) config: PathBuf,
    /// The opcode: JSON, a file of it, or `-` for standard input
    #[arg(long, value_name = "FILE|JSON|-")]
    pub(super) opcode: Option<OsString>,
    /// A job file, whose opcodes run one after the other; or `-`
    #[arg(long, value_name = "FILE")]
    pub(super) job: Option<PathBuf>,
    /// What nodes and the allocator answer, where they are not healthy
    #[arg(long, value_name = "FILE")]
    pub(super) answers: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// Show the parameters of this one: OP_TAGS_SET, or TagsSet
    #[arg(value_name = "OPCODE")]
    pub(super) opcode: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    pub(super) json: bool,
}

/// Reads a percentage from 0 to 100, with or without its sign.
fn percent(text: &str) -> Result<f64, String> {
    let number = text.strip_suffix('%').unwrap_or(text).trim().parse().ok();
    number.filter(|number| (0.0..=100.0).contains(number)).ok_or_else(|| "expected a number from 0 to 100".to_owned())
}
