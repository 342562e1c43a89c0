//! Tests of the gate, through its library and its binary. One module a room of the library, and two for the whole.
#![expect(clippy::unwrap_used, reason = "helpers of tests are outside of `#[test]`, and end the test as it does")]

mod api;
mod baseline;
mod changed;
mod command;
mod config;
mod errors;
mod github;
mod glob;
mod judge;
mod kept;
mod lines;
mod mutants;
mod outline;
mod page;
mod patch;
mod percent;
mod pinned;
mod process;
mod real;
mod render;
mod report;
mod results;
mod scratch;
mod source;
mod tools;
mod waivers;

#[test]
fn no_file_is_forgotten() {
    let this = include_str!("main.rs");
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    for entry in folder.read_dir().unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if let Some(module) = name.strip_suffix(".rs").filter(|module| *module != "main") {
            assert!(this.contains(&format!("mod {module};")), "tests/{name} is in no `mod`");
        }
    }
}
