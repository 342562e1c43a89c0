//! The opcodes.

use cmdlib::op::NonEmpty;

cmdlib::opcode! {
    /// Sets the message that a node shows.
    NodeMotd = "OP_NODE_MOTD" (
        /// The node.
        node_name: NonEmpty,
        /// The message, one line; an empty one takes it away.
        text: String,
    ) {
        /// Whether a message that is there is replaced.
        force: bool = false,
    } -> ()
}
