use cmdlib::op::{self, Common};
use testlib::LuTest;

// It ended so: success: null
// Say what should have happened by a verdict: .succeeded(), .refused(code, text), .failed(text)
pub(super) fn instance_startup_of_web1() {
    let mut t = LuTest::three_nodes_five_instances();
    t.run(op::InstanceStartup { force: true, common: Common { dry_run: true, ..Common::default() }, ..op::InstanceStartup::new("web1") });
}
