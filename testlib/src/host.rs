//! The machine of a test: a clock that only moves when it is told, counted ids, and mockall mocks of the seams to the
//! network.

use std::cell::Cell;
use std::rc::Rc;

use cmdlib::host::{Clock, Doorbell, Host, HostName, Net, Random, Unresolved, Waited};
use cmdlib::objects::Network;

/// When every test begins, in seconds since 1970: 2001-02-03T04:05:06+07:00.
pub const BEGIN: f64 = 981_147_906.0;

/// A clock that moves when somebody sleeps, and not otherwise.
#[derive(Debug)]
pub struct MockClock(Cell<f64>);

impl Default for MockClock {
    fn default() -> Self {
        Self(Cell::new(BEGIN))
    }
}

impl MockClock {
    /// Lets so many seconds pass.
    pub fn advance(&self, seconds: f64) {
        self.0.set(self.0.get() + seconds);
    }
}

impl Clock for MockClock {
    fn now(&self) -> f64 {
        self.0.get()
    }
    fn sleep(&self, seconds: f64) {
        self.advance(seconds);
    }
}

/// Chance that is none: ids and secrets are counted.
#[derive(Debug, Default)]
pub struct MockRandom(Cell<u64>);

impl MockRandom {
    fn next(&self) -> u64 {
        self.0.set(self.0.get() + 1);
        self.0.get()
    }
}

impl Random for MockRandom {
    fn uuid(&self) -> String {
        format!("00000000-0000-4000-9000-{:012x}", self.next())
    }
    fn mac(&self, network: Option<&Network>) -> String {
        let prefix = network.and_then(|it| it.mac_prefix.as_deref()).unwrap_or("aa:00:00");
        let number = self.next();
        format!("{prefix}:{:02x}:{:02x}:{:02x}", number >> 16 & 0xff, number >> 8 & 0xff, number & 0xff)
    }
    fn secret(&self, bytes: usize) -> String {
        format!("{:0width$x}", self.next(), width = bytes * 2)
    }
    fn fraction(&self) -> f64 {
        0.5
    }
}

mockall::mock! {
    /// The network, as a mockall mock: `t.net().expect_resolve()..`.
    pub Net {}
    impl Net for Net {
        fn resolve(&self, name: &str) -> Result<HostName, Unresolved>;
        fn ping(&self, host: &str, port: u16, seconds: f64) -> bool;
    }
}

mockall::mock! {
    /// The socket that ends a wait, as a mockall mock.
    pub Doorbell {}
    impl Doorbell for Doorbell {
        fn open(&self) -> Result<String, String>;
        fn accept(&self, seconds: f64) -> Waited;
        fn receive(&self, seconds: f64) -> Waited;
        fn close(&self);
    }
}

/// A network in which every name resolves and nothing listens.
struct QuietNet;

impl Net for QuietNet {
    fn resolve(&self, name: &str) -> Result<HostName, Unresolved> {
        Ok(HostName { name: name.to_owned(), ip: "203.0.113.1".to_owned() })
    }
    fn ping(&self, _: &str, _: u16, _: f64) -> bool {
        false
    }
}

/// A doorbell that nobody rings: the time passes.
struct QuietBell(Rc<MockClock>);

impl Doorbell for QuietBell {
    fn open(&self) -> Result<String, String> {
        Ok("/run/doorbell".to_owned())
    }
    fn accept(&self, seconds: f64) -> Waited {
        self.0.advance(seconds);
        Waited::TimedOut
    }
    fn receive(&self, seconds: f64) -> Waited {
        self.0.advance(seconds);
        Waited::TimedOut
    }
    fn close(&self) {}
}

/// Says what is expected of the network.
pub(crate) type ExpectNet = Rc<dyn Fn(&mut MockNet)>;
/// Says what is expected of the socket that ends a wait.
pub(crate) type ExpectDoorbell = Rc<dyn Fn(&mut MockDoorbell, &Rc<MockClock>)>;

/// What makes the seams to the machine for one run; a test's own replace the quiet ones.
#[derive(Clone, Default)]
pub(crate) struct MockHost {
    pub(crate) net: Option<ExpectNet>,
    pub(crate) doorbell: Option<ExpectDoorbell>,
}

impl MockHost {
    pub(crate) fn host(&self, clock: &Rc<MockClock>) -> Host {
        let net: Rc<dyn Net> = match &self.net {
            Some(expect) => {
                let mut net = MockNet::new();
                expect(&mut net);
                Rc::new(net)
            }
            None => Rc::new(QuietNet),
        };
        let doorbell: Rc<dyn Doorbell> = match &self.doorbell {
            Some(expect) => {
                let mut bell = MockDoorbell::new();
                expect(&mut bell, clock);
                Rc::new(bell)
            }
            None => Rc::new(QuietBell(Rc::clone(clock))),
        };
        let clock: Rc<dyn Clock> = Rc::<MockClock>::clone(clock);
        Host { clock, random: Rc::new(MockRandom::default()), net, doorbell }
    }
}
