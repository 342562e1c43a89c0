//! The command `lu` with this crate's units.

use expect_test::expect;
use testlib::MockConfig;
use testlib::cli::{Streams, run};

use crate::library;

fn lu(arguments: &[&str]) -> String {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut streams = Streams { input: &mut std::io::empty(), out: &mut out, err: &mut err, watched: false };
    let code = run(library(), arguments, &mut streams);
    let said = String::from_utf8(err).unwrap();
    assert_eq!((code, said.as_str()), (0, ""));
    String::from_utf8(out).unwrap()
}

#[test]
fn it_lists_the_unit() {
    assert!(lu(&["lu", "list"]).contains("OP_NODE_MOTD"));
}

#[test]
fn it_records_a_run_as_a_test() {
    let config = std::env::temp_dir().join(format!("own-lu-{}.data", std::process::id()));
    std::fs::write(&config, MockConfig::new().snapshot().write().to_string()).unwrap();
    let opcode = r#"{"OP_ID": "OP_NODE_MOTD", "node_name": "node1", "text": "hello"}"#;
    let test = lu(&["lu", "record", "--config", config.to_str().unwrap(), "--opcode", opcode, "--test"]);
    std::fs::remove_file(&config).unwrap();
    expect![[r#"
        use crate::library;
        use serde_json::json;
        use testlib::LuTest;

        // It ended so: success: null
        // Say what should have happened by a verdict: .succeeded(), .refused(code, text), .failed(text)
        #[test]
        fn node_motd_of_node1() {
            let mut t = LuTest::new().units(library());
            t.run_json(&json!({"OP_ID": "OP_NODE_MOTD", "node_name": "node1", "text": "hello"}));
        }
    "#]]
    .assert_eq(&test);
}
