//! Sizes with their unit in the type.

/// A size in MiB. Whoever takes a size takes `impl Into<Mebibytes>`, so that a test says [`MiB`] or [`GiB`].
///
/// ```
/// use testlib::{GiB, Mebibytes};
///
/// assert_eq!(Mebibytes::from(GiB(2)), Mebibytes(2048));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mebibytes(pub u64);

/// So many MiB.
///
/// ```
/// use testlib::{Mebibytes, MiB};
///
/// assert_eq!(Mebibytes::from(MiB(64)), Mebibytes(64));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MiB(pub u64);

/// So many GiB; a number that does not fit counts as the largest that does.
///
/// ```
/// use testlib::{GiB, Mebibytes};
///
/// assert_eq!(Mebibytes::from(GiB(10)), Mebibytes(10_240));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct GiB(pub u64);

impl Mebibytes {
    /// Returns the number of MiB, as the configuration stores it.
    pub(crate) fn stored(self) -> i64 {
        i64::try_from(self.0).unwrap_or(i64::MAX)
    }
}

impl From<MiB> for Mebibytes {
    fn from(size: MiB) -> Self {
        Self(size.0)
    }
}

impl From<GiB> for Mebibytes {
    fn from(size: GiB) -> Self {
        Self(size.0.saturating_mul(1024))
    }
}
