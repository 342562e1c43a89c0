//! A process that writes the configuration is killed at random moments, or finds no room: the file is a whole version in
//! either case. The process is this test binary, called again for one of its tests with a variable set.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use cmdlib::config::{FileStorage, Snapshot, Storage};
use serde_json::Value;

use super::documents::small;

/// Names the folder to write in. Set only for the process that writes.
const FOLDER: &str = "LU_TEST_WRITER_FOLDER";
/// How often the process is killed; for more than the suite has time for.
const KILLS: &str = "LU_TEST_KILLS";
/// What the moments follow from.
const SEED: &str = "LU_TEST_SEED";

const WRITER: &str = "config::killed::versions_are_written_one_after_the_other";

/// Returns the version of this number: each has its number, and a length of its own of some hundred KiB.
fn version(number: i64) -> Snapshot {
    let mut document = small();
    document["serial_no"] = number.into();
    let length = 100_000 + usize::try_from(number * 7_919 % 100_000).unwrap();
    document["cluster"]["rsahostkeypub"] = "A".repeat(length).into();
    Snapshot::read(&document).unwrap()
}

/// Returns the number of the version that a file holds, and checks that it holds the whole of it.
#[track_caller]
fn read(storage: &FileStorage) -> i64 {
    let text = storage.read().unwrap();
    let document: Value = serde_json::from_slice(&text).expect("the file is whole");
    let number = document["serial_no"].as_i64().expect("each version has its number");
    assert!(document == version(number).write(), "version {number} is not as it was written");
    number
}

fn path(folder: &Path) -> PathBuf {
    folder.join("config.data")
}

/// Returns the names of the files in a folder.
fn files(folder: &Path) -> Vec<String> {
    let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(name).collect();
    names.sort();
    names
}

/// In the process that is to be killed: writes one version after the other, and says so of each; ends when it can't.
fn write_for_ever(folder: &Path) {
    let storage = FileStorage::new(path(folder));
    let mut out = std::io::stdout().lock();
    // The test harness has begun a line of its own.
    writeln!(out).unwrap();
    for number in read(&storage) + 1.. {
        let said = match storage.save(&version(number)) {
            Ok(()) => writeln!(out, "saved {number}"),
            Err(error) => {
                writeln!(out, "failed {error}").unwrap();
                return;
            }
        };
        said.unwrap();
    }
}

#[test]
fn versions_are_written_one_after_the_other() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return write_for_ever(Path::new(&folder));
    }
    let folder = tempfile::tempdir().unwrap();
    let storage = FileStorage::new(path(folder.path()));
    for number in 1..=3 {
        storage.save(&version(number)).unwrap();
        assert_eq!(read(&storage), number);
        assert_eq!(files(folder.path()), ["config.data"]);
    }
}

/// Starts the process, by way of this command.
fn writer(command: &mut Command, folder: &Path) -> Child {
    command
        .args([WRITER, "--exact", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        // Of a process that is killed, or that finds no room, no coverage is wanted: it would be torn.
        .env("LLVM_PROFILE_FILE", "/dev/null")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// A generator of numbers that are random enough (Marsaglia's xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{variable} is no number")))
}

/// When a process is killed.
struct Moment {
    /// It has said so many versions.
    versions: u64,
    /// Then, if this is there, the file that is written first is as well.
    beside: Option<PathBuf>,
    /// Then, this many turns of an idle loop are over.
    turns: u64,
}

/// Kills the process. Returns the last version that it said.
fn kill(mut child: Child, moment: &Moment) -> Option<i64> {
    let mut said = BufReader::new(child.stdout.take().expect("it is piped"))
        .lines()
        .map_while(Result::ok)
        .filter_map(|line| line.strip_prefix("saved ").and_then(|number| number.parse().ok()));
    let mut last = None;
    for _ in 0..moment.versions {
        last = said.next().or(last);
    }
    // It may come and go unseen: then any moment will do.
    let _ = moment.beside.as_ref().is_some_and(|beside| (0..200_000).any(|_| beside.exists()));
    // Where in the next version that is, is not known, and no matter: it is another place each time.
    (0..moment.turns).for_each(|_| std::hint::spin_loop());
    child.kill().unwrap();
    let last = said.last().or(last);
    child.wait().unwrap();
    last
}

#[test]
fn a_process_that_is_killed_while_it_writes_leaves_a_whole_version() {
    let (kills, seed) = (number(KILLS, 25), number(SEED, 0x5eed_c0f1));
    let mut random = Random(seed);
    let folder = tempfile::tempdir().unwrap();
    let storage = FileStorage::new(path(folder.path()));
    storage.save(&version(1)).unwrap();
    let mut last = 1;
    let mut interrupted = 0;
    for kill in 1..=kills {
        let here = format!("kill {kill} of {kills} ({SEED}={seed})");
        let child = writer(&mut Command::new(std::env::current_exe().unwrap()), folder.path());
        let aimed = random.below(4) > 0;
        let beside = aimed.then(|| folder.path().join("config.data.new"));
        let turns = random.below(if aimed { 30_000 } else { 3_000_000 });
        let said = self::kill(child, &Moment { versions: random.below(4), beside, turns }).unwrap_or(last);
        let found = read(&storage);
        // What was said to be kept is kept; one more may be, of which it had no time to say so.
        assert!(found == said || found == said + 1, "{here}: {said} was kept, and {found} is there");
        assert!(found >= last, "{here}: {last} was there, and now {found} is");
        last = found;
        let files = files(folder.path());
        assert!(files == ["config.data"] || files == ["config.data", "config.data.new"], "{here}: {files:?}");
        interrupted += usize::from(files.len() > 1);
    }
    storage.save(&version(last + 1)).unwrap();
    assert_eq!(files(folder.path()), ["config.data"], "a save clears up after those that were interrupted");
    assert_eq!(read(&storage), last + 1);
    #[expect(clippy::print_stdout, reason = "for whoever asks how good the moments are")]
    {
        println!("{kills} kills, {interrupted} of them in the middle of a write; {last} versions; {SEED}={seed}");
    }
}

#[test]
fn a_process_that_finds_no_room_leaves_the_former_version() {
    let folder = tempfile::tempdir().unwrap();
    let storage = FileStorage::new(path(folder.path()));
    storage.save(&version(1)).unwrap();
    // No file may grow beyond 64 KiB; the signal that tells of it is ignored, so that the write itself fails.
    let limited = "trap '' XFSZ; ulimit -f 128; exec \"$0\" \"$@\"";
    let mut command = Command::new("sh");
    command.arg("-c").arg(limited).arg(std::env::current_exe().unwrap());
    let output = writer(&mut command, folder.path()).wait_with_output().unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let failed = output.lines().find_map(|line| line.strip_prefix("failed ")).unwrap_or_else(|| panic!("{output}"));
    let (file, beside) = (path(folder.path()), folder.path().join("config.data.new"));
    assert!(failed.contains(&format!("can't write {}: File too large", beside.display())), "{failed}");
    assert!(failed.contains("make room there, and try again"), "{failed}");
    assert!(failed.ends_with(&format!("({} is as it was)", file.display())), "{failed}");
    assert_eq!(read(&storage), 1);
    assert_eq!(files(folder.path()), ["config.data"]);
}
