//! Values that are made when somebody looks at them.

use std::cell::LazyCell;
use std::fmt;
use std::ops::Deref;
use std::rc::Rc;

/// A value that is made when somebody looks at it. Copies share it: it is made once.
///
/// ```
/// use cmdlib::lazy::Lazy;
///
/// let never = Lazy::<String>::new(|| unreachable!("nobody looks"));
/// let text = Lazy::new(|| "web1".repeat(2));
/// assert_eq!(text.len(), 8);
/// # drop(never);
/// ```
pub struct Lazy<T>(Rc<LazyCell<T, Box<dyn FnOnce() -> T>>>);

impl<T> Lazy<T> {
    /// Returns a value that is made like this.
    pub fn new(make: impl FnOnce() -> T + 'static) -> Self {
        Self(Rc::new(LazyCell::new(Box::new(make))))
    }
}

impl<T> Clone for Lazy<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> Deref for Lazy<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: PartialEq> PartialEq for Lazy<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0) || **self == **other
    }
}

impl<T: fmt::Debug> fmt::Debug for Lazy<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
