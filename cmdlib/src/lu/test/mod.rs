//! Units that do nothing for a cluster: they let its locks, its queue and its nodes be tried out.

mod delay;

pub use delay::TestDelay;
