//! Running the hooks of a unit, and the one for changed configurations.

use std::rc::Rc;
use std::sync::Arc;

use crate::cx::{Run, View, read_answer};
use crate::hooks::{Answers, Env, Environment, FailedScript, HookPhase, HookRun, NodeSet, ScriptResult, ScriptStatus};
use crate::ids::NodeId;
use crate::processor::Stop;
use crate::record::Event;
use crate::rpc::HooksRunner;

const CONFIG_UPDATE: &str = "config-update";

/// The hooks of one run: nodes and the environment of before are settled before the first script runs.
pub(crate) struct Scripts<'a> {
    run: &'a Rc<Run>,
    unit: Option<HookRun>,
    before: Arc<Env>,
}

impl<'a> Scripts<'a> {
    pub(crate) fn new(run: &'a Rc<Run>, unit: Option<HookRun>, before: Env) -> Self {
        Self { run, unit, before: Arc::new(before) }
    }

    pub(crate) fn pre(&self) -> Result<(), Stop> {
        let Some(unit) = &self.unit else { return Ok(()) };
        let answers = self.run_on(&unit.pre, unit.path, HookPhase::Pre, None)?;
        let failed: Vec<FailedScript> = self.failed(&answers).collect();
        if failed.is_empty() { Ok(()) } else { Err(Stop::HooksAborted(failed)) }
    }

    pub(crate) fn post(&self, after: Env) -> Result<Answers, Stop> {
        let Some(unit) = &self.unit else { return Ok(Vec::new()) };
        let answers = self.run_on(&unit.post, unit.path, HookPhase::Post, Some(&Arc::new(after)))?;
        for FailedScript { node, script, output } in self.failed(&answers) {
            let output = if output.is_empty() { "(no output)".to_owned() } else { output };
            self.view().warn(format!("hook script {script} failed on node {node}: {output}"));
        }
        Ok(answers)
    }

    pub(crate) fn config_update(&self) -> Result<(), Stop> {
        let master = self.run.snapshot().cluster.master_node.clone();
        // Nobody waits for what these scripts say.
        self.run_on(&[master].into(), CONFIG_UPDATE, HookPhase::Post, None).map(|_| ())
    }

    fn view(&self) -> View {
        self.run.view()
    }

    fn run_on(&self, nodes: &NodeSet, path: &str, phase: HookPhase, after: Option<&Arc<Env>>) -> Result<Answers, Stop> {
        if nodes.is_empty() {
            return Ok(Vec::new());
        }
        let config = self.run.snapshot();
        let unit = self.unit.as_ref();
        let env = Environment::new(self.run.op_id, unit, path, phase, (&self.before, after), &config)
            .map_err(|why| Stop::Internal(why.text))?;
        self.run.note(&Event::Hooks { env: &env });
        let nodes: Vec<NodeId> = nodes.iter().cloned().collect();
        let call = HooksRunner { path: path.to_owned(), phase: phase.as_str().to_owned(), env };
        let answers = self.run.call(&nodes, &call);
        let answers: Answers = answers.iter().map(|it| (it.node.clone(), read_answer::<HooksRunner>(it))).collect();
        for error in answers.iter().filter_map(|(_, answer)| answer.as_ref().err()).filter(|error| !error.offline()) {
            self.view().warn(format!("hook scripts did not run on node {}: {}", error.node, error.trouble));
        }
        Ok(answers)
    }

    fn failed(&self, answers: &Answers) -> impl Iterator<Item = FailedScript> {
        let config = self.run.snapshot();
        let of = |(node, answer): &(NodeId, Result<Vec<ScriptResult>, _>)| {
            let name = config.node_name(node);
            let results = answer.as_ref().map_or(&[][..], |results| results.as_slice());
            let failed = results.iter().filter(|it| it.status == ScriptStatus::Failed);
            failed
                .map(|it| FailedScript { node: name.clone(), script: it.script.clone(), output: it.output.clone() })
                .collect::<Vec<_>>()
        };
        answers.iter().flat_map(of).collect::<Vec<_>>().into_iter()
    }
}
