//! What constructors of opcodes take.

use crate::op::NonEmpty;

/// What an opcode's constructor takes for a parameter of type `T`: a `T`, or a text or list of texts that becomes one.
///
/// What is made from a text is checked when the opcode is read, as everything is.
pub trait IntoArg<T> {
    /// Returns the parameter.
    fn into_arg(self) -> T;
}

impl<T> IntoArg<T> for T {
    fn into_arg(self) -> T {
        self
    }
}
impl IntoArg<String> for &str {
    fn into_arg(self) -> String {
        self.to_owned()
    }
}
impl IntoArg<NonEmpty> for &str {
    fn into_arg(self) -> NonEmpty {
        NonEmpty(self.to_owned())
    }
}
impl IntoArg<NonEmpty> for &String {
    fn into_arg(self) -> NonEmpty {
        NonEmpty(self.clone())
    }
}
impl IntoArg<Option<String>> for &str {
    fn into_arg(self) -> Option<String> {
        Some(self.to_owned())
    }
}
impl<T, const N: usize> IntoArg<Vec<T>> for [&str; N]
where
    for<'a> &'a str: IntoArg<T>,
{
    fn into_arg(self) -> Vec<T> {
        self.into_iter().map(IntoArg::into_arg).collect()
    }
}

impl From<&str> for NonEmpty {
    fn from(text: &str) -> Self {
        text.into_arg()
    }
}
