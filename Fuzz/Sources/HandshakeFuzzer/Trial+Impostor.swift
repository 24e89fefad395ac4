internal import FuzzKit
internal import HotStuff
@_spi(Fuzzing) internal import HotStuffTransport

extension Trial {
    /// Speaks the handshake as it should be, in the name of a replica, and is let in exactly if the replica's key signed.
    static func impostor(_ input: inout ByteReader) {
        let cast = Cast.standard
        let honest = cast.replica(&input)
        let claimed = cast.replica(&input)
        let dials = input.byte() & 1 == 0
        let (signer, isGenuine) = Impersonation.choose(of: claimed, &input)
        if dials {
            var initiator = FuzzedHandshake(dialling: honest, as: (claimed, signer), keys: cast.keys)
            var responder = cast.responder(honest)
            _ = responder.receive(initiator.receive(responder.receive(initiator.start())))
            let isExpected = isGenuine && claimed < honest
            require((responder.outcome == .established(claimed)) == isExpected, "\(claimed): \(responder.outcome)")
            check(responder, against: claimed)
        } else {
            var initiator = cast.initiator(honest == claimed ? nil : honest, to: claimed)
            var responder = FuzzedHandshake(answeringAs: claimed, signer: signer, keys: cast.keys)
            _ = initiator.receive(responder.receive(initiator.start()))
            require((initiator.outcome == .established(claimed)) == isGenuine, "\(claimed): \(initiator.outcome)")
            check(initiator, against: claimed)
        }
    }

    /// Nobody is let in under another name than was claimed, or under none.
    private static func check(_ side: FuzzedHandshake, against claimed: ReplicaID) {
        guard case .established(let remote) = side.outcome else { return }
        require(remote == claimed, "\(claimed) is taken for \(remote as Any)")
    }
}
