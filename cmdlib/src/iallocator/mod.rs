//! Asking an allocator: a program on the master that says where instances go. The request is a document about the whole
//! cluster; the reply is checked strictly before anything of it is used.
//!
//! Source: ganeti 3.1, masterd/iallocator.py and the allocator's manual.

mod document;
mod moves;
mod place;
mod reply;
mod request;

pub use moves::{ChangeGroup, NodeEvacuate, Relocate};
pub use place::{Allocate, AllocateSecondary, MultiAllocate, NewDisk, Placement};
pub use reply::{Evacuation, Moved, NotMoved, Reply};
pub use request::{Kind, Request};

use serde_json::Value;

use crate::cx::Asking;
use crate::error::{Code, Problem, Refusal};
use crate::params::DiskTemplate;
use crate::record::Event;
use crate::rpc::{Doing, IallocatorRunner};

/// What users say for the cluster's default allocator.
const DEFAULT: &str = ".";
/// What a mirrored disk needs besides its data, in MiB.
const DRBD_META_SIZE: i64 = 128;

/// Returns the allocator to ask: the one named, or the cluster's default (D82).
///
/// # Errors
/// Wrong input: none is named, and the cluster has no default.
pub fn choose(named: Option<&str>, config: &crate::config::Data) -> Result<String, Refusal> {
    let default = Some(config.cluster.default_iallocator.as_str());
    let chosen = named.filter(|name| *name != DEFAULT && !name.is_empty()).or(default).filter(|name| !name.is_empty());
    chosen.map(str::to_owned).ok_or_else(|| {
        Refusal::wrong_input("no allocator is named, and the cluster has no default one: name one, or set the default")
    })
}

#[track_caller]
pub(crate) fn run<R: Kind>(cx: &Asking, name: &str, request: R) -> Result<Reply<R::Result>, Problem> {
    let document = document::build(cx, &request)?;
    let as_any: Request = request.clone().into();
    cx.view.run.note(&Event::Allocator { request: &as_any, document: &document });
    let config = cx.config();
    // A copy: what a request adds must not reach the cluster's own (D137).
    let mut options = config.cluster.default_iallocator_params.clone();
    options.extend(request.options());
    let call = IallocatorRunner { name: name.to_owned(), document: document.to_string(), options };
    let text = cx.ask(&config.cluster.master_node, call).doing(format!("allocator '{name}' did not run"))?;
    let broken = |why: String| Problem::new(Code::Environment, format!("allocator '{name}' broke the rules: {why}"));
    let value: Value =
        serde_json::from_str(&text).map_err(|error| broken(format!("its reply is not JSON: {error}")))?;
    reply::read(&value, &request, &config).map_err(broken)
}

/// Returns the room that a disk takes on a node, in MiB.
fn needed_space(template: DiskTemplate, size: i64) -> i64 {
    match template {
        DiskTemplate::Diskless | DiskTemplate::Blockdev => 0,
        DiskTemplate::Drbd => size + DRBD_META_SIZE,
        _ => size,
    }
}
