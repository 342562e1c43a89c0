use cmdlib::rpc::IallocatorRunner;
use serde_json::json;
use testlib::{LuTest, clusters};

// It ended so: failed: allocator 'hail' broke the rules: it tells nothing about instance 'split1'
// Say what should have happened by a verdict: .succeeded(), .refused(code, text), .failed(text)
pub(super) fn group_evacuate_of_default() {
    let mut t = LuTest::with(clusters::two_groups());
    t.rpc().on::<IallocatorRunner>().node("node1").replies(json!({"success": true, "info": "", "result": [[], [["web1.example.com", "no room"]], []]}).to_string());
    t.run_json(&json!({"OP_ID": "OP_GROUP_EVACUATE", "group_name": "default", "iallocator": "hail"}));
}
