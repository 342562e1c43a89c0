//! The scripted hooks: which scripts fail on which node. Scripts that a test says nothing of succeed, or do not exist.

use cmdlib::hooks::{HookPhase, ScriptResult, ScriptStatus};
use cmdlib::rpc::HooksRunner;

use crate::rpc::ScriptedRpc;

/// What hook scripts do in a test.
#[derive(Debug)]
pub struct MockHooks<'a> {
    pub(crate) rpc: &'a mut ScriptedRpc,
}

impl<'a> MockHooks<'a> {
    fn script(self, phase: HookPhase, node: &str, results: Vec<ScriptResult>, at_node: bool) -> &'a mut ScriptedRpc {
        let named = format!("phase {}", phase.as_str());
        let entry = self.rpc.on::<HooksRunner>().with_named(&named, move |call| call.phase == phase.as_str());
        let entry = if at_node { entry.node(node) } else { entry };
        let rpc = entry.replies(results);
        rpc.on::<HooksRunner>().healthy()
    }

    /// A script fails on a node in the phase before, with this output: the run is aborted.
    #[track_caller]
    pub fn pre_fails(self, node: &str, script: &str, output: &str) -> &'a mut ScriptedRpc {
        self.script(HookPhase::Pre, node, vec![failed(script, output)], true)
    }

    /// A script fails on a node in the phase after, with this output: a warning.
    #[track_caller]
    pub fn post_fails(self, node: &str, script: &str, output: &str) -> &'a mut ScriptedRpc {
        self.script(HookPhase::Post, node, vec![failed(script, output)], true)
    }

    /// A node does not run its scripts in a phase.
    #[track_caller]
    pub fn unreachable(self, phase: HookPhase, node: &str) -> &'a mut ScriptedRpc {
        let named = format!("phase {}", phase.as_str());
        let entry = self.rpc.on::<HooksRunner>().with_named(&named, move |call| call.phase == phase.as_str());
        let rpc = entry.node(node).unreachable();
        rpc.on::<HooksRunner>().healthy()
    }
}

fn failed(script: &str, output: &str) -> ScriptResult {
    ScriptResult { script: script.to_owned(), status: ScriptStatus::Failed, output: output.to_owned() }
}
