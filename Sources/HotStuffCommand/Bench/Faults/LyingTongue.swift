#if HOTSTUFF_ATTACKS
import HotStuff
import HotStuffReplica
import HotStuffSimulator
import PostQuantum

/// Has a liar of the simulator speak in place of a replica.
final class LyingTongue: Tongue {
    private var liar: RealLiar

    /// Creates the tongue of a replica that lies in one way.
    init(_ attack: StrategyName, of replica: ReplicaID, in configuration: ReplicaConfiguration, signer: any Signer) {
        let pen = Pen(of: replica) { digest, _ in
            // A signer that fails leaves a lie that nobody believes.
            (try? signer.sign(statement: digest)) ?? Signature([])
        }
        liar = RealLiar(
            of: configuration.genesis,
            pen: pen,
            strategy: attack,
            viewTimeoutMicroseconds: configuration.settings.pacemaker.viewTimeoutMilliseconds * 1_000,
            seed: UInt64(replica.rawValue)
        )
    }

    func bend(_ message: Message, to recipients: Recipients, of consensus: Consensus) -> [Utterance] {
        utterances(liar.bend(message, to: recipients, of: consensus))
    }

    func hear(_ message: Message, from sender: ReplicaID, of consensus: Consensus) -> [Utterance] {
        utterances(liar.hear(message, from: sender, of: consensus))
    }

    func passTime(of consensus: Consensus) -> [Utterance] {
        utterances(liar.passTime(of: consensus))
    }

    private func utterances(_ lies: [RealLiar.Lie]) -> [Utterance] {
        lies.map { Utterance(bytes: $0.bytes, to: $0.receiver, delayMicroseconds: $0.delay) }
    }
}
#endif
