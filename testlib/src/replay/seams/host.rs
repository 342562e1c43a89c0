//! The machine as it was recorded: clock, chance, network, socket.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use cmdlib::host::{Clock, Doorbell, HostName, Net, Random, Unresolved, Waited};
use cmdlib::objects::Network;
use serde_json::Value;

use super::Unanswered;
use crate::replay::trace::{Event, Question, Trace};

/// A clock that stands still but for what is slept.
pub(super) struct RecordedClock {
    now: Cell<f64>,
}

impl RecordedClock {
    pub(super) fn new(now: f64) -> Self {
        Self { now: Cell::new(now) }
    }
}

impl Clock for RecordedClock {
    fn now(&self) -> f64 {
        self.now.get()
    }
    fn sleep(&self, seconds: f64) {
        self.now.set(self.now.get() + seconds);
    }
}

/// The values that were drawn, in order, kind by kind.
pub(super) struct RecordedRandom {
    drawn: RefCell<Vec<(String, String)>>,
    invented: Cell<u64>,
    unanswered: Unanswered,
}

impl RecordedRandom {
    pub(super) fn new(trace: &Trace, unanswered: Unanswered) -> Self {
        let drawn = trace.events.iter().filter_map(|event| match event {
            Event::Random(kind, Value::String(value)) => Some((kind.clone(), value.clone())),
            _ => None,
        });
        Self { drawn: RefCell::new(drawn.collect()), invented: Cell::new(0), unanswered }
    }

    fn next(&self, kinds: &[&str]) -> Option<String> {
        let mut drawn = self.drawn.borrow_mut();
        let position = drawn.iter().position(|(kind, _)| kinds.contains(&kind.as_str()));
        if position.is_none() {
            self.unanswered.borrow_mut().push(format!("a random value ({})", kinds[0]));
            self.invented.set(self.invented.get() + 1);
        }
        position.map(|position| drawn.remove(position).1)
    }
}

impl Random for RecordedRandom {
    fn uuid(&self) -> String {
        self.next(&["uuid"]).unwrap_or_else(|| format!("00000000-0000-4000-8000-{:012}", self.invented.get()))
    }
    fn mac(&self, _: Option<&Network>) -> String {
        self.next(&["mac"]).unwrap_or_else(|| format!("aa:00:00:ff:ff:{:02x}", self.invented.get() % 256))
    }
    fn secret(&self, bytes: usize) -> String {
        let kinds = ["secret", "drbd_secret"];
        self.next(&kinds).unwrap_or_else(|| format!("{:0width$x}", self.invented.get(), width = 2 * bytes))
    }
    fn fraction(&self) -> f64 {
        0.5
    }
}

/// The questions that were asked of the machine, in order, kind by kind.
pub(super) struct RecordedHost {
    questions: RefCell<Vec<Question>>,
    clock: Rc<RecordedClock>,
    unanswered: Unanswered,
}

impl RecordedHost {
    pub(super) fn new(trace: &Trace, clock: Rc<RecordedClock>, unanswered: Unanswered) -> Self {
        let questions = trace.events.iter().filter_map(|event| match event {
            Event::Host(question) => Some(question.clone()),
            _ => None,
        });
        Self { questions: RefCell::new(questions.collect()), clock, unanswered }
    }

    /// Returns the next question of a kind, of those about `first` if that is given.
    fn next(&self, kind: &str, first: Option<&Value>) -> Option<Question> {
        let mut questions = self.questions.borrow_mut();
        let fits = |it: &Question| it.kind == kind && first.is_none_or(|first| it.args.first() == Some(first));
        let position = questions.iter().position(fits);
        if position.is_none() {
            self.unanswered.borrow_mut().push(match first {
                Some(first) => format!("{kind} {first}"),
                None => kind.to_owned(),
            });
        }
        position.map(|position| questions.remove(position))
    }

    fn wait(&self, kind: &str, seconds: f64) -> Waited {
        let question = self.next(kind, None);
        self.clock.sleep(question.as_ref().map_or(seconds, |it| it.took));
        match question.map(|it| it.answer) {
            Some(Ok(Value::String(answer))) if answer != "timeout" => Waited::Reached,
            _ => Waited::TimedOut,
        }
    }
}

impl Net for RecordedHost {
    fn resolve(&self, name: &str) -> Result<HostName, Unresolved> {
        let unresolved = |text: &str| Unresolved { name: name.to_owned(), text: text.to_owned() };
        let question = self.next("resolve", Some(&name.into())).ok_or_else(|| unresolved("nobody had asked for it"))?;
        match question.answer {
            Ok(answer) => {
                let text = |key: &str| answer.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
                Ok(HostName { name: text("name"), ip: text("ip") })
            }
            Err(error) => Err(unresolved(error.last().and_then(Value::as_str).unwrap_or("unknown host"))),
        }
    }

    fn ping(&self, host: &str, _: u16, _: f64) -> bool {
        let question = self.next("ping", Some(&host.into()));
        question.is_some_and(|it| it.answer == Ok(Value::Bool(true)))
    }
}

impl Doorbell for RecordedHost {
    fn open(&self) -> Result<String, String> {
        Ok("/recorded/socket".to_owned())
    }
    fn accept(&self, seconds: f64) -> Waited {
        self.wait("socket_accept", seconds)
    }
    fn receive(&self, seconds: f64) -> Waited {
        self.wait("socket_recv", seconds)
    }
    fn close(&self) {}
}
