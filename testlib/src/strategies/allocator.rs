//! A healthy allocator: it finds a place for everything that it is asked about.

use cmdlib::field::Params;
use cmdlib::rpc::{IallocatorRunner, Trouble};
use serde_json::{Value, json};

use crate::iallocator::ScriptedIallocator;
use crate::rpc::ScriptedRpc;

impl<'a> ScriptedIallocator<'a> {
    /// It finds a place for everything, as often as it is asked: for instances that change their group, the first node of the
    /// first target group that can take them.
    ///
    /// ```
    /// use cmdlib::op;
    /// use testlib::{LuTest, clusters};
    ///
    /// let mut t = LuTest::with(clusters::two_groups());
    /// t.iallocator().healthy();
    /// t.run(op::GroupEvacuate { iallocator: Some("hail".into()), ..op::GroupEvacuate::new("default") }).succeeded();
    /// ```
    #[track_caller]
    pub fn healthy(self) -> &'a mut ScriptedRpc {
        self.rpc.on::<IallocatorRunner>().any_times().answers(|_, call, _| {
            let document: Value = serde_json::from_str(&call.document).unwrap_or_default();
            let kind = document["request"]["type"].as_str().unwrap_or_default();
            match kind {
                "change-group" => Ok(change_group(&document).to_string()),
                other => Err(Trouble::Refused(format!("this allocator knows no request of kind '{other}'"))),
            }
        })
    }
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Params::iter)
}

fn change_group(document: &Value) -> Value {
    let takes = |node: &Value| {
        let flag = |name: &str| node[name].as_bool().unwrap_or(false);
        !flag("offline") && !flag("drained") && flag("vm_capable")
    };
    let node_of = |group: &str| {
        members(&document["nodes"])
            .find(|(_, node)| node["group"] == group && takes(node))
            .map(|(name, _)| name.clone())
    };
    let place = texts(&document["request"]["target_groups"])
        .find_map(|group| Some((document["nodegroups"][group]["name"].clone(), node_of(group)?)));
    let (mut moved, mut failed, mut jobs) = (Vec::new(), Vec::new(), Vec::new());
    for instance in texts(&document["request"]["instances"]) {
        match &place {
            Some((group, node)) => {
                moved.push(json!([instance, group, [node]]));
                jobs.push(json!([{"OP_ID": "OP_INSTANCE_MIGRATE", "instance_name": instance}]));
            }
            None => failed.push(json!([instance, "no target group has a node that can take it"])),
        }
    }
    json!({"success": true, "info": "", "result": [moved, failed, jobs]})
}
