//! Which CPUs of a node an instance may use (ganeti 3.1, utils/__init__.py, `ParseCpuMask` and `ParseMultiCpuMask`).

use super::super::number;

/// Whether it is a list of numbers and ranges, such as `0-2,5`, of at least one CPU.
pub(super) fn is_cpu_mask(mask: &str) -> bool {
    mask.split(',').all(is_range)
}

/// Whether it is a list of masks, one for each virtual CPU, such as `0-2:all:3`. `all` leaves a CPU free; so does, in the
/// reference and here, a mask with nothing in it.
pub(super) fn is_cpu_masks(masks: &str) -> bool {
    masks.split(':').all(|mask| mask.is_empty() || mask == "all" || is_cpu_mask(mask))
}

/// A number, or two with a hyphen of which the first is not the greater.
fn is_range(range: &str) -> bool {
    let number = |text: &str| number::whole(text)?.as_u64();
    match range.split_once('-') {
        None => number(range).is_some(),
        Some((first, last)) => number(first).zip(number(last)).is_some_and(|(first, last)| first <= last),
    }
}
