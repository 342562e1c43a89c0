//! The scripted hooks: which scripts fail on which node. Scripts that a test says nothing of succeed, or do not exist.

use cmdlib::hooks::{HookPhase, ScriptResult, ScriptStatus};
use cmdlib::rpc::HooksRunner;

use crate::rpc::{ScriptEntry, ScriptedRpc};

/// What hook scripts do in a test.
#[derive(Debug)]
pub struct MockHooks<'a> {
    pub(crate) rpc: &'a mut ScriptedRpc,
}

impl<'a> MockHooks<'a> {
    /// Begins what a node does in a phase; all other scripts succeed, or do not exist.
    #[track_caller]
    fn at(self, phase: HookPhase, node: &str) -> ScriptEntry<'a, HooksRunner> {
        let named = format!("phase {}", phase.as_str());
        let entry = self.rpc.rest_healthy::<HooksRunner>().on::<HooksRunner>();
        entry.with_named(&named, move |call| call.phase == phase.as_str()).node(node)
    }

    /// A script fails on a node in the phase before, with this output: the run is aborted.
    #[track_caller]
    pub fn pre_fails(self, node: &str, script: &str, output: &str) -> &'a mut ScriptedRpc {
        self.at(HookPhase::Pre, node).replies(failed(script, output))
    }

    /// A script fails on a node in the phase after, with this output: a warning.
    #[track_caller]
    pub fn post_fails(self, node: &str, script: &str, output: &str) -> &'a mut ScriptedRpc {
        self.at(HookPhase::Post, node).replies(failed(script, output))
    }

    /// A node does not run its scripts in a phase.
    #[track_caller]
    pub fn unreachable(self, phase: HookPhase, node: &str) -> &'a mut ScriptedRpc {
        self.at(phase, node).unreachable()
    }
}

fn failed(script: &str, output: &str) -> Vec<ScriptResult> {
    vec![ScriptResult { script: script.to_owned(), status: ScriptStatus::Failed, output: output.to_owned() }]
}
