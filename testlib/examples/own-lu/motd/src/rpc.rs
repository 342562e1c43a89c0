//! The calls to nodes.

cmdlib::calls! {
    /// Tells the message that a node shows; an empty one if it shows none.
    question MotdRead = "motd_read" in |c| 60, Online, Nothing () => String;

    /// Sets the message that a node shows.
    action MotdWrite = "motd_write" in |c| 60, Online, Node (
        /// The message.
        text: String,
    ) => ();
}
