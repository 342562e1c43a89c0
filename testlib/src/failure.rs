//! Catching a failure: for tests of what this library says when it fails.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, panic_any, set_hook, take_hook};
use std::sync::Once;

/// A failure that was caught: what it said, and where it pointed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// The whole message.
    pub message: String,
    /// The line that it pointed to, from 1 on.
    pub line: u32,
    /// The file of that line.
    pub file: String,
}

thread_local! {
    /// Where the panic was that is being waited for; none while nothing is.
    static WAITING: RefCell<Option<Option<(String, u32)>>> = const { RefCell::new(None) };
    /// Whether panics are tried out, and not worth a word.
    static TRIED: Cell<bool> = const { Cell::new(false) };
}

/// Lets the hook for panics know whose panics are not to be printed.
fn hear_panics() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let former = take_hook();
        set_hook(Box::new(move |panic| {
            if TRIED.get() {
                return;
            }
            let place = panic.location().map(|at| (at.file().to_owned(), at.line()));
            let caught = WAITING.with_borrow_mut(|waiting| {
                waiting.as_mut().is_some_and(|seen| {
                    *seen = place;
                    true
                })
            });
            if !caught {
                former(panic);
            }
        }));
    });
}

/// Tries something that may panic: none if it does, and nothing is printed.
pub(crate) fn tried<R>(run: impl FnOnce() -> R) -> Option<R> {
    hear_panics();
    let outer = TRIED.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(run));
    TRIED.set(outer);
    outcome.ok()
}

/// Runs `fails` and returns its failure: message, and the line that it pointed to. Nothing of it is printed.
///
/// Other threads are not touched: what panics there is printed as always, and not caught.
///
/// # Panics
/// It does not fail, fails without a text, or calls this function itself.
///
/// ```
/// use testlib::{MockConfig, failure_of};
///
/// let failed = failure_of(|| {
///     MockConfig::new().node("node2").group("rack-b");
/// });
/// assert_eq!(
///     failed.message,
///     "there is no node group 'rack-b' (node groups: default); make it first: .group(\"rack-b\")"
/// );
/// assert_eq!(failed.line, line!() - 6);
/// ```
#[track_caller]
pub fn failure_of(fails: impl FnOnce()) -> Failed {
    hear_panics();
    if WAITING.replace(Some(None)).is_some() {
        WAITING.set(None);
        panic!("`failure_of` inside of `failure_of`");
    }
    let outcome = catch_unwind(AssertUnwindSafe(fails));
    let place = WAITING.take().flatten();
    match outcome {
        Ok(()) => panic!("a failure was to be caught, but there was none"),
        Err(payload) => {
            let (file, line) = place.unwrap_or_default();
            match text_of(payload) {
                Ok(message) => Failed { message, line, file },
                Err(payload) => panic_any(payload),
            }
        }
    }
}

/// Returns the message of a panic, or the panic itself if it has none.
fn text_of(payload: Box<dyn Any + Send>) -> Result<String, Box<dyn Any + Send>> {
    match payload.downcast::<String>() {
        Ok(text) => Ok(*text),
        Err(payload) => payload.downcast::<&'static str>().map(|text| (*text).to_owned()),
    }
}
