package import HotStuff

/// A liar of the simulator that speaks in place of a real replica, with its true key.
///
/// It sees what the replica says and hears, and bends it. Who measures what lies cost builds a program with it; the one that people
/// run has no place for it.
package struct RealLiar {
    /// Bytes for one of the others.
    package struct Lie {
        /// The message on the wire, or bytes that are none.
        package let bytes: [UInt8]
        /// Who is to get them.
        package let receiver: ReplicaID
        /// How long they are held back, in microseconds.
        package let delay: UInt64
    }

    private var liar: Liar

    /// Creates the liar of a replica, alone among honest ones.
    ///
    /// - Parameters:
    ///   - genesis: the document of the chain.
    ///   - pen: signs as the replica.
    ///   - strategy: how it lies.
    ///   - viewTimeoutMicroseconds: the time that a view is given.
    ///   - seed: where its chances come from.
    package init(
        of genesis: Genesis,
        pen: Pen,
        strategy: StrategyName,
        viewTimeoutMicroseconds: UInt64,
        seed: UInt64
    ) {
        let world = SimulatedWorld(of: genesis)
        liar = Liar(
            world: world,
            pen: pen,
            coven: Coven(world: world, pens: [pen]),
            // Who is measured does not stop after some floods, as it does where runs are short.
            strategies: [strategy == .floods ? Floods(remaining: .max) : strategy.strategy],
            viewTimeout: viewTimeoutMicroseconds,
            random: RandomSource(seed: seed)
        )
    }

    /// What leaves instead of a message of the replica.
    package mutating func bend(_ message: Message, to recipients: Recipients, of consensus: Consensus) -> [Lie] {
        bring(upTo: consensus)
        return lies(liar.bend(message, to: recipients))
    }

    /// What it says because it heard something.
    package mutating func hear(_ message: Message, from sender: ReplicaID, of consensus: Consensus) -> [Lie] {
        bring(upTo: consensus)
        return lies(liar.hear(message, from: sender))
    }

    /// What it says unasked.
    package mutating func passTime(of consensus: Consensus) -> [Lie] {
        bring(upTo: consensus)
        return lies(liar.passTime())
    }

    private mutating func bring(upTo consensus: Consensus) {
        liar.view = consensus.view
        liar.leader = consensus.leader
        liar.certificates = consensus.certificates
    }

    private func lies(_ letters: [Letter]) -> [Lie] {
        letters.filter { $0.receiver != liar.pen.replica && liar.world.committee.validators.contains($0.receiver) }
            .map { letter in
                let bytes =
                    switch letter.content {
                    case .message(let message): Frame.encode(message)
                    case .bytes(let bytes): bytes
                    }
                return Lie(bytes: bytes, receiver: letter.receiver, delay: letter.delay)
            }
    }
}
