//! Opcodes of tags.

use crate::op::macros::opcodes;
use crate::op::{NonEmpty, TagKind};

opcodes! {
    /// Returns the tags of an object.
    TagsGet = "OP_TAGS_GET" (
        /// What kind of object carries them.
        kind: TagKind,
    ) {
        /// Whether the object is locked meanwhile.
        use_locking: bool = false,
        /// The object's name; none for the cluster.
        name: Option<String> = None,
    } -> Vec<NonEmpty>;

    /// Adds tags to an object; those that it has already stay.
    TagsSet = "OP_TAGS_SET" (
        /// What kind of object carries them.
        kind: TagKind,
        /// The tags to add.
        tags: Vec<String>,
    ) {
        /// The object's name; none for the cluster.
        name: Option<String> = None,
    } -> ();

    /// Takes tags from an object, which must have all of them.
    TagsDel = "OP_TAGS_DEL" (
        /// What kind of object carries them.
        kind: TagKind,
        /// The tags to take away.
        tags: Vec<String>,
    ) {
        /// The object's name; none for the cluster.
        name: Option<String> = None,
    } -> ();

    /// Finds the tags of all objects that match a pattern.
    TagsSearch = "OP_TAGS_SEARCH" (
        /// A regular expression; it may match anywhere in the tag.
        pattern: NonEmpty,
    ) {} -> Vec<(NonEmpty, NonEmpty)>;
}
