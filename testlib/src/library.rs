//! What another crate brings: its units, and what healthy nodes answer to its own calls.

use std::rc::Rc;

use cmdlib::config::Snapshot;
use cmdlib::field::Field;
use cmdlib::objects::Node;
use cmdlib::rpc::{AnyCall, Call};
use cmdlib::unit::Unit;
use serde_json::Value;

/// Answers a call of another crate; none if it is of another kind.
pub(crate) type OwnAnswer = Rc<dyn Fn(&dyn AnyCall, &Node, &Snapshot) -> Option<Result<Value, String>>>;

/// A call that a script can name by its name on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CallName {
    /// Its name on the wire.
    pub(crate) wire: &'static str,
    /// The path of its type.
    pub(crate) path: &'static str,
}

macro_rules! all_calls {
    ($($call:ident),+ $(,)?) => {
        /// The calls of the library.
        const CALLS: &[CallName] = &[$(CallName {
            wire: <cmdlib::rpc::$call as Call>::NAME,
            path: concat!("cmdlib::rpc::", stringify!($call)),
        }),+];
    };
}
cmdlib::for_each_call!(all_calls);

/// A library of logical units: their table, and what healthy nodes answer to the calls that are its own. A bench takes it
/// ([`LuTest::units`](crate::LuTest::units)), and so does the command `lu` (`testlib::cli::main`). A table of units alone is
/// one, too.
///
/// ```
/// use testlib::{Library, LuTest};
///
/// cmdlib::calls! {
///     /// Tells how warm a node is.
///     question Warmth = "warmth" in |c| 60, Online, Nothing () => u64;
/// }
///
/// fn library() -> Library {
///     Library::new(cmdlib::lu::UNITS).answers(|_: &Warmth, _, _| Ok(21))
/// }
///
/// let mut t = LuTest::new().units(library());
/// let node = t.config().id_of_node("node1");
/// t.check(move |cx| cx.ask(&node, Warmth {})).returned(21);
/// ```
#[derive(Clone)]
pub struct Library {
    pub(crate) units: &'static [Unit],
    pub(crate) answers: Vec<OwnAnswer>,
    calls: Vec<CallName>,
}

impl Library {
    /// Returns the library of a table that `cmdlib::units!` made.
    #[must_use]
    pub fn new(units: &'static [Unit]) -> Self {
        Self { units, answers: Vec::new(), calls: CALLS.to_vec() }
    }

    /// Says what a healthy node answers to a call. The text of an error says why there is no answer.
    ///
    /// A call that implements [`Healthy`](crate::Healthy) is given by `.answers(<YourCall as Healthy>::answer)`.
    #[must_use]
    pub fn answers<C: Call>(
        mut self,
        answer: impl Fn(&C, &Node, &Snapshot) -> Result<C::Reply, String> + 'static,
    ) -> Self {
        self.calls.push(CallName { wire: C::NAME, path: std::any::type_name::<C>() });
        self.answers.push(Rc::new(move |call, node, config| {
            let call = call.as_any().downcast_ref::<C>()?;
            Some(answer(call, node, config).map(|reply| reply.write()))
        }));
        self
    }

    /// Returns all calls that can be named.
    #[cfg(feature = "cli")]
    pub(crate) fn calls(&self) -> &[CallName] {
        &self.calls
    }
}

impl std::fmt::Debug for Library {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Library({} units, {} calls)", self.units.len(), self.calls.len())
    }
}

impl<const N: usize> From<&'static [Unit; N]> for Library {
    fn from(units: &'static [Unit; N]) -> Self {
        Self::new(units)
    }
}

impl From<&'static [Unit]> for Library {
    fn from(units: &'static [Unit]) -> Self {
        Self::new(units)
    }
}
