use serde_json::json;
use testlib::{LuTest, MockConfig};

// It ended so: success: null
// Say what should have happened by a verdict: .succeeded(), .refused(code, text), .failed(text)
pub(super) fn tags_set() {
    let cluster = serde_json::from_str(include_str!("read.json")).unwrap();
    let mut t = LuTest::with(MockConfig::from_document(&cluster));
    t.run_json(&json!({"OP_ID": "OP_TAGS_SET", "kind": "cluster", "tags": ["blue"]}));
}
