//! What all calls have in common, and the macro that makes them.

use std::any::Any;
use std::fmt;

use serde_json::Value;

use crate::config::Gone;
use crate::field::{Field, Misfit};
use crate::rpc::{Args, Encode, Wire};

/// Whether a call may be made before `exec`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It changes nothing: checks may make it.
    Question,
    /// It changes something on the node: only `exec` may.
    Action,
}

/// Whether nodes that are known to be down are called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// They are not, and count as offline.
    Online,
    /// They are.
    Everywhere,
}

/// The lock under which a call is made (rule R32).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// None: the call harms nobody, or is an emergency command.
    Nothing,
    /// The node's, shared or better.
    Node,
    /// The exclusive lock of the instance that the call is about.
    Instance,
    /// The node's resources, or the exclusive lock of the instance that the call is about.
    NodeResOrInstance,
    /// The exclusive big lock: the whole cluster stands still.
    Cluster,
}

/// A call as a value of unknown type: what transports and journals see.
pub trait AnyCall: fmt::Debug + 'static {
    /// Returns the call itself, for a matcher that knows its type.
    fn as_any(&self) -> &dyn Any;
    /// Returns a copy.
    fn boxed(&self) -> Box<dyn AnyCall>;
    /// Returns its name on the wire.
    fn procedure(&self) -> &'static str;
    /// Returns the name of its type.
    fn type_name(&self) -> &'static str;
    /// Tells whether it changes something.
    fn kind(&self) -> Kind;
    /// Tells which nodes are called.
    fn scope(&self) -> Scope;
    /// Returns how long its answer is waited for, in seconds.
    fn seconds(&self) -> f64;
    /// Tells which lock it needs.
    fn needs(&self) -> Needs;
    /// Returns the name of the instance that it is about, if it is about one.
    fn instance(&self) -> Option<String>;
    /// Tells what of an answer is not of the form that it should have, if anything.
    fn misfit(&self, answer: &Value) -> Option<Misfit>;
    /// Returns its arguments as they go to one node.
    ///
    /// # Errors
    /// Something that they refer to is not in the configuration.
    fn args(&self, to: &Encode) -> Result<Args, Gone>;
}

/// A call of a known type.
pub trait Call: AnyCall + Clone {
    /// Its name on the wire.
    const NAME: &'static str;
    /// What a node answers.
    type Reply: Field;

    /// Reads its arguments as a node gets them; `args` gives the same again, whatever node and configuration.
    ///
    /// # Errors
    /// Their number is not the call's, or one is not of its type: its name, what was wanted, what was found.
    fn read(args: &[Value]) -> Result<Self, Misfit>;
}

/// Says which instance a call is about. For the macro: a name, or one that may not be known.
#[doc(hidden)]
pub trait About {
    fn about(self) -> Option<String>;
}
impl About for &str {
    fn about(self) -> Option<String> {
        Some(self.to_owned())
    }
}
impl About for Option<&str> {
    fn about(self) -> Option<String> {
        self.map(str::to_owned)
    }
}

/// Reads the arguments of a call, one after the other. For the macro.
#[doc(hidden)]
pub struct ArgReader<'a>(std::slice::Iter<'a, Value>);

impl<'a> ArgReader<'a> {
    pub fn new(args: &'a [Value], names: &[&str]) -> Result<Self, Misfit> {
        if args.len() == names.len() {
            return Ok(Self(args.iter()));
        }
        let wanted =
            if names.is_empty() { "no arguments".to_owned() } else { format!("the arguments ({})", names.join(", ")) };
        Err(Misfit::new(wanted, &Value::from(args)))
    }

    pub fn next<T: Wire>(&mut self, name: &str) -> Result<T, Misfit> {
        T::from_wire(self.0.next().unwrap_or(&Value::Null)).map_err(|misfit| misfit.within(name))
    }
}

/// A call that changes nothing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` changes something on a node: it is an action, for `exec`, which makes it with `cx.tell`",
    label = "not a question"
)]
pub trait Question: Call {}

/// A call that changes something on a node.
#[diagnostic::on_unimplemented(message = "`{Self}` is a question: make it with `cx.ask`", label = "not an action")]
pub trait Action: Call {}

/// Makes calls from a table. A line says: question or action, the name here and on the wire, the time limit, whether offline
/// nodes are called, the lock that it needs, the arguments in the order of the wire, and the reply.
#[macro_export]
macro_rules! calls {
    ($(
        $(#[$meta:meta])*
        $kind:ident $name:ident = $wire:literal in |$call:ident| $seconds:expr, $scope:ident, $needs:ident
        ($($(#[$doc:meta])* $arg:ident : $type:ty,)*) $(about $about:expr)? => $reply:ty;
    )+) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone)]
        pub struct $name { $($(#[$doc])* pub $arg: $type,)* }

        impl $crate::rpc::AnyCall for $name {
            fn as_any(&self) -> &dyn std::any::Any {
                self
            }
            fn boxed(&self) -> Box<dyn $crate::rpc::AnyCall> {
                Box::new(self.clone())
            }
            fn procedure(&self) -> &'static str {
                $wire
            }
            fn type_name(&self) -> &'static str {
                stringify!($name)
            }
            fn kind(&self) -> $crate::rpc::Kind {
                $crate::calls!(@kind $kind)
            }
            fn scope(&self) -> $crate::rpc::Scope {
                $crate::rpc::Scope::$scope
            }
            fn seconds(&self) -> f64 {
                let $call = self;
                let _ = $call;
                f64::from($seconds)
            }
            fn needs(&self) -> $crate::rpc::Needs {
                $crate::rpc::Needs::$needs
            }
            fn instance(&self) -> Option<String> {
                let $call = self;
                let _ = $call;
                None$(.or($crate::rpc::About::about($about)))?
            }
            fn misfit(&self, answer: &$crate::macros::Value) -> Option<$crate::field::Misfit> {
                <$reply as $crate::field::Field>::read(answer).err()
            }
            #[allow(unused_variables, reason = "a call without arguments encodes nothing")]
            fn args(&self, to: &$crate::rpc::Encode) -> Result<$crate::rpc::Args, $crate::config::Gone> {
                Ok([$(<$type as $crate::rpc::Wire>::wire(&self.$arg, to)?),*].into_iter().collect())
            }
        }
        impl $crate::rpc::Call for $name {
            const NAME: &'static str = $wire;
            type Reply = $reply;
            #[allow(unused_mut, unused_variables, reason = "a call without arguments reads nothing")]
            fn read(args: &[$crate::macros::Value]) -> Result<Self, $crate::field::Misfit> {
                let mut args = $crate::rpc::ArgReader::new(args, &[$(stringify!($arg)),*])?;
                Ok(Self { $($arg: args.next(stringify!($arg))?,)* })
            }
        }
        $crate::calls!(@mark $kind $name);
    )+ };
    (@kind question) => { $crate::rpc::Kind::Question };
    (@kind action) => { $crate::rpc::Kind::Action };
    (@mark question $name:ident) => { impl $crate::rpc::Question for $name {} };
    (@mark action $name:ident) => { impl $crate::rpc::Action for $name {} };
}
