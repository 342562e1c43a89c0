//! The coverage gate: runs the tests of a workspace under cargo-llvm-cov and judges what they reached.
//!
//! The heart is a pure function, [`judge::judge`]: thresholds, files, report and baseline in, verdict out. Around it:
//!
//! | module | what lives there |
//! | --- | --- |
//! | [`cli`] | arguments, `--help`, exit codes |
//! | [`gate`] | one `gate` from arguments to verdict |
//! | [`errors`] | one `errors`: the places that build an error, and which of them no test reached |
//! | [`pinned`] | one `pinned`: whether the tests of a fix fail without it |
//! | [`config`] | the committed TOML |
//! | [`tree`], [`glob`], [`source`] | which files there are, which of them must be measured |
//! | [`outline`] | functions, and the phases of units that they belong to |
//! | [`reports`], [`report`], [`lines`] | llvm-cov's JSON, one or several, and lines from its segments |
//! | [`baseline`], [`waivers`], [`judge`], [`percent`] | what held before, and the verdict |
//! | [`changed`], [`git`] | which lines a change touches |
//! | [`api`], [`results`], [`mutants`], [`page`], [`html`] | the commands of these names (`results` is `tests`) |
//! | [`github`], [`output`] | annotations and step summaries; how a command ends |
//! | [`render`] | the verdict as text, JSON, Markdown |
//! | [`tools`], [`measure`], [`process`], [`progress`] | finding the tools and running them |
//! | [`trouble`] | the one error: what, where, what was expected, what to do |
//!
//! # What a line is
//! A line is what llvm-cov's summary counts: the lines that hold code, once for each function. A closure is a function
//! of its own, so the line it stands in counts for both, and a closure that never ran is an uncovered line although
//! the line around it ran. Of the instances of one function (generic, made by a macro, or compiled into two binaries)
//! the best one counts, not all together. The numbers are thus those that
//! `cargo llvm-cov` prints. The ranges name each line once: all that never ran, and all of functions and closures that
//! were never called.
//!
//! Lines made by a macro are booked where the macro is *defined*, and merged over all its uses: a file that consists of
//! one macro call has no line of its own. No logic of a unit should sit inside a macro.
//!
//! # It fails closed
//! What can't be read, or isn't there, is never a pass. A file of the product with a function body outside macros and
//! `cfg(test)` must be in the report (llvm-cov names every such file, called or not); the others need not be.

pub mod api;
pub mod baseline;
pub mod changed;
pub mod cli;
pub mod config;
pub mod errors;
mod files;
pub mod gate;
pub mod git;
pub mod github;
pub mod glob;
pub mod html;
pub mod judge;
pub mod lines;
pub mod measure;
pub mod mutants;
pub mod outline;
pub mod output;
pub mod page;
pub mod percent;
pub mod pinned;
pub mod process;
pub mod progress;
pub mod render;
pub mod report;
pub mod reports;
pub mod results;
pub mod source;
pub mod tools;
pub mod tree;
pub mod trouble;
pub mod waivers;
