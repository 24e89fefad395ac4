package import HotStuff

// What happens to a replica from outside.
extension SimulatedReplica {
    /// The time, which comes before everything else that happens.
    package func clock(now: Instant, wall: Timestamp) {
        guard isUp else { return }
        (self.now, self.wall) = (now, wall)
        if isMending { return mend(.clock(now: now, wall: wall)) }
        core.handle(.clock(now: now, wall: wall), into: &effects)
        ticks &+= 1
        // Most of the time nothing follows from the time; whether it should have is seen a little later too.
        if effects.isEmpty, ticks & 7 != 0 { return }
        settle(after: .clock(now: now, wall: wall))
    }

    /// A message of an authenticated replica arrives.
    ///
    /// - Parameters:
    ///   - message: the message, decoded from its bytes.
    ///   - sender: who sent it.
    ///   - fault: what is not true in it, which an honest replica must find out for itself.
    /// - Returns: why it is not believed, if it is not.
    @discardableResult
    package func receive(
        _ message: Message,
        from sender: ReplicaID,
        fault: @autoclosure () -> String? = nil
    ) -> VerificationFailure? {
        guard isUp else { return nil }
        guard heeds(message, from: sender) else { return nil }
        do {
            let verified = try verifier.verify(message, from: sender)
            if let inspector, let fault = fault() {
                inspector.report(Violation(.belief, "replica \(id) believed of replica \(sender) \(fault)"))
                return nil
            }
            handle(.received(verified, from: sender))
            return nil
        } catch {
            switch message {
            case .blockRange, .snapshotAnswer: handle(.refused(sender))
            default: break
            }
            return error
        }
    }

    private func heeds(_ message: Message, from sender: ReplicaID) -> Bool {
        if let mending { return mending.heeds(message, from: sender) }
        return Consensus.heedsAlways(message, from: sender) || core.heeds(message, from: sender)
    }

    /// A connection was made or broke.
    package func connection(to peer: ReplicaID, isUp connected: Bool) {
        handle(connected ? .connected(peer) : .disconnected(peer))
    }

    /// A client asks for commands to be executed, and waits for their results.
    package func submit(_ commands: [Command], client: Int) {
        guard isUp, !isMending else { return }
        for command in commands where waiting[command.key]?.contains(client) != true {
            waiting[command.key, default: []].append(client)
        }
        handle(.submitted(commands))
    }

    /// A puzzle is solved.
    package func mined(_ puzzle: Puzzle, nonce: UInt64, incarnation: Int) {
        guard isUp, incarnation == self.incarnation else { return }
        handle(.mined(puzzle, nonce: nonce))
    }

    /// A signature is made.
    package func sign(_ request: SigningRequest, incarnation: Int, variant: UInt8 = 0) {
        guard isUp, incarnation == self.incarnation else { return }
        handle(.signed(request.number, pen.sign(request.digest, variant: variant)))
    }
}
