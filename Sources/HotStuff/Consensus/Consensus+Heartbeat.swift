// A chain that rests shows now and then that it lives, if that is wanted.
extension Consensus {
    /// Whether the chain has rested for so long that a block without commands is due.
    ///
    /// Each replica counts from when it entered the view, so they wake at about the same time. The leader then proposes and the others
    /// wait for it as for a command: a leader that died while there was nothing to do is found before there is.
    var isHeartbeatDue: Bool {
        heartbeatMicroseconds > 0 && now >= enteredAt.advanced(byMicroseconds: heartbeatMicroseconds)
    }

    /// Whether one is due and there is nothing else to do.
    package var isRestOver: Bool {
        isHeartbeatDue && pool.isEmpty && isSettled && !isPleadedFor
            && !tree.hasCommands(upTo: certificates.quorum.block)
    }

    /// When the next block without commands is due, if that moment is not over.
    ///
    /// A listener neither proposes nor waits for proposals.
    var nextHeartbeat: Instant? {
        heartbeatMicroseconds == 0 || isListener || isHeartbeatDue
            ? nil : enteredAt.advanced(byMicroseconds: heartbeatMicroseconds)
    }
}
