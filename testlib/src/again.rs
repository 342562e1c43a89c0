//! Record, replay, equal: when the variable `LU_REPLAY_RUNS` names a file, each run that is judged is recorded and replayed, and
//! its test fails if the replay differs. What came of each is a line of that file: `equal`, or `refused` with what a trace has
//! no place for; then the unit and the test.

use std::fs::File;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::LazyLock;

use cmdlib::processor::Ended;

use crate::bench::Once;
use crate::replay::{Rules, Trace, Verdict, run, side_by_side};

/// The only place that reads the variable. Where a defect is put back, a replay would know nothing of it.
static FILE: LazyLock<Option<PathBuf>> = LazyLock::new(|| {
    let put_back = std::env::var_os("LU_PUT_BACK").is_some();
    std::env::var_os("LU_REPLAY_RUNS").filter(|it| !it.is_empty() && !put_back).map(PathBuf::from)
});

/// Replays a run, if that is wanted.
#[track_caller]
pub(crate) fn replay(once: &Once) {
    let Some(file) = &*FILE else { return };
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("?");
    let what = match again(once) {
        Ok(()) => "equal\t-",
        Err(why) => &format!("refused\t{why}"),
    };
    let unit = if once.unit.is_empty() { "-" } else { once.unit };
    // One write a line: tests run side by side.
    let line = format!("{what}\t{unit}\t{test}\n");
    let opened = File::options().create(true).append(true).open(file);
    let written = opened.and_then(|mut file| file.write_all(line.as_bytes()));
    written.unwrap_or_else(|error| panic!("LU_REPLAY_RUNS: {} can't be written: {error}", file.display()));
}

/// Records a run and replays it; the error is the kind of what can't be recorded.
#[track_caller]
fn again(once: &Once) -> Result<(), &'static str> {
    if let Ended::Internal(_) = once.ended {
        return Err("an internal error: a crash is never held");
    }
    if once.varies {
        return Err("a unit that differs from run to run");
    }
    let line = crate::record::line(once, None).map_err(|why| why.kind())?;
    let trace = Trace::parse(&line).unwrap_or_else(|error| panic!("the record can't be read: {error}"));
    match run(&trace, &Rules::none(), once.units) {
        Some(Verdict::Equal) => Ok(()),
        Some(verdict) => panic!("the replay of this run differs\n{}", side_by_side(&trace, &verdict)),
        None => panic!("there is no logical unit {}", trace.lu),
    }
}
