//! What the machine is asked in a run, for its record: names that are looked up, hosts that are pinged, waits at the socket.

use std::rc::Rc;

use cmdlib::host::{Clock as _, Doorbell, Host, HostName, Net, Unresolved, Waited};
use serde_json::{Value, json};

use crate::host::MockClock;
use crate::journal::Recorder;

/// The question that is noted of a socket that did not open.
const NOT_OPENED: &str = "socket_open";

/// Something that the machine was asked.
#[derive(Debug)]
pub(crate) struct Asked {
    /// The number that the next step has.
    pub(crate) before: usize,
    kind: &'static str,
    args: Value,
    answer: Result<Value, Value>,
    /// So many seconds passed.
    pub(crate) took: f64,
}

impl Asked {
    /// Returns it as traces have it; none if it is a socket that did not open, for which they have no place.
    pub(crate) fn event(&self) -> Option<Value> {
        if self.kind == NOT_OPENED {
            return None;
        }
        let mut event = json!({"host": self.kind, "args": self.args});
        match &self.answer {
            Ok(answer) => event["answer"] = answer.clone(),
            Err(error) => event["error"] = error.clone(),
        }
        if self.kind.starts_with("socket_") {
            event["took"] = self.took.into();
        }
        Some(event)
    }
}

/// Returns the machine with somebody who writes down what it is asked.
pub(crate) fn heard(host: Host, clock: &Rc<MockClock>, recorder: &Rc<Recorder>) -> Host {
    let (net, doorbell) = (Rc::clone(&host.net), Rc::clone(&host.doorbell));
    let heard = Rc::new(Heard { net, doorbell, clock: Rc::clone(clock), recorder: Rc::clone(recorder) });
    let net: Rc<dyn Net> = Rc::<Heard>::clone(&heard);
    Host { net, doorbell: heard, ..host }
}

struct Heard {
    net: Rc<dyn Net>,
    doorbell: Rc<dyn Doorbell>,
    clock: Rc<MockClock>,
    recorder: Rc<Recorder>,
}

impl Heard {
    fn note(&self, kind: &'static str, args: Value, answer: Result<Value, Value>, since: f64) {
        let took = self.clock.now() - since;
        self.recorder.asked(Asked { before: self.recorder.next(), kind, args, answer, took });
    }

    fn waited(&self, kind: &'static str, seconds: f64, reached: &str, wait: impl FnOnce() -> Waited) -> Waited {
        let since = self.clock.now();
        let waited = wait();
        let answer = if waited == Waited::Reached { reached } else { "timeout" };
        self.note(kind, json!([seconds]), Ok(answer.into()), since);
        waited
    }
}

impl Net for Heard {
    fn resolve(&self, name: &str) -> Result<HostName, Unresolved> {
        let since = self.clock.now();
        let host = self.net.resolve(name);
        let told = host.as_ref().map(|it| json!({"name": it.name, "ip": it.ip}));
        self.note("resolve", json!([name, null]), told.map_err(|it| json!([it.name, null, it.text])), since);
        host
    }

    fn ping(&self, host: &str, port: u16, seconds: f64) -> bool {
        let since = self.clock.now();
        let listens = self.net.ping(host, port, seconds);
        self.note("ping", json!([host, port, seconds, false, null]), Ok(listens.into()), since);
        listens
    }
}

impl Doorbell for Heard {
    fn open(&self) -> Result<String, String> {
        let opened = self.doorbell.open();
        if let Err(why) = &opened {
            self.note(NOT_OPENED, json!([]), Err(json!([why])), self.clock.now());
        }
        opened
    }
    fn accept(&self, seconds: f64) -> Waited {
        self.waited("socket_accept", seconds, "ok", || self.doorbell.accept(seconds))
    }
    fn receive(&self, seconds: f64) -> Waited {
        self.waited("socket_recv", seconds, "data", || self.doorbell.receive(seconds))
    }
    fn close(&self) {
        self.doorbell.close();
    }
}
