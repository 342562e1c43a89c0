//! The macros that make opcodes: required parameters in parentheses, the others with their defaults in braces.

/// Makes one opcode: its struct, `new` with the required parameters, reader and writer.
///
/// ```
/// cmdlib::opcode! {
///     /// Feeds the cluster's pet.
///     PetFeed = "OP_PET_FEED" (
///         /// What it gets.
///         food: cmdlib::op::NonEmpty,
///     ) {
///         /// How much of it, in grams.
///         amount: u64 = 100,
///     } -> ()
/// }
/// let op = PetFeed { amount: 20, ..PetFeed::new("hay") };
/// assert_eq!(cmdlib::op::OpCode::write(&op)["amount"], 20);
/// ```
#[macro_export]
macro_rules! opcode {
    (
        $(#[$meta:meta])* $name:ident = $id:literal
        ($($(#[$needed_doc:meta])* $needed:ident : $needed_type:ty,)*)
        {$($(#[$doc:meta])* $field:ident : $type:ty = $default:expr,)*}
        -> $output:ty
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $($(#[$needed_doc])* pub $needed: $needed_type,)*
            $($(#[$doc])* pub $field: $type,)*
            /// What every opcode has.
            pub common: $crate::op::Common,
        }

        impl $name {
            /// Returns the opcode with what it requires; everything else has its default.
            #[allow(clippy::new_without_default, reason = "an opcode without requirements is not a default of anything")]
            pub fn new($($needed: impl $crate::op::IntoArg<$needed_type>),*) -> Self {
                Self { $($needed: $needed.into_arg(),)* $($field: $default,)* common: $crate::op::Common::default() }
            }
        }

        impl $crate::op::OpCode for $name {
            const ID: &'static str = $id;
            type Output = $output;
            fn parameters() -> Vec<$crate::shape::Parameter> {
                vec![
                    $($crate::shape::Parameter::required(
                        stringify!($needed).trim_end_matches('_'),
                        <$needed_type as $crate::field::Field>::shape(),
                    ),)*
                    $($crate::shape::Parameter::optional(
                        stringify!($field).trim_end_matches('_'),
                        <$type as $crate::field::Field>::shape(),
                        <$type as $crate::field::Field>::write(&$default),
                    ),)*
                ]
            }
            fn common(&self) -> &$crate::op::Common {
                &self.common
            }
            fn common_mut(&mut self) -> &mut $crate::op::Common {
                &mut self.common
            }
            fn read(value: &$crate::macros::Value) -> Result<Self, $crate::error::Refusal> {
                let names = &[$(stringify!($needed).trim_end_matches('_'),)* $(stringify!($field).trim_end_matches('_'),)*];
                let reader = $crate::op::Reader::new($id, value, names)?;
                Ok(Self {
                    $($needed: reader.required(stringify!($needed).trim_end_matches('_'))?,)*
                    $($field: reader.optional(stringify!($field).trim_end_matches('_'), $default)?,)*
                    common: reader.common()?,
                })
            }
            fn write(&self) -> $crate::macros::Value {
                let mut members = $crate::field::Params::new();
                members.insert("OP_ID".to_owned(), $id.into());
                $(members.insert(stringify!($needed).trim_end_matches('_').to_owned(), $crate::field::Field::write(&self.$needed));)*
                $(members.insert(stringify!($field).trim_end_matches('_').to_owned(), $crate::field::Field::write(&self.$field));)*
                self.common.write(&mut members);
                members.into()
            }
        }
    };
}

/// Makes the opcodes of a family.
macro_rules! opcodes {
    ($(
        $(#[$meta:meta])* $name:ident = $id:literal
        ($($needed:tt)*) {$($optional:tt)*} -> $output:ty;
    )+) => {
        $($crate::opcode! { $(#[$meta])* $name = $id ($($needed)*) {$($optional)*} -> $output })+
    };
}
pub(crate) use opcodes;

/// Makes the enum that holds any one of these opcodes.
macro_rules! any {
    ($($name:ident)+) => {
        /// Any opcode.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Any {
            $(
                #[doc = concat!("[`", stringify!($name), "`]")]
                $name(Box<$name>),
            )+
        }

        impl Any {
            /// The names of all opcodes on the wire, in order of the table.
            pub const IDS: &'static [&'static str] = &[$(<$name as $crate::op::OpCode>::ID),+];

            /// Reads an opcode from its wire form.
            ///
            /// # Errors
            /// Wrong input: it is none, or a parameter is unknown, missing or not of its type.
            pub fn read(value: &serde_json::Value) -> Result<Self, $crate::error::Refusal> {
                let (id, _) = $crate::op::members(value)?;
                match id {
                    $(<$name as $crate::op::OpCode>::ID => {
                        <$name as $crate::op::OpCode>::read(value).map(|op| Self::$name(Box::new(op)))
                    })+
                    other => Err($crate::error::Refusal::wrong_input(format!("there is no opcode {other}"))),
                }
            }

            /// Returns the parameters of an opcode, by its name on the wire; none if there is no such opcode.
            #[must_use]
            pub fn parameters(id: &str) -> Option<Vec<$crate::shape::Parameter>> {
                match id {
                    $(<$name as $crate::op::OpCode>::ID => Some(<$name as $crate::op::OpCode>::parameters()),)+
                    _ => None,
                }
            }

            /// Returns what an opcode promises to return; none if there is no such opcode.
            #[must_use]
            pub fn result(id: &str) -> Option<$crate::shape::Shape> {
                match id {
                    $(<$name as $crate::op::OpCode>::ID => {
                        Some(<<$name as $crate::op::OpCode>::Output as $crate::field::Field>::shape())
                    })+
                    _ => None,
                }
            }

            /// Tells whether a value is what an opcode promises to return; none if there is no such opcode.
            ///
            /// # Errors
            /// It is not.
            #[must_use]
            pub fn check_result(id: &str, value: &serde_json::Value) -> Option<Result<(), $crate::field::Misfit>> {
                fn check<O: $crate::op::OpCode>(value: &serde_json::Value) -> Result<(), $crate::field::Misfit> {
                    <O::Output as $crate::field::Field>::read(value).map(|_| ())
                }
                match id {
                    $(<$name as $crate::op::OpCode>::ID => Some(check::<$name>(value)),)+
                    _ => None,
                }
            }

            /// Writes the wire form, defaults included.
            #[must_use]
            pub fn write(&self) -> serde_json::Value {
                match self { $(Self::$name(op) => $crate::op::OpCode::write(&**op),)+ }
            }

            /// Returns what every opcode has, for a change.
            pub fn common_mut(&mut self) -> &mut $crate::op::Common {
                match self { $(Self::$name(op) => &mut op.common,)+ }
            }
        }

        $(impl From<$name> for Any {
            fn from(op: $name) -> Self {
                Self::$name(Box::new(op))
            }
        })+
    };
}
pub(crate) use any;
