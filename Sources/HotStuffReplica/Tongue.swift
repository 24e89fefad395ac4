#if HOTSTUFF_ATTACKS
package import HotStuff
internal import Dispatch
internal import HotStuffTransport

/// What a replica says in place of what it means: only the build of `Scripts/attacks` has it.
///
/// It is called on the replica's loop alone.
package protocol Tongue: AnyObject {
    /// What leaves instead of a message to other replicas.
    func bend(_ message: Message, to recipients: Recipients, of consensus: Consensus) -> [Utterance]

    /// What it says because it heard something.
    func hear(_ message: Message, from sender: ReplicaID, of consensus: Consensus) -> [Utterance]

    /// What it says unasked; it is asked for that ten times a second.
    func passTime(of consensus: Consensus) -> [Utterance]
}

/// Bytes for one replica.
package struct Utterance: Sendable {
    let bytes: [UInt8]
    let receiver: ReplicaID
    let delayMicroseconds: UInt64

    /// Creates an utterance that is held back for some microseconds.
    package init(bytes: [UInt8], to receiver: ReplicaID, delayMicroseconds: UInt64) {
        self.bytes = bytes
        self.receiver = receiver
        self.delayMicroseconds = delayMicroseconds
    }
}

extension ReplicaTransport {
    /// Sends what a tongue says, when it is to be said.
    func send(_ utterances: [Utterance], lane: Lane) {
        for utterance in utterances {
            guard utterance.delayMicroseconds > 0 else {
                send(utterance.bytes, lane: lane, to: utterance.receiver)
                continue
            }
            let delay = DispatchTimeInterval.microseconds(Int(clamping: utterance.delayMicroseconds))
            DispatchQueue.global().asyncAfter(deadline: .now() + delay) {
                self.send(utterance.bytes, lane: lane, to: utterance.receiver)
            }
        }
    }
}
#endif
